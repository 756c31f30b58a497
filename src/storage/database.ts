import type { Kysely, Transaction } from "kysely";
import type { Log } from "../process/log.ts";
import { asStorageError, type Engine } from "./engine.ts";
import { MIGRATIONS, migrate } from "./migrations/migrate.ts";
import type { Migration } from "./migrations/migration.ts";
import { connectSqlite } from "./sqlite-database.ts";
import type { StorageError } from "./storage-error.ts";
import type { Tables } from "./tables.ts";

/**
 * The database, which keeps what must survive a restart. Failures caused by the outside world
 * reject with a {@link StorageError}.
 */
export type Database = {
  readonly engine: Engine;
  /** Which file or which server, as a plain phrase without secrets. */
  readonly where: string;
  read<T>(work: (database: Kysely<Tables>) => Promise<T>): Promise<T>;
  /**
   * Runs `work` in one transaction: when this resolves, all of it is on disk; when it rejects, none
   * of it is (but see `isOutcomeUnknown` of {@link StorageError}). `work` may run twice if the
   * connection breaks before the commit.
   */
  write<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T>;
  /**
   * Why the database cannot be used right now, as a clause; undefined when it can. Never rejects.
   */
  trouble(): Promise<string | undefined>;
  /**
   * Calls `wake` soon after another process has written, and whenever a write of another process
   * may have been missed.
   */
  watch(wake: () => void): void;
  /** Erases deleted rows from the files too, as far as the engine allows. Never rejects. */
  scrub(): Promise<void>;
  close(): Promise<void>;
};

/** Options of {@link openDatabase}. */
export type DatabaseOptions = {
  /** Folder of the SQLite file; created if it does not exist. */
  readonly dataDir: string;
  /** PostgreSQL's address; undefined means the SQLite file. */
  readonly databaseUrl: string | undefined;
  readonly log: Log;
  readonly now: () => Date;
  /** For the tests of migrations. */
  readonly migrations?: readonly Migration[];
};

/**
 * Opens the database and brings its schema up to date. Rejects with {@link StorageError} when that
 * cannot be done.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { log, now } = options;
  const connection =
    options.databaseUrl === undefined
      ? await connectSqlite({ dataDir: options.dataDir, log })
      : // PostgreSQL's client is loaded only where it is used.
        (await import("./postgres-database.ts")).connectPostgres({
          databaseUrl: options.databaseUrl,
          log,
        });
  const { engine, where } = connection;

  async function write<T>(
    work: (transaction: Transaction<Tables>) => Promise<T>,
    triesLeft = 1,
  ): Promise<T> {
    let isWorkDone = false;
    try {
      return await connection.database.transaction().execute(async (transaction) => {
        const result = await work(transaction);
        isWorkDone = true;
        return result;
      });
    } catch (error) {
      if (triesLeft > 0 && !isWorkDone && connection.isRetryable(error))
        return write(work, triesLeft - 1);
      throw asStorageError(connection, error, isWorkDone && connection.mayHaveCommitted(error));
    }
  }

  try {
    await write((transaction) =>
      migrate(transaction, {
        engine,
        where,
        now: now(),
        migrations: options.migrations ?? MIGRATIONS,
      }),
    );
  } catch (error) {
    await connection.close().catch(() => undefined);
    throw error;
  }

  async function read<T>(work: (database: Kysely<Tables>) => Promise<T>): Promise<T> {
    try {
      return await work(connection.database);
    } catch (error) {
      throw asStorageError(connection, error);
    }
  }

  return {
    engine,
    where,
    read,
    async trouble() {
      try {
        connection.probe();
        await read((reading) =>
          reading.selectFrom("storage_revision").select("revision").executeTakeFirstOrThrow(),
        );
        return undefined;
      } catch (error) {
        // Without its causes, which contain hosts and paths: health checks are public.
        return error instanceof Error ? error.message : String(error);
      }
    },
    write: (work) => write(work),
    watch: connection.watch,
    scrub: () => connection.scrub(),
    close: () => connection.close(),
  };
}
