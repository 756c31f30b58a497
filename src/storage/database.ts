import type { Kysely, Transaction } from "kysely";
import type { Log } from "../process/log.ts";
import { MIGRATIONS, migrate } from "./migrations/migrate.ts";
import type { Migration } from "./migrations/migration.ts";
import { connectSqlite } from "./sqlite-database.ts";
import { StorageError, type StorageProblem } from "./storage-error.ts";
import type { Tables } from "./tables.ts";

/** Where what must last is kept; the queries are the same. */
export type Engine = "sqlite" | "postgres";

/**
 * The database of what must last. Everything that it rejects with because of the outside world is a
 * {@link StorageError}.
 */
export type Database = {
  readonly engine: Engine;
  /** One plain phrase without secrets: which file, or which server. */
  readonly where: string;
  read<T>(work: (database: Kysely<Tables>) => Promise<T>): Promise<T>;
  /**
   * Runs `work` in one transaction: when this resolves all of it is on disk, when it rejects
   * nothing is (but see `isOutcomeUnknown` of {@link StorageError}). `work` may run twice, when the
   * connection broke before anything was kept.
   */
  write<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T>;
  /**
   * What keeps it from being read and written now, as a clause; undefined when nothing does. Never
   * rejects.
   */
  trouble(): Promise<string | undefined>;
  /**
   * Calls `wake` soon after another process has written, and after every time that its writes may
   * have been missed.
   */
  watch(wake: () => void): void;
  /**
   * Makes deleted rows unreadable in the files too, as far as the engine lets us. Never rejects.
   */
  scrub(): Promise<void>;
  close(): Promise<void>;
};

/** What an engine brings; {@link openDatabase} makes a {@link Database} of it. */
export type Connected = {
  readonly engine: Engine;
  readonly where: string;
  readonly database: Kysely<Tables>;
  /** What an error of the driver means; undefined when it is a mistake of ours. */
  problemOf(error: unknown): StorageProblem | undefined;
  /** True when a transaction that failed like this before its commit may be tried again at once. */
  isWorthAnotherTry(error: unknown): boolean;
  /** True when a commit that failed like this may have been done all the same. */
  mayHaveCommitted(error: unknown): boolean;
  /** Throws what a write would be refused with, as far as that shows without one. */
  probe(): void;
  watch(wake: () => void): void;
  /**
   * Keeps every other process of ours out until this connection closes, for a move; false when one
   * is in already. To be called outside transactions.
   */
  shutOut(): Promise<boolean>;
  scrub(): Promise<void>;
  close(): Promise<void>;
};

/**
 * What an error of a connection's driver is for everybody else: a {@link StorageError} when the
 * outside world is to blame.
 */
export function translated(
  { where, problemOf }: Pick<Connected, "where" | "problemOf">,
  error: unknown,
  isOutcomeUnknown = false,
): unknown {
  if (error instanceof StorageError) return error;
  const problem = problemOf(error);
  return problem === undefined
    ? error
    : new StorageError(problem, { where, cause: error, isOutcomeUnknown });
}

/** Options of {@link openDatabase}. */
export type DatabaseOptions = {
  /** Folder of the SQLite file; created when absent. */
  readonly dataDir: string;
  /** PostgreSQL's address; undefined means the SQLite file. */
  readonly databaseUrl: string | undefined;
  readonly log: Log;
  readonly now: () => Date;
  /** For tests of the migrations themselves. */
  readonly migrations?: readonly Migration[];
};

/**
 * Opens what must last and brings its schema up to date. Rejects with {@link StorageError} when
 * that cannot be done.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { log, now } = options;
  const connected =
    options.databaseUrl === undefined
      ? await connectSqlite({ dataDir: options.dataDir, log })
      : // PostgreSQL's client is loaded only where it is used.
        (await import("./postgres-database.ts")).connectPostgres({
          databaseUrl: options.databaseUrl,
          log,
        });
  const { engine, where } = connected;

  async function write<T>(
    work: (transaction: Transaction<Tables>) => Promise<T>,
    triesLeft = 1,
  ): Promise<T> {
    let isWorkDone = false;
    try {
      return await connected.database.transaction().execute(async (transaction) => {
        const result = await work(transaction);
        isWorkDone = true;
        return result;
      });
    } catch (error) {
      if (triesLeft > 0 && !isWorkDone && connected.isWorthAnotherTry(error))
        return write(work, triesLeft - 1);
      throw translated(connected, error, isWorkDone && connected.mayHaveCommitted(error));
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
    await connected.close().catch(() => undefined);
    throw error;
  }

  async function read<T>(work: (database: Kysely<Tables>) => Promise<T>): Promise<T> {
    try {
      return await work(connected.database);
    } catch (error) {
      throw translated(connected, error);
    }
  }

  return {
    engine,
    where,
    read,
    async trouble() {
      try {
        connected.probe();
        await read((reading) =>
          reading.selectFrom("storage_revision").select("revision").executeTakeFirstOrThrow(),
        );
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    write: (work) => write(work),
    watch: connected.watch,
    scrub: () => connected.scrub(),
    close: () => connected.close(),
  };
}
