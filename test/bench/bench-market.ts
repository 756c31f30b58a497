import type { FakeCoin, Plan } from "../support/fake-market/fake-coin.ts";
import { type MarketUnderTest, startMarketUnderTest } from "../support/market-under-test.ts";
import { syntheticSeries } from "../support/price-series.ts";

/** Twelve years of daily prices to the day after tomorrow of the bench's clock. */
const COIN: FakeCoin = {
  coinId: "benchcoin",
  symbol: "BENCH",
  name: "Benchcoin",
  rank: 1,
  series: syntheticSeries({
    firstOn: "2014-11-25",
    lastOn: "2026-11-26",
    startUsd: 0.01,
    dailyGrowth: 0.002,
    wobble: 0.05,
  }),
};

/** Another one, to compare it with. */
const OTHER: FakeCoin = {
  ...COIN,
  coinId: "benchmate",
  symbol: "MATE",
  name: "Benchmate",
  rank: 2,
};

/** The program's market on a fake one with two old coins, on a plan. */
export async function startBenchMarket(plan: Plan): Promise<MarketUnderTest> {
  return startMarketUnderTest({ coins: [COIN, OTHER], plan, now: "2026-11-24T12:00:00Z" });
}
