import { daysBetween } from "./calendar.ts";

/** One UTC calendar day and what one coin cost on it, in USD. */
export type DailyClose = {
  /** UTC date of the provider's stamp, YYYY-MM-DD. */
  readonly on: string;
  readonly priceUsd: number;
};

/**
 * The part of a history that came from one source: the source's name and page, and the part's first
 * and last UTC day.
 */
export type HistorySource = {
  readonly name: string;
  readonly url: string;
  readonly from: string;
  readonly to: string;
};

/** What a reader must know besides the numbers, in the order in which cards show the notes. */
export const FLAGS = [
  "launch-spike",
  "launch-run",
  "young",
  "no-longer-priced",
  "partial-history",
  "exchange-listing-only",
  "odd-price",
  "erratic",
  "sources-disagree",
  "unchecked",
  "stale",
  "demo",
] as const;

/** One of {@link FLAGS}. */
export type Flag = (typeof FLAGS)[number];

/** A recorded close that is left out, because it is too far from those around it to be true. */
export type OddClose = DailyClose & {
  /**
   * The close divided by the level around it: 18 is eighteen times too high, 0.05 twenty times too
   * low.
   */
  readonly timesLevel: number;
  /** True for a run of newest closes, which counts from its fourth day if it lasts. */
  readonly isNewest: boolean;
};

/** The span of a record in which closes far from their surroundings are the rule. */
export type ErraticSpan = {
  /** Closes ten times or more away from the level around them. */
  readonly farCloses: number;
  /** UTC days of the first and the last of them. */
  readonly from: string;
  readonly to: string;
};

/** All that is known of one coin's price: the input of a valuation. */
export type PriceHistory = {
  /** CoinGecko's coin id. */
  readonly coinId: string;
  /** The closes that count: ascending by day, at most one a day, finished UTC days only. */
  readonly points: readonly DailyClose[];
  /**
   * Recorded closes that are left out of `points` (flag `odd-price`), ascending; absent when there
   * are none.
   */
  readonly oddCloses?: readonly OddClose[];
  /** Set with the flag `erratic`. */
  readonly erratic?: ErraticSpan;
  /**
   * How much of the coin was traded in its first four weeks, in USD, where an early record has it.
   */
  readonly openingTradedUsd?: number;
  /** UTC day of the first recorded market price, also when that price is left out. */
  readonly firstRecordedOn: string;
  /**
   * Set when only an exchange's first weekly closes tell the listing price (flag
   * `exchange-listing-only`): four of them, ascending.
   */
  readonly listingCloses?: readonly DailyClose[];
  readonly sources: readonly HistorySource[];
  /** Instant at which the newest price was fetched, ISO 8601 in UTC. */
  readonly asOf: string;
  /** Flags found while fetching and joining the sources. */
  readonly flags: readonly Flag[];
};

const GAP_OVER_DAYS = 30;

/** Whether more than 30 days in a row are missing between the first and the last of these days. */
export function hasGap(days: readonly Pick<DailyClose, "on">[]): boolean {
  return days.some(({ on }, index) => {
    const previousOn = days[index - 1]?.on ?? on;
    return daysBetween(previousOn, on) > GAP_OVER_DAYS;
  });
}
