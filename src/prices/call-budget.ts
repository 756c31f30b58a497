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
  /** Shares the budget with every process that names it the same on this Redis. */
  readonly shared?: RedisPart | undefined;
};

/** While Redis is down each process goes on with this part of the budget: some may be running, and together they must not take it all twice. */
const ALONE_SHARE = 1 / 4;

/** Background work may use this part of each window at most, so that a person's question always finds a call left. */
const BACKGROUND_SHARE = 1 / 3;

const KEY = "calls";

/** Makes a budget of `calls` per window, of which background work gets a third: interactive questions never wait for it. */
export function createCallBudget({ calls, windowSeconds, shared }: CallBudgetOptions): CallBudget {
  const backgroundCalls = Math.max(1, Math.floor(calls * BACKGROUND_SHARE));
  const every = { windowSeconds, shared, aloneShare: ALONE_SHARE };
  const all = createLimiter({ ...every, what: "budget:all", calls });
  const background = createLimiter({ ...every, what: "budget:background", calls: backgroundCalls });

  let left = calls;
  /** Monotonic milliseconds at which the current window ends. */
  let windowEndsAt = 0;

  /** 0 when a call was taken, else the milliseconds until it is worth asking again. */
  async function tryTake(priority: Priority): Promise<number> {
    const window = await windowOf(all);
    // Background work's share is one of this window: a window of its own could straddle two of these, and take two shares of one.
    if (window === null || window.msBeforeNext <= 0) await background.delete(KEY).catch(() => undefined);
    for (const one of priority === "background" ? [background, all] : [all]) {
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
