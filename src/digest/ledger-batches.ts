import { createBatcher } from "../process/batch.ts";
import type {
  DigestClaim,
  DigestEnded,
  DigestLedger,
  DigestSending,
  DigestSlot,
  DigestTrouble,
} from "../storage/digest-ledger.ts";
import { addDays } from "../valuation/calendar.ts";
import { STORIES_KEPT_DAYS } from "./content.ts";
import { type PastFacts, pastFacts } from "./past-digests.ts";

/** A claimed digest, and what the ledger knows of its server. */
export type ClaimedDigest = {
  readonly claim: DigestClaim;
  readonly past: PastFacts;
  readonly trouble: DigestTrouble | undefined;
};

/** The ledger's operations for single digests, with many of them in one transaction. */
export type LedgerBatches = {
  /** Undefined when another worker holds the slot, or it needs no action any more. */
  claim(slot: DigestSlot): Promise<ClaimedDigest | undefined>;
  /** Takes at most `limit` rows that were left in `sending`. */
  takeOver(limit: number): Promise<readonly ClaimedDigest[]>;
  /** False when the claim no longer holds; the same goes for the next two. */
  renew(claim: DigestClaim): Promise<boolean>;
  beginSending(sending: DigestSending): Promise<boolean>;
  end(ended: DigestEnded): Promise<boolean>;
};

/** Rows of one transaction. */
const MAX_BATCH = 100;

/** Makes the batches; each operation waits `waitMs` for others to share its transaction. */
export function createLedgerBatches(options: {
  readonly ledger: DigestLedger;
  readonly now: () => Date;
  readonly waitMs: number;
}): LedgerBatches {
  const { ledger, now, waitMs } = options;
  const bounds = { waitMs, maxItems: MAX_BATCH };

  async function withServer(
    claims: readonly DigestClaim[],
  ): Promise<ReadonlyMap<string, ClaimedDigest>> {
    const guildIds = claims.map(({ guildId }) => guildId);
    const [earliestOn] = claims.map(({ localOn }) => localOn).sort();
    if (earliestOn === undefined) return new Map();
    const past = await ledger.pastDigests(guildIds, addDays(earliestOn, -STORIES_KEPT_DAYS));
    const troubles = new Map(
      (await ledger.troubles(guildIds)).map((trouble) => [trouble.guildId, trouble]),
    );
    return new Map(
      claims.map((claim) => [
        slotKey(claim),
        {
          claim,
          past: pastFacts(past.get(claim.guildId) ?? [], claim.localOn),
          trouble: troubles.get(claim.guildId),
        },
      ]),
    );
  }

  return {
    claim: createBatcher<DigestSlot, ClaimedDigest | undefined>(async (slots) => {
      const claimed = await withServer(await ledger.claim(slots, now()));
      return slots.map((slot) => claimed.get(slotKey(slot)));
    }, bounds),
    async takeOver(limit) {
      return [...(await withServer(await ledger.takeOver(limit, now()))).values()];
    },
    renew: createBatcher<DigestClaim, boolean>(async (claims) => {
      const renewed = keysOf(await ledger.renew(claims, now()));
      return claims.map((claim) => renewed.has(slotKey(claim)));
    }, bounds),
    beginSending: createBatcher<DigestSending, boolean>(async (sendings) => {
      const began = keysOf(await ledger.beginSending(sendings, now()));
      return sendings.map(({ claim }) => began.has(slotKey(claim)));
    }, bounds),
    end: createBatcher<DigestEnded, boolean>(async (ended) => {
      const recorded = keysOf(await ledger.end(ended, now()));
      return ended.map(({ claim }) => recorded.has(slotKey(claim)));
    }, bounds),
  };
}

/** A key for one server's local date. */
export function slotKey({ guildId, localOn }: Pick<DigestSlot, "guildId" | "localOn">): string {
  return `${guildId} ${localOn}`;
}

function keysOf(claims: readonly DigestClaim[]): ReadonlySet<string> {
  return new Set(claims.map(slotKey));
}
