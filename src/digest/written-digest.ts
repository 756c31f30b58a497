import type { Reply } from "../discord/reply.ts";
import type { Priority } from "../prices/price-source.ts";
import type { Result } from "../result.ts";

/** Locale of numbers and dates in a post that a whole server reads. */
export const POST_LOCALE = "en-US";

/** For which server, date and reader a digest is written. */
export type DigestOrder = {
  readonly guildId: string;
  /**
   * Local date in the server's zone, YYYY-MM-DD: it goes into the button ids, by which a posted
   * digest is found again (`digestMarker`). Null for a preview or a test, which must never be taken
   * for that day's digest.
   */
  readonly localOn: string | null;
  /**
   * Coins whose story the latest digests told, newest first: the next story is about another coin.
   */
  readonly toldCoinIds: readonly string[];
  /** Locale of numbers and dates. */
  readonly locale: string;
  readonly priority: Priority;
};

/** A digest ready to be shown or posted. */
export type WrittenDigest = {
  readonly reply: Reply;
  /** The coin whose story it tells; null when there is none to tell. */
  readonly storyCoinId: string | null;
};

/** A digest, or why there is none now (no prices at all), in one plain sentence. */
export type DigestOutcome = Result<
  { readonly digest: WrittenDigest },
  { readonly sentence: string }
>;

/**
 * Writes digests: prices in, one message out; posts nothing. Never rejects because of the outside
 * world.
 */
export type DigestWriter = {
  write(order: DigestOrder): Promise<DigestOutcome>;
  /**
   * Fetches yesterday's closes of these servers' coins in as few calls as possible, before the
   * posts need them.
   */
  prepare(guildIds: readonly string[]): Promise<void>;
};
