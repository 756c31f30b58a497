import type { Config } from "../config.ts";
import type { Log } from "../log.ts";
import { type AnswerCache, cacheOf } from "./answer-cache.ts";
import { cachePrices } from "./cached-prices.ts";
import { type CoinIndex, createCoinIndex } from "./coin-index.ts";
import { createCoinGecko } from "./coingecko.ts";
import { createDefiLlama } from "./defillama.ts";
import { createDemoMarket } from "./demo-market.ts";
import { createKraken } from "./kraken.ts";
import { createPriceHistories, type PriceHistories } from "./price-history.ts";
import type { Ask } from "./price-source.ts";
import type { UpstreamTiming } from "./upstream.ts";

/** Everything that is known of coins and prices. */
export type Market = {
  readonly coins: CoinIndex;
  readonly prices: PriceHistories;
  /** One sentence about a CoinGecko key and plan that do not fit; undefined when they do, or when CoinGecko cannot be asked now. */
  checkKey(ask: Ask): Promise<string | undefined>;
};

/** Options of {@link createMarket}. */
export type MarketOptions = {
  readonly config: Pick<Config, "coingeckoPlan" | "coingeckoApiKey" | "coingeckoBaseUrl" | "defillamaBaseUrl" | "krakenBaseUrl" | "demo">;
  readonly cache: AnswerCache;
  readonly log: Log;
  readonly now: () => Date;
  /** How patient the providers are asked; `UPSTREAM_TIMING` when absent. */
  readonly timing?: UpstreamTiming;
};

/** Wires the price sources that the configuration asks for; the demo market only when it says so. */
export function createMarket({ config, cache, log, now, timing }: MarketOptions): Market {
  const paced = timing === undefined ? {} : { timing };
  if (config.demo) {
    const { source, directory } = createDemoMarket(now);
    // Invented coins are never kept, so that they can never be taken for real ones.
    const coins = createCoinIndex({ directory, cache: forgetful, log, now });
    return {
      coins,
      prices: createPriceHistories({ main: source, isTopOfItsSymbol: coins.isTopOfItsSymbol, log, now }),
      checkKey: async () => undefined,
    };
  }

  // The two hosts of CoinGecko itself tell the same prices, so that changing the plan loses nothing.
  const coingeckoCache = cacheOf(cache, config.coingeckoBaseUrl ?? "CoinGecko");
  const coingecko = createCoinGecko({
    plan: config.coingeckoPlan,
    ...(config.coingeckoApiKey !== undefined && { apiKey: config.coingeckoApiKey }),
    ...(config.coingeckoBaseUrl !== undefined && { baseUrl: config.coingeckoBaseUrl }),
    cache: coingeckoCache,
    log,
    now,
    ...paced,
  });
  const defillama = createDefiLlama({ baseUrl: config.defillamaBaseUrl, log, now, ...paced });
  const kraken = createKraken({ baseUrl: config.krakenBaseUrl, log, now, ...paced });
  const coins = createCoinIndex({ directory: coingecko.directory, lookUpId: defillama.lookUpId, cache: coingeckoCache, log, now });
  const prices = createPriceHistories({
    main: cachePrices({ source: coingecko.source, cache: coingeckoCache, now }),
    archive: cachePrices({ source: defillama.source, cache: cacheOf(cache, config.defillamaBaseUrl), now }),
    exchange: cachePrices({ source: kraken, cache: cacheOf(cache, config.krakenBaseUrl), now }),
    isTopOfItsSymbol: coins.isTopOfItsSymbol,
    log,
    now,
  });
  return { coins, prices, checkKey: coingecko.checkKey };
}

const forgetful: AnswerCache = {
  where: "nowhere",
  get: async () => undefined,
  set: async () => undefined,
  sweep: async () => undefined,
  close: async () => undefined,
};
