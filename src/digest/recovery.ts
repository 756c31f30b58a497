import type { ChannelPosts } from "../discord/bot/channel-posts.ts";
import type { Log } from "../process/log.ts";
import { lateMs, retryAt, SOONEST_LOOK_MS } from "./attempts.ts";
import { type DigestDelivery, TOO_LATE } from "./delivery.ts";
import { digestMarker } from "./digest-control-id.ts";
import { LATEST_POST_MS } from "./due.ts";
import type { ClaimedDigest, LedgerBatches } from "./ledger-batches.ts";
import type { OutcomeRecorder } from "./outcome-recorder.ts";
import type { PatientWriter } from "./patient-writer.ts";
import { storedReason } from "./reason.ts";

/** The reason recorded for a missed day whose digest may or may not have been posted. */
export const UNKNOWABLE = storedReason({ why: "unknowable" });

const RECOVERED_AT_ONCE = 25;
/** How long to keep trying to find out what became of a request. */
const LOOK_FOR_MS = 86_400_000;
/**
 * Nothing is posted before its date is due unless the clock was wrong, by a day, say: that stretch
 * is searched last.
 */
const SEARCH_BEFORE_DUE_MS = 26 * 3_600_000;

/** Options of {@link recoverDigests}. */
export type RecoveryOptions = {
  readonly batches: Pick<LedgerBatches, "takeOver">;
  readonly recorder: OutcomeRecorder;
  readonly delivery: DigestDelivery;
  readonly writer: Pick<PatientWriter, "keepRenewing">;
  readonly posts: Pick<ChannelPosts, "find">;
  /** Runs work on a digest unless this process is already working on it. */
  readonly exclusively: (claimed: ClaimedDigest, work: () => Promise<void>) => Promise<void>;
  readonly isStopping: () => boolean;
  readonly log: Log;
  readonly now: () => Date;
};

/**
 * Finds out what became of every digest that was left in `sending`, and posts those that did not
 * arrive. Never rejects.
 */
export async function recoverDigests(options: RecoveryOptions): Promise<void> {
  const { batches, exclusively, isStopping, log } = options;
  try {
    while (!isStopping()) {
      const left = await batches.takeOver(RECOVERED_AT_ONCE);
      if (left.length === 0) return;
      log.info(
        { digests: left.length },
        "looking for digests that were interrupted while they were being posted",
      );
      await Promise.all(
        left.map((claimed) => exclusively(claimed, () => recoverDigest(claimed, options))),
      );
    }
  } catch (error) {
    log.warn(
      { err: error },
      "interrupted digests could not be looked after now: tried again in a minute",
    );
  }
}

/**
 * A row in `sending` may or may not have been posted: the marker in its channel tells. Where the
 * channel cannot be read, the digest is skipped rather than repeated, because one day without a
 * digest is better than the same digest twice.
 */
async function recoverDigest(
  claimed: ClaimedDigest,
  { recorder, delivery, writer, posts, now }: RecoveryOptions,
): Promise<void> {
  const { claim } = claimed;
  const { guildId, channelId } = claim;
  const dueAt = new Date(claim.dueAt);
  const since = new Date(dueAt.getTime() - SEARCH_BEFORE_DUE_MS);
  const stopRenewing = writer.keepRenewing(claim);
  const found = await posts
    .find({ guildId, channelId }, digestMarker(claim.localOn), since, dueAt)
    .finally(stopRenewing);
  switch (found.kind) {
    case "found":
      return recorder.recordSent(claimed, channelId, found.messageId);
    case "unreadable":
      await recorder.leave(claim, { kind: "missed", reason: UNKNOWABLE, mayBePosted: true });
      return;
    case "unavailable":
      await recorder.leave(
        claim,
        lateMs(claim, now()) > LOOK_FOR_MS
          ? { kind: "missed", reason: UNKNOWABLE, mayBePosted: true }
          : { kind: "unknown", until: retryAt(claim, now(), SOONEST_LOOK_MS) },
      );
      return;
    case "absent":
      if (lateMs(claim, now()) > LATEST_POST_MS)
        await recorder.leave(claim, { kind: "missed", reason: TOO_LATE, mayBePosted: false });
      else await delivery.deliver(claimed, () => {});
  }
}
