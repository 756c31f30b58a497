import { describe, it, type TestContext } from "vitest";
import type { RateLimiter } from "../../../src/discord/bot/rate-limiter.ts";
import { createSharedRateLimiter } from "../../../src/discord/bot/shared-rate-limiter.ts";
import { type Clock, systemClock } from "../../../src/process/clock.ts";
import { silentLog } from "../../../src/process/log.ts";
import { connectRedis } from "../../../src/process/redis.ts";
import { type RedisServer, redisMissing, startRedis } from "../../support/redis.ts";

const missing = redisMissing();

type Stage = {
  readonly server: RedisServer;
  /** The rate limiter of one more process, as far as Redis can tell. */
  processOn(options?: {
    name?: string;
    longestHeldMs?: number;
    clock?: Clock;
  }): Promise<RateLimiter>;
};

/** A Redis of this test's own: the tests run at the same time, because all of them wait. */
async function stage({ onTestFinished }: TestContext): Promise<Stage> {
  const server = await startRedis();
  onTestFinished(() => server.remove());
  return {
    server,
    async processOn(options = {}) {
      const redis = await connectRedis({ url: server.url, log: silentLog });
      onTestFinished(() => redis.close());
      return createSharedRateLimiter({ redis, name: "bot", ...options });
    },
  };
}

/** The most requests in any window of a second, wherever it begins. */
function busiestWindow(atMs: readonly number[]): number {
  return Math.max(
    0,
    ...atMs.map((from) => atMs.filter((at) => at >= from && at < from + 1_000).length),
  );
}

/**
 * Sends that many requests through each process, each taking up to 200 ms to arrive; gives the
 * instants at which they arrived.
 */
async function send(limiters: readonly RateLimiter[], count: number): Promise<readonly number[]> {
  const arrivedAtMs: number[] = [];
  await Promise.all(
    limiters.flatMap((limiter) =>
      Array.from({ length: count }, async (_, index) => {
        const release = await limiter.acquire("bulk", 60_000);
        await new Promise((resolve) => setTimeout(resolve, (index * 37) % 200));
        arrivedAtMs.push(performance.now());
        release?.();
      }),
    ),
  );
  return arrivedAtMs;
}

describe
  .skipIf(missing !== undefined)
  .concurrent(`a rate limiter on one Redis${missing === undefined ? "" : ` (${missing})`}`, () => {
    it("lets three processes together send about 45 bulk requests a second and at most 50", async (context) => {
      const { processOn } = await stage(context);
      const { expect } = context;
      const startedAtMs = performance.now();
      const arrivedAtMs = await send(
        await Promise.all([processOn(), processOn(), processOn()]),
        45,
      );
      expect(arrivedAtMs).toHaveLength(135);
      expect(busiestWindow(arrivedAtMs)).toBeLessThanOrEqual(50);
      expect(performance.now() - startedAtMs).toBeGreaterThan(2_800);
    });

    it("keeps the last two requests for people: bulk requests of all processes never hold them", async (context) => {
      const { processOn } = await stage(context);
      const { expect } = context;
      const [one, other] = [await processOn(), await processOn()];
      const bulk = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          (index % 2 === 0 ? one : other).acquire("bulk", 2_500),
        ),
      );
      expect(bulk.filter((release) => release !== undefined)).toHaveLength(48);
      expect(await one.acquire("person", 500)).toBeDefined();
      expect(await other.acquire("person", 500)).toBeDefined();
    });

    it("is each bot's own", async (context) => {
      const { processOn } = await stage(context);
      const { expect } = context;
      const [one, other] = [await processOn({ name: "one" }), await processOn({ name: "other" })];
      const acquireAll = (limiter: RateLimiter) =>
        Promise.all(Array.from({ length: 50 }, () => limiter.acquire("person", 5_000)));
      // A bot that holds all of its own takes none of another's.
      expect((await acquireAll(one)).filter((release) => release !== undefined)).toHaveLength(50);
      expect((await acquireAll(other)).filter((release) => release !== undefined)).toHaveLength(50);
    });

    it("frees what a killed process held, and grants nothing before", async (context) => {
      const { processOn } = await stage(context);
      const { expect } = context;
      const options = { longestHeldMs: 1_500 };
      const [killed, other] = [await processOn(options), await processOn(options)];
      for (let index = 0; index < 50; index += 1)
        expect(await killed.acquire("person", 1_000)).toBeDefined();
      expect(await other.acquire("person", 50)).toBeUndefined();
      expect(await other.acquire("person", 10_000)).toBeDefined();
    });

    it("grants nothing when Redis answers too late", async (context) => {
      const { processOn } = await stage(context);
      const { expect } = context;
      let nowMs = 0;
      const limiter = await processOn({ clock: { ...systemClock, nowMs: () => nowMs } });
      const pending = limiter.acquire("bulk", 10_000);
      // The question has been sent; its answer is read only after this.
      for (let step = 0; step < 10; step += 1) await Promise.resolve();
      nowMs = 60_000;
      expect(await pending).toBeUndefined();
      expect(await limiter.acquire("bulk", 10_000)).toBeDefined();
    });

    it("goes on slowly in each process while Redis is down", async (context) => {
      const { server, processOn } = await stage(context);
      const { expect } = context;
      const limiter = await processOn();
      await server.stop();
      const arrivedAtMs = await send([limiter], 20);
      expect(arrivedAtMs).toHaveLength(20);
      expect(busiestWindow(arrivedAtMs)).toBeLessThanOrEqual(12);
    });

    it("goes on slowly while Redis is frozen, and is shared again once it answers", async (context) => {
      const { server, processOn } = await stage(context);
      const { expect } = context;
      const [one, other] = [await processOn(), await processOn()];
      expect(await one.acquire("bulk", 10_000)).toBeDefined();
      server.freeze();
      const arrivedAtMs = await send([one, other], 10);
      expect(arrivedAtMs).toHaveLength(20);
      expect(busiestWindow(arrivedAtMs)).toBeLessThanOrEqual(2 * 12);
      server.thaw();
      // A process on its own never holds more than a quarter.
      await expect
        .poll(
          async () => {
            const taken = await Promise.all(
              Array.from({ length: 20 }, () => one.acquire("person", 200)),
            );
            for (const release of taken) release?.();
            return taken.filter((release) => release !== undefined).length;
          },
          { timeout: 10_000 },
        )
        .toBe(20);
    });
  });
