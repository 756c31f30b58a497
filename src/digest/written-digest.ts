import type { Reply } from "../discord/reply.ts";
import type { Priority } from "../prices/price-source.ts";
import type { Result } from "../result.ts";
import type { PastFacts } from "./past-digests.ts";
import type { DigestReason } from "./reason.ts";

/** For which server, date and reader a digest is written. */
export type DigestOrder = {
  readonly guildId: string;
  /**
   * Local date in the server's zone, YYYY-MM-DD: it goes into the button ids, by which a posted
   * digest is found again (`digestMarker`). Null for a preview or a test, which must never be taken
   * for that day's digest.
   */
  readonly localOn: string | null;
  /** The next story is about another coin than the latest, and news is what came since. */
  readonly past: PastFacts;
  /** The readers' locale: the server's in a post, the member's in a preview. */
  readonly locale: string;
  readonly priority: Priority;
};

/** A digest ready to be shown or posted. */
export type WrittenDigest = {
  readonly reply: Reply;
  /** The coin whose story it tells; null when there is none to tell. */
  readonly storyCoinId: string | null;
  /** UTC day of the newest close that it tells of; null without one. */
  readonly closesTo: string | null;
};

/** A digest, or why there is none now; a preview is never without one for want of news. */
export type DigestOutcome = Result<
  { readonly digest: WrittenDigest },
  { readonly reason: DigestReason }
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
