import type { DigestSlot } from "../storage/digest-ledger.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { isDayOf, rhythmOf } from "./rhythm.ts";

/** The shortest wait before a digest is tried again, in milliseconds. */
export const SOONEST_RETRY_MS = 30_000;
/**
 * The shortest wait before checking whether a request arrived, in milliseconds: a request that was
 * given up may still be on its way.
 */
export const SOONEST_LOOK_MS = 60_000;
const LATEST_RETRY_MS = 900_000;

/** How long a slot has been due, in milliseconds. */
export function lateMs({ dueAt }: Pick<DigestSlot, "dueAt">, now: Date): number {
  return now.getTime() - Date.parse(dueAt);
}

/**
 * When to try a slot again: after a quarter of the time that it is already late, so soon at first
 * and then less and less often, but at least `soonestMs` from now.
 */
export function retryAt(
  slot: Pick<DigestSlot, "dueAt">,
  now: Date,
  soonestMs = SOONEST_RETRY_MS,
): Date {
  const waitMs = Math.max(soonestMs, Math.min(LATEST_RETRY_MS, lateMs(slot, now) / 4));
  return new Date(now.getTime() + waitMs);
}

/**
 * The channel that a slot goes to under the current settings; undefined when the digest was
 * switched off, was enabled or moved after the slot was due, or no longer comes on that date.
 */
export function currentChannel(
  settings: GuildSettings,
  { localOn, dueAt }: Pick<DigestSlot, "localOn" | "dueAt">,
): string | undefined {
  const isPast =
    settings.digestSince !== null && Date.parse(dueAt) < Date.parse(settings.digestSince);
  const isWanted = isDayOf(rhythmOf(settings.digestEvery), localOn);
  return settings.digestEnabled === true && isWanted && !isPast
    ? (settings.digestChannelId ?? undefined)
    : undefined;
}
