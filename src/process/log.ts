import { pino } from "pino";
import { serializeError } from "./errors.ts";

/**
 * The logger's interface: pino's levels, an object of fields, then one plain sentence. The field
 * `err` takes an error as thrown.
 */
export type Log = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** The log levels, from least to most. */
export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;

/**
 * Shorter secrets occur in ordinary words and numbers: redacting them would spoil the log and
 * reveal them.
 */
const SHORTEST_SECRET = 8;

/**
 * Makes the program's logger: one JSON object per line on standard error, with every given secret
 * of at least {@link SHORTEST_SECRET} characters redacted in string values. Standard output stays
 * free for results.
 */
export function createLog(options: {
  level: (typeof LOG_LEVELS)[number];
  secrets: readonly string[];
  write?: (line: string) => void;
}): Log {
  const secrets = options.secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    // In a URL, a secret is percent-encoded.
    .flatMap((secret) => [...new Set([secret, encodeURIComponent(secret)])])
    .sort((a, b) => b.length - a.length);
  const inJson = secrets.map((secret) => JSON.stringify(secret).slice(1, -1));
  const write = options.write ?? ((line: string) => process.stderr.write(line));
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: serializeError },
    },
    {
      write: (line) =>
        write(inJson.some((secret) => line.includes(secret)) ? redacted(line, secrets) : line),
    },
  );
}

/** A line of JSON with every secret redacted in its string values; keys and numbers stay. */
function redacted(line: string, secrets: readonly string[]): string {
  const redact = (text: string) =>
    secrets.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
  const value: unknown = JSON.parse(line, (_key, inner: unknown) =>
    typeof inner === "string" ? redact(inner) : inner,
  );
  return `${JSON.stringify(value)}\n`;
}

/** A logger that discards everything. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
