import { setImmediate as breathe } from "node:timers/promises";
import type { Log } from "../process/log.ts";
import type {
  DigestEntry,
  DigestLedger,
  DigestSlot,
  DigestTrouble,
} from "../storage/digest-ledger.ts";
import type { GuildPresenceStore } from "../storage/guild-presence-store.ts";
import type { GuildSettingsStore } from "../storage/guild-settings.ts";
import { utcDay } from "../valuation/calendar.ts";
import {
  actionFor,
  type DigestPlan,
  type DueTimes,
  LATEST_POST_MS,
  openSlots,
  planOf,
  type Slot,
} from "./due.ts";
import { createFinishedDates, type FinishedDates } from "./finished-dates.ts";
import { slotKey } from "./ledger-batches.ts";
import type { DigestQueue } from "./queue.ts";
import { storedReason } from "./reason.ts";

/** The slots to act on at one instant. */
export type DueDigests = {
  /** To be posted. */
  readonly due: readonly DigestSlot[];
  /** Paused digests to retry, the least recently tried first. */
  readonly retries: readonly DigestSlot[];
  /** To be recorded as missed. */
  readonly missed: readonly DigestSlot[];
};

/** Finds the slots that need action. */
export type DueFinder = {
  find(nowMs: number): Promise<DueDigests>;
  /** Call this once dates are recorded as missed, so that they are not found again. */
  recordedAsMissed(slots: readonly DigestSlot[]): void;
};

/** Options of {@link createDueFinder}. */
export type DueFinderOptions = {
  readonly settings: Pick<GuildSettingsStore, "read" | "digestGuildIds">;
  readonly presence: Pick<GuildPresenceStore, "hasLeft">;
  readonly ledger: Pick<DigestLedger, "entries" | "troubles" | "setTrouble">;
  readonly times: DueTimes;
  readonly finished: FinishedDates;
  readonly queue: Pick<DigestQueue, "isPending">;
  readonly log: Log;
  readonly now: () => Date;
};

/** Servers examined before yielding to other work. */
const SERVERS_AT_ONCE = 500;
/** Servers whose rows one query reads. */
const SERVERS_PER_QUERY = 200;

type Candidate = { readonly plan: DigestPlan; readonly slots: readonly Slot[] };
type Found = {
  due: DigestSlot[];
  retries: { slot: DigestSlot; triedAt: string }[];
  missed: DigestSlot[];
};

/** Makes the finder. */
export function createDueFinder(options: DueFinderOptions): DueFinder {
  const { settings, presence, ledger, times, finished, queue, log, now } = options;
  const lostZones = new Set<string>();
  // Dates that are too late to post. If the clock is set back, they may no longer be too late.
  const tooLate = createFinishedDates();

  /** Servers with slots that may have to be posted or recorded. */
  async function openCandidates(nowMs: number): Promise<readonly Candidate[]> {
    const candidates: Candidate[] = [];
    for (const [index, guildId] of settings.digestGuildIds().entries()) {
      if (index % SERVERS_AT_ONCE === SERVERS_AT_ONCE - 1) await breathe();
      const plan = planOf(guildId, settings.read(guildId));
      if (plan === undefined || presence.hasLeft(guildId)) continue;
      if (!times.knowsZone(plan.zone)) {
        await recordLostZone(plan);
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
   * A zone that was known when it was chosen may be unknown now: no digest until admins choose
   * another.
   */
  async function recordLostZone({ guildId, channelId, zone }: DigestPlan): Promise<void> {
    if (lostZones.has(`${guildId} ${zone}`)) return;
    lostZones.add(`${guildId} ${zone}`);
    log.warn({ guildId, zone }, "a server's time zone is not known any more");
    await ledger.setTrouble(
      {
        guildId,
        channelId,
        reason: storedReason({ why: "unknown-zone", zone }),
      },
      now(),
    );
  }

  /** Reads the rows of some candidates, and adds the actions that they need to `found`. */
  async function decide(
    candidates: readonly Candidate[],
    nowMs: number,
    found: Found,
  ): Promise<void> {
    const { entries, troubles } = await readRows(ledger, candidates, nowMs);
    for (const { plan, slots } of candidates) {
      const trouble = troubles.get(plan.guildId);
      for (const slot of slots)
        decideSlot({
          plan,
          slot,
          entry: entries.get(slotKey({ guildId: plan.guildId, localOn: slot.localOn })),
          trouble: trouble?.channelId === plan.channelId ? trouble : undefined,
          nowMs,
          found,
        });
    }
  }

  function decideSlot({
    plan: { guildId, channelId },
    slot: { localOn, dueAtMs },
    entry,
    trouble,
    nowMs,
    found,
  }: {
    readonly plan: DigestPlan;
    readonly slot: Slot;
    readonly entry: DigestEntry | undefined;
    readonly trouble: DigestTrouble | undefined;
    readonly nowMs: number;
    readonly found: Found;
  }): void {
    const action = actionFor({ localOn, dueAtMs }, entry, { nowMs, channelId, trouble });
    if (action === undefined) {
      if (entry?.state === "sent" || entry?.state === "quiet") finished.add(guildId, localOn);
      else if (entry?.state === "missed" || entry?.state === "paused")
        tooLate.add(guildId, localOn);
      return;
    }
    const slot = { guildId, channelId, localOn, dueAt: new Date(dueAtMs).toISOString() };
    if (action === "miss") found.missed.push(slot);
    else if (trouble !== undefined && entry?.state === "paused")
      found.retries.push({ slot, triedAt: entry.updatedAt });
    else found.due.push(slot);
  }

  return {
    async find(nowMs) {
      const candidates = await openCandidates(nowMs);
      const found: Found = { due: [], retries: [], missed: [] };
      for (let from = 0; from < candidates.length; from += SERVERS_PER_QUERY) {
        await decide(candidates.slice(from, from + SERVERS_PER_QUERY), nowMs, found);
        await breathe();
      }
      found.retries.sort((a, b) => (a.triedAt < b.triedAt ? -1 : 1));
      return { ...found, retries: found.retries.map(({ slot }) => slot) };
    },
    recordedAsMissed(slots) {
      for (const { guildId, localOn } of slots) tooLate.add(guildId, localOn);
    },
  };
}

/** The candidates' rows, and the troubles of servers with a paused row. */
async function readRows(
  ledger: DueFinderOptions["ledger"],
  candidates: readonly Candidate[],
  nowMs: number,
): Promise<{
  readonly entries: ReadonlyMap<string, DigestEntry>;
  readonly troubles: ReadonlyMap<string, DigestTrouble>;
}> {
  const [earliestOn = utcDay(nowMs)] = candidates
    .flatMap(({ slots }) => slots.map(({ localOn }) => localOn))
    .sort();
  const entries = await ledger.entries(
    candidates.map(({ plan }) => plan.guildId),
    earliestOn,
  );
  const paused = entries.filter(({ state }) => state === "paused").map(({ guildId }) => guildId);
  const troubles = await ledger.troubles(paused);
  return {
    entries: new Map(entries.map((entry) => [slotKey(entry), entry])),
    troubles: new Map(troubles.map((trouble) => [trouble.guildId, trouble])),
  };
}
