import { describe, expect, it, onTestFinished } from "vitest";
import { createReplayGuard, type ReplayGuard } from "../../src/discord/replay-guard.ts";
import { silentLog } from "../../src/process/log.ts";
import { connectRedis } from "../../src/process/redis.ts";
import { redisMissing, startRedis } from "../support/redis.ts";

const MINUTE_MS = 60_000;
const missing = redisMissing();
const RESPONSE = { status: 200, contentType: "text/plain", body: [Buffer.from("answered")] };

/** A guard of one process, and how often it has let an interaction run. */
function guarded(guard: ReplayGuard) {
  let runs = 0;
  return {
    runs: () => runs,
    deliver: (id: string, signedAtMs: number) =>
      guard.respondOnce({ id, signedAtMs }, async () => {
        runs += 1;
        return RESPONSE;
      }),
  };
}

describe("an interaction that is delivered again", () => {
  it("does not run again for as long as its signature is accepted, and longer only by chance", async () => {
    let nowMs = 0;
    const { deliver, runs } = guarded(
      createReplayGuard({ keepMs: 10 * MINUTE_MS, nowMs: () => nowMs }),
    );
    expect(await deliver("1", nowMs)).toBe(RESPONSE);
    nowMs = 9 * MINUTE_MS;
    expect(await deliver("2", nowMs)).toBe(RESPONSE);
    expect(await deliver("1", nowMs)).toBe("repeated");
    nowMs = 18 * MINUTE_MS;
    expect(await deliver("2", nowMs)).toBe("repeated");
    nowMs = 40 * MINUTE_MS;
    expect(await deliver("3", nowMs)).toBe(RESPONSE);
    expect(runs()).toBe(3);
    nowMs = 60 * MINUTE_MS;
    expect(await deliver("1", nowMs)).toBe(RESPONSE);
    expect(runs()).toBe(4);
  });

  it("gets the first response again within half a minute", async () => {
    let nowMs = 0;
    const { deliver, runs } = guarded(
      createReplayGuard({ keepMs: 10 * MINUTE_MS, nowMs: () => nowMs }),
    );
    await deliver("1", nowMs);
    nowMs = 29_999;
    expect(await deliver("1", nowMs)).toBe(RESPONSE);
    nowMs = 30_000;
    expect(await deliver("1", nowMs)).toBe("repeated");
    expect(runs()).toBe(1);
  });

  it("gets it no longer for having asked again, whatever came meanwhile", async () => {
    let nowMs = 0;
    const { deliver, runs } = guarded(
      createReplayGuard({ keepMs: 10 * MINUTE_MS, nowMs: () => nowMs }),
    );
    await deliver("1", nowMs);
    nowMs = 5_000;
    await deliver("2", nowMs);
    nowMs = 10_000;
    expect(await deliver("1", nowMs)).toBe(RESPONSE);
    nowMs = 31_000;
    expect(await deliver("1", nowMs)).toBe("repeated");
    expect(await deliver("2", nowMs)).toBe(RESPONSE);
    expect(runs()).toBe(2);
  });

  it("is too old when it was signed before this process began", async () => {
    const { deliver, runs } = guarded(
      createReplayGuard({ keepMs: 10 * MINUTE_MS, nowMs: () => 60_500 }),
    );
    expect(await deliver("1", 57_999)).toBe("too-old");
    expect(await deliver("2", 58_000)).toBe(RESPONSE);
    expect(runs()).toBe(1);
  });
});

describe.skipIf(missing !== undefined)(
  `an interaction delivered to another process${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    it("is known there too; while Redis is frozen each process knows its own, and none is kept waiting", async () => {
      const server = await startRedis();
      onTestFinished(() => server.remove());
      const startProcess = async () => {
        const redis = await connectRedis({ url: server.url, log: silentLog });
        onTestFinished(() => redis.close());
        const guard = createReplayGuard({
          keepMs: 10 * MINUTE_MS,
          nowMs: Date.now,
          shared: { redis, name: "bot" },
        });
        onTestFinished(() => guard.stop());
        return guarded(guard);
      };
      const processes = [await startProcess(), await startProcess()] as const;
      const runs = () => processes[0].runs() + processes[1].runs();
      // Redis knows that no process has had it, however long ago it was signed.
      const longAgoMs = Date.now() - 5 * MINUTE_MS;
      expect(await processes[0].deliver("1", longAgoMs)).toBe(RESPONSE);
      expect(await processes[1].deliver("1", longAgoMs)).toEqual(RESPONSE);
      expect(runs()).toBe(1);
      await Promise.all(processes.map(({ deliver }) => deliver("2", longAgoMs)));
      expect(runs()).toBe(2);
      server.freeze();
      expect(await processes[0].deliver("3", longAgoMs)).toBe("too-old");
      expect(await processes[0].deliver("3", longAgoMs)).toBe("repeated");
      expect(await processes[0].deliver("4", Date.now())).toBe(RESPONSE);
      expect(runs()).toBe(3);
    });
  },
);
