import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import KeyvRedis from "@keyv/redis";
import { errorText } from "../../process/errors.ts";
import type { Log } from "../../process/log.ts";
import type { Redis } from "../../process/redis.ts";
import type { Pace } from "../price-source.ts";
import { type CacheStore, keyvOver, NAMESPACE } from "./cache-store.ts";

/**
 * After a failure Redis is left alone for this long: most failures are restarts, which take
 * seconds.
 */
const REST_MS = 1_000;
/** A lock expires this long after its holder died, in milliseconds; a living holder extends it. */
const LOCK_MS = 5_000;
const EXTEND_EVERY_MS = 1_500;
/**
 * Pause between two attempts at a lock that another process holds; up to twice as long at random.
 */
const RETRY_EVERY_MS = 25;

/** Acquires a free lock: returns "" when it was acquired, else the token of its holder. */
const ACQUIRE = `if redis.call("set", KEYS[1], ARGV[1], "NX", "PX", ARGV[2]) then return "" end return redis.call("get", KEYS[1])`;
/** Deletes a lock if the token is its holder's. */
const RELEASE = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end return 0`;
/** Extends a lock if the token is its holder's. */
const EXTEND = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("pexpire", KEYS[1], ARGV[2]) end return 0`;

/** Rows in Redis, shared by every process that caches there, and locks between those processes. */
export function createRedisCacheStore({ redis, log }: { redis: Redis; log: Log }): CacheStore {
  const { client } = redis;
  const store = new KeyvRedis(client, { throwOnErrors: true, throwOnConnectError: true });
  store.on("error", () => undefined);
  const keyv = keyvOver(store);

  /**
   * Tries to acquire a lock: "ours", or the pace at which its holder works; undefined when Redis
   * cannot be asked.
   */
  async function acquire(lock: string, token: string): Promise<"ours" | Pace | undefined> {
    try {
      const holder = String(
        await client.eval(ACQUIRE, { keys: [lock], arguments: [token, String(LOCK_MS)] }),
      );
      return holder === ""
        ? "ours"
        : holder.startsWith("background ")
          ? "background"
          : "interactive";
    } catch (error) {
      log.debug({ error: errorText(error) }, "a lock could not be asked for: going on without it");
      return undefined;
    }
  }

  return {
    where: redis.where,
    restMs: REST_MS,
    isSerial: false,
    read: (key) => keyv.get(key),
    write: (key, row, ttlMs) => keyv.set(key, row, ttlMs),
    remove: async (key) => void (await keyv.delete(key)),
    // Redis deletes expired rows by itself.
    sweep: async () => undefined,

    async runExclusive(key, work, { priority, waitMs }) {
      const lock = `${NAMESPACE}:lock:${key}`;
      const token = `${priority} ${randomUUID()}`;
      const startedAt = performance.now();
      let holder = await acquire(lock, token);
      while (
        holder !== undefined &&
        holder !== "ours" &&
        performance.now() - startedAt < waitMs[holder]
      ) {
        await wait(RETRY_EVERY_MS * (1 + Math.random()));
        holder = await acquire(lock, token);
      }
      if (holder !== "ours") return work();
      const extending = setInterval(() => {
        client
          .eval(EXTEND, { keys: [lock], arguments: [token, String(LOCK_MS)] })
          .catch(() => undefined);
      }, EXTEND_EVERY_MS);
      try {
        return await work();
      } finally {
        clearInterval(extending);
        await client.eval(RELEASE, { keys: [lock], arguments: [token] }).catch(() => undefined);
      }
    },

    // The connection is shared, so it is not closed here.
    close: async () => undefined,
  };
}
