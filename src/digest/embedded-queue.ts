import type { Log } from "../process/log.ts";
import type { DigestSlot } from "../storage/digest-ledger.ts";
import { slotKey } from "./ledger-batches.ts";
import type { DigestPoster } from "./poster.ts";
import type { DigestQueue } from "./queue.ts";

/**
 * Enough to keep Discord busy while each post waits for its picture, the ledger and Discord's
 * response.
 */
const POSTS_AT_ONCE = 100;

/**
 * Makes the queue of a single process: slots wait in memory, first come, first served. Slots lost
 * in a crash are found again by the next tick.
 */
export function createEmbeddedQueue(options: {
  readonly poster: Pick<DigestPoster, "post">;
  /** Fetches the day's closes ahead of the posts. */
  readonly prepare: () => Promise<void>;
  readonly log: Log;
}): DigestQueue {
  const { poster, prepare, log } = options;
  // A map keeps insertion order, and deletes its first entry without moving the others.
  const waiting = new Map<string, DigestSlot>();
  const running = new Set<string>();
  let isStopping = false;
  let isPreparing = false;

  function pump(): void {
    for (const [key, slot] of waiting) {
      if (isStopping || running.size >= POSTS_AT_ONCE) return;
      waiting.delete(key);
      running.add(key);
      void poster.post(slot).finally(() => {
        running.delete(key);
        pump();
      });
    }
  }

  return {
    async add(slots) {
      for (const slot of slots) {
        const key = slotKey(slot);
        if (!running.has(key)) waiting.set(key, slot);
      }
      pump();
    },
    async prepare() {
      if (isPreparing || isStopping) return;
      isPreparing = true;
      void prepare()
        .catch((error: unknown) =>
          log.warn({ err: error }, "the closes of the digests' coins could not be fetched ahead"),
        )
        .finally(() => {
          isPreparing = false;
        });
    },
    isPending(guildId, localOn) {
      const key = slotKey({ guildId, localOn });
      return waiting.has(key) || running.has(key);
    },
    async stop() {
      isStopping = true;
      waiting.clear();
    },
  };
}
