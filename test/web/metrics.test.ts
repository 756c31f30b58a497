import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { describe, expect, it } from "vitest";
import { silentLog } from "../../src/process/log.ts";
import { DIGEST_EVENTS } from "../../src/process/metrics.ts";
import { listen } from "../../src/web/listen.ts";
import { createPrometheusMetrics, metricsRoutes } from "../../src/web/metrics.ts";
import { createSite } from "../../src/web/site.ts";
import { sample, site, source } from "../support/health-and-metrics.ts";

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
    metrics.closesAwaited("DefiLlama", 480);
    metrics.digestCame("sent");
    const text = await (await get("/metrics")).text();
    expect(
      sample(text, 'lambo_source_calls_total{source="CoinGecko",outcome="rate-limited"}'),
    ).toBe(1);
    expect(sample(text, 'lambo_source_calls_left{source="CoinGecko"}')).toBe(12);
    expect(sample(text, 'lambo_prices_answered_total{source="CoinGecko",from="cache"}')).toBe(1);
    expect(sample(text, 'lambo_coins_awaited{source="DefiLlama"}')).toBe(480);
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
