import { randomBytes } from "node:crypto";
import { constants, statSync } from "node:fs";
import { copyFile, link, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { type DatabaseConnection, type Driver, Kysely, SqliteDialect, SqliteDriver } from "kysely";
import SqliteFile from "sqlite3/driver.cjs";
import { makeFolder } from "../process/data-folder.ts";
import type { Log } from "../process/log.ts";
import { SQLITE_STANDSTILL_MS, whenUnlocked } from "../process/sqlite-lock.ts";
import type { EngineConnection } from "./engine.ts";
import { StorageError, type StorageProblem } from "./storage-error.ts";
import type { Tables } from "./tables.ts";

/** Name of the database file in the data folder. */
export const DATABASE_FILE = "lambo.sqlite";

/** "LMBO" in ASCII, in the header of the file (sqlite.org/pragma.html#pragma_application_id). */
const APPLICATION_ID = 0x4c4d424f;

/** How long a write waits for the file's lock. */
const LOCKED_PATIENCE_MS = 5_000;
/**
 * Files up to this size are checked completely at the start (0.2 s). In a larger file, damage shows
 * when the damaged part is read.
 */
const CHECKED_BYTES = 32 * 1_048_576;
/** How often a process checks whether another has written; each check takes a few microseconds. */
const CHECK_EVERY_MS = 250;

/**
 * Opens `lambo.sqlite` in `dataDir`, in WAL mode with synchronous FULL: a transaction that was
 * committed survives a power cut. A damaged file is refused and left untouched, and so are the
 * remains of a file that lost its contents.
 */
export async function connectSqlite(options: {
  dataDir: string;
  log: Log;
}): Promise<EngineConnection> {
  const { dataDir, log } = options;
  const file = join(dataDir, DATABASE_FILE);
  try {
    await makeFolder(dataDir);
  } catch (cause) {
    throw new StorageError("unwritable-folder", { where: dataDir, cause });
  }
  const left = remainsOf(file);
  if (left !== undefined) throw new StorageError("emptied", { where: left });
  let sqlite: SqliteFile.Database;
  try {
    await makeFile(file);
    sqlite = await whenFree(() => openFile(file));
  } catch (cause) {
    const problem = problemOf(cause);
    if (problem === undefined) throw cause;
    throw new StorageError(problem === "gone" ? "unwritable-folder" : problem, {
      where: file,
      cause,
    });
  }
  const filesInUse = [file, `${file}-wal`].map((path) => ({ path, identity: identityOf(path) }));

  /** A deleted or replaced file accepts writes without an error, and they are lost. */
  function refuseIfGone(): void {
    const gone = filesInUse.find(({ path, identity }) => identityOf(path) !== identity);
    if (gone !== undefined)
      throw new StorageError("gone", {
        where: file,
        cause: new Error(`${gone.path} is not the file that was opened`),
      });
  }

  const checks: NodeJS.Timeout[] = [];
  return {
    engine: "sqlite",
    where: file,
    database: new Kysely<Tables>({ dialect: new ImmediateSqliteDialect(sqlite, refuseIfGone) }),
    problemOf,
    isRetryable: () => false,
    // SQLite rolls back what it cannot commit.
    mayHaveCommitted: () => false,
    probe: refuseIfGone,
    watch(wake) {
      let seen: unknown = sqlite.pragma("data_version", { simple: true });
      const check = setInterval(() => {
        try {
          const version: unknown = sqlite.pragma("data_version", { simple: true });
          if (version === seen) return;
          seen = version;
          wake();
        } catch (error) {
          log.debug({ err: error }, "the data file could not be looked at");
        }
      }, CHECK_EVERY_MS);
      checks.push(check.unref());
    },
    async lockExclusively() {
      try {
        // Leaving WAL mode locks the whole file for this connection, and exclusive mode keeps the
        // lock.
        sqlite.pragma("locking_mode = EXCLUSIVE");
        sqlite.pragma("journal_mode = DELETE");
        filesInUse.splice(1);
        return true;
      } catch (error) {
        if (problemOf(error) === "locked") return false;
        throw error;
      }
    },
    async scrub() {
      // Deleted rows were overwritten in their pages (secure_delete); the log keeps older versions
      // of those pages until it is emptied.
      try {
        sqlite.pragma("wal_checkpoint(TRUNCATE)");
      } catch (error) {
        log.debug({ err: error }, "the log of the data file will be emptied later");
      }
    },
    async close() {
      for (const check of checks) clearInterval(check);
      sqlite.close();
    },
  };
}

/**
 * What remains of a database whose file is missing or empty, as a phrase; undefined when the file
 * has contents, or never existed. SQLite would treat such a file as a new database and delete its
 * log, the last trace of what was stored.
 */
export function remainsOf(file: string): string | undefined {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size !== undefined && size > 0) return undefined;
  const log = `${file}-wal`;
  const isLogLeft = (statSync(log, { throwIfNoEntry: false })?.size ?? 0) > 0;
  // The bot never leaves an empty file: a new one appears with its first page in it.
  if (size === 0) return isLogLeft ? `${file} is empty, ${log} is not` : `${file} is empty`;
  return isLogLeft ? `no ${file}, but ${log}` : undefined;
}

/** Creates the file unless it exists, completely or not at all. */
async function makeFile(file: string): Promise<void> {
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) return;
  const sqlite = new SqliteFile(":memory:");
  sqlite.pragma(`application_id = ${APPLICATION_ID}`);
  const page = sqlite.serialize();
  sqlite.close();
  const unfinished = `${file}.${randomBytes(4).toString("hex")}`;
  try {
    const handle = await open(unfinished, "wx");
    try {
      await handle.writeFile(page);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // A link, because a rename would overwrite a file that another process has just created.
    await link(unfinished, file).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return;
      // Some file systems have no links.
      await copyFile(unfinished, file, constants.COPYFILE_EXCL);
    });
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

function openFile(file: string): SqliteFile.Database {
  const sqlite = new SqliteFile(file, { timeout: SQLITE_STANDSTILL_MS });
  try {
    sqlite.pragma("journal_mode = WAL");
    sqlite.pragma("synchronous = FULL");
    sqlite.pragma("foreign_keys = ON");
    sqlite.pragma("secure_delete = ON");
    if (statSync(file).size <= CHECKED_BYTES) {
      const check: unknown = sqlite.pragma("quick_check(1)", { simple: true });
      if (check !== "ok") throw new SqliteFile.SqliteError(String(check), "SQLITE_CORRUPT");
    }
    // A read-only file opens without an error, so we write something: the id that marks the file as
    // ours.
    sqlite.pragma(`application_id = ${APPLICATION_ID}`);
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** Retries `work` while others hold the file's lock. */
function whenFree<T>(work: () => T): Promise<T> {
  return whenUnlocked(work, {
    isLocked: (error) => problemOf(error) === "locked",
    patienceMs: LOCKED_PATIENCE_MS,
  });
}

function identityOf(path: string): string | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats && `${stats.dev}:${stats.ino}`;
}

function problemOf(error: unknown): StorageProblem | undefined {
  if (!(error instanceof SqliteFile.SqliteError)) return PROBLEM_BY_ERRNO[codeOf(error) ?? ""];
  const [, kind = ""] = /^SQLITE_([A-Z]+)/.exec(error.code) ?? [];
  if (error.code === "SQLITE_READONLY_DBMOVED") return "gone";
  return PROBLEM_BY_CODE[kind];
}

/** Errors of creating the file (man7.org/linux/man-pages/man3/errno.3.html, 2026-11). */
const PROBLEM_BY_ERRNO: Readonly<Record<string, StorageProblem>> = {
  ENOSPC: "disk-full",
  EDQUOT: "disk-full",
  EACCES: "unwritable-folder",
  EPERM: "unwritable-folder",
  EROFS: "unwritable-folder",
  EIO: "failing",
};

/** sqlite.org/rescode.html, 2026-11. */
const PROBLEM_BY_CODE: Readonly<Record<string, StorageProblem>> = {
  FULL: "disk-full",
  READONLY: "read-only",
  PERM: "read-only",
  CANTOPEN: "gone",
  BUSY: "locked",
  LOCKED: "locked",
  PROTOCOL: "locked",
  CORRUPT: "damaged",
  NOTADB: "damaged",
  IOERR: "failing",
};

/**
 * Kysely's dialect with transactions that take the write lock when they begin. A transaction that
 * reads before it writes would otherwise fail whenever another process wrote in between, however
 * long it waits.
 */
class ImmediateSqliteDialect extends SqliteDialect {
  readonly #sqlite: SqliteFile.Database;
  readonly #beforeWrite: () => void;

  constructor(sqlite: SqliteFile.Database, beforeWrite: () => void) {
    super({ database: sqlite });
    this.#sqlite = sqlite;
    this.#beforeWrite = beforeWrite;
  }

  override createDriver(): Driver {
    return new ImmediateSqliteDriver(this.#sqlite, this.#beforeWrite);
  }
}

class ImmediateSqliteDriver extends SqliteDriver {
  readonly #sqlite: SqliteFile.Database;
  readonly #beforeWrite: () => void;

  constructor(sqlite: SqliteFile.Database, beforeWrite: () => void) {
    super({ database: sqlite });
    this.#sqlite = sqlite;
    this.#beforeWrite = beforeWrite;
  }

  override async beginTransaction(_connection: DatabaseConnection): Promise<void> {
    await whenFree(() => {
      this.#beforeWrite();
      this.#sqlite.exec("BEGIN IMMEDIATE");
    });
  }

  override async rollbackTransaction(_connection: DatabaseConnection): Promise<void> {
    // A commit that failed because the disk is full has already rolled back.
    if (this.#sqlite.inTransaction) this.#sqlite.exec("ROLLBACK");
  }
}
