import { setImmediate as nextTurn } from "node:timers/promises";

/** Long work gives way to whatever else waits after this many milliseconds. */
const TURN_MS = 10;

/**
 * Makes the pauses of one piece of long work. Awaited between its steps, of a few milliseconds each
 * at the most, they let other work run about every 10 ms, and cost nothing in between.
 */
export function createPauses(): () => Promise<void> {
  let begunAtMs = performance.now();
  return async () => {
    if (performance.now() - begunAtMs < TURN_MS) return;
    await nextTurn();
    begunAtMs = performance.now();
  };
}
