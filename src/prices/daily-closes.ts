import type { DailyClose } from "../valuation/valuation.ts";

/** A price as a provider stamps it. */
export type StampedPrice = {
  /** Milliseconds since 1970 in UTC. */
  readonly atMs: number;
  readonly priceUsd: number | null;
};

/** The UTC calendar day of an instant, YYYY-MM-DD. */
export function utcDay(at: Date | number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** True for an instant that a calendar can hold (JavaScript's limit, far beyond any market). */
export function isInstant(atMs: number): boolean {
  return Math.abs(atMs) <= 8.64e15;
}

/**
 * The closes that stamped prices stand for: dated by the UTC day of the stamp, the earliest of several on one day, ascending;
 * null, zero, negative and unfinished (`todayOn` or later) ones left out.
 */
export function dailyCloses(prices: readonly StampedPrice[], todayOn: string): DailyClose[] {
  const byDay = new Map<string, { atMs: number; priceUsd: number }>();
  for (const { atMs, priceUsd } of prices) {
    if (priceUsd === null || !(priceUsd > 0 && Number.isFinite(priceUsd)) || !isInstant(atMs)) continue;
    const on = utcDay(atMs);
    if (on >= todayOn) continue;
    const known = byDay.get(on);
    if (known === undefined || atMs < known.atMs) byDay.set(on, { atMs, priceUsd });
  }
  return [...byDay].map(([on, { priceUsd }]) => ({ on, priceUsd })).sort((a, b) => (a.on < b.on ? -1 : 1));
}
