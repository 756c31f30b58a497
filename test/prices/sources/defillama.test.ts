import { afterEach, describe, expect, it } from "vitest";
import { createDefiLlama } from "../../../src/prices/sources/defillama.ts";
import { silentLog } from "../../../src/process/log.ts";
import { type FakeMarket, startFakeMarket } from "../../support/fake-market/fake-market.ts";
import { syntheticSeries } from "../../support/price-series.ts";
import { EAGER, UNLIMITED } from "../../support/quick-timing.ts";

const AT = new Date("2026-11-24T12:00:00Z");
const FIRST_ON = "2026-01-01";
const ASK = { priority: "interactive" } as const;
const series = syntheticSeries({ firstOn: FIRST_ON, lastOn: "2026-11-30", startUsd: 1 });

const open: FakeMarket[] = [];

afterEach(async () => {
  for (const fake of open.splice(0)) await fake.close();
});

/** The closes from the listing on, where `/prices/first` says this, and the charts this. */
async function closesWith(told: { first?: object; charts?: typeof series; chartBody?: string }) {
  const coin = { coinId: "coin", symbol: "COIN", name: "Coin", rank: 1 };
  const fake = await startFakeMarket({
    coins: [{ ...coin, series: told.charts ?? series }],
    now: () => AT,
  });
  open.push(fake);
  const record = {
    symbol: "COIN",
    price: 1,
    timestamp: Date.parse(FIRST_ON) / 1_000,
    ...told.first,
  };
  const body = JSON.stringify({ coins: { "coingecko:coin": record } });
  fake.fail("defillama", { kind: "answer", status: 200, body }, { path: /^\/prices\/first/ });
  if (told.chartBody !== undefined)
    fake.fail(
      "defillama",
      { kind: "answer", status: 200, body: told.chartBody },
      { path: /^\/chart/ },
    );
  const { source } = createDefiLlama({
    baseUrl: fake.urls.defillama,
    log: silentLog,
    now: () => AT,
    budget: UNLIMITED,
    timing: EAGER,
  });
  return source.closes(coin, { from: "listing", to: "2026-11-23" }, ASK);
}

const firstCloseOf = (closes: Awaited<ReturnType<typeof closesWith>>) =>
  closes.ok ? closes.points[0] : closes;

describe("a chart of DefiLlama", () => {
  const chartOf = (from: string, to: string) => {
    const days = syntheticSeries({ firstOn: from, lastOn: to, startUsd: 1 });
    const prices = days.map(({ on, priceUsd }) => ({
      timestamp: Date.parse(on) / 1_000,
      price: priceUsd,
    }));
    return JSON.stringify({ coins: { "coingecko:coin": { symbol: "COIN", prices } } });
  };

  it("counts for the days that were asked for, however many more there are", async () => {
    const closes = await closesWith({ chartBody: chartOf("2020-01-01", "2026-11-23") });
    expect(closes.ok && [closes.points[0]?.on, closes.points.length]).toEqual([FIRST_ON, 327]);
  });

  it("is another answer where it has none of them", async () => {
    expect(await closesWith({ chartBody: chartOf("2020-01-01", "2025-06-30") })).toMatchObject({
      ok: false,
      reason: "bad-answer",
    });
  });
});

describe("a coin's first record at DefiLlama", () => {
  it("does not count where its price and a chart's contradict each other, and the chart's fits", async () => {
    for (const price of [1e6, 1e-6])
      expect(firstCloseOf(await closesWith({ first: { price } }))).toEqual({
        on: FIRST_ON,
        priceUsd: 1,
      });
  });

  it("counts where it is the one that fits", async () => {
    const charts = series.map((day) => (day.on === FIRST_ON ? { ...day, priceUsd: 1e6 } : day));
    expect(firstCloseOf(await closesWith({ charts }))).toEqual({ on: FIRST_ON, priceUsd: 1 });
  });

  it("gives the price of a first day that no chart has", async () => {
    const closes = await closesWith({ first: { price: 3 }, charts: series.slice(1) });
    expect(firstCloseOf(closes)).toEqual({ on: FIRST_ON, priceUsd: 3 });
  });

  it.each([
    ["on a day after all closes", { timestamp: AT.getTime() / 1_000 }, series],
    ["without a close since", {}, []],
  ])("%s is no record of the coin", async (_title, first, charts) => {
    expect(await closesWith({ first, charts })).toMatchObject({
      ok: false,
      reason: "unknown-coin",
    });
  });

  it("is not used where DefiLlama doubts it", async () => {
    expect(await closesWith({ first: { confidence: 0.49 } })).toMatchObject({
      ok: false,
      reason: "distrusted",
    });
  });
});
