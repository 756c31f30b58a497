import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { describe, expect, it } from "vitest";
import { LOST_AFTER_MS } from "../../src/discord/running-bot.ts";
import type { SourceHealth } from "../../src/prices/sources/source-health.ts";
import { silentLog } from "../../src/process/log.ts";
import { DIGEST_EVENTS } from "../../src/process/metrics.ts";
import {
  createReadiness,
  healthRoutes,
  type Part,
  pricesTrouble,
  storageReadiness,
} from "../../src/web/health.ts";
import { listen } from "../../src/web/listen.ts";
import { createPrometheusMetrics, metricsRoutes } from "../../src/web/metrics.ts";
import { createSite } from "../../src/web/site.ts";

const source = (more: Partial<SourceHealth> = {}): SourceHealth => ({
  name: "CoinGecko",
  lastOutcome: "ok",
  lastAskedAt: new Date(),
  callsLeft: 25,
  callsPerWindow: 30,
  windowSeconds: 60,
  ...more,
});

function site(
  parts: Readonly<Record<string, Part>> = {},
  nowMs?: () => number,
  lostForMs?: () => number,
) {
  const metrics = createPrometheusMetrics();
  const readiness = createReadiness(parts, nowMs);
  metrics.watchReadiness(readiness);
  const app = createSite({
    parts: [healthRoutes(readiness, lostForMs), metricsRoutes(metrics)],
    log: silentLog,
    metrics,
  });
  return { metrics, get: async (path: string) => app.request(path) };
}

/** One sample of the text format, such as `sample(text, 'lambo_digests_total{event="sent"}')`. */
const sample = (text: string, series: string) => {
  const line = text.split("\n").find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};

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
    const told: object[] = [];
    let nowMs = 0;
    const storage = storageReadiness(async () => secret, {
      ...silentLog,
      error: (fields) => told.push(fields),
    });
    const { get } = site({ storage: { trouble: storage } }, () => nowMs);
    for (; nowMs < 5_000; nowMs += 1_000) {
      const answer = await get("/readyz");
      expect(answer.status).toBe(200);
      expect(await answer.text()).not.toMatch(/10\.0\.0\.7|lambo\.sqlite/);
    }
    expect(told).toEqual([{ error: secret }]);
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

describe("a request with another method", () => {
  it("gets 405 with the allowed methods where the path exists, and 404 elsewhere", async () => {
    const app = createSite({ parts: [healthRoutes(createReadiness({}))], log: silentLog });
    const posted = await app.request("/healthz", { method: "POST" });
    expect({ status: posted.status, allow: posted.headers.get("allow") }).toEqual({
      status: 405,
      allow: "GET",
    });
    expect((await app.request("/elsewhere", { method: "POST" })).status).toBe(404);
    expect((await app.request("/healthz", { method: "HEAD" })).status).toBe(200);
  });
});

describe("/metrics", () => {
  it("is not reached by another spelling of its path, which a proxy's prefix rule would let through", async () => {
    const metrics = createPrometheusMetrics();
    const app = createSite({ parts: [metricsRoutes(metrics)], log: silentLog });
    const server = await listen(app, { host: "127.0.0.1", port: 0 });
    try {
      const statusOf = async (path: string) => {
        // Sent unchanged: `fetch` would resolve the dots.
        const asked = request({ host: "127.0.0.1", port: server.port, path, agent: false }).end();
        const [response] = (await once(asked, "response")) as [IncomingMessage];
        response.resume();
        return response.statusCode;
      };
      for (const path of [
        "/api/../metrics",
        "/api/%2e%2e/metrics",
        "/api/.%2E/metrics",
        "/./metrics",
        "/api\\..\\metrics",
        "//metrics",
      ]) {
        expect([400, 404], path).toContain(await statusOf(path));
      }
      expect(await statusOf("/metrics")).toBe(200);
      expect(await statusOf("/metrics?x=1")).toBe(200);
    } finally {
      await server.close();
    }
  });

  it("shows the gateway and the commands only where there are some", async () => {
    const { metrics, get } = site();
    expect(await (await get("/metrics")).text()).not.toMatch(/^lambo_(gateway|commands)/m);
    let isConnected = false;
    metrics.watchGateway({ isConnected: () => isConnected, identifies: () => 7 });
    metrics.watchCommands(() => isConnected);
    const states = async () => {
      const text = await (await get("/metrics")).text();
      return ["gateway_connected", "gateway_identifies_total", "commands_registered"].map((name) =>
        sample(text, `lambo_${name}`),
      );
    };
    expect(await states()).toEqual([0, 7, 0]);
    isConnected = true;
    expect(await states()).toEqual([1, 7, 1]);
  });

  it("counts interactions by command and outcome, with how long they took", async () => {
    const { metrics, get } = site();
    metrics.interactionEnded({ kind: "command", command: "lambo", outcome: "answered", ms: 40 });
    metrics.interactionEnded({ kind: "command", command: "lambo", outcome: "refused", ms: 2_000 });
    const text = await (await get("/metrics")).text();
    expect(
      sample(text, 'lambo_interactions_total{kind="command",command="lambo",outcome="answered"}'),
    ).toBe(1);
    expect(
      sample(text, 'lambo_interaction_seconds_bucket{le="0.05",kind="command",command="lambo"}'),
    ).toBe(1);
    expect(
      sample(text, 'lambo_interaction_seconds_bucket{le="2.5",kind="command",command="lambo"}'),
    ).toBe(2);
  });

  it("shows source calls by outcome, calls left, cache hits, every digest event and the event loop's lag", async () => {
    const { metrics, get } = site();
    metrics.watch(() => [source({ callsLeft: 12 })]);
    metrics.sourceCalled("CoinGecko", "rate-limited");
    metrics.pricesAnswered("CoinGecko", "cache");
    metrics.digestCame("sent");
    const text = await (await get("/metrics")).text();
    expect(
      sample(text, 'lambo_source_calls_total{source="CoinGecko",outcome="rate-limited"}'),
    ).toBe(1);
    expect(sample(text, 'lambo_source_calls_left{source="CoinGecko"}')).toBe(12);
    expect(sample(text, 'lambo_prices_answered_total{source="CoinGecko",from="cache"}')).toBe(1);
    for (const event of DIGEST_EVENTS)
      expect(sample(text, `lambo_digests_total{event="${event}"}`)).toBe(event === "sent" ? 1 : 0);
    expect(sample(text, "nodejs_eventloop_lag_p99_seconds")).toBeGreaterThanOrEqual(0);
    expect(sample(text, "process_resident_memory_bytes")).toBeGreaterThan(1e6);
  });

  it("labels web requests with our own routes, never with the requested path", async () => {
    const { get } = site();
    await get("/healthz?typed=secret-text");
    expect((await get("/typed/secret-text")).status).toBe(404);
    const text = await (await get("/metrics")).text();
    expect(sample(text, 'lambo_web_request_seconds_count{route="/healthz",status="200"}')).toBe(1);
    expect(sample(text, 'lambo_web_request_seconds_count{route="other",status="404"}')).toBe(1);
    expect(text).not.toContain("secret-text");
  });
});
