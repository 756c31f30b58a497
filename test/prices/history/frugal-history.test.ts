import { afterEach, describe, expect, it } from "vitest";
import type { CoinRef } from "../../../src/prices/price-source.ts";
import { addDays } from "../../../src/valuation/calendar.ts";
import type { PriceHistory } from "../../../src/valuation/price-record.ts";
import { checkMarketRequest } from "../../contract/market-spec.ts";
import type { FakeCoin } from "../../support/fake-market/fake-coin.ts";
import {
  type MarketUnderTest,
  type MarketUnderTestOptions,
  startMarketUnderTest,
} from "../../support/market-under-test.ts";
import { type DailyPrice, syntheticSeries } from "../../support/price-series.ts";
import { UNLIMITED } from "../../support/quick-timing.ts";

const BACKGROUND = { priority: "background" } as const;
const TODAY_NOON = "2026-11-24T12:00:00Z";
const TOMORROW = "2026-11-25T00:21:00Z";
/** When every coin's jitter is over. */
const A_LITTLE_LATER = "2026-11-25T00:31:00Z";

const open: MarketUnderTest[] = [];

async function start(options: MarketUnderTestOptions): Promise<MarketUnderTest> {
  const started = await startMarketUnderTest({ now: TODAY_NOON, budget: UNLIMITED, ...options });
  open.push(started);
  return started;
}

afterEach(async () => {
  for (const started of open.splice(0)) {
    expect(started.fake.violations()).toEqual([]);
    expect(started.fake.requests.flatMap(checkMarketRequest)).toEqual([]);
    await started.close();
  }
});

/** Prices to the end of 2026, which the fake shows as the days come. */
const series = (firstOn: string, lastOn = "2026-12-31") =>
  syntheticSeries({ firstOn, lastOn, startUsd: 1, dailyGrowth: 0.001, wobble: 0.02 });
const SERIES = series("2024-06-01");

function coin(coinId: string, extra: Partial<FakeCoin> = {}): FakeCoin {
  return {
    coinId,
    symbol: coinId.toUpperCase(),
    name: coinId,
    rank: null,
    series: SERIES,
    ...extra,
  };
}

function refOf({ coinId, symbol }: FakeCoin): CoinRef {
  return { coinId, symbol };
}

function times(factor: number, days: readonly DailyPrice[]): DailyPrice[] {
  return days.map(({ on, priceUsd }) => ({
    on,
    priceUsd: priceUsd === null ? null : priceUsd * factor,
  }));
}

async function frugal(market: MarketUnderTest, of: FakeCoin): Promise<PriceHistory> {
  const outcome = await market.market().prices.frugalHistory(refOf(of), BACKGROUND);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome));
  return outcome.history;
}

function charts(market: MarketUnderTest): number {
  return market.fake.count({ provider: "defillama", path: /^\/chart\// });
}

describe("many coins at once", () => {
  it("cold: one call brings the first price of a hundred coins; CoinGecko is asked once for each, as the measure of the rest", async () => {
    const coins = Array.from({ length: 120 }, (_, index) =>
      coin(`coin${index}`, { series: series("2025-09-01") }),
    );
    const market = await start({ coins });
    await market.market().prices.prepare(coins.map(refOf), BACKGROUND);
    expect(market.fake.count({ path: /^\/prices\/first\// })).toBe(2);
    // 449 days to yesterday: one coin a chart is all that 499 points hold.
    expect(charts(market)).toBe(120);
    market.fake.forget();
    for (const one of coins.slice(0, 5))
      expect((await frugal(market, one)).firstRecordedOn).toBe("2025-09-01");
    await market.market().prices.checked();
    for (const one of coins.slice(0, 5)) expect((await frugal(market, one)).flags).toEqual([]);
    expect(market.fake.count({ provider: "defillama" })).toBe(0);
    expect(market.fake.count({ provider: "coingecko" })).toBe(5);
  });

  it("cold: a digest does not wait for CoinGecko; until then its prices are marked unchecked", async () => {
    const one = coin("one", { defillama: times(1.02, SERIES) });
    const market = await start({ coins: [one] });
    let release = () => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    market.fake.fail("coingecko", { kind: "held", until });
    const unchecked = await frugal(market, one);
    expect(unchecked.flags).toEqual(["unchecked"]);
    expect(unchecked.sources.map(({ name }) => name)).toEqual(["DefiLlama"]);
    release();
    await market.market().prices.checked();
    const checked = await frugal(market, one);
    expect(checked.flags).toEqual([]);
    expect(checked.points.at(-1)?.priceUsd).toBe(
      SERIES.find(({ on }) => on === "2026-11-23")?.priceUsd,
    );
  });

  it("cold: a person's question has the coin checked at once", async () => {
    const one = coin("one");
    const market = await start({ coins: [one] });
    const outcome = await market
      .market()
      .prices.frugalHistory(refOf(one), { priority: "interactive" });
    expect(outcome.ok && outcome.history.flags).toEqual([]);
    expect(outcome.ok && outcome.history.sources.at(-1)?.name).toBe("CoinGecko");
  });

  it("the next day: yesterday's closes of 500 coins cost 16 calls, and asking again costs none", async () => {
    const coins = Array.from({ length: 500 }, (_, index) =>
      coin(`coin${index}`, { series: series("2026-08-01") }),
    );
    const market = await start({ coins });
    await market.market().prices.prepare(coins.map(refOf), BACKGROUND);
    for (const one of coins.slice(490)) await frugal(market, one);
    await market.market().prices.checked();
    market.setNow(TOMORROW);
    market.fake.forget();
    await market.market().prices.prepare(coins.map(refOf), BACKGROUND);
    await market.market().prices.prepare(coins.map(refOf), BACKGROUND);
    // 15 days a coin, 33 coins a call.
    expect(market.fake.count()).toBe(16);
    const history = await frugal(market, coins[499] ?? coin("none"));
    expect(history.points.at(-1)?.on).toBe("2026-11-24");
    expect(history.points).toHaveLength(116);
    expect(market.fake.count()).toBe(16);
  });

  it("every one or two months CoinGecko is asked again, each coin on its own day", async () => {
    const coins = Array.from({ length: 30 }, (_, index) =>
      coin(`coin${index}`, { series: series("2026-08-01", "2027-03-01") }),
    );
    const market = await start({ coins });
    await market.market().prices.prepare(coins.map(refOf), BACKGROUND);
    for (const one of coins) await frugal(market, one);
    await market.market().prices.checked();
    const askedOn: number[] = [];
    for (let day = 5; day <= 60; day += 5) {
      market.setNow(`${addDays("2026-11-24", day)}T12:00:00Z`);
      market.fake.forget();
      await market.market().prices.prepare(coins.map(refOf), BACKGROUND);
      for (const one of coins) await frugal(market, one);
      askedOn.push(market.fake.count({ path: /market_chart/ }));
    }
    expect(askedOn.slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    expect(askedOn.reduce((sum, calls) => sum + calls)).toBe(30);
    expect(Math.max(...askedOn)).toBeLessThan(15);
  });

  it("an unknown coin, or one with an unreadable record, does not affect the others", async () => {
    const coins = [coin("good"), coin("weird"), coin("good-too")];
    const market = await start({ coins });
    const first = { symbol: "X", price: 1, timestamp: 1_717_200_000 };
    market.fake.fail(
      "defillama",
      {
        kind: "answer",
        status: 200,
        body: JSON.stringify({
          coins: {
            "coingecko:good": first,
            "coingecko:weird": { price: "one" },
            "coingecko:good-too": first,
          },
        }),
      },
      { path: /^\/prices\/first\// },
    );
    await market
      .market()
      .prices.prepare([...coins.map(refOf), { coinId: "nobody", symbol: "NO" }], BACKGROUND);
    market.fake.heal();
    market.fake.forget();
    for (const one of [coins[0], coins[2]])
      expect((await frugal(market, one ?? coin("none"))).points.at(-1)?.on).toBe("2026-11-23");
    expect(market.fake.count({ provider: "defillama" })).toBe(0);
  });

  it("a question for a coin that is being fetched waits for it, without a call of its own", async () => {
    const one = coin("one");
    const market = await start({ coins: [one] });
    let release = () => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    market.fake.fail(
      "defillama",
      { kind: "held", until },
      { path: /^\/prices\/first\//, times: 1 },
    );
    const prepared = market.market().prices.prepare([refOf(one)], BACKGROUND);
    await market.fake.arrived({ path: /^\/prices\/first\// });
    const asked = frugal(market, one);
    release();
    await prepared;
    await asked;
    expect(market.fake.count({ path: /^\/prices\/first\// })).toBe(1);
  });
});

describe("which source counts", () => {
  it("CoinGecko wins the days that both have; DefiLlama gives the days before and after", async () => {
    const one = coin("one", { defillama: times(1.02, SERIES) });
    const market = await start({ coins: [one] });
    await market.ask("id:one");
    market.setNow(TOMORROW);
    market.fake.forget();
    await market.market().prices.prepare([refOf(one)], BACKGROUND);
    const history = await frugal(market, one);
    expect(market.fake.count({ provider: "coingecko" })).toBe(0);
    const toldBy = (on: string) => {
      const price = SERIES.find((day) => day.on === on)?.priceUsd ?? Number.NaN;
      return (history.points.find((point) => point.on === on)?.priceUsd ?? 0) / price;
    };
    // DefiLlama's closes are brought to CoinGecko's scale: a seam is no step in the price.
    expect(toldBy("2024-07-01")).toBeCloseTo(1, 9);
    expect(toldBy("2026-11-23")).toBe(1);
    expect(toldBy("2026-11-24")).toBeCloseTo(1, 9);
    expect(history.sources.map(({ name, from, to }) => [name, from, to])).toEqual([
      ["DefiLlama", "2024-06-01", "2025-11-24"],
      ["CoinGecko", "2025-11-25", "2026-11-23"],
      ["DefiLlama", "2026-11-24", "2026-11-24"],
    ]);
    expect(history.flags).toEqual([]);
  });

  it("digest and /lambo show each other's history, without another call", async () => {
    const noisy = (seed: number) =>
      syntheticSeries({
        firstOn: "2024-06-01",
        lastOn: "2026-12-31",
        startUsd: 1,
        wobble: 0.005,
        seed,
      });
    const one = coin("one", { series: noisy(1), defillama: noisy(2) });
    const market = await start({ coins: [one] });
    await market.ask("id:one");
    const asked = async () => {
      const outcome = await market.ask("id:one");
      if (!outcome.ok) throw new Error(outcome.refusal.reason);
      return outcome.answer.history;
    };
    market.setNow(A_LITTLE_LATER);
    await market.market().prices.prepare([refOf(one)], BACKGROUND);
    const posted = await frugal(market, one);
    market.fake.forget();
    expect(await asked()).toEqual(posted);
    await market.restart();
    expect(await asked()).toEqual(posted);
    expect(market.fake.count({ path: /chart|first/ })).toBe(0);

    market.setNow("2026-11-26T00:31:00Z");
    const answered = await asked();
    market.fake.forget();
    expect(await frugal(market, one)).toEqual(answered);
    await market.restart();
    expect(await frugal(market, one)).toEqual(answered);
    expect(market.fake.count({ path: /chart|first/ })).toBe(0);
  });

  it("a digest's history is not marked stale in the minutes before the coin's next prices are due", async () => {
    const one = coin("one");
    const market = await start({ coins: [one] });
    await market.ask("id:one");
    market.setNow(A_LITTLE_LATER);
    await market.market().prices.prepare([refOf(one)], BACKGROUND);
    await frugal(market, one);
    // Published for many coins at once, and for this one some minutes later.
    market.setNow("2026-11-26T00:20:05Z");
    const outcome = await market.ask("id:one");
    expect(outcome.ok && outcome.answer.valuation).toMatchObject({
      lastRecordedOn: "2026-11-24",
      flags: [],
    });
  });

  it("two records more than 5 % apart are never mixed: CoinGecko is asked again, and both are named if they still differ", async () => {
    const one = coin("one");
    const market = await start({ coins: [one] });
    await market.ask("id:one");
    market.setNow(A_LITTLE_LATER);
    market.fake.setCoins([coin("one", { defillama: times(1.2, SERIES) })]);
    await market.market().prices.prepare([refOf(one)], BACKGROUND);
    const outcome = await market.market().prices.frugalHistory(refOf(one), BACKGROUND);
    expect(outcome).toMatchObject({
      ok: false,
      reason: "history-unavailable",
      because: "sources-differ",
    });
    expect(market.fake.count({ path: /market_chart/ })).toBe(2);
  });

  it("CoinGecko fills in for a coin whose newest day DefiLlama lacks, and for one that it does not know", async () => {
    const behind = coin("behind", { defillama: SERIES.filter(({ on }) => on < "2026-11-24") });
    const unknown = coin("unknown", { defillama: "absent", series: series("2026-06-01") });
    const market = await start({ coins: [behind, unknown] });
    for (const one of [behind, unknown]) await frugal(market, one);
    await market.market().prices.checked();
    market.setNow(A_LITTLE_LATER);
    market.fake.forget();
    await market.market().prices.prepare([behind, unknown].map(refOf), BACKGROUND);
    const filled = await frugal(market, behind);
    expect(filled.points.at(-1)?.on).toBe("2026-11-24");
    expect(filled.sources.at(-1)).toMatchObject({ name: "CoinGecko", to: "2026-11-24" });
    expect((await frugal(market, unknown)).points.at(-1)?.on).toBe("2026-11-24");
    expect(market.fake.count({ path: /market_chart/ })).toBe(2);
  });

  it("a coin that has ended at both sources is not fetched every day", async () => {
    const dead = coin("dead", { series: series("2024-01-01", "2026-09-01") });
    const market = await start({ coins: [dead] });
    await market.market().prices.prepare([refOf(dead)], BACKGROUND);
    await frugal(market, dead);
    await market.market().prices.checked();
    market.fake.forget();
    market.setNow(A_LITTLE_LATER);
    await market.market().prices.prepare([refOf(dead)], BACKGROUND);
    const history = await frugal(market, dead);
    expect(history.points.at(-1)?.on).toBe("2026-09-01");
    expect(history.flags).toEqual([]);
    expect(market.fake.count({ provider: "coingecko" })).toBe(0);
  });

  it("with DefiLlama down CoinGecko gives the newest day; with both down the cached prices come with their age", async () => {
    const one = coin("one");
    const market = await start({ coins: [one] });
    await market.market().prices.prepare([refOf(one)], BACKGROUND);
    await frugal(market, one);
    await market.market().prices.checked();
    market.setNow(A_LITTLE_LATER);
    market.fake.fail("defillama", { kind: "blocked" });
    await market.market().prices.prepare([refOf(one)], BACKGROUND);
    expect((await frugal(market, one)).points.at(-1)?.on).toBe("2026-11-24");
    market.setNow("2026-11-26T00:31:00Z");
    market.fake.fail("coingecko", { kind: "not-in-plan" });
    const old = await frugal(market, one);
    expect(old.points.at(-1)?.on).toBe("2026-11-24");
    expect(old.flags).toContain("stale");
  });

  it("a plan that reaches the listing is asked directly, one call a coin", async () => {
    const coins = [coin("one"), coin("two"), coin("three"), coin("four")];
    const market = await start({ coins, plan: "analyst" });
    await market.market().prices.prepare(coins.map(refOf), BACKGROUND);
    market.setNow(TOMORROW);
    market.fake.forget();
    await market.market().prices.prepare(coins.map(refOf), BACKGROUND);
    for (const one of coins)
      expect((await frugal(market, one)).sources.map(({ name }) => name)).toEqual(["CoinGecko"]);
    expect(market.fake.count()).toBe(4);
  });
});

describe("DefiLlama's stamps", () => {
  it("the archive is used alone where CoinGecko cannot be asked", async () => {
    const one = coin("one");
    const market = await start({ coins: [one] });
    market.fake.fail("coingecko", { kind: "not-in-plan" });
    await market.market().prices.prepare([refOf(one)], BACKGROUND);
    expect((await frugal(market, one)).sources.map(({ name }) => name)).toEqual(["DefiLlama"]);
  });

  it.each([-7_200, -600, -20, 150, 7_200])(
    "a record stamped %i s off midnight is that midnight's, the first one included",
    async (seconds) => {
      const one = coin("one", {
        recordOffsetSeconds: seconds,
        firstRecordSeconds: seconds,
        coingecko: "absent",
      });
      const market = await start({ coins: [one] });
      const { points, firstRecordedOn } = await frugal(market, one);
      expect(firstRecordedOn).toBe("2024-06-01");
      expect(points[1]).toEqual({ on: "2024-06-02", priceUsd: SERIES[1]?.priceUsd });
      expect(points.at(-1)).toEqual({
        on: "2026-11-23",
        priceUsd: SERIES.find(({ on }) => on === "2026-11-23")?.priceUsd,
      });
      expect(points.map(({ on }) => on)).toEqual(
        points.map((_, day) => addDays("2024-06-01", day)),
      );
    },
  );

  it("a record from the evening before belongs to that evening's day", async () => {
    const one = coin("one", { recordOffsetSeconds: -7_260, coingecko: "absent" });
    const market = await start({ coins: [one] });
    expect((await frugal(market, one)).points.at(-1)).toEqual({
      on: "2026-11-22",
      priceUsd: SERIES.find(({ on }) => on === "2026-11-23")?.priceUsd,
    });
  });
});
