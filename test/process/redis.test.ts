import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type Log, silentLog } from "../../src/process/log.ts";
import { connectRedis, type Redis } from "../../src/process/redis.ts";
import { type RedisServer, redisMissing, startRedis } from "../support/redis.ts";

const missing = redisMissing();

/** Keeps this process from reading and writing for longer than a ping may take. */
function block(): void {
  const untilMs = performance.now() + 700;
  while (performance.now() < untilMs);
}

describe.skipIf(missing !== undefined)(
  `a Redis that freezes${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let server: RedisServer;
    let told: string[];
    const open: Redis[] = [];
    const log: Log = {
      ...silentLog,
      warn: (_fields, message) => told.push(message),
      info: (_fields, message) => told.push(message),
    };

    beforeAll(async () => {
      server = await startRedis();
    });
    afterAll(() => server?.remove());
    afterEach(async () => {
      server.thaw();
      for (const redis of open.splice(0)) await redis.close();
    });

    async function connect(): Promise<Redis> {
      told = [];
      const redis = await connectRedis({ url: server.url, log });
      open.push(redis);
      return redis;
    }

    const ready = async ({ client }: Redis): Promise<void> => {
      while (!client.isReady) await new Promise((resolve) => client.once("ready", resolve));
    };

    it("blocks nothing: commands under way are rejected soon, later ones at once", async () => {
      const { client } = await connect();
      await client.set("a", "1");
      server.freeze();
      const commands = [
        client.get("a"),
        client.eval("return 1"),
        client.set("a", "2", { PX: 60_000 }),
        client.multi().get("a").exec(true),
      ];
      const outcomes = await Promise.allSettled(commands);
      expect(outcomes.map(({ status }) => status)).toEqual([
        "rejected",
        "rejected",
        "rejected",
        "rejected",
      ]);
      expect(client.isReady).toBe(false);
      expect(told).toEqual([expect.stringContaining("Redis cannot be reached")]);
      const startedAtMs = performance.now();
      for (let turn = 0; turn < 100; turn += 1) await expect(client.get("a")).rejects.toThrow();
      // A hundred patient waits would take a minute.
      expect(performance.now() - startedAtMs).toBeLessThan(5_000);
    });

    it("is used again automatically when it goes on", async () => {
      const redis = await connect();
      server.freeze();
      await expect(redis.client.get("a")).rejects.toThrow();
      server.thaw();
      await ready(redis);
      await redis.client.set("a", "3");
      expect(await redis.client.get("a")).toBe("3");
      expect(told).toEqual([
        expect.stringContaining("Redis cannot be reached"),
        "Redis is reached again",
      ]);
    });

    it("does not count as frozen because this process was blocked for a while", async () => {
      const { client } = await connect();
      for (let turn = 0; turn < 3; turn += 1) {
        const answer = client.get("a");
        block();
        await answer;
      }
      expect(told).toEqual([]);
    });

    it("does not count as frozen when it answers after a block of this process", async () => {
      const { client } = await connect();
      // Redis answers in order: the first ping is over.
      await client.get("a");
      const ping = vi.spyOn(client, "ping");
      server.freeze();
      await vi.waitFor(() => expect(ping).toHaveBeenCalled());
      block();
      await new Promise((resolve) => setImmediate(resolve));
      server.thaw();
      await client.get("a");
      expect(told).toEqual([]);
    });

    it("does not keep a process from closing the connection", async () => {
      const redis = await connect();
      server.freeze();
      const answer = expect(redis.client.get("a")).rejects.toThrow();
      await redis.close();
      await answer;
      expect(redis.client.isOpen).toBe(false);
      open.splice(0);
    });
  },
);
