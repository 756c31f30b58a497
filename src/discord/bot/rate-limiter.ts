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
  /** How many of the latest round trips tell how far away Discord is. */
  roundTrips: 100,
  /** What is known of the distance is forgotten after so long without a request. */
  roundTripsLastMs: 5_000,
  /** No place on earth is farther away: slower round trips are due to something that may end. */
  longestDistanceMs: 250,
  /** What one round trip may be quicker than the latest hundred. */
  distanceVariesMs: 10,
  /** The shortest round trip is the distance where one in ten takes at most this much longer. */
  steadyWithinMs: 50,
} as const;

const WINDOW_MS = 1_000;

/**
 * How far away Discord is: the shortest of the latest round trips, in milliseconds, and a little
 * less. Nothing that is sent now can arrive so soon, and be answered, that it takes less.
 */
class Distance {
  readonly #roundTripsMs: number[] = [];
  #knownMs = 0;
  #latestAtMs = Number.NEGATIVE_INFINITY;

  add(roundTripMs: number, atMs: number): void {
    const { roundTrips, longestDistanceMs, distanceVariesMs, steadyWithinMs } = REQUEST_PACE;
    this.at(atMs);
    this.#latestAtMs = atMs;
    this.#roundTripsMs.push(roundTripMs);
    if (this.#roundTripsMs.length > roundTrips) this.#roundTripsMs.shift();
    const sorted = [...this.#roundTripsMs].sort((a, b) => a - b);
    const [shortestMs = 0, tenthMs = 0] = [sorted[0], sorted[roundTrips / 10]];
    // A network that stalls may hold up everything for a while, and some things longer than others.
    const isSteady = sorted.length >= roundTrips && tenthMs - shortestMs <= steadyWithinMs;
    const distanceMs = Math.min(longestDistanceMs, shortestMs) - distanceVariesMs;
    this.#knownMs = isSteady ? Math.max(0, distanceMs) : 0;
  }

  /** 0 while it is not known. */
  at(nowMs: number): number {
    if (nowMs - this.#latestAtMs > REQUEST_PACE.roundTripsLastMs) {
      this.#roundTripsMs.length = 0;
      this.#knownMs = 0;
    }
    return this.#knownMs;
  }
}

type Waiter = { readonly untilMs: number; grant(): void; giveUp(): void };

/**
 * Makes the rate limiter of one process. We do not know when Discord's windows begin, and a request
 * arrives at some point between being sent and its response, so each request is held until a second
 * after its response, less the {@link Distance}: what is sent then takes its part of that to
 * arrive, and the response took the other. With at most 50 held, no window can have received 51,
 * whatever the delays; windows of our own could put two bursts into one of Discord's. Bulk requests
 * are also spread evenly over each second.
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
  // When requests that are still held had their response, soonest first.
  const answeredAtMs: Record<RequestPriority, number[]> = { person: [], bulk: [] };
  const distance = new Distance();
  // When the last bulk requests were sent, oldest first, at most `bulkPerSecond` of them.
  const bulkSentAtMs: number[] = [];
  let nextBulkAtMs = Number.NEGATIVE_INFINITY;
  let cancelWake = () => {};

  const held = (priority: RequestPriority) => inFlight[priority] + answeredAtMs[priority].length;
  // From another continent (120 ms) a wave goes out 12 % faster than without the distance.
  const heldForMs = (nowMs: number) => WINDOW_MS - distance.at(nowMs);

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
    const freeFromMs = nowMs - heldForMs(nowMs);
    for (const times of [answeredAtMs.person, answeredAtMs.bulk])
      while (times[0] !== undefined && times[0] <= freeFromMs) times.shift();
    const isFree = () => held("person") + held("bulk") < requestsPerSecond;
    while (isFree() && isWanted("person", nowMs)) grant("person", nowMs);
    while (isFree() && held("bulk") < bulkHeld && bulkPaceMs() <= nowMs && isWanted("bulk", nowMs))
      grant("bulk", nowMs);
    const wakeAtMs = nextChangeMs(nowMs);
    if (wakeAtMs !== undefined) cancelWake = clock.after(Math.max(1, wakeAtMs - nowMs), pump);
  }

  function nextChangeMs(nowMs: number): number | undefined {
    if (waiting.person.length + waiting.bulk.length === 0) return undefined;
    const times = [answeredAtMs.person[0], answeredAtMs.bulk[0]].map((atMs) =>
      atMs === undefined ? undefined : atMs + heldForMs(nowMs),
    );
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
            const grantedAtMs = clock.nowMs();
            let isOver = false;
            resolve(() => {
              if (isOver) return;
              isOver = true;
              inFlight[priority] -= 1;
              const nowMs = clock.nowMs();
              distance.add(nowMs - grantedAtMs, nowMs);
              answeredAtMs[priority].push(nowMs);
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
