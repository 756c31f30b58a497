import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as immediate } from "node:timers/promises";
import { KeyvSqlite } from "@keyv/sqlite";
import type { Keyv } from "keyv";
import { z } from "zod";
import { makeFolder } from "../../process/data-folder.ts";
import { errorText } from "../../process/errors.ts";
import type { Log } from "../../process/log.ts";
import { SQLITE_STANDSTILL_MS, whenUnlocked } from "../../process/sqlite-lock.ts";
import { type CacheStore, keyvOver, NAMESPACE } from "./cache-store.ts";

const FILE = "answers.sqlite";
const SQLITE_MAGIC = "SQLite format 3\0";
/** `SQLITE_ERROR` means that the table is another program's. */
const UNREADABLE = /SQLITE_(CORRUPT|NOTADB|ERROR)\b/;
/** Another connection writes (sqlite.org/rescode.html, 2026-11). */
const LOCKED = /SQLITE_(BUSY|LOCKED)\b/;
/** Rows in one step of a sweep: some megabytes of JSON, during which the process is blocked. */
const ROWS_PER_SWEEP = 20;
/** How long the file is left alone after a failure: locked, full or gone. */
const REST_MS = 30_000;

type Opened = { readonly store: KeyvSqlite; readonly keyv: Keyv };

/**
 * Opens the cache file in `dataDir`: SQLite in WAL mode, with a busy timeout. An unreadable file is
 * set aside and a new one begun, also while the program runs; where no file can be made, the rows
 * are in memory. Each is a warning in the log, never an error.
 */
export async function openSqliteCacheStore(options: {
  dataDir: string;
  log: Log;
  /** How long a lock of another connection is waited for, in milliseconds. */
  lockPatienceMs: number;
}): Promise<CacheStore> {
  const { dataDir, log, lockPatienceMs } = options;
  const file = join(dataDir, FILE);
  let where = file;
  let closed = false;
  let opened = await openAnew();

  async function openAnew(): Promise<Opened> {
    try {
      await probe(dataDir, file, log);
      return await openFile(file, lockPatienceMs).catch(async (error: unknown) => {
        if (!UNREADABLE.test(errorText(error))) throw error;
        await setAside(file, log);
        return openFile(file, lockPatienceMs);
      });
    } catch (error) {
      where = "in memory only";
      log.warn(
        { file, error: errorText(error) },
        "the answer cache cannot be opened: answers are kept in memory only",
      );
      return openFile(":memory:", lockPatienceMs);
    }
  }

  /** Runs `work`; an unreadable file is replaced by an empty one, and the result is `whenLost`. */
  async function healing<T>(work: (store: Opened) => Promise<T>, whenLost: T): Promise<T> {
    try {
      return await whileLocked(() => work(opened), lockPatienceMs);
    } catch (error) {
      if (!UNREADABLE.test(errorText(error)) || closed) throw error;
      await opened.store.close().catch(() => undefined);
      await setAside(file, log).catch(() => undefined);
      opened = await openAnew();
      return whenLost;
    }
  }

  return {
    get where() {
      return where;
    },
    restMs: REST_MS,
    // While the file is locked, one call retries and the others wait for it.
    isSerial: true,
    read: (key) => healing<unknown>(({ keyv }) => keyv.get(key), undefined),
    write: (key, row, ttlMs) => healing(({ keyv }) => keyv.set(key, row, ttlMs), false),
    remove: (key) => healing(async ({ keyv }) => void (await keyv.delete(key)), undefined),
    sweep: (nowMs) => healing(({ store }) => sweepExpired(store, nowMs), undefined),
    runExclusive: (_key, work) => work(),
    async close() {
      closed = true;
      await opened.store.close();
    },
  };
}

/** Opens the file, retrying while it is locked; `@keyv/sqlite` makes its table as it connects. */
function openFile(file: string, lockPatienceMs: number): Promise<Opened> {
  return whileLocked(() => openOnce(file), lockPatienceMs);
}

function whileLocked<T>(work: () => Promise<T>, patienceMs: number): Promise<T> {
  return whenUnlocked(work, { isLocked: (error) => LOCKED.test(errorText(error)), patienceMs });
}

/**
 * Deletes expired rows, which `@keyv/sqlite` does only when they are read, in steps between which
 * other work runs.
 */
async function sweepExpired(store: KeyvSqlite, nowMs: number): Promise<void> {
  const Ids = z.array(z.object({ id: z.number() }));
  const ids = Ids.parse(
    await store.query(`SELECT rowid AS id FROM keyv WHERE key LIKE '${NAMESPACE}:%'`),
  );
  for (let from = 0; from < ids.length; from += ROWS_PER_SWEEP) {
    await store.query(
      `DELETE FROM keyv WHERE rowid IN (SELECT value FROM json_each(?)) AND CASE WHEN json_valid(value)
        THEN coalesce(json_extract(value, '$.value.keptAtMs') + json_extract(value, '$.value.ttlMs'), 0) < ? ELSE 1 END`,
      JSON.stringify(ids.slice(from, from + ROWS_PER_SWEEP).map(({ id }) => id)),
      nowMs,
    );
    await immediate();
  }
}

async function openOnce(file: string): Promise<Opened> {
  const store = new KeyvSqlite({
    uri: `sqlite://${file}`,
    busyTimeout: SQLITE_STANDSTILL_MS,
    table: "keyv",
  });
  store.on("error", () => undefined);
  try {
    // Runs synchronously after the constructor: the package's own connection promise is unhandled
    // until something awaits it.
    await store.query("PRAGMA journal_mode=WAL");
    await store.query("PRAGMA synchronous=NORMAL");
    const checks: unknown = await store.query("PRAGMA quick_check(1)");
    if (!QuickCheck.safeParse(checks).success)
      throw new Error("SQLITE_CORRUPT: quick_check failed");
    // One write at the start shows whether the file is read-only before the first question does.
    await store.query("INSERT OR REPLACE INTO keyv (key, value) VALUES ('opened', '{}')");
  } catch (error) {
    await store.close().catch(() => undefined);
    throw error;
  }

  return { store, keyv: keyvOver(store) };
}

const QuickCheck = z.tuple([z.object({ quick_check: z.literal("ok") })]);

/**
 * Checks folder, file and header first, because `@keyv/sqlite` ends the process when its path
 * cannot be opened.
 */
async function probe(dataDir: string, file: string, log: Log): Promise<void> {
  await makeFolder(dataDir);
  const handle = await open(file, "a+");
  let header: string;
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(SQLITE_MAGIC.length),
      0,
      SQLITE_MAGIC.length,
      0,
    );
    header = buffer.toString("latin1", 0, bytesRead);
  } finally {
    await handle.close();
  }
  if (header !== "" && header !== SQLITE_MAGIC) await setAside(file, log);
}

async function setAside(file: string, log: Log): Promise<void> {
  await rename(file, `${file}.unreadable`);
  for (const suffix of ["-wal", "-shm"])
    await rename(file + suffix, `${file}.unreadable${suffix}`).catch(() => undefined);
  log.warn({ file }, "the answer cache file was unreadable: set aside, a new one begun");
}
