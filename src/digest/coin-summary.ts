import type { Coin } from "../prices/coins/coin.ts";
import { historyBefore } from "../prices/history/history-builder.ts";
import type { HistoryRefusal } from "../prices/history/history-outcome.ts";
import { addDays } from "../valuation/calendar.ts";
import { type CoinRecord, recordOf, type ValuationRefusal } from "../valuation/coin-record.ts";
import type { DailyClose, HistorySource, PriceHistory } from "../valuation/price-record.ts";
import { type CoinNews, coinNews } from "./news.ts";

/** Why a coin is left off today's leaderboard. */
export type ExclusionReason =
  | ValuationRefusal
  | HistoryRefusal
  /** No coin has this id. */
  | { readonly reason: "unknown-coin" }
  /** It can no longer be sold: no source prices it. */
  | { readonly reason: "no-longer-priced"; readonly lastRecordedOn: string };

/**
 * All that a digest needs to know about one coin, independent of the server's stake, currency and
 * car: a few kilobytes, compared to hundreds for the coin's history.
 */
export type CoinSummary =
  | {
      readonly ok: true;
      readonly coin: Coin;
      readonly today: CoinRecord;
      /**
       * The same history without its newest days; null where that history cannot be valued, or was
       * not erratic yet.
       */
      readonly previous: CoinRecord | null;
      /** What may be news since then; null where nothing can be. */
      readonly news: CoinNews | null;
      /** The closes of the last four weeks, ascending. */
      readonly recent: readonly DailyClose[];
      readonly sources: readonly HistorySource[];
      /** Instant at which the newest price was fetched, ISO 8601 in UTC. */
      readonly asOf: string;
    }
  | { readonly ok: false; readonly coin: Coin; readonly why: ExclusionReason };

const RECENT_CLOSES = 28;

/**
 * Summarizes a coin's history for digests that are compared with those of `sinceDays` ago, 1 where
 * they come daily. `publishedOn` is the last UTC day that providers have published.
 */
export function summarize(
  coin: Coin,
  history: PriceHistory,
  todayOn: string,
  {
    sinceDays = 1,
    publishedOn = addDays(todayOn, -1),
  }: { sinceDays?: number; publishedOn?: string } = {},
): CoinSummary {
  const outcome = recordOf(history, todayOn);
  if (!outcome.ok) return { ok: false, coin, why: outcome };
  const today = outcome.record;
  const { lastRecordedOn } = today;
  if (today.flags.includes("no-longer-priced"))
    return { ok: false, coin, why: { reason: "no-longer-priced", lastRecordedOn } };
  // Outliers are judged again: a close that was left out yesterday may count today, and must not
  // look as if it had counted yesterday.
  const previousTodayOn = addDays(lastRecordedOn, 1 - sinceDays);
  const previousHistory = historyBefore(history, previousTodayOn);
  const previous = previousHistory && recordOf(previousHistory, previousTodayOn);
  // In an erratic record closes count that were left out before: what they change is no news.
  const becameErratic = history.erratic !== undefined && previousHistory?.erratic === undefined;
  return {
    ok: true,
    coin,
    today,
    // A coin whose close is late has nothing new: what it had on that day was looked at then.
    news: coinNews(
      history,
      today,
      lastRecordedOn === publishedOn
        ? previousHistory
        : historyBefore(history, addDays(publishedOn, 1 - sinceDays)),
    ),
    previous: previous?.ok && !becameErratic ? previous.record : null,
    recent: history.points.slice(-RECENT_CLOSES),
    sources: history.sources,
    asOf: history.asOf,
  };
}
