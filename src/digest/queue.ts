import type { DigestSlot } from "../storage/digest-ledger.ts";

/**
 * Where slots that are due wait for their turn to be posted. Which of them are posted is the
 * ledger's decision, not the queue's.
 */
export type DigestQueue = {
  /** Hands slots over; one that waits here already is not taken twice. Never rejects. */
  add(slots: readonly DigestSlot[]): Promise<void>;
  /**
   * Has the closes of a UTC day's digests fetched ahead, by one process. Never rejects; the work
   * itself may go on after it resolves.
   */
  prepare(utcOn: string): Promise<void>;
  /** True for a slot that waits here, as far as this process knows. */
  isPending(guildId: string, localOn: string): boolean;
  /** Begins no more posts. */
  stop(): Promise<void>;
};
