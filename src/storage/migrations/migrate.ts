import { sql, type Transaction } from "kysely";
import type { Engine } from "../engine.ts";
import { isMark, markOf, refusalOf } from "../moved-mark.ts";
import { StorageError } from "../storage-error.ts";
import type { Tables } from "../tables.ts";
import { guildSettings } from "./0001-guild-settings.ts";
import { digestLedger } from "./0002-digest-ledger.ts";
import { typedCurrencies } from "./0003-typed-currencies.ts";
import { undo } from "./0004-undo.ts";
import { digestRhythm } from "./0005-digest-rhythm.ts";
import { digestRiddle } from "./0006-digest-riddle.ts";
import { language } from "./0007-language.ts";
import type { Migration } from "./migration.ts";

/** Every schema step, oldest first. New steps go at the end; a released step never changes. */
export const MIGRATIONS: readonly Migration[] = [
  guildSettings,
  digestLedger,
  typedCurrencies,
  undo,
  digestRhythm,
  digestRiddle,
  language,
];

/** An arbitrary number, unlikely to be another program's lock on the same PostgreSQL database. */
export const MIGRATION_LOCK = 7_263_541;

/**
 * Brings a database to the newest step, in the transaction given: all steps or none, and one
 * process at a time (the transaction of SQLite holds the write lock already). Rejects with {@link
 * StorageError} when the database has steps that this program does not know, or when its contents
 * were moved away.
 */
export async function migrate(
  transaction: Transaction<Tables>,
  options: {
    engine: Engine;
    where: string;
    now: Date;
    migrations: readonly Migration[];
    /** Set by a move, which locks everybody else out itself and handles the mark. */
    isMoving?: boolean;
  },
): Promise<void> {
  const { engine, where, now, migrations, isMoving = false } = options;
  if (engine === "postgres" && !isMoving)
    await sql`select pg_advisory_xact_lock(${sql.lit(MIGRATION_LOCK)})`.execute(transaction);
  await transaction.schema
    .createTable("lambo_migrations")
    .ifNotExists()
    .addColumn("id", "integer", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("applied_at", "text", (column) => column.notNull())
    .execute();
  const rows = await transaction.selectFrom("lambo_migrations").selectAll().orderBy("id").execute();
  const mark = rows.find(isMark);
  if (mark !== undefined && !isMoving) throw refusalOf(markOf(mark), where);
  const applied = rows.filter((row) => !isMark(row));
  const foreign = applied.find(({ id, name }) => migrations[id - 1]?.name !== name);
  if (foreign !== undefined) {
    throw new StorageError("newer", {
      where,
      cause: new Error(`step ${foreign.id} is "${foreign.name}", unknown to this program`),
    });
  }
  for (const [at, migration] of migrations.entries()) {
    if (at < applied.length) continue;
    // A step sees the schema as it was then, which the current table types do not describe.
    await migration.up(transaction as unknown as Transaction<unknown>, engine);
    await transaction
      .insertInto("lambo_migrations")
      .values({ id: at + 1, name: migration.name, applied_at: now.toISOString() })
      .execute();
  }
}
