import { randomUUID } from "node:crypto";
import { type Clock, systemClock } from "../../process/clock.ts";
import type { Redis } from "../../process/redis.ts";
import {
  createRateLimiter,
  type RateLimiter,
  REQUEST_PACE,
  type RequestPriority,
} from "./rate-limiter.ts";

/**
 * How long a request counts when its process was killed before releasing it: requests time out
 * after 10 s, and a window lasts a second.
 */
const LONGEST_HELD_MS = 11_000;

/** How often a waiting process checks whether others' requests are over: nothing notifies it. */
const LOOK_AGAIN_MS = 25;

/**
 * The share of the pace that each process uses while Redis is down: several may be running, and
 * together they must not exceed the whole.
 */
const ALONE_SHARE = 1 / 4;

/** When Redis drops keys that are no longer in use. */
const KEY_TTL_MS = 60_000;

const NOW = `local time = redis.call("time"); local now = time[1] * 1000 + time[2] / 1000`;

// The rules of rate-limiter.ts over what all processes hold: 0 when the request may be sent, else
// in how many milliseconds to look again.
const ACQUIRE = `${NOW}
local held, bulk, pace, sent = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, isBulk = ARGV[1], ARGV[2] == "bulk"
local total, mostBulk, bulkPerSecond, catchUp, longest, ttl = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
for _, key in ipairs({ held, bulk }) do redis.call("zremrangebyscore", key, "-inf", now) end
local function soonest(key)
  local first = redis.call("zrange", key, 0, 0, "withscores")
  return math.max(1, math.ceil(tonumber(first[2]) - now))
end
if redis.call("zcard", held) >= total then return soonest(held) end
if isBulk then
  if redis.call("zcard", bulk) >= mostBulk then return soonest(bulk) end
  local spacing = 1000 / bulkPerSecond
  local nextAt = tonumber(redis.call("get", pace) or "0")
  if redis.call("zcard", bulk) == 0 then nextAt = math.max(nextAt, now) end
  if nextAt > now then return math.max(1, math.ceil(nextAt - now)) end
  local oldest = redis.call("lindex", sent, bulkPerSecond - 1)
  if oldest and tonumber(oldest) + 1000 > now then return math.max(1, math.ceil(tonumber(oldest) + 1000 - now)) end
  redis.call("set", pace, string.format("%.3f", math.max(nextAt, now - catchUp * spacing) + spacing), "px", ttl)
  redis.call("lpush", sent, string.format("%.3f", now))
  redis.call("ltrim", sent, 0, bulkPerSecond - 1)
  redis.call("pexpire", sent, ttl)
  redis.call("zadd", bulk, now + longest, id)
  redis.call("pexpire", bulk, ttl)
end
redis.call("zadd", held, now + longest, id)
redis.call("pexpire", held, ttl)
return 0`;

const RELEASE = `${NOW}
for _, key in ipairs({ KEYS[1], KEYS[2] }) do redis.call("zadd", key, "xx", now + 1000, ARGV[1]) end
return 0`;

/**
 * A rate limiter shared by every process that uses the same name on this Redis: together they keep
 * the pace that {@link createRateLimiter} keeps in one process, and for the same reason. Without
 * Redis each process continues at a quarter of it.
 */
export function createSharedRateLimiter(options: {
  redis: Redis;
  name: string;
  longestHeldMs?: number;
  clock?: Clock;
}): RateLimiter {
  const { redis, name, longestHeldMs = LONGEST_HELD_MS, clock = systemClock } = options;
  const { client } = redis;
  // The braces keep the keys on one node of a cluster.
  const keys = ["held", "bulk", "pace", "sent"].map((part) => `lambo:turns:{${name}}:${part}`);
  const alone = createRateLimiter({
    requestsPerSecond: Math.floor(REQUEST_PACE.requestsPerSecond * ALONE_SHARE),
    bulkHeld: Math.floor(REQUEST_PACE.bulkHeld * ALONE_SHARE),
    bulkPerSecond: Math.floor(REQUEST_PACE.bulkPerSecond * ALONE_SHARE),
    clock,
  });
  // In this process one request at a time asks Redis for each priority; the others queue behind it.
  const tails: Record<RequestPriority, Promise<void>> = {
    person: Promise.resolve(),
    bulk: Promise.resolve(),
  };

  const waited = (delayMs: number) =>
    new Promise<"elapsed">((resolve) => void clock.after(delayMs, () => resolve("elapsed")));

  /** 0 when the request may be sent; undefined when Redis cannot be asked. */
  async function ask(id: string, priority: RequestPriority): Promise<number | undefined> {
    const { requestsPerSecond, bulkHeld, bulkPerSecond, bulkCatchUp } = REQUEST_PACE;
    const limits = [
      requestsPerSecond,
      bulkHeld,
      bulkPerSecond,
      bulkCatchUp,
      longestHeldMs,
      KEY_TTL_MS,
    ];
    try {
      return Number(
        await client.eval(ACQUIRE, { keys, arguments: [id, priority, ...limits.map(String)] }),
      );
    } catch {
      return undefined;
    }
  }

  async function acquireBy(
    priority: RequestPriority,
    untilMs: number,
  ): Promise<(() => void) | undefined> {
    const id = randomUUID();
    for (;;) {
      const waitMs = await ask(id, priority);
      if (waitMs === undefined)
        return alone.acquire(priority, Math.max(1, untilMs - clock.nowMs()));
      const release = () =>
        void client
          .eval(RELEASE, { keys: keys.slice(0, 2), arguments: [id] })
          .catch(() => undefined);
      if (clock.nowMs() >= untilMs) {
        // Redis responded too late.
        if (waitMs === 0) release();
        return undefined;
      }
      if (waitMs === 0) return release;
      await waited(Math.min(waitMs, LOOK_AGAIN_MS, Math.max(1, untilMs - clock.nowMs())));
    }
  }

  return {
    async acquire(priority, maxWaitMs) {
      const untilMs = clock.nowMs() + maxWaitMs;
      const acquired = tails[priority].then(() =>
        clock.nowMs() < untilMs ? acquireBy(priority, untilMs) : undefined,
      );
      tails[priority] = acquired.then(() => undefined);
      return acquired;
    },
  };
}
