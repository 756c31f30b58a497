import { DAY_MS, utcDay } from "../../valuation/calendar.ts";
import type { DailyClose, PriceHistory } from "../../valuation/price-record.ts";

/**
 * The same history, whose closes are kept as bare numbers and become objects where they are read:
 * 35 kB for twelve years where the objects take 500. Objects that have not been collected yet are
 * handed out again.
 */
export function compacted(history: PriceHistory): PriceHistory {
  const packed = packedCloses(history.points);
  let unpacked = new WeakRef(history.points);
  return {
    ...history,
    get points() {
      const known = unpacked.deref();
      if (known !== undefined) return known;
      const points = unpackedCloses(packed);
      unpacked = new WeakRef(points);
      return points;
    },
  };
}

/** Closes of consecutive UTC days in US dollars; NaN for a day without one. */
export type PackedCloses = {
  /** Days of the first close since 1970. */
  readonly firstDay: number;
  readonly closesUsd: Float64Array;
};

/** Packs closes that ascend by day. */
export function packedCloses(points: readonly DailyClose[]): PackedCloses {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined)
    return { firstDay: 0, closesUsd: new Float64Array() };
  const firstDay = dayNumber(first.on);
  const closesUsd = new Float64Array(dayNumber(last.on) - firstDay + 1).fill(Number.NaN);
  for (const { on, priceUsd } of points) closesUsd[dayNumber(on) - firstDay] = priceUsd;
  return { firstDay, closesUsd };
}

/** The closes that were packed. */
export function unpackedCloses({ firstDay, closesUsd }: PackedCloses): readonly DailyClose[] {
  const points: DailyClose[] = [];
  for (const [at, priceUsd] of closesUsd.entries()) {
    if (!Number.isNaN(priceUsd)) points.push({ on: dayText(firstDay + at), priceUsd });
  }
  return points;
}

function dayNumber(on: string): number {
  return Math.round(Date.parse(on) / DAY_MS);
}

/** The days of all histories, as text, from 1970 on: writing them anew takes most of unpacking. */
const dayTexts: string[] = [];

function dayText(day: number): string {
  while (dayTexts.length <= day) dayTexts.push(utcDay(dayTexts.length * DAY_MS));
  return dayTexts[day] ?? utcDay(day * DAY_MS);
}
