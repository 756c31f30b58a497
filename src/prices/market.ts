import type { Config } from "../config.ts";
import type { Log } from "../process/log.ts";
import { type Metrics, uncounted } from "../process/metrics.ts";
import type { Redis } from "../process/redis.ts";
import { createCachingSource } from "./cache/caching-source.ts";
import { cacheOf, type FetchCache, NO_CACHE } from "./cache/fetch-cache.ts";
import { createWaveProgress } from "./cache/wave-progress.ts";
import { type CoinIndex, createCoinIndex } from "./coins/coin-index.ts";
import { createDemoSources } from "./demo-market.ts";
import { createExchangeRates, type ExchangeRates } from "./exchange-rates.ts";
import { createEarlyRecords } from "./history/early-records.ts";
import { createPriceHistories, type PriceHistories } from "./history/price-history.ts";
import type { Ask, PriceSource } from "./price-source.ts";
import type { CallBudget } from "./sources/call-budget.ts";
import { createCoinGecko } from "./sources/coingecko.ts";
import { createCoinMetrics } from "./sources/coinmetrics.ts";
import { createDefiLlama } from "./sources/defillama.ts";
import { createFrankfurter } from "./sources/frankfurter.ts";
import { createKraken } from "./sources/kraken.ts";
import type { DropKind } from "./sources/row-gate.ts";
import { didAnswer, type SourceHealth } from "./sources/source-health.ts";
import type { UpstreamTiming } from "./sources/upstream.ts";

/** Coins, prices and exchange rates. */
export type Market = {
  readonly coins: CoinIndex;
  readonly prices: PriceHistories;
  readonly rates: ExchangeRates;
  /**
   * The state of every price source, in the order of asking; empty for the demo market, which has
   * no network.
   */
  health(): readonly SourceHealth[];
  /**
   * The same, after a small call to each source that has not responded within the last minute.
   * Never rejects.
   */
  probe(ask: Ask): Promise<readonly SourceHealth[]>;
  /**
   * One sentence about a CoinGecko key and plan that do not fit; undefined when they do, or when
   * CoinGecko cannot be asked now.
   */
  checkKey(ask: Ask): Promise<string | undefined>;
};

/** Options of {@link createMarket}. */
export type MarketOptions = {
  readonly config: Pick<
    Config,
    | "coingeckoPlan"
    | "coingeckoApiKey"
    | "coingeckoBaseUrl"
    | "defillamaBaseUrl"
    | "coinmetricsBaseUrl"
    | "krakenBaseUrl"
    | "frankfurterBaseUrl"
    | "demo"
  >;
  readonly cache: FetchCache;
  readonly log: Log;
  readonly now: () => Date;
  /** Deadlines and pauses of calls; `UPSTREAM_TIMING` when absent. */
  readonly timing?: UpstreamTiming;
  /** One call budget in place of each provider's own. */
  readonly budget?: CallBudget;
  /** Shares the call budgets with every process on this Redis. */
  readonly redis?: Redis | undefined;
  /** Counted nowhere when absent. */
  readonly metrics?: Pick<
    Metrics,
    "sourceCalled" | "rowsDropped" | "pricesAnswered" | "closesAwaited"
  >;
};

/** The demo market alone, without network and cache. */
export function createDemoMarket({ log, now }: Pick<MarketOptions, "log" | "now">): Market {
  const { source, directory, rates } = createDemoSources(now);
  // Invented coins are never cached, so that they can never be taken for real ones.
  const coins = createCoinIndex({ directory, cache: NO_CACHE, log, now });
  return {
    coins,
    prices: createPriceHistories({
      main: source,
      isTopOfItsSymbol: coins.isTopOfItsSymbol,
      log,
      now,
    }),
    rates,
    health: () => [],
    probe: async () => [],
    checkKey: async () => undefined,
  };
}

/**
 * Wires the price sources of the configuration, or the demo market when the configuration says so.
 */
export function createMarket({
  config,
  cache,
  log,
  now,
  timing,
  budget,
  redis,
  metrics = uncounted,
}: MarketOptions): Market {
  const shared = {
    ...(timing !== undefined && { timing }),
    ...(budget !== undefined && { budget }),
    ...(redis !== undefined && { redis }),
  };
  if (config.demo) return createDemoMarket({ log, now });

  const counted = (source: string) => ({
    onCall: (outcome: string) => metrics.sourceCalled(source, outcome),
    onRowsDropped: (kind: DropKind, count: number) => metrics.rowsDropped(source, kind, count),
  });
  const cached = (source: PriceSource, hostCache: FetchCache, name = source.name) =>
    createCachingSource({
      source,
      cache: hostCache,
      now,
      onAnswer: (from) => metrics.pricesAnswered(name, from),
      onWaveProgress: createWaveProgress({ source: name, log, now, metrics }),
    });

  const optionsOf = (source: string) => ({ log, now, ...counted(source), ...shared });
  // CoinGecko's two own hosts have the same prices, so changing the plan keeps the cache.
  const coingeckoCache = cacheOf(cache, config.coingeckoBaseUrl ?? "CoinGecko");
  const coingecko = createCoinGecko({
    plan: config.coingeckoPlan,
    ...(config.coingeckoApiKey !== undefined && { apiKey: config.coingeckoApiKey }),
    ...(config.coingeckoBaseUrl !== undefined && { baseUrl: config.coingeckoBaseUrl }),
    cache: coingeckoCache,
    ...optionsOf("CoinGecko"),
  });
  const defillama = createDefiLlama({
    baseUrl: config.defillamaBaseUrl,
    ...optionsOf("DefiLlama"),
  });
  const coinmetrics =
    config.coinmetricsBaseUrl === undefined
      ? undefined
      : createCoinMetrics({
          baseUrl: config.coinmetricsBaseUrl,
          ...optionsOf("Coin Metrics"),
        });
  const kraken = createKraken({
    baseUrl: config.krakenBaseUrl,
    ...optionsOf("Kraken"),
  });
  const coins = createCoinIndex({
    directory: coingecko.directory,
    lookUpId: defillama.lookUpId,
    cache: coingeckoCache,
    log,
    now,
  });
  const prices = createPriceHistories({
    main: cached(coingecko.source, coingeckoCache),
    archive: cached(defillama.source, cacheOf(cache, config.defillamaBaseUrl)),
    ...(coinmetrics !== undefined && {
      secondArchive: cached(
        coinmetrics,
        cacheOf(cache, config.coinmetricsBaseUrl ?? ""),
        "Coin Metrics",
      ),
    }),
    earlyRecordOf: createEarlyRecords({ log }),
    exchange: cached(kraken, cacheOf(cache, config.krakenBaseUrl)),
    onRecalled: () => metrics.pricesAnswered(coingecko.source.name, "memory"),
    isTopOfItsSymbol: coins.isTopOfItsSymbol,
    log,
    now,
  });
  const rates = createExchangeRates({
    fetchRates: coingecko.rates,
    ...(config.frankfurterBaseUrl !== undefined && {
      fetchStandIn: createFrankfurter({
        baseUrl: config.frankfurterBaseUrl,
        ...optionsOf("Frankfurter"),
      }).rates,
    }),
    cache: coingeckoCache,
    log,
    now,
  });
  const sources: readonly { source: PriceSource; health: () => SourceHealth }[] = [
    { source: coingecko.source, health: coingecko.health },
    { source: defillama.source, health: defillama.health },
    ...(coinmetrics === undefined ? [] : [{ source: coinmetrics, health: coinmetrics.health }]),
    { source: kraken, health: kraken.health },
  ];
  const health = () => sources.map((source) => source.health());
  return {
    coins,
    prices,
    rates,
    health,
    async probe(ask) {
      const stale = sources.filter((source) => !respondedLately(source.health(), now()));
      await Promise.all(stale.map(({ source }) => source.quote(PROBE_COIN, ask)));
      return health();
    },
    checkKey: coingecko.checkKey,
  };
}

/** A coin that every source has a price of. */
const PROBE_COIN = { coinId: "bitcoin", symbol: "BTC" };
const LATELY_MS = 60_000;

function respondedLately(health: SourceHealth, at: Date): boolean {
  return (
    didAnswer(health) === true &&
    health.lastAskedAt !== null &&
    Math.abs(at.getTime() - health.lastAskedAt.getTime()) < LATELY_MS
  );
}
