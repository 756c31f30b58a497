/**
 * How far a server's digest of one local date has come. `claimed` and `sending` belong to a worker until their lease ends; the others are
 * final for that date, except that a `paused` one may be claimed again while it is still due.
 */
export type DigestState = "claimed" | "sending" | "sent" | "paused" | "missed";

/** One row of the ledger: a server and a local date of its zone (YYYY-MM-DD). */
export type DigestEntry = {
  readonly guildId: string;
  readonly localOn: string;
  readonly state: DigestState;
  /** The channel it was claimed for; a row found in `sending` is looked for there, whatever the settings say by then. */
  readonly channelId: string;
  /** Raised by every claim: a worker whose token is no longer the row's may not write. */
  readonly token: number;
  /** ISO instant at which the worker's right to the row ends; null in final states. */
  readonly leaseUntil: string | null;
  /** ISO instant at which the digest was due. */
  readonly dueAt: string;
  readonly messageId: string | null;
  /** The coin that the posted digest told at length. */
  readonly storyCoinId: string | null;
  /** Why it is paused or missed, as one plain sentence. */
  readonly reason: string | null;
  /** ISO instant of the last write. */
  readonly updatedAt: string;
};

/** A server's standing trouble: why its digest is paused, and whether its admins know. Null fields: nothing is wrong. */
export type DigestTrouble = {
  readonly guildId: string;
  readonly reason: string;
  /** ISO instants. */
  readonly since: string;
  readonly toldAt: string | null;
  readonly triedAt: string;
};
