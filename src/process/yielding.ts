import { setImmediate as letOthersRun } from "node:timers/promises";

/** How long work runs before it lets other work run, in milliseconds. */
const SLICE_MS = 10;

/**
 * Makes the pauses of one long piece of work. Awaited between its steps, which take a few
 * milliseconds at most, they let other work run about every 10 ms and cost nothing in between.
 */
export function createYield(): () => Promise<void> {
  let begunAtMs = performance.now();
  return async () => {
    if (performance.now() - begunAtMs < SLICE_MS) return;
    await letOthersRun();
    begunAtMs = performance.now();
  };
}
