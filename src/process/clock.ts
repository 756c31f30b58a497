/** The clock that waiting code uses; tests advance it by hand. */
export type Clock = {
  /** Milliseconds on a monotonic clock. */
  nowMs(): number;
  /** Calls `then` once, after `delayMs`, unless the returned function is called first. */
  after(delayMs: number, then: () => void): () => void;
};

/** Real time. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  after(delayMs, then) {
    const timer = setTimeout(then, delayMs);
    return () => clearTimeout(timer);
  },
};

/** {@link within} resolves to this when the result did not come in time. */
export const ELAPSED: unique symbol = Symbol("elapsed");

/**
 * The result of `work`, or `ELAPSED` when it takes longer than `ms` milliseconds. The work itself
 * continues, and its result is ignored.
 */
export function within<T>(
  ms: number,
  work: Promise<T>,
  clock: Clock = systemClock,
): Promise<T | typeof ELAPSED> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(ELAPSED));
    work.then(
      (result) => {
        cancel();
        resolve(result);
      },
      (error) => {
        cancel();
        reject(error);
      },
    );
  });
}
