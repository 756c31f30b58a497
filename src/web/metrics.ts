import { Hono } from "hono";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Gateway } from "../discord/gateway.ts";
import type { SourceHealth } from "../prices/sources/source-health.ts";
import { DIGEST_EVENTS, type Metrics } from "../process/metrics.ts";
import type { Readiness } from "./health.ts";
import type { WebEnvironment } from "./listen.ts";
import { problem } from "./problem.ts";

/** The program's metrics, and their text for a Prometheus server. */
export type PrometheusMetrics = Metrics & {
  /** Shows the call budgets of the price sources, read when the metrics are read. */
  watch(sources: () => readonly SourceHealth[]): void;
  /** Shows the version and age of the time zone data in use. */
  watchZoneData(version: string, ageDays: () => number): void;
  /** Shows the connection to Discord's gateway; unless this is called, its metrics are absent. */
  watchGateway(gateway: Pick<Gateway, "isConnected" | "identifies">): void;
  /** Shows whether the commands are registered; unless this is called, the metric is absent. */
  watchCommands(areRegistered: () => boolean): void;
  /** Shows which parts are degraded. */
  watchReadiness(readiness: () => Promise<Readiness>): void;
  /** All metrics in Prometheus' text format, event loop and process included. */
  text(): Promise<string>;
  readonly contentType: string;
};

/** Discord shows "did not respond" after 3 s, and we defer after 1.5 s. */
const INTERACTION_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 1.5, 2.5, 3, 5, 10, 30, 120,
];
const WEB_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Makes the metrics for `/metrics`; call it once per process. */
export function createPrometheusMetrics(): PrometheusMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });

  const interactions = new Counter({
    name: "lambo_interactions_total",
    help: "Interactions that have ended, by kind, command and outcome.",
    labelNames: ["kind", "command", "outcome"],
    registers,
  });
  const interactionSeconds = new Histogram({
    name: "lambo_interaction_seconds",
    help: "From an interaction's arrival to its last message, by kind and command.",
    labelNames: ["kind", "command"],
    buckets: INTERACTION_SECONDS,
    registers,
  });
  const calls = new Counter({
    name: "lambo_source_calls_total",
    help: "Requests to price sources, by source and outcome.",
    labelNames: ["source", "outcome"],
    registers,
  });
  const rowsDropped = new Counter({
    name: "lambo_upstream_rows_dropped_total",
    help: "Rows left out of answers of price sources because they cannot be right, by source and kind.",
    labelNames: ["source", "kind"],
    registers,
  });
  const prices = new Counter({
    name: "lambo_prices_answered_total",
    help: "Questions about prices, by source and what answered: a history in memory, the cache, or the source.",
    labelNames: ["source", "from"],
    registers,
  });
  const awaited = new Gauge({
    name: "lambo_coins_awaited",
    help: "Coins whose closes a price source is being asked for together, and has not given yet.",
    labelNames: ["source"],
    registers,
  });
  const digests = new Counter({
    name: "lambo_digests_total",
    help: "Digests of single servers: due once each, failed at every try that is repeated, and what became of them.",
    labelNames: ["event"],
    registers,
  });
  // A counter that appears only with its first event cannot have an alert.
  for (const event of DIGEST_EVENTS) digests.inc({ event }, 0);
  const webSeconds = new Histogram({
    name: "lambo_web_request_seconds",
    help: "Web requests, by route and status.",
    labelNames: ["route", "status"],
    buckets: WEB_SECONDS,
    registers,
  });

  return {
    interactionEnded({ kind, command, outcome, ms }) {
      interactions.inc({ kind, command, outcome });
      interactionSeconds.observe({ kind, command }, ms / 1_000);
    },
    sourceCalled: (source, outcome) => calls.inc({ source, outcome }),
    rowsDropped: (source, kind, count) => rowsDropped.inc({ source, kind }, count),
    pricesAnswered: (source, from) => prices.inc({ source, from }),
    closesAwaited: (source, coins) => awaited.set({ source }, coins),
    digestCame: (event) => digests.inc({ event }),
    webAnswered: ({ route, status, ms }) => webSeconds.observe({ route, status }, ms / 1_000),
    watch: sourceGauges(registers),
    watchZoneData: zoneDataGauge(registers),
    ...watchers(registers),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** Makes the gauges of the call budgets; returns the function that sets the sources to read. */
function sourceGauges(registers: Registry[]): PrometheusMetrics["watch"] {
  let sources: () => readonly SourceHealth[] = () => [];
  new Gauge({
    name: "lambo_source_calls_left",
    help: "Calls left in a price source's current window.",
    labelNames: ["source"],
    registers,
    collect() {
      for (const { name, callsLeft } of sources()) this.set({ source: name }, callsLeft);
    },
  });
  new Gauge({
    name: "lambo_source_calls_per_window",
    help: "Calls that a price source allows in one window.",
    labelNames: ["source"],
    registers,
    collect() {
      for (const { name, callsPerWindow } of sources()) this.set({ source: name }, callsPerWindow);
    },
  });
  return (health) => {
    sources = health;
  };
}

/** Makes the gauge of the time zone data's age; returns the function that sets the data to read. */
function zoneDataGauge(registers: Registry[]): PrometheusMetrics["watchZoneData"] {
  let zones: { readonly version: string; readonly ageDays: () => number } | undefined;
  new Gauge({
    name: "lambo_zone_data_age_days",
    help: "Age of the time zone data by which digests are due, in days, by its tzdata version.",
    labelNames: ["version"],
    registers,
    collect() {
      if (zones !== undefined) this.set({ version: zones.version }, zones.ageDays());
    },
  });
  return (version, ageDays) => {
    zones = { version, ageDays };
  };
}

/**
 * Metrics that exist only if there is something to watch: without a value they would be 0, which
 * means an alarm.
 */
function watchers(
  registers: Registry[],
): Pick<PrometheusMetrics, "watchGateway" | "watchCommands" | "watchReadiness"> {
  return {
    watchGateway(gateway) {
      new Gauge({
        name: "lambo_gateway_connected",
        help: "1 while the bot is logged in to Discord's gateway, 0 while it is not.",
        registers,
        collect() {
          this.set(gateway.isConnected() ? 1 : 0);
        },
      });
      new Counter({
        name: "lambo_gateway_identifies_total",
        help: "Sessions begun at Discord's gateway, of which a bot has 1,000 a day.",
        registers,
        collect() {
          this.reset();
          this.inc(gateway.identifies());
        },
      });
    },
    watchCommands(areRegistered) {
      new Gauge({
        name: "lambo_commands_registered",
        help: "1 once Discord has this program's commands, 0 until then.",
        registers,
        collect() {
          this.set(areRegistered() ? 1 : 0);
        },
      });
    },
    watchReadiness(readiness) {
      new Gauge({
        name: "lambo_degraded",
        help: "1 for each part that is in trouble although answers still come, as /readyz says, 0 for the others.",
        labelNames: ["part"],
        registers,
        async collect() {
          for (const { name, state, isVital } of (await readiness()).parts) {
            if (!isVital) this.set({ part: name }, state === "ok" ? 0 : 1);
          }
        },
      });
    },
  };
}

/**
 * `GET /metrics`, for exactly that path: `/api/../metrics` passes a proxy that lets `/api/`
 * through, and becomes `/metrics` once it is normalized.
 */
export function metricsRoutes(
  metrics: Pick<PrometheusMetrics, "text" | "contentType">,
): Hono<WebEnvironment> {
  const app = new Hono<WebEnvironment>();
  app.get("/metrics", async (context) => {
    // Absent where a test calls the application without a server.
    const requestedUrl = context.env?.incoming?.url;
    if (requestedUrl !== undefined && requestedUrl.split("?")[0] !== "/metrics")
      return problem({ status: 404, title: "There is nothing here" });
    return new Response(await metrics.text(), { headers: { "content-type": metrics.contentType } });
  });
  return app;
}
