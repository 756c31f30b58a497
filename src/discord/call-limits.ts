import { type RateLimiterAbstract, RateLimiterRes } from "rate-limiter-flexible";
import { createLimiter, type Limit } from "../process/limiter.ts";
import type { RedisPart } from "../process/redis.ts";
import type { CallOrigin } from "./command.ts";

/** How often people may ask, so that one of them never takes the bot away from the others. */
export type CommandLimits = {
  /**
   * Takes one call from the allowances of its asker and server; undefined when both had one left.
   * Never rejects.
   */
  take(call: Pick<CallOrigin, "userId" | "guildId">): Promise<TooMany | undefined>;
};

/** Whose allowance is used up, and in how many seconds there is a new one. */
export type TooMany = { readonly whose: "user" | "guild"; readonly retryAfterSeconds: number };

/**
 * A person who tries every menu of a card waits for each answer: about one call in three seconds. A
 * script does not wait.
 */
export const USER_LIMIT: Limit = { calls: 10, windowSeconds: 30 };

/**
 * A busy channel reads, at one card a second, more than it can; a raid of many accounts is told to
 * slow down together.
 */
export const GUILD_LIMIT: Limit = { calls: 60, windowSeconds: 60 };

/** Where calls are counted: one limiter for users, one for servers. */
export type CallCounters = {
  readonly user: Pick<RateLimiterAbstract, "consume">;
  readonly guild: Pick<RateLimiterAbstract, "consume">;
};

/** Counts in this process's memory, or for all processes on one part of a Redis. */
export function createCallCounters(shared?: RedisPart): CallCounters {
  return {
    user: createLimiter({ ...USER_LIMIT, what: "limit:user", shared }),
    guild: createLimiter({ ...GUILD_LIMIT, what: "limit:guild", shared }),
  };
}

/** Limits of what is counted there; a counter that fails limits nobody. */
export function createCommandLimits(counters: CallCounters): CommandLimits {
  return {
    async take({ userId, guildId }) {
      const user = await secondsToWait(counters.user, userId);
      if (user > 0) return { whose: "user", retryAfterSeconds: user };
      const guild = guildId === undefined ? 0 : await secondsToWait(counters.guild, guildId);
      return guild > 0 ? { whose: "guild", retryAfterSeconds: guild } : undefined;
    },
  };
}

/** 0 when a call was taken. */
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
