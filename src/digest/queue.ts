import type { DigestSlot } from "../storage/digest-ledger.ts";

/**
 * Where due slots wait to be posted. The ledger, not the queue, decides which of them are posted.
 */
export type DigestQueue = {
  /** Adds slots that are not already waiting. Never rejects. */
  add(slots: readonly DigestSlot[]): Promise<void>;
  /**
   * Has one process fetch the closes for a UTC day's digests in advance. Never rejects; the work
   * may continue after this resolves.
   */
  prepare(utcOn: string): Promise<void>;
  /** Whether a slot is waiting or being posted, as far as this process knows. */
  isPending(guildId: string, localOn: string): boolean;
  /** Starts no more posts. */
  stop(): Promise<void>;
};
