import type { PastDigest } from "../storage/digest-ledger.ts";

/** What a new digest needs to know of the server's earlier ones. */
export type PastFacts = {
  /** Coins whose story the latest digests told, newest first. */
  readonly toldCoinIds: readonly string[];
  /**
   * UTC day of the newest close that the digest before the new one told of, or looked at for news;
   * null when there was none lately.
   */
  readonly closesTo: string | null;
};

/** What the digest of a local date needs to know of past ones, given newest first. */
export function pastFacts(past: readonly PastDigest[], localOn: string): PastFacts {
  return {
    toldCoinIds: past.flatMap(({ storyCoinId }) => (storyCoinId === null ? [] : [storyCoinId])),
    closesTo: past.find((digest) => digest.localOn < localOn)?.closesTo ?? null,
  };
}
