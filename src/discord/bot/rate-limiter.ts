import { type Clock, systemClock } from "../../process/clock.ts";

/** `person`: somebody is waiting for the result. `bulk`: one of many background requests. */
export type RequestPriority = "person" | "bulk";

/** Spaces the requests that carry the bot's token, so that Discord never has to refuse one. */
export type RateLimiter = {
  /**
   * Waits until one request may be sent: `person` before `bulk`, otherwise first come, first
   * served. Resolves to the function to call once the request is over, or to undefined when the
   * wait would exceed `maxWaitMs`.
   */
  acquire(priority: RequestPriority, maxWaitMs: number): Promise<(() => void) | undefined>;
};

/** How many requests one bot may send. */
export const REQUEST_PACE = {
  /**
   * Discord's limit for one bot, in fixed windows of a second
   * (discord.com/developers/docs/topics/rate-limits#global-rate-limit, 2026-11).
   */
  requestsPerSecond: 50,
  /**
   * How many of these bulk requests may hold at once, so that a person's request need not wait for
   * all of them.
   */
  bulkHeld: 48,
  bulkPerSecond: 45,
  /**
   * How many bulk requests may be sent in a burst after a late timer, so that late timers do not
   * cost throughput.
   */
  bulkCatchUp: 5,
} as const;

const WINDOW_MS = 1_000;

type Waiter = { readonly untilMs: number; grant(): void; giveUp(): void };

/**
 * Makes the rate limiter of one process. We do not know when Discord's windows begin, and a request
 * arrives at some point between being sent and its response, so each request is held until a second
 * after its response. With at most 50 held, no window can have received 51, whatever the delays;
 * windows of our own could put two bursts into one of Discord's. Bulk requests are also spread
 * evenly over each second.
 */
export function createRateLimiter(
  options: {
    requestsPerSecond?: number;
    bulkHeld?: number;
    bulkPerSecond?: number;
    clock?: Clock;
  } = {},
): RateLimiter {
  const { requestsPerSecond, bulkHeld, bulkPerSecond, bulkCatchUp } = {
    ...REQUEST_PACE,
    ...options,
  };
  const { clock = systemClock } = options;
  const spacingMs = WINDOW_MS / bulkPerSecond;
  const waiting: Record<RequestPriority, Waiter[]> = { person: [], bulk: [] };
  const inFlight: Record<RequestPriority, number> = { person: 0, bulk: 0 };
  // When requests that have a response stop counting, soonest first.
  const freeAtMs: Record<RequestPriority, number[]> = { person: [], bulk: [] };
  // When the last bulk requests were sent, oldest first, at most `bulkPerSecond` of them.
  const bulkSentAtMs: number[] = [];
  let nextBulkAtMs = Number.NEGATIVE_INFINITY;
  let cancelWake = () => {};

  const held = (priority: RequestPriority) => inFlight[priority] + freeAtMs[priority].length;

  /** The earliest time at which the pace of bulk requests allows the next one. */
  const bulkPaceMs = () => {
    const oldest = bulkSentAtMs.length < bulkPerSecond ? undefined : bulkSentAtMs[0];
    return Math.max(
      nextBulkAtMs,
      oldest === undefined ? Number.NEGATIVE_INFINITY : oldest + WINDOW_MS,
    );
  };

  function grant(priority: RequestPriority, nowMs: number): void {
    inFlight[priority] += 1;
    if (priority === "bulk") {
      nextBulkAtMs = Math.max(nextBulkAtMs, nowMs - bulkCatchUp * spacingMs) + spacingMs;
      bulkSentAtMs.push(nowMs);
      if (bulkSentAtMs.length > bulkPerSecond) bulkSentAtMs.shift();
    }
    waiting[priority].shift()?.grant();
  }

  /**
   * Whether a request is waiting. After the process was suspended, timers fire in any order: a
   * waiter that should have given up by now is not granted anything.
   */
  function isWanted(priority: RequestPriority, nowMs: number): boolean {
    for (;;) {
      const first = waiting[priority][0];
      if (first === undefined || first.untilMs >= nowMs) return first !== undefined;
      first.giveUp();
    }
  }

  /** Grants what can be granted now, and runs again when more can. */
  function pump(): void {
    cancelWake();
    const nowMs = clock.nowMs();
    for (const times of [freeAtMs.person, freeAtMs.bulk])
      while (times[0] !== undefined && times[0] <= nowMs) times.shift();
    const isFree = () => held("person") + held("bulk") < requestsPerSecond;
    while (isFree() && isWanted("person", nowMs)) grant("person", nowMs);
    while (isFree() && held("bulk") < bulkHeld && bulkPaceMs() <= nowMs && isWanted("bulk", nowMs))
      grant("bulk", nowMs);
    const wakeAtMs = nextChangeMs(nowMs);
    if (wakeAtMs !== undefined) cancelWake = clock.after(Math.max(1, wakeAtMs - nowMs), pump);
  }

  function nextChangeMs(nowMs: number): number | undefined {
    if (waiting.person.length + waiting.bulk.length === 0) return undefined;
    const times = [freeAtMs.person[0], freeAtMs.bulk[0]];
    if (waiting.bulk.length > 0) times.push(bulkPaceMs());
    // When none of these lies ahead, everything held is in flight, and each release pumps again.
    return times
      .filter((time) => time !== undefined && time > nowMs)
      .sort((a = 0, b = 0) => a - b)[0];
  }

  return {
    acquire(priority, maxWaitMs) {
      return new Promise((resolve) => {
        let cancelGiveUp = () => {};
        const waiter: Waiter = {
          untilMs: clock.nowMs() + maxWaitMs,
          giveUp() {
            cancelGiveUp();
            waiting[priority].splice(waiting[priority].indexOf(waiter), 1);
            resolve(undefined);
          },
          grant() {
            cancelGiveUp();
            let isOver = false;
            resolve(() => {
              if (isOver) return;
              isOver = true;
              inFlight[priority] -= 1;
              freeAtMs[priority].push(clock.nowMs() + WINDOW_MS);
              pump();
            });
          },
        };
        // If nothing was waiting, there is nothing to catch up on.
        if (priority === "bulk" && waiting.bulk.length === 0)
          nextBulkAtMs = Math.max(nextBulkAtMs, clock.nowMs());
        waiting[priority].push(waiter);
        pump();
        if (waiting[priority].includes(waiter))
          cancelGiveUp = clock.after(maxWaitMs, waiter.giveUp);
      });
    },
  };
}
