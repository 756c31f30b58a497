import type { CoinRecord } from "./coin-record.ts";
import type { DailyClose } from "./price-record.ts";
import { lambosAt, type Purchase } from "./valuation.ts";

/** What one coin would have to be worth for a purchase to buy one Lambo. Prices are in USD. */
export type NeededPrice = {
  /** The least price at which `lambosAt` gives one Lambo. */
  readonly priceUsd: number;
  /** The newest close that counts. */
  readonly latest: DailyClose;
  /** The needed price / the latest close: 15 is fifteen times, below 1 the close is higher. */
  readonly timesLatest: number;
  /** Whether the latest close is worth one Lambo, and the weeks of buying were over by then. */
  readonly isThere: boolean;
  /** UTC day of the last close after the opening window that was worth one Lambo; null if none. */
  readonly lastThereOn: string | null;
  /** Highest close after the opening window; null when there is none. */
  readonly closest: ClosestClose | null;
};

/** A close, and how much of the needed price it was: 0.62 is 62 % of it, from 1 on all of it. */
export type ClosestClose = DailyClose & { readonly share: number };

/**
 * The price at which a purchase, made at a record's opening price, is worth one Lambo, and where
 * the coin stands. `points` are the closes of that record: ascending, finished days only, at least
 * one. Pure.
 */
export function neededPrice(
  record: Pick<CoinRecord, "opening" | "highs">,
  points: readonly DailyClose[],
  { stakeUsd, carPriceUsd }: Purchase,
): NeededPrice {
  const openingUsd = record.opening.meanUsd;
  const isEnough = (priceUsd: number) => lambosAt(priceUsd, openingUsd, stakeUsd, carPriceUsd) >= 1;
  const exactUsd = oneLamboUsd(openingUsd, { stakeUsd, carPriceUsd });
  // The last bits may have been rounded down, and the price would just miss its Lambo.
  const priceUsd = isEnough(exactUsd) ? exactUsd : exactUsd * (1 + 4 * Number.EPSILON);
  const latest = points.at(-1) ?? { on: record.opening.to, priceUsd: openingUsd };
  const lastThereOn = lastDay(points, record.opening.to, isEnough);
  const closest = record.highs.at(-1);
  return {
    priceUsd,
    latest,
    timesLatest: priceUsd / latest.priceUsd,
    isThere: lastThereOn === latest.on,
    lastThereOn,
    closest: closest === undefined ? null : { ...closest, share: closest.priceUsd / priceUsd },
  };
}

/** The price at which a purchase at this opening price is worth one Lambo, but for rounding. */
export function oneLamboUsd(openingUsd: number, { stakeUsd, carPriceUsd }: Purchase): number {
  return openingUsd * (1 + carPriceUsd / stakeUsd);
}

/** The last day after `after` whose close is enough; null when there is none. */
function lastDay(
  points: readonly DailyClose[],
  after: string,
  isEnough: (priceUsd: number) => boolean,
): string | null {
  for (let at = points.length - 1; at >= 0; at -= 1) {
    const point = points[at];
    if (point === undefined || point.on <= after) return null;
    if (isEnough(point.priceUsd)) return point.on;
  }
  return null;
}
