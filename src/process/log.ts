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

/** How long a line of a level below `warn` may wait for others, in milliseconds. */
const LINES_WAIT_MS = 20;
/** More characters are written at once. */
const MAX_WAITING = 64 * 1_024;
/** pino's number of the level `warn`. */
const WARN = 40;

/** Writes lines, several at a time. */
export type LineWriter = {
  /** Writes a line soon, or at once if it is urgent; lines keep their order. */
  write(line: string, isUrgent: boolean): void;
  /** Writes what is waiting. */
  flush(): void;
};

/** Gathers lines for `write`, because each write is a call of the system. */
export function createLineWriter(write: (lines: string) => void): LineWriter {
  let waiting = "";
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const lines = waiting;
    waiting = "";
    if (lines !== "") write(lines);
  };
  return {
    write(line, isUrgent) {
      waiting += line;
      if (isUrgent || waiting.length >= MAX_WAITING) flush();
      else timer ??= setTimeout(flush, LINES_WAIT_MS).unref();
    },
    flush,
  };
}

/** Standard error, which gets what is waiting at the latest when the process exits. */
function standardError(): LineWriter {
  const lines = createLineWriter((text) => process.stderr.write(text));
  process.once("exit", lines.flush);
  return lines;
}

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
  const written = options.write;
  const lines: Pick<LineWriter, "write"> =
    written === undefined ? standardError() : { write: (line) => written(line) };
  const stream = {
    // Asks pino for the level of each line.
    [Symbol.for("pino.metadata")]: true,
    lastLevel: WARN,
    write(line: string) {
      const isSecret = inJson.some((secret) => line.includes(secret));
      lines.write(isSecret ? redacted(line, secrets) : line, stream.lastLevel >= WARN);
    },
  };
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: serializeError },
    },
    stream,
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
