import { setTimeout as wait } from "node:timers/promises";
import type { Coin } from "../prices/coins/coin.ts";
import { type Ask, type Pace, paceOf } from "../prices/price-source.ts";
import type { Services } from "../services.ts";
import type { CoinSummaries } from "./coin-summaries.ts";
import type { CoinSummary } from "./coin-summary.ts";
import { MAX_DIGEST_COINS } from "./content.ts";

/** Options of {@link createLeaderboardSummaries}. */
export type LeaderboardSummariesOptions = Pick<Services, "coins" | "log"> & {
  readonly summaries: CoinSummaries;
  /** The coins of servers that have not chosen any. */
  readonly defaultCoins: (ask: Ask) => Promise<readonly Coin[]>;
  /** How long to wait for prices, in milliseconds. */
  readonly patienceMs: Readonly<Record<Pace, number>>;
};

/**
 * Makes the function that summarizes the coins of a server's leaderboard, in the order of its list
 * (null: the default coins), compared with those of `sinceDays` ago. Coins whose prices take too
 * long are listed without prices.
 */
export function createLeaderboardSummaries(
  options: LeaderboardSummariesOptions,
): (
  coinIds: readonly string[] | null,
  ask: Ask,
  sinceDays: number,
) => Promise<readonly CoinSummary[]> {
  const { coins, summaries, defaultCoins, patienceMs, log } = options;

  /**
   * The coins of a list; `decided` is the summary of a coin that needs no prices, because it cannot
   * be looked up.
   */
  async function coinsOf(
    coinIds: readonly string[] | null,
    ask: Ask,
  ): Promise<readonly { coin: Coin; decided?: CoinSummary }[]> {
    if (coinIds === null) return (await defaultCoins(ask)).map((coin) => ({ coin }));
    const distinct = [...new Set(coinIds)].slice(0, MAX_DIGEST_COINS);
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

  return async (coinIds, ask, sinceDays) => {
    const found = new Map<string, CoinSummary>();
    const collect = async () => {
      const list = await coinsOf(coinIds, ask);
      for (const { coin, decided } of list) found.set(coin.coinId, decided ?? withoutPrices(coin));
      const wanted = list.flatMap(({ coin, decided }) => (decided === undefined ? [coin] : []));
      // A slow coin must not hold up the others.
      await Promise.all(
        summaries.ofAll(wanted, ask, sinceDays).map(async (coming) => {
          const summary = await coming;
          found.set(summary.coin.coinId, summary);
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

function withoutPrices(coin: Coin): CoinSummary {
  return { ok: false, coin, why: { reason: "prices-unavailable", tried: [] } };
}
