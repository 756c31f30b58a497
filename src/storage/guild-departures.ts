import type { Kysely, Transaction } from "kysely";
import { DAY_MS } from "../valuation/calendar.ts";
import type { Database } from "./database.ts";
import type { GuildPresenceStore } from "./guild-presence-store.ts";
import { type Follower, type Mirror, takeRevision } from "./revision.ts";
import { GUILD_TABLES, type Tables } from "./tables.ts";

type Departure = { readonly absentSince: string; readonly leftAt: string | null };

/** The servers that are missing from the latest list or that the bot has left, in memory. */
export type DeparturesMirror = Mirror & { readonly departures: Map<string, Departure> };

/** SQLite takes 32,766 parameters in one statement. */
const ROWS_PER_STATEMENT = 1_000;

/** Makes the mirror of departures. There are few at any time, so all of them are read. */
export function createDeparturesMirror(): DeparturesMirror {
  const departures = new Map<string, Departure>();
  return {
    departures,
    async load(database) {
      const rows = await database.selectFrom("guild_absences").selectAll().execute();
      return () => {
        departures.clear();
        for (const row of rows)
          departures.set(row.guild_id, { absentSince: row.absent_since, leftAt: row.left_at });
      };
    },
  };
}

/** Makes the store of servers that the bot has left; the follower keeps its mirror up to date. */
export function createGuildDepartures(options: {
  database: Database;
  mirror: DeparturesMirror;
  follower: Follower;
}): GuildPresenceStore {
  const { database, follower } = options;
  const { departures } = options.mirror;

  /** Writes the rows that `work` returns; null for a server that the bot is in. */
  async function rewrite(
    work: (transaction: Transaction<Tables>) => Promise<ReadonlyMap<string, Departure | null>>,
  ): Promise<void> {
    const { rows, revision } = await database.write(async (transaction) => {
      const revision = await takeRevision(transaction);
      const rows = await work(transaction);
      const entries = [...rows];
      for (let from = 0; from < entries.length; from += ROWS_PER_STATEMENT) {
        const part = entries.slice(from, from + ROWS_PER_STATEMENT);
        await transaction
          .deleteFrom("guild_absences")
          .where(
            "guild_id",
            "in",
            part.map(([guildId]) => guildId),
          )
          .execute();
        const absent = part.flatMap(([guildId, departure]) =>
          departure === null
            ? []
            : [
                {
                  guild_id: guildId,
                  absent_since: departure.absentSince,
                  left_at: departure.leftAt,
                },
              ],
        );
        if (absent.length > 0)
          await transaction.insertInto("guild_absences").values(absent).execute();
      }
      return { rows, revision };
    });
    for (const [guildId, departure] of rows) {
      if (departure === null) departures.delete(guildId);
      else departures.set(guildId, departure);
    }
    follower.wrote(revision);
  }

  return {
    async seen(guildId, at) {
      if (!departures.has(guildId)) return;
      await follower.runExclusive(() =>
        rewrite(async (transaction) => {
          const departure = (await readDepartures(transaction, guildId)).get(guildId);
          return new Map(
            departure !== undefined && !isLaterThan(departure, at) ? [[guildId, null]] : [],
          );
        }),
      );
    },
    async reconciled(presentGuildIds, at) {
      const present = new Set(presentGuildIds);
      await follower.runExclusive(() =>
        rewrite(async (transaction) => {
          const stored = await readDepartures(transaction);
          const rows = new Map<string, Departure | null>();
          for (const [guildId, departure] of stored)
            if (present.has(guildId) && !isLaterThan(departure, at)) rows.set(guildId, null);
          for (const guildId of await storedGuildIds(transaction)) {
            if (present.has(guildId)) continue;
            const departure = stored.get(guildId);
            if (departure === undefined)
              rows.set(guildId, { absentSince: at.toISOString(), leftAt: null });
            else if (
              departure.leftAt === null &&
              at.getTime() - Date.parse(departure.absentSince) >= DAY_MS
            ) {
              rows.set(guildId, { ...departure, leftAt: at.toISOString() });
            }
          }
          return rows;
        }),
      );
    },
    async removed(guildId, at) {
      await follower.runExclusive(() =>
        rewrite(async (transaction) => {
          const departure = (await readDepartures(transaction, guildId)).get(guildId);
          const leftAt = departure?.leftAt ?? at.toISOString();
          return new Map([[guildId, { absentSince: departure?.absentSince ?? leftAt, leftAt }]]);
        }),
      );
    },
    hasLeft: (guildId) => (departures.get(guildId)?.leftAt ?? null) !== null,
    async leftLongAgo(now, days) {
      const limit = new Date(now.getTime() - days * DAY_MS).toISOString();
      return [...departures]
        .filter(([, { leftAt }]) => leftAt !== null && leftAt <= limit)
        .map(([guildId]) => guildId);
    },
  };
}

/** An event that a server was seen may arrive after the event of a later removal. */
function isLaterThan({ leftAt, absentSince }: Departure, at: Date): boolean {
  return Date.parse(leftAt ?? absentSince) > at.getTime();
}

async function readDepartures(
  transaction: Transaction<Tables>,
  guildId?: string,
): Promise<Map<string, Departure>> {
  const rows = await transaction
    .selectFrom("guild_absences")
    .selectAll()
    .$if(guildId !== undefined, (query) => query.where("guild_id", "=", guildId ?? ""))
    .execute();
  return new Map(
    rows.map((row) => [row.guild_id, { absentSince: row.absent_since, leftAt: row.left_at }]),
  );
}

/** Every server that has rows in any table. */
export async function storedGuildIds(database: Kysely<Tables>): Promise<readonly string[]> {
  // Object.keys is typed as string[]; these are the object's own keys.
  const tables = Object.keys(GUILD_TABLES) as (keyof typeof GUILD_TABLES)[];
  // Distinct within each table first, by its own index: a table may have a hundred rows of one
  // server.
  const [first, ...others] = tables.map((table) =>
    database.selectFrom(table).select("guild_id").distinct(),
  );
  const rows = await others.reduce((all, query) => all?.union(query), first)?.execute();
  return (rows ?? []).map(({ guild_id }) => guild_id);
}
