import type { ChannelPosts, PostOutcome, PostRefused } from "../discord/bot/channel-posts.ts";
import type { GuildDirectory } from "../discord/bot/guild-directory.ts";
import type { Log } from "../process/log.ts";
import type { Metrics } from "../process/metrics.ts";
import { serverLocale } from "../settings/effective-settings.ts";
import type { DigestClaim, DigestEnding, DigestLedger } from "../storage/digest-ledger.ts";
import type { GuildSettingsStore } from "../storage/guild-settings.ts";
import { retryAt, SOONEST_LOOK_MS, SOONEST_RETRY_MS } from "./attempts.ts";
import type { FinishedDates } from "./finished-dates.ts";
import type { ClaimedDigest, LedgerBatches } from "./ledger-batches.ts";
import type { DigestPublisher } from "./publisher.ts";
import { type DigestReason, storedReason } from "./reason.ts";
import { explainRefusal, incidentOf, tellAdmins } from "./trouble.ts";

/** Options of {@link OutcomeRecorder}. */
export type OutcomeRecorderOptions = {
  readonly batches: Pick<LedgerBatches, "end">;
  readonly ledger: Pick<DigestLedger, "setTrouble" | "clearTrouble" | "claimNotification">;
  readonly settings: Pick<GuildSettingsStore, "read">;
  readonly posts: ChannelPosts;
  readonly directory: GuildDirectory;
  readonly publisher: DigestPublisher;
  readonly finished: FinishedDates;
  readonly metrics: Pick<Metrics, "digestCame">;
  readonly log: Log;
  readonly now: () => Date;
  readonly newIncidentId: () => string;
};

/** Records what became of digests: in the ledger and in the metrics; notifies a server's admins. */
export class OutcomeRecorder {
  readonly #options: OutcomeRecorderOptions;
  #unanswered = 0;

  constructor(options: OutcomeRecorderOptions) {
    this.#options = options;
  }

  /**
   * Ends a claim; false when another worker has taken the row. `isCounted` is false for an ending
   * that the metrics have counted before.
   */
  async leave(
    claim: DigestClaim,
    ending: DigestEnding,
    { isCounted = true }: { isCounted?: boolean } = {},
  ): Promise<boolean> {
    const { batches, finished, metrics, log } = this.#options;
    const { guildId, localOn } = claim;
    if (!(await batches.end({ claim, ending }))) {
      log.warn(
        { guildId, localOn, ending: ending.kind },
        "a digest's row was taken by another worker",
      );
      return false;
    }
    if (ending.kind === "sent" || ending.kind === "quiet") finished.add(guildId, localOn);
    if (isCounted)
      metrics.digestCame(
        ending.kind === "waiting" || ending.kind === "unknown" ? "failed" : ending.kind,
      );
    return true;
  }

  /** Ends a claim so that its digest is tried again, in `soonestMs` at the earliest. */
  async wait(
    claim: DigestClaim,
    reason: DigestReason,
    soonestMs = SOONEST_RETRY_MS,
  ): Promise<void> {
    const until = retryAt(claim, this.#options.now(), soonestMs);
    await this.leave(claim, { kind: "waiting", until, reason: storedReason(reason) });
  }

  /** Records the outcome of a post. */
  async record(claimed: ClaimedDigest, channelId: string, outcome: PostOutcome): Promise<void> {
    const { directory, now } = this.#options;
    const { claim } = claimed;
    switch (outcome.kind) {
      case "sent":
        return this.recordSent(claimed, channelId, outcome.messageId);
      case "refused": {
        if (outcome.why === "other") return this.#pauseForOurFault(claimed, channelId, outcome);
        const place = { guildId: claim.guildId, channelId };
        return this.pause(claimed, channelId, await explainRefusal(outcome.why, place, directory));
      }
      case "rate-limited":
        return this.wait(
          claim,
          { why: "rate-limited" },
          Math.max(SOONEST_RETRY_MS, outcome.retryAfterMs),
        );
      case "token-refused":
        return this.wait(claim, { why: "token-refused" });
      case "unavailable":
        this.#unanswered += 1;
        if (!outcome.mayHaveArrived) return this.wait(claim, { why: "unreachable" });
        await this.leave(claim, {
          kind: "unknown",
          until: retryAt(claim, now(), SOONEST_LOOK_MS),
        });
    }
  }

  /**
   * Records that a digest has been posted: its trouble is over, and the post is published to the
   * servers that follow the channel.
   */
  async recordSent(
    { claim, trouble }: ClaimedDigest,
    channelId: string,
    messageId: string,
  ): Promise<void> {
    const { ledger, settings, publisher } = this.#options;
    const { guildId } = claim;
    await this.leave(claim, { kind: "sent", messageId });
    if (trouble !== undefined && settings.read(guildId).digestChannelId === channelId)
      await ledger.clearTrouble(guildId);
    publisher.publish({ guildId, channelId }, messageId);
  }

  /** Pauses a server's digest until somebody fixes the cause, and notifies its admins once. */
  async pause(
    { claim, trouble }: ClaimedDigest,
    channelId: string,
    why: DigestReason,
  ): Promise<void> {
    const { ledger, settings, posts, directory, log, now } = this.#options;
    const { guildId, localOn, dueAt } = claim;
    const isSamePause =
      trouble?.channelId === channelId && Date.parse(trouble.triedAt) >= Date.parse(dueAt);
    const reason = storedReason(why);
    // The trouble first: a paused row without a trouble would be tried again within a minute.
    await ledger.setTrouble({ guildId, channelId, reason }, now());
    if (!(await this.leave(claim, { kind: "paused", reason }, { isCounted: !isSamePause }))) return;
    if (!isSamePause) log.warn({ guildId, localOn, reason: why }, "a server's digest is paused");
    if (!(await ledger.claimNotification(guildId, now()))) return;
    const locale = serverLocale(settings.read(guildId));
    const told = await tellAdmins({ guildId, channelId }, why, { posts, directory }, locale);
    log.info({ guildId, told }, "a server's admins were told that their digest is paused");
  }

  /**
   * Pauses for a message that Discord refuses: while it keeps refusing, the incident stays the
   * same.
   */
  async #pauseForOurFault(
    claimed: ClaimedDigest,
    channelId: string,
    { code, detail }: PostRefused,
  ): Promise<void> {
    const { log, newIncidentId } = this.#options;
    const { guildId, localOn } = claimed.claim;
    const known =
      claimed.trouble?.channelId === channelId ? incidentOf(claimed.trouble.reason) : undefined;
    const incident = known ?? newIncidentId();
    log.error(
      { guildId, localOn, code, incident, detail },
      "Discord refused a digest for what it says",
    );
    return this.pause(claimed, channelId, {
      why: "message-refused",
      code: String(code),
      incident,
    });
  }

  /** How many posts Discord has not responded to since the last call. */
  takeUnanswered(): number {
    const unanswered = this.#unanswered;
    this.#unanswered = 0;
    return unanswered;
  }
}
