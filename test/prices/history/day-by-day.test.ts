import { afterEach, describe, expect, it } from "vitest";
import { addDays } from "../../../src/valuation/calendar.ts";
import type { FakeCoin } from "../../support/fake-market/fake-coin.ts";
import { type MarketUnderTest, startMarketUnderTest } from "../../support/market-under-test.ts";
import { UNLIMITED } from "../../support/quick-timing.ts";
import {
  answer,
  closeAll,
  coinOf,
  describeDays,
  digestGrowth,
  end,
  FIRST_DAY,
  open,
  scaled,
  shape,
  start,
} from "./day-by-day.contract.ts";

afterEach(closeAll);

// Long enough for each fault and each restart; test/load/day-by-day.load.ts takes two months.
describeDays(18);

describe("what a provider corrects", () => {
  it("DefiLlama's corrected first day is picked up within 60 days", async () => {
    const series = shape(0.02, 7);
    const late = series.filter(({ on }) => on >= "2024-09-01");
    const market = await start(coinOf(series, late), `${FIRST_DAY}T12:00:00Z`);
    expect((await answer(market)).valuation.firstRecordedOn).toBe("2024-09-01");
    market.fake.setCoins([coinOf(series, series)]);
    for (let day = 5; day <= 60; day += 5) {
      market.setNow(`${addDays(FIRST_DAY, day)}T12:00:00Z`);
      await answer(market);
    }
    expect((await answer(market)).valuation.firstRecordedOn).toBe("2024-06-01");
  });

  it("CoinGecko's next response replaces everything it said before", async () => {
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

  it("is in the answer at 09:00 when either source has it", async () => {
    for (const coin of [coinOf(series, without), coinOf(without, series)]) {
      const market = await askedBefore("demo", coinOf(series, series));
      market.fake.setCoins([coin]);
      market.setNow(`${addDays(FIRST_DAY, 1)}T09:00:00Z`);
      expect((await answer(market)).valuation.lastRecordedOn).toBe(LATE_ON);
    }
  });

  it("costs at most one more call each half hour, however many people ask, and none after noon", async () => {
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

  it("that only CoinGecko lacks is filled in from DefiLlama, whatever the coin's age", async () => {
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
