import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import type { CallOrigin } from "./command.ts";

/** How often people may ask, so that one of them never takes the bot away from the others. */
export type CommandLimits = {
  /** Takes one call from the allowances of its asker and server; undefined when both had one left. Never rejects. */
  take(call: Pick<CallOrigin, "userId" | "guildId">): Promise<TooMany | undefined>;
};

/** Whose allowance is used up, and in how many seconds there is a new one. */
export type TooMany = { readonly whose: "user" | "guild"; readonly retryAfterSeconds: number };

/** How many calls a window has. */
export type CallLimit = { readonly calls: number; readonly windowSeconds: number };

/** A person who tries every menu of a card waits for each answer: about one call in three seconds. A script does not wait. */
export const USER_LIMIT: CallLimit = { calls: 10, windowSeconds: 30 };

/** A busy channel reads, at one card a second, more than it can; a raid of many accounts is told to slow down together. */
export const GUILD_LIMIT: CallLimit = { calls: 60, windowSeconds: 60 };

/** Where calls are counted: one limiter for users, one for servers. */
export type CallCounters = {
  readonly user: Pick<RateLimiterAbstract, "consume">;
  readonly guild: Pick<RateLimiterAbstract, "consume">;
};

/** Limits counted in this process's memory unless told; a counter that fails limits nobody. */
export function createCommandLimits(counters: CallCounters = { user: inMemory(USER_LIMIT), guild: inMemory(GUILD_LIMIT) }): CommandLimits {
  return {
    async take({ userId, guildId }) {
      const user = await secondsToWait(counters.user, userId);
      if (user > 0) return { whose: "user", retryAfterSeconds: user };
      const guild = guildId === undefined ? 0 : await secondsToWait(counters.guild, guildId);
      return guild > 0 ? { whose: "guild", retryAfterSeconds: guild } : undefined;
    },
  };
}

function inMemory({ calls, windowSeconds }: CallLimit): RateLimiterMemory {
  return new RateLimiterMemory({ points: calls, duration: windowSeconds });
}

/** 0 when a call was taken. */
async function secondsToWait(counter: CallCounters["user"], key: string): Promise<number> {
  try {
    await counter.consume(key);
    return 0;
  } catch (rejection) {
    return rejection instanceof RateLimiterRes ? Math.max(1, Math.ceil(rejection.msBeforeNext / 1_000)) : 0;
  }
}
