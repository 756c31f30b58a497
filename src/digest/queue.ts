import type { DigestSlot } from "../storage/digest-ledger.ts";

/**
 * Where due slots wait to be posted. Which of them are posted is for the ledger to decide, not for
 * the queue.
 */
export type DigestQueue = {
  /** Adds slots; one that waits here already is not added twice. Never rejects. */
  add(slots: readonly DigestSlot[]): Promise<void>;
  /**
   * Has one process fetch the closes for a UTC day's digests in advance. Never rejects; the work
   * may go on after this resolves.
   */
  prepare(utcOn: string): Promise<void>;
  /** Whether a slot waits here, as far as this process knows. */
  isPending(guildId: string, localOn: string): boolean;
  /** Begins no more posts. */
  stop(): Promise<void>;
};
