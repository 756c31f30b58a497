import type { Coin } from "../prices/coins/coin.ts";
import { type Ask, paceOf } from "../prices/price-source.ts";
import { publishedThrough } from "../prices/publication-schedule.ts";
import { BoundedMap } from "../process/bounded-map.ts";
import { createSingleFlight } from "../process/single-flight.ts";
import type { Services } from "../services.ts";
import { utcDay } from "../valuation/calendar.ts";
import { type CoinSummary, summarize } from "./coin-summary.ts";
import { createFreshness, type Kept } from "./freshness.ts";

/**
 * Summaries of coins, each made once for all servers whose digests are compared with those of
 * equally many days ago: `sinceDays`, 1 when absent.
 */
export type CoinSummaries = {
  of(coin: Coin, ask: Ask, sinceDays?: number): Promise<CoinSummary>;
  /**
   * Summaries of several coins whose prices are fetched together; each resolves when it is ready.
   */
  ofAll(coins: readonly Coin[], ask: Ask, sinceDays?: number): readonly Promise<CoinSummary>[];
  /** Fetches the prices of those coins that have no current summary. */
  prepare(coins: readonly Coin[], ask: Ask): Promise<void>;
};

/** `revision` is that of the coin's history: a summary of an earlier revision is out of date. */
type KeptSummary = Kept<CoinSummary> & { readonly revision: string | undefined };

/** Coins whose summaries are kept; each takes a few kilobytes. */
const MAX_KEPT = 2_000;

/** Makes the summaries of all coins. */
export function createCoinSummaries(
  services: Pick<Services, "prices" | "log" | "now">,
): CoinSummaries {
  const { prices, log, now } = services;
  const once = createSingleFlight();
  const freshness = createFreshness(now);
  const kept = new BoundedMap<string, KeptSummary>({ maxEntries: MAX_KEPT });

  /** Kept until the coin's history changes; interactive callers never get an unchecked summary. */
  function keptSummary(coin: Coin, ask: Ask, sinceDays: number): CoinSummary | undefined {
    const entry = kept.get(`${sinceDays} ${coin.coinId}`);
    if (
      entry === undefined ||
      !freshness.isFresh(entry) ||
      entry.revision !== prices.revision(coin)
    )
      return undefined;
    const isUnchecked = entry.value.ok && entry.value.today.flags.includes("unchecked");
    return isUnchecked && paceOf(ask.priority) === "interactive" ? undefined : entry.value;
  }

  function summaryOf(coin: Coin, ask: Ask, sinceDays = 1): Promise<CoinSummary> {
    const known = keptSummary(coin, ask, sinceDays);
    if (known !== undefined) return Promise.resolve(known);
    return once(`summary ${ask.priority} ${sinceDays} ${coin.coinId}`, async () => {
      const madeFrom = freshness.published();
      const outcome = await prices.frugalHistory(coin, ask);
      const summary: CoinSummary = outcome.ok
        ? summarize(coin, outcome.history, utcDay(now()), {
            sinceDays,
            publishedOn: publishedThrough(now()),
          })
        : { ok: false, coin, why: outcome };
      const isLasting = isFinal(summary, publishedThrough(now()));
      kept.set(`${sinceDays} ${coin.coinId}`, {
        ...freshness.keep(summary, madeFrom, isLasting),
        revision: prices.revision(coin),
      });
      return summary;
    });
  }

  return {
    of: summaryOf,

    ofAll(coins, ask, sinceDays = 1) {
      const gates = new Map<string, () => void>();
      const lacking: Coin[] = [];
      const all = coins.map((coin) =>
        once(`gathered ${ask.priority} ${sinceDays} ${coin.coinId}`, async () => {
          if (keptSummary(coin, ask, sinceDays) === undefined) {
            lacking.push(coin);
            await new Promise<void>((open) => gates.set(coin.coinId, open));
          }
          return summaryOf(coin, ask, sinceDays);
        }),
      );
      const openAll = () => {
        for (const open of gates.values()) open();
      };
      if (lacking.length > 0) {
        void prices
          .prepare(lacking, ask, ({ coinId }) => gates.get(coinId)?.())
          .catch((error: unknown) =>
            log.error(
              { err: error },
              "fetching prices ahead failed: each coin is asked for by itself",
            ),
          )
          .finally(openAll);
      }
      return all;
    },

    async prepare(coins, ask) {
      const lacking = coins.filter((coin) => keptSummary(coin, ask, 1) === undefined);
      if (lacking.length > 0) await prices.prepare(lacking, ask);
    },
  };
}

/** False for a summary that newer prices may replace at any minute. */
function isFinal(summary: CoinSummary, publishedOn: string): boolean {
  if (!summary.ok) return summary.why.reason !== "prices-unavailable";
  return summary.today.lastRecordedOn >= publishedOn && !summary.today.flags.includes("stale");
}
