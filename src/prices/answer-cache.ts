import { createHash } from "node:crypto";
import { mkdir, open, rename } from "node:fs/promises";
import { join } from "node:path";
import { KeyvSqlite } from "@keyv/sqlite";
import { Keyv } from "keyv";
import type { z } from "zod";
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
};

const FILE = "answers.sqlite";
const NAMESPACE = "lambo";
const BUSY_TIMEOUT_MS = 5_000;
/** After a store failure (locked, full, gone) questions go on uncached for this long instead of waiting for every read and write. */
const SUSPENDED_MS = 30_000;
const SQLITE_MAGIC = "SQLite format 3\0";
const UNREADABLE = /SQLITE_(CORRUPT|NOTADB)/;

type Opened = { readonly store: KeyvSqlite; readonly keyv: Keyv };

/**
 * Opens the cache file in `dataDir`: SQLite in WAL mode, with a busy timeout. An unreadable file is set aside and a new one begun; a folder
 * that cannot be written, or a file that is locked, leaves the cache in memory. Either is a warning in the log, never an error.
 */
export async function openAnswerCache({ dataDir, log, now }: AnswerCacheOptions): Promise<AnswerCache> {
  const file = join(dataDir, FILE);
  let suspendedUntil = 0;
  let opened: Opened;
  let where = file;

  function onError(error: unknown): void {
    if (performance.now() < suspendedUntil) return;
    suspendedUntil = performance.now() + SUSPENDED_MS;
    log.warn({ file, error: messageOf(error) }, "the answer cache does not work now: going on without it");
    if (UNREADABLE.test(messageOf(error))) void setAside(file, log).catch(() => undefined);
  }

  try {
    await probe(dataDir, file, log);
    opened = await openFile(file, onError).catch(async (error: unknown) => {
      if (!UNREADABLE.test(messageOf(error))) throw error;
      await setAside(file, log);
      return openFile(file, onError);
    });
  } catch (error) {
    where = "in memory only";
    log.warn({ file, error: messageOf(error) }, "the answer cache cannot be opened: answers are kept in memory only");
    opened = await openFile(":memory:", onError);
  }
  const { store, keyv } = opened;

  const cache: AnswerCache = {
    where,

    async get(key, schema) {
      if (performance.now() < suspendedUntil) return undefined;
      const kept: unknown = await keyv.get(key);
      if (kept === undefined) return undefined;
      const parsed = schema.safeParse(kept);
      if (parsed.success) return parsed.data;
      log.warn({ key }, "an unreadable row of the answer cache was discarded");
      await keyv.delete(key);
      return undefined;
    },

    async set(key, value, ttlMs) {
      if (performance.now() < suspendedUntil) return;
      await keyv.set(key, value, ttlMs);
    },

    async sweep() {
      if (performance.now() < suspendedUntil) return;
      try {
        await store.query(
          `DELETE FROM keyv WHERE key LIKE '${NAMESPACE}:%' AND (NOT json_valid(value) OR json_extract(value, '$.expires') < ?)`,
          now().getTime(),
        );
      } catch (error) {
        onError(error);
      }
    },

    async close() {
      try {
        await store.close();
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

async function openFile(file: string, onError: (error: unknown) => void): Promise<Opened> {
  const store = new KeyvSqlite({ uri: `sqlite://${file}`, busyTimeout: BUSY_TIMEOUT_MS, table: "keyv" });
  store.on("error", () => undefined);
  // Asked in the same turn as the constructor: the package's own connection promise is unhandled until somebody uses it.
  await store.query("PRAGMA journal_mode=WAL");
  await store.query("PRAGMA synchronous=NORMAL");
  const [check] = await store.query("PRAGMA quick_check(1)");
  if (!JSON.stringify(check).includes("ok")) throw new Error("SQLITE_CORRUPT: quick_check failed");
  // Written once at the start, so that a file that can be read but not written is known before the first question.
  await store.query("INSERT OR REPLACE INTO keyv (key, value) VALUES ('opened', '{}')");

  const keyv = new Keyv({
    store,
    namespace: NAMESPACE,
    serialize: (data) => JSON.stringify(data),
    deserialize: (text) => {
      try {
        return JSON.parse(text);
      } catch {
        return undefined;
      }
    },
  });
  keyv.on("error", onError);
  return { store, keyv };
}

/** `@keyv/sqlite` ends the process when its path cannot be opened, so folder, file and header are tried first. */
async function probe(dataDir: string, file: string, log: Log): Promise<void> {
  await mkdir(dataDir, { recursive: true });
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
