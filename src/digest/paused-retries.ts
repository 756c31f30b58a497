import type { PermissionChange } from "../discord/bot/permission-changes.ts";
import { type Clock, systemClock } from "../process/clock.ts";
import type { Log } from "../process/log.ts";
import type { DigestLedger } from "../storage/digest-ledger.ts";
import type { GuildSettingsStore } from "../storage/guild-settings.ts";
import { addDays } from "../valuation/calendar.ts";
import type { DigestPoster } from "./poster.ts";

/**
 * Retries paused digests before their next regular retry, because something suggests that they can
 * be posted now. Nothing here rejects.
 */
export type PausedRetries = {
  /**
   * Retries within seconds if that server's digest is paused; several changes in a row count as
   * one.
   */
  permissionsChanged(change: PermissionChange): void;
  /** Retries these servers' paused digests now; resolves when that is over. */
  retryNow(guildIds: readonly string[]): Promise<void>;
  /** Stops retrying. */
  stop(): void;
};

/**
 * An admin who sets up a role makes several changes, and Discord sends one for every channel of a
 * category.
 */
const COLLECT_MS = 3_000;
/** Servers retried every {@link COLLECT_MS}: each retry takes four requests. */
const SERVERS_AT_ONCE = 50;
const SERVERS_PER_QUERY = 200;

/** Makes the early retries for the process that posts digests. */
export function createPausedRetries(options: {
  readonly ledger: Pick<DigestLedger, "entries" | "troubles">;
  readonly settings: Pick<GuildSettingsStore, "read">;
  readonly poster: Pick<DigestPoster, "post">;
  readonly log: Log;
  readonly now: () => Date;
  readonly clock?: Pick<Clock, "after">;
}): PausedRetries {
  const { ledger, settings, poster, log, now, clock = systemClock } = options;
  const changed = new Set<string>();
  const paused = new Set<string>();
  let cancel: (() => void) | undefined;
  let isStopped = false;

  function planRetry(): void {
    if (!isStopped) cancel ??= clock.after(COLLECT_MS, () => void retryChanged());
  }

  async function retryChanged(): Promise<void> {
    try {
      const guildIds = [...changed];
      changed.clear();
      for (let from = 0; from < guildIds.length; from += SERVERS_PER_QUERY) {
        const troubles = await ledger.troubles(guildIds.slice(from, from + SERVERS_PER_QUERY));
        for (const { guildId } of troubles) paused.add(guildId);
      }
      const next = [...paused].slice(0, SERVERS_AT_ONCE);
      for (const guildId of next) paused.delete(guildId);
      await retryNow(next);
    } catch (error) {
      log.warn({ err: error }, "paused digests could not be looked at now: they are in their turn");
    }
    cancel = undefined;
    if (changed.size + paused.size > 0) planRetry();
  }

  async function retryNow(guildIds: readonly string[]): Promise<void> {
    if (guildIds.length === 0 || isStopped) return;
    try {
      // Whatever its zone, a slot that is still in time was due today or yesterday.
      const entries = await ledger.entries(guildIds, addDays(now().toISOString().slice(0, 10), -2));
      await Promise.all(
        entries.filter(({ state }) => state === "paused").map((entry) => poster.post(entry)),
      );
    } catch (error) {
      log.warn({ err: error }, "paused digests could not be looked at now: they are in their turn");
    }
  }

  return {
    permissionsChanged({ guildId, channelId }) {
      const { digestEnabled, digestChannelId } = settings.read(guildId);
      if (digestEnabled !== true || (channelId !== undefined && channelId !== digestChannelId))
        return;
      changed.add(guildId);
      planRetry();
    },
    retryNow,
    stop() {
      isStopped = true;
      cancel?.();
    },
  };
}
