import { setTimeout as elapse } from "node:timers/promises";
import type { ChannelPosts, PostOutcome } from "../discord/bot/channel-posts.ts";
import type { GuildDirectory } from "../discord/bot/guild-directory.ts";
import type { Clock } from "../process/clock.ts";
import { createConcurrencyLimit } from "../process/concurrency-limit.ts";
import type { Log } from "../process/log.ts";
import { serverLocale } from "../settings/effective-settings.ts";
import { type DigestSlot, SENDING_LEASE_MS } from "../storage/digest-ledger.ts";
import type { GuildSettingsStore } from "../storage/guild-settings.ts";
import { currentChannel, lateMs } from "./attempts.ts";
import { LATEST_POST_MS } from "./due.ts";
import type { ClaimedDigest, LedgerBatches } from "./ledger-batches.ts";
import type { OutcomeRecorder } from "./outcome-recorder.ts";
import type { PatientWriter } from "./patient-writer.ts";
import { storedReason } from "./reason.ts";
import { rhythmOf } from "./rhythm.ts";
import { obstacleIn } from "./trouble.ts";
import type { WrittenDigest } from "./written-digest.ts";

/** The reason recorded for a digest that came too late. */
export const TOO_LATE = storedReason({ why: "too-late" });

const SWITCHED = storedReason({ why: "switched-off" });
const STOPPING = storedReason({ why: "restarted" });

/**
 * Requests of this process that are in flight or waiting for the rate limiter, each with its
 * picture in memory: enough for 45 a second at Discord's response times. With many more, several
 * processes would keep each other waiting for longer than the rate limiter allows.
 */
const MAX_SENDING = 50;

/**
 * A request sent later than this after its row entered `sending` could still be on its way when the
 * lease ends.
 */
const SENT_WITHIN_MS = SENDING_LEASE_MS - 10_000;

const TRIES_IN_A_LEASE = 3;
const SHORT_WAIT_MS = 2_000;

/**
 * The nonce of a server's digest for a local date, at most 21 characters: to a second post with it,
 * Discord responds with the first message.
 */
export function nonceOf({ guildId, localOn }: Pick<DigestSlot, "guildId" | "localOn">): string {
  return BigInt(guildId).toString(36) + localOn.replaceAll("-", "");
}

/** Options of {@link DigestDelivery}. */
export type DigestDeliveryOptions = {
  readonly batches: Pick<LedgerBatches, "beginSending">;
  readonly recorder: OutcomeRecorder;
  readonly writer: PatientWriter;
  readonly settings: Pick<GuildSettingsStore, "read">;
  readonly posts: Pick<ChannelPosts, "post">;
  readonly directory: GuildDirectory;
  readonly isStopping: () => boolean;
  readonly log: Log;
  readonly now: () => Date;
  readonly clock: Pick<Clock, "nowMs">;
};

/** Delivers a claimed digest: writes it, marks the row `sending`, sends it, records the outcome. */
export class DigestDelivery {
  readonly #options: DigestDeliveryOptions;
  readonly #limit = createConcurrencyLimit(MAX_SENDING);

  constructor(options: DigestDeliveryOptions) {
    this.#options = options;
  }

  /** One attempt; `onWaiting` is called once it only waits for prices. */
  async deliver(claimed: ClaimedDigest, onWaiting: () => void): Promise<void> {
    const { recorder, writer, settings, directory, now } = this.#options;
    const { claim, trouble } = claimed;
    const channelId = currentChannel(settings.read(claim.guildId), claim);
    if (channelId === undefined) {
      // Another slot of the same date may be on its way, so the date is not missed.
      await recorder.leave(claim, { kind: "waiting", until: now(), reason: SWITCHED });
      return;
    }
    const isTroubled = trouble?.channelId === channelId;
    const obstacle = () => obstacleIn({ guildId: claim.guildId, channelId }, directory);
    // A day without news needs no channel, so Discord is asked once there is something to post.
    const mayBeQuiet = rhythmOf(settings.read(claim.guildId).digestEvery).isNewsOnly;
    const known = isTroubled && !mayBeQuiet ? await obstacle() : undefined;
    if (known !== undefined) return recorder.pause(claimed, channelId, known);

    const locale = serverLocale(settings.read(claim.guildId));
    const written = await writer.write(claimed, locale, onWaiting);
    if (typeof written === "object" && !written.ok && written.reason.why === "no-news") {
      await recorder.leave(claim, { kind: "quiet", closesTo: written.reason.closesTo });
      return;
    }
    const found = isTroubled && mayBeQuiet ? await obstacle() : undefined;
    if (found !== undefined) return recorder.pause(claimed, channelId, found);
    if (written === "late") return recorder.wait(claim, { why: "no-prices" });
    if (written === "stopping") return this.#send(claimed, channelId, undefined);
    if (!written.ok) return recorder.wait(claim, written.reason);
    return this.#send(claimed, channelId, written.digest);
  }

  /** `written` is undefined when the process stopped before the digest was written. */
  async #send(
    claimed: ClaimedDigest,
    channelId: string,
    written: WrittenDigest | undefined,
  ): Promise<void> {
    const { batches, recorder, isStopping, log, now } = this.#options;
    const { claim } = claimed;
    const release = await this.#limit.acquire();
    try {
      if (written === undefined || isStopping()) {
        await recorder.leave(claim, { kind: "waiting", until: now(), reason: STOPPING });
        return;
      }
      if (lateMs(claim, now()) > LATEST_POST_MS) {
        await recorder.leave(claim, { kind: "missed", reason: TOO_LATE, mayBePosted: false });
        return;
      }
      const mayGoOut = this.#withinLease();
      const { storyCoinId, closesTo } = written;
      if (!(await batches.beginSending({ claim, channelId, storyCoinId, closesTo }))) {
        log.warn(
          { guildId: claim.guildId, localOn: claim.localOn },
          "a digest's lease was over before it could be sent: tried again later",
        );
        return;
      }
      await recorder.record(
        claimed,
        channelId,
        await this.#post(claimed, channelId, written, mayGoOut),
      );
    } finally {
      release();
    }
  }

  /**
   * Posts; after a short rate limit it waits and tries again, because nothing was posted and the
   * lease still holds.
   */
  async #post(
    { claim }: ClaimedDigest,
    channelId: string,
    { reply }: WrittenDigest,
    mayGoOut: () => boolean,
  ): Promise<PostOutcome> {
    const { settings, posts, isStopping } = this.#options;
    const mentionRoleId = settings.read(claim.guildId).digestRoleId ?? undefined;
    const options = { nonce: nonceOf(claim), mentionRoleId, priority: "bulk", mayGoOut } as const;
    let outcome = await posts.post(channelId, reply, options);
    for (
      let tries = 1;
      tries < TRIES_IN_A_LEASE && isShortWait(outcome) && mayGoOut() && !isStopping();
      tries += 1
    ) {
      await elapse(outcome.retryAfterMs);
      outcome = await posts.post(channelId, reply, options);
    }
    return outcome;
  }

  /**
   * A check whether the lease, counted from now, still allows sending. A process that was
   * suspended, or waited long for the rate limiter, may resume long after others have taken its
   * row, and either clock may have stopped meanwhile.
   */
  #withinLease(): () => boolean {
    const { now, clock } = this.#options;
    const [fromMs, steadyFromMs] = [now().getTime(), clock.nowMs()];
    return () => Math.max(now().getTime() - fromMs, clock.nowMs() - steadyFromMs) < SENT_WITHIN_MS;
  }
}

/** A rate limit without a known end does not count as short. */
function isShortWait(
  outcome: PostOutcome,
): outcome is Extract<PostOutcome, { readonly kind: "rate-limited" }> {
  return (
    outcome.kind === "rate-limited" &&
    outcome.retryAfterMs > 0 &&
    outcome.retryAfterMs <= SHORT_WAIT_MS
  );
}
