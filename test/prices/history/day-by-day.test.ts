import { afterEach, describe, expect, it } from "vitest";
import type { LamboAnswer } from "../../../src/answer.ts";
import { addDays } from "../../../src/valuation/calendar.ts";
import type { FakeCoin, Fault, Provider } from "../../support/fake-market/fake-market.ts";
import { type MarketUnderTest, startMarketUnderTest } from "../../support/market-under-test.ts";
import { type DailyPrice, syntheticSeries } from "../../support/price-series.ts";
import { UNLIMITED } from "../../support/quick-timing.ts";

const FIRST_DAY = "2026-11-24";
const DAYS = 60;
const BACKGROUND = { priority: "background" } as const;

const open: MarketUnderTest[] = [];

async function start(coin: FakeCoin, now: string): Promise<MarketUnderTest> {
  const market = await startMarketUnderTest({ coins: [coin], now, budget: UNLIMITED });
  open.push(market);
  return market;
}

async function end(market: MarketUnderTest): Promise<void> {
  open.splice(open.indexOf(market), 1);
  await market.close();
}

afterEach(async () => {
  for (const market of open.splice(0)) await market.close();
});

const REF = { coinId: "coin", symbol: "COIN" };

function coinOf(series: readonly DailyPrice[], defillama: readonly DailyPrice[]): FakeCoin {
  return { coinId: "coin", symbol: "COIN", name: "Coin", rank: 7, series, defillama };
}

function shape(wobble: number, seed: number, dailyGrowth = 0.001) {
  return syntheticSeries({
    firstOn: "2024-06-01",
    lastOn: "2027-02-28",
    startUsd: 1,
    dailyGrowth,
    wobble,
    seed,
  });
}

function scaled(series: readonly DailyPrice[], factor: (at: number) => number): DailyPrice[] {
  return series.map(({ on, priceUsd }, at) => ({
    on,
    priceUsd: priceUsd === null ? null : priceUsd * factor(at),
  }));
}

async function answer(market: MarketUnderTest): Promise<LamboAnswer> {
  const outcome = await market.ask("coin");
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome.answer;
}

/** The growth factor as a digest of this instant has it. */
async function digestGrowth(market: MarketUnderTest): Promise<number> {
  await market.market().prices.prepare([REF], BACKGROUND);
  const outcome = await market.market().prices.frugalHistory(REF, BACKGROUND);
  if (!outcome.ok) throw new Error(`refused: ${outcome.reason}`);
  const { points } = outcome.history;
  const mean = (some: typeof points) =>
    some.reduce((sum, { priceUsd }) => sum + priceUsd, 0) / some.length;
  return mean(points.slice(-28)) / mean(points.slice(0, 28)) - 1;
}

/** The growth factor of an installation that is new today. */
async function freshGrowth(market: MarketUnderTest): Promise<number> {
  const outcome = await market.askAnew("coin");
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome.answer.valuation.growthFactor;
}

describe("two months day by day", { timeout: 120_000 }, () => {
  it("with DefiLlama 3 % above CoinGecko a flat market stays flat on every road, and no seam shows", async () => {
    const flat = shape(0, 1, 0);
    const market = await start(
      coinOf(
        flat,
        scaled(flat, () => 1.03),
      ),
      `${FIRST_DAY}T12:00:00Z`,
    );
    for (let day = 0; day < DAYS + 2; day += 1) {
      market.setNow(`${addDays(FIRST_DAY, day)}T12:00:00Z`);
      // On some days a member asks first, on others a digest; now and then the program starts anew.
      if (day % 3 === 0) expect((await answer(market)).valuation.growthFactor).toBeCloseTo(0, 12);
      expect(await digestGrowth(market)).toBeCloseTo(0, 12);
      if (day % 7 === 0) await market.restart();
      expect((await answer(market)).valuation.growthFactor).toBeCloseTo(0, 12);
      await market.market().prices.checked();
    }
  });

  it.each([
    ["a constant offset: equal", 0, 1e-9],
    ["0.5 % of daily noise between the providers: within 1 %", 0.005, 0.01],
  ])("what is kept tells what a new installation tells: %s", async (_title, noise, tolerance) => {
    const series = shape(0.05, 3);
    const noises = syntheticSeries({
      firstOn: "2024-06-01",
      lastOn: "2027-02-28",
      startUsd: 1,
      wobble: noise,
      seed: 9,
    });
    const coin = coinOf(
      series,
      scaled(series, (at) => 0.97 * (noises[at]?.priceUsd ?? 1)),
    );
    const market = await start(coin, `${FIRST_DAY}T12:00:00Z`);
    for (let day = 0; day < DAYS; day += 1) {
      const now = `${addDays(FIRST_DAY, day)}T12:00:00Z`;
      market.setNow(now);
      const kept =
        day % 4 === 3 ? (await answer(market)).valuation.growthFactor : await digestGrowth(market);
      await market.market().prices.checked();
      const fresh = await freshGrowth(market);
      expect(Math.abs((1 + kept) / (1 + fresh) - 1), now).toBeLessThanOrEqual(tolerance);
    }
  });

  it("faults on a third of the days leave nothing behind", async () => {
    const series = shape(0.05, 5);
    const coin = coinOf(
      series,
      scaled(series, () => 1.02),
    );
    const market = await start(coin, `${FIRST_DAY}T12:00:00Z`);
    const faults: readonly (readonly [Provider, Fault])[] = [
      ["defillama", { kind: "server-error" }],
      ["coingecko", { kind: "html" }],
      ["defillama", { kind: "cut-json" }],
      [
        "coingecko",
        { kind: "answer", status: 200, body: '{"prices":[[1000,1],[2000,2],[3000,3]]}' },
      ],
      ["defillama", { kind: "answer", status: 200, body: '{"coins":{}}' }],
      ["coingecko", { kind: "wrong-types" }],
    ];
    for (let day = 0; day < DAYS; day += 1) {
      const now = `${addDays(FIRST_DAY, day)}T12:00:00Z`;
      market.setNow(now);
      const [provider, fault] =
        (day % 3 === 1 ? faults[Math.floor(day / 3) % faults.length] : undefined) ?? [];
      if (provider !== undefined && fault !== undefined) market.fake.fail(provider, fault);
      // The breaker, which opens for ten seconds of real time, is not what is tried here.
      if (day % 3 === 2) await market.restart();
      const kept =
        day % 2 === 0 ? (await answer(market)).valuation.growthFactor : await digestGrowth(market);
      market.fake.heal();
      if (fault !== undefined) continue;
      await market.market().prices.checked();
      const fresh = await freshGrowth(market);
      expect(Math.abs((1 + kept) / (1 + fresh) - 1), now).toBeLessThanOrEqual(1e-9);
    }
  });
});

describe("what a provider corrects", () => {
  it("a first day of DefiLlama's that was wrong is taken up within 60 days", async () => {
    const series = shape(0.02, 7);
    const late = series.filter(({ on }) => on >= "2024-09-01");
    const market = await start(coinOf(series, late), `${FIRST_DAY}T12:00:00Z`);
    expect((await answer(market)).valuation.firstRecordedOn).toBe("2024-09-01");
    market.fake.setCoins([coinOf(series, series)]);
    for (let day = 1; day <= 60; day += 1) {
      market.setNow(`${addDays(FIRST_DAY, day)}T12:00:00Z`);
      await answer(market);
    }
    expect((await answer(market)).valuation.firstRecordedOn).toBe("2024-06-01");
  });

  it("what CoinGecko told is replaced by its next answer, and nothing of it is kept beyond", async () => {
    const series = shape(0.02, 8);
    const market = await start(coinOf(series, series), `${FIRST_DAY}T12:00:00Z`);
    await answer(market);
    const corrected = scaled(series, (at) => (at % 11 === 0 ? 1.04 : 1));
    market.fake.setCoins([coinOf(corrected, series)]);
    market.setNow(`${addDays(FIRST_DAY, 1)}T12:00:00Z`);
    const { history } = await answer(market);
    const byDay = new Map(corrected.map(({ on, priceUsd }) => [on, priceUsd]));
    for (const { on, priceUsd } of history.points.filter((point) => point.on > "2025-12-01")) {
      expect(priceUsd).toBe(byDay.get(on));
    }
  });
});

describe("a close that comes late", () => {
  const LATE_ON = FIRST_DAY;
  const series = shape(0.02, 9);
  const without = series.filter(({ on }) => on !== LATE_ON);
  const chartCalls = (market: MarketUnderTest) => market.fake.count({ path: /chart|first/ });

  async function askedBefore(plan: "demo" | "analyst", coin: FakeCoin): Promise<MarketUnderTest> {
    const market = await startMarketUnderTest({
      coins: [coin],
      now: `${FIRST_DAY}T12:00:00Z`,
      plan,
      budget: UNLIMITED,
    });
    open.push(market);
    await answer(market);
    market.setNow(`${addDays(FIRST_DAY, 1)}T00:35:00Z`);
    market.fake.setCoins([coinOf(without, without)]);
    market.fake.forget();
    expect((await answer(market)).valuation.lastRecordedOn).toBe("2026-11-23");
    return market;
  }

  it.each(["demo", "analyst"] as const)(
    "asked at 00:35 and published at 01:00 it is in the answer at 09:00 (%s)",
    async (plan) => {
      const market = await askedBefore(plan, coinOf(series, series));
      market.fake.setCoins([coinOf(series, series)]);
      market.setNow(`${addDays(FIRST_DAY, 1)}T09:00:00Z`);
      expect((await answer(market)).valuation.lastRecordedOn).toBe(LATE_ON);
    },
  );

  it("is in the answer at 09:00 when only one of the two providers has it, whichever that is", async () => {
    for (const coin of [coinOf(series, without), coinOf(without, series)]) {
      const market = await askedBefore("demo", coinOf(series, series));
      market.fake.setCoins([coin]);
      market.setNow(`${addDays(FIRST_DAY, 1)}T09:00:00Z`);
      expect((await answer(market)).valuation.lastRecordedOn).toBe(LATE_ON);
    }
  });

  it("costs at most one more call each half hour, however many ask, and none after noon", async () => {
    const market = await askedBefore("demo", coinOf(series, series));
    // The day's own call, and one to DefiLlama, which might have had it.
    expect(chartCalls(market)).toBe(2);
    const perHalfHour: number[] = [];
    for (let minute = 65; minute < 24 * 60; minute += 10) {
      market.setNow(
        new Date(Date.parse(`${addDays(FIRST_DAY, 1)}T00:00:00Z`) + minute * 60_000).toISOString(),
      );
      const before = chartCalls(market);
      if (minute % 400 === 5) await market.restart();
      await answer(market);
      await digestGrowth(market);
      const halfHour = Math.floor((minute - 35) / 30);
      perHalfHour[halfHour] = (perHalfHour[halfHour] ?? 0) + chartCalls(market) - before;
    }
    const calls = perHalfHour.filter((count) => count !== undefined);
    expect(Math.max(...calls)).toBe(1);
    expect(calls.slice(0, 20).every((count) => count === 1)).toBe(true);
    expect(calls.slice(26).every((count) => count === 0)).toBe(true);
  });

  it("of CoinGecko alone DefiLlama fills in, whatever the coin's age", async () => {
    const young = series.filter(({ on }) => on >= "2026-08-01");
    for (const record of [series, young]) {
      const market = await start(
        coinOf(
          record.filter(({ on }) => on < "2026-11-22"),
          record,
        ),
        `${FIRST_DAY}T12:00:00Z`,
      );
      const { valuation, history } = await answer(market);
      expect(valuation.lastRecordedOn).toBe("2026-11-23");
      expect(history.sources.at(-1)).toMatchObject({
        name: "DefiLlama",
        from: "2026-11-22",
        to: "2026-11-23",
      });
      await end(market);
    }
  });
});
