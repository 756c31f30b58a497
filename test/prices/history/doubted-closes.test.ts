import { afterEach, describe, expect, it } from "vitest";
import type { LamboAnswer } from "../../../src/questions/answer.ts";
import { addDays, daysBetween } from "../../../src/valuation/calendar.ts";
import type { FakeCoin } from "../../support/fake-market/fake-coin.ts";
import {
  type MarketUnderTest,
  type MarketUnderTestOptions,
  startMarketUnderTest,
} from "../../support/market-under-test.ts";
import { type DailyPrice, syntheticSeries } from "../../support/price-series.ts";
import { UNLIMITED } from "../../support/quick-timing.ts";

const TODAY = "2026-11-24";
const BACKGROUND = { priority: "background" } as const;
const REF = { coinId: "coin", symbol: "COIN" };

const open: MarketUnderTest[] = [];

afterEach(async () => {
  for (const market of open.splice(0)) await market.close();
});

async function start(
  coin: FakeCoin,
  options: Partial<MarketUnderTestOptions> = {},
): Promise<MarketUnderTest> {
  const market = await startMarketUnderTest({
    coins: [coin],
    now: `${TODAY}T12:00:00Z`,
    budget: UNLIMITED,
    ...options,
  });
  open.push(market);
  return market;
}

async function answer(market: MarketUnderTest): Promise<LamboAnswer> {
  const outcome = await market.ask("coin");
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome.answer;
}

const SERIES = syntheticSeries({
  firstOn: "2024-06-01",
  lastOn: "2027-02-28",
  startUsd: 1,
  wobble: 0.02,
});

function coinOf(series: readonly DailyPrice[], extra: Partial<FakeCoin> = {}): FakeCoin {
  return { coinId: "coin", symbol: "COIN", name: "Coin", rank: 7, series, ...extra };
}

/** The series with some days `times` as high. */
function withOdd(times: number, ...days: readonly string[]): DailyPrice[] {
  return SERIES.map(({ on, priceUsd }) => ({
    on,
    priceUsd: priceUsd !== null && days.includes(on) ? priceUsd * times : priceUsd,
  }));
}

describe("an absurd close", () => {
  it("makes no Lambo, no peak and no best day, and the answer names it", async () => {
    const market = await start(coinOf(withOdd(5_000, "2026-11-10")), { plan: "analyst" });
    const { valuation, history } = await answer(market);
    expect(valuation).toMatchObject({ verdict: "no", firstLamboDay: null, flags: ["odd-price"] });
    expect(valuation.peak.priceUsd).toBeLessThan(2);
    expect(valuation.closing.days).toBe(27);
    expect(history.oddCloses).toMatchObject([{ on: "2026-11-10", isNewest: false }]);
  });

  it("is left out even when both sources have it: one copies the other", async () => {
    const market = await start(coinOf(withOdd(0.01, "2026-02-02", "2024-08-08")));
    const { history } = await answer(market);
    expect(history.oddCloses?.map(({ on }) => on)).toEqual(["2024-08-08", "2026-02-02"]);
  });

  it("at the end of the record does not count before its fourth day, so nobody reaches a Lambo by it", async () => {
    const series = SERIES.map(({ on, priceUsd }) => ({
      on,
      priceUsd: on >= TODAY && priceUsd !== null ? priceUsd * 1_000 : priceUsd,
    }));
    const market = await start(coinOf(series), { plan: "analyst" });
    const seen: unknown[] = [];
    for (let day = 1; day <= 4; day += 1) {
      market.setNow(`${addDays(TODAY, day)}T12:00:00Z`);
      const { valuation, history } = await answer(market);
      seen.push([
        valuation.lastRecordedOn,
        valuation.lambos >= 0.1,
        history.oddCloses?.length ?? 0,
        history.oddCloses?.[0]?.isNewest,
      ]);
    }
    expect(seen).toEqual([
      ["2026-11-24", false, 1, true],
      ["2026-11-25", false, 2, true],
      ["2026-11-26", false, 3, true],
      ["2026-11-27", true, 0, undefined],
    ]);
  });
});

describe("a cached close that cannot be true", () => {
  const ODD_ON = "2024-11-11";

  it("from before CoinGecko's limit is corrected the next day by one call to DefiLlama", async () => {
    const market = await start(coinOf(SERIES, { defillama: withOdd(90, ODD_ON) }));
    expect((await answer(market)).history.oddCloses).toMatchObject([{ on: ODD_ON }]);
    market.fake.setCoins([coinOf(SERIES)]);
    market.setNow(`${addDays(TODAY, 1)}T12:00:00Z`);
    market.fake.forget();
    expect((await answer(market)).valuation.flags).toEqual([]);
    expect(market.fake.count({ provider: "defillama" })).toBe(1);
  });

  it("is not fetched again once DefiLlama has repeated it", async () => {
    const market = await start(coinOf(SERIES, { defillama: withOdd(90, ODD_ON) }));
    await answer(market);
    market.fake.forget();
    for (let day = 1; day <= 20; day += 1) {
      market.setNow(`${addDays(TODAY, day)}T12:00:00Z`);
      expect((await answer(market)).valuation.flags).toEqual(["odd-price"]);
    }
    expect(market.fake.count({ provider: "defillama" })).toBe(1);
  });

  it("from CoinGecko is fetched again by the next digest, not in a month", async () => {
    const market = await start(coinOf(SERIES, { coingecko: withOdd(90, "2026-11-05") }));
    const digest = async () => {
      await market.market().prices.prepare([REF], BACKGROUND);
      const outcome = await market.market().prices.frugalHistory(REF, BACKGROUND);
      await market.market().prices.checked();
      return outcome.ok ? outcome.history.flags : outcome.reason;
    };
    await answer(market);
    market.fake.setCoins([coinOf(SERIES)]);
    market.setNow(`${addDays(TODAY, 1)}T12:00:00Z`);
    market.fake.forget();
    expect(await digest()).toEqual([]);
    expect(market.fake.count({ path: /market_chart/ })).toBeLessThanOrEqual(1);
  });
});

describe("prices that DefiLlama itself doubts", () => {
  it("are not used, are named as the reason, and are fetched again within minutes", async () => {
    const market = await start(coinOf(SERIES, { confidence: 0 }));
    const asked = await market.ask("coin");
    expect(asked.ok ? "an answer" : asked.refusal).toMatchObject({
      reason: "prices-unavailable",
      tried: [{ name: "DefiLlama", reason: "distrusted" }],
    });
    market.fake.setCoins([coinOf(SERIES)]);
    market.setNow(`${TODAY}T12:03:00Z`);
    expect((await answer(market)).valuation.firstRecordedOn).toBe("2024-06-01");
  });
});

describe("a truncated response", () => {
  it("from CoinGecko does not make an old coin look new", async () => {
    const market = await start(
      coinOf(SERIES, { coingecko: SERIES.filter(({ on }) => on >= "2026-11-21") }),
    );
    const { valuation } = await answer(market);
    expect(valuation.firstRecordedOn).toBe("2024-06-01");
    expect(daysBetween(valuation.firstRecordedOn, valuation.lastRecordedOn)).toBe(905);
  });
});
