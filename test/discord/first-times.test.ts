import { afterEach, describe, expect, it } from "vitest";
import { createFirstTimes, type FirstTimes } from "../../src/discord/first-times.ts";
import { silentLog } from "../../src/process/log.ts";
import { connectRedis } from "../../src/process/redis.ts";
import { redisMissing, startRedis } from "../support/redis.ts";

const MINUTE_MS = 60_000;
const missing = redisMissing();

describe("an interaction that comes again", () => {
  it("is known for as long as its signature could be believed, and longer only by chance", async () => {
    let nowMs = 0;
    const seen = createFirstTimes({ keepMs: 10 * MINUTE_MS, nowMs: () => nowMs });
    expect(await seen.meet("1")).toBe("first-here");
    nowMs = 9 * MINUTE_MS;
    expect(await seen.meet("2")).toBe("first-here");
    expect(await seen.meet("1")).toBe("again");
    nowMs = 18 * MINUTE_MS;
    expect(await seen.meet("2")).toBe("again");
    nowMs = 40 * MINUTE_MS;
    expect(await seen.meet("3")).toBe("first-here");
    nowMs = 60 * MINUTE_MS;
    expect(await seen.meet("1")).toBe("first-here");
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
        return createFirstTimes({
          keepMs: 10 * MINUTE_MS,
          nowMs: Date.now,
          shared: { redis, name: "bot" },
        });
      };
      const [one, other] = [await processOn(), await processOn()];
      expect(await one.meet("1")).toBe("first");
      expect(await other.meet("1")).toBe("again");
      expect((await Promise.all([one.meet("2"), other.meet("2")])).sort()).toEqual([
        "again",
        "first",
      ]);
      server.freeze();
      expect(await one.meet("3")).toBe("first-here");
      expect(await one.meet("3")).toBe("again");
    });
  },
);
