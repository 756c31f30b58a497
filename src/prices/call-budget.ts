import { setTimeout as wait } from "node:timers/promises";
import { type RateLimiterAbstract, RateLimiterRes } from "rate-limiter-flexible";
import { createLimiter } from "../limiter.ts";
import type { RedisPart } from "../redis.ts";
import type { Priority } from "./price-source.ts";

/** How many calls one provider may get, shared by everything in this process, or in all processes on one Redis. */
export type CallBudget = {
  /**
   * Takes one call from the budget, waiting for the next window when it is used up. Resolves false when that would take longer
   * than `maxWaitMs`, or when `signal` aborts first: the call must not be made then.
   */
  take(priority: Priority, maxWaitMs: number, signal: AbortSignal): Promise<boolean>;
  /** What is left now, from memory. */
  state(): BudgetState;
};

/** How far a budget is used up. */
export type BudgetState = {
  /** Calls left in the current window. */
  readonly callsLeft: number;
  readonly callsPerWindow: number;
  readonly windowSeconds: number;
};

/** Options of {@link createCallBudget}. */
export type CallBudgetOptions = {
  /** Calls in one window. */
  readonly calls: number;
  /** Length of a window, in seconds. */
  readonly windowSeconds: number;
  /** The part of a window that anybody on the web may use; a third unless told. */
  readonly anonymousShare?: number;
  /** Shares the budget with every process that names it the same on this Redis. */
  readonly shared?: RedisPart | undefined;
};

/** While Redis is down each process goes on with this part of the budget: some may be running, and together they must not take it all twice. */
const ALONE_SHARE = 1 / 4;

/** What others than Discord's members may use of each window at most, so that their questions always find a call left. */
const OTHERS_SHARE = 1 / 3;

const KEY = "calls";

/** Makes a budget of `calls` per window, of which background work and the web get a third each at most: Discord's members never wait for them. */
export function createCallBudget({ calls, windowSeconds, anonymousShare = OTHERS_SHARE, shared }: CallBudgetOptions): CallBudget {
  const every = { windowSeconds, shared, aloneShare: ALONE_SHARE };
  const all = createLimiter({ ...every, what: "budget:all", calls });
  const shareOf = (who: "background" | "anonymous", part: number) =>
    createLimiter({ ...every, what: `budget:${who}`, calls: Math.max(1, Math.floor(calls * part)) });
  const shares = { background: shareOf("background", OTHERS_SHARE), anonymous: shareOf("anonymous", anonymousShare) };

  let left = calls;
  /** Monotonic milliseconds at which the current window ends. */
  let windowEndsAt = 0;

  /** 0 when a call was taken, else the milliseconds until it is worth asking again. */
  async function tryTake(priority: Priority): Promise<number> {
    const window = await windowOf(all);
    // A share is one of this window: a window of its own could straddle two of these, and take two shares of one.
    if (window === null || window.msBeforeNext <= 0) {
      await Promise.all(Object.values(shares).map((share) => share.delete(KEY).catch(() => undefined)));
    }
    for (const one of priority === "interactive" ? [all] : [shares[priority], all]) {
      const { waitMs, remainingPoints, msBeforeNext } = await tryConsume(one);
      if (one === all) {
        left = remainingPoints;
        windowEndsAt = performance.now() + msBeforeNext;
      }
      if (waitMs > 0) return Math.max(1, Math.min(waitMs, window?.msBeforeNext ?? waitMs));
    }
    return 0;
  }

  return {
    async take(priority, maxWaitMs, signal) {
      const giveUpAt = performance.now() + maxWaitMs;
      for (;;) {
        if (signal.aborted) return false;
        const waitMs = await tryTake(priority);
        if (waitMs === 0) return true;
        if (performance.now() + waitMs > giveUpAt) return false;
        try {
          await wait(waitMs, undefined, { signal });
        } catch {
          return false;
        }
      }
    },
    state: () => ({ callsLeft: performance.now() < windowEndsAt ? left : calls, callsPerWindow: calls, windowSeconds }),
  };
}

/** The current window; null when none has begun, or when Redis cannot be asked. */
async function windowOf(all: RateLimiterAbstract): Promise<RateLimiterRes | null> {
  try {
    return await all.get(KEY);
  } catch {
    return null;
  }
}

/** `waitMs` is 0 when a call was taken, else the milliseconds until the next window. */
async function tryConsume(limiter: RateLimiterAbstract): Promise<{ waitMs: number; remainingPoints: number; msBeforeNext: number }> {
  try {
    const { remainingPoints, msBeforeNext } = await limiter.consume(KEY);
    return { waitMs: 0, remainingPoints, msBeforeNext };
  } catch (rejection) {
    if (!(rejection instanceof RateLimiterRes)) throw rejection;
    const { msBeforeNext } = rejection;
    return { waitMs: Math.max(1, msBeforeNext), remainingPoints: 0, msBeforeNext };
  }
}
