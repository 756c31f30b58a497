import { backoffMs } from "../process/backoff.ts";
import { type Clock, systemClock } from "../process/clock.ts";
import type { Log } from "../process/log.ts";
import { HOUR_MS, MINUTE_MS } from "../valuation/calendar.ts";

/**
 * Each of the `max_concurrency` groups of shards may send one IDENTIFY in this time
 * (discord.com/developers/docs/events/gateway#rate-limiting, 2026-11).
 */
const GROUP_MS = 5_000;
/**
 * Pauses between one shard's IDENTIFYs within an hour: the longest allows 12 an hour, of 1,000 a
 * day.
 */
const SHARD_PAUSES = { firstMs: 5_000, longestMs: 5 * MINUTE_MS };
/**
 * How many of the day's session starts are used only after an hour's wait: repairing the bot takes
 * a few, and exceeding the limit resets the token.
 */
const LAST_STARTS = 5;
/** How long what Discord said about the limit is trusted. */
const LIMIT_KNOWN_MS = MINUTE_MS;
/** A log line is written for every this many IDENTIFYs within an hour. */
const WARN_EVERY = 10;

/** What `GET /gateway/bot` says about session starts. */
export type SessionStarts = {
  readonly total: number;
  readonly remaining: number;
  readonly resetAfterMs: number;
  readonly maxConcurrency: number;
};

/**
 * Decides when the bot may IDENTIFY, so that it never uses up Discord's limit of session starts,
 * whatever happens to connections and clients.
 */
export type IdentifyLimit = {
  /**
   * Resolves when this shard may send IDENTIFY, and counts it; rejects once `signal` aborts.
   * `askStarts` asks Discord for the limit, and resolves to undefined when Discord does not
   * respond.
   */
  acquire(
    shardId: number,
    options: { signal: AbortSignal; askStarts: () => Promise<SessionStarts | undefined> },
  ): Promise<void>;
  /** IDENTIFYs since the process started. */
  identifies(): number;
};

/** Makes the limit: one per process, because Discord counts all sessions of a bot together. */
export function createIdentifyLimit({
  log,
  clock = systemClock,
  random = Math.random,
}: {
  log: Log;
  clock?: Clock;
  random?: () => number;
}): IdentifyLimit {
  const atMsByShard = new Map<number, number[]>();
  const lastAtMsByGroup = new Map<number, number>();
  const notBeforeMsByShard = new Map<number, number>();
  let starts: (SessionStarts & { readonly atMs: number }) | undefined;
  let heldUntilMs: number | undefined;
  let identifies = 0;

  /** Updates `starts`: Discord's latest figure, less what has been used since. */
  async function refresh(askStarts: () => Promise<SessionStarts | undefined>): Promise<void> {
    if (starts !== undefined && clock.nowMs() - starts.atMs < LIMIT_KNOWN_MS) return;
    const told = await askStarts();
    const atMs = clock.nowMs();
    if (told !== undefined) starts = { ...told, atMs };
    // Discord does not respond, but the day of its last figure is over.
    else if (starts !== undefined && atMs - starts.atMs >= starts.resetAfterMs) starts = undefined;
  }

  /**
   * How long to wait before one of the last starts is used, in milliseconds; 0 when there are more,
   * or the wait is over.
   */
  function heldMs(nowMs: number): number {
    if (starts === undefined || starts.remaining > LAST_STARTS) {
      heldUntilMs = undefined;
      return 0;
    }
    const resetMs = Math.max(0, starts.atMs + starts.resetAfterMs - nowMs);
    if (heldUntilMs === undefined) {
      heldUntilMs = nowMs + Math.min(HOUR_MS, resetMs);
      const pauseMinutes = Math.ceil((heldUntilMs - nowMs) / MINUTE_MS);
      log.error(
        { sessionStartsLeft: starts.remaining, sessionStartsTotal: starts.total, pauseMinutes },
        "Nearly all of Discord's session starts are used up, and more would reset the token: the bot waits before it logs in again",
      );
    }
    // With none left, only the reset helps.
    if (starts.remaining <= 0) return Math.max(resetMs, heldUntilMs - nowMs);
    return Math.max(0, heldUntilMs - nowMs);
  }

  function pauseMs(shardId: number, nowMs: number): number {
    const groupAtMs = lastAtMsByGroup.get(shardId % (starts?.maxConcurrency ?? 1));
    const groupMs = groupAtMs === undefined ? 0 : groupAtMs + GROUP_MS - nowMs;
    return Math.max(groupMs, (notBeforeMsByShard.get(shardId) ?? 0) - nowMs, heldMs(nowMs));
  }

  function count(shardId: number, nowMs: number): void {
    identifies += 1;
    if (starts !== undefined) starts = { ...starts, remaining: starts.remaining - 1 };
    heldUntilMs = undefined;
    lastAtMsByGroup.set(shardId % (starts?.maxConcurrency ?? 1), nowMs);
    const recent = [
      ...(atMsByShard.get(shardId) ?? []).filter((atMs) => nowMs - atMs < HOUR_MS),
      nowMs,
    ];
    atMsByShard.set(shardId, recent);
    notBeforeMsByShard.set(shardId, nowMs + backoffMs(recent.length, SHARD_PAUSES, random));
    const inLastHour = [...atMsByShard.values()]
      .flat()
      .filter((atMs) => nowMs - atMs < HOUR_MS).length;
    if (inLastHour % WARN_EVERY === 0) {
      log.warn(
        { identifiesInLastHour: inLastHour, sessionStartsLeft: starts?.remaining },
        "The bot keeps having to log in to Discord anew: pauses grow, because a day has a limited number of logins",
      );
    }
  }

  return {
    identifies: () => identifies,
    async acquire(shardId, { signal, askStarts }) {
      for (;;) {
        await refresh(askStarts);
        signal.throwIfAborted();
        const nowMs = clock.nowMs();
        const waitMs = pauseMs(shardId, nowMs);
        if (waitMs <= 0) return count(shardId, nowMs);
        await pause(waitMs, signal, clock);
      }
    },
  };
}

function pause(ms: number, signal: AbortSignal, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    });
    signal.addEventListener("abort", onAbort, { once: true });
  });
}
