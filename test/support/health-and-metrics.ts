import type { SourceHealth } from "../../src/prices/sources/source-health.ts";
import { silentLog } from "../../src/process/log.ts";
import { createReadiness, healthRoutes, type Part } from "../../src/web/health.ts";
import { createPrometheusMetrics, metricsRoutes } from "../../src/web/metrics.ts";
import { createSite } from "../../src/web/site.ts";

/** A healthy price source. */
export const source = (more: Partial<SourceHealth> = {}): SourceHealth => ({
  name: "CoinGecko",
  lastOutcome: "ok",
  lastAskedAt: new Date(),
  callsLeft: 25,
  callsPerWindow: 30,
  windowSeconds: 60,
  ...more,
});

/** Health and metrics as one application made of these parts. */
export function site(
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
export const sample = (text: string, series: string) => {
  const line = text.split("\n").find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
};
