import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { readConfig } from "../../../src/config.ts";
import { type FetchCache, openFetchCache } from "../../../src/prices/cache/fetch-cache.ts";
import { createMarket, type Market } from "../../../src/prices/market.ts";
import { type CallBudget, createCallBudget } from "../../../src/prices/sources/call-budget.ts";
import type { LockPatience } from "../../../src/prices/sources/lock-patience.ts";
import { type Log, silentLog } from "../../../src/process/log.ts";
import { connectRedis, type Redis } from "../../../src/process/redis.ts";
import { answerQuestion, type LamboOutcome } from "../../../src/questions/answer.ts";
import { AVERAGE_LAMBO } from "../../../src/valuation/lambo-models.ts";
import { type FakeMarket, startFakeMarket } from "../../support/fake-market/fake-market.ts";
import { syntheticSeries } from "../../support/price-series.ts";
import { type RedisServer, redisMissing, startRedis } from "../../support/redis.ts";

const missing = redisMissing();
const NEVER = new AbortController().signal;
const HOUR_MS = 3_600_000;
const PATIENT: LockPatience = {
  priority: "interactive",
  waitMs: { interactive: 10_000, background: 10_000 },
};
const now = () => new Date("2026-11-24T12:00:00Z");

let server: RedisServer;
const open: (() => Promise<unknown>)[] = [];
let warnings: string[];
const log: Log = {
  ...silentLog,
  warn: (_fields, message) => warnings.push(message),
  info: (_fields, message) => warnings.push(message),
};

type Process = {
  readonly redis: Redis;
  readonly cache: FetchCache;
  readonly market: Market;
  ask(coin: string): Promise<LamboOutcome>;
};

describe.skipIf(missing !== undefined)(
  `what processes share on one Redis${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(async () => {
      server = await startRedis();
    });
    afterAll(() => server?.remove());

    beforeEach(async () => {
      warnings = [];
      const { client, close } = await connectRedis({ url: server.url, log: silentLog });
      await client.flushAll();
      await close();
    });
    afterEach(async () => {
      for (const close of open.splice(0).reverse()) await close();
    });

    async function connect(database = 0): Promise<Redis> {
      const redis = await connectRedis({ url: `${server.url}/${database}`, log });
      open.push(() => redis.close());
      return redis;
    }

    async function fakeMarket(): Promise<FakeMarket> {
      const series = syntheticSeries({
        firstOn: "2023-06-01",
        lastOn: "2026-11-23",
        startUsd: 0.001,
        dailyGrowth: 0.005,
      });
      const fake = await startFakeMarket({
        coins: [{ coinId: "dogecoin", symbol: "DOGE", name: "Dogecoin", rank: 9, series }],
        now,
      });
      open.push(() => fake.close());
      return fake;
    }

    /** All that a process of its own has of prices. */
    async function process(fake: FakeMarket, database = 0): Promise<Process> {
      const dataDir = await mkdtemp(join(tmpdir(), "lambo-shared-"));
      open.push(() => rm(dataDir, { recursive: true, force: true }));
      const configured = readConfig({ ...fake.environment("demo"), DATA_DIR: dataDir });
      if (!configured.ok) throw new Error(configured.problems.join());
      const redis = await connect(database);
      const cache = await openFetchCache({ dataDir, redis, log, now, patienceMs: 400 });
      const market = createMarket({ config: configured.config, cache, redis, log, now });
      const question = { stake: 1_000, currency: "USD", car: AVERAGE_LAMBO };
      return {
        redis,
        cache,
        market,
        ask: (text) =>
          answerQuestion(
            { coin: { by: "text", text }, ...question },
            { ...market, now },
            { priority: "interactive" },
          ),
      };
    }

    async function reached({ client }: Redis): Promise<void> {
      while (!client.isReady) await new Promise((resolve) => client.once("ready", resolve));
    }

    it("includes every response: three processes asked the same at once make as many calls as one", async () => {
      const fake = await fakeMarket();
      const alone = await process(fake);
      await Promise.all([alone.market.checkKey({ priority: "background" }), alone.ask("doge")]);
      await fake.arrived({ path: "/coins/markets" }, 4);
      const callsOfOne = fake.count();
      expect(callsOfOne).toBeGreaterThan(5);

      // Another database of the same Redis knows nothing yet.
      fake.forget();
      const processes = await Promise.all([process(fake, 1), process(fake, 1), process(fake, 1)]);
      const outcomes = await Promise.all(
        processes.flatMap(({ ask, market }) => [
          ask("doge"),
          ask("dogecoin"),
          market.checkKey({ priority: "background" }),
        ]),
      );
      expect(outcomes.filter((outcome) => typeof outcome === "object" && outcome.ok)).toHaveLength(
        6,
      );
      await fake.arrived({ path: "/coins/markets" }, 4);
      expect(fake.count()).toBe(callsOfOne);
    });

    it("includes what another process has fetched", async () => {
      const fake = await fakeMarket();
      const [one, other] = [await process(fake), await process(fake)];
      await one.cache.set("a", { n: 1 }, HOUR_MS);
      expect(await other.cache.get("a", z.object({ n: z.number() }))).toEqual({ n: 1 });
      // Redis forgets it by itself when its time is over.
      const keys = await other.redis.client.keys("*:a");
      expect(keys).toHaveLength(1);
      expect(await other.redis.client.pTTL(keys[0] ?? "")).toBeGreaterThan(0);
    });

    it("includes the call budget: together they make no more calls than the plan allows", async () => {
      const budgets: CallBudget[] = [];
      for (let count = 0; count < 3; count += 1) {
        budgets.push(
          createCallBudget({
            calls: 30,
            windowSeconds: 60,
            shared: { redis: await connect(), name: "test" },
          }),
        );
      }
      const taken = await Promise.all(
        budgets.flatMap((budget) =>
          Array.from({ length: 30 }, () => budget.acquire("interactive", 0, NEVER)),
        ),
      );
      expect(taken.filter(Boolean)).toHaveLength(30);
      expect(budgets[0]?.state().callsLeft).toBe(0);
      const another = createCallBudget({
        calls: 30,
        windowSeconds: 60,
        shared: { redis: await connect(), name: "another key" },
      });
      expect(await another.acquire("interactive", 0, NEVER)).toBe(true);
    });

    it("leaves background work its third of the calls, in whichever process", async () => {
      const shared = { redis: await connect(), name: "background" };
      const budgets = [0, 1].map(() => createCallBudget({ calls: 30, windowSeconds: 60, shared }));
      const taken: boolean[] = [];
      for (let turn = 0; turn < 20; turn += 1)
        taken.push(
          ...(await Promise.all(budgets.map((budget) => budget.acquire("background", 0, NEVER)))),
        );
      expect(taken.filter(Boolean)).toHaveLength(10);
      expect(await budgets[0]?.acquire("interactive", 0, NEVER)).toBe(true);
    });

    it("waits for a lock's holder while it lives, and not after it died", async () => {
      const fake = await fakeMarket();
      const [one, other] = [await process(fake), await process(fake)];
      const order: string[] = [];
      let finish = () => {};
      const working = new Promise<void>((resolve) => (finish = resolve));
      let began = () => {};
      const beginning = new Promise<void>((resolve) => (began = resolve));
      const first = one.cache.runExclusive(
        "question",
        async () => {
          began();
          await working;
          order.push("first");
        },
        PATIENT,
      );
      await beginning;
      const second = other.cache.runExclusive(
        "question",
        async () => void order.push("second"),
        PATIENT,
      );
      const elsewhere = other.cache.runExclusive(
        "another question",
        async () => void order.push("elsewhere"),
        PATIENT,
      );
      await elsewhere;
      finish();
      await Promise.all([first, second]);
      expect(order).toEqual(["elsewhere", "first", "second"]);

      // What a process that was killed leaves behind ends by itself.
      await one.redis.client.set("lambo:lock:orphan", "nobody", { PX: 300 });
      await other.cache.runExclusive("orphan", async () => void order.push("orphan"), PATIENT);
      expect(order.at(-1)).toBe("orphan");
      expect(await one.redis.client.exists("lambo:lock:orphan")).toBe(0);

      // Somebody who has waited long enough asks too.
      await one.redis.client.set("lambo:lock:stuck", "nobody", { PX: HOUR_MS });
      const hasty: LockPatience = { ...PATIENT, waitMs: { interactive: 50, background: 10_000 } };
      await other.cache.runExclusive("stuck", async () => void order.push("stuck"), hasty);
      expect(order.at(-1)).toBe("stuck");
      expect(await one.redis.client.exists("lambo:lock:stuck")).toBe(1);

      // What is asked for nobody is asked slowly.
      const slowly = one.cache.runExclusive(
        "slow",
        () => new Promise<void>((resolve) => (finish = resolve)),
        {
          ...PATIENT,
          priority: "background",
        },
      );
      const person: LockPatience = { ...PATIENT, waitMs: { interactive: 10_000, background: 50 } };
      await other.cache.runExclusive("slow", async () => void order.push("person"), person);
      expect(order.at(-1)).toBe("person");
      finish();
      await slowly;
    });

    it("is not needed when Redis is gone: answers still come, and the cache recovers by itself", async () => {
      const fake = await fakeMarket();
      const one = await process(fake);
      expect((await one.ask("doge")).ok).toBe(true);
      await server.stop();
      try {
        expect((await one.ask("dogecoin")).ok).toBe(true);
        const two = await process(fake);
        expect((await two.ask("doge")).ok).toBe(true);
        expect(warnings).toContainEqual(expect.stringContaining("Redis cannot be reached"));
      } finally {
        await server.start();
      }
      await reached(one.redis);
      let kept: number | undefined;
      for (let count = 1; kept === undefined; count += 1) {
        await one.cache.set("after", count, HOUR_MS);
        const raw = await one.redis.client.keys("*after*");
        if (raw.length > 0) kept = count;
        // The cache leaves Redis alone for a second after a failure.
        else await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(await (await process(fake)).cache.get("after", z.number())).toBe(kept);
      expect(warnings).toContain("Redis is reached again");
    });

    it("is not needed while Redis is frozen: answers and budgets go on alone, and are shared again afterwards", async () => {
      const fake = await fakeMarket();
      const [one, other] = [await process(fake), await process(fake)];
      const shared = { redis: one.redis, name: "frozen" };
      const budget = createCallBudget({ calls: 40, windowSeconds: 60, shared });
      expect(await budget.acquire("interactive", 0, NEVER)).toBe(true);
      server.freeze();
      try {
        // Nothing is known yet: a dozen commands would be waited for.
        expect((await one.ask("doge")).ok).toBe(true);
        const taken: boolean[] = [];
        for (let call = 0; call < 20; call += 1)
          taken.push(await budget.acquire("interactive", 0, NEVER));
        // Each process goes on with a quarter of it, as when Redis is gone.
        expect(taken.filter(Boolean)).toHaveLength(10);
        expect(
          warnings.filter((warning) => warning.includes("Redis cannot be reached")),
        ).not.toHaveLength(0);
      } finally {
        server.thaw();
      }
      await Promise.all([reached(one.redis), reached(other.redis)]);
      const another = createCallBudget({
        calls: 40,
        windowSeconds: 60,
        shared: { ...shared, redis: other.redis },
      });
      const together: boolean[] = [];
      for (let call = 0; call < 50; call += 1)
        together.push(await (call % 2 === 0 ? budget : another).acquire("interactive", 0, NEVER));
      // One was taken before; what was asked for meanwhile was refused, or counted by the server
      // when it went on.
      expect(together.filter(Boolean).length).toBeLessThanOrEqual(39);
      expect(together.filter(Boolean).length).toBeGreaterThanOrEqual(35);
    });
  },
);
