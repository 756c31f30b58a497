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
