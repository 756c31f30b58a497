/**
 * Which servers the bot has left; their data is kept for 30 days and then deleted. Only departures
 * are stored, and only of servers that have other rows. Each method that writes rejects with
 * `StorageError` when it cannot; calling it again later does no harm.
 */
export type GuildPresenceStore = {
  /**
   * Records that the bot was in this server then: it was created, became available or sent an
   * interaction. Writes nothing unless the server was recorded as missing or left.
   */
  seen(guildId: string, at: Date): Promise<void>;
  /**
   * Records the complete list of servers that the bot is in (including unavailable ones). A server
   * that is missing from two lists at least a day apart counts as left.
   */
  reconciled(presentGuildIds: readonly string[], at: Date): Promise<void>;
  /** Records an actual removal (never an outage). */
  removed(guildId: string, at: Date): Promise<void>;
  /** Whether the bot is known to have left; false for a server that was never seen. */
  hasLeft(guildId: string): boolean;
  /** Servers left at least `days` ago, whose data is to be deleted now. */
  leftLongAgo(now: Date, days: number): Promise<readonly string[]>;
};

/** How many rows about one server were deleted, by kind. */
export type Forgotten = {
  readonly settings: number;
  readonly symbols: number;
  readonly changes: number;
  readonly digests: number;
};
