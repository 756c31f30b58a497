import type { DigestEntry, DigestLedger, DigestTrouble } from "../storage/digest-ledger.ts";
import { StorageError } from "../storage/storage-error.ts";
import { type DueTimes, nextSlots, planOf } from "./due.ts";
import { postTest, type TestPost, type TestPostOptions } from "./test-post.ts";

/** What `/config` asks about a server's digest. */
export type ServerDigests = {
  /** Posts today's digest into the server's channel now, without using up today's own post. */
  postTest(guildId: string, locale: string): Promise<TestPost>;
  /**
   * The next instants at which a digest of the server will be posted; empty when it is off or has
   * no channel. Never rejects: while the ledger cannot be read, a date that was already posted may
   * be among them.
   */
  nextDueAt(guildId: string, count: number): Promise<readonly Date[]>;
  /** The latest rows of the ledger, newest first. */
  latest(guildId: string, limit: number): Promise<readonly DigestEntry[]>;
  /** Why the server's digest is paused; undefined when it is not. */
  trouble(guildId: string): Promise<DigestTrouble | undefined>;
  /** Resumes a paused digest, because an admin's check found nothing wrong. */
  resume(guildId: string): Promise<void>;
};

/**
 * Dates that may have been posted before their next due time: today's, when its time was moved to
 * later, and tomorrow's, when the zone was changed from one far ahead.
 */
const DATES_POSTED_AHEAD = 2;

/** Makes the answers to what `/config` asks about digests. */
export function createServerDigests(
  options: TestPostOptions & {
    readonly ledger: DigestLedger;
    readonly times: Pick<DueTimes, "next">;
    readonly now: () => Date;
  },
): ServerDigests {
  const { settings, ledger, times, now } = options;

  /**
   * The local dates from `localOn` on that are finished already, posted or without news: at an
   * earlier time of day, before the time was changed.
   */
  async function finishedSince(
    guildId: string,
    localOn: string | undefined,
  ): Promise<ReadonlySet<string>> {
    if (localOn === undefined) return new Set();
    try {
      const entries = await ledger.entries([guildId], localOn);
      return new Set(
        entries
          .filter(({ state, mayBePosted }) => mayBePosted || state === "quiet")
          .map((entry) => entry.localOn),
      );
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return new Set();
    }
  }

  return {
    postTest: (guildId, locale) => postTest(guildId, options, locale),

    async nextDueAt(guildId, count) {
      const plan = planOf(guildId, settings.read(guildId));
      if (plan === undefined) return [];
      const coming = nextSlots(times, plan, now().getTime(), count + DATES_POSTED_AHEAD);
      const finished = await finishedSince(guildId, coming[0]?.localOn);
      return coming
        .filter(({ localOn }) => !finished.has(localOn))
        .slice(0, count)
        .map(({ dueAtMs }) => new Date(dueAtMs));
    },

    latest: (guildId, limit) => ledger.latest(guildId, limit),

    async trouble(guildId) {
      const [trouble] = await ledger.troubles([guildId]);
      return trouble?.channelId === settings.read(guildId).digestChannelId ? trouble : undefined;
    },

    resume: (guildId) => ledger.clearTrouble(guildId),
  };
}
