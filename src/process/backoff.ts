/** Between which pauses something is tried again, in milliseconds. */
export type PauseBounds = { readonly firstMs: number; readonly longestMs: number };

/**
 * How long to wait before the next try after `failures` (1 or more) in a row, in milliseconds:
 * twice as long each time, up to the longest. Up to a third is taken off at random, so that
 * processes that failed together do not all come back together; `random` gives 0 to 1.
 */
export function growingPauseMs(
  failures: number,
  { firstMs, longestMs }: PauseBounds,
  random: () => number = Math.random,
): number {
  const wholeMs = Math.min(firstMs * 2 ** Math.min(failures - 1, 30), longestMs);
  return Math.round(wholeMs * (1 - random() / 3));
}
