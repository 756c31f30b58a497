import type { Coin } from "../prices/coins/coin.ts";
import { type Ask, paceOf } from "../prices/price-source.ts";
import { publishedThrough } from "../prices/publication-schedule.ts";
import { BoundedMap } from "../process/bounded-map.ts";
import { createSingleFlight } from "../process/single-flight.ts";
import type { Services } from "../services.ts";
import { utcDay } from "../valuation/calendar.ts";
import { type CoinNews, newsOf } from "./coin-news.ts";
import { createFreshness, type Kept } from "./freshness.ts";

/** The news of coins, made once for every server that wants them. */
export type CoinNewsSource = {
  of(coin: Coin, ask: Ask): Promise<CoinNews>;
  /** News of several coins whose prices are fetched together, each as soon as it is ready. */
  ofAll(coins: readonly Coin[], ask: Ask): readonly Promise<CoinNews>[];
  /** Fetches the prices of those coins whose news are not known yet. */
  prepare(coins: readonly Coin[], ask: Ask): Promise<void>;
};

/** `revision` is that of the coin's history: news of an earlier one are old. */
type KeptNews = Kept<CoinNews> & { readonly revision: string | undefined };

/** Coins whose news are kept; each takes some kilobytes. */
const MAX_KEPT = 2_000;

/** Makes the source of news. */
export function createCoinNewsSource(
  services: Pick<Services, "prices" | "log" | "now">,
): CoinNewsSource {
  const { prices, log, now } = services;
  const once = createSingleFlight();
  const freshness = createFreshness(now);
  const kept = new BoundedMap<string, KeptNews>({ maxEntries: MAX_KEPT });

  /** Kept while the coin's history stays the same; people never get what was not checked. */
  function keptNews(coin: Coin, ask: Ask): CoinNews | undefined {
    const entry = kept.get(coin.coinId);
    if (
      entry === undefined ||
      !freshness.isFresh(entry) ||
      entry.revision !== prices.revision(coin)
    )
      return undefined;
    const isUnchecked = entry.value.ok && entry.value.today.flags.includes("unchecked");
    return isUnchecked && paceOf(ask.priority) === "interactive" ? undefined : entry.value;
  }

  function newsOfCoin(coin: Coin, ask: Ask): Promise<CoinNews> {
    const known = keptNews(coin, ask);
    if (known !== undefined) return Promise.resolve(known);
    return once(`news ${ask.priority} ${coin.coinId}`, async () => {
      const madeFrom = freshness.published();
      const outcome = await prices.frugalHistory(coin, ask);
      const news: CoinNews = outcome.ok
        ? newsOf(coin, outcome.history, utcDay(now()))
        : { ok: false, coin, why: outcome };
      const isLasting = isFinal(news, publishedThrough(now()));
      kept.set(coin.coinId, {
        ...freshness.keep(news, madeFrom, isLasting),
        revision: prices.revision(coin),
      });
      return news;
    });
  }

  return {
    of: newsOfCoin,

    ofAll(coins, ask) {
      const gates = new Map<string, () => void>();
      const lacking: Coin[] = [];
      const all = coins.map((coin) =>
        once(`gathered ${ask.priority} ${coin.coinId}`, async () => {
          if (keptNews(coin, ask) === undefined) {
            lacking.push(coin);
            await new Promise<void>((open) => gates.set(coin.coinId, open));
          }
          return newsOfCoin(coin, ask);
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
      const lacking = coins.filter((coin) => keptNews(coin, ask) === undefined);
      if (lacking.length > 0) await prices.prepare(lacking, ask);
    },
  };
}

/** False for news that newer prices may replace at any minute. */
function isFinal(news: CoinNews, publishedOn: string): boolean {
  if (!news.ok) return news.why.reason !== "prices-unavailable";
  return news.today.lastRecordedOn >= publishedOn && !news.today.flags.includes("stale");
}
