import { writeSync } from "node:fs";
import { createStartNotice } from "./start-notice.ts";

/**
 * What an entry point that answers and ends tells whoever called it. Both return the exit code that
 * they are given.
 */
export type ToolOutput = {
  /** The result, on standard output; the exit code is 0 when absent. */
  say(text: string, exitCode?: number): number;
  /** Why there is no result, on standard error. */
  complain(text: string, exitCode: number): number;
};

/**
 * Makes the output of a tool. A complaint is its answer, so it stays a plain sentence in a pipe
 * too; whoever sets `LOG_LEVEL`, which is `logLevel`, gets every line on standard error as JSON.
 */
export function createToolOutput(logLevel: string | undefined): ToolOutput {
  // Written at once: a tool ends with `process.exit`, which waits for no stream.
  const write = (text: string) => writeSync(process.stderr.fd, text);
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
  };
}
