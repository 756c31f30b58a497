import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { DIGEST_EVENTS } from "../../src/process/metrics.ts";
import { createPrometheusMetrics } from "../../src/web/metrics.ts";

const read = (path: string) =>
  readFileSync(new URL(`../../deploy/${path}`, import.meta.url), "utf8");

const Rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: z.string(),
          expr: z.string(),
          labels: z.object({ severity: z.enum(["page", "ticket"]) }),
          annotations: z.object({ summary: z.string().min(10), look: z.string().min(10) }),
        }),
      ),
    }),
  ),
});
const Panel = z.object({
  title: z.string(),
  type: z.string(),
  targets: z.array(z.object({ expr: z.string() })).default([]),
});
const Dashboard = z.object({
  title: z.string(),
  panels: z.array(Panel),
  annotations: z.object({ list: z.array(z.object({ expr: z.string() })) }),
});

/**
 * The parts of `/readyz` whose trouble leaves the bot answering; test/operations.test.ts has them
 * from the running program.
 */
const DEGRADABLE = ["storage", "prices", "token", "commands"];

/** Every series that a program which did everything once shows, by metric, with its label names. */
async function shownMetrics(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const metrics = createPrometheusMetrics();
  metrics.interactionEnded({ kind: "command", command: "lambo", outcome: "answered", ms: 5 });
  metrics.sourceCalled("CoinGecko", "ok");
  metrics.pricesAnswered("CoinGecko", "cache");
  metrics.webAnswered({ route: "/readyz", status: 200, ms: 1 });
  metrics.watchGateway({ isConnected: () => true, identifies: () => 1 });
  metrics.watchCommands(() => true);
  metrics.watchReadiness(async () => ({
    isReady: true,
    degraded: [],
    parts: DEGRADABLE.map((name) => ({ name, state: "ok", isVital: false })),
  }));
  metrics.watch(() => [
    {
      name: "CoinGecko",
      lastOutcome: "ok",
      lastAskedAt: null,
      callsLeft: 1,
      callsPerWindow: 30,
      windowSeconds: 60,
    },
  ]);
  metrics.watchZoneData("2026f", () => 28);
  const shown = new Map<string, Set<string>>();
  for (const line of (await metrics.text()).split("\n")) {
    const [, name = "", labels = ""] = /^([a-z_0-9]+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === "") continue;
    const names = shown.get(name) ?? new Set();
    for (const [, label = ""] of labels.matchAll(/([a-z_]+)="/g)) names.add(label);
    shown.set(name, names);
  }
  // Declared with its help text, and shown once there was a collection.
  shown.set("nodejs_gc_duration_seconds_sum", new Set(["kind"]));
  // What Prometheus itself adds.
  shown.set("up", new Set());
  return shown;
}

const OF_PROMETHEUS = new Set(["job", "instance"]);

/** The metrics of an expression, each with the labels that are asked of it. */
function metricsIn(expression: string): { name: string; labels: string[] }[] {
  const found = [
    ...expression.matchAll(/\b((?:lambo|nodejs|process)_[a-z_0-9]+|up)\b(?:\{([^}]*)\})?/g),
  ];
  return found.map(([, name = "", labels = ""]) => ({
    name,
    labels: [...labels.matchAll(/([a-z_]+)\s*[!=]~?"/g)].map(([, label = ""]) => label),
  }));
}

/** The labels that an expression groups by. */
function groupedBy(expression: string): string[] {
  return [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels = ""]) =>
    labels.split(",").map((label) => label.trim()),
  );
}

async function expectKnown(expression: string): Promise<void> {
  const shown = await shownMetrics();
  const used = metricsIn(expression);
  expect(used.length, expression).toBeGreaterThan(0);
  const known = new Set(OF_PROMETHEUS);
  for (const { name, labels } of used) {
    expect([...shown.keys()], expression).toContain(name);
    for (const label of shown.get(name) ?? []) known.add(label);
    expect([...known], expression).toEqual(expect.arrayContaining(labels));
  }
  expect([...known], expression).toEqual(expect.arrayContaining(groupedBy(expression)));
}

describe("the alert rules", () => {
  const { groups } = Rules.parse(parse(read("alerts.yaml")));
  const rules = groups.flatMap((group) => group.rules);

  it.each(rules.map(({ alert, expr }) => [alert, expr]))(
    "%s queries metrics and labels that /metrics has",
    async (_, expr) => {
      await expectKnown(expr);
    },
  );

  it("have unique names and are few enough to be read", () => {
    const names = rules.map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeLessThanOrEqual(16);
  });

  it("cover the gateway, the commands and each part that may fail", () => {
    const all = rules.map(({ expr }) => expr).join("\n");
    for (const name of [
      "lambo_gateway_connected",
      "lambo_gateway_identifies_total",
      "lambo_commands_registered",
    ])
      expect(all).toContain(name);
    const parts = [...all.matchAll(/lambo_degraded\{[^}]*part="([^"]+)"/g)].map(([, part]) => part);
    // That Discord lacks the commands has a gauge of its own.
    expect([...parts, "commands"].sort()).toEqual([...DEGRADABLE].sort());
  });

  it("name digest events that are counted", () => {
    const named = rules.flatMap(({ expr }) => /event=~"([^"]+)"/.exec(expr)?.[1]?.split("|") ?? []);
    expect(named.length).toBeGreaterThan(0);
    expect(DIGEST_EVENTS).toEqual(expect.arrayContaining(named));
  });
});

describe("the dashboard", () => {
  const dashboard = Dashboard.parse(JSON.parse(read("grafana/lambo.json")));
  const expressions = dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => [title, expr] as const),
  );

  it.each(expressions)("%s queries metrics and labels that /metrics has: %s", async (_, expr) => {
    await expectKnown(expr);
  });

  it("marks restarts with an existing metric, and no panel is empty", async () => {
    for (const { expr } of dashboard.annotations.list) await expectKnown(expr);
    for (const { type, title, targets } of dashboard.panels)
      if (type !== "row") expect(targets.length, title).toBeGreaterThan(0);
  });

  it("shows every metric of our own", async () => {
    const used = new Set(
      expressions.flatMap(([, expr]) =>
        metricsIn(expr).map(({ name }) => name.replace(/_(bucket|sum|count)$/, "")),
      ),
    );
    const own = [...(await shownMetrics()).keys()]
      .filter((name) => name.startsWith("lambo_"))
      .map((name) => name.replace(/_(bucket|sum|count)$/, ""));
    expect(
      [...new Set(own)].filter(
        (name) => !used.has(name) && name !== "lambo_source_calls_per_window",
      ),
    ).toEqual([]);
  });
});
