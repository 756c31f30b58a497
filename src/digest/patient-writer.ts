import { createConcurrencyLimit } from "../process/concurrency-limit.ts";
import type { DigestClaim } from "../storage/digest-ledger.ts";
import type { ClaimedDigest, LedgerBatches } from "./ledger-batches.ts";
import type { DigestOutcome, DigestWriter } from "./written-digest.ts";

/** Writes digests for posting, a few at a time, and waits for prices that come late. */
export type PatientWriter = {
  /**
   * Writes one digest in its server's locale while renewing its claim; `late` when the prices did
   * not come in time. `onWaiting` is called once it only waits for prices.
   */
  write(
    claimed: ClaimedDigest,
    locale: string,
    onWaiting: () => void,
  ): Promise<DigestOutcome | "late" | "stopping">;
  /** Renews a claim until the returned function is called. */
  keepRenewing(claim: DigestClaim): () => void;
  /** Resolves every write to `stopping`. */
  stop(): void;
};

/**
 * Digests written at once: few, so that the pictures of people's answers do not queue behind a wave
 * of digests.
 */
const MAX_WRITING = 8;
/**
 * Digests that give up their slot of {@link MAX_WRITING} while they wait for prices; any more keep
 * theirs.
 */
const MAX_WAITING = 1_000;

/** Makes a patient writer. */
export function createPatientWriter(options: {
  readonly writer: Pick<DigestWriter, "write">;
  readonly batches: Pick<LedgerBatches, "renew">;
  readonly slowAfterMs: number;
  readonly writeWithinMs: number;
  readonly renewEveryMs: number;
}): PatientWriter {
  const { writer, batches, slowAfterMs, writeWithinMs, renewEveryMs } = options;
  const limit = createConcurrencyLimit(MAX_WRITING);
  let waiting = 0;
  let tellStopping = () => {};
  const stopping = new Promise<"stopping">((resolve) => {
    tellStopping = () => resolve("stopping");
  });

  // A failed renewal is ignored: the lease then ends, and with it the right to send.
  function keepRenewing(claim: DigestClaim): () => void {
    const timer = setInterval(() => void batches.renew(claim).catch(() => false), renewEveryMs);
    return () => clearInterval(timer);
  }

  return {
    keepRenewing,

    async write({ claim, past }, locale, onWaiting) {
      const { guildId, localOn } = claim;
      const release = await limit.acquire();
      let isWaiting = false;
      const slow = setTimeout(() => {
        release();
        if (waiting >= MAX_WAITING) return;
        isWaiting = true;
        waiting += 1;
        onWaiting();
      }, slowAfterMs);
      let tooLong: NodeJS.Timeout | undefined;
      const stopRenewing = keepRenewing(claim);
      try {
        return await Promise.race([
          stopping,
          writer.write({ guildId, localOn, past, locale, priority: "background" }),
          new Promise<"late">((resolve) => {
            tooLong = setTimeout(() => resolve("late"), writeWithinMs);
          }),
        ]);
      } finally {
        clearTimeout(slow);
        clearTimeout(tooLong);
        stopRenewing();
        release();
        if (isWaiting) waiting -= 1;
      }
    },

    stop: () => tellStopping(),
  };
}
