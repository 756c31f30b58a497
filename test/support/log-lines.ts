import type { Log } from "../../src/process/log.ts";

/** One line of a log. */
export type LogLine = {
  readonly level: keyof Log;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
};

/** A log whose lines a test can read and wait for. */
export function createLogLines() {
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const write = (level: keyof Log) => (fields: object, message: string) => {
    lines.push({ level, fields: { ...fields }, message });
    for (const look of waiting) look();
  };
  const log: Log = {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
  };
  const matching = (message: RegExp) => lines.filter((line) => message.test(line.message));
  return {
    log,
    lines,
    matching,
    /** Resolves once that many lines match. */
    said: (message: RegExp, times = 1) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (matching(message).length < times) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}
