import { afterEach, describe, expect, it } from "vitest";
import type { LamboAnswer, LamboOutcome } from "../../../src/questions/answer.ts";
import { addDays, daysBetween } from "../../../src/valuation/calendar.ts";
import type { FakeCoin, Provider } from "../../support/fake-market/fake-coin.ts";
import {
  type MarketUnderTest,
  type MarketUnderTestOptions,
  startMarketUnderTest,
} from "../../support/market-under-test.ts";
import {
  recordedPrices,
  recordedSeries,
  seriesOf,
  shiftedToEnd,
} from "../../support/price-series.ts";
import { UNLIMITED } from "../../support/quick-timing.ts";

const YESTERDAY = "2026-11-23";

const open: MarketUnderTest[] = [];

async function start(options: MarketUnderTestOptions): Promise<MarketUnderTest> {
  const started = await startMarketUnderTest({ budget: UNLIMITED, ...options });
  open.push(started);
  return started;
}

afterEach(async () => {
  for (const started of open.splice(0)) await started.close();
});

function answered(outcome: LamboOutcome): LamboAnswer {
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome.refusal)}`);
  return outcome.answer;
}

function refused(outcome: LamboOutcome) {
  if (outcome.ok) throw new Error("an answer, not a refusal");
  return outcome.refusal;
}

const SYMBOLS = { bitcoin: "BTC", ethereum: "ETH", dogecoin: "DOGE" } as const;
const PAIRS = { bitcoin: "XBTUSD", ethereum: "ETHUSD", dogecoin: "XDGUSD" } as const;

function recordedCoin(name: keyof typeof SYMBOLS, rank = 1): FakeCoin {
  return {
    coinId: name,
    symbol: SYMBOLS[name],
    name: name === "bitcoin" ? "Bitcoin" : name,
    rank,
    series: shiftedToEnd(recordedSeries(name), YESTERDAY),
    krakenPair: PAIRS[name],
  };
}

function pricedDays(firstOn: string, lastOn: string, priceUsd: (day: number) => number) {
  return seriesOf(
    firstOn,
    Array.from({ length: daysBetween(firstOn, lastOn) + 1 }, (_, day) => priceUsd(day)),
  );
}

/** Four years of steady growth from 1 to 100 USD, to yesterday. */
function grown(coinId: string, extra: Partial<FakeCoin> = {}): FakeCoin {
  const series = pricedDays("2022-11-25", YESTERDAY, (day) => 100 ** (day / 1_459));
  return {
    coinId,
    symbol: coinId.slice(0, 4).toUpperCase(),
    name: coinId,
    rank: 7,
    series,
    ...extra,
  };
}

const GOLDEN = [
  ["bitcoin", 119.802534921, 45877.391201786, 1.909708701],
  ["ethereum", 1.264903926, 1696.199531607, 6.699855192],
  ["dogecoin", 0.000417407, 0.178050936, 2.127820454],
] as const;

describe.skipIf(!recordedPrices.available)(
  `real prices through every plan ${recordedPrices.note}`,
  () => {
    const coins = () => [
      recordedCoin("bitcoin", 1),
      recordedCoin("ethereum", 2),
      recordedCoin("dogecoin", 9),
    ];

    function expectGolden(
      outcome: LamboOutcome,
      [, openingUsd, closingUsd, lambos]: (typeof GOLDEN)[number],
    ) {
      const { valuation } = answered(outcome);
      expect(valuation.opening.meanUsd).toBeCloseTo(openingUsd, 8);
      expect(valuation.closing.meanUsd).toBeCloseTo(closingUsd, 8);
      expect(valuation.lambos).toBeCloseTo(lambos, 8);
    }

    it.each(["keyless", "demo", "basic", "analyst"] as const)(
      "on plan %s the answer goes back to the listing",
      async (plan) => {
        const market = await start({ coins: coins(), plan });
        for (const golden of GOLDEN) expectGolden(await market.ask(golden[0]), golden);
        expect(market.fake.violations()).toEqual([]);
      },
    );

    it.each(["coingecko", "kraken"] as const)(
      "with %s down the numbers are exactly the same",
      async (provider) => {
        const market = await start({ coins: coins() });
        market.fake.fail(provider, { kind: "server-error" });
        for (const golden of GOLDEN) {
          const outcome = await market.ask(golden[0]);
          expectGolden(outcome, golden);
          expect(answered(outcome).valuation.flags).not.toContain("exchange-listing-only");
        }
      },
    );

    it("with DefiLlama down the opening is the mean of Kraken's first four weekly closes, and is flagged", async () => {
      const market = await start({ coins: coins() });
      market.fake.fail("defillama", { kind: "server-error" });
      const { valuation, history } = answered(await market.ask("bitcoin"));
      const weekly = history.listingCloses ?? [];
      expect(weekly).toHaveLength(4);
      const byDay = new Map(recordedCoin("bitcoin").series.map((day) => [day.on, day.priceUsd]));
      const expected = weekly.map(({ on }) => byDay.get(addDays(on, 7)) ?? Number.NaN);
      expect(valuation.opening.meanUsd).toBeCloseTo(
        expected.reduce((sum, price) => sum + price, 0) / 4,
        8,
      );
      expect(valuation.closing.meanUsd).toBeCloseTo(45877.391201786, 8);
      expect(valuation.flags).toEqual(["exchange-listing-only"]);
      expect(history.sources.map(({ name }) => name)).toEqual(["Kraken", "CoinGecko"]);
    });
  },
);

describe("calls", () => {
  it("a full-history plan answers everything in one call", async () => {
    const market = await start({ coins: [grown("coin")], plan: "analyst" });
    answered(await market.ask("coin"));
    expect(market.fake.count({ provider: "coingecko", path: "/coins/coin/market_chart" })).toBe(1);
    expect(
      market.fake.count({ provider: "defillama" }) + market.fake.count({ provider: "kraken" }),
    ).toBe(0);
  });

  it("a Demo key costs one call, the first price, and charts of 499 days for all days before", async () => {
    const market = await start({ coins: [grown("coin")] });
    answered(await market.ask("coin"));
    expect(market.fake.count({ provider: "coingecko", path: "/coins/coin/market_chart" })).toBe(1);
    expect(market.fake.count({ provider: "defillama", path: /^\/prices\/first\// })).toBe(1);
    // 1,460 days, of which CoinGecko has the last 365, and 21 shared days: 1,116 days in charts of
    // 499.
    expect(market.fake.count({ provider: "defillama", path: /^\/chart\// })).toBe(3);
  });

  it("the next day costs one call, also after a restart", async () => {
    const series = pricedDays("2022-11-25", "2026-12-31", (day) => 100 ** (day / 1_459));
    const market = await start({ coins: [grown("coin", { series })] });
    const before = answered(await market.ask("coin"));
    await market.restart();
    market.setNow("2026-11-25T12:00:00Z");
    market.fake.forget();
    const after = answered(await market.ask("coin"));
    expect(
      market.fake.requests.filter(
        ({ path }) => !path.startsWith("/coins/list") && path !== "/coins/markets",
      ),
    ).toHaveLength(1);
    expect(after.valuation.opening).toEqual(before.valuation.opening);
  });

  it("a question asked again the same day costs none", async () => {
    const market = await start({ coins: [grown("coin")] });
    const first = answered(await market.ask("coin"));
    market.fake.forget();
    const again = answered(await market.ask("coin", { stake: 2_000 }));
    expect(market.fake.requests.filter(({ path }) => path !== "/coins/markets")).toEqual([]);
    expect(again.valuation.profitUsd).toBeCloseTo(first.valuation.profitUsd * 2, 6);
  });

  it("a thousand people asking at once cost as many calls as one", async () => {
    const market = await start({ coins: [grown("coin")] });
    const outcomes = await Promise.all(Array.from({ length: 1_000 }, () => market.ask("coin")));
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(market.fake.count({ path: "/coins/list" })).toBe(1);
    expect(market.fake.count({ path: "/coins/coin/market_chart" })).toBe(1);
    expect(market.fake.count({ provider: "defillama", path: /^\/prices\/first\// })).toBe(1);
    expect(market.fake.count({ provider: "defillama", path: /^\/chart\// })).toBe(3);
  });

  const RECENT_YEAR = "/coins/coin/market_chart";
  const ARCHIVE_CHART = { provider: "defillama", path: /^\/chart\// } as const;

  /** A market whose recent year does not arrive before `release` is called. */
  async function startHeld(coin: FakeCoin) {
    const market = await start({ coins: [coin] });
    let release = () => {};
    const until = new Promise<void>((resolve) => (release = resolve));
    market.fake.fail("coingecko", { kind: "held", until }, { path: RECENT_YEAR });
    return { market, release };
  }

  function archiveCharts({ fake }: MarketUnderTest): string[] {
    return fake.requests.filter(({ path }) => ARCHIVE_CHART.path.test(path)).map(({ url }) => url);
  }

  it("the years before are fetched while the recent year is under way, in no more calls", async () => {
    // 1,637 days, of which the recent year leaves 1,272 and 21 shared ones to three charts.
    const series = pricedDays("2022-06-01", YESTERDAY, () => 1);
    const { market, release } = await startHeld(grown("coin", { series }));
    const asked = market.ask("coin");
    await market.fake.arrived(ARCHIVE_CHART, 3);
    release();
    const { history } = answered(await asked);
    expect(history.points).toHaveLength(series.length);
    expect(market.fake.count({ provider: "defillama" })).toBe(4);
  });

  it("a coin of this year costs a first price and one chart, however late its year comes", async () => {
    const series = pricedDays("2026-06-01", YESTERDAY, (day) => 1 + day);
    const { market, release } = await startHeld(grown("coin", { series }));
    const asked = market.ask("coin");
    await market.fake.arrived({ provider: "defillama" });
    release();
    expect(answered(await asked).history.points).toHaveLength(series.length);
    expect(archiveCharts(market)).toHaveLength(1);
    expect(market.fake.count({ provider: "defillama" })).toBe(2);
  });

  it("days of a recent year that never comes are fetched after those before, none twice", async () => {
    const series = pricedDays("2022-06-01", YESTERDAY, () => 1);
    const market = await start({ coins: [grown("coin", { series })] });
    market.fake.fail("coingecko", { kind: "not-in-plan" }, { path: RECENT_YEAR });
    expect(answered(await market.ask("coin")).history.points).toHaveLength(series.length);
    expect(new Set(archiveCharts(market)).size).toBe(4);
    expect(archiveCharts(market)).toHaveLength(4);
  });

  it("a finished day is fetched from 00:20 UTC on, not before", async () => {
    const market = await start({ coins: [grown("coin")], now: "2026-11-24T00:31:00Z" });
    answered(await market.ask("coin"));
    market.fake.forget();
    market.setNow("2026-11-24T23:59:00Z");
    answered(await market.ask("coin"));
    market.setNow("2026-11-25T00:19:59Z");
    answered(await market.ask("coin"));
    expect(market.fake.count({ path: "/coins/coin/market_chart" })).toBe(0);
    market.setNow("2026-11-25T00:31:00Z");
    answered(await market.ask("coin"));
    expect(market.fake.count({ path: "/coins/coin/market_chart" })).toBe(1);
  });
});

describe("joining", () => {
  it("CoinGecko wins the days that both have, and each source is credited with its days", async () => {
    const coin = grown("coin");
    const market = await start({
      coins: [
        {
          ...coin,
          defillama: coin.series.map((day) => ({ ...day, priceUsd: (day.priceUsd ?? 1) * 1.03 })),
        },
      ],
    });
    const { history } = answered(await market.ask("coin"));
    const byDay = new Map(coin.series.map((day) => [day.on, day.priceUsd]));
    expect(history.points.at(-1)?.priceUsd).toBe(byDay.get(YESTERDAY));
    const [old, recent] = history.sources;
    expect(old).toMatchObject({ name: "DefiLlama", from: "2022-11-25" });
    expect(recent).toMatchObject({ name: "CoinGecko", to: YESTERDAY });
    expect(addDays(old?.to ?? "", 1)).toBe(recent?.from);
  });

  it.each([1.06, 0.94, 1_000])(
    "sources that differ by a factor of %d are not joined",
    async (factor) => {
      const coin = grown("coin");
      const market = await start({
        coins: [
          {
            ...coin,
            defillama: coin.series.map((day) => ({
              ...day,
              priceUsd: (day.priceUsd ?? 1) * factor,
            })),
          },
        ],
      });
      expect(refused(await market.ask("coin"))).toMatchObject({
        reason: "history-unavailable",
        because: "sources-differ",
        sources: ["CoinGecko", "DefiLlama"],
      });
    },
  );

  it("a redenomination at both sources is joined anew, whatever was cached", async () => {
    const coin = grown("coin");
    const market = await start({ coins: [coin] });
    const before = answered(await market.ask("coin"));
    market.fake.setCoins([
      {
        ...coin,
        series: coin.series.map((day) => ({ ...day, priceUsd: (day.priceUsd ?? 1) * 1_000 })),
      },
    ]);
    market.setNow("2026-11-25T12:00:00Z");
    const after = answered(await market.ask("coin"));
    expect(after.valuation.growthFactor).toBeCloseTo(before.valuation.growthFactor, 1);
    expect(after.valuation.opening.meanUsd).toBeCloseTo(
      before.valuation.opening.meanUsd * 1_000,
      3,
    );
  });

  it("a sixty-fold step that lasts is flagged; a close that is gone the next day is left out", async () => {
    const days = (jump: (day: number) => number) => pricedDays("2026-01-01", YESTERDAY, jump);
    const market = await start({
      coins: [
        {
          coinId: "lasting",
          symbol: "LAST",
          name: "Lasting",
          rank: 1,
          series: days((day) => (day < 100 ? 1 : 60)),
        },
        {
          coinId: "passing",
          symbol: "PASS",
          name: "Passing",
          rank: 2,
          series: days((day) => (day === 100 ? 60 : 1)),
        },
      ],
    });
    expect(answered(await market.ask("lasting")).valuation.flags).toEqual(["sources-disagree"]);
    expect(answered(await market.ask("passing")).valuation.flags).toEqual(["odd-price"]);
  });

  it("a gap of over thirty days is flagged", async () => {
    const series = pricedDays("2026-01-01", YESTERDAY, () => 1).filter(
      ({ on }) => on < "2026-06-01" || on > "2026-07-05",
    );
    const market = await start({
      coins: [{ coinId: "gap", symbol: "GAP", name: "Gap", rank: 1, series }],
    });
    expect(answered(await market.ask("gap")).valuation.flags).toEqual(["partial-history"]);
  });

  it("a first record at any time of day does not shift the days", async () => {
    const market = await start({ coins: [grown("coin", { firstRecordSeconds: 49_020 })] });
    const plain = await start({ coins: [grown("coin")] });
    const [late, midnight] = [
      answered(await market.ask("coin")),
      answered(await plain.ask("coin")),
    ];
    expect(late.valuation.opening).toEqual(midnight.valuation.opening);
  });

  it("prices without DefiLlama's own confidence are not used", async () => {
    const market = await start({ coins: [grown("coin", { confidence: 0.4 })] });
    expect(refused(await market.ask("coin"))).toMatchObject({
      reason: "prices-unavailable",
      tried: [{ name: "DefiLlama", reason: "distrusted" }],
    });
  });
});

describe("listings within the plan's reach", () => {
  it("a young coin needs no archive", async () => {
    const series = pricedDays("2026-06-01", YESTERDAY, (day) => 1 + day);
    const market = await start({
      coins: [{ coinId: "young", symbol: "YNG", name: "Young", rank: 1, series }],
    });
    market.fake.fail("defillama", { kind: "server-error" });
    const { valuation } = answered(await market.ask("young"));
    expect(valuation).toMatchObject({ firstRecordedOn: "2026-06-01", flags: ["launch-run"] });
  });

  it("a series cut by the plan's limit is never taken for a listing", async () => {
    const market = await start({ coins: [grown("coin")] });
    market.fake.fail("defillama", { kind: "server-error" });
    const refusal = refused(await market.ask("coin"));
    expect(refusal).toMatchObject({
      reason: "prices-unavailable",
      tried: expect.arrayContaining([{ name: "DefiLlama", reason: "unreachable" }]),
    });
  });

  it("a coin listed yesterday is told when to ask again", async () => {
    const market = await start({
      coins: [
        {
          coinId: "newborn",
          symbol: "NEW",
          name: "Newborn",
          rank: null,
          series: seriesOf(YESTERDAY, [1]),
        },
      ],
    });
    expect(refused(await market.ask("newborn"))).toMatchObject({
      reason: "too-new",
      firstRecordedOn: YESTERDAY,
      askAgainOn: "2026-11-30",
    });
  });
});

describe("the exchange that stands in for the archive", () => {
  const standIn = (extra: Partial<FakeCoin>) =>
    grown("coin", { symbol: "COIN", krakenPair: "COINUSD", ...extra });

  it.each<[string, FakeCoin[]]>([
    [
      "its price differs by more than 5 %",
      [
        standIn({
          kraken: grown("x").series.map((day) => ({ ...day, priceUsd: (day.priceUsd ?? 1) * 1.1 })),
        }),
      ],
    ],
    [
      "the symbol belongs to a better-ranked coin",
      [standIn({}), grown("bigger", { symbol: "COIN", rank: 1 })],
    ],
    [
      "one of its first weekly closes is far above the weeks around it",
      [
        standIn({
          kraken: grown("x").series.map((day, at) => ({
            ...day,
            priceUsd: (day.priceUsd ?? 1) * (at >= 8 && at < 15 ? 1_000 : 1),
          })),
        }),
      ],
    ],
    ["it does not list the coin", [grown("coin")]],
  ])("is not used when %s", async (_why, coins) => {
    const market = await start({ coins });
    market.fake.fail("defillama", { kind: "server-error" });
    expect(refused(await market.ask("id:coin")).reason).toBe("prices-unavailable");
  });

  it("is missed where nobody knows what a coin cost at first, which has prices all the same", async () => {
    const market = await start({ coins: [grown("coin", { defillama: "absent" })] });
    const refusal = refused(await market.ask("id:coin"));
    expect(refusal).toMatchObject({ reason: "history-unavailable", missing: "opening" });
  });

  it("is used for the top coin of its symbol, until the archive responds", async () => {
    const market = await start({ coins: [standIn({})] });
    market.fake.fail("defillama", { kind: "server-error" });
    expect(answered(await market.ask("coin")).valuation.flags).toEqual(["exchange-listing-only"]);
    market.fake.heal();
    await market.restart();
    expect(answered(await market.ask("coin")).valuation.flags).toEqual([]);
  });
});

describe("cached histories", () => {
  it("come with their age when no source responds, and give way when one does", async () => {
    const market = await start({ coins: [grown("coin")] });
    const fresh = answered(await market.ask("coin"));
    market.setNow("2026-11-26T12:00:00Z");
    const providers: Provider[] = ["coingecko", "defillama", "kraken"];
    for (const provider of providers) market.fake.fail(provider, { kind: "server-error" });
    const stale = answered(await market.ask("coin"));
    expect(stale.valuation.flags).toEqual(["stale"]);
    expect(stale.history.asOf).toBe(fresh.history.asOf);
    market.fake.heal();
    await market.restart();
    expect(answered(await market.ask("coin")).valuation.flags).toEqual([]);
  });

  it("come from memory, with their age, when the cache is gone too", async () => {
    const market = await start({ coins: [grown("coin")] });
    const fresh = answered(await market.ask("coin"));
    await market.cache().close();
    market.setNow("2026-11-26T12:00:00Z");
    const providers: Provider[] = ["coingecko", "defillama", "kraken"];
    for (const provider of providers) market.fake.fail(provider, { kind: "server-error" });
    for (const again of [await market.ask("coin"), await market.ask("coin")]) {
      expect(answered(again).valuation.flags).toEqual(["stale"]);
      expect(answered(again).history.asOf).toBe(fresh.history.asOf);
    }
  });

  it("are not needed while the archive has the days since", async () => {
    const series = pricedDays("2022-11-25", "2026-12-31", (day) => 1 + day);
    const market = await start({ coins: [grown("coin", { series })] });
    answered(await market.ask("coin"));
    market.setNow("2026-11-26T12:00:00Z");
    market.fake.fail("coingecko", { kind: "server-error" });
    const { valuation } = answered(await market.ask("coin"));
    expect(valuation).toMatchObject({ lastRecordedOn: "2026-11-25", flags: ["launch-run"] });
  });
});
