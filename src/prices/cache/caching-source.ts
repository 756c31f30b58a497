import { createSingleFlight } from "../../process/single-flight.ts";
import type { Ask, ClosesResult, CoinRef, PriceSource } from "../price-source.ts";
import { type CachedCloses, CachedPrices, type CachedPricesOptions } from "./cached-prices.ts";
import { ClosesWave } from "./closes-wave.ts";
import type { OnWaveProgress } from "./wave-progress.ts";

/** A price source that caches what it fetches. */
export type CachingSource = PriceSource & {
  /** As {@link PriceSource.closesUntil}; begun before `until` resolves where nothing is cached. */
  closesUntil: NonNullable<PriceSource["closesUntil"]>;
  /**
   * What is cached of a coin, without asking the source; `stale` unless it was fetched since the
   * last day was published. Undefined when nothing is cached.
   */
  cached(coin: CoinRef): Promise<CachedCloses | undefined>;
  /** Fetches the newest closes again, whatever is cached: they may have come late. */
  refetch(coin: CoinRef, to: string, ask: Ask): Promise<ClosesResult>;
  /** Fetches cached closes in doubt once more, and caches what the source says of them now. */
  recheck(
    coin: CoinRef,
    range: { readonly from: string; readonly to: string },
    ask: Ask,
  ): Promise<ClosesResult>;
  /**
   * Fetches everything up to the day `to` that is published and not cached, of many coins in as few
   * calls as possible, so that `closes` finds it in the cache. Background questions for one of
   * these coins wait for it, for four minutes at most; `onReady` is called with each coin for which
   * there is nothing more to wait for. Never rejects for what the outside world does.
   */
  prepare(
    coins: readonly CoinRef[],
    to: string,
    ask: Ask,
    onReady?: (coin: CoinRef) => void,
  ): Promise<void>;
};

/** Options of {@link createCachingSource}. */
export type CachingSourceOptions = CachedPricesOptions & {
  /**
   * How long a background question waits for many coins that are fetched together, in milliseconds;
   * 240,000 when absent.
   */
  readonly waveWaitsMs?: number;
  readonly onWaveProgress?: OnWaveProgress;
};

/**
 * How long a background question waits for many coins that are fetched together, here or in another
 * process. A first wave of 500 coins takes nearly as long, and a fetch beside it would only take
 * calls away from it.
 */
const WAVE_WAITS_MS = 240_000;

/**
 * A price source with a cache in front of it: closes of finished days are cached for good, so that
 * tomorrow costs one call; unknown coins for ten minutes; quotes for a minute. Identical questions
 * in flight are fetched once. When the source cannot be asked, cached closes come back marked
 * `stale`.
 */
export function createCachingSource(options: CachingSourceOptions): CachingSource {
  const { source, cache, now, waveWaitsMs = WAVE_WAITS_MS } = options;
  const once = createSingleFlight();
  const prices = new CachedPrices(options);
  const wave = new ClosesWave({
    ...{ source, cache, prices, waitsMs: waveWaitsMs },
    onProgress: options.onWaveProgress,
  });
  const closes = async (coin: CoinRef, ask: Ask, fetch: () => Promise<ClosesResult>) => {
    // A person does not wait for a wave of background questions.
    if (ask.priority === "background") await wave.ended(coin);
    return fetch();
  };
  return {
    ...source,
    closes: (coin, range, ask) =>
      once(keyOf("closes", ask, coin, range.from, range.to), () =>
        closes(coin, ask, () => prices.closes(coin, range, ask)),
      ),
    closesUntil: (coin, range, until, ask) =>
      once(keyOf("until", ask, coin, range.from, range.to), () =>
        closes(coin, ask, () => prices.closesUntil(coin, range, until, ask)),
      ),
    quote: (coin, ask) => once(keyOf("quote", ask, coin), () => prices.quote(coin, ask)),
    refetch: (coin, to, ask) =>
      once(keyOf("refetch", ask, coin, to), () => prices.refetch(coin, to, ask)),
    recheck: (coin, range, ask) =>
      once(keyOf("recheck", ask, coin, range.from, range.to), () =>
        prices.recheck(coin, range, ask),
      ),
    cached: (coin) => prices.cached(coin, now()),
    prepare: (coins, to, ask, onReady) => wave.run(coins, to, ask, onReady),
  };
}

function keyOf(what: string, ask: Ask, { coinId, symbol }: CoinRef, ...days: string[]): string {
  return [what, ask.priority, ask.fresh, coinId, symbol, ...days].join(" ");
}
