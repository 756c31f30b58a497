import { pino } from "pino";

/** What code here may log with: pino's levels, an object of fields, then one plain sentence. */
export type Log = {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/** How much is logged, least to most. */
export const LOG_LEVELS = ["silent", "error", "warn", "info", "debug"] as const;

/**
 * Makes the program's logger: one JSON object a line on standard error, with every given secret replaced wherever it stands.
 * Standard output stays free for answers.
 */
export function createLog(options: {
  level: (typeof LOG_LEVELS)[number];
  secrets: readonly string[];
  write?: (line: string) => void;
}): Log {
  const secrets = options.secrets.flatMap(spellings).sort((a, b) => b.length - a.length);
  const write = options.write ?? ((line: string) => process.stderr.write(line));
  const withoutSecrets = (line: string) => secrets.reduce((text, secret) => text.replaceAll(secret, "[redacted]"), line);
  return pino(
    { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    { write: (line) => write(withoutSecrets(line)) },
  );
}

/** A secret as it stands in a line of JSON, plain and within an address. */
function spellings(secret: string): string[] {
  return secret === "" ? [] : [...new Set([secret, encodeURIComponent(secret)].map((text) => JSON.stringify(text).slice(1, -1)))];
}

/** A logger that says nothing. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
