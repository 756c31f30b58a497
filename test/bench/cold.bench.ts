import type { Provider } from "../support/fake-market/fake-coin.ts";
import { startMarketUnderTest } from "../support/market-under-test.ts";
import { syntheticSeries } from "../support/price-series.ts";
import type { Figures } from "./bench.ts";
import { figure, percentile, spread } from "./measure.ts";

const CALL_MS = 150;
const PROVIDERS: readonly Provider[] = ["coingecko", "defillama", "coinmetrics", "kraken"];
/**
 * Calls that cannot start together: the coin is found, its first record and its recent year are
 * read, and with them the years between.
 */
const CALLS_IN_A_ROW = 3;

/**
 * First answers about an old and a young coin on a free key when every call takes 150 ms, in
 * milliseconds, and as multiples of the calls that have to wait for one another.
 */
export async function benchCold(): Promise<Figures> {
  const lastOn = "2026-11-24";
  const coins = [
    { coinId: "bitcoin", symbol: "BTC", name: "Bitcoin", firstOn: "2013-04-28" },
    { coinId: "dogecoin", symbol: "DOGE", name: "Dogecoin", firstOn: "2013-12-15" },
    { coinId: "young", symbol: "YNG", name: "Young", firstOn: "2023-11-24" },
  ].map(({ firstOn, ...coin }, at) => ({
    ...coin,
    rank: at + 1,
    series: syntheticSeries({ firstOn, lastOn, startUsd: 0.1, dailyGrowth: 0.001, seed: at }),
  }));
  const samples = { bitcoin: [] as number[], dogecoin: [] as number[], young: [] as number[] };
  for (let round = 0; round < 5; round += 1) {
    for (const [coinId, times] of Object.entries(samples)) {
      const market = await startMarketUnderTest({ coins, plan: "demo" });
      for (const provider of PROVIDERS)
        market.fake.fail(provider, { kind: "far", delayMs: CALL_MS });
      const startedAtMs = performance.now();
      const outcome = await market.ask(coinId);
      times.push(performance.now() - startedAtMs);
      if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.reason}`);
      await market.close();
    }
  }
  const ms = (times: readonly number[]) => figure(percentile(times, 0.5));
  return {
    coldBitcoinMs: ms(samples.bitcoin),
    coldDogecoinMs: ms(samples.dogecoin),
    coldThreeYearsMs: ms(samples.young),
    ...spread(
      "coldAnswerOverCalls",
      samples.dogecoin.map((tookMs) => tookMs / (CALLS_IN_A_ROW * CALL_MS)),
    ),
  };
}
