import { judgeCloses } from "../../src/prices/history/outliers.ts";
import { addDays } from "../../src/valuation/calendar.ts";
import type { DailyClose } from "../../src/valuation/price-record.ts";

/** The day of the first close. */
export const FIRST_ON = "2020-01-01";

/** One close a day from {@link FIRST_ON}; undefined leaves the day out. */
export function closesOf(pricesUsd: readonly (number | undefined)[]): DailyClose[] {
  return pricesUsd.flatMap((priceUsd, day) =>
    priceUsd === undefined ? [] : [{ on: addDays(FIRST_ON, day), priceUsd }],
  );
}

/**
 * A flat price with some days changed: `flat(100, { 40: 18 })` is 18 on the day of index 40, and a
 * list changes as many days in a row.
 */
export function flat(
  days: number,
  changed: Readonly<Record<number, number | readonly number[]>>,
  priceUsd = 1,
): DailyClose[] {
  const prices = Array.from({ length: days }, () => priceUsd);
  for (const [day, other] of Object.entries(changed))
    prices.splice(Number(day), [other].flat().length, ...[other].flat());
  return closesOf(prices);
}

/** The indices of the closes that are left out. */
export function oddPlaces(closes: readonly DailyClose[]): number[] {
  const odd = new Set(judgeCloses(closes).oddCloses.map(({ on }) => on));
  return [...closes.entries()].filter(([, { on }]) => odd.has(on)).map(([place]) => place);
}

/** Indices in a row: (3, 3) is 3, 4, 5. */
export function places(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
