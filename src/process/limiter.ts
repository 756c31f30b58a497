import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  type RateLimiterRes,
} from "rate-limiter-flexible";
import type { RedisPart } from "./redis.ts";

/** So many in one window, for each key. */
export type Limit = { readonly calls: number; readonly windowSeconds: number };

/** Options of {@link createLimiter}. */
export type LimiterOptions = Limit & {
  /** What is counted, for the keys in Redis. */
  readonly what: string;
  /**
   * Counts for all processes that share this part of a Redis; in this process's memory when absent.
   */
  readonly shared?: RedisPart | undefined;
  /**
   * The part of the limit that each process goes on with while Redis is down; all of it unless
   * told.
   */
  readonly aloneShare?: number;
};

/**
 * Counts calls by key in windows that begin with the first one; `consume` rejects with a
 * `RateLimiterRes` beyond the limit.
 */
export function createLimiter({
  calls,
  windowSeconds,
  what,
  shared,
  aloneShare = 1,
}: LimiterOptions): RateLimiterAbstract {
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

/**
 * Keys counted at a time: whoever asks under ever new names costs a few megabytes, not all memory.
 */
export const MOST_KEYS = 10_000;

/**
 * Counts {@link MOST_KEYS} keys at the most: a new one makes it forget the one that has been known
 * for longest.
 */
class BoundedLimiter extends RateLimiterMemory {
  readonly #known = new Set<string>();

  override consume(
    key: string | number,
    points?: number,
    options?: { [key: string]: unknown },
  ): Promise<RateLimiterRes> {
    const name = String(key);
    if (!this.#known.has(name)) {
      this.#known.add(name);
      const [oldest] = this.#known;
      if (this.#known.size > MOST_KEYS && oldest !== undefined) {
        this.#known.delete(oldest);
        void this.delete(oldest);
      }
    }
    return super.consume(key, points, options);
  }
}
