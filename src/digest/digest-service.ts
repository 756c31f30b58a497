import type { Reply } from "../discord/command.ts";
import type { Priority } from "../prices/price-source.ts";
import type { DigestEntry, DigestTrouble } from "../storage/digest-ledger.ts";

/** For which server, date and reader a digest is written. */
export type DigestOrder = {
  readonly guildId: string;
  /**
   * Local date of the server's zone, YYYY-MM-DD: it goes into the button ids, by which a posted digest is found again (`digestDateOf`).
   * Null for a preview or a test, which must never be taken for that day's digest.
   */
  readonly localOn: string | null;
  /** Coins that the latest digests told at length, newest first: the next story is another one's turn. */
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
export type DigestOutcome = { readonly ok: true; readonly digest: WrittenDigest } | { readonly ok: false; readonly sentence: string };

/** Writes digests: prices in, one message out; posts nothing. Never rejects for what the outside world does. */
export type DigestWriter = {
  write(order: DigestOrder): Promise<DigestOutcome>;
  /** Fetches yesterday's closes of these servers' coins in as few calls as possible, before the posts want them. */
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
  /** The next instants at which the server's digest is due; empty when it is off or has no channel. */
  nextDueAt(guildId: string, count: number): readonly Date[];
  /** The latest rows of the ledger, newest first. */
  latest(guildId: string, limit: number): Promise<readonly DigestEntry[]>;
  /** What keeps the server's digest from being posted; undefined when nothing does. */
  trouble(guildId: string): Promise<DigestTrouble | undefined>;
  /** An admin's check found nothing wrong: a paused digest goes on. */
  resume(guildId: string): Promise<void>;
};
