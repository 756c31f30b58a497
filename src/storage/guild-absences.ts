import type { Kysely, Transaction } from "kysely";
import { DAY_MS } from "../valuation/calendar.ts";
import type { Database } from "./database.ts";
import type { GuildPresenceStore } from "./guild-presence-store.ts";
import { type Follower, type Mirror, takeRevision } from "./revision.ts";
import { GUILD_TABLES, type Tables } from "./tables.ts";

type Absence = { readonly absentSince: string; readonly leftAt: string | null };

/** The servers that are absent or left, in memory. */
export type AbsencesMirror = Mirror & { readonly absences: Map<string, Absence> };

/** SQLite takes 32,766 parameters in one statement. */
const ROWS_PER_STATEMENT = 1_000;

/**
 * Makes the memory of {@link createGuildAbsences}. Few servers are absent at any time, so it is
 * read as a whole.
 */
export function createAbsencesMirror(): AbsencesMirror {
  const absences = new Map<string, Absence>();
  return {
    absences,
    async load(database) {
      const rows = await database.selectFrom("guild_absences").selectAll().execute();
      return () => {
        absences.clear();
        for (const row of rows)
          absences.set(row.guild_id, { absentSince: row.absent_since, leftAt: row.left_at });
      };
    },
  };
}

/**
 * Makes the store of servers that the bot has left, over a mirror that the follower keeps up to
 * date.
 */
export function createGuildAbsences(options: {
  database: Database;
  mirror: AbsencesMirror;
  follower: Follower;
}): GuildPresenceStore {
  const { database, follower } = options;
  const { absences } = options.mirror;

  /** Writes the rows that `work` names: an absence, or null for a server that is there. */
  async function rewrite(
    work: (transaction: Transaction<Tables>) => Promise<ReadonlyMap<string, Absence | null>>,
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
        const absent = part.flatMap(([guildId, absence]) =>
          absence === null
            ? []
            : [{ guild_id: guildId, absent_since: absence.absentSince, left_at: absence.leftAt }],
        );
        if (absent.length > 0)
          await transaction.insertInto("guild_absences").values(absent).execute();
      }
      return { rows, revision };
    });
    for (const [guildId, absence] of rows) {
      if (absence === null) absences.delete(guildId);
      else absences.set(guildId, absence);
    }
    follower.wrote(revision);
  }

  return {
    async seen(guildId, at) {
      if (!absences.has(guildId)) return;
      await follower.inTurn(() =>
        rewrite(async (transaction) => {
          const absence = (await readAbsences(transaction, guildId)).get(guildId);
          return new Map(
            absence !== undefined && !isLaterThan(absence, at) ? [[guildId, null]] : [],
          );
        }),
      );
    },
    async reconciled(presentGuildIds, at) {
      const present = new Set(presentGuildIds);
      await follower.inTurn(() =>
        rewrite(async (transaction) => {
          const before = await readAbsences(transaction);
          const rows = new Map<string, Absence | null>();
          for (const [guildId, absence] of before)
            if (present.has(guildId) && !isLaterThan(absence, at)) rows.set(guildId, null);
          for (const guildId of await storedGuildIds(transaction)) {
            if (present.has(guildId)) continue;
            const absence = before.get(guildId);
            if (absence === undefined)
              rows.set(guildId, { absentSince: at.toISOString(), leftAt: null });
            else if (
              absence.leftAt === null &&
              at.getTime() - Date.parse(absence.absentSince) >= DAY_MS
            ) {
              rows.set(guildId, { ...absence, leftAt: at.toISOString() });
            }
          }
          return rows;
        }),
      );
    },
    async removed(guildId, at) {
      await follower.inTurn(() =>
        rewrite(async (transaction) => {
          const absence = (await readAbsences(transaction, guildId)).get(guildId);
          const leftAt = absence?.leftAt ?? at.toISOString();
          return new Map([[guildId, { absentSince: absence?.absentSince ?? leftAt, leftAt }]]);
        }),
      );
    },
    hasLeft: (guildId) => (absences.get(guildId)?.leftAt ?? null) !== null,
    async leftLongAgo(now, days) {
      const limit = new Date(now.getTime() - days * DAY_MS).toISOString();
      return [...absences]
        .filter(([, { leftAt }]) => leftAt !== null && leftAt <= limit)
        .map(([guildId]) => guildId);
    },
  };
}

/** Word of a server that was there may arrive after word that the bot was removed since. */
function isLaterThan({ leftAt, absentSince }: Absence, at: Date): boolean {
  return Date.parse(leftAt ?? absentSince) > at.getTime();
}

async function readAbsences(
  transaction: Transaction<Tables>,
  guildId?: string,
): Promise<Map<string, Absence>> {
  const rows = await transaction
    .selectFrom("guild_absences")
    .selectAll()
    .$if(guildId !== undefined, (query) => query.where("guild_id", "=", guildId ?? ""))
    .execute();
  return new Map(
    rows.map((row) => [row.guild_id, { absentSince: row.absent_since, leftAt: row.left_at }]),
  );
}

/** Every server that something is stored about. */
export async function storedGuildIds(database: Kysely<Tables>): Promise<readonly string[]> {
  // Object.keys knows no better type than string; these are the object's own keys.
  const tables = Object.keys(GUILD_TABLES) as (keyof typeof GUILD_TABLES)[];
  // Each made distinct by its own index first: a table may have a hundred rows about a server.
  const [first, ...others] = tables.map((table) =>
    database.selectFrom(table).select("guild_id").distinct(),
  );
  const rows = await others.reduce((all, one) => all?.union(one), first)?.execute();
  return (rows ?? []).map(({ guild_id }) => guild_id);
}
