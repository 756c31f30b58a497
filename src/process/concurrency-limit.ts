/** Lets a limited number of things happen at once; the others wait, first come, first served. */
export type ConcurrencyLimit = {
  /** Resolves to the function that releases the slot; calling that again does nothing. */
  acquire(): Promise<() => void>;
};

/** Makes a limit of `maxAtOnce` things at once. */
export function createConcurrencyLimit(maxAtOnce: number): ConcurrencyLimit {
  let free = maxAtOnce;
  const waiting: (() => void)[] = [];
  return {
    async acquire() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      };
    },
  };
}
