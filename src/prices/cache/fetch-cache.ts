import { createHash } from "node:crypto";
import type { z } from "zod";
import { BoundedMap } from "../../process/bounded-map.ts";
import { ELAPSED, within } from "../../process/clock.ts";
import { errorText } from "../../process/errors.ts";
import type { Log } from "../../process/log.ts";
import type { Redis } from "../../process/redis.ts";
import type { LockPatience } from "../sources/lock-patience.ts";
import { CacheRow, type CacheStore } from "./cache-store.ts";
import { openSqliteCacheStore } from "./sqlite-cache-store.ts";

/**
 * What was fetched from the outside world, cached so that it need not be fetched again. Losing all
 * of it costs time, never truth.
 */
export type FetchCache = {
  /**
   * What was cached under `key`, if it still fits `schema`; what does not fit is deleted. Never
   * rejects.
   */
  get<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined>;
  /**
   * Caches a JSON value for `ttlMs` milliseconds at most. Never rejects: a value that cannot be
   * cached is fetched again.
   */
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  /**
   * Runs `work` while no other process that shares the cache runs any under the same key; waits for
   * that process first, as long as `patience` says. `work` should look into the cache once more:
   * what it wants may have been fetched meanwhile.
   */
  runExclusive<T>(key: string, work: () => Promise<T>, patience: LockPatience): Promise<T>;
  /** Deletes what has expired. */
  sweep(): Promise<void>;
  close(): Promise<void>;
  /** One plain phrase for the start-up output: which file or server, or why none. */
  readonly where: string;
  /** Whether other processes may use it as well, and wait for what this one is fetching. */
  readonly isShared: boolean;
};

/** A cache that holds nothing: everything is fetched each time. */
export const NO_CACHE: FetchCache = {
  where: "nowhere",
  isShared: false,
  get: async () => undefined,
  set: async () => undefined,
  runExclusive: (_key, work) => work(),
  sweep: async () => undefined,
  close: async () => undefined,
};

/** Options of {@link openFetchCache}. */
export type FetchCacheOptions = {
  /** Folder of the cache file; created when absent. */
  readonly dataDir: string;
  /** Caches on this Redis instead, for every process that does. */
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

/** Values held in memory while the store does not work: about as many as an hour's questions. */
const STOPGAP_VALUES = 500;

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
  const cache = new StoredCache(store, options);
  await cache.sweep();
  return cache;
}

// Redis' client is loaded only where it is used.
async function openRedisCacheStore(options: { redis: Redis; log: Log }) {
  const { createRedisCacheStore } = await import("./redis-cache-store.ts");
  return createRedisCacheStore(options);
}

/** A cache over a store, with a little memory for the time that the store does not work. */
class StoredCache implements FetchCache {
  readonly #store: CacheStore;
  readonly #log: Log;
  readonly #now: () => Date;
  readonly #patienceMs: number;
  readonly isShared: boolean;
  readonly #stopgap = new BoundedMap<string, CacheRow>({ maxEntries: STOPGAP_VALUES });
  /** Monotonic milliseconds until which the store is left alone. */
  #suspendedUntil = 0;
  #isClosed = false;
  /** The latest call of the store. */
  #latest: Promise<unknown> = Promise.resolve();

  constructor(store: CacheStore, { log, now, redis, patienceMs = 1_000 }: FetchCacheOptions) {
    this.#store = store;
    this.isShared = redis !== undefined;
    this.#log = log;
    this.#now = now;
    this.#patienceMs = patienceMs;
  }

  get where(): string {
    return this.#store.where;
  }

  async get<T>(key: string, schema: z.ZodType<T>): Promise<T | undefined> {
    const found: unknown =
      this.#stopgap.get(key) ??
      (this.#isSuspended() ? undefined : await this.#attempt(() => this.#store.read(key)));
    if (found === undefined) return undefined;
    const row = CacheRow.safeParse(found);
    if (row.success && !this.#isAlive(row.data)) return undefined;
    const parsed = row.success ? schema.safeParse(row.data.value) : undefined;
    if (parsed?.success) return parsed.data;
    this.#log.warn(
      { row: key.split(":").slice(0, 2).join(":") },
      "an unreadable row of the answer cache was discarded",
    );
    this.#stopgap.delete(key);
    await this.#attempt(() => this.#store.remove(key));
    return undefined;
  }

  async set(key: string, value: unknown, ttlMs: number): Promise<void> {
    const row: CacheRow = { value, keptAtMs: this.#now().getTime(), ttlMs };
    // Read from memory until it is known to be in the store.
    this.#stopgap.set(key, row);
    const isStored = this.#isSuspended()
      ? undefined
      : await this.#attempt(() => this.#store.write(key, row, ttlMs));
    if (isStored === true && this.#stopgap.get(key) === row) this.#stopgap.delete(key);
  }

  runExclusive<T>(key: string, work: () => Promise<T>, patience: LockPatience): Promise<T> {
    return this.#isSuspended() ? work() : this.#store.runExclusive(key, work, patience);
  }

  async sweep(): Promise<void> {
    for (const [key, row] of this.#stopgap.entries())
      if (!this.#isAlive(row)) this.#stopgap.delete(key);
    await this.#attempt(() => this.#store.sweep(this.#now().getTime()));
  }

  async close(): Promise<void> {
    await this.#latest;
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      await this.#store.close();
    } catch (error) {
      this.#log.warn(
        { cache: this.#store.where, error: errorText(error) },
        "the answer cache did not close cleanly",
      );
    }
  }

  /** Runs `work` on the store; undefined when it fails, or takes longer than a question waits. */
  async #attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    const attempt = async () => {
      if (this.#isSuspended()) return undefined;
      try {
        return await work();
      } catch (error) {
        this.#suspend(errorText(error));
        return undefined;
      }
    };
    const call = this.#store.isSerial ? this.#latest.then(attempt) : attempt();
    this.#latest = call;
    const result = await within(this.#patienceMs, call);
    if (result !== ELAPSED) return result;
    this.#suspend(`no answer in ${this.#patienceMs} ms`);
    return undefined;
  }

  #isSuspended(): boolean {
    return this.#isClosed || performance.now() < this.#suspendedUntil;
  }

  #suspend(why: string): void {
    if (this.#isSuspended()) return;
    this.#suspendedUntil = performance.now() + this.#store.restMs;
    this.#log.warn(
      { cache: this.#store.where, error: why },
      "the answer cache does not work now: going on in memory",
    );
  }

  #isAlive({ keptAtMs, ttlMs }: CacheRow): boolean {
    return Math.abs(this.#now().getTime() - keptAtMs) < ttlMs;
  }
}

/**
 * The part of a cache that belongs to one host: what a test server or a proxy said is never taken
 * for another host's word.
 */
export function cacheOf(cache: FetchCache, host: string): FetchCache {
  const scope = createHash("sha256").update(host).digest("base64url").slice(0, 8);
  return {
    where: cache.where,
    isShared: cache.isShared,
    get: (key, schema) => cache.get(`${scope}:${key}`, schema),
    set: (key, value, ttlMs) => cache.set(`${scope}:${key}`, value, ttlMs),
    runExclusive: (key, work, patience) => cache.runExclusive(`${scope}:${key}`, work, patience),
    sweep: () => cache.sweep(),
    close: () => cache.close(),
  };
}
