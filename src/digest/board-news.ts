import { setTimeout as wait } from "node:timers/promises";
import type { Coin } from "../prices/coins/coin.ts";
import { type Ask, type Pace, paceOf } from "../prices/price-source.ts";
import type { Services } from "../services.ts";
import type { CoinNews } from "./coin-news.ts";
import type { CoinNewsSource } from "./coin-news-source.ts";
import { MAX_COINS } from "./content.ts";

/** What the news of a leaderboard are made from. */
export type BoardNewsOptions = Pick<Services, "coins" | "log"> & {
  readonly news: CoinNewsSource;
  /** The coins of a server that chose none. */
  readonly defaultCoins: (ask: Ask) => Promise<readonly Coin[]>;
  /** How long prices are waited for. */
  readonly patienceMs: Readonly<Record<Pace, number>>;
};

/**
 * Makes the news of a server's leaderboard, in the order of its list (null: the default coins).
 * Coins whose prices take too long are without them.
 */
export function createBoardNews(
  options: BoardNewsOptions,
): (coinIds: readonly string[] | null, ask: Ask) => Promise<readonly CoinNews[]> {
  const { coins, news, defaultCoins, patienceMs, log } = options;

  /** The coins of a list, each with its news where its name alone decides them. */
  async function coinsOf(
    coinIds: readonly string[] | null,
    ask: Ask,
  ): Promise<readonly { coin: Coin; decided?: CoinNews }[]> {
    if (coinIds === null) return (await defaultCoins(ask)).map((coin) => ({ coin }));
    const distinct = [...new Set(coinIds)].slice(0, MAX_COINS);
    return Promise.all(
      distinct.map(async (coinId) => {
        const resolution = await coins.resolve(`id:${coinId}`, ask);
        if (resolution.ok) return { coin: resolution.coin };
        const coin: Coin = { coinId, symbol: "", name: "", rank: null };
        if (resolution.reason === "prices-unavailable")
          return { coin, decided: withoutPrices(coin) };
        return { coin, decided: { ok: false, coin, why: { reason: "unknown-coin" } } };
      }),
    );
  }

  return async (coinIds, ask) => {
    const found = new Map<string, CoinNews>();
    const collect = async () => {
      const list = await coinsOf(coinIds, ask);
      for (const { coin, decided } of list) found.set(coin.coinId, decided ?? withoutPrices(coin));
      const wanted = list.flatMap(({ coin, decided }) => (decided === undefined ? [coin] : []));
      // One coin that takes long keeps no other from its place.
      await Promise.all(
        news.ofAll(wanted, ask).map(async (coming) => {
          const coinNews = await coming;
          found.set(coinNews.coin.coinId, coinNews);
        }),
      );
    };
    const late = new AbortController();
    const collected = collect().catch((error: unknown) => {
      if (!late.signal.aborted) throw error;
      log.error(
        { err: error },
        "gathering a digest's prices failed after it went out without them",
      );
    });
    try {
      await Promise.race([
        collected,
        wait(patienceMs[paceOf(ask.priority)], undefined, { signal: late.signal, ref: false }),
      ]);
    } finally {
      late.abort();
    }
    return [...found.values()];
  };
}

function withoutPrices(coin: Coin): CoinNews {
  return { ok: false, coin, why: { reason: "prices-unavailable", tried: [] } };
}
