import type { Clock } from "../../src/process/clock.ts";

/** A clock that stands still until it is advanced. */
export function handClock() {
  let nowMs = 0;
  const timers = new Set<{ atMs: number; then: () => void }>();
  const clock: Clock = {
    nowMs: () => nowMs,
    after(delayMs, then) {
      const timer = { atMs: nowMs + delayMs, then };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    clock,
    settle,
    pending: () => timers.size,
    async advance(ms: number) {
      await settle();
      nowMs += ms;
      for (const timer of timers) {
        if (timer.atMs > nowMs) continue;
        timers.delete(timer);
        timer.then();
      }
      await settle();
    },
  };
}
