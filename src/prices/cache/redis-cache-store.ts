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
/**
 * A lock ends this long after its holder has died, in milliseconds; a living one holds on to it.
 */
const LOCK_MS = 5_000;
const HOLD_ON_EVERY_MS = 1_500;
/** Pause between two looks at a lock that somebody else holds; up to twice as long at random. */
const LOOK_EVERY_MS = 25;

/** Takes a lock that nobody holds: empty when it was taken, else the token of its holder. */
const TAKE = `if redis.call("set", KEYS[1], ARGV[1], "NX", "PX", ARGV[2]) then return "" end return redis.call("get", KEYS[1])`;
/** Deletes or prolongs a lock only for the one who holds it. */
const RELEASE = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end return 0`;
const HOLD_ON = `if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("pexpire", KEYS[1], ARGV[2]) end return 0`;

/**
 * Answers in Redis, shared by every process that keeps them there, and the locks by which one of
 * them asks for all.
 */
export function createRedisCacheStore({ redis, log }: { redis: Redis; log: Log }): CacheStore {
  const { client } = redis;
  const store = new KeyvRedis(client, { throwOnErrors: true, throwOnConnectError: true });
  store.on("error", () => undefined);
  const keyv = keyvOver(store);

  /**
   * Whether it is ours or somebody else's, and then for whom they work; undefined: Redis cannot be
   * asked.
   */
  async function take(lock: string, token: string): Promise<"ours" | Pace | undefined> {
    try {
      const holder = String(
        await client.eval(TAKE, { keys: [lock], arguments: [token, String(LOCK_MS)] }),
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
    isOneAtATime: false,
    read: (key) => keyv.get(key),
    write: (key, row, ttlMs) => keyv.set(key, row, ttlMs),
    remove: async (key) => void (await keyv.delete(key)),
    // Redis deletes what has expired by itself.
    sweep: async () => undefined,

    async runExclusive(key, work, { priority, waitMs }) {
      const lock = `${NAMESPACE}:lock:${key}`;
      const token = `${priority} ${randomUUID()}`;
      const startedAt = performance.now();
      let holder = await take(lock, token);
      while (
        holder !== undefined &&
        holder !== "ours" &&
        performance.now() - startedAt < waitMs[holder]
      ) {
        await wait(LOOK_EVERY_MS * (1 + Math.random()));
        holder = await take(lock, token);
      }
      if (holder !== "ours") return work();
      const holdingOn = setInterval(() => {
        client
          .eval(HOLD_ON, { keys: [lock], arguments: [token, String(LOCK_MS)] })
          .catch(() => undefined);
      }, HOLD_ON_EVERY_MS);
      try {
        return await work();
      } finally {
        clearInterval(holdingOn);
        await client.eval(RELEASE, { keys: [lock], arguments: [token] }).catch(() => undefined);
      }
    },

    // The connection is not ours to close: others use it too.
    close: async () => undefined,
  };
}
