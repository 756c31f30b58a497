import { storedReason } from "../../src/digest/reason.ts";
import { createDigestWriter } from "../../src/digest/writer.ts";
import type { FakeCoin } from "../support/fake-market/fake-coin.ts";
import { startMarketUnderTest } from "../support/market-under-test.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { UNLIMITED } from "../support/quick-timing.ts";
import { servicesUnderTest } from "../support/services.ts";
import type { Figures } from "./bench.ts";

const COINS = 500;
const COINS_A_SERVER = 10;
const SERVERS = COINS / COINS_A_SERVER;

/**
 * Upstream calls for one wave of digests of 500 distinct coins on CoinGecko's free plan: the first
 * one, and the one of the next day.
 */
export async function benchDigestCalls(): Promise<Figures> {
  const coins = Array.from(
    { length: COINS },
    (_, index): FakeCoin => ({
      coinId: `coin${index}`,
      symbol: `C${index}`,
      name: `Coin ${index}`,
      rank: index + 1,
      // Up to two years old: a coin costs one more call for each 499 days.
      series: syntheticSeries({
        firstOn: index % 2 === 0 ? "2026-06-01" : "2024-12-01",
        lastOn: "2026-11-26",
        startUsd: 1,
        wobble: 0.05,
        seed: index,
      }),
    }),
  );
  const market = await startMarketUnderTest({
    coins,
    plan: "demo",
    now: "2026-11-24T00:21:00Z",
    budget: UNLIMITED,
  });
  const services = servicesUnderTest(market);
  const guildIds = Array.from({ length: SERVERS }, (_, server) => `${1_000 + server}`);
  for (const [server, guildId] of guildIds.entries()) {
    const digestCoins = Array.from(
      { length: COINS_A_SERVER },
      (_, coin) => `coin${server * COINS_A_SERVER + coin}`,
    );
    await services.settings.change(guildId, { digestCoins }, { userId: "1", at: market.now() });
  }
  const writer = createDigestWriter(services);
  const wave = async () => {
    market.fake.forget();
    await writer.prepare(guildIds);
    for (const guildId of guildIds) {
      const outcome = await writer.write({
        guildId,
        localOn: "2026-11-24",
        past: { toldCoinIds: [], closesTo: null },
        locale: "en-US",
        priority: "background",
      });
      if (!outcome.ok) throw new Error(storedReason(outcome.reason));
    }
    await services.prices.checked();
    return market.fake.requests.filter(({ path }) => /chart|first/.test(path)).length;
  };
  const digestCallsFirstWave = await wave();
  market.setNow("2026-11-25T00:21:00Z");
  const digestCallsPerWave = await wave();
  await market.close();
  return { digestCallsFirstWave, digestCallsPerWave };
}
