import { setImmediate as breathe } from "node:timers/promises";
import { type Clock, systemClock } from "../process/clock.ts";
import type { Log } from "../process/log.ts";
import type { Metrics } from "../process/metrics.ts";
import type { DigestLedger, DigestSlot } from "../storage/digest-ledger.ts";
import type { GuildPresenceStore } from "../storage/guild-presence-store.ts";
import type { GuildSettingsStore } from "../storage/guild-settings.ts";
import { addDays, HOUR_MS, MINUTE_MS, utcDay } from "../valuation/calendar.ts";
import {
  actionFor,
  type DigestPlan,
  type DueAction,
  type DueTimes,
  LATEST_POST_MS,
  openSlots,
  planOf,
  type Slot,
} from "./due.ts";
import { createFinishedDates, type FinishedDates } from "./finished-dates.ts";
import type { DigestPoster } from "./poster.ts";
import type { DigestQueue } from "./queue.ts";

/** Looks every minute which digests are due. */
export type DigestScheduler = {
  /** Looks now, because the bot may have been down, and at every full minute from then on. */
  start(): void;
  /** One look; never two at a time. Never rejects. */
  tick(): Promise<void>;
  /** Looks no more; resolves when a look that is going on is over. */
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
/** Servers looked at before other work gets its turn. */
const SERVERS_AT_ONCE = 500;
/** Servers whose rows are read by one query. */
const SERVERS_PER_QUERY = 200;
/**
 * Paused digests looked at again in one minute: each look is four requests, of which 45 a second go
 * out.
 */
const LOOKS_AT_ONCE = 200;
/** How long the ledger is kept, in days. */
const DAYS_KEPT = 90;
/**
 * When a claim of a server without a digest is given up: no other slot of its date can come any
 * more.
 */
const ABANDONED_AFTER_MS = 72 * HOUR_MS;

const WAS_DOWN = "The bot was not running, or not in this server, within six hours of its time.";
const GIVEN_UP = "The digest was switched off or moved before it was posted.";

type Decision = {
  readonly slot: DigestSlot;
  readonly action: DueAction;
  readonly lookedAt: string;
};
type Candidate = { readonly plan: DigestPlan; readonly slots: readonly Slot[] };

/**
 * Makes the minute tick. What it knows comes from the wall clock and the ledger alone, so neither
 * restarts nor jumps of the clock confuse it.
 */
export function createDigestScheduler(options: DigestSchedulerOptions): DigestScheduler {
  const {
    settings,
    presence,
    ledger,
    times,
    finished,
    queue,
    poster,
    metrics,
    log,
    now,
    clock = systemClock,
  } = options;
  let running: Promise<void> | undefined;
  let recovering: Promise<void> = Promise.resolve();
  let preparedOn: string | undefined;
  let tidiedMs = Number.NEGATIVE_INFINITY;
  let cancelTimer = () => {};
  let isStopped = false;
  const lostZones = new Set<string>();
  // Dates that nothing can become of while they are late; they are not late any more when the clock
  // is put back.
  const tooLate = createFinishedDates();

  async function look(): Promise<void> {
    const nowMs = now().getTime();
    const candidates = await openCandidates(nowMs);
    const missed: DigestSlot[] = [];
    const due: { readonly slot: DigestSlot; readonly order: string }[] = [];
    const looks: Decision[] = [];
    for (let from = 0; from < candidates.length; from += SERVERS_PER_QUERY) {
      const chunk = candidates.slice(from, from + SERVERS_PER_QUERY);
      for (const decision of await decide(chunk, nowMs)) {
        const { slot, action } = decision;
        if (action === "post" && decision.lookedAt !== "") looks.push(decision);
        else if (action === "post") due.push({ slot, order: orderOf(slot) });
        else missed.push(slot);
      }
      await breathe();
    }
    if (missed.length > 0) {
      await ledger.miss(missed, WAS_DOWN, now());
      for (const { guildId, localOn } of missed) {
        tooLate.add(guildId, localOn);
        metrics.digestCame("missed");
      }
      log.warn(
        { digests: missed.length },
        "digests of days on which the bot was down are recorded as missed",
      );
    }
    looks.sort((a, b) => (a.lookedAt < b.lookedAt ? -1 : 1));
    for (const { slot } of looks.slice(0, LOOKS_AT_ONCE)) due.push({ slot, order: orderOf(slot) });
    if (due.length > 0) {
      log.info({ digests: due.length }, "digests are due");
      await queue.add(due.sort((a, b) => (a.order < b.order ? -1 : 1)).map(({ slot }) => slot));
    }
    recovering = poster.recover();
    await prepare(nowMs);
    await tidy(nowMs);
  }

  /**
   * Puts the longest wait first, and what looks alike together: its picture is drawn once, as long
   * as it is remembered.
   */
  function orderOf({ guildId, dueAt }: DigestSlot): string {
    const { digestCoins, stake, stakeCurrency, currency, carKey, carPrice, carPriceCurrency } =
      settings.read(guildId);
    return JSON.stringify([
      dueAt,
      digestCoins,
      stake,
      stakeCurrency,
      currency,
      carKey,
      carPrice,
      carPriceCurrency,
    ]);
  }

  /** Servers with slots that may have to be posted or recorded. */
  async function openCandidates(nowMs: number): Promise<readonly Candidate[]> {
    const candidates: Candidate[] = [];
    for (const [at, guildId] of settings.digestGuildIds().entries()) {
      if (at % SERVERS_AT_ONCE === SERVERS_AT_ONCE - 1) await breathe();
      const plan = planOf(guildId, settings.read(guildId));
      if (plan === undefined || presence.hasLeft(guildId)) continue;
      if (!times.knowsZone(plan.zone)) {
        await tellLostZone(plan);
        continue;
      }
      const slots = openSlots(times, plan, nowMs).filter(
        ({ localOn, dueAtMs }) =>
          !finished.has(guildId, localOn) &&
          !queue.isPending(guildId, localOn) &&
          !(nowMs - dueAtMs > LATEST_POST_MS && tooLate.has(guildId, localOn)),
      );
      if (slots.length > 0) candidates.push({ plan, slots });
    }
    return candidates;
  }

  /**
   * A zone that was known when it was chosen, and is not any more: no digest comes until the admins
   * choose another.
   */
  async function tellLostZone({ guildId, channelId, zone }: DigestPlan): Promise<void> {
    if (lostZones.has(`${guildId} ${zone}`)) return;
    lostZones.add(`${guildId} ${zone}`);
    log.warn({ guildId, zone }, "a server's time zone is not known any more");
    await ledger.setTrouble(
      {
        guildId,
        channelId,
        reason: `The time zone ${zone} is not known any more: choose another.`,
      },
      now(),
    );
  }

  async function decide(
    candidates: readonly Candidate[],
    nowMs: number,
  ): Promise<readonly Decision[]> {
    const guildIds = candidates.map(({ plan }) => plan.guildId);
    const earliestOn =
      candidates.flatMap(({ slots }) => slots.map(({ localOn }) => localOn)).sort()[0] ??
      utcDay(nowMs);
    const entries = new Map(
      (await ledger.entries(guildIds, earliestOn)).map((entry) => [
        `${entry.guildId} ${entry.localOn}`,
        entry,
      ]),
    );
    const paused = [...entries.values()]
      .filter(({ state }) => state === "paused")
      .map(({ guildId }) => guildId);
    const troubles = new Map(
      (await ledger.troubles(paused)).map((trouble) => [trouble.guildId, trouble]),
    );
    return candidates.flatMap(({ plan: { guildId, channelId }, slots }) =>
      slots.flatMap((slot) => {
        const entry = entries.get(`${guildId} ${slot.localOn}`);
        const found = troubles.get(guildId);
        const trouble = found?.channelId === channelId ? found : undefined;
        const action = actionFor(slot, entry, { nowMs, channelId, trouble });
        if (action === undefined) {
          if (entry?.state === "sent") finished.add(guildId, slot.localOn);
          else if (entry?.state === "missed" || entry?.state === "paused")
            tooLate.add(guildId, slot.localOn);
          return [];
        }
        return [
          {
            action,
            // Longest ago first; empty for what is no second look.
            lookedAt: trouble !== undefined && entry?.state === "paused" ? entry.updatedAt : "",
            slot: {
              guildId,
              channelId,
              localOn: slot.localOn,
              dueAt: new Date(slot.dueAtMs).toISOString(),
            },
          },
        ];
      }),
    );
  }

  /** Has the day's closes fetched ahead of the posts, once they are published. */
  async function prepare(nowMs: number): Promise<void> {
    const today = utcDay(nowMs);
    if (preparedOn === today || nowMs % (24 * HOUR_MS) < CLOSES_KNOWN_AFTER_MS) return;
    preparedOn = today;
    await queue.prepare(today);
  }

  /** Every hour: rows that nobody comes back to, and rows that are too old. */
  async function tidy(nowMs: number): Promise<void> {
    if (Math.abs(nowMs - tidiedMs) < HOUR_MS) return;
    tidiedMs = nowMs;
    await ledger.missAbandoned(new Date(nowMs - ABANDONED_AFTER_MS), GIVEN_UP, now());
    await ledger.forgetBefore(addDays(utcDay(nowMs), -DAYS_KEPT));
  }

  function tick(): Promise<void> {
    running ??= look()
      .catch((error: unknown) =>
        log.warn({ err: error }, "the digests could not be looked at: tried again in a minute"),
      )
      .finally(() => {
        running = undefined;
      });
    return running;
  }

  /**
   * The next look, at a full minute of the wall clock: counted anew each time, so that nothing
   * drifts.
   */
  function plan(): void {
    if (isStopped) return;
    cancelTimer = clock.after(
      MINUTE_MS - (now().getTime() % MINUTE_MS),
      () => void tick().then(plan),
    );
  }

  return {
    start: () => void tick().then(plan),
    tick,
    async stop() {
      isStopped = true;
      cancelTimer();
      await running;
      await recovering;
    },
  };
}
