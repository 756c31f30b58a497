import { NO_CACHE } from "../../src/prices/cache/fetch-cache.ts";
import { PAGE_COINS } from "../../src/prices/coin-list-source.ts";
import type { Coin } from "../../src/prices/coins/coin.ts";
import { type CoinIndex, createCoinIndex } from "../../src/prices/coins/coin-index.ts";
import { silentLog } from "../../src/process/log.ts";

/** The program's own coin index over a list in memory, with a search that finds nothing. */
export type MemoryCoinIndex = {
  readonly index: CoinIndex;
  /** How often the search has been asked. */
  searches(): number;
};

/** Opens an index over these coins, of which at most 1,000 have a rank; the ranks are loaded. */
export async function openMemoryCoinIndex(coins: readonly Coin[]): Promise<MemoryCoinIndex> {
  let searches = 0;
  const index = createCoinIndex({
    directory: {
      list: async () => ({ ok: true, coins: coins.map((coin) => ({ ...coin, rank: null })) }),
      top: async (page) => ({
        ok: true,
        coins: coins.filter(({ rank }) => rank !== null && Math.ceil(rank / PAGE_COINS) === page),
      }),
      search: async () => {
        searches += 1;
        return { ok: true, coins: [] };
      },
    },
    cache: NO_CACHE,
    now: () => new Date(),
    log: silentLog,
  });
  await index.largest(1_000, { priority: "interactive" });
  return { index, searches: () => searches };
}
