/** Lets a limited number of tasks run at once; the others wait, first come, first served. */
export type ConcurrencyLimit = {
  /** Resolves to the function that releases the slot; calling that again does nothing. */
  acquire(): Promise<() => void>;
};

/** Makes a limit of `maxAtOnce` tasks. */
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

/**
 * Runs the work of every item in order, `maxAtOnce` at a time; rejects as soon as one of them does.
 */
export async function forEachAtOnce<Item>(
  maxAtOnce: number,
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(maxAtOnce, items.length) }, worker));
}
