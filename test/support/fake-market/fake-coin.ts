import type { DailyPrice } from "../price-series.ts";

/** A provider that the fake market speaks. */
export type Provider = "coingecko" | "defillama" | "coinmetrics" | "kraken" | "frankfurter";

/** What a key (or no key) buys at CoinGecko: the values of COINGECKO_PLAN. */
export type Plan = "keyless" | "demo" | "basic" | "analyst" | "lite" | "enterprise";

/** One provider's own closes of a coin, or `"absent"` when it does not know the coin. */
export type ProviderSeries = readonly DailyPrice[] | "absent";

/**
 * A coin of the fake market. `series` is what a provider returns when it has no series of its own
 * below.
 */
export type FakeCoin = {
  /** CoinGecko's id, also DefiLlama's (`coingecko:<coinId>`). */
  readonly coinId: string;
  readonly symbol: string;
  readonly name: string;
  /** By market cap; null as for CoinGecko's unranked coins. */
  readonly rank: number | null;
  /**
   * Price at 00:00 UTC of each day, in any order, days after `now` included: those stay hidden
   * until the clock gets there.
   */
  readonly series: readonly DailyPrice[];
  readonly coingecko?: ProviderSeries;
  readonly defillama?: ProviderSeries;
  readonly coinmetrics?: ProviderSeries;
  readonly kraken?: ProviderSeries;
  /** The pair to ask Kraken for, e.g. XBTUSD; without it Kraken does not list the coin. */
  readonly krakenPair?: string;
  /** Coin Metrics' id, e.g. btc; without it Coin Metrics does not know the coin. */
  readonly coinMetricsId?: string;
  /** How many of its newest reference rates Coin Metrics' free tier returns; default all. */
  readonly coinMetricsRates?: number;
  /**
   * The key under which Kraken answers, e.g. XXBTZUSD; by Kraken's own rule for old pairs when left
   * out.
   */
  readonly krakenResultKey?: string;
  readonly imageUrl?: string;
  /** DefiLlama's confidence, 0 to 1; 0.99 by default. */
  readonly confidence?: number;
  /**
   * DefiLlama's `/prices/first` stamps the first record this many seconds after 00:00 UTC; 0 by
   * default.
   */
  readonly firstRecordSeconds?: number;
  /**
   * Whether DefiLlama's charts know the first day at 00:00 UTC (the default) or only at
   * `firstRecordSeconds`.
   */
  readonly firstDayInCharts?: boolean;
  /**
   * DefiLlama stamps every chart record this many seconds off 00:00 UTC, as its collector does;
   * negative is the evening before.
   */
  readonly recordOffsetSeconds?: number;
};
