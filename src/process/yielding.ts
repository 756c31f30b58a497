import { setImmediate as letOthersRun } from "node:timers/promises";

/** How long work runs before it yields to other work, in milliseconds. */
const SLICE_MS = 10;

/**
 * Makes a function for one long piece of work to await between its steps of a few milliseconds at
 * most: it yields to other work about every 10 ms and costs nothing in between.
 */
export function createYield(): () => Promise<void> {
  let begunAtMs = performance.now();
  return async () => {
    if (performance.now() - begunAtMs < SLICE_MS) return;
    await letOthersRun();
    begunAtMs = performance.now();
  };
}
