import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

const TRY_AGAIN_MS = 50;

/**
 * Does some work once for all test processes of a run, when the first of them asks for it, and
 * returns its text to all; the others wait up to `withinMs`. `folder` is the run's own, see
 * `run-folder.ts`. Rejects for all when the work fails.
 */
export async function onceARun(
  folder: string,
  name: string,
  { work, withinMs }: { work: () => Promise<string>; withinMs: number },
): Promise<string> {
  const done = join(folder, `${name}.done`);
  const failed = join(folder, `${name}.failed`);
  // Creating a folder succeeds in one process only.
  if (isMade(join(folder, `${name}.claimed`))) {
    try {
      return publish(done, await work());
    } catch (error) {
      publish(failed, String(error));
      throw error;
    }
  }
  const givesUpAtMs = performance.now() + withinMs;
  while (!existsSync(done)) {
    if (existsSync(failed)) throw new Error(readFileSync(failed, "utf8"));
    if (performance.now() > givesUpAtMs)
      throw new Error(`${name}: another test process did not finish within ${withinMs} ms`);
    await wait(TRY_AGAIN_MS);
  }
  return readFileSync(done, "utf8");
}

function isMade(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}

/** Writes a file aside and renames it, so that no reader sees half of it. */
function publish(file: string, text: string): string {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
  return text;
}
