/** The shortest and the longest pause between two tries, in milliseconds. */
export type BackoffBounds = { readonly firstMs: number; readonly longestMs: number };

/**
 * How long to wait before the next try after `failures` (1 or more) in a row, in milliseconds:
 * exponential up to the longest, minus a jitter of up to a third, so that processes that failed
 * together do not all come back together; `random` returns 0 to 1.
 */
export function backoffMs(
  failures: number,
  { firstMs, longestMs }: BackoffBounds,
  random: () => number = Math.random,
): number {
  const wholeMs = Math.min(firstMs * 2 ** Math.min(failures - 1, 30), longestMs);
  return Math.round(wholeMs * (1 - random() / 3));
}
