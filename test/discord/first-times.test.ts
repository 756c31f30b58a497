import { afterEach, describe, expect, it } from "vitest";
import { createFirstTimes, type FirstTimes } from "../../src/discord/first-times.ts";
import { silentLog } from "../../src/log.ts";
import { connectRedis } from "../../src/redis.ts";
import { redisMissing, startRedis } from "../support/redis.ts";

const MINUTE_MS = 60_000;
const missing = redisMissing();

describe("an interaction that comes again", () => {
  it("is known for as long as its signature could be believed, and longer only by chance", async () => {
    let nowMs = 0;
    const seen = createFirstTimes({ keepMs: 10 * MINUTE_MS, nowMs: () => nowMs });
    expect(await seen.isFirst("1")).toBe(true);
    nowMs = 9 * MINUTE_MS;
    expect(await seen.isFirst("2")).toBe(true);
    expect(await seen.isFirst("1")).toBe(false);
    nowMs = 18 * MINUTE_MS;
    expect(await seen.isFirst("2")).toBe(false);
    nowMs = 40 * MINUTE_MS;
    expect(await seen.isFirst("3")).toBe(true);
    nowMs = 60 * MINUTE_MS;
    expect(await seen.isFirst("1")).toBe(true);
  });
});

describe.skipIf(missing !== undefined)(
  `an interaction sent to another process${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    const open: (() => Promise<unknown>)[] = [];
    afterEach(async () => {
      for (const close of open.splice(0).reverse()) await close();
    });

    it("is known there too; while Redis does not answer each process knows its own, and none is kept waiting", async () => {
      const server = await startRedis();
      open.push(() => server.remove());
      const processOn = async (): Promise<FirstTimes> => {
        const redis = await connectRedis({ url: server.url, log: silentLog });
        open.push(() => redis.close());
        return createFirstTimes({ keepMs: 10 * MINUTE_MS, nowMs: Date.now, shared: { redis, name: "bot" } });
      };
      const [one, other] = [await processOn(), await processOn()];
      expect(await one.isFirst("1")).toBe(true);
      expect(await other.isFirst("1")).toBe(false);
      expect(await Promise.all([one.isFirst("2"), other.isFirst("2")])).toContain(false);
      server.freeze();
      expect(await one.isFirst("3")).toBe(true);
      expect(await one.isFirst("3")).toBe(false);
    });
  },
);
