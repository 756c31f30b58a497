/**
 * How far a server's digest of one local date has come. `claimed` and `sending` belong to a worker
 * until their lease ends; the others are final for that date, except that a `paused` one may be
 * claimed again while it is still due, as may one that was `missed` by a clock that was wrong.
 */
export type DigestState = "claimed" | "sending" | "sent" | "paused" | "missed";

/** One row of the ledger: a server and a local date of its zone (YYYY-MM-DD). */
export type DigestEntry = {
  readonly guildId: string;
  readonly localOn: string;
  readonly state: DigestState;
  /**
   * The channel that it was claimed for; a digest in `sending` is looked for there, whatever the
   * settings say by then.
   */
  readonly channelId: string;
  /** Raised by every claim: a worker whose token is no longer the row's may not write. */
  readonly token: number;
  /**
   * ISO instant at which the worker's right to the row ends, or at which it is to be tried again;
   * null in final states.
   */
  readonly leaseUntil: string | null;
  /** ISO instant at which the digest was due. */
  readonly dueAt: string;
  readonly messageId: string | null;
  /** The coin whose story the digest told; known from `sending` on. */
  readonly storyCoinId: string | null;
  /** True from `sending` on, until it is certain that nothing was posted. */
  readonly mayBePosted: boolean;
  /** Why it is paused, missed or still waiting, as one plain sentence. */
  readonly reason: string | null;
  /** ISO instant of the last write. */
  readonly updatedAt: string;
};

/** Why a server's digest is paused, and whether its admins were told. */
export type DigestTrouble = {
  readonly guildId: string;
  /** Where it could not be posted; it says nothing about any other channel. */
  readonly channelId: string;
  readonly reason: string;
  /** ISO instants. */
  readonly since: string;
  readonly toldAt: string | null;
  readonly triedAt: string;
};

/** A local date of a server that is to be posted in a channel. */
export type DigestSlot = Pick<DigestEntry, "guildId" | "localOn" | "channelId" | "dueAt">;

/** A worker's right to a row while its lease lasts. */
export type DigestClaim = Pick<
  DigestEntry,
  "guildId" | "localOn" | "channelId" | "dueAt" | "token"
> & {
  readonly leaseUntil: string;
};

/** A claim whose request is about to go out: to which channel, with which coin's story. */
export type DigestSending = {
  readonly claim: DigestClaim;
  readonly channelId: string;
  readonly storyCoinId: string | null;
};

/** How a worker leaves a row. */
export type DigestEnding =
  | { readonly kind: "sent"; readonly messageId: string }
  | { readonly kind: "paused"; readonly reason: string }
  | { readonly kind: "missed"; readonly reason: string; readonly mayBePosted: boolean }
  /** Nothing was posted: claimed again from `until` on. */
  | { readonly kind: "waiting"; readonly until: Date; readonly reason: string }
  /** The request may have arrived: stays in `sending`, to be looked for from `until` on. */
  | { readonly kind: "unknown"; readonly until: Date };

/** A claim, and how its worker leaves it. */
export type DigestEnded = { readonly claim: DigestClaim; readonly ending: DigestEnding };

/** How long a claim lasts, in milliseconds. */
export const LEASE_MS = 120_000;

/**
 * How much of the lease a row needs to enter `sending`, in milliseconds: its request is dropped
 * unless it goes out 10 s before the lease ends, and takes that long at most.
 */
export const SENDING_LEASE_MS = 30_000;

/**
 * The newest rows of a server are never deleted for their age, because the clock may be years ahead
 * for a moment. More than the days that are ever looked back at, plus those that such a clock adds.
 */
export const NEWEST_KEPT = 30;

/**
 * Which digests were posted, are being posted or were given up. It makes sure that a local date is
 * posted once, whatever crashes and however many workers there are. Each method that writes does so
 * in one transaction, resolves when that is on disk, and rejects (`StorageError`) with nothing
 * written, unless the connection broke during the commit.
 */
export type DigestLedger = {
  /**
   * Takes slots that nobody holds and that are certainly not posted: dates without a row, rows in
   * `claimed` whose lease has ended, paused and missed ones. Resolves to the claims, each for
   * {@link LEASE_MS}.
   */
  claim(slots: readonly DigestSlot[], now: Date): Promise<readonly DigestClaim[]>;
  /**
   * Takes at most `limit` rows that were left in `sending`, of which only Discord knows whether
   * they were posted.
   */
  takeOver(limit: number, now: Date): Promise<readonly DigestClaim[]>;
  /** Extends claims to {@link LEASE_MS} from now; resolves to those that still held. */
  renew(claims: readonly DigestClaim[], now: Date): Promise<readonly DigestClaim[]>;
  /**
   * Puts rows into `sending`; resolves to the claims that hold for another
   * {@link SENDING_LEASE_MS}: only these may send.
   */
  beginSending(sendings: readonly DigestSending[], now: Date): Promise<readonly DigestClaim[]>;
  /** Ends claims; resolves to those that still held. */
  end(ended: readonly DigestEnded[], now: Date): Promise<readonly DigestClaim[]>;
  /** Records slots as missed that have no row yet, or one in `claimed` that nobody holds. */
  miss(slots: readonly DigestSlot[], reason: string, now: Date): Promise<void>;
  /**
   * Records as missed every row in `claimed` that nobody holds and that was due before an instant:
   * rows of servers that have no digest any more.
   */
  missAbandoned(dueBefore: Date, reason: string, now: Date): Promise<void>;
  /** Rows of these servers from a local date on, in no order. */
  entries(guildIds: readonly string[], fromOn: string): Promise<readonly DigestEntry[]>;
  /** The latest rows of a server, newest first. */
  latest(guildId: string, limit: number): Promise<readonly DigestEntry[]>;
  /** The coins whose stories these servers' digests told from a local date on, newest first. */
  toldCoinIds(
    guildIds: readonly string[],
    fromOn: string,
  ): Promise<ReadonlyMap<string, readonly string[]>>;
  /**
   * Deletes rows of local dates before this one, except the {@link NEWEST_KEPT} newest of each
   * server.
   */
  forgetBefore(localOn: string): Promise<void>;

  /** The troubles of these servers. */
  troubles(guildIds: readonly string[]): Promise<readonly DigestTrouble[]>;
  /**
   * Records a trouble, or that it still stands; `since` and `toldAt` stay those of the first time
   * in that channel.
   */
  setTrouble(
    trouble: Pick<DigestTrouble, "guildId" | "channelId" | "reason">,
    now: Date,
  ): Promise<void>;
  /** True once for every trouble: whoever gets it tells the admins. */
  claimNotification(guildId: string, now: Date): Promise<boolean>;
  clearTrouble(guildId: string): Promise<void>;
};
