import { utcDay } from "../../valuation/calendar.ts";
import type { DailyClose } from "../../valuation/price-record.ts";
import { FIRST_STAMP_MS, type StampedPrice } from "./row-gate.ts";

/**
 * The closes that stamped prices stand for: dated by the UTC day of the stamp, the earliest of
 * several on one day, ascending. Null prices and unfinished days (`todayOn` or later) are left out,
 * and so is whatever the gate would not let through.
 */
export function dailyCloses(prices: readonly StampedPrice[], todayOn: string): DailyClose[] {
  const todayMs = Date.parse(todayOn);
  const byDay = new Map<string, { atMs: number; priceUsd: number }>();
  for (const { atMs, priceUsd } of prices) {
    if (priceUsd === null || !(priceUsd > 0 && Number.isFinite(priceUsd))) continue;
    // Compared as numbers: the text of a day in a year of five digits sorts before every other.
    if (!(atMs >= FIRST_STAMP_MS && atMs < todayMs)) continue;
    const on = utcDay(atMs);
    const known = byDay.get(on);
    if (known === undefined || atMs < known.atMs) byDay.set(on, { atMs, priceUsd });
  }
  return [...byDay]
    .map(([on, { priceUsd }]) => ({ on, priceUsd }))
    .sort((a, b) => (a.on < b.on ? -1 : 1));
}
