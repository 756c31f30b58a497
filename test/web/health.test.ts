import { describe, expect, it } from "vitest";
import { LOST_AFTER_MS } from "../../src/discord/running-bot.ts";
import type { SourceHealth } from "../../src/prices/sources/source-health.ts";
import { silentLog } from "../../src/process/log.ts";
import { pricesTrouble, storageReadiness } from "../../src/web/health.ts";
import { sample, site, source } from "../support/health-and-metrics.ts";

describe("/healthz and /readyz", () => {
  it("report alive whatever is wrong, and not ready only when no interaction can be answered", async () => {
    let gone: string | undefined;
    let nowMs = 0;
    const { get } = site(
      {
        storage: { trouble: async () => undefined },
        transport: { trouble: () => gone, isVital: true },
      },
      () => nowMs,
    );
    expect(await (await get("/readyz")).json()).toEqual({
      ready: true,
      degraded: [],
      storage: "ok",
      transport: "ok",
    });
    gone = "not connected to Discord";
    nowMs += 1_000;
    const unready = await get("/readyz");
    expect({ status: unready.status, body: await unready.json() }).toEqual({
      status: 503,
      body: { ready: false, degraded: [], storage: "ok", transport: "not connected to Discord" },
    });
    expect(unready.headers.get("cache-control")).toBe("no-store");
    expect((await get("/healthz")).status).toBe(200);
    expect((await get("/livez")).status).toBe(200);
  });

  it("stay ready and name the degraded part, which the gauge shows too", async () => {
    const parts = {
      storage: { trouble: async () => "the database does not answer" },
      prices: { trouble: () => undefined },
      transport: { trouble: () => undefined, isVital: true },
    };
    const { get } = site(parts);
    const answer = await get("/readyz");
    expect({ status: answer.status, body: await answer.json() }).toEqual({
      status: 200,
      body: {
        ready: true,
        degraded: ["storage: the database does not answer"],
        storage: "the database does not answer",
        prices: "ok",
        transport: "ok",
      },
    });
    const text = await (await get("/metrics")).text();
    expect(sample(text, 'lambo_degraded{part="storage"}')).toBe(1);
    expect(sample(text, 'lambo_degraded{part="prices"}')).toBe(0);
    expect(text).not.toContain('part="transport"');
  });

  it("report the gateway lost after a quarter of an hour, and the process still alive", async () => {
    let lostMs = LOST_AFTER_MS - 1;
    const { get } = site({}, undefined, () => lostMs);
    expect((await get("/healthz")).status).toBe(200);
    lostMs += 1;
    const lost = await get("/healthz");
    expect({ status: lost.status, body: await lost.json() }).toEqual({
      status: 503,
      body: { alive: true, gateway: "no connection to Discord for 15 min" },
    });
    expect((await get("/livez")).status).toBe(200);
  });

  it("check the parts once a second, however often they are requested", async () => {
    let asked = 0;
    let nowMs = 0;
    const check = async () => {
      asked += 1;
      return undefined;
    };
    const { get } = site({ storage: { trouble: check } }, () => nowMs);
    await Promise.all(Array.from({ length: 200 }, () => get("/readyz")));
    nowMs = 999;
    await get("/readyz");
    expect(asked).toBe(1);
    nowMs = 1_000;
    await get("/readyz");
    expect(asked).toBe(2);
  });

  it("keep the place of the database out of the response: it is logged, once", async () => {
    const secret = "connect ECONNREFUSED 10.0.0.7:5432 /var/lib/lambo/lambo.sqlite";
    const logged: object[] = [];
    let nowMs = 0;
    const storage = storageReadiness(async () => secret, {
      ...silentLog,
      error: (fields) => logged.push(fields),
    });
    const { get } = site({ storage: { trouble: storage } }, () => nowMs);
    for (; nowMs < 5_000; nowMs += 1_000) {
      const answer = await get("/readyz");
      expect(answer.status).toBe(200);
      expect(await answer.text()).not.toMatch(/10\.0\.0\.7|lambo\.sqlite/);
    }
    expect(logged).toEqual([{ error: secret }]);
  });

  it("count a source that is down as no trouble as long as the cache has coins", () => {
    const down = source({ lastOutcome: "unreachable" });
    const trouble = (coins: number, sources: readonly SourceHealth[]) =>
      pricesTrouble({
        coins: { size: () => coins, refresh: async () => undefined },
        health: () => sources,
      });
    expect(trouble(17_000, [down])).toBeUndefined();
    expect(trouble(0, [down])).toBe("no price source answers (CoinGecko: unreachable)");
    expect(trouble(0, [down, source({ name: "DefiLlama", lastOutcome: "ok" })])).toBeUndefined();
  });
});
