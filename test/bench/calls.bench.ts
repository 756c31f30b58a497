import type { Plan } from "../support/fake-market/fake-coin.ts";
import type { MarketUnderTest } from "../support/market-under-test.ts";
import type { Figures } from "./bench.ts";
import { startBenchMarket } from "./bench-market.ts";

const STAMPEDE = 1_000;

/**
 * Upstream calls for one coin of twelve years; the calls for the list of coins and its ranks are
 * not counted.
 */
export async function benchCalls(): Promise<Figures> {
  const { calls: coldCallsFullPlan } = await callsOf("analyst", (market) =>
    market.ask("benchcoin"),
  );
  const { calls: coldCallsDemo } = await callsOf("demo", (market) => market.ask("benchcoin"));
  const { calls: stampedeCalls } = await callsOf("demo", (market) =>
    Promise.all(Array.from({ length: STAMPEDE }, () => market.ask("benchcoin"))),
  );
  const { calls: nextDayCalls } = await callsOf("demo", async (market) => {
    await market.ask("benchcoin");
    market.fake.forget();
    market.setNow("2026-11-25T12:00:00Z");
    await market.ask("benchcoin");
  });
  return { coldCallsFullPlan, coldCallsDemo, nextDayCalls, stampedeCalls };
}

async function callsOf(
  plan: Plan,
  asking: (market: MarketUnderTest) => Promise<unknown>,
): Promise<{ calls: number }> {
  const market = await startBenchMarket(plan);
  await asking(market);
  const calls = market.fake.requests.filter(
    ({ path }) => path !== "/coins/list" && path !== "/coins/markets",
  ).length;
  await market.close();
  return { calls };
}
