import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { onceARun } from "./once-a-run.ts";

const NAME = "build";
const BUILT_WITHIN_MS = 120_000;
/** Where the compiled entry points are. */
const DIST = new URL("../../dist/src/", import.meta.url);

const run = promisify(execFile);

/**
 * Compiles the program as `npm start` does, once for all tests of the run, and resolves to the
 * folder of its entry points. A test file waits for it at its top level, so that the compilation
 * does not count as a test's time: importing `program.ts` is enough.
 */
export async function compiledProgram(runFolder: string): Promise<URL> {
  await onceARun(runFolder, NAME, {
    withinMs: BUILT_WITHIN_MS,
    async work() {
      await run("npm", ["run", "--silent", "build"]).catch(({ stdout, stderr }: Said) => {
        throw new Error(`npm run build failed:\n${stdout}${stderr}`);
      });
      return DIST.href;
    },
  });
  return DIST;
}

type Said = { readonly stdout: string; readonly stderr: string };

/** Lets the next test that needs the program compile it again. */
export function forgetBuild(runFolder: string): void {
  for (const state of ["claimed", "done", "failed"])
    rmSync(join(runFolder, `${NAME}.${state}`), { recursive: true, force: true });
}
