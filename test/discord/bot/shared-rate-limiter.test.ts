import { afterEach, describe, expect, it } from "vitest";
import type { RequestTurns } from "../../../src/discord/bot/rate-limiter.ts";
import { createSharedRequestTurns } from "../../../src/discord/bot/shared-rate-limiter.ts";
import { type Clock, systemClock } from "../../../src/process/clock.ts";
import { silentLog } from "../../../src/process/log.ts";
import { connectRedis } from "../../../src/process/redis.ts";
import { type RedisServer, redisMissing, startRedis } from "../../support/redis.ts";

const missing = redisMissing();
const open: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function startServer(): Promise<RedisServer> {
  const server = await startRedis();
  open.push(() => server.remove());
  return server;
}

/** A process of its own, as far as Redis can tell. */
async function processOn(
  server: RedisServer,
  options: { name?: string; longestHeldMs?: number; clock?: Clock } = {},
): Promise<RequestTurns> {
  const redis = await connectRedis({ url: server.url, log: silentLog });
  open.push(() => redis.close());
  return createSharedRequestTurns({ redis, name: "bot", ...options });
}

/** The most that any window of a second got, wherever it begins. */
function busiestWindow(atMs: readonly number[]): number {
  return Math.max(
    0,
    ...atMs.map((from) => atMs.filter((at) => at >= from && at < from + 1_000).length),
  );
}

/**
 * Sends that many requests through each process, each on its way for up to 200 ms; gives the
 * instants at which they arrived.
 */
async function send(turns: readonly RequestTurns[], count: number): Promise<readonly number[]> {
  const arrivedAtMs: number[] = [];
  await Promise.all(
    turns.flatMap((one) =>
      Array.from({ length: count }, async (_, index) => {
        const over = await one.take("bulk", 60_000);
        await new Promise((resolve) => setTimeout(resolve, (index * 37) % 200));
        arrivedAtMs.push(performance.now());
        over?.();
      }),
    ),
  );
  return arrivedAtMs;
}

describe.skipIf(missing !== undefined)(
  `turns on one Redis${missing === undefined ? "" : ` (${missing})`}`,
  () => {
    it("are at most 50 in any second and about 45 a second for three processes together", async () => {
      const server = await startServer();
      const startedAtMs = performance.now();
      const arrivedAtMs = await send(
        await Promise.all([processOn(server), processOn(server), processOn(server)]),
        45,
      );
      expect(arrivedAtMs).toHaveLength(135);
      expect(busiestWindow(arrivedAtMs)).toBeLessThanOrEqual(50);
      expect(performance.now() - startedAtMs).toBeGreaterThan(2_800);
    });

    it("are kept for people: bulk requests of all processes together never hold the last two", async () => {
      const server = await startServer();
      const [one, other] = [await processOn(server), await processOn(server)];
      const bulk = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          (index % 2 === 0 ? one : other).take("bulk", 2_500),
        ),
      );
      expect(bulk.filter((over) => over !== undefined)).toHaveLength(48);
      expect(await one.take("person", 500)).toBeDefined();
      expect(await other.take("person", 500)).toBeDefined();
    });

    it("are each bot's own", async () => {
      const server = await startServer();
      const [one, other] = [
        await processOn(server, { name: "one" }),
        await processOn(server, { name: "other" }),
      ];
      const turnsOf = (turns: RequestTurns) =>
        Promise.all(Array.from({ length: 50 }, () => turns.take("person", 5_000)));
      // Whoever holds all of its own takes none of another's.
      expect((await turnsOf(one)).filter((over) => over !== undefined)).toHaveLength(50);
      expect((await turnsOf(other)).filter((over) => over !== undefined)).toHaveLength(50);
    });

    it("do not come when all are held, and come back from a process that was killed", async () => {
      const server = await startServer();
      const options = { longestHeldMs: 1_500 };
      const [killed, other] = [await processOn(server, options), await processOn(server, options)];
      for (let index = 0; index < 50; index += 1)
        expect(await killed.take("person", 1_000)).toBeDefined();
      expect(await other.take("person", 50)).toBeUndefined();
      expect(await other.take("person", 10_000)).toBeDefined();
    });

    it("are not given out by an answer that came too late", async () => {
      const server = await startServer();
      let nowMs = 0;
      const turns = await processOn(server, { clock: { ...systemClock, nowMs: () => nowMs } });
      const pending = turns.take("bulk", 10_000);
      // The question is on its way; its answer is read only after this.
      for (let step = 0; step < 10; step += 1) await Promise.resolve();
      nowMs = 60_000;
      expect(await pending).toBeUndefined();
      expect(await turns.take("bulk", 10_000)).toBeDefined();
    });

    it("go on slowly in each process while Redis is down", async () => {
      const server = await startServer();
      const turns = await processOn(server);
      await server.stop();
      const arrivedAtMs = await send([turns], 20);
      expect(arrivedAtMs).toHaveLength(20);
      expect(busiestWindow(arrivedAtMs)).toBeLessThanOrEqual(12);
    });

    it("go on slowly while Redis is frozen, and are shared again when it goes on", async () => {
      const server = await startServer();
      const [one, other] = [await processOn(server), await processOn(server)];
      expect(await one.take("bulk", 10_000)).toBeDefined();
      server.freeze();
      const arrivedAtMs = await send([one, other], 10);
      expect(arrivedAtMs).toHaveLength(20);
      expect(busiestWindow(arrivedAtMs)).toBeLessThanOrEqual(2 * 12);
      server.thaw();
      // Alone a process never holds more than a quarter of them.
      await expect
        .poll(
          async () => {
            const taken = await Promise.all(
              Array.from({ length: 20 }, () => one.take("person", 200)),
            );
            for (const over of taken) over?.();
            return taken.filter((over) => over !== undefined).length;
          },
          { timeout: 10_000 },
        )
        .toBe(20);
    });
  },
);
