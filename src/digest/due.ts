import type { DigestEntry, DigestTrouble } from "../storage/digest-ledger.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { DAY_MS } from "../valuation/calendar.ts";
import { isDayOf, type Rhythm, rhythmOf } from "./rhythm.ts";
import { nextRetryMs, pausedSinceMs } from "./trouble.ts";
import { zoneData } from "./zone-data.ts";
import type { OffsetSpan, ZoneData } from "./zone-spans.ts";

/**
 * A digest that is late by more than this is no longer posted, in milliseconds: a morning digest is
 * no use at night.
 */
export const LATEST_POST_MS = 6 * 3_600_000;

/** How far back missed days are recorded, in days. */
const MISSED_DAYS_KEPT = 7;

/** No lookup reaches further than this from its instant. */
const REACH_MS = (MISSED_DAYS_KEPT + 5) * DAY_MS;

/** The digest time of a server that has not chosen one. */
export const DEFAULT_DIGEST_TIME = "09:00";

/** The zone of a server that has not chosen one. */
export const DEFAULT_DIGEST_ZONE = "UTC";

/** A local date (YYYY-MM-DD) and the instant at which its digest is due. */
export type Slot = {
  readonly localOn: string;
  readonly dueAtMs: number;
};

/** When one server wants its digest. */
export type DigestPlan = {
  readonly guildId: string;
  readonly channelId: string;
  /** IANA time zone. */
  readonly zone: string;
  /** Wall time, `HH:MM`. */
  readonly time: string;
  /** On which local dates. */
  readonly rhythm: Rhythm;
  /**
   * Slots before this instant are ignored: they had passed when the digest was enabled or moved.
   * Null when none are.
   */
  readonly sinceMs: number | null;
};

/** What to do with a slot now: post it, or record it as missed. */
export type DueAction = "post" | "miss";

/** The part of a ledger row that decides what to do with a slot. */
export type KnownEntry = Pick<
  DigestEntry,
  "state" | "channelId" | "leaseUntil" | "mayBePosted" | "updatedAt"
>;

/**
 * Turns wall times into instants. Remembers offsets and slots, so that asking about thousands of
 * servers every minute is cheap.
 */
export type DueTimes = {
  /** False for an unknown zone; the other methods find nothing for it. */
  knowsZone(zone: string): boolean;
  /** The slots that were due in the week up to an instant, newest first. */
  recent(zone: string, time: string, atMs: number): readonly Slot[];
  /** The first slot that is due after an instant. */
  next(zone: string, time: string, atMs: number): Slot | undefined;
  /** The local date of an instant, YYYY-MM-DD. */
  localOn(zone: string, atMs: number): string | undefined;
};

/** A zone's offsets from UTC around an instant, and when they change. */
type Offsets = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly spans: readonly OffsetSpan[];
};

type SlotsAround = {
  readonly recent: readonly Slot[];
  readonly latestMs: number;
  readonly next: Slot;
};

/** Makes due times, which depend only on their arguments and the zone data. */
export function createDueTimes(data: ZoneData = zoneData()): DueTimes {
  const offsets = new Map<string, Offsets | null>();
  const slots = new Map<string, SlotsAround>();

  function offsetsOf(zone: string, atMs: number): Offsets | null {
    const known = offsets.get(zone);
    if (
      known === null ||
      (known !== undefined && known.fromMs + REACH_MS <= atMs && atMs <= known.toMs - REACH_MS)
    )
      return known;
    const read = readOffsets(data, zone, atMs);
    offsets.set(zone, read);
    return read;
  }

  function around(zone: string, time: string, atMs: number): SlotsAround | undefined {
    const key = `${time} ${zone}`;
    const known = slots.get(key);
    if (known !== undefined && known.latestMs <= atMs && atMs < known.next.dueAtMs) return known;
    const zoneOffsets = offsetsOf(zone, atMs);
    if (zoneOffsets === null) return undefined;
    const todayMs = Math.floor((atMs + offsetAt(zoneOffsets, atMs)) / DAY_MS) * DAY_MS;
    const recent: Slot[] = [];
    // Two more days either way: a whole date may be missing, and a date's slot may lie in the next
    // date.
    for (
      let dayMs = todayMs - (MISSED_DAYS_KEPT + 2) * DAY_MS;
      dayMs <= todayMs + 2 * DAY_MS;
      dayMs += DAY_MS
    ) {
      const slot = slotOf(zoneOffsets, dayMs, time);
      if (slot === undefined) continue;
      if (slot.dueAtMs <= atMs) {
        recent.unshift(slot);
      } else {
        const found = { recent, latestMs: recent[0]?.dueAtMs ?? atMs, next: slot };
        slots.set(key, found);
        return found;
      }
    }
    return undefined;
  }

  return {
    knowsZone: (zone) => (offsets.get(zone) ?? offsetsOf(zone, 0)) !== null,
    recent: (zone, time, atMs) => around(zone, time, atMs)?.recent ?? [],
    next: (zone, time, atMs) => around(zone, time, atMs)?.next,
    localOn(zone, atMs) {
      const zoneOffsets = offsetsOf(zone, atMs);
      return zoneOffsets === null ? undefined : dateOf(atMs + offsetAt(zoneOffsets, atMs));
    },
  };
}

/** When and where a server gets its digest; undefined when it is switched off or has no channel. */
export function planOf(guildId: string, chosen: GuildSettings): DigestPlan | undefined {
  if (chosen.digestEnabled !== true || chosen.digestChannelId === null) return undefined;
  return {
    guildId,
    channelId: chosen.digestChannelId,
    zone: chosen.digestZone ?? DEFAULT_DIGEST_ZONE,
    time: chosen.digestTime ?? DEFAULT_DIGEST_TIME,
    rhythm: rhythmOf(chosen.digestEvery),
    sinceMs: chosen.digestSince === null ? null : Date.parse(chosen.digestSince),
  };
}

/**
 * A server's slots that may still matter at an instant, newest first: on the days of its rhythm, at
 * most a week old, and not from before the digest was enabled.
 */
export function openSlots(times: DueTimes, plan: DigestPlan, nowMs: number): readonly Slot[] {
  const earliestMs = Math.max(plan.sinceMs ?? 0, nowMs - MISSED_DAYS_KEPT * DAY_MS);
  return times
    .recent(plan.zone, plan.time, nowMs)
    .filter(({ localOn, dueAtMs }) => dueAtMs >= earliestMs && isDayOf(plan.rhythm, localOn));
}

/**
 * What to do with a due slot, given its ledger row: post it within six hours, or else record it as
 * missed, once. Nothing for a row that is final, that a worker holds, or that is in `sending`,
 * which only Discord can resolve. A paused slot is posted when the server's trouble is over, when
 * its channel has changed, or when a retry is due. `trouble` is the current channel's.
 */
export function actionFor(
  slot: Slot,
  entry: KnownEntry | undefined,
  current: {
    readonly nowMs: number;
    readonly channelId: string;
    readonly trouble: DigestTrouble | undefined;
  },
): DueAction | undefined {
  const isInTime = current.nowMs - slot.dueAtMs <= LATEST_POST_MS;
  switch (entry?.state) {
    case undefined:
      return isInTime ? "post" : "miss";
    case "claimed":
      if (entry.leaseUntil !== null && Date.parse(entry.leaseUntil) > current.nowMs)
        return undefined;
      return isInTime ? "post" : "miss";
    case "paused":
      return isInTime && (entry.channelId !== current.channelId || isRetryDue(slot, entry, current))
        ? "post"
        : undefined;
    case "missed":
      // It was too late by a clock that has since been set back.
      return isInTime && !entry.mayBePosted ? "post" : undefined;
    case "sending":
    case "sent":
    case "quiet":
      return undefined;
  }
}

function isRetryDue(
  { dueAtMs }: Slot,
  { updatedAt }: KnownEntry,
  { nowMs, trouble }: { readonly nowMs: number; readonly trouble: DigestTrouble | undefined },
): boolean {
  if (trouble === undefined) return true;
  const nextMs = nextRetryMs(trouble, pausedSinceMs(trouble, dueAtMs), Date.parse(updatedAt));
  return nextMs !== undefined && nextMs <= nowMs;
}

/** The slots of the next posts after an instant, at most `count`. */
export function nextSlots(
  times: Pick<DueTimes, "next">,
  plan: Pick<DigestPlan, "zone" | "time" | "rhythm">,
  nowMs: number,
  count: number,
): readonly Slot[] {
  const coming: Slot[] = [];
  let slot = times.next(plan.zone, plan.time, nowMs);
  while (slot !== undefined && coming.length < count) {
    if (isDayOf(plan.rhythm, slot.localOn)) coming.push(slot);
    slot = times.next(plan.zone, plan.time, slot.dueAtMs);
  }
  return coming;
}

function readOffsets(data: ZoneData, zone: string, atMs: number): Offsets | null {
  const fromMs = atMs - 2 * REACH_MS;
  const toMs = atMs + 6 * REACH_MS;
  const spans = data.spans(zone, fromMs, toMs);
  return spans === undefined ? null : { fromMs, toMs, spans };
}

function offsetAt({ spans }: Offsets, atMs: number): number {
  return spans.find(({ endMs }) => atMs < endMs)?.offsetMs ?? 0;
}

/**
 * The slot of a local date (`dayMs` is its midnight as if it were UTC): the first instant at which
 * local clocks show the time. Where they skip that time, the instant of the skip; undefined where
 * they skip the whole date, as Apia's did on 2011-12-30.
 */
function slotOf({ spans }: Offsets, dayMs: number, time: string): Slot | undefined {
  const wallMs = dayMs + (Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))) * 60_000;
  const isOnCalendar = spans.some(
    ({ startMs, endMs, offsetMs }) =>
      startMs + offsetMs < dayMs + DAY_MS && endMs + offsetMs > dayMs,
  );
  if (!isOnCalendar) return undefined;
  for (const { startMs, endMs, offsetMs } of spans) {
    // Before this span's first local time: the clocks jumped over the wall time.
    if (wallMs < startMs + offsetMs) return { localOn: dateOf(dayMs), dueAtMs: startMs };
    if (wallMs < endMs + offsetMs) return { localOn: dateOf(dayMs), dueAtMs: wallMs - offsetMs };
  }
  return undefined;
}

function dateOf(localMs: number): string {
  return new Date(localMs).toISOString().slice(0, 10);
}
