/**
 * The state of a server's digest for one local date. `claimed` and `sending` belong to a worker
 * until their lease ends; the others are final for that date, except that a `paused` row may be
 * claimed again while it is still due, as may a row that was `missed` because a clock was wrong.
 * On a `quiet` date there was no news, and so no post.
 */
export type DigestState = "claimed" | "sending" | "sent" | "paused" | "missed" | "quiet";

/** One row of the ledger: a server and a local date of its zone (YYYY-MM-DD). */
export type DigestEntry = {
  readonly guildId: string;
  readonly localOn: string;
  readonly state: DigestState;
  /**
   * The channel that it was claimed for; a digest in `sending` is looked for there, even if the
   * settings have changed since.
   */
  readonly channelId: string;
  /** Incremented by every claim: a worker whose token is out of date may not write. */
  readonly token: number;
  /**
   * ISO instant at which the worker's lease ends, or at which to try again; null in final states.
   */
  readonly leaseUntil: string | null;
  /** ISO instant at which the digest was due. */
  readonly dueAt: string;
  readonly messageId: string | null;
  /** The coin whose story the digest told; known from `sending` on. */
  readonly storyCoinId: string | null;
  /** True once it is `sending`, until it is certain that nothing was posted. */
  readonly mayBePosted: boolean;
  /** Why it is paused, missed or still waiting, as `digest/reason.ts` writes it. */
  readonly reason: string | null;
  /** ISO instant of the last write. */
  readonly updatedAt: string;
  /**
   * UTC day of the newest close that it told of, or that was looked at for news; null before
   * `sending` and for digests of earlier versions.
   */
  readonly closesTo: string | null;
};

/** The part of a finished digest, posted or quiet, that later digests depend on. */
export type PastDigest = Pick<DigestEntry, "localOn" | "storyCoinId" | "closesTo">;

/** Why a server's digest is paused, and whether its admins were told. */
export type DigestTrouble = {
  readonly guildId: string;
  /** The channel in which it could not be posted; the trouble applies to no other channel. */
  readonly channelId: string;
  readonly reason: string;
  /** ISO instants. */
  readonly since: string;
  readonly toldAt: string | null;
  readonly triedAt: string;
};

/** A server's local date whose digest is to be posted in a channel. */
export type DigestSlot = Pick<DigestEntry, "guildId" | "localOn" | "channelId" | "dueAt">;

/** A worker's right to a row while its lease lasts. */
export type DigestClaim = Pick<
  DigestEntry,
  "guildId" | "localOn" | "channelId" | "dueAt" | "token"
> & {
  readonly leaseUntil: string;
};

/** A claim about to be sent: to which channel, with which coin's story and which closes. */
export type DigestSending = {
  readonly claim: DigestClaim;
  readonly channelId: string;
  readonly storyCoinId: string | null;
  readonly closesTo: string | null;
};

/** How a worker ends its claim. */
export type DigestEnding =
  | { readonly kind: "sent"; readonly messageId: string }
  | { readonly kind: "paused"; readonly reason: string }
  /** There was no news up to that day's close: nothing is posted. */
  | { readonly kind: "quiet"; readonly closesTo: string }
  | { readonly kind: "missed"; readonly reason: string; readonly mayBePosted: boolean }
  /** Nothing was posted: may be claimed again from `until` on. */
  | { readonly kind: "waiting"; readonly until: Date; readonly reason: string }
  /** The request may have arrived: it stays in `sending`, and is looked for from `until` on. */
  | { readonly kind: "unknown"; readonly until: Date };

/** A claim and how it ends. */
export type DigestEnded = { readonly claim: DigestClaim; readonly ending: DigestEnding };

/** How long a claim lasts, in milliseconds. */
export const LEASE_MS = 120_000;

/**
 * How much of the lease must remain for a row to enter `sending`, in milliseconds: its request is
 * dropped unless it goes out 10 s before the lease ends, and takes at most that long.
 */
export const SENDING_LEASE_MS = 30_000;

/**
 * A server's newest rows are never deleted for their age, because the clock may be years ahead for
 * a moment. More than the days that due times look back, plus those that such a clock adds.
 */
export const NEWEST_KEPT = 30;

/**
 * Which digests were posted, are being posted or were given up. It ensures that each local date is
 * posted once, whatever crashes and however many workers there are. Each method that writes does so
 * in one transaction, resolves when that is on disk, and rejects (`StorageError`) with nothing
 * written, unless the connection broke during the commit.
 */
export type DigestLedger = {
  /**
   * Claims slots that no worker holds and that have certainly not been posted: dates without a row,
   * `claimed` rows whose lease has ended, paused and missed rows. Resolves to the claims, each for
   * {@link LEASE_MS}.
   */
  claim(slots: readonly DigestSlot[], now: Date): Promise<readonly DigestClaim[]>;
  /**
   * Claims at most `limit` rows that were left in `sending`: only Discord knows whether they were
   * posted.
   */
  takeOver(limit: number, now: Date): Promise<readonly DigestClaim[]>;
  /** Extends claims to {@link LEASE_MS} from now; resolves to those that were still valid. */
  renew(claims: readonly DigestClaim[], now: Date): Promise<readonly DigestClaim[]>;
  /**
   * Puts rows into `sending`; resolves to the claims that are valid for another {@link
   * SENDING_LEASE_MS}: only these may send.
   */
  beginSending(sendings: readonly DigestSending[], now: Date): Promise<readonly DigestClaim[]>;
  /** Ends claims; resolves to those that were still valid. */
  end(ended: readonly DigestEnded[], now: Date): Promise<readonly DigestClaim[]>;
  /** Records slots as missed that have no row yet, or a `claimed` row whose lease has ended. */
  miss(slots: readonly DigestSlot[], reason: string, now: Date): Promise<void>;
  /**
   * Records as missed every `claimed` row whose lease has ended and that was due before an instant:
   * rows of servers that no longer have a digest.
   */
  missAbandoned(dueBefore: Date, reason: string, now: Date): Promise<void>;
  /** Rows of these servers from a local date on, in no particular order. */
  entries(guildIds: readonly string[], fromOn: string): Promise<readonly DigestEntry[]>;
  /** The latest rows of a server, newest first. */
  latest(guildId: string, limit: number): Promise<readonly DigestEntry[]>;
  /** These servers' finished digests from a local date on, newest first. */
  pastDigests(
    guildIds: readonly string[],
    fromOn: string,
  ): Promise<ReadonlyMap<string, readonly PastDigest[]>>;
  /**
   * Deletes rows of local dates before this one, except the {@link NEWEST_KEPT} newest of each
   * server.
   */
  forgetBefore(localOn: string): Promise<void>;

  /** The troubles of these servers. */
  troubles(guildIds: readonly string[]): Promise<readonly DigestTrouble[]>;
  /**
   * Records a trouble, or that it persists; `since` and `toldAt` stay as first recorded for that
   * channel.
   */
  setTrouble(
    trouble: Pick<DigestTrouble, "guildId" | "channelId" | "reason">,
    now: Date,
  ): Promise<void>;
  /** True once per trouble: the caller that gets true notifies the admins. */
  claimNotification(guildId: string, now: Date): Promise<boolean>;
  clearTrouble(guildId: string): Promise<void>;
};
