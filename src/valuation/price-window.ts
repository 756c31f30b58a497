import { addDays, earlier } from "./calendar.ts";
import type { DailyClose } from "./price-record.ts";

/** A mean price over calendar days, and how many of them had a price. */
export type PriceWindow = {
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly meanUsd: number;
};

/**
 * Length of the opening and the closing window in calendar days: the original's four weekly closes.
 */
export const WINDOW_DAYS = 28;

/** Fewer priced days have no mean to speak of. */
export const MIN_WINDOW_POINTS = 7;

/** The middle value (mean of the two middle ones); NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return lower + (upper - lower) / 2;
}

/**
 * The mean of 28 days of buying, the first of which is `from`; undefined where fewer than 7 of them
 * have a price. `points` are those from there on, ascending.
 */
export function openingWindow(
  points: readonly DailyClose[],
  from: string,
): PriceWindow | undefined {
  const to = addDays(from, WINDOW_DAYS - 1);
  const openingPoints = points.filter(({ on }) => on <= to);
  return openingPoints.length < MIN_WINDOW_POINTS ? undefined : windowOver(openingPoints, from, to);
}

/** The mean of prices, at least one, as that of a span of days. */
export function windowOver(points: readonly DailyClose[], from: string, to: string): PriceWindow {
  // Summing differences from the first price keeps the mean of a constant series exact: profit 0,
  // not 1e-13.
  const base = points[0]?.priceUsd ?? Number.NaN;
  const meanUsd =
    base + points.reduce((sum, point) => sum + (point.priceUsd - base), 0) / points.length;
  return { from, to, days: points.length, meanUsd };
}

/**
 * The latest day before `on` whose 28 days have enough prices; undefined where there is none.
 * `points` ascend.
 */
export function dayToBuyBefore(points: readonly DailyClose[], on: string): string | undefined {
  for (let at = points.length - MIN_WINDOW_POINTS; at >= 0; at -= 1) {
    const day = earlier(points[at]?.on ?? on, addDays(on, -1));
    if ((points[at + MIN_WINDOW_POINTS - 1]?.on ?? "") <= addDays(day, WINDOW_DAYS - 1)) return day;
  }
  return undefined;
}

/** The first priced day after `on` whose 28 days have enough prices. */
export function dayToBuyAfter(points: readonly DailyClose[], on: string): string | undefined {
  return points.find(
    (point, at) =>
      point.on > on &&
      (points[at + MIN_WINDOW_POINTS - 1]?.on ?? "9") <= addDays(point.on, WINDOW_DAYS - 1),
  )?.on;
}
