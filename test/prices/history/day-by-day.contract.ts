import { describe, expect, it } from "vitest";
import type { LamboAnswer } from "../../../src/questions/answer.ts";
import { addDays } from "../../../src/valuation/calendar.ts";
import type { FakeCoin, Provider } from "../../support/fake-market/fake-coin.ts";
import type { Fault } from "../../support/fake-market/fault.ts";
import { type MarketUnderTest, startMarketUnderTest } from "../../support/market-under-test.ts";
import { type DailyPrice, syntheticSeries } from "../../support/price-series.ts";
import { UNLIMITED } from "../../support/quick-timing.ts";

export const FIRST_DAY = "2026-11-24";
export const BACKGROUND = { priority: "background" } as const;

/** The markets that are open. */
export const open: MarketUnderTest[] = [];

export async function start(coin: FakeCoin, now: string): Promise<MarketUnderTest> {
  const market = await startMarketUnderTest({ coins: [coin], now, budget: UNLIMITED });
  open.push(market);
  return market;
}

export async function end(market: MarketUnderTest): Promise<void> {
  open.splice(open.indexOf(market), 1);
  await market.close();
}

/** Closes every market that a test started. */
export async function closeAll(): Promise<void> {
  for (const market of open.splice(0)) await market.close();
}

export const REF = { coinId: "coin", symbol: "COIN" };

export function coinOf(series: readonly DailyPrice[], defillama: readonly DailyPrice[]): FakeCoin {
  return { coinId: "coin", symbol: "COIN", name: "Coin", rank: 7, series, defillama };
}

export function shape(wobble: number, seed: number, dailyGrowth = 0.001) {
  return syntheticSeries({
    firstOn: "2024-06-01",
    lastOn: "2027-02-28",
    startUsd: 1,
    dailyGrowth,
    wobble,
    seed,
  });
}

export function scaled(
  series: readonly DailyPrice[],
  factor: (at: number) => number,
): DailyPrice[] {
  return series.map(({ on, priceUsd }, at) => ({
    on,
    priceUsd: priceUsd === null ? null : priceUsd * factor(at),
  }));
}

export async function answer(market: MarketUnderTest): Promise<LamboAnswer> {
  const outcome = await market.ask("coin");
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome.answer;
}

/** The growth factor as a digest of this instant has it. */
export async function digestGrowth(market: MarketUnderTest): Promise<number> {
  await market.market().prices.prepare([REF], BACKGROUND);
  const outcome = await market.market().prices.frugalHistory(REF, BACKGROUND);
  if (!outcome.ok) throw new Error(`refused: ${outcome.reason}`);
  const { points } = outcome.history;
  const mean = (some: typeof points) =>
    some.reduce((sum, { priceUsd }) => sum + priceUsd, 0) / some.length;
  return mean(points.slice(-28)) / mean(points.slice(0, 28)) - 1;
}

/** The growth factor of an installation that is new today. */
export async function freshGrowth(market: MarketUnderTest): Promise<number> {
  const outcome = await market.askAnew("coin");
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome.answer.valuation.growthFactor;
}

/** What the cache holds after many days, compared with a new installation of each day. */
export function describeDays(days: number): void {
  describe(`${days} days in a row`, { timeout: 120_000 }, () => {
    it("a flat market stays flat for every kind of question, without a seam, while DefiLlama is 3 % above CoinGecko", async () => {
      const flat = shape(0, 1, 0);
      const market = await start(
        coinOf(
          flat,
          scaled(flat, () => 1.03),
        ),
        `${FIRST_DAY}T12:00:00Z`,
      );
      for (let day = 0; day < days + 2; day += 1) {
        market.setNow(`${addDays(FIRST_DAY, day)}T12:00:00Z`);
        // On some days a member asks first, on others a digest; now and then the program starts
        // anew.
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
    ])(
      "cached prices give the same growth as a new installation: %s",
      async (_title, noise, tolerance) => {
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
        for (let day = 0; day < days; day += 1) {
          const now = `${addDays(FIRST_DAY, day)}T12:00:00Z`;
          market.setNow(now);
          const kept =
            day % 4 === 3
              ? (await answer(market)).valuation.growthFactor
              : await digestGrowth(market);
          await market.market().prices.checked();
          const fresh = await freshGrowth(market);
          expect(Math.abs((1 + kept) / (1 + fresh) - 1), now).toBeLessThanOrEqual(tolerance);
        }
      },
    );

    it("faults on a third of the days leave no trace", async () => {
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
      for (let day = 0; day < days; day += 1) {
        const now = `${addDays(FIRST_DAY, day)}T12:00:00Z`;
        market.setNow(now);
        const [provider, fault] =
          (day % 3 === 1 ? faults[Math.floor(day / 3) % faults.length] : undefined) ?? [];
        if (provider !== undefined && fault !== undefined) market.fake.fail(provider, fault);
        // The breaker, which opens for ten seconds of real time, is not what is tried here.
        if (day % 3 === 2) await market.restart();
        const kept =
          day % 2 === 0
            ? (await answer(market)).valuation.growthFactor
            : await digestGrowth(market);
        market.fake.heal();
        if (fault !== undefined) continue;
        await market.market().prices.checked();
        const fresh = await freshGrowth(market);
        expect(Math.abs((1 + kept) / (1 + fresh) - 1), now).toBeLessThanOrEqual(1e-9);
      }
    });
  });
}
