import type { Generated } from "kysely";
import type { Forgotten } from "./guild-presence-store.ts";

/**
 * The tables as the newest migration leaves them. Instants are ISO text and flags are 0 or 1,
 * because that is the same on both engines.
 */
export type Tables = {
  /** Prefixed, so that it does not clash with another program's table in a shared database. */
  lambo_migrations: { id: number; name: string; applied_at: string };
  /**
   * One row. Every write to mirrored rows takes the next revision first, which also serializes
   * those writes.
   */
  storage_revision: {
    id: number;
    revision: number;
    /**
     * Rows were deleted in this revision: a process at an older revision reads everything again.
     */
    reload_revision: number;
  };
  /** One row per server that has ever chosen something; null is the default. */
  guild_settings: {
    guild_id: string;
    currency: string | null;
    stake: number | null;
    /** Null where it was typed in `currency`. */
    stake_currency: string | null;
    car_key: string | null;
    car_price: number | null;
    /** Null where it was typed in `currency`. */
    car_price_currency: string | null;
    replies: string | null;
    language: string | null;
    /** The locale chosen in Discord, not here. */
    preferred_locale: string | null;
    digest_enabled: number | null;
    digest_channel_id: string | null;
    digest_time: string | null;
    digest_zone: string | null;
    digest_role_id: string | null;
    digest_since: string | null;
    digest_every: string | null;
    digest_riddle: number | null;
    /** The revision that last changed the row or its coins and symbols. */
    revision: number;
  };
  /** The digest's coins in their order, from 0. */
  guild_digest_coins: { guild_id: string; position: number; coin_id: string };
  guild_symbols: { guild_id: string; symbol: string; coin_id: string };
  /** Who changed what. Only `replaced` ever changes; rows are deleted only with their server. */
  config_changes: {
    id: Generated<number>;
    guild_id: string;
    user_id: string;
    changed_at: string;
    what: string;
    old_value: string | null;
    new_value: string | null;
    /**
     * JSON of the change that undoes the whole change, of which this is the last row; null in its
     * other rows, and once it has been undone.
     */
    replaced: string | null;
  };
  /** Servers that were missing from the latest list, or that the bot has left. */
  guild_absences: { guild_id: string; absent_since: string; left_at: string | null };
  /** One row per server and local date in its zone, see `DigestEntry`. */
  digest_ledger: {
    guild_id: string;
    local_on: string;
    state: string;
    channel_id: string;
    token: number;
    lease_until: string | null;
    due_at: string;
    message_id: string | null;
    story_coin_id: string | null;
    may_be_posted: number;
    reason: string | null;
    updated_at: string;
    closes_to: string | null;
  };
  /** One row per server whose digest is paused, see `DigestTrouble`. */
  digest_troubles: {
    guild_id: string;
    channel_id: string;
    reason: string;
    since: string;
    told_at: string | null;
    tried_at: string;
  };
};

/** Every table but that of the migrations: what a database holds. */
export type DataTable = Exclude<keyof Tables, "lambo_migrations">;

/**
 * The primary key of each table, in an order in which rows can be inserted: tables that others
 * refer to come first. A move copies all of them, so omitting a table does not compile.
 */
export const TABLE_KEYS = {
  storage_revision: ["id"],
  guild_settings: ["guild_id"],
  guild_digest_coins: ["guild_id", "position"],
  guild_symbols: ["guild_id", "symbol"],
  config_changes: ["id"],
  guild_absences: ["guild_id"],
  digest_ledger: ["guild_id", "local_on"],
  digest_troubles: ["guild_id"],
} as const satisfies { readonly [Name in DataTable]: readonly (keyof Tables[Name])[] };

/** The names of {@link TABLE_KEYS}, in order. */
// Object.keys knows no better type than string; these are the object's own keys.
export const DATA_TABLES = Object.keys(TABLE_KEYS) as readonly DataTable[];

type GuildTable = {
  [Name in keyof Tables]: Tables[Name] extends { guild_id: unknown } ? Name : never;
}[keyof Tables];

/**
 * Every table with rows about one server, referring tables before the ones that they refer to, and
 * the count of {@link Forgotten} that its rows go into. Forgetting a server deletes from all of
 * them, so omitting a table does not compile.
 */
export const GUILD_TABLES = {
  guild_digest_coins: null,
  guild_symbols: "symbols",
  guild_settings: "settings",
  config_changes: "changes",
  guild_absences: null,
  digest_ledger: "digests",
  digest_troubles: null,
} as const satisfies Record<GuildTable, keyof Forgotten | null>;
