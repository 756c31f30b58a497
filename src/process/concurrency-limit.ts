/** A room with so many places: who finds none waits, first come, first served. */
export type Places = {
  /** Resolves to the function that gives the place back; calling it again does nothing. */
  take(): Promise<() => void>;
};

/** Makes a room with `count` places. */
export function createPlaces(count: number): Places {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    async take() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      };
    },
  };
}
