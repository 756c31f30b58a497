import { type Clock, systemClock } from "../../process/clock.ts";

/** `person`: somebody waits for it. `bulk`: one of many that nobody watches. */
export type TurnPriority = "person" | "bulk";

/**
 * Whose turn it is to send a request with the bot's token, so that Discord never has to refuse one.
 */
export type RequestTurns = {
  /**
   * Waits until one request may be sent; people go first, otherwise first come, first served.
   * Resolves to the function to call once the request is over, or to undefined when that took
   * longer than `maxWaitMs`.
   */
  take(priority: TurnPriority, maxWaitMs: number): Promise<(() => void) | undefined>;
};

/** How many requests a bot may send. */
export const REQUEST_PACE = {
  /**
   * Discord's limit for one bot, in fixed windows of a second
   * (discord.com/developers/docs/topics/rate-limits#global-rate-limit, 2026-11).
   */
  requestsPerSecond: 50,
  /** Of these, what bulk work may hold at once: a person's request never waits for all of it. */
  bulkHeld: 48,
  bulkPerSecond: 45,
  /**
   * How many bulk requests may follow at once when they come late, so that late timers do not cost
   * throughput.
   */
  bulkCatchUp: 5,
} as const;

const WINDOW_MS = 1_000;

type Waiter = { readonly untilMs: number; grant(): void; giveUp(): void };

/**
 * Makes turns for one process. Where Discord's windows begin is not known here, and a request
 * arrives some time between its sending and its answer: so each one is held until a second after
 * its answer. With at most 50 held, no window can have got 51, whatever the delays; counting by
 * windows of our own could put two bursts into one of Discord's. Bulk requests are also spread
 * evenly over each second.
 */
export function createRequestTurns(
  options: {
    requestsPerSecond?: number;
    bulkHeld?: number;
    bulkPerSecond?: number;
    clock?: Clock;
  } = {},
): RequestTurns {
  const { requestsPerSecond, bulkHeld, bulkPerSecond, bulkCatchUp } = {
    ...REQUEST_PACE,
    ...options,
  };
  const { clock = systemClock } = options;
  const spacingMs = WINDOW_MS / bulkPerSecond;
  const waiting: Record<TurnPriority, Waiter[]> = { person: [], bulk: [] };
  const inFlight: Record<TurnPriority, number> = { person: 0, bulk: 0 };
  // When those that were answered stop counting, soonest first.
  const freeAtMs: Record<TurnPriority, number[]> = { person: [], bulk: [] };
  // When the last bulk requests were sent, oldest first, at most `bulkPerSecond` of them.
  const bulkSentAtMs: number[] = [];
  let nextBulkAtMs = Number.NEGATIVE_INFINITY;
  let cancelWake = () => {};

  const held = (priority: TurnPriority) => inFlight[priority] + freeAtMs[priority].length;

  /** When a bulk request may go at the earliest, as far as its own pace goes. */
  const bulkPaceMs = () => {
    const oldest = bulkSentAtMs.length < bulkPerSecond ? undefined : bulkSentAtMs[0];
    return Math.max(
      nextBulkAtMs,
      oldest === undefined ? Number.NEGATIVE_INFINITY : oldest + WINDOW_MS,
    );
  };

  function grant(priority: TurnPriority, nowMs: number): void {
    inFlight[priority] += 1;
    if (priority === "bulk") {
      nextBulkAtMs = Math.max(nextBulkAtMs, nowMs - bulkCatchUp * spacingMs) + spacingMs;
      bulkSentAtMs.push(nowMs);
      if (bulkSentAtMs.length > bulkPerSecond) bulkSentAtMs.shift();
    }
    waiting[priority].shift()?.grant();
  }

  /**
   * Whether somebody waits. After a stop of the process, timers go off in any order: who should
   * have given up before gets no turn.
   */
  function isWanted(priority: TurnPriority, nowMs: number): boolean {
    for (;;) {
      const first = waiting[priority][0];
      if (first === undefined || first.untilMs >= nowMs) return first !== undefined;
      first.giveUp();
    }
  }

  /** Gives out what can be given, and comes back when more can. */
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
    // When nothing of this lies ahead, all that is held is in flight, and its end pumps again.
    return times
      .filter((time) => time !== undefined && time > nowMs)
      .sort((a = 0, b = 0) => a - b)[0];
  }

  return {
    take(priority, maxWaitMs) {
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
        // Where nothing was waiting, nothing is late.
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
