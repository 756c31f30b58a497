/** What one server has chosen; null means that the default applies. */
export type GuildSettings = {
  /** ISO 4217 code in capitals, such as `EUR`. */
  readonly currency: string | null;
  /** Default stake exactly as an admin typed it, in `stakeCurrency`. */
  readonly stake: number | null;
  /**
   * The currency of `stake` if the server's currency has changed since; null if it is the server's.
   * Maintained by the store.
   */
  readonly stakeCurrency: string | null;
  /** Key of a Lambo model. */
  readonly carKey: string | null;
  /**
   * A custom car price exactly as an admin typed it, in `carPriceCurrency`; it overrides the
   * model's.
   */
  readonly carPrice: number | null;
  /** The currency of `carPrice`, as `stakeCurrency` is the stake's. */
  readonly carPriceCurrency: string | null;
  readonly replies: "public" | "private" | null;
  /**
   * BCP 47 tag of the language of digests and notices, such as `de` or `es-419`; null is the
   * server's own, `preferredLocale`.
   */
  readonly language: string | null;
  /**
   * The locale that the server has chosen in Discord, as last told; null when never told. No choice
   * made here: it is not recorded as a change, and a reset keeps it.
   */
  readonly preferredLocale: string | null;
  readonly digestEnabled: boolean | null;
  readonly digestChannelId: string | null;
  /** Wall time in the digest's zone, `HH:MM`. */
  readonly digestTime: string | null;
  /** IANA time zone. */
  readonly digestZone: string | null;
  /**
   * On which days the digest comes: `day`, `weekdays`, `news`, or days of the week such as `mon` or
   * `mon,thu`.
   */
  readonly digestEvery: string | null;
  /** Whether the digest comes with a riddle. */
  readonly digestRiddle: boolean | null;
  /** The role that the digest mentions. */
  readonly digestRoleId: string | null;
  /** CoinGecko coin ids, 1 to 10, in the order chosen. */
  readonly digestCoins: readonly string[] | null;
  /**
   * ISO instant at which the digest was last switched on (enabled, with a channel) or its time,
   * zone or days changed: earlier slots are not due. Maintained by the store.
   */
  readonly digestSince: string | null;
  /** What a symbol (in capitals) means on this server: a CoinGecko coin id. */
  readonly symbols: Readonly<Record<string, string>>;
};

/**
 * A change to several fields at once: an omitted field stays, null restores the default, and so
 * does a symbol set to null. An amount is in the currency that the server has after the change,
 * unless its currency is given too; an omitted amount stays as it was typed.
 */
export type GuildSettingsChange = Partial<Omit<GuildSettings, "symbols" | "digestSince">> & {
  readonly symbols?: Readonly<Record<string, string | null>>;
};

/** The change to make, given the stored settings. */
export type SettingsRewrite = (stored: GuildSettings) => GuildSettingsChange;

/** Who changes something, and when. */
export type ChangeAuthor = { readonly userId: string; readonly at: Date };

/**
 * One change as it was recorded; `what` is a field of {@link GuildSettings}, `symbol:UNI` for a
 * symbol, or `reset`.
 */
export type RecordedChange = {
  readonly at: Date;
  readonly userId: string;
  readonly what: string;
  /** Old and new value as text; null is the default. */
  readonly old: string | null;
  readonly new: string | null;
};

/** The settings after a change, and its id for undoing it; null when nothing was altered. */
export type ChangedSettings = {
  readonly settings: GuildSettings;
  readonly changeId: number | null;
};

/**
 * Why a change was not undone. `unknown`: this server has no such change, or no longer; `undone`:
 * it was undone before; `superseded`: one of its settings has been changed since, and `later` is
 * the newest such change.
 */
export type UndoRefusal =
  | { readonly ok: false; readonly reason: "unknown" | "undone" }
  | { readonly ok: false; readonly reason: "superseded"; readonly later: RecordedChange };

/** What became of undoing a change: what that altered, or why it was not done. */
export type UndoOutcome =
  | (ChangedSettings & {
      readonly ok: true;
      readonly alterations: readonly RecordedChange[];
    })
  | UndoRefusal;

/**
 * What servers have chosen. Reads come from memory; a write resolves when it is on disk, and
 * rejects (`StorageError`) with nothing half-saved. Two writes to one server are ordered: neither
 * is lost, and the later one wins per field.
 */
export type GuildSettingsStore = {
  /** A server that never chose anything has {@link NO_SETTINGS}. */
  read(guildId: string): GuildSettings;
  /**
   * Writes all fields of the change or none, each with a recorded change if its value differs. A
   * change that depends on other fields is a function of the settings stored at the time of
   * writing, which memory may not have yet: pure, because it may be called again.
   */
  change(
    guildId: string,
    change: GuildSettingsChange | SettingsRewrite,
    author: ChangeAuthor,
  ): Promise<ChangedSettings>;
  /**
   * Restores all defaults, as one recorded change whose `old` lists everything that was chosen; the
   * recorded changes stay.
   */
  reset(guildId: string, author: ChangeAuthor): Promise<ChangedSettings>;
  /**
   * Puts back exactly what a change replaced, once, unless one of its settings has been changed
   * since. It is recorded as a change, and can be undone like one.
   */
  undo(guildId: string, changeId: number, author: ChangeAuthor): Promise<UndoOutcome>;
  /**
   * Stores the locales that servers have chosen in Discord, by server: of those that have settings,
   * where another or none is stored. Resolves without writing when there is nothing new.
   */
  rememberLocales(preferred: ReadonlyMap<string, string>): Promise<void>;
  /** The latest recorded changes, newest first. */
  history(guildId: string, limit: number): Promise<readonly RecordedChange[]>;
  /** Every server whose digest is enabled and has a channel. */
  digestGuildIds(): readonly string[];
};

/** The settings of a server that has never chosen anything. */
export const NO_SETTINGS: GuildSettings = {
  currency: null,
  stake: null,
  stakeCurrency: null,
  carKey: null,
  carPrice: null,
  carPriceCurrency: null,
  replies: null,
  language: null,
  preferredLocale: null,
  digestEnabled: null,
  digestChannelId: null,
  digestTime: null,
  digestZone: null,
  digestEvery: null,
  digestRiddle: null,
  digestRoleId: null,
  digestCoins: null,
  digestSince: null,
  symbols: {},
};
