import { afterEach, describe, expect, it } from "vitest";
import { createDemoSources } from "../../../src/prices/demo-market.ts";
import { createEarlyRecords } from "../../../src/prices/history/early-records.ts";
import { createPriceHistories } from "../../../src/prices/history/price-history.ts";
import type { PriceSource } from "../../../src/prices/price-source.ts";
import { silentLog } from "../../../src/process/log.ts";
import type { LamboAnswer } from "../../../src/questions/answer.ts";
import { addDays, daysBetween } from "../../../src/valuation/calendar.ts";
import type { FakeCoin } from "../../support/fake-market/fake-coin.ts";
import {
  type MarketUnderTest,
  type MarketUnderTestOptions,
  startMarketUnderTest,
} from "../../support/market-under-test.ts";
import {
  type DailyPrice,
  earlyBitcoin,
  recordedPrices,
  recordedSeries,
  syntheticSeries,
} from "../../support/price-series.ts";
import { UNLIMITED } from "../../support/quick-timing.ts";

const TODAY = "2026-11-24";
const YESTERDAY = "2026-11-23";

const open: MarketUnderTest[] = [];

afterEach(async () => {
  for (const market of open.splice(0)) await market.close();
});

async function start(options: MarketUnderTestOptions): Promise<MarketUnderTest> {
  const market = await startMarketUnderTest({
    now: `${TODAY}T12:00:00Z`,
    budget: UNLIMITED,
    ...options,
  });
  open.push(market);
  return market;
}

async function answer(market: MarketUnderTest, coin: string): Promise<LamboAnswer> {
  const outcome = await market.ask(coin);
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome.answer;
}

function scaled(series: readonly DailyPrice[], factor: number): DailyPrice[] {
  return series.map(({ on, priceUsd }) => ({
    on,
    priceUsd: priceUsd === null ? null : priceUsd * factor,
  }));
}

describe("Coin Metrics behind DefiLlama", () => {
  const series = syntheticSeries({
    firstOn: "2020-04-11",
    lastOn: YESTERDAY,
    startUsd: 1,
    dailyGrowth: 0.002,
  });
  const solana = (extra: Partial<FakeCoin> = {}): FakeCoin => ({
    coinId: "solana",
    symbol: "SOL",
    name: "Solana",
    rank: 6,
    series,
    coinMetricsId: "sol",
    ...extra,
  });

  it("gives the whole life of a mapped coin while DefiLlama is down, on any scale, and is credited", async () => {
    const whole = await answer(await start({ coins: [solana()] }), "solana");
    for (const factor of [1, 1.03, 0.96]) {
      const market = await start({ coins: [solana({ coinmetrics: scaled(series, factor) })] });
      market.fake.fail("defillama", { kind: "server-error" });
      const { valuation, history } = await answer(market, "solana");
      expect(valuation.growthFactor).toBeCloseTo(whole.valuation.growthFactor, 9);
      expect(valuation.flags).toEqual([]);
      expect(history.sources.map(({ name }) => name)).toEqual([
        "Coin Metrics (CC BY-NC 4.0)",
        "CoinGecko",
      ]);
      expect(market.fake.count({ provider: "coinmetrics" })).toBe(1);
    }
  });

  it("is not asked while DefiLlama responds, nor about a coin that is not in its map", async () => {
    const market = await start({
      coins: [solana(), { ...solana(), coinId: "sol-wannabe", rank: null }],
    });
    await answer(market, "solana");
    market.fake.fail("defillama", { kind: "server-error" });
    await market.ask("id:sol-wannabe");
    expect(market.fake.count({ provider: "coinmetrics" })).toBe(0);
  });

  it("is not believed where its price is more than 5 % away from CoinGecko's: its ids are tickers", async () => {
    const market = await start({ coins: [solana({ coinmetrics: scaled(series, 1.08) })] });
    market.fake.fail("defillama", { kind: "server-error" });
    const outcome = await market.ask("solana");
    expect(outcome.ok ? "an answer" : outcome.refusal.reason).toBe("prices-unavailable");
  });

  it("gives no opening where its record begins long after the coin's first days", async () => {
    const cardano: FakeCoin = {
      ...solana({ coinmetrics: series.filter(({ on }) => on >= "2022-12-02") }),
      coinId: "cardano",
      symbol: "ADA",
      coinMetricsId: "ada",
      series: syntheticSeries({ firstOn: "2017-10-18", lastOn: YESTERDAY, startUsd: 1 }),
    };
    const market = await start({ coins: [cardano] });
    market.fake.fail("defillama", { kind: "server-error" });
    const outcome = await market.ask("cardano");
    expect(outcome.ok ? "an answer" : outcome.refusal.reason).toBe("prices-unavailable");
  });
});

describe.skipIf(!recordedPrices.available)(`bitcoin from July 2010${recordedPrices.note}`, () => {
  const provider = () => recordedSeries("bitcoin");
  const bitcoin = (series: readonly DailyPrice[]): FakeCoin => ({
    coinId: "bitcoin",
    symbol: "BTC",
    name: "Bitcoin",
    rank: 1,
    series,
  });
  const OPENING_USD = 0.0638361;
  /** The day after the last close of the recorded series. */
  const THEN = "2021-02-28";

  it.each(["demo", "analyst", "keyless"] as const)(
    "its opening is that of the first four weeks at Mt. Gox (%s)",
    async (plan) => {
      const market = await start({ coins: [bitcoin(provider())], plan, now: `${THEN}T12:00:00Z` });
      const { valuation, history } = await answer(market, "bitcoin");
      expect(valuation.firstRecordedOn).toBe("2010-07-17");
      expect(valuation.opening).toMatchObject({ from: "2010-07-17", to: "2010-08-13", days: 28 });
      expect(valuation.opening.meanUsd).toBeCloseTo(OPENING_USD, 7);
      expect(valuation.lambos).toBeCloseTo(3_593.37, 2);
      expect(valuation.flags).toEqual([]);
      expect(history.sources[0]).toMatchObject({
        name: expect.stringContaining("Mt. Gox"),
        from: "2010-07-17",
        to: "2013-04-28",
      });
      expect(history.openingTradedUsd).toBeGreaterThan(6_000);
      expect(history.points[0]?.priceUsd).toBeCloseTo(earlyBitcoin()[0]?.priceUsd ?? 0, 8);
    },
  );

  it("a source up to 5 % away from the file does not change the growth", async () => {
    const market = await start({
      coins: [bitcoin(scaled(provider(), 1.03))],
      plan: "analyst",
      now: `${THEN}T12:00:00Z`,
    });
    expect((await answer(market, "bitcoin")).valuation.lambos).toBeCloseTo(3_593.37, 1);
  });

  it.each([
    ["does not reach back to it", () => provider().filter(({ on }) => on > "2013-06-01")],
    ["tells other prices for the days that both know", () => scaled(provider(), 1.2)],
    [
      "begins on other days",
      () =>
        provider().map(({ on, priceUsd }) => ({
          on: addDays(on, daysBetween("2021-02-27", "2021-02-20")),
          priceUsd: priceUsd * (on < "2013-06-01" ? 2 : 1),
        })),
    ],
  ])("nothing is joined to a record that %s", async (_title, seriesOf) => {
    const market = await start({
      coins: [bitcoin(seriesOf())],
      plan: "analyst",
      now: `${THEN}T12:00:00Z`,
    });
    const { history } = await answer(market, "bitcoin");
    expect(history.firstRecordedOn > "2013-01-01").toBe(true);
    expect(history.sources.map(({ name }) => name)).toEqual(["CoinGecko"]);
    expect(history.openingTradedUsd).toBeUndefined();
  });

  it("invented prices have no early record, however well they would fit", async () => {
    const demo: PriceSource = {
      ...createDemoSources(() => new Date(`${THEN}T12:00:00Z`)).source,
      closes: async () => ({
        ok: true,
        points: provider(),
        firstOn: null,
        askedAt: `${THEN}T12:00:00Z`,
        stale: false,
      }),
    };
    const histories = createPriceHistories({
      main: demo,
      earlyRecordOf: createEarlyRecords({ log: silentLog }),
      isTopOfItsSymbol: () => true,
      log: silentLog,
      now: () => new Date(`${THEN}T12:00:00Z`),
    });
    const outcome = await histories.history(
      { coinId: "bitcoin", symbol: "BTC" },
      { priority: "interactive" },
    );
    if (!outcome.ok) throw new Error(outcome.reason);
    expect(outcome.history.sources.map(({ name }) => name)).toEqual([demo.name]);
  });

  it("another coin has no early record", async () => {
    const market = await start({
      coins: [{ ...bitcoin(provider()), coinId: "not-bitcoin" }],
      plan: "analyst",
      now: `${THEN}T12:00:00Z`,
    });
    expect((await answer(market, "not-bitcoin")).valuation.opening.meanUsd).toBeCloseTo(
      119.8025,
      3,
    );
  });
});
