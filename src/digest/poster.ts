import { setTimeout as elapse } from "node:timers/promises";
import type { ChannelPosts, PostOutcome, PostRefused } from "../discord/bot/channel-posts.ts";
import type { ChannelFacts, GuildDirectory } from "../discord/bot/guild-directory.ts";
import { createBatcher } from "../process/batch.ts";
import { type Clock, systemClock } from "../process/clock.ts";
import { createConcurrencyLimit } from "../process/concurrency-limit.ts";
import { randomIncidentId } from "../process/incident.ts";
import type { Log } from "../process/log.ts";
import type { Metrics } from "../process/metrics.ts";
import {
  type DigestClaim,
  type DigestEnded,
  type DigestEnding,
  type DigestLedger,
  type DigestSending,
  type DigestSlot,
  type DigestTrouble,
  LEASE_MS,
  SENDING_LEASE_MS,
} from "../storage/digest-ledger.ts";
import type { GuildSettings, GuildSettingsStore } from "../storage/guild-settings.ts";
import { addDays } from "../valuation/calendar.ts";
import { STORIES_KEPT_DAYS } from "./content.ts";
import { digestMarker } from "./digest-control-id.ts";
import { LATEST_POST_MS } from "./due.ts";
import type { FinishedDates } from "./finished-dates.ts";
import { explainRefusal, incidentOf, messageRefused, obstacleIn, tellAdmins } from "./trouble.ts";
import { type DigestOutcome, type DigestWriter, POST_LOCALE } from "./written-digest.ts";

/** Posts digests, each local date of a server once. */
export type DigestPoster = {
  /**
   * Brings one slot as far as it can come now: posted, paused, or left to be tried again. Resolves
   * early when the slot only waits for its prices, which others need not wait for. Never rejects.
   */
  post(slot: DigestSlot): Promise<void>;
  /** Looks after what crashed or lost its answer while it was being sent. Never rejects. */
  recover(): Promise<void>;
  /** Resolves when nothing is in hand any more. */
  idle(): Promise<void>;
  /**
   * Begins nothing new; resolves when nothing is in hand any more, at the latest after `withinMs`.
   */
  stop(withinMs: number): Promise<void>;
};

/** How patient a {@link DigestPoster} is; every part has a default. */
export type DigestPatience = {
  /**
   * A digest that takes longer to write than this waits for prices: it gives its place to others
   * meanwhile.
   */
  readonly slowAfterMs?: number;
  /**
   * How long one attempt waits for a digest to be written; the writer itself gives up waiting for
   * prices before.
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

/** Why a day is missed whose digest may or may not have been posted. */
export const UNKNOWABLE =
  "The bot was interrupted while posting, and could not find out whether the digest was posted: it was not repeated.";

const TOO_LATE = "It could not be posted within six hours of its time.";
const SWITCHED = "The digest was switched off or moved before it was posted.";
const TOKEN_REFUSED = "Discord refused the bot's token: whoever runs the bot has to renew it.";
const STOPPING = "The bot was restarted.";

/**
 * Digests written at once: few, so that the pictures of people's questions do not queue behind a
 * wave.
 */
const WRITING_AT_ONCE = 8;
/**
 * Requests of this process that are in flight or wait for the rate limiter, each with its picture in
 * memory: enough for 45 a second at the speed of Discord's answers. With many more, several
 * processes would wait for each other for longer than the rate limiter is waited for.
 */
const SENDING_AT_ONCE = 50;
/** Digests that wait for prices without keeping a place; more than these keep theirs. */
const WAITING_AT_MOST = 1_000;
const RECOVERED_AT_ONCE = 25;
const ROWS_AT_ONCE = 100;

/**
 * A request that goes out later than this after its row was put into `sending` could still be on
 * its way when the lease ends.
 */
const SENT_WITHIN_MS = SENDING_LEASE_MS - 10_000;

const TRIES_IN_A_LEASE = 3;
const SHORT_WAIT_MS = 2_000;

const SOONEST_RETRY_MS = 30_000;
const LATEST_RETRY_MS = 900_000;
/**
 * A request that was given up may still be on its way: it is looked for only after it must have
 * arrived.
 */
const SOONEST_LOOK_MS = 60_000;
/** How long it is tried to find out what became of a request. */
const LOOK_FOR_MS = 86_400_000;
/**
 * Nothing was posted for a date before it was due, unless the clock was wrong: by a day, say. There
 * it is looked for last.
 */
const SEARCH_BEFORE_DUE_MS = 26 * 3_600_000;
const KINDS_KEPT = 20_000;
const KIND_KEPT_MS = 20 * 3_600_000;

type Work = {
  readonly claim: DigestClaim;
  readonly toldCoinIds: readonly string[];
  readonly trouble: DigestTrouble | undefined;
};

/**
 * The nonce of a server's digest of a local date, at most 21 characters: Discord answers a second
 * one with the message of the first.
 */
export function nonceOf({ guildId, localOn }: Pick<DigestSlot, "guildId" | "localOn">): string {
  return BigInt(guildId).toString(36) + localOn.replaceAll("-", "");
}

/** Makes the one who posts digests: claim the day, write, put it into `sending`, send, record. */
export function createDigestPoster(options: DigestPosterOptions): DigestPoster {
  const {
    ledger,
    settings,
    writer,
    posts,
    directory,
    finished,
    metrics,
    log,
    now,
    clock = systemClock,
  } = options;
  const { newIncidentId = randomIncidentId } = options;
  const {
    slowAfterMs = 2_000,
    writeWithinMs = 660_000,
    renewEveryMs = LEASE_MS / 4,
    batchMs = 50,
  } = options.patience ?? {};
  const inHand = new Map<string, Promise<void>>();
  const writing = createConcurrencyLimit(WRITING_AT_ONCE);
  const sending = createConcurrencyLimit(SENDING_AT_ONCE);
  const publishing = createConcurrencyLimit(1);
  const publications = new Set<Promise<void>>();
  const kinds = new Map<
    string,
    { readonly kind: ChannelFacts["kind"]; readonly knownMs: number }
  >();
  let waitingForPrices = 0;
  // Told once a tick: in an outage of Discord's every server has one.
  let unanswered = 0;
  let isStopping = false;
  let recovering: Promise<void> | undefined;
  let tellStopping = () => {};
  const stopping = new Promise<"stopping">((resolve) => {
    tellStopping = () => resolve("stopping");
  });

  const shared = { waitMs: batchMs, maxItems: ROWS_AT_ONCE };
  const claim = createBatcher<DigestSlot, Work | undefined>(async (slots) => {
    const works = await worksOf(await ledger.claim(slots, now()));
    return slots.map((slot) => works.get(keyOf(slot)));
  }, shared);
  const renew = createBatcher<DigestClaim, boolean>(async (claims) => {
    const renewed = new Set((await ledger.renew(claims, now())).map(keyOf));
    return claims.map((one) => renewed.has(keyOf(one)));
  }, shared);
  const beginSending = createBatcher<DigestSending, boolean>(async (sendings) => {
    const began = new Set((await ledger.beginSending(sendings, now())).map(keyOf));
    return sendings.map((one) => began.has(keyOf(one.claim)));
  }, shared);
  const end = createBatcher<DigestEnded, boolean>(async (ended) => {
    const recorded = new Set((await ledger.end(ended, now())).map(keyOf));
    return ended.map((one) => recorded.has(keyOf(one.claim)));
  }, shared);

  async function worksOf(claims: readonly DigestClaim[]): Promise<ReadonlyMap<string, Work>> {
    const guildIds = claims.map(({ guildId }) => guildId);
    const [earliestOn] = claims.map(({ localOn }) => localOn).sort();
    if (earliestOn === undefined) return new Map();
    const told = await ledger.toldCoinIds(guildIds, addDays(earliestOn, -STORIES_KEPT_DAYS));
    const troubles = new Map(
      (await ledger.troubles(guildIds)).map((trouble) => [trouble.guildId, trouble]),
    );
    return new Map(
      claims.map((one) => [
        keyOf(one),
        {
          claim: one,
          toldCoinIds: told.get(one.guildId) ?? [],
          trouble: troubles.get(one.guildId),
        },
      ]),
    );
  }

  function lateMs({ dueAt }: Pick<DigestSlot, "dueAt">): number {
    return now().getTime() - Date.parse(dueAt);
  }

  /**
   * Tells from now on whether a request may still go out. A process that was stopped, or whose turn
   * hung, wakes up long after others have taken its row; either clock may have stood still
   * meanwhile.
   */
  function withinLease(): () => boolean {
    const [fromMs, steadyFromMs] = [now().getTime(), clock.nowMs()];
    return () => Math.max(now().getTime() - fromMs, clock.nowMs() - steadyFromMs) < SENT_WITHIN_MS;
  }

  /** A quarter of how late it is already: soon at first, then ever more rarely. */
  function retryAt(slot: Pick<DigestSlot, "dueAt">, soonestMs: number): Date {
    return new Date(
      now().getTime() + Math.max(soonestMs, Math.min(LATEST_RETRY_MS, lateMs(slot) / 4)),
    );
  }

  /**
   * Leaves a row, and counts it when it was still ours; what is no news has been counted before.
   */
  async function leave(
    one: DigestClaim,
    ending: DigestEnding,
    { isNews = true }: { isNews?: boolean } = {},
  ): Promise<boolean> {
    const isRecorded = await end({ claim: one, ending });
    if (!isRecorded) {
      log.warn(
        { guildId: one.guildId, localOn: one.localOn, ending: ending.kind },
        "a digest's row was taken by another worker",
      );
      return false;
    }
    if (ending.kind === "sent") finished.add(one.guildId, one.localOn);
    if (isNews)
      metrics.digestCame(
        ending.kind === "waiting" || ending.kind === "unknown" ? "failed" : ending.kind,
      );
    return true;
  }

  /**
   * One digest from the claim to the record. `isInHand` is called when it only waits for prices.
   */
  async function carry(work: Work, isInHand: () => void): Promise<void> {
    const one = work.claim;
    const channelId = channelNow(settings.read(one.guildId), one);
    const wait = (reason: string, soonestMs = SOONEST_RETRY_MS) =>
      leave(one, { kind: "waiting", until: retryAt(one, soonestMs), reason });
    if (channelId === undefined) {
      // Another slot of the same date may be on its way, so the date is not missed.
      await leave(one, { kind: "waiting", until: now(), reason: SWITCHED });
      return;
    }
    if (work.trouble?.channelId === channelId) {
      const obstacle = await obstacleIn({ guildId: one.guildId, channelId }, directory);
      if (obstacle !== undefined) return pause(work, channelId, obstacle);
    }

    const written = await write(work, isInHand);
    if (written === undefined) {
      await wait("The prices of its coins did not come in time.");
      return;
    }
    if (written !== "stopping" && !written.ok) {
      await wait(written.sentence);
      return;
    }
    const release = await sending.acquire();
    try {
      if (written === "stopping" || isStopping) {
        await leave(one, { kind: "waiting", until: now(), reason: STOPPING });
        return;
      }
      if (lateMs(one) > LATEST_POST_MS) {
        await leave(one, { kind: "missed", reason: TOO_LATE, mayBePosted: false });
        return;
      }
      const { reply, storyCoinId } = written.digest;
      const mayGoOut = withinLease();
      if (!(await beginSending({ claim: one, channelId, storyCoinId }))) {
        log.warn(
          { guildId: one.guildId, localOn: one.localOn },
          "a digest's lease was over before it could be sent: tried again later",
        );
        return;
      }
      const mentionRoleId = settings.read(one.guildId).digestRoleId ?? undefined;
      const post = () =>
        posts.post(channelId, reply, {
          nonce: nonceOf(one),
          mentionRoleId,
          priority: "bulk",
          mayGoOut,
        });
      let outcome = await post();
      // Where many processes send at once, a turn may take longer than one wait for it: nothing was
      // posted, and the lease still lasts.
      for (
        let tries = 1;
        tries < TRIES_IN_A_LEASE && isShortWait(outcome) && mayGoOut() && !isStopping;
        tries += 1
      ) {
        await elapse(outcome.retryAfterMs);
        outcome = await post();
      }
      await record(work, channelId, outcome);
    } finally {
      release();
    }
  }

  async function record(work: Work, channelId: string, outcome: PostOutcome): Promise<void> {
    const one = work.claim;
    const at = { guildId: one.guildId, channelId };
    switch (outcome.kind) {
      case "sent":
        return settle(work, channelId, outcome.messageId);
      case "refused":
        if (outcome.why === "other") return pauseForOurFault(work, channelId, outcome);
        return pause(work, channelId, await explainRefusal(outcome.why, at, directory));
      case "rate-limited":
        await leave(one, {
          kind: "waiting",
          until: retryAt(one, Math.max(SOONEST_RETRY_MS, outcome.retryAfterMs)),
          reason: "Discord asked the bot to slow down.",
        });
        return;
      case "token-refused":
        await leave(one, {
          kind: "waiting",
          until: retryAt(one, SOONEST_RETRY_MS),
          reason: TOKEN_REFUSED,
        });
        return;
      case "unavailable":
        unanswered += 1;
        await leave(
          one,
          outcome.mayHaveArrived
            ? { kind: "unknown", until: retryAt(one, SOONEST_LOOK_MS) }
            : {
                kind: "waiting",
                until: retryAt(one, SOONEST_RETRY_MS),
                reason: "Discord could not be reached.",
              },
        );
        return;
    }
  }

  /**
   * A digest is in its channel: that is recorded, what kept it out is over, and servers that follow
   * the channel get it too.
   */
  async function settle(
    { claim: one, trouble }: Work,
    channelId: string,
    messageId: string,
  ): Promise<void> {
    await leave(one, { kind: "sent", messageId });
    if (trouble !== undefined && settings.read(one.guildId).digestChannelId === channelId)
      await ledger.clearTrouble(one.guildId);
    const publication = publish({ guildId: one.guildId, channelId }, messageId).finally(() =>
      publications.delete(publication),
    );
    publications.add(publication);
  }

  /** Stops a server's digest until somebody has put something right, and tells its admins once. */
  async function pause(
    { claim: one, trouble }: Work,
    channelId: string,
    reason: string,
  ): Promise<void> {
    const isStill =
      trouble?.channelId === channelId && Date.parse(trouble.triedAt) >= Date.parse(one.dueAt);
    // The trouble first: without it, the paused row would be tried again within the minute.
    await ledger.setTrouble({ guildId: one.guildId, channelId, reason }, now());
    if (!(await leave(one, { kind: "paused", reason }, { isNews: !isStill }))) return;
    if (!isStill)
      log.warn(
        { guildId: one.guildId, localOn: one.localOn, reason },
        "a server's digest is paused",
      );
    if (!(await ledger.takeTelling(one.guildId, now()))) return;
    const told = await tellAdmins({ guildId: one.guildId, channelId }, reason, {
      posts,
      directory,
    });
    log.info(
      { guildId: one.guildId, told },
      "a server's admins were told that their digest is paused",
    );
  }

  /** A message that Discord refuses is one incident for as long as it does. */
  async function pauseForOurFault(
    work: Work,
    channelId: string,
    { code, detail }: PostRefused,
  ): Promise<void> {
    const { guildId, localOn } = work.claim;
    const known =
      work.trouble?.channelId === channelId ? incidentOf(work.trouble.reason) : undefined;
    const incident = known ?? newIncidentId();
    log.error(
      { guildId, localOn, code, incident, detail },
      "Discord refused a digest for what it says",
    );
    return pause(work, channelId, messageRefused(code, incident));
  }

  /**
   * Until the timer is cleared. A renewal that fails makes the lease end, and with it the right to
   * send.
   */
  function keepRenewing(one: DigestClaim): NodeJS.Timeout {
    return setInterval(() => void renew(one).catch(() => false), renewEveryMs);
  }

  /** Undefined when the prices do not come within what the lease allows. */
  async function write(
    work: Work,
    isInHand: () => void,
  ): Promise<DigestOutcome | "stopping" | undefined> {
    const { guildId, localOn } = work.claim;
    const release = await writing.acquire();
    let isWaiting = false;
    const slow = setTimeout(() => {
      release();
      if (waitingForPrices >= WAITING_AT_MOST) return;
      isWaiting = true;
      waitingForPrices += 1;
      isInHand();
    }, slowAfterMs);
    let tooLong: NodeJS.Timeout | undefined;
    const renewing = keepRenewing(work.claim);
    try {
      return await Promise.race([
        stopping,
        writer.write({
          guildId,
          localOn,
          toldCoinIds: work.toldCoinIds,
          locale: POST_LOCALE,
          priority: "background",
        }),
        new Promise<undefined>((resolve) => {
          tooLong = setTimeout(() => resolve(undefined), writeWithinMs);
        }),
      ]);
    } finally {
      clearTimeout(slow);
      clearTimeout(tooLong);
      clearInterval(renewing);
      release();
      if (isWaiting) waitingForPrices -= 1;
    }
  }

  /**
   * In announcement channels, lets the servers that follow it have the digest too. One at a time,
   * so that posts come first.
   */
  async function publish(
    { guildId, channelId }: { guildId: string; channelId: string },
    messageId: string,
  ): Promise<void> {
    const release = await publishing.acquire();
    try {
      if ((await kindOf(guildId, channelId)) !== "announcement") return;
      const { kind } = await posts.publish(channelId, messageId);
      if (kind !== "published")
        log.info({ guildId, outcome: kind }, "a digest was posted, but could not be published");
    } catch (error) {
      log.warn({ guildId, err: error }, "a digest was posted, but could not be published");
    } finally {
      release();
    }
  }

  async function kindOf(
    guildId: string,
    channelId: string,
  ): Promise<ChannelFacts["kind"] | undefined> {
    const nowMs = now().getTime();
    const known = kinds.get(channelId);
    if (known !== undefined && Math.abs(nowMs - known.knownMs) < KIND_KEPT_MS) return known.kind;
    const asked = await directory.channel(guildId, channelId);
    if (!asked.ok) return undefined;
    if (kinds.size >= KINDS_KEPT) kinds.clear();
    kinds.set(channelId, { kind: asked.channel.kind, knownMs: nowMs });
    return asked.channel.kind;
  }

  /**
   * What was left in `sending` may have been posted or not. Its marker in the channel that it was
   * sent to tells; where that cannot be read, the digest is skipped rather than repeated: one day
   * without it is better than twice the same.
   */
  async function lookAfter(work: Work): Promise<void> {
    const one = work.claim;
    const dueAt = new Date(one.dueAt);
    const since = new Date(dueAt.getTime() - SEARCH_BEFORE_DUE_MS);
    const renewing = keepRenewing(one);
    const found = await posts
      .find(
        { guildId: one.guildId, channelId: one.channelId },
        digestMarker(one.localOn),
        since,
        dueAt,
      )
      .finally(() => clearInterval(renewing));
    switch (found.kind) {
      case "found":
        return settle(work, one.channelId, found.messageId);
      case "unreadable":
        await leave(one, { kind: "missed", reason: UNKNOWABLE, mayBePosted: true });
        return;
      case "unavailable":
        await leave(
          one,
          lateMs(one) > LOOK_FOR_MS
            ? { kind: "missed", reason: UNKNOWABLE, mayBePosted: true }
            : { kind: "unknown", until: retryAt(one, SOONEST_LOOK_MS) },
        );
        return;
      case "absent":
        if (lateMs(one) > LATEST_POST_MS)
          await leave(one, { kind: "missed", reason: TOO_LATE, mayBePosted: false });
        else await carry(work, () => {});
        return;
    }
  }

  /** Runs work on a slot that nothing else in this process is working on. */
  async function inHandOnly(
    slot: Pick<DigestSlot, "guildId" | "localOn">,
    work: () => Promise<void>,
  ): Promise<void> {
    const key = keyOf(slot);
    if (inHand.has(key)) return;
    const done = work()
      .catch((error: unknown) => {
        // The row is left as it is: its lease ends, and the next tick takes it up.
        log.warn(
          { guildId: slot.guildId, localOn: slot.localOn, err: error },
          "a digest could not be posted now",
        );
        metrics.digestCame("failed");
      })
      .finally(() => inHand.delete(key));
    inHand.set(key, done);
    await done;
  }

  async function recoverAll(): Promise<void> {
    try {
      while (!isStopping) {
        const works = [
          ...(await worksOf(await ledger.takeOver(RECOVERED_AT_ONCE, now()))).values(),
        ];
        if (works.length === 0) return;
        log.info(
          { digests: works.length },
          "looking for digests that were interrupted while they were being posted",
        );
        await Promise.all(works.map((work) => inHandOnly(work.claim, () => lookAfter(work))));
      }
    } catch (error) {
      log.warn(
        { err: error },
        "interrupted digests could not be looked after now: tried again in a minute",
      );
    }
  }

  async function idle(): Promise<void> {
    while (inHand.size + publications.size > 0)
      await Promise.all([...inHand.values(), ...publications]);
  }

  return {
    idle,

    post(slot) {
      return new Promise((resolve) => {
        void inHandOnly(slot, async () => {
          if (isStopping || lateMs(slot) > LATEST_POST_MS) return;
          const channelId = channelNow(settings.read(slot.guildId), slot);
          if (channelId === undefined) return;
          const work = await claim({ ...slot, channelId });
          if (work === undefined) return;
          // Each date once, however many processes look and however often it is tried.
          if (work.claim.token === 1) metrics.digestCame("due");
          await carry(work, resolve);
        }).finally(resolve);
      });
    },

    recover() {
      if (unanswered > 0)
        log.warn(
          { digests: unanswered },
          "Discord did not answer when digests were posted: they are tried again",
        );
      unanswered = 0;
      recovering ??= recoverAll().finally(() => {
        recovering = undefined;
      });
      return recovering;
    },

    async stop(withinMs) {
      isStopping = true;
      tellStopping();
      let timer: NodeJS.Timeout | undefined;
      const tooLong = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      await Promise.race([idle(), tooLong]);
      clearTimeout(timer);
    },
  };
}

/** One that does not say when it ends is none. */
function isShortWait(
  outcome: PostOutcome,
): outcome is Extract<PostOutcome, { readonly kind: "rate-limited" }> {
  return (
    outcome.kind === "rate-limited" &&
    outcome.retryAfterMs > 0 &&
    outcome.retryAfterMs <= SHORT_WAIT_MS
  );
}

/**
 * The channel that a slot goes to by the settings of now; undefined when the digest was switched
 * off, or moved after the slot.
 */
function channelNow(
  chosen: GuildSettings,
  { dueAt }: Pick<DigestSlot, "dueAt">,
): string | undefined {
  const isPast = chosen.digestSince !== null && Date.parse(dueAt) < Date.parse(chosen.digestSince);
  return chosen.digestEnabled === true && !isPast
    ? (chosen.digestChannelId ?? undefined)
    : undefined;
}

function keyOf({ guildId, localOn }: Pick<DigestSlot, "guildId" | "localOn">): string {
  return `${guildId} ${localOn}`;
}
