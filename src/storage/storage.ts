import type { Transaction } from "kysely";
import type { Log } from "../process/log.ts";
import { type Database, openDatabase } from "./database.ts";
import type { DigestLedger } from "./digest-ledger.ts";
import { createDigestLedger } from "./digest-ledger-store.ts";
import {
  createDeparturesMirror,
  createGuildDepartures,
  storedGuildIds,
} from "./guild-departures.ts";
import type { Forgotten, GuildPresenceStore } from "./guild-presence-store.ts";
import type { GuildSettingsStore } from "./guild-settings.ts";
import { createGuildSettingsStore, createSettingsMirror } from "./guild-settings-store.ts";
import { askForReload, follow, takeRevision } from "./revision.ts";
import { GUILD_TABLES, type Tables } from "./tables.ts";

/** How long a server's data is kept after the bot has left it, in days. */
export const DAYS_KEPT_AFTER_LEAVING = 30;

/** The opened database and its stores. */
export type Storage = {
  readonly database: Database;
  readonly settings: GuildSettingsStore;
  readonly presence: GuildPresenceStore;
  readonly ledger: DigestLedger;
  /**
   * Deletes everything about a server for good, in one transaction; resolves to what was deleted.
   * Rejects (`StorageError`) with nothing deleted.
   */
  forget(guildId: string): Promise<Forgotten>;
  /**
   * Forgets the servers that the bot left {@link DAYS_KEPT_AFTER_LEAVING} days ago, and rows that
   * were written while their server was being forgotten; resolves to the ids of the servers that
   * the bot had left. Never rejects.
   */
  forgetLeft(): Promise<readonly string[]>;
  close(): Promise<void>;
};

/** Opens the database and its stores. Rejects with `StorageError` when that cannot be done. */
export async function openStorage(options: {
  dataDir: string;
  databaseUrl: string | undefined;
  log: Log;
  now: () => Date;
}): Promise<Storage> {
  const { log, now } = options;
  const database = await openDatabase(options);
  const settingsMirror = createSettingsMirror();
  const departuresMirror = createDeparturesMirror();
  const follower = await follow({
    database,
    mirrors: [settingsMirror, departuresMirror],
    log,
  }).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const presence = createGuildDepartures({ database, mirror: departuresMirror, follower });

  /**
   * Resolves to undefined, with nothing deleted, when `condition` is false in the same transaction.
   */
  function forgetIf(
    guildId: string,
    condition: (transaction: Transaction<Tables>) => Promise<boolean>,
  ): Promise<Forgotten | undefined> {
    return follower.runExclusive(async () => {
      const done = await database.write(async (transaction) => {
        const revision = await takeRevision(transaction);
        if (!(await condition(transaction))) return undefined;
        await askForReload(transaction, revision);
        return { revision, forgotten: await deleteGuild(transaction, guildId) };
      });
      if (done === undefined) return undefined;
      settingsMirror.settings.delete(guildId);
      departuresMirror.departures.delete(guildId);
      follower.wrote(done.revision);
      await database.scrub();
      return done.forgotten;
    });
  }

  /**
   * Another process may record a digest that it was posting after the server was forgotten: such a
   * server has no settings.
   */
  async function forgetStragglers(): Promise<void> {
    const guildIds = await database.read(storedGuildIds);
    for (const guildId of guildIds) {
      if (settingsMirror.settings.has(guildId) || departuresMirror.departures.has(guildId))
        continue;
      await forgetIf(guildId, async (transaction) => {
        const row = await transaction
          .selectFrom("guild_settings")
          .select("guild_id")
          .where("guild_id", "=", guildId)
          .executeTakeFirst();
        return row === undefined;
      });
    }
  }

  return {
    database,
    settings: createGuildSettingsStore({ database, mirror: settingsMirror, follower }),
    presence,
    ledger: createDigestLedger(database),
    async forget(guildId) {
      const forgotten = await forgetIf(guildId, async () => true);
      return forgotten ?? NOTHING;
    },
    async forgetLeft() {
      const forgotten: string[] = [];
      try {
        for (const guildId of await presence.leftLongAgo(now(), DAYS_KEPT_AFTER_LEAVING)) {
          // The bot may have been added again meanwhile, as seen by another process or before the
          // loop reached this server.
          const wasLeft = await forgetIf(guildId, async (transaction) => {
            const row = await transaction
              .selectFrom("guild_absences")
              .select("left_at")
              .where("guild_id", "=", guildId)
              .executeTakeFirst();
            return row !== undefined && row.left_at !== null;
          });
          if (wasLeft !== undefined) forgotten.push(guildId);
        }
        await forgetStragglers();
      } catch (error) {
        log.warn(
          { err: error },
          "servers that the bot left could not be forgotten now: tried again after the next list",
        );
      }
      if (forgotten.length > 0)
        log.info(
          { servers: forgotten.length },
          "servers that the bot left 30 days ago were forgotten",
        );
      return forgotten;
    },
    async close() {
      // Queued writes finish first.
      await follower.runExclusive(async () => {});
      await database.close();
    },
  };
}

const NOTHING: Forgotten = { settings: 0, symbols: 0, changes: 0, digests: 0 };

async function deleteGuild(transaction: Transaction<Tables>, guildId: string): Promise<Forgotten> {
  const counts = { ...NOTHING };
  // Object.keys is typed as string[]; these are the object's own keys.
  for (const table of Object.keys(GUILD_TABLES) as (keyof typeof GUILD_TABLES)[]) {
    const { numDeletedRows } = await transaction
      .deleteFrom(table)
      .where("guild_id", "=", guildId)
      .executeTakeFirstOrThrow();
    const kind: keyof Forgotten | null = GUILD_TABLES[table];
    if (kind !== null) counts[kind] += Number(numDeletedRows);
  }
  return counts;
}
