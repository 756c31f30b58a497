import type { Generated } from "kysely";
import type { Forgotten } from "./guild-presence-store.ts";

/**
 * The tables as the newest migration leaves them. Instants are ISO text and flags are 0 or 1,
 * because that is the same on both engines.
 */
export type Tables = {
  /** Named so that it is not taken for another program's in a shared database. */
  lambo_migrations: { id: number; name: string; applied_at: string };
  /**
   * One row. Every write to what processes keep in memory takes the next revision first, which also
   * puts those writes into one order.
   */
  storage_revision: {
    id: number;
    revision: number;
    /** Rows were deleted in this revision: whoever knows an older one reads everything again. */
    reload_revision: number;
  };
  /** One row for a server that ever chose something; null is the default. */
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
    digest_enabled: number | null;
    digest_channel_id: string | null;
    digest_time: string | null;
    digest_zone: string | null;
    digest_role_id: string | null;
    digest_since: string | null;
    /** The revision that last changed the row or its coins and symbols. */
    revision: number;
  };
  /** The digest's coins in their order, from 0. */
  guild_digest_coins: { guild_id: string; position: number; coin_id: string };
  guild_symbols: { guild_id: string; symbol: string; coin_id: string };
  /** Who changed what; rows are added and, with their server, deleted, never changed. */
  config_changes: {
    id: Generated<number>;
    guild_id: string;
    user_id: string;
    changed_at: string;
    what: string;
    old_value: string | null;
    new_value: string | null;
  };
  /** Servers that were missing from the latest list, or that the bot has left. */
  guild_absences: { guild_id: string; absent_since: string; left_at: string | null };
  /** One row for a server and a local date of its zone, see `DigestEntry`. */
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
  };
  /** One row for a server whose digest is paused, see `DigestTrouble`. */
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
 * Their primary keys, and the tables in an order in which rows can be inserted: those that others
 * refer to first. A move copies all of them, so a table that is left out here does not compile.
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

/** The keys of {@link TABLE_KEYS} in their order. */
// Object.keys knows no better type than string; these are the object's own keys.
export const DATA_TABLES = Object.keys(TABLE_KEYS) as readonly DataTable[];

type GuildTable = {
  [Name in keyof Tables]: Tables[Name] extends { guild_id: unknown } ? Name : never;
}[keyof Tables];

/**
 * Every table with rows about one server, those that refer to another before it, and the number of
 * {@link Forgotten} that its rows count in. Forgetting a server deletes from all of them, so a
 * table that is left out here does not compile.
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
