import type { DailyClose } from "../valuation/price-record.ts";

/** A close this many times above or below the level around it is far from it. */
export const FAR_TIMES = 10;
/**
 * A move of this size between two closes is a leap, and ends a stretch of the record. It is half
 * way to a far close on a log scale, so that two moves without a leap cannot lead to a far close.
 */
export const LEAP_TIMES = Math.sqrt(FAR_TIMES);
/** An odd run is at most this long; four days in a row are a market, however strange. */
export const MAX_ODD_CLOSES = 3;
/** So many closes to either side are the surroundings of a close. */
export const AROUND_CLOSES = 7;

/** Makes a ratio that is ten in decimals count as ten in binary. */
const ROUNDING = 1e-9;

/** 1 above, −1 below, 0 neither. */
export type Direction = 1 | -1 | 0;

/** True when a ratio is at least `times`, or at most 1 / `times`. */
export function isApart(ratio: number, times: number): boolean {
  const least = times * (1 - ROUNDING);
  return ratio >= least || ratio * least <= 1;
}

/** The direction of a ratio other than 1. */
export function directionOf(ratio: number): Direction {
  return ratio > 1 ? 1 : -1;
}

/**
 * The median price of the closes with the indices `first` to `last`, in USD; of an even number the
 * geometric mean of the two in the middle.
 */
export function medianUsd(closes: readonly DailyClose[], first: number, last: number): number {
  const sorted: number[] = [];
  // Insertion is faster than a sort for so few closes, and judging spends most of its time here.
  for (let at = first; at <= last; at++) {
    const priceUsd = priceAt(closes, at);
    let place = sorted.length;
    for (; place > 0 && (sorted[place - 1] ?? 0) > priceUsd; place--)
      sorted[place] = sorted[place - 1] ?? 0;
    sorted[place] = priceUsd;
  }
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return lower * Math.sqrt(upper / lower);
}

/** The price of the close with this index, in USD; NaN where there is none. */
export function priceAt(closes: readonly DailyClose[], at: number): number {
  return closes[at]?.priceUsd ?? Number.NaN;
}

/** The UTC day of the close with this index; empty where there is none. */
export function dayAt(closes: readonly DailyClose[], at: number): string {
  return closes[at]?.on ?? "";
}
