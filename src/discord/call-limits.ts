import type { RedisPart } from "../process/redis.ts";
import {
  type CallWindow,
  createWindowLimiter,
  type Limit,
  secondsUntilEnd,
} from "../process/window-limiter.ts";
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

/**
 * Makes limits that count in this process's memory, or for all processes that share a part of a
 * Redis.
 */
export function createCallLimits(shared?: RedisPart): CallLimits {
  const user = createWindowLimiter({ ...USER_LIMIT, what: "limit:user", shared });
  const guild = createWindowLimiter({ ...GUILD_LIMIT, what: "limit:guild", shared });
  return {
    async take({ userId, guildId }) {
      const ofUser = secondsToWait(await user.count(userId));
      if (ofUser > 0) return { whose: "user", retryAfterSeconds: ofUser };
      if (guildId === undefined) return undefined;
      const ofGuild = secondsToWait(await guild.count(guildId));
      return ofGuild > 0 ? { whose: "guild", retryAfterSeconds: ofGuild } : undefined;
    },
  };
}

/** 0 within the limit. */
function secondsToWait(window: CallWindow): number {
  return window.isWithin ? 0 : secondsUntilEnd(window);
}
