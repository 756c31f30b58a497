import { setTimeout as wait } from "node:timers/promises";
import type { RedisPart } from "../../process/redis.ts";
import { createWindowLimiter } from "../../process/window-limiter.ts";
import type { Priority } from "../price-source.ts";

/**
 * A rate limiter for the calls of one source, shared by everything in this process, or in all
 * processes on one Redis.
 */
export type CallBudget = {
  /**
   * Acquires one call, waiting for the next window when the budget is used up. Resolves false when
   * that would take longer than `maxWaitMs`, or when `signal` aborts first: the call must not be
   * made then.
   */
  acquire(priority: Priority, maxWaitMs: number, signal: AbortSignal): Promise<boolean>;
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
  /** The part of a window that anybody on the web may use; a third by default. */
  readonly anonymousShare?: number;
  /**
   * The part of a window that background work may use while no member has asked anything for some
   * seconds; a third by default.
   */
  readonly quietShare?: number;
  /**
   * Spreads the calls of a window in this process: so many at once after a pause, then so many a
   * second.
   */
  readonly burst?: { readonly calls: number; readonly perSecond: number };
  /** Shares the budget with every process that names it the same on this Redis. */
  readonly shared?: RedisPart | undefined;
};

/**
 * The part of the budget that each process goes on with while Redis is down: several may be
 * running, and together they must not exceed it.
 */
const ALONE_SHARE = 1 / 4;

/**
 * The part of each window that anybody but Discord's members may use, so that members always find a
 * call left.
 */
const OTHERS_SHARE = 1 / 3;

/**
 * A member who asked is likely to need more calls soon: for this long background work keeps to its
 * smaller share.
 */
const QUIET_AFTER_MS = 10_000;

const KEY = "calls";

/**
 * Makes a budget of `calls` per window, of which background work and the web get a third each at
 * most: Discord's members never wait for them.
 */
export function createCallBudget(options: CallBudgetOptions): CallBudget {
  const {
    calls,
    windowSeconds,
    anonymousShare = OTHERS_SHARE,
    quietShare = OTHERS_SHARE,
    burst,
    shared,
  } = options;
  const reserve = burst === undefined ? () => 0 : createSpacing(burst);
  const every = { windowSeconds, shared, aloneShare: ALONE_SHARE };
  const all = createWindowLimiter({ ...every, what: "budget:all", calls });
  const callsOf = (part: number) => Math.max(1, Math.floor(calls * part));
  const shareOf = (who: "background" | "anonymous", part: number) =>
    createWindowLimiter({ ...every, what: `budget:${who}`, calls: callsOf(part) });
  const shares = {
    background: shareOf("background", Math.max(quietShare, OTHERS_SHARE)),
    anonymous: shareOf("anonymous", anonymousShare),
  };

  let left = calls;
  /** Monotonic milliseconds at which the current window ends. */
  let windowEndsAt = 0;
  /** Monotonic milliseconds of the latest call for a member. */
  let memberAskedAt = Number.NEGATIVE_INFINITY;

  /** Calls of this window that a priority may use now. */
  function shareNow(priority: Exclude<Priority, "interactive">): number {
    const isQuiet = performance.now() - memberAskedAt > QUIET_AFTER_MS;
    if (priority === "anonymous") return callsOf(anonymousShare);
    return callsOf(isQuiet ? Math.max(quietShare, OTHERS_SHARE) : OTHERS_SHARE);
  }

  /** 0 when a call was acquired, else the milliseconds until it is worth trying again. */
  async function tryAcquire(priority: Priority): Promise<number> {
    const window = await all.windowOf(KEY);
    // Shares start over with each window: a share with a window of its own could straddle two of
    // these and be used twice in one.
    if (window === undefined || window.endsInMs <= 0)
      await Promise.all(Object.values(shares).map((share) => share.reset(KEY)));
    if (priority === "interactive") memberAskedAt = performance.now();
    for (const limiter of priority === "interactive" ? [all] : [shares[priority], all]) {
      const taken = await limiter.count(KEY);
      if (limiter === all) {
        left = taken.callsLeft;
        windowEndsAt = performance.now() + taken.endsInMs;
      }
      const isOverShare =
        limiter !== all && priority !== "interactive" && taken.calls > shareNow(priority);
      if (!taken.isWithin || isOverShare)
        return Math.max(1, Math.min(taken.endsInMs, window?.endsInMs ?? taken.endsInMs));
    }
    return 0;
  }

  return {
    async acquire(priority, maxWaitMs, signal) {
      const giveUpAt = performance.now() + maxWaitMs;
      for (;;) {
        if (signal.aborted) return false;
        const windowMs = await tryAcquire(priority);
        const waitMs = windowMs === 0 ? reserve(performance.now()) : windowMs;
        if (waitMs > 0 && !(await waited(waitMs, giveUpAt, signal))) return false;
        if (windowMs === 0) return true;
      }
    },
    state: () => ({
      callsLeft: performance.now() < windowEndsAt ? left : calls,
      callsPerWindow: calls,
      windowSeconds,
    }),
  };
}

/** Waits; false when that would take too long, or when `signal` aborts first. */
async function waited(waitMs: number, giveUpAt: number, signal: AbortSignal): Promise<boolean> {
  if (performance.now() + waitMs > giveUpAt) return false;
  try {
    await wait(waitMs, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

/**
 * Reserves calls at monotonic times and returns how many milliseconds each has to wait: none for
 * the first `calls` after a pause, then `perSecond` go out evenly spaced.
 */
function createSpacing({
  calls,
  perSecond,
}: NonNullable<CallBudgetOptions["burst"]>): (nowMs: number) => number {
  const spaceMs = 1_000 / perSecond;
  let nextAt = Number.NEGATIVE_INFINITY;
  return (nowMs) => {
    const at = Math.max(nextAt, nowMs - (calls - 1) * spaceMs);
    nextAt = at + spaceMs;
    return Math.max(0, at - nowMs);
  };
}
