import { createHash } from "node:crypto";
import { z } from "zod";
import { ELAPSED, within } from "../../process/clock.ts";
import { errorText } from "../../process/errors.ts";
import type { Log } from "../../process/log.ts";
import type { Redis } from "../../process/redis.ts";
import type { LockPatience } from "../sources/lock-patience.ts";
import type { CacheStore } from "./cache-store.ts";
import { openSqliteCacheStore } from "./sqlite-cache-store.ts";

/**
 * Answers of the outside world, kept so that they need not be asked for again. Losing all of it
 * costs time, never truth.
 */
export type FetchCache = {
  /**
   * What was kept under `key` and still fits `schema`; undefined else, and what does not fit is
   * deleted. Never rejects.
   */
  get<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined>;
  /**
   * Keeps a JSON value for `ttlMs` milliseconds at the most. Never rejects: a value that cannot be
   * kept is asked for again.
   */
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  /**
   * Runs `work` while no other process that shares the cache runs one under the same key; waits for
   * that one first, as long as its turn says at the most. `work` should look into the cache once
   * more: what it wants to ask may have been answered meanwhile.
   */
  runExclusive<T>(key: string, work: () => Promise<T>, patience: LockPatience): Promise<T>;
  /** Deletes what has expired. */
  sweep(): Promise<void>;
  close(): Promise<void>;
  /** One plain phrase for the start-up output: which file or server, or why none. */
  readonly where: string;
};

/** Options of {@link openFetchCache}. */
export type FetchCacheOptions = {
  /** Folder of the cache file; created when absent. */
  readonly dataDir: string;
  /** Keeps answers there instead, for every process that does. */
  readonly redis?: Redis | undefined;
  readonly log: Log;
  readonly now: () => Date;
  /** How long a lock of another connection is waited for, in milliseconds; 5,000 when absent. */
  readonly lockPatienceMs?: number;
  /**
   * How long a question waits for the cache before it goes on without, in milliseconds; 1,000 when
   * absent.
   */
  readonly patienceMs?: number;
};

/** What memory holds while the store does not work: about as many values as an hour's questions. */
const STOPGAP_VALUES = 500;

/**
 * A value with the time that it was kept at, by our clock: a clock that was wrong must not keep a
 * value for years.
 */
const Row = z.object({ value: z.unknown(), keptAtMs: z.number(), ttlMs: z.number().positive() });
type Row = z.infer<typeof Row>;

/**
 * Opens the cache where the options say. It goes on in memory while that place does not work; each
 * change is a warning in the log.
 */
export async function openFetchCache(options: FetchCacheOptions): Promise<FetchCache> {
  const { log, lockPatienceMs = 5_000, redis } = options;
  const store =
    redis === undefined
      ? await openSqliteCacheStore({ ...options, lockPatienceMs })
      : await openRedisCacheStore({ redis, log });
  const cache = cacheOver(store, options);
  await cache.sweep();
  return cache;
}

// Redis' client is loaded only where it is used.
async function openRedisCacheStore(options: { redis: Redis; log: Log }) {
  const { createRedisCacheStore } = await import("./redis-cache-store.ts");
  return createRedisCacheStore(options);
}

function cacheOver(
  store: CacheStore,
  { log, now, patienceMs = 1_000 }: FetchCacheOptions,
): FetchCache {
  const stopgap = new BoundedMap<string, Row>({ maxEntries: STOPGAP_VALUES });
  let suspendedUntil = 0;
  let closed = false;
  let last: Promise<unknown> = Promise.resolve();

  function isSuspended(): boolean {
    return closed || performance.now() < suspendedUntil;
  }

  function suspend(why: string): void {
    if (isSuspended()) return;
    suspendedUntil = performance.now() + store.restMs;
    log.warn(
      { cache: store.where, error: why },
      "the answer cache does not work now: going on in memory",
    );
  }

  /**
   * Runs `work`, in its turn where the store wants that; undefined when it fails, or takes longer
   * than a question waits.
   */
  async function tried<T>(work: () => Promise<T>): Promise<T | undefined> {
    const attempt = async () => {
      if (isSuspended()) return undefined;
      try {
        return await work();
      } catch (error) {
        suspend(errorText(error));
        return undefined;
      }
    };
    const turn = store.isOneAtATime ? last.then(attempt) : attempt();
    last = turn;
    const result = await within(patienceMs, turn);
    if (result !== ELAPSED) return result;
    suspend(`no answer in ${patienceMs} ms`);
    return undefined;
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

  return {
    get where() {
      return store.where;
    },

    async get(key, schema) {
      const held = stopgap.get(key);
      const kept: unknown =
        held ?? (isSuspended() ? undefined : await tried(() => store.read(key)));
      if (kept === undefined) return undefined;
      const row = Row.safeParse(kept);
      if (row.success && !isAlive(row.data)) return undefined;
      const parsed = row.success ? schema.safeParse(row.data.value) : undefined;
      if (parsed?.success) return parsed.data;
      log.warn(
        { row: key.split(":").slice(0, 2).join(":") },
        "an unreadable row of the answer cache was discarded",
      );
      stopgap.delete(key);
      await tried(() => store.remove(key));
      return undefined;
    },

    async set(key, value, ttlMs) {
      const row: Row = { value, keptAtMs: now().getTime(), ttlMs };
      // Read from memory until it is known to be in the store.
      holdInMemory(key, row);
      const isKept = isSuspended() ? undefined : await tried(() => store.write(key, row, ttlMs));
      if (isKept === true && stopgap.get(key) === row) stopgap.delete(key);
    },

    runExclusive: (key, work, patience) =>
      isSuspended() ? work() : store.runExclusive(key, work, patience),

    async sweep() {
      for (const [key, row] of stopgap) if (!isAlive(row)) stopgap.delete(key);
      await tried(() => store.sweep(now().getTime()));
    },

    async close() {
      await last;
      if (closed) return;
      closed = true;
      try {
        await store.close();
      } catch (error) {
        log.warn(
          { cache: store.where, error: errorText(error) },
          "the answer cache did not close cleanly",
        );
      }
    },
  };
}

/**
 * The part of a cache that belongs to one host: what a test server or a proxy answered is never
 * taken for another host's word.
 */
export function cacheOf(cache: FetchCache, host: string): FetchCache {
  const scope = createHash("sha256").update(host).digest("base64url").slice(0, 8);
  return {
    ...cache,
    get: (key, schema) => cache.get(`${scope}:${key}`, schema),
    set: (key, value, ttlMs) => cache.set(`${scope}:${key}`, value, ttlMs),
    runExclusive: (key, work, patience) => cache.runExclusive(`${scope}:${key}`, work, patience),
  };
}
