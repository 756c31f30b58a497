import type { ChannelPosts } from "../discord/bot/channel-posts.ts";
import type { GuildDirectory } from "../discord/bot/guild-directory.ts";
import { type Clock, systemClock } from "../process/clock.ts";
import { randomIncidentId } from "../process/incident.ts";
import type { Log } from "../process/log.ts";
import type { Metrics } from "../process/metrics.ts";
import { type DigestLedger, type DigestSlot, LEASE_MS } from "../storage/digest-ledger.ts";
import type { GuildSettingsStore } from "../storage/guild-settings.ts";
import { currentChannel, lateMs } from "./attempts.ts";
import { DigestDelivery } from "./delivery.ts";
import { LATEST_POST_MS } from "./due.ts";
import type { FinishedDates } from "./finished-dates.ts";
import { createLedgerBatches, slotKey } from "./ledger-batches.ts";
import { OutcomeRecorder } from "./outcome-recorder.ts";
import { createPatientWriter } from "./patient-writer.ts";
import { createDigestPublisher } from "./publisher.ts";
import { recoverDigests } from "./recovery.ts";
import type { DigestWriter } from "./written-digest.ts";

/** Posts digests, each local date of a server once. */
export type DigestPoster = {
  /**
   * Takes one slot as far as possible now: posted, paused, or left for another try. Resolves early
   * when it only waits for prices, so that others need not wait too. Never rejects.
   */
  post(slot: DigestSlot): Promise<void>;
  /** Finds out what became of posts that crashed or went unanswered. Never rejects. */
  recover(): Promise<void>;
  /** Resolves when nothing is in progress. */
  idle(): Promise<void>;
  /** Starts nothing new; resolves when nothing is in progress, or after `withinMs`. */
  stop(withinMs: number): Promise<void>;
};

/** How patient a {@link DigestPoster} is; every part has a default. */
export type DigestPatience = {
  /**
   * A digest that takes longer than this to write is waiting for prices: it gives up its slot
   * meanwhile.
   */
  readonly slowAfterMs?: number;
  /**
   * How long one attempt waits for a digest to be written; the writer itself stops waiting for
   * prices sooner.
   */
  readonly writeWithinMs?: number;
  /** How often a claim is renewed while its digest is being written. */
  readonly renewEveryMs?: number;
  /** How long writes to the ledger wait for others to share a transaction with. */
  readonly batchMs?: number;
};

/** Options of {@link createDigestPoster}. */
export type DigestPosterOptions = {
  readonly ledger: DigestLedger;
  readonly settings: Pick<GuildSettingsStore, "read">;
  readonly writer: Pick<DigestWriter, "write">;
  readonly posts: ChannelPosts;
  readonly directory: GuildDirectory;
  readonly finished: FinishedDates;
  readonly metrics: Pick<Metrics, "digestCame">;
  readonly log: Log;
  readonly now: () => Date;
  readonly clock?: Pick<Clock, "nowMs">;
  readonly patience?: DigestPatience;
  readonly newIncidentId?: () => string;
};

/** Makes the poster: claims slots, delivers their digests, and recovers what was interrupted. */
export function createDigestPoster(options: DigestPosterOptions): DigestPoster {
  const { ledger, settings, posts, directory, metrics, log, now } = options;
  const { clock = systemClock, newIncidentId = randomIncidentId } = options;
  const {
    slowAfterMs = 2_000,
    writeWithinMs = 660_000,
    renewEveryMs = LEASE_MS / 4,
    batchMs = 50,
  } = options.patience ?? {};
  const inProgress = new Map<string, Promise<void>>();
  let isStopping = false;
  let recovering: Promise<void> | undefined;

  const batches = createLedgerBatches({ ledger, now, waitMs: batchMs });
  const publisher = createDigestPublisher({ posts, directory, log, now });
  const recorder = new OutcomeRecorder({ ...options, batches, publisher, newIncidentId });
  const writer = createPatientWriter({
    ...{ writer: options.writer, batches, slowAfterMs, writeWithinMs, renewEveryMs },
  });
  const delivery = new DigestDelivery({
    ...{ batches, recorder, writer, settings, posts, directory, log, now, clock },
    isStopping: () => isStopping,
  });

  /** Runs work on a slot unless this process is already working on it. */
  async function exclusively(
    slot: Pick<DigestSlot, "guildId" | "localOn">,
    work: () => Promise<void>,
  ): Promise<void> {
    const key = slotKey(slot);
    if (inProgress.has(key)) return;
    const done = work()
      .catch((error: unknown) => {
        // The row stays as it is: its lease ends, and the next tick picks it up.
        log.warn(
          { guildId: slot.guildId, localOn: slot.localOn, err: error },
          "a digest could not be posted now",
        );
        metrics.digestCame("failed");
      })
      .finally(() => inProgress.delete(key));
    inProgress.set(key, done);
    await done;
  }

  async function claimAndDeliver(slot: DigestSlot, onWaiting: () => void): Promise<void> {
    if (isStopping || lateMs(slot, now()) > LATEST_POST_MS) return;
    const channelId = currentChannel(settings.read(slot.guildId), slot);
    if (channelId === undefined) return;
    const claimed = await batches.claim({ ...slot, channelId });
    if (claimed === undefined) return;
    // Counted once per date, however many processes find it and however often it is tried.
    if (claimed.claim.token === 1) metrics.digestCame("due");
    await delivery.deliver(claimed, onWaiting);
  }

  async function idle(): Promise<void> {
    while (inProgress.size + publisher.pending().length > 0)
      await Promise.all([...inProgress.values(), ...publisher.pending()]);
  }

  return {
    idle,

    post(slot) {
      return new Promise((resolve) => {
        void exclusively(slot, () => claimAndDeliver(slot, resolve)).finally(resolve);
      });
    },

    recover() {
      // Logged once per tick: an outage of Discord affects every server.
      const unanswered = recorder.takeUnanswered();
      if (unanswered > 0)
        log.warn(
          { digests: unanswered },
          "Discord did not answer when digests were posted: they are tried again",
        );
      recovering ??= recoverDigests({
        ...{ batches, recorder, delivery, writer, posts, log, now },
        exclusively: ({ claim }, work) => exclusively(claim, work),
        isStopping: () => isStopping,
      }).finally(() => {
        recovering = undefined;
      });
      return recovering;
    },

    async stop(withinMs) {
      isStopping = true;
      writer.stop();
      let timer: NodeJS.Timeout | undefined;
      const tooLong = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      await Promise.race([idle(), tooLong]);
      clearTimeout(timer);
    },
  };
}
