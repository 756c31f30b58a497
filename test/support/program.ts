import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";
import { compiledProgram } from "./build.ts";

/** The outcome of a finished process. */
export type Finished = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** A compiled entry point running as a process of its own, in an empty folder. */
export type Program = {
  readonly process: ChildProcess;
  /**
   * Resolves as soon as standard output and error together contain a text; rejects when the process
   * ends without it.
   */
  says(text: string): Promise<void>;
  /** What standard output and error hold so far. */
  output(): string;
  readonly finished: Promise<Finished>;
};

const DIST = fileURLToPath(await compiledProgram(inject("runFolder")));

const MANY_RUNS = fileURLToPath(new URL("./many-runs.mjs", import.meta.url));

/** Path of the compiled module `src/<name>.ts`. */
export function compiledFile(name: string): string {
  return join(DIST, `${name}.js`);
}

/** Path of a script that runs the compiled program until it kills itself: `doomed-<what>.mjs`. */
export function doomedScript(what: "mover" | "poster" | "writer"): string {
  return fileURLToPath(new URL(`./doomed-${what}.mjs`, import.meta.url));
}

/** Starts `dist/src/<entry>.js` with these variables only (and the path), in `cwd`. */
export function startProgram(
  entry: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
): Program {
  return start([compiledFile(entry), ...args], environment, cwd);
}

function start(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
): Program {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  let heard = () => {};
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    heard();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    heard();
  });
  const finished = once(child, "close").then(([exitCode]: (number | null)[]) => ({
    exitCode: exitCode ?? null,
    stdout,
    stderr,
  }));
  return {
    process: child,
    finished,
    output: () => stdout + stderr,
    async says(text) {
      const said = new Promise<true>((resolve) => {
        heard = () => {
          if ((stdout + stderr).includes(text)) resolve(true);
        };
        heard();
      });
      const ended = finished.then(() => false);
      if (!(await Promise.race([said, ended])) && !(stdout + stderr).includes(text)) {
        throw new Error(`the process ended without saying "${text}":\n${stdout}\n${stderr}`);
      }
    },
  };
}

/** Runs an entry point to its end. */
export async function runProgram(
  entry: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Finished> {
  return startProgram(entry, args, environment, cwd).finished;
}

/**
 * Runs an entry point once for each list of arguments, all in one process: for runs that end before
 * they open anything, so that the program is loaded only once.
 */
export async function runManyTimes(
  entry: string,
  argumentLists: readonly (readonly string[])[],
  environment: Readonly<Record<string, string>>,
  cwd: string,
): Promise<readonly Finished[]> {
  const args = [MANY_RUNS, compiledFile(entry), JSON.stringify(argumentLists)];
  const { exitCode, stdout, stderr } = await start(args, environment, cwd).finished;
  if (exitCode !== 0) throw new Error(`${entry} did not run to its end:\n${stderr}`);
  const said = stdout.split("\0");
  const complained = stderr.split("\0");
  return argumentLists.map((_, index) => ({
    exitCode: Number(said[2 * index + 1]),
    stdout: said[2 * index] ?? "",
    stderr: complained[index] ?? "",
  }));
}

/** An empty folder of the test's own, and how to remove it. */
export async function emptyFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "lambo-program-"));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
