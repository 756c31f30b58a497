import type { Kysely, Transaction } from "kysely";
import { StorageError } from "./storage-error.ts";
import type { Tables } from "./tables.ts";

/** Why a database must not be used: its contents were moved away, or are still arriving. */
export type MovedMark = {
  readonly kind: "moved" | "arriving";
  /** The other database, without secrets. */
  readonly other: string;
  /** The UTC day of the move. */
  readonly on: string;
};

/**
 * The mark is a row before the first migration, so that versions of this program without marks
 * refuse the database too.
 */
const MARK_ID = 0;
const PREFIXES = { moved: "moved to ", arriving: "arriving from " } as const;

/** A row of `lambo_migrations`: a migration or the mark. */
export type MigrationRow = {
  readonly id: number;
  readonly name: string;
  readonly applied_at: string;
};

/** Whether a row is the mark rather than a migration. */
export function isMark({ id }: { readonly id: number }): boolean {
  return id === MARK_ID;
}

/** Reads the mark from its row. */
export function markOf(row: MigrationRow): MovedMark {
  const kind = row.name.startsWith(PREFIXES.moved) ? "moved" : "arriving";
  return { kind, other: row.name.slice(PREFIXES[kind].length), on: row.applied_at.slice(0, 10) };
}

/** Reads the mark of a database; undefined where there is none. */
export async function readMark(database: Kysely<Tables>): Promise<MovedMark | undefined> {
  const row = await database
    .selectFrom("lambo_migrations")
    .selectAll()
    .where("id", "=", MARK_ID)
    .executeTakeFirst();
  return row === undefined ? undefined : markOf(row);
}

/** Sets the mark, replacing any other. */
export async function setMark(
  transaction: Transaction<Tables>,
  { kind, other, now }: { kind: MovedMark["kind"]; other: string; now: Date },
): Promise<void> {
  await removeMark(transaction);
  await transaction
    .insertInto("lambo_migrations")
    .values({ id: MARK_ID, name: PREFIXES[kind] + other, applied_at: now.toISOString() })
    .execute();
}

/** Makes the database usable again. */
export async function removeMark(database: Kysely<Tables>): Promise<void> {
  await database.deleteFrom("lambo_migrations").where("id", "=", MARK_ID).execute();
}

/** The error with which a bot refuses to start on a marked database. */
export function refusalOf({ kind, other, on }: MovedMark, where: string): StorageError {
  return new StorageError(kind, {
    where: `${where}, ${kind === "moved" ? "moved to" : "from"} ${other} on ${on}`,
  });
}
