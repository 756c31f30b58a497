import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  type RateLimiterRes,
} from "rate-limiter-flexible";
import { BoundedMap } from "./bounded-map.ts";
import type { RedisPart } from "./redis.ts";

/** How many calls each key may make in one window. */
export type Limit = { readonly calls: number; readonly windowSeconds: number };

/** Options of {@link createWindowLimiter}. */
export type WindowLimiterOptions = Limit & {
  /** What is counted, for the keys in Redis. */
  readonly what: string;
  /** Counts across all processes on this part of a Redis; when absent, in this process's memory. */
  readonly shared?: RedisPart | undefined;
  /**
   * The share of the limit that each process applies while Redis is down; default 1.
   */
  readonly aloneShare?: number;
};

/**
 * Counts calls by key in windows that begin with a key's first call; `consume` rejects with a
 * `RateLimiterRes` beyond the limit.
 */
export function createWindowLimiter({
  calls,
  windowSeconds,
  what,
  shared,
  aloneShare = 1,
}: WindowLimiterOptions): RateLimiterAbstract {
  if (shared === undefined) return inMemory(calls, windowSeconds);
  return new RateLimiterRedis({
    storeClient: shared.redis.client,
    useRedisPackage: true,
    rejectIfRedisNotReady: true,
    keyPrefix: `lambo:${what}:${shared.name}`,
    points: calls,
    duration: windowSeconds,
    insuranceLimiter: inMemory(Math.max(1, Math.floor(calls * aloneShare)), windowSeconds),
  });
}

function inMemory(points: number, duration: number): RateLimiterMemory {
  return new BoundedLimiter({ points, duration });
}

/** The most keys counted at a time, so that callers with ever new keys cannot fill the memory. */
export const MAX_KEYS = 10_000;

/**
 * Counts at most {@link MAX_KEYS} keys: beyond that, a new key replaces the least recently used.
 */
class BoundedLimiter extends RateLimiterMemory {
  readonly #known = new BoundedMap<string, true>(
    { maxEntries: MAX_KEYS },
    (key) => void this.delete(key),
  );

  override consume(
    key: string | number,
    points?: number,
    options?: { [key: string]: unknown },
  ): Promise<RateLimiterRes> {
    this.#known.set(String(key), true);
    return super.consume(key, points, options);
  }
}
