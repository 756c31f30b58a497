import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import type { DigestPoster } from "../../src/digest/poster.ts";
import type { DigestQueue } from "../../src/digest/queue.ts";
import { createSharedQueue, type QueueTiming } from "../../src/digest/shared-queue.ts";
import { createSharedRateLimiter } from "../../src/discord/bot/shared-rate-limiter.ts";
import { silentLog } from "../../src/process/log.ts";
import { connectRedis } from "../../src/process/redis.ts";
import type { DigestSlot } from "../../src/storage/digest-ledger.ts";
import { busiestSecond } from "../support/fake-discord/rest.ts";
import { doomedScript } from "../support/program.ts";
import { type RedisServer, redisMissing, startRedis } from "../support/redis.ts";
import {
  type DigestsUnderTest,
  DUE,
  MINUTE_MS,
  type Process,
  type Server,
  startDigests,
  TODAY,
} from "./digest-under-test.ts";

const POSTER = doomedScript("poster");
const missing = redisMissing();
const title = "digests shared through Redis";

describe.skipIf(missing !== undefined)(
  missing === undefined ? title : `${title} (skipped: ${missing})`,
  () => {
    const open: (() => Promise<unknown>)[] = [];

    afterEach(async () => {
      for (const close of open.splice(0).reverse()) await close();
    });

    async function start(
      options: Parameters<typeof startDigests>[0] = {},
    ): Promise<{ digests: DigestsUnderTest; redis: RedisServer }> {
      const redis = await startRedis();
      open.push(() => redis.remove());
      const digests = await startDigests({ checkSpec: false, ...options });
      open.push(() => digests.close());
      return { digests, redis };
    }

    /** A process of the bot that shares work and pace. */
    async function worker(
      digests: DigestsUnderTest,
      redis: RedisServer,
      timing: QueueTiming = {},
    ): Promise<Process & { readonly prepared: string[] }> {
      const prepared: string[] = [];
      const connection = await connectRedis({ url: redis.url, log: silentLog });
      open.push(() => connection.close());
      const bot = await digests.process({
        rateLimiter: createSharedRateLimiter({ redis: connection, name: "test" }),
        queue: (poster: DigestPoster, fallback: DigestQueue) =>
          createSharedQueue({
            ...{
              redisUrl: redis.url,
              name: "test",
              poster,
              fallback,
              log: silentLog,
              now: digests.now,
              timing,
            },
            prepare: async () => void prepared.push("prepared"),
          }),
      });
      open.push(() => bot.stop());
      return { ...bot, prepared };
    }

    const servers = (digests: DigestsUnderTest, count: number): Promise<Server[]> =>
      Promise.all(Array.from({ length: count }, () => digests.server()));
    const posted = (digests: DigestsUnderTest, all: readonly Server[]): number =>
      all.filter(({ channel }) => digests.digestsIn(channel).length > 0).length;
    const everybody = (digests: DigestsUnderTest, all: readonly Server[]): Promise<void> =>
      digests.fake.until("every server has its digest", () => posted(digests, all) === all.length);

    it("are posted once, by all processes together, at one pace", async () => {
      const { digests, redis } = await start();
      const all = await servers(digests, 120);
      const bots = [
        await worker(digests, redis),
        await worker(digests, redis),
        await worker(digests, redis),
      ];
      digests.setNow(DUE);
      await Promise.all(bots.map((bot) => bot.look()));
      await everybody(digests, all);
      await Promise.all(bots.map((bot) => bot.poster.idle()));
      // Whoever looks a minute later finds nothing to do.
      digests.pass(5 * MINUTE_MS);
      await Promise.all(bots.map((bot) => bot.look()));
      await Promise.all(bots.map((bot) => bot.poster.idle()));
      expect(all.map(({ channel }) => digests.digestsIn(channel))).toEqual(all.map(() => [TODAY]));
      const shares = bots.map(({ events }) => events.filter((event) => event === "sent").length);
      expect(shares.reduce((sum, share) => sum + share)).toBe(120);
      // One of them takes up to a hundred at once, before the others have looked.
      expect(Math.max(...shares)).toBeLessThan(120);
      expect(digests.fake.counts.rateLimited).toBe(0);
      expect(busiestSecond(digests.fake.counts)).toBeLessThanOrEqual(50);
    });

    it("have their closes fetched ahead by one process a day", async () => {
      const { digests, redis } = await start({ now: "2026-11-24T00:30:00Z" });
      await digests.server();
      const bots = [await worker(digests, redis), await worker(digests, redis)];
      const prepared = () => bots.flatMap((bot) => bot.prepared).length;
      const patient = { timeout: 10_000 };
      await Promise.all(bots.map((bot) => bot.look()));
      await expect.poll(prepared, patient).toBe(1);
      bots.push(await worker(digests, redis));
      await Promise.all(bots.map((bot) => bot.look()));
      digests.setNow("2026-11-25T00:30:00Z");
      await Promise.all(bots.map((bot) => bot.look()));
      await expect.poll(prepared, patient).toBe(2);
      await Promise.all(bots.map((bot) => bot.look()));
      expect(prepared()).toBe(2);
    });

    it("come back when the process that had them is killed", async () => {
      const { digests, redis } = await start({
        rateLimits: false,
        now: new Date(Date.now() - 1_000).toISOString(),
      });
      const due = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
      const localOn = due.toISOString().slice(0, 10);
      const all = await Promise.all(
        Array.from({ length: 20 }, () =>
          digests.server({
            time: due.toISOString().slice(11, 16),
            since: new Date(due.getTime() - 60 * MINUTE_MS).toISOString(),
          }),
        ),
      );
      const args = [
        POSTER,
        digests.dataDir,
        "",
        digests.fake.apiUrl,
        digests.fake.token,
        due.toISOString(),
        redis.url,
      ];
      const doomed = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
      await digests.fake.until("some are posted", () => posted(digests, all) >= 5);
      doomed.kill("SIGKILL");
      await once(doomed, "exit");
      // Its claims end by the clock, its jobs' locks by Redis' one.
      digests.setNow(new Date(due.getTime() + 4 * MINUTE_MS).toISOString());
      const bot = await worker(digests, redis, { lockMs: 500, remembersMs: 0 });
      await expect
        .poll(
          async () => {
            digests.pass(MINUTE_MS);
            await bot.tick();
            return posted(digests, all);
          },
          { interval: 200, timeout: 15_000 },
        )
        .toBe(20);
      await bot.tick();
      expect(all.map(({ channel }) => digests.digestsIn(channel))).toEqual(
        all.map(() => [localOn]),
      );
    }, 60_000);

    it("are posted all the same while Redis is gone, once, and shared again when it is back", async () => {
      const { digests, redis } = await start({ rateLimits: false });
      const [today, tomorrow] = [await servers(digests, 4), await servers(digests, 4)];
      const bots = [await worker(digests, redis), await worker(digests, redis)];
      await redis.stop();
      digests.setNow(DUE);
      await Promise.all(bots.map((bot) => bot.tick()));
      await everybody(digests, today);
      await redis.start();
      digests.setNow("2026-11-25T09:00:00Z");
      await expect
        .poll(
          async () => {
            digests.pass(3 * MINUTE_MS);
            await Promise.all(bots.map((bot) => bot.tick()));
            return [...today, ...tomorrow].filter(({ channel }) =>
              digests.digestsIn(channel).includes("2026-11-25"),
            ).length;
          },
          { interval: 100, timeout: 15_000 },
        )
        .toBe(8);
      for (const { channel } of [...today, ...tomorrow])
        expect(digests.digestsIn(channel)).toEqual([TODAY, "2026-11-25"]);
    }, 60_000);

    it("are posted by the process itself while Redis is frozen, and no further batch waits for it", async () => {
      const redis = await startRedis();
      open.push(() => redis.remove());
      const fallenBack: DigestSlot[] = [];
      const fallback: DigestQueue = {
        add: async (slots) => void fallenBack.push(...slots),
        prepare: async () => undefined,
        isPending: () => false,
        stop: async () => undefined,
      };
      const acceptedWithinMs = 1_000;
      const queue = await createSharedQueue({
        ...{
          redisUrl: redis.url,
          name: "frozen",
          fallback,
          log: silentLog,
          now: () => new Date(DUE),
          timing: { acceptedWithinMs },
        },
        poster: { post: async () => undefined },
        prepare: async () => undefined,
      });
      open.push(() => queue.stop());
      const slots = Array.from({ length: 5_000 }, (_, index) => ({
        guildId: String(10n ** 17n + BigInt(index)),
        channelId: "200000000000000000",
        localOn: TODAY,
        dueAt: new Date(DUE).toISOString(),
      }));
      redis.freeze();
      const startedAtMs = performance.now();
      await queue.add(slots);
      // Ten batches, of which one waits.
      expect(performance.now() - startedAtMs).toBeLessThan(5 * acceptedWithinMs);
      expect(fallenBack).toEqual(slots);
    });

    it("that waited in the queue until it was too late are not posted", async () => {
      const { digests, redis } = await start({ rateLimits: false });
      const [server] = await servers(digests, 1);
      if (server === undefined) throw new Error("no server");
      const slot = {
        guildId: server.guild.id,
        localOn: TODAY,
        channelId: server.channel.id,
        dueAt: new Date(DUE).toISOString(),
      };
      const bot = await worker(digests, redis);
      digests.setNow(`${TODAY}T15:00:01Z`);
      await bot.poster.post(slot);
      await bot.tick();
      expect(digests.digestsIn(server.channel)).toEqual([]);
      expect(await digests.entry(server)).toMatchObject({ state: "missed" });
    });
  },
);
