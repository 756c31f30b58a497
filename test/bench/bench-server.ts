import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { SHIPPED_ENVIRONMENT, SHIPPED_FLAGS } from "../support/shipped-start.ts";
import type { LoadJob, LoadResult } from "./http-load.ts";

const MAIN = new URL("../../../src/main.js", import.meta.url).pathname;
const BARE = new URL("./bare-server.js", import.meta.url).pathname;
const LOAD = new URL("./http-load.js", import.meta.url).pathname;

/** A program that listens on a port of this machine. */
export type Server = { readonly process: ChildProcess; readonly port: number };

/** Processor time that the server has used, in milliseconds. */
export async function cpuMsOf({ pid }: ChildProcess): Promise<number> {
  // Fields 14 and 15 of proc(5), in clock ticks of 10 ms; the name before them may hold spaces.
  const [, ...fields] = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ");
  const [user = "", system = ""] = fields.join(") ").split(" ").slice(11, 13);
  return (Number(user) + Number(system)) * 10;
}

/** Starts the program with these variables; it answers once this has resolved. */
export function startServer(
  environment: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<Server> {
  return start(MAIN, environment, flags);
}

/** Starts the server that does the least; it answers once this has resolved. */
export function startBareServer(publicKey: string): Promise<Server> {
  return start(BARE, { PUBLIC_KEY: publicKey });
}

async function start(
  program: string,
  environment: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<Server> {
  const child = spawn(
    process.execPath,
    [...SHIPPED_FLAGS, ...flags, ...(process.env["BENCH_SERVER_FLAGS"]?.split(" ") ?? []), program],
    {
      env: { PATH: process.env["PATH"], ...SHIPPED_ENVIRONMENT, ...environment, PORT: "0" },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  const lines = createInterface({ input: child.stderr });
  for await (const line of lines) {
    const port = /ready: listening on http:\/\/[^"]*:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    child.stderr.resume();
    return { process: child, port: Number(port) };
  }
  throw new Error("The program ended before it was ready.");
}

const Result = z.object({
  answers: z.number(),
  seconds: z.number(),
  failures: z.number(),
  medianMs: z.number(),
  p99Ms: z.number(),
  bytesPerAnswer: z.number(),
});

/** Has a load generator of its own do a job; rejects when an answer was refused. */
export async function load(job: LoadJob): Promise<LoadResult> {
  const child = spawn(process.execPath, [LOAD], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(job));
  const result = Result.parse(JSON.parse(await text(child.stdout)));
  if (result.failures > 0)
    throw new Error(`${result.failures} of ${result.answers} answers were refused`);
  return result;
}
