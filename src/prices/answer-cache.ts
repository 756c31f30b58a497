import { createHash } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import { KeyvSqlite } from "@keyv/sqlite";
import { Keyv } from "keyv";
import { z } from "zod";
import { makeFolder } from "../data-folder.ts";
import type { Log } from "../log.ts";

/** Answers of the outside world, kept so that they need not be asked for again. Losing all of it costs time, never truth. */
export type AnswerCache = {
  /** What was kept under `key` and still fits `schema`; undefined else, and what does not fit is deleted. Never rejects. */
  get<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined>;
  /** Keeps a JSON value for `ttlMs` milliseconds at the most. Never rejects: a value that cannot be kept is asked for again. */
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  /** Deletes what has expired; `@keyv/sqlite` would only do so when it is read. */
  sweep(): Promise<void>;
  close(): Promise<void>;
  /** One plain phrase for the start-up output: which file, or why none. */
  readonly where: string;
};

/** Options of {@link openAnswerCache}. */
export type AnswerCacheOptions = {
  /** Folder of the cache file; created when absent. */
  readonly dataDir: string;
  readonly log: Log;
  readonly now: () => Date;
  /** How long SQLite waits for a lock of another connection, in milliseconds; 5,000 when absent. */
  readonly busyTimeoutMs?: number;
  /** How long a question waits for the cache before it goes on without, in milliseconds; 1,000 when absent. */
  readonly patienceMs?: number;
};

const FILE = "answers.sqlite";
const NAMESPACE = "lambo";
/** After a failure (locked, full, gone) questions use memory for this long instead of waiting for every read and write. */
const SUSPENDED_MS = 30_000;
/** What memory holds meanwhile: about as many values as an hour's questions. */
const STOPGAP_VALUES = 500;
const SQLITE_MAGIC = "SQLite format 3\0";
/** `SQLITE_ERROR` is a table that is not ours. */
const UNREADABLE = /SQLITE_(CORRUPT|NOTADB|ERROR)\b/;

/** A value with the time that it was kept at, by our clock: a clock that was wrong must not keep a value for years. */
const Row = z.object({ value: z.unknown(), keptAtMs: z.number(), ttlMs: z.number().positive() });
type Row = z.infer<typeof Row>;

type Opened = { readonly store: KeyvSqlite; readonly keyv: Keyv };

/**
 * Opens the cache file in `dataDir`: SQLite in WAL mode, with a busy timeout. An unreadable file is set aside and a new one begun, also
 * while the program runs; a folder that cannot be written, or a file that is locked, leaves the cache in memory. Each is a warning in the
 * log, never an error.
 */
export async function openAnswerCache(options: AnswerCacheOptions): Promise<AnswerCache> {
  const { dataDir, log, now, busyTimeoutMs = 5_000, patienceMs = 1_000 } = options;
  const file = join(dataDir, FILE);
  const stopgap = new Map<string, Row>();
  let suspendedUntil = 0;
  let closed = false;
  /** Calls of the store run one after another: a locked file then holds up one thread of Node's pool, not all of them. */
  let last: Promise<unknown> = Promise.resolve();
  let where = file;

  async function openAnew(): Promise<Opened> {
    try {
      await probe(dataDir, file, log);
      return await openFile(file, busyTimeoutMs).catch(async (error: unknown) => {
        if (!UNREADABLE.test(messageOf(error))) throw error;
        await setAside(file, log);
        return openFile(file, busyTimeoutMs);
      });
    } catch (error) {
      where = "in memory only";
      log.warn({ file, error: messageOf(error) }, "the answer cache cannot be opened: answers are kept in memory only");
      return openFile(":memory:", busyTimeoutMs);
    }
  }

  let opened = await openAnew();

  function isSuspended(): boolean {
    return closed || performance.now() < suspendedUntil;
  }

  function suspend(why: string): void {
    if (isSuspended()) return;
    suspendedUntil = performance.now() + SUSPENDED_MS;
    log.warn({ file, error: why }, "the answer cache does not work now: going on in memory");
  }

  async function recover(error: unknown): Promise<void> {
    suspend(messageOf(error));
    if (!UNREADABLE.test(messageOf(error)) || closed) return;
    await opened.store.close().catch(() => undefined);
    await setAside(file, log).catch(() => undefined);
    opened = await openAnew();
    suspendedUntil = 0;
  }

  /** Runs `work` in its turn; undefined when it fails, or takes longer than a question waits. */
  async function inTurn<T>(work: (store: Opened) => Promise<T>): Promise<T | undefined> {
    const turn = last.then(async () => {
      if (isSuspended()) return undefined;
      try {
        return await work(opened);
      } catch (error) {
        await recover(error);
        return undefined;
      }
    });
    last = turn;
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        suspend(`no answer in ${patienceMs} ms`);
        resolve(undefined);
      }, patienceMs);
    });
    return Promise.race([turn, tooLong]).finally(() => clearTimeout(timer));
  }

  function isAlive({ keptAtMs, ttlMs }: Row): boolean {
    return Math.abs(now().getTime() - keptAtMs) < ttlMs;
  }

  function holdInMemory(key: string, row: Row): void {
    stopgap.delete(key);
    stopgap.set(key, row);
    const oldest = stopgap.keys().next().value;
    if (stopgap.size > STOPGAP_VALUES && oldest !== undefined) stopgap.delete(oldest);
  }

  const cache: AnswerCache = {
    get where() {
      return where;
    },

    async get(key, schema) {
      const held = stopgap.get(key);
      const kept: unknown = held ?? (isSuspended() ? undefined : await inTurn(({ keyv }) => keyv.get(key)));
      if (kept === undefined) return undefined;
      const row = Row.safeParse(kept);
      if (row.success && !isAlive(row.data)) return undefined;
      const parsed = row.success ? schema.safeParse(row.data.value) : undefined;
      if (parsed?.success) return parsed.data;
      log.warn({ row: key.split(":").slice(0, 2).join(":") }, "an unreadable row of the answer cache was discarded");
      stopgap.delete(key);
      await inTurn(({ keyv }) => keyv.delete(key));
      return undefined;
    },

    async set(key, value, ttlMs) {
      const row: Row = { value, keptAtMs: now().getTime(), ttlMs };
      // Read from memory until it is known to be in the file.
      holdInMemory(key, row);
      const isKept = isSuspended() ? undefined : await inTurn(({ keyv }) => keyv.set(key, row, ttlMs));
      if (isKept === true && stopgap.get(key) === row) stopgap.delete(key);
    },

    async sweep() {
      for (const [key, row] of stopgap) if (!isAlive(row)) stopgap.delete(key);
      await inTurn(({ store }) =>
        store.query(
          `DELETE FROM keyv WHERE key LIKE '${NAMESPACE}:%' AND CASE WHEN json_valid(value)
            THEN coalesce(json_extract(value, '$.value.keptAtMs') + json_extract(value, '$.value.ttlMs'), 0) < ? ELSE 1 END`,
          now().getTime(),
        ),
      );
    },

    async close() {
      await last;
      if (closed) return;
      closed = true;
      try {
        await opened.store.close();
      } catch (error) {
        log.warn({ file, error: messageOf(error) }, "the answer cache did not close cleanly");
      }
    },
  };
  await cache.sweep();
  return cache;
}

/** The part of a cache that belongs to one host: what a test server or a proxy answered is never taken for another host's word. */
export function cacheOf(cache: AnswerCache, host: string): AnswerCache {
  const scope = createHash("sha256").update(host).digest("base64url").slice(0, 8);
  return {
    ...cache,
    get: (key, schema) => cache.get(`${scope}:${key}`, schema),
    set: (key, value, ttlMs) => cache.set(`${scope}:${key}`, value, ttlMs),
  };
}

async function openFile(file: string, busyTimeoutMs: number): Promise<Opened> {
  const store = new KeyvSqlite({ uri: `sqlite://${file}`, busyTimeout: busyTimeoutMs, table: "keyv" });
  store.on("error", () => undefined);
  try {
    // Asked in the same turn as the constructor: the package's own connection promise is unhandled until somebody uses it.
    await store.query("PRAGMA journal_mode=WAL");
    await store.query("PRAGMA synchronous=NORMAL");
    const checks: unknown = await store.query("PRAGMA quick_check(1)");
    if (!QuickCheck.safeParse(checks).success) throw new Error("SQLITE_CORRUPT: quick_check failed");
    // Written once at the start, so that a file that can be read but not written is known before the first question.
    await store.query("INSERT OR REPLACE INTO keyv (key, value) VALUES ('opened', '{}')");
  } catch (error) {
    await store.close().catch(() => undefined);
    throw error;
  }

  const keyv = new Keyv({
    store,
    namespace: NAMESPACE,
    // Without it a failed read looks like a value that was never kept.
    throwOnErrors: true,
    serialize: (data) => JSON.stringify(data),
    deserialize: (text) => {
      try {
        return JSON.parse(text);
      } catch {
        return { value: undefined };
      }
    },
  });
  keyv.on("error", () => undefined);
  return { store, keyv };
}

const QuickCheck = z.tuple([z.object({ quick_check: z.literal("ok") })]);

/** `@keyv/sqlite` ends the process when its path cannot be opened, so folder, file and header are tried first. */
async function probe(dataDir: string, file: string, log: Log): Promise<void> {
  await makeFolder(dataDir);
  const handle = await open(file, "a+");
  let header: string;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SQLITE_MAGIC.length), 0, SQLITE_MAGIC.length, 0);
    header = buffer.toString("latin1", 0, bytesRead);
  } finally {
    await handle.close();
  }
  if (header !== "" && header !== SQLITE_MAGIC) await setAside(file, log);
}

async function setAside(file: string, log: Log): Promise<void> {
  await rename(file, `${file}.unreadable`);
  for (const suffix of ["-wal", "-shm"]) await rename(file + suffix, `${file}.unreadable${suffix}`).catch(() => undefined);
  log.warn({ file }, "the answer cache file was unreadable: set aside, a new one begun");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
