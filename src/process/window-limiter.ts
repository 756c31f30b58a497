import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  type RateLimiterRes,
} from "rate-limiter-flexible";
import { BoundedMap } from "./bounded-map.ts";
import type { RedisPart } from "./redis.ts";

/** How many calls each key has in one window. */
export type Limit = { readonly calls: number; readonly windowSeconds: number };

/** Options of {@link createWindowLimiter}. */
export type WindowLimiterOptions = Limit & {
  /** Names what is counted, in the keys in Redis. */
  readonly what: string;
  /**
   * Counts together with all processes on this part of a Redis; in this process's memory when
   * absent.
   */
  readonly shared?: RedisPart | undefined;
  /**
   * The share of the limit that each process applies while Redis is down; default 1.
   */
  readonly aloneShare?: number;
};

/**
 * Counts calls by key in windows that begin with the first one; `consume` rejects with a
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

/** Keys counted at a time, so that callers under ever new names cannot fill the memory. */
export const MAX_KEYS = 10_000;

/** Counts {@link MAX_KEYS} keys at most: a new one makes it forget the least recently used. */
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
