import { writeSync } from "node:fs";
import { createStartNotice } from "./start-notice.ts";

/**
 * The output of an entry point that prints a result and exits. `say` and `complain` return the exit
 * code that they are given.
 */
export type ToolOutput = {
  /** The result, on standard output; the exit code is 0 when absent. */
  say(text: string, exitCode?: number): number;
  /** Why there is no result, on standard error. */
  complain(text: string, exitCode: number): number;
  /** Writes a line of the log to standard error, before any later complaint. */
  writeLog(line: string): void;
};

/**
 * Makes the output of a tool. A complaint is a result, so it is a plain sentence even in a pipe;
 * but if `LOG_LEVEL` (`logLevel`) is set, every line on standard error is JSON.
 */
export function createToolOutput(logLevel: string | undefined): ToolOutput {
  // Written synchronously: a tool ends with `process.exit`, which does not wait for streams.
  const write = (text: string): void => {
    writeSync(process.stderr.fd, text);
  };
  const { refuse } = createStartNotice({ isTerminal: true, logLevel, write });
  return {
    say(text, exitCode = 0) {
      writeSync(process.stdout.fd, `${text}\n`);
      return exitCode;
    },
    complain(text, exitCode) {
      refuse([text]);
      return exitCode;
    },
    writeLog: write,
  };
}
