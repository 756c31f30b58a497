/** What waiting code knows of time; tests turn it by hand. */
export type Clock = {
  /** Milliseconds on a clock that never jumps. */
  nowMs(): number;
  /** Runs `then` once, `delayMs` from now, unless the returned function is called before. */
  after(delayMs: number, then: () => void): () => void;
};

/** The time that passes. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};

/** What {@link within} gives instead of a result that did not come in time. */
export const ELAPSED: unique symbol = Symbol("elapsed");

/**
 * What `work` comes to, or `ELAPSED` when that takes longer than `ms` milliseconds. The work itself
 * goes on, and what becomes of it is not told.
 */
export async function within<T>(
  ms: number,
  work: Promise<T>,
  clock: Clock = systemClock,
): Promise<T | typeof ELAPSED> {
  let cancel = () => {};
  const elapsed = new Promise<typeof ELAPSED>((resolve) => {
    cancel = clock.after(ms, () => resolve(ELAPSED));
  });
  try {
    return await Promise.race([work, elapsed]);
  } finally {
    cancel();
  }
}
