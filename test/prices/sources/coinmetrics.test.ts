import { afterEach, describe, expect, it } from "vitest";
import { sourceLink } from "../../../src/messages/wording.ts";
import type { Ask } from "../../../src/prices/price-source.ts";
import { createCoinMetrics } from "../../../src/prices/sources/coinmetrics.ts";
import { COIN_METRICS_ASSETS } from "../../../src/prices/sources/coinmetrics-assets.ts";
import { silentLog } from "../../../src/process/log.ts";
import { addDays } from "../../../src/valuation/calendar.ts";
import type { FakeCoin } from "../../support/fake-market/fake-coin.ts";
import { type FakeMarket, startFakeMarket } from "../../support/fake-market/fake-market.ts";
import { startMarketUnderTest } from "../../support/market-under-test.ts";
import { syntheticSeries } from "../../support/price-series.ts";
import { QUICK, UNLIMITED } from "../../support/quick-timing.ts";

const NOW = new Date("2026-11-24T12:00:00Z");
const YESTERDAY = "2026-11-23";
const ASK: Ask = { priority: "interactive" };
const FOR_EVER = { from: "listing", to: YESTERDAY } as const;
const TIMESERIES = "/timeseries/asset-metrics";
/** Sixteen years of days take their time on a busy machine. */
const PATIENT = { ...QUICK, deadlineMs: { interactive: 10_000, background: 10_000 } };

let fake: FakeMarket | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

function listed(coinId: string, firstOn: string, extra: Partial<FakeCoin> = {}): FakeCoin {
  const { assetId = coinId } = COIN_METRICS_ASSETS.get(coinId) ?? {};
  const series = syntheticSeries({
    firstOn,
    lastOn: "2026-12-31",
    startUsd: 1,
    dailyGrowth: 0.001,
  });
  return {
    coinId,
    symbol: assetId.toUpperCase(),
    name: coinId,
    rank: 1,
    series,
    coinMetricsId: assetId,
    ...extra,
  };
}

async function start(...coins: readonly FakeCoin[]) {
  const market = await startFakeMarket({ coins, now: () => NOW });
  fake = market;
  const baseUrl = market.urls.coinmetrics;
  const source = createCoinMetrics({
    baseUrl,
    log: silentLog,
    now: () => NOW,
    timing: PATIENT,
    budget: UNLIMITED,
  });
  const closes = (coinId: string, range: { from: string; to: string } = FOR_EVER) =>
    source.closes({ coinId, symbol: "ANY" }, range, ASK);
  return { market, source, closes };
}

describe("Coin Metrics", () => {
  it("gives a coin's whole life in one call, each close on the day of its stamp", async () => {
    const { market, closes } = await start(listed("bitcoin", "2010-07-19"));
    const answer = await closes("bitcoin");
    if (!answer.ok) throw new Error(answer.detail);
    expect(answer.firstOn).toBe("2010-07-19");
    expect(answer.points[0]).toEqual({ on: "2010-07-19", priceUsd: 1 });
    expect(answer.points.at(-1)?.on).toBe(YESTERDAY);
    expect(answer.points).toHaveLength(5_972);
    expect(market.count()).toBe(1);
    expect(market.requests[0]?.query).toEqual({
      assets: "btc",
      metrics: "ReferenceRateUSD",
      frequency: "1d",
      page_size: "10000",
      paging_from: "start",
    });
    expect(market.violations()).toEqual([]);
  });

  it("reads stamps as UTC, even with nanoseconds, and prices from text", async () => {
    const { market, closes } = await start(listed("solana", "2020-04-11"));
    const row = (time: string, price: unknown) => ({ asset: "sol", time, ReferenceRateUSD: price });
    const data = [
      row("2020-04-11T00:00:00.000000000Z", "0.949557368416937"),
      row("2020-04-12T00:00:00.123456789Z", "7.8e-1"),
    ];
    market.fail("coinmetrics", { kind: "answer", status: 200, body: JSON.stringify({ data }) });
    expect(await closes("solana")).toMatchObject({
      points: [
        { on: "2020-04-11", priceUsd: 0.949557368416937 },
        { on: "2020-04-12", priceUsd: 0.78 },
      ],
    });
  });

  it("leaves out unreadable rows and other assets' rows, and keeps the rest", async () => {
    const { market, closes } = await start(listed("solana", "2020-04-11"));
    const row = (on: string, extra: object) => ({
      asset: "sol",
      time: `${on}T00:00:00.000000000Z`,
      ReferenceRateUSD: "1",
      ...extra,
    });
    const data = [
      row("2020-04-11", {}),
      row("2020-04-12", { asset: "sol_other" }),
      row("2020-04-13", { time: "2020-04-13" }),
      row("2020-04-14", { ReferenceRateUSD: null }),
      row("2020-04-15", { ReferenceRateUSD: undefined }),
      row("2020-04-16", { ReferenceRateUSD: "soon" }),
      row("2020-04-31", {}),
      null,
      ...[17, 18, 19, 20, 21].map((day) => row(`2020-04-${day}`, {})),
    ];
    market.fail("coinmetrics", { kind: "answer", status: 200, body: JSON.stringify({ data }) });
    const answer = await closes("solana");
    expect(answer.ok && answer.points.map(({ on }) => on)).toEqual([
      "2020-04-11",
      "2020-04-17",
      "2020-04-18",
      "2020-04-19",
      "2020-04-20",
      "2020-04-21",
    ]);
  });

  it("is not believed when more than half of its rows cannot be read", async () => {
    const { market, closes } = await start(listed("solana", "2020-04-11"));
    const row = { asset: "sol", time: "2020-04-11T00:00:00.000000000Z", ReferenceRateUSD: "1" };
    const body = JSON.stringify({ data: [row, 1, "x"] });
    market.fail("coinmetrics", { kind: "answer", status: 200, body });
    expect(await closes("solana")).toMatchObject({ ok: false, reason: "bad-answer" });
  });

  it("is never asked about a coin that is not in its map, whatever its symbol", async () => {
    const { market, source, closes } = await start(listed("bitcoin", "2010-07-19"));
    expect(await closes("bitcoin-wrapped-by-nobody")).toMatchObject({
      ok: false,
      reason: "unknown-coin",
    });
    expect(await source.quote({ coinId: "btc", symbol: "BTC" }, ASK)).toMatchObject({
      reason: "unknown-coin",
    });
    expect(market.count()).toBe(0);
  });

  it.each([
    ["cardano", "2017-12-02", "the coin was listed on 2017-10-18"],
    ["ripple", "2014-08-15", "the coin was listed on 2013-08-04"],
    ["dogecoin", "2014-01-24", "the coin was listed on 2013-12-15"],
  ])(
    "is no opening of %s, whose record begins long after the coin",
    async (coinId, firstOn, why) => {
      const { market, closes } = await start(listed(coinId, firstOn));
      const answer = await closes(coinId);
      expect(answer).toMatchObject({
        ok: false,
        reason: "unknown-coin",
        detail: expect.stringContaining(why),
      });
      expect(answer).toMatchObject({ detail: expect.stringContaining(`begins on ${firstOn}`) });
      expect(market.count()).toBe(1);
      // Later days it may tell; the first of them is not the coin's.
      expect(await closes(coinId, { from: "2018-01-01", to: YESTERDAY })).toMatchObject({
        ok: true,
        firstOn: null,
      });
    },
  );

  it("gives the opening of such a coin once its record begins with the coin", async () => {
    const { closes } = await start(listed("cardano", "2017-10-20"));
    expect(await closes("cardano")).toMatchObject({ ok: true, firstOn: "2017-10-20" });
  });

  it("gives no opening when its record begins later than it should, and later than the coin", async () => {
    const { closes } = await start(
      listed("ethereum", "2015-08-22"),
      listed("solana", "2020-04-25"),
    );
    expect(await closes("ethereum")).toMatchObject({
      reason: "unknown-coin",
      detail: expect.stringContaining("begins on 2015-08-22, and should on 2015-08-09"),
    });
    expect(await closes("solana")).toMatchObject({ ok: true, firstOn: "2020-04-25" });
  });

  it("is asked for the older metric, stamped a day apart, where the free tier has only the newest rates", async () => {
    const whole = await start(listed("ethereum", "2015-08-09"));
    const right = await whole.closes("ethereum");
    await whole.market.close();
    const { market, closes } = await start(
      listed("ethereum", "2015-08-09", { coinMetricsRates: 7 }),
    );
    expect(await closes("ethereum")).toEqual(right);
    expect(market.requests.map(({ query }) => query["metrics"])).toEqual([
      "ReferenceRateUSD",
      "PriceUSD",
    ]);
    expect(market.violations()).toEqual([]);
  });

  it("gives the newest rates when the older metric cannot be fetched either", async () => {
    const { market, closes } = await start(
      listed("ethereum", "2015-08-09", { coinMetricsRates: 7 }),
    );
    const body = JSON.stringify({ data: [] });
    market.fail("coinmetrics", { kind: "server-error" });
    market.fail("coinmetrics", { kind: "answer", status: 200, body }, { times: 1 });
    expect(await closes("ethereum")).toMatchObject({
      reason: "unknown-coin",
      detail: expect.stringContaining("no price"),
    });
  });

  describe("a response in pages", () => {
    const rows = (firstOn: string, count: number) =>
      Array.from({ length: count }, (_, day) => ({
        asset: "sol",
        time: `${addDays(firstOn, day)}T00:00:00.000000000Z`,
        ReferenceRateUSD: "2",
      }));
    const page = (data: unknown, next_page_url?: string) =>
      ({
        kind: "answer",
        status: 200,
        body: JSON.stringify({ data, next_page_token: "t", next_page_url }),
      }) as const;

    it("is followed to the next page's address", async () => {
      const { market, closes } = await start(listed("solana", "2020-04-11"));
      const next = `${market.urls.coinmetrics}${TIMESERIES}?assets=sol&metrics=ReferenceRateUSD&next_page_token=2`;
      market.fail("coinmetrics", page(rows("2020-04-13", 2)), { times: 1 });
      market.fail("coinmetrics", page(rows("2020-04-11", 2), next), { times: 1 });
      const answer = await closes("solana");
      expect(answer.ok && answer.points).toHaveLength(4);
      expect(market.requests[1]?.url).toBe(new URL(next).pathname + new URL(next).search);
    });

    it.each([
      ["another port", () => `http://127.0.0.1:1/coinmetrics/v4${TIMESERIES}`],
      ["another host", () => `https://community-api.coinmetrics.io/v4${TIMESERIES}`],
      ["another path of the host", (base: string) => `${base}5${TIMESERIES}`],
      ["an address without a host", () => `/coinmetrics/v4${TIMESERIES}`],
    ])("is not followed to %s", async (_title, nextOf) => {
      const { market, closes } = await start(listed("solana", "2020-04-11"));
      market.fail("coinmetrics", page(rows("2020-04-11", 2), nextOf(market.urls.coinmetrics)));
      expect(await closes("solana")).toMatchObject({ ok: false, reason: "bad-answer" });
      expect(market.count()).toBe(1);
      // Requests that no provider would have got are counted here.
      expect(market.violations()).toEqual([]);
    });

    it("is not followed for ever", async () => {
      const { market, closes } = await start(listed("solana", "2020-04-11"));
      market.fail(
        "coinmetrics",
        page(rows("2020-04-11", 2), `${market.urls.coinmetrics}${TIMESERIES}?again`),
      );
      expect(await closes("solana")).toMatchObject({ ok: false, reason: "bad-answer" });
      expect(market.count()).toBe(3);
    });
  });

  it("quotes its newest rate from one row, and none of a coin that it no longer follows", async () => {
    const { market, source } = await start(
      listed("solana", "2020-04-11"),
      listed("near", "2020-10-16", {
        series: syntheticSeries({ firstOn: "2020-10-16", lastOn: "2026-11-16", startUsd: 1 }),
      }),
    );
    const quote = await source.quote({ coinId: "solana", symbol: "SOL" }, ASK);
    expect(quote.ok && quote.priceUsd).toBeCloseTo(1.001 ** 2_418, 9);
    expect(market.requests[0]?.query).toMatchObject({ page_size: "1", paging_from: "end" });
    expect(market.count()).toBe(1);
    expect(await source.quote({ coinId: "near", symbol: "NEAR" }, ASK)).toMatchObject({
      reason: "unknown-coin",
    });
    expect(market.violations()).toEqual([]);
  });

  it("is credited with its licence and a link on every card", async () => {
    const { source } = await start();
    expect(sourceLink(source)).toBe(
      "[Coin Metrics \\(CC BY-NC 4.0\\)](https://creativecommons.org/licenses/by-nc/4.0/)",
    );
  });

  it.each([
    ["one of the sources that are asked for how they do", {}, 1],
    ["nobody's source when its address is set to nothing", { COINMETRICS_BASE_URL: "" }, 0],
  ])("is %s", async (_title, environment, times) => {
    const market = await startMarketUnderTest({
      coins: [listed("bitcoin", "2010-07-19")],
      environment,
      budget: UNLIMITED,
    });
    const names = (await market.market().probe(ASK)).map(({ name }) => name);
    expect(names.filter((name) => name === "Coin Metrics")).toHaveLength(times);
    expect(market.fake.count({ provider: "coinmetrics" })).toBe(times);
    await market.close();
  });

  it("has one id for every coin of its map, and no id twice", () => {
    const assets = [...COIN_METRICS_ASSETS.values()];
    expect(new Set(assets.map(({ assetId }) => assetId)).size).toBe(assets.length);
    for (const { assetId, startsOn, listedOn } of assets) {
      expect(assetId).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
      for (const on of [startsOn, listedOn]) expect(addDays(on, 0)).toBe(on);
    }
  });
});
