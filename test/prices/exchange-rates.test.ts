import { afterEach, describe, expect, it } from "vitest";
import {
  type CallOutcome,
  didAnswer,
  isBudgetLow,
} from "../../src/prices/sources/source-health.ts";
import { checkMarketRequest } from "../contract/market-spec.ts";
import type { FakeCoin } from "../support/fake-market/fake-coin.ts";
import {
  type MarketUnderTest,
  type MarketUnderTestOptions,
  startMarketUnderTest,
} from "../support/market-under-test.ts";
import { syntheticSeries } from "../support/price-series.ts";

const NOW = { priority: "interactive" } as const;

const COINS: FakeCoin[] = [
  {
    coinId: "bitcoin",
    symbol: "BTC",
    name: "Bitcoin",
    rank: 1,
    series: syntheticSeries({
      firstOn: "2026-01-01",
      lastOn: "2026-12-31",
      startUsd: 90_000,
      dailyGrowth: 0.001,
    }),
    krakenPair: "XBTUSD",
  },
];

const open: MarketUnderTest[] = [];

async function start(options: Partial<MarketUnderTestOptions> = {}): Promise<MarketUnderTest> {
  const market = await startMarketUnderTest({ coins: COINS, ...options });
  open.push(market);
  return market;
}

afterEach(async () => {
  for (const market of open.splice(0)) {
    expect(market.fake.violations()).toEqual([]);
    expect(market.fake.requests.flatMap(checkMarketRequest)).toEqual([]);
    await market.close();
  }
});

const asked = ({ fake }: MarketUnderTest) => fake.count({ path: "/exchange_rates" });

describe("exchange rates", () => {
  it("say what one US dollar is worth, with one call for all currencies", async () => {
    const market = await start();
    const { rates } = market.market();
    const told = await Promise.all(
      ["EUR", "JPY", "IDR", "USD", "KWD"].map((code) => rates.perUsd(code, NOW)),
    );
    expect(told).toEqual([0.86, 159, 17_800, 1, 0.31].map((rate) => expect.closeTo(rate, 9)));
    expect(asked(market)).toBe(1);
  });

  it("cover fiat money only: no coins, no gold, nothing that does not exist", async () => {
    const { rates } = (await start()).market();
    for (const code of [
      "BTC",
      "ETH",
      "XAU",
      "SATS",
      "XXX",
      "eur",
      "",
      "__proto__",
      "constructor",
    ]) {
      expect(await rates.perUsd(code, NOW), code).toBeUndefined();
    }
    expect(rates.currencies().map(({ code }) => code)).not.toContain("BTC");
  });

  it("offer the best-known currencies first, by their English names; only US dollars before the first table", async () => {
    const { rates } = (await start()).market();
    expect(rates.currencies()).toEqual([{ code: "USD", name: "US Dollar" }]);
    await rates.perUsd("EUR", NOW);
    expect(rates.currencies().slice(0, 4)).toEqual([
      { code: "USD", name: "US Dollar" },
      { code: "EUR", name: "Euro" },
      { code: "JPY", name: "Japanese Yen" },
      { code: "GBP", name: "British Pound" },
    ]);
    expect(rates.currencies().at(-1)).toEqual({ code: "KWD", name: "Kuwaiti Dinar" });
  });

  it("a currency that was replaced years ago is not offered, even if CoinGecko lists it", async () => {
    const { rates } = (await start()).market();
    const market = await start();
    market.fake.fail("coingecko", {
      kind: "answer",
      status: 200,
      body: JSON.stringify({
        rates: { usd: { value: 100, type: "fiat" }, vef: { value: 1_000, type: "fiat" } },
      }),
    });
    expect(await market.market().rates.perUsd("VEF", NOW)).toBeUndefined();
    expect(market.market().rates.currencies()).toHaveLength(1);
    expect(await rates.perUsd("VEF", NOW)).toBeUndefined();
  });

  it("one unreadable row affects no other; without US dollars no rate is believed", async () => {
    const market = await start();
    const answer = (rows: object) =>
      ({ kind: "answer", status: 200, body: JSON.stringify({ rates: rows }) }) as const;
    const heal = market.fake.fail(
      "coingecko",
      answer({ eur: { value: 50, type: "fiat" }, usd: { value: 0, type: "fiat" } }),
    );
    expect(await market.market().rates.perUsd("EUR", NOW)).toBeUndefined();
    heal();
    market.setNow("2026-11-24T12:02:00Z");
    market.fake.fail(
      "coingecko",
      answer({
        usd: { value: 100, type: "fiat" },
        eur: { value: 50, type: "fiat" },
        chf: { value: null, type: "fiat" },
        jpy: null,
      }),
    );
    expect(await market.market().rates.perUsd("EUR", NOW)).toBe(0.5);
    expect(await market.market().rates.perUsd("CHF", NOW)).toBeUndefined();
    expect(await market.market().rates.perUsd("JPY", NOW)).toBeUndefined();
  });

  it("survive a restart, and are fetched again in the background after six hours", async () => {
    const market = await start();
    await market.market().rates.perUsd("EUR", NOW);
    market.fake.forget();
    await market.restart();
    market.setNow("2026-11-24T17:59:00Z");
    await market.market().rates.refresh();
    expect(market.market().rates.currencies().length).toBeGreaterThan(10);
    expect(await market.market().rates.perUsd("EUR", NOW)).toBeCloseTo(0.86);
    expect(asked(market)).toBe(0);

    market.setNow("2026-11-24T18:01:00Z");
    const arrived = market.fake.arrived({ path: "/exchange_rates" });
    expect(await market.market().rates.perUsd("EUR", NOW)).toBeCloseTo(0.86);
    await arrived;
    expect(asked(market)).toBe(1);
  });

  it("survive CoinGecko's outage for a week, and are unknown after that", async () => {
    const market = await start();
    await market.market().rates.perUsd("EUR", NOW);
    market.fake.fail("coingecko", { kind: "credits-spent" });
    market.setNow("2026-12-01T11:59:00Z");
    expect(await market.market().rates.perUsd("EUR", NOW)).toBeCloseTo(0.86);
    market.setNow("2026-12-01T12:01:00Z");
    expect(await market.market().rates.perUsd("EUR", NOW)).toBeUndefined();
    expect(await market.market().rates.perUsd("USD", NOW)).toBe(1);
    market.fake.heal();
    market.setNow("2027-01-01T00:00:00Z");
    expect(await market.market().rates.perUsd("EUR", NOW)).toBeCloseTo(0.86);
  });

  it("that are a day old are fetched again before they are used", async () => {
    const market = await start();
    await market.market().rates.perUsd("EUR", NOW);
    market.fake.fail("coingecko", {
      kind: "answer",
      status: 200,
      body: JSON.stringify({
        rates: { usd: { value: 100, type: "fiat" }, eur: { value: 95, type: "fiat" } },
      }),
    });
    market.setNow("2026-11-25T12:01:00Z");
    expect(await market.market().rates.perUsd("EUR", NOW)).toBe(0.95);
  });

  it("that cannot be fetched are not fetched with every question", async () => {
    const market = await start();
    market.fake.fail("coingecko", { kind: "not-in-plan" });
    for (let question = 0; question < 5; question += 1)
      expect(await market.market().rates.perUsd("EUR", NOW)).toBeUndefined();
    expect(asked(market)).toBe(1);
    market.setNow("2026-11-24T12:01:01Z");
    market.fake.heal();
    expect(await market.market().rates.perUsd("EUR", NOW)).toBeCloseTo(0.86);
  });

  it("noted by a clock that was years ahead are fetched again", async () => {
    const market = await start({ now: "2036-11-24T12:00:00Z" });
    await market.market().rates.perUsd("EUR", NOW);
    market.setNow("2026-11-24T12:00:00Z");
    market.fake.forget();
    expect(await market.market().rates.perUsd("EUR", NOW)).toBeCloseTo(0.86);
    expect(asked(market)).toBe(1);
  });

  it("of the demo market are invented like its prices, and need no network", async () => {
    const market = await start({ environment: { DEMO: "1" } });
    const { rates } = market.market();
    expect(await rates.perUsd("EUR", NOW)).toBe(0.9);
    expect(await rates.perUsd("SEK", NOW)).toBeUndefined();
    expect(rates.currencies().map(({ code }) => code)).toContain("JPY");
    expect(market.market().health()).toEqual([]);
    expect(market.fake.count()).toBe(0);
  });
});

/**
 * CoinGecko's table from now on: bitcoin at 100 USD, and so many units of a currency for a dollar.
 */
function tell(market: MarketUnderTest, perUsd: Readonly<Record<string, unknown>>): void {
  const row = (value: unknown) => ({ name: "X", unit: "u", value, type: "fiat" });
  const rows = Object.entries({ USD: 1, ...perUsd }).map(([code, told]) => {
    return [code.toLowerCase(), row(typeof told === "number" ? told * 100 : told)];
  });
  const body = JSON.stringify({ rates: Object.fromEntries(rows) });
  market.fake.heal("coingecko");
  market.fake.fail("coingecko", { kind: "answer", status: 200, body }, { path: "/exchange_rates" });
}

describe("a currency with nonsense in the newest table", () => {
  const rates = (market: MarketUnderTest) => market.market().rates;

  /**
   * Rates of zloty and euro are kept; at an instant seven hours later the newest table is in use.
   */
  async function afterTable(perUsd: Readonly<Record<string, unknown>>): Promise<MarketUnderTest> {
    const market = await start();
    tell(market, { PLN: 4, EUR: 0.9 });
    expect(await rates(market).perUsd("PLN", NOW)).toBe(4);
    await nextTable(market, "2026-11-24T19:00:00Z", { EUR: 0.91, ...perUsd });
    return market;
  }

  /** Asking for any rate has old ones refreshed in the background. */
  async function nextTable(
    market: MarketUnderTest,
    iso: string,
    table: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    tell(market, table);
    market.setNow(iso);
    await expect.poll(() => rates(market).perUsd("EUR", NOW)).toBe(table["EUR"]);
  }

  it.each([
    ["lacks", {}],
    ["nulls", { PLN: null }],
    ["zeros", { PLN: 0 }],
    ["makes negative", { PLN: -4 }],
    ["writes as a word", { PLN: "four" }],
    ["puts a thousand times too high", { PLN: 4_000 }],
    ["puts a thousand times too low", { PLN: 0.004 }],
  ])(
    "keeps its known rate, while the others are updated: the table %s it",
    async (_what, table) => {
      expect(await rates(await afterTable(table)).perUsd("PLN", NOW)).toBe(4);
    },
  );

  it("is known for seven days from its own last table, not from the newest one", async () => {
    const market = await afterTable({});
    market.setNow("2026-12-01T11:59:00Z");
    expect(await rates(market).perUsd("PLN", NOW)).toBe(4);
    market.setNow("2026-12-01T12:00:00Z");
    expect(await rates(market).perUsd("PLN", NOW)).toBeUndefined();
    expect(await rates(market).perUsd("EUR", NOW)).toBe(0.91);
    const offered = rates(market).currencies();
    expect(offered.map(({ code }) => code)).toEqual(["USD", "EUR"]);
  });

  it("is believed when the next table says about the same, even after a restart", async () => {
    const market = await afterTable({ PLN: 4_000 });
    expect(await rates(market).perUsd("PLN", NOW)).toBe(4);
    await market.restart();
    await nextTable(market, "2026-11-25T02:00:00Z", { EUR: 0.92, PLN: 4_100 });
    expect(await rates(market).perUsd("PLN", NOW)).toBe(4_100);
  });

  it("is not believed when the next table says something else", async () => {
    const market = await afterTable({ PLN: 4_000 });
    await nextTable(market, "2026-11-25T02:00:00Z", { EUR: 0.92, PLN: 90_000 });
    expect(await rates(market).perUsd("PLN", NOW)).toBe(4);
  });
});

describe("a table with nothing but US dollars", () => {
  it("counts as a failure, and is fetched again a minute later", async () => {
    const market = await start();
    tell(market, {});
    expect(await market.market().rates.perUsd("EUR", NOW)).toBeUndefined();
    tell(market, { EUR: 0.9 });
    market.setNow("2026-11-24T12:01:01Z");
    expect(await market.market().rates.perUsd("EUR", NOW)).toBe(0.9);
  });
});

describe("a missing rate", () => {
  it("is remembered with its instant, even after a restart", async () => {
    const market = await start();
    expect(await market.market().rates.missedAt("EUR")).toBeUndefined();
    market.fake.fail("coingecko", { kind: "server-error" });
    expect(await market.market().rates.perUsd("EUR", NOW)).toBeUndefined();
    await market.restart();
    market.setNow("2026-11-25T12:00:00Z");
    market.fake.heal();
    expect(await market.market().rates.perUsd("EUR", NOW)).toBeCloseTo(0.86);
    expect(await market.market().rates.missedAt("EUR")).toEqual(new Date("2026-11-24T12:00:00Z"));
    expect(await market.market().rates.missedAt("JPY")).toBeUndefined();
  });
});

describe("Frankfurter", () => {
  const BANKS = { EUR: 0.87, KES: 129, JPY: 158 };
  const toldBy = ({ fake }: MarketUnderTest) => fake.count({ provider: "frankfurter" });

  it("is not asked while CoinGecko has the currency", async () => {
    const market = await start({ frankfurterPerUsd: BANKS });
    expect(await market.market().rates.perUsd("EUR", NOW)).toBeCloseTo(0.86);
    await market.market().rates.refresh();
    expect(toldBy(market)).toBe(0);
  });

  it("is asked once for a currency that CoinGecko lacks, which can be chosen from then on", async () => {
    const market = await start({ frankfurterPerUsd: BANKS });
    const { rates } = market.market();
    expect(await Promise.all(["EUR", "KES", "KES"].map((code) => rates.perUsd(code, NOW)))).toEqual(
      [expect.closeTo(0.86), 129, 129],
    );
    expect(await rates.perUsd("ISK", NOW)).toBeUndefined();
    expect([asked(market), toldBy(market)]).toEqual([1, 1]);
    expect(rates.currencies()).toContainEqual({ code: "KES", name: "Kenyan Shilling" });
  });

  it("stands in for CoinGecko's whole table; CoinGecko's is used again when it is back", async () => {
    const market = await start({ frankfurterPerUsd: BANKS });
    market.fake.fail("coingecko", { kind: "not-in-plan" });
    expect(await market.market().rates.perUsd("EUR", NOW)).toBe(0.87);
    expect(await market.market().rates.perUsd("JPY", NOW)).toBe(158);
    expect(toldBy(market)).toBe(1);
    market.fake.heal();
    market.setNow("2026-11-24T12:02:00Z");
    await market.market().rates.perUsd("EUR", NOW);
    await expect.poll(() => market.market().rates.perUsd("EUR", NOW)).toBeCloseTo(0.86);
    expect(toldBy(market)).toBe(1);
  });

  it("is asked at the start when CoinGecko gives nothing, before anybody waits", async () => {
    const market = await start({ frankfurterPerUsd: BANKS });
    market.fake.fail("coingecko", { kind: "not-in-plan" });
    await market.market().rates.refresh();
    await expect.poll(() => market.market().rates.currencies().length).toBeGreaterThan(1);
    expect(await market.market().rates.perUsd("KES", NOW)).toBe(129);
    expect([asked(market), toldBy(market)]).toEqual([1, 1]);
  });

  it("is not asked for ten minutes after a failure", async () => {
    const market = await start({ frankfurterPerUsd: BANKS });
    market.fake.fail("frankfurter", {
      kind: "answer",
      status: 422,
      body: JSON.stringify({ message: "no" }),
    });
    for (let minute = 0; minute < 10; minute += 1) {
      market.setNow(`2026-11-24T12:0${minute}:30Z`);
      expect(await market.market().rates.perUsd("KES", NOW)).toBeUndefined();
    }
    expect(toldBy(market)).toBe(1);
    market.fake.heal();
    market.setNow("2026-11-24T12:10:31Z");
    expect(await market.market().rates.perUsd("KES", NOW)).toBe(129);
  });

  it("wins where the two contradict each other and no rate is known yet", async () => {
    const market = await start({ frankfurterPerUsd: BANKS });
    tell(market, { JPY: 158_000, EUR: 0.86 });
    expect(await market.market().rates.perUsd("KES", NOW)).toBe(129);
    expect(await market.market().rates.perUsd("JPY", NOW)).toBe(158);
    expect(await market.market().rates.perUsd("EUR", NOW)).toBe(0.86);
  });

  it("is never asked when it is switched off", async () => {
    const market = await start({
      frankfurterPerUsd: BANKS,
      environment: { FRANKFURTER_BASE_URL: "" },
    });
    expect(await market.market().rates.perUsd("KES", NOW)).toBeUndefined();
    expect(toldBy(market)).toBe(0);
  });
});

describe("the health of the price sources", () => {
  it("has no outcome before the first call, and then the latest one and the calls left", async () => {
    const market = await start();
    const health = () => market.market().health();
    expect(
      health().map(({ name, lastOutcome, lastAskedAt }) => [name, lastOutcome, lastAskedAt]),
    ).toEqual([
      ["CoinGecko", null, null],
      ["DefiLlama", null, null],
      ["Coin Metrics", null, null],
      ["Kraken", null, null],
    ]);
    expect(health()[0]).toMatchObject({ callsLeft: 30, callsPerWindow: 30, windowSeconds: 60 });
    await market.market().rates.perUsd("EUR", NOW);
    expect(health()[0]).toMatchObject({
      lastOutcome: "ok",
      lastAskedAt: market.now(),
      callsLeft: 29,
    });
    expect(health()[1]?.lastOutcome).toBeNull();
  });

  it("is probed with one small call to each source that was not asked lately", async () => {
    const market = await start();
    await market.market().rates.perUsd("EUR", NOW);
    market.fake.forget();
    expect((await market.market().probe(NOW)).map(didAnswer)).toEqual([true, true, true, true]);
    expect(market.fake.requests.map(({ provider }) => provider).sort()).toEqual([
      "coinmetrics",
      "defillama",
      "kraken",
    ]);
    market.fake.forget();
    await market.market().probe(NOW);
    expect(market.fake.count()).toBe(0);
    market.fake.fail("coingecko", { kind: "server-error" });
    market.setNow("2026-11-24T12:01:01Z");
    expect((await market.market().probe(NOW)).map(({ lastOutcome }) => lastOutcome)).toEqual([
      "unreachable",
      "ok",
      "unknown-coin",
      "ok",
    ]);
  });

  it("says that the month's credits are spent, even after a restart, without a call", async () => {
    const market = await start();
    market.fake.fail("coingecko", { kind: "credits-spent" });
    await market.market().probe(NOW);
    expect(market.market().health()[0]?.lastOutcome).toBe("credits-spent");
    await market.restart();
    market.fake.forget();
    expect((await market.market().probe(NOW))[0]?.lastOutcome).toBe("credits-spent");
    expect(market.fake.count({ provider: "coingecko" })).toBe(0);
  });

  it("counts an unknown coin as a healthy response", () => {
    const outcomes: [CallOutcome | null, boolean | null][] = [
      ["ok", true],
      ["unknown-coin", true],
      ["unreachable", false],
      ["rate-limited", false],
      [null, null],
    ];
    for (const [lastOutcome, answered] of outcomes)
      expect(didAnswer({ lastOutcome })).toBe(answered);
  });

  it("calls a budget low under a quarter, and always at none", () => {
    const low = (callsLeft: number, callsPerWindow: number) =>
      isBudgetLow({ callsLeft, callsPerWindow, windowSeconds: 60 });
    expect([low(30, 30), low(8, 30), low(7, 30), low(0, 30), low(1, 1), low(0, 1)]).toEqual([
      false,
      false,
      true,
      true,
      false,
      true,
    ]);
  });
});
