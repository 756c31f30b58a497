/**
 * Which servers the bot has left; all that a server left behind is kept 30 days and then deleted.
 * Only absences are stored: a server that is there leaves no trace, and a list concerns only
 * servers that something is stored about. Each method that writes rejects with `StorageError` when
 * it cannot; calling it again later does no harm.
 */
export type GuildPresenceStore = {
  /**
   * The bot was in this server then: it was created, became available or sent an interaction. Costs
   * nothing unless it was thought absent.
   */
  seen(guildId: string, at: Date): Promise<void>;
  /**
   * The whole list of servers that the bot is in (unavailable ones included); one absent from two
   * lists, at least a day apart, has been left.
   */
  reconciled(presentGuildIds: readonly string[], at: Date): Promise<void>;
  /** A real removal event (never an outage). */
  removed(guildId: string, at: Date): Promise<void>;
  /** True when the bot is known to have left; a server that was never seen has not been left. */
  hasLeft(guildId: string): boolean;
  /** Servers left at least `days` ago, whose data is to be deleted now. */
  leftLongAgo(now: Date, days: number): Promise<readonly string[]>;
};

/** What was deleted about one server: rows by kind. */
export type Forgotten = {
  readonly settings: number;
  readonly symbols: number;
  readonly changes: number;
  readonly digests: number;
};
