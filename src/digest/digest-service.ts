import type { ChannelPosts, PostOutcome } from "../discord/bot/channel-posts.ts";
import type { GuildDirectory } from "../discord/bot/guild-directory.ts";
import type { Reply } from "../discord/reply.ts";
import type { Priority } from "../prices/price-source.ts";
import { randomIncidentId } from "../process/incident.ts";
import type { Log } from "../process/log.ts";
import type { DigestEntry, DigestLedger, DigestTrouble } from "../storage/digest-ledger.ts";
import type { GuildSettingsStore } from "../storage/guild-settings.ts";
import { StorageError } from "../storage/storage-error.ts";
import { addDays } from "../valuation/calendar.ts";
import { DEFAULT_DIGEST_ZONE, type DueTimes, nextSlots, planOf } from "./due.ts";
import { POST_LOCALE, STORIES_KEPT_DAYS } from "./poster.ts";
import { explainRefusal, messageRefused, randomNonce } from "./trouble.ts";

/** For which server, date and reader a digest is written. */
export type DigestOrder = {
  readonly guildId: string;
  /**
   * Local date of the server's zone, YYYY-MM-DD: it goes into the button ids, by which a posted
   * digest is found again (`digestMarker`). Null for a preview or a test, which must never be taken
   * for that day's digest.
   */
  readonly localOn: string | null;
  /**
   * Coins that the latest digests told at length, newest first: the next story is another one's
   * turn.
   */
  readonly toldCoinIds: readonly string[];
  /** Locale of numbers and dates. */
  readonly locale: string;
  readonly priority: Priority;
};

/** A digest ready to be shown or posted. */
export type WrittenDigest = {
  readonly reply: Reply;
  /** The coin that it tells at length; null when there is none to tell. */
  readonly storyCoinId: string | null;
};

/** A digest, or one plain sentence why there is none now (no prices at all). */
export type DigestOutcome =
  | { readonly ok: true; readonly digest: WrittenDigest }
  | { readonly ok: false; readonly sentence: string };

/**
 * Writes digests: prices in, one message out; posts nothing. Never rejects for what the outside
 * world does.
 */
export type DigestWriter = {
  write(order: DigestOrder): Promise<DigestOutcome>;
  /**
   * Fetches yesterday's closes of these servers' coins in as few calls as possible, before the
   * posts want them.
   */
  prepare(guildIds: readonly string[]): Promise<void>;
};

/** What became of a post that an admin asked for. */
export type TestPost =
  | { readonly ok: true; readonly channelId: string; readonly messageId: string }
  | { readonly ok: false; readonly sentence: string };

/** What commands may ask about digests. */
export type DigestService = {
  /** Today's digest of a server as it would read now. */
  preview(order: Pick<DigestOrder, "guildId" | "locale">): Promise<DigestOutcome>;
  /** Posts today's digest into the server's channel now, without using up today's. */
  postTest(guildId: string): Promise<TestPost>;
  /**
   * The next instants at which a digest of the server will be posted; empty when it is off or has
   * no channel. Never rejects: while the record cannot be read, a date that was posted already may
   * be among them.
   */
  nextDueAt(guildId: string, count: number): Promise<readonly Date[]>;
  /** The latest rows of the ledger, newest first. */
  latest(guildId: string, limit: number): Promise<readonly DigestEntry[]>;
  /** What keeps the server's digest from being posted; undefined when nothing does. */
  trouble(guildId: string): Promise<DigestTrouble | undefined>;
  /** An admin's check found nothing wrong: a paused digest goes on. */
  resume(guildId: string): Promise<void>;
};

/** Options of {@link createDigestPreview}. */
export type DigestPreviewOptions = {
  readonly settings: Pick<GuildSettingsStore, "read">;
  readonly ledger: DigestLedger;
  readonly writer: Pick<DigestWriter, "write">;
  readonly times: Pick<DueTimes, "localOn">;
  readonly now: () => Date;
};

/** Options of {@link createDigestService}. */
export type DigestServiceOptions = DigestPreviewOptions & {
  readonly times: DueTimes;
  readonly posts: ChannelPosts;
  readonly directory: GuildDirectory;
  readonly log: Log;
};

/**
 * Makes what writes a server's digest as it would read now; it posts nothing, and needs no bot
 * token.
 */
export function createDigestPreview({
  settings,
  ledger,
  writer,
  times,
  now,
}: DigestPreviewOptions): DigestService["preview"] {
  return async ({ guildId, locale }) => {
    const localOn = times.localOn(
      settings.read(guildId).digestZone ?? DEFAULT_DIGEST_ZONE,
      now().getTime(),
    );
    const fromOn = addDays(localOn ?? now().toISOString().slice(0, 10), -STORIES_KEPT_DAYS);
    const told = await ledger.toldCoinIds([guildId], fromOn);
    return writer.write({
      guildId,
      localOn: null,
      toldCoinIds: told.get(guildId) ?? [],
      locale,
      priority: "interactive",
    });
  };
}

/**
 * Dates that may have been posted at an earlier time of theirs: today's, and tomorrow's where the
 * zone was changed from one far ahead.
 */
const DATES_POSTED_AHEAD = 2;

/** Makes what commands may ask about digests. */
export function createDigestService(options: DigestServiceOptions): DigestService {
  const { settings, ledger, times, posts, directory, log, now } = options;
  const preview = createDigestPreview(options);

  /**
   * The local dates from one on whose digest was posted already: at an earlier time of theirs,
   * before the time was changed.
   */
  async function postedSince(
    guildId: string,
    localOn: string | undefined,
  ): Promise<ReadonlySet<string>> {
    if (localOn === undefined) return new Set();
    try {
      const entries = await ledger.entries([guildId], localOn);
      return new Set(
        entries.filter(({ mayBePosted }) => mayBePosted).map((entry) => entry.localOn),
      );
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return new Set();
    }
  }

  return {
    preview,

    async postTest(guildId) {
      const { digestChannelId: channelId, digestRoleId } = settings.read(guildId);
      if (channelId === null)
        return {
          ok: false,
          sentence: "No channel is set yet: `/config digest channel:` chooses one.",
        };
      const written = await preview({ guildId, locale: POST_LOCALE });
      if (!written.ok) return written;
      const outcome = await posts.post(channelId, written.digest.reply, {
        nonce: randomNonce(),
        mentionRoleId: digestRoleId ?? undefined,
        priority: "person",
      });
      if (outcome.kind === "refused" && outcome.why === "other") {
        const incident = randomIncidentId();
        const { code, detail } = outcome;
        log.error(
          { guildId, code, incident, detail },
          "Discord refused a test of a digest for what it says",
        );
        return { ok: false, sentence: messageRefused(code, incident) };
      }
      if (outcome.kind !== "sent")
        return {
          ok: false,
          sentence: await whyNotPosted(outcome, { guildId, channelId }, directory),
        };
      // What kept the daily digest out of the channel does so no more.
      await ledger.clearTrouble(guildId);
      return { ok: true, channelId, messageId: outcome.messageId };
    },

    async nextDueAt(guildId, count) {
      const plan = planOf(guildId, settings.read(guildId));
      if (plan === undefined) return [];
      const coming = nextSlots(times, plan, now().getTime(), count + DATES_POSTED_AHEAD);
      const posted = await postedSince(guildId, coming[0]?.localOn);
      return coming
        .filter(({ localOn }) => !posted.has(localOn))
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

async function whyNotPosted(
  outcome: Exclude<PostOutcome, { readonly kind: "sent" }>,
  place: { readonly guildId: string; readonly channelId: string },
  directory: GuildDirectory,
): Promise<string> {
  switch (outcome.kind) {
    case "refused":
      return explainRefusal(outcome.why, place, directory);
    case "rate-limited":
      return "Discord asks the bot to slow down: please try again in a minute.";
    case "token-refused":
      return "Discord refuses the bot's token: whoever runs the bot has to renew it.";
    case "unavailable":
      return outcome.mayHaveArrived
        ? "Discord did not answer in time: the test may or may not appear in the channel."
        : "Discord cannot be reached now: please try again in a minute.";
  }
}
