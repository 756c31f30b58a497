import { type RateLimiterAbstract, RateLimiterRes } from "rate-limiter-flexible";
import type { RedisPart } from "../process/redis.ts";
import { createWindowLimiter, type Limit } from "../process/window-limiter.ts";
import type { CallOrigin } from "./call.ts";

/** How often people may call the bot, so that no one can crowd out everybody else. */
export type CallLimits = {
  /**
   * Counts one call against its user and its server; undefined when both are within their limits.
   * Never rejects.
   */
  take(call: Pick<CallOrigin, "userId" | "guildId">): Promise<TooMany | undefined>;
};

/** Whose limit was reached, and for how many more seconds it applies. */
export type TooMany = { readonly whose: "user" | "guild"; readonly retryAfterSeconds: number };

/**
 * A person who tries every menu of a card waits for each reply, which makes about one call in three
 * seconds; a script does not wait.
 */
export const USER_LIMIT: Limit = { calls: 10, windowSeconds: 30 };

/**
 * One card a second is more than a busy channel can read; a raid with many accounts is slowed down
 * as a whole.
 */
export const GUILD_LIMIT: Limit = { calls: 60, windowSeconds: 60 };

/** Where calls are counted: one limiter for users, one for servers. */
export type CallCounters = {
  readonly user: Pick<RateLimiterAbstract, "consume">;
  readonly guild: Pick<RateLimiterAbstract, "consume">;
};

/** Counts in this process's memory, or for all processes that share a part of a Redis. */
export function createCallCounters(shared?: RedisPart): CallCounters {
  return {
    user: createWindowLimiter({ ...USER_LIMIT, what: "limit:user", shared }),
    guild: createWindowLimiter({ ...GUILD_LIMIT, what: "limit:guild", shared }),
  };
}

/** Makes limits from these counters; a counter that fails limits nothing. */
export function createCallLimits(counters: CallCounters): CallLimits {
  return {
    async take({ userId, guildId }) {
      const user = await secondsToWait(counters.user, userId);
      if (user > 0) return { whose: "user", retryAfterSeconds: user };
      const guild = guildId === undefined ? 0 : await secondsToWait(counters.guild, guildId);
      return guild > 0 ? { whose: "guild", retryAfterSeconds: guild } : undefined;
    },
  };
}

/** 0 when the call is within the limit. */
async function secondsToWait(counter: CallCounters["user"], key: string): Promise<number> {
  try {
    await counter.consume(key);
    return 0;
  } catch (rejection) {
    return rejection instanceof RateLimiterRes
      ? Math.max(1, Math.ceil(rejection.msBeforeNext / 1_000))
      : 0;
  }
}
