import { daysBetween } from "../../valuation/calendar.ts";
import type { DailyClose } from "../../valuation/price-record.ts";

/** How far apart the closes are that stand for a whole record. */
export type Spacing = "year" | "month" | "day";

const YEARS_FROM_DAYS = 3 * 365;
const MONTHS_FROM_DAYS = 90;
/** More days in a row would be a wall of numbers. */
const MAX_ROWS = 40;

/**
 * The closes that stand for a record where not all can be listed: the last one of each year, in a
 * shorter record of each month, and of a very short one every day or every few days; always the
 * newest. `points` ascend by day.
 */
export function closesShown(points: readonly DailyClose[]): {
  readonly spacing: Spacing;
  readonly closes: readonly DailyClose[];
} {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return { spacing: "day", closes: [] };
  const days = daysBetween(first.on, last.on);
  if (days >= YEARS_FROM_DAYS)
    return { spacing: "year", closes: lastOfEach(points, (on) => on.slice(0, 4)) };
  if (days >= MONTHS_FROM_DAYS)
    return { spacing: "month", closes: lastOfEach(points, (on) => on.slice(0, 7)) };
  return { spacing: "day", closes: thinned(points, MAX_ROWS) };
}

/** At most so many of the items, evenly spaced and counted from the last one. */
export function thinned<Item>(items: readonly Item[], most: number): readonly Item[] {
  const every = Math.ceil(items.length / most);
  return items.filter((_, at) => (items.length - 1 - at) % every === 0);
}

function lastOfEach(
  points: readonly DailyClose[],
  periodOf: (on: string) => string,
): readonly DailyClose[] {
  return points.filter(({ on }, at) => {
    const next = points[at + 1];
    return next === undefined || periodOf(next.on) !== periodOf(on);
  });
}
