import { type Clock, systemClock } from "../process/clock.ts";
import type { Log } from "../process/log.ts";
import type { Metrics } from "../process/metrics.ts";
import type { DigestLedger, DigestSlot } from "../storage/digest-ledger.ts";
import type { GuildPresenceStore } from "../storage/guild-presence-store.ts";
import type { GuildSettings, GuildSettingsStore } from "../storage/guild-settings.ts";
import { addDays, HOUR_MS, MINUTE_MS, utcDay } from "../valuation/calendar.ts";
import type { DueTimes } from "./due.ts";
import { createDueFinder } from "./due-digests.ts";
import type { FinishedDates } from "./finished-dates.ts";
import type { DigestPoster } from "./poster.ts";
import type { DigestQueue } from "./queue.ts";
import { storedReason } from "./reason.ts";

/** Finds the digests that are due, every minute. */
export type DigestScheduler = {
  /** Runs a tick now, because the bot may have been down, and at every full minute from then on. */
  start(): void;
  /** Finds and enqueues what is due; never two ticks at a time. Never rejects. */
  tick(): Promise<void>;
  /** Stops ticking; resolves when a running tick has ended. */
  stop(): Promise<void>;
};

/** Options of {@link createDigestScheduler}. */
export type DigestSchedulerOptions = {
  readonly settings: Pick<GuildSettingsStore, "read" | "digestGuildIds">;
  readonly presence: Pick<GuildPresenceStore, "hasLeft">;
  readonly ledger: DigestLedger;
  readonly times: DueTimes;
  readonly finished: FinishedDates;
  readonly queue: DigestQueue;
  readonly poster: Pick<DigestPoster, "recover">;
  readonly metrics: Pick<Metrics, "digestCame">;
  readonly log: Log;
  readonly now: () => Date;
  readonly clock?: Pick<Clock, "after">;
};

/**
 * Yesterday's closes are published at about 00:10 UTC (CoinGecko's documentation of market_chart,
 * 2026-11).
 */
const CLOSES_KNOWN_AFTER_MS = 20 * MINUTE_MS;
/**
 * Paused digests retried in one minute: each retry takes four requests, of which 45 a second go
 * out.
 */
const MAX_RETRIES = 200;
/** How long the ledger is kept, in days. */
const DAYS_KEPT = 90;
/**
 * When a claim of a server that no longer has a digest is given up: no other slot of its date can
 * come by then.
 */
const ABANDONED_AFTER_MS = 72 * HOUR_MS;

const WAS_DOWN = storedReason({ why: "was-down" });
const GIVEN_UP = storedReason({ why: "switched-off" });

/**
 * Makes the scheduler. It relies on the wall clock and the ledger alone, so neither restarts nor
 * clock jumps confuse it.
 */
export function createDigestScheduler(options: DigestSchedulerOptions): DigestScheduler {
  const { settings, ledger, queue, poster, metrics, log, now, clock = systemClock } = options;
  const finder = createDueFinder(options);
  let running: Promise<void> | undefined;
  let recovering: Promise<void> = Promise.resolve();
  let preparedOn: string | undefined;
  let tidiedMs = Number.NEGATIVE_INFINITY;
  let cancelTimer = () => {};
  let isStopped = false;

  async function runOnce(): Promise<void> {
    const nowMs = now().getTime();
    const { due, retries, missed } = await finder.find(nowMs);
    if (missed.length > 0) await recordMissed(missed);
    await enqueue([...due, ...retries.slice(0, MAX_RETRIES)]);
    recovering = poster.recover();
    await prepare(nowMs);
    await tidy(nowMs);
  }

  async function recordMissed(missed: readonly DigestSlot[]): Promise<void> {
    await ledger.miss(missed, WAS_DOWN, now());
    finder.recordedAsMissed(missed);
    for (const _ of missed) metrics.digestCame("missed");
    log.warn(
      { digests: missed.length },
      "digests of days on which the bot was down are recorded as missed",
    );
  }

  async function enqueue(slots: readonly DigestSlot[]): Promise<void> {
    if (slots.length === 0) return;
    log.info({ digests: slots.length }, "digests are due");
    const ordered = slots
      .map((slot) => ({ slot, order: orderOf(slot, settings.read(slot.guildId)) }))
      .sort((a, b) => (a.order < b.order ? -1 : 1));
    await queue.add(ordered.map(({ slot }) => slot));
  }

  /** Has the day's closes fetched ahead of the posts, once they are published. */
  async function prepare(nowMs: number): Promise<void> {
    const today = utcDay(nowMs);
    if (preparedOn === today || nowMs % (24 * HOUR_MS) < CLOSES_KNOWN_AFTER_MS) return;
    preparedOn = today;
    await queue.prepare(today);
  }

  /** Gives up abandoned rows and deletes old ones, every hour. */
  async function tidy(nowMs: number): Promise<void> {
    if (Math.abs(nowMs - tidiedMs) < HOUR_MS) return;
    tidiedMs = nowMs;
    await ledger.missAbandoned(new Date(nowMs - ABANDONED_AFTER_MS), GIVEN_UP, now());
    await ledger.forgetBefore(addDays(utcDay(nowMs), -DAYS_KEPT));
  }

  function tick(): Promise<void> {
    running ??= runOnce()
      .catch((error: unknown) =>
        log.warn({ err: error }, "the digests could not be looked at: tried again in a minute"),
      )
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  /** Plans the next tick at a full minute of the wall clock, so that nothing drifts. */
  function planNext(): void {
    if (isStopped) return;
    cancelTimer = clock.after(
      MINUTE_MS - (now().getTime() % MINUTE_MS),
      () => void tick().then(planNext),
    );
  }

  return {
    start: () => void tick().then(planNext),
    tick,
    async stop() {
      isStopped = true;
      cancelTimer();
      await running;
      await recovering;
    },
  };
}

/**
 * Sorts the longest overdue first, and similar leaderboards together, so that their picture is
 * drawn once and reused.
 */
function orderOf(
  { dueAt }: DigestSlot,
  {
    digestCoins,
    digestEvery,
    stake,
    stakeCurrency,
    currency,
    carKey,
    carPrice,
    carPriceCurrency,
  }: GuildSettings,
): string {
  return JSON.stringify([
    dueAt,
    digestCoins,
    digestEvery,
    stake,
    stakeCurrency,
    currency,
    carKey,
    carPrice,
    carPriceCurrency,
  ]);
}
