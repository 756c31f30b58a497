import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type FetchCache, openFetchCache } from "../../../src/prices/cache/fetch-cache.ts";
import type { Ask } from "../../../src/prices/price-source.ts";
import { type CoinGecko, createCoinGecko } from "../../../src/prices/sources/coingecko.ts";
import type { CoinGeckoPlan } from "../../../src/prices/sources/coingecko-plans.ts";
import { createLog } from "../../../src/process/log.ts";
import { fakeKeys } from "../../support/fake-market/coingecko.ts";
import type { FakeCoin } from "../../support/fake-market/fake-coin.ts";
import { type FakeMarket, startFakeMarket } from "../../support/fake-market/fake-market.ts";
import { type MarketUnderTest, startMarketUnderTest } from "../../support/market-under-test.ts";
import { syntheticSeries } from "../../support/price-series.ts";
import { QUICK } from "../../support/quick-timing.ts";

const ASK: Ask = { priority: "interactive" };
const FOR_EVER = { from: "listing", to: "2026-11-23" } as const;

const listed: FakeCoin = {
  coinId: "coin",
  symbol: "COIN",
  name: "Coin",
  rank: 1,
  series: syntheticSeries({
    firstOn: "2020-01-01",
    lastOn: "2027-12-31",
    startUsd: 1,
    dailyGrowth: 0.001,
  }),
};

type Setting = {
  readonly fake: FakeMarket;
  readonly lines: string[];
  setNow(iso: string): void;
  /** CoinGecko on the same cache file: another one each time, as after a restart. */
  open(plan?: CoinGeckoPlan, key?: string | null): Promise<CoinGecko>;
};

const closing: (() => Promise<void>)[] = [];

async function start(): Promise<Setting> {
  let at = new Date("2026-11-24T12:00:00Z");
  const now = () => at;
  const lines: string[] = [];
  const log = createLog({ level: "debug", secrets: [], write: (line) => lines.push(line) });
  const fake = await startFakeMarket({ coins: [listed], now });
  const dataDir = await mkdtemp(join(tmpdir(), "lambo-test-"));
  let cache: FetchCache | undefined;
  closing.push(async () => {
    await cache?.close();
    await fake.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  return {
    fake,
    lines,
    setNow: (iso) => {
      at = new Date(iso);
    },
    async open(plan = "demo", key = plan === "keyless" ? null : fakeKeys[plan]) {
      await cache?.close();
      cache = await openFetchCache({ dataDir, log, now });
      const isPublic = plan === "keyless" || plan === "demo";
      const baseUrl = isPublic ? fake.urls.coingecko : fake.urls.coingeckoPro;
      return createCoinGecko({
        plan,
        baseUrl,
        cache,
        log,
        now,
        timing: QUICK,
        ...(key !== null && { apiKey: key }),
      });
    },
  };
}

const started: MarketUnderTest[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  for (const market of started.splice(0)) await market.close();
});

describe("plans", () => {
  it.each([
    ["keyless", "public", undefined, "365"],
    ["demo", "public", "x-cg-demo-api-key", "365"],
    ["basic", "pro", "x-cg-pro-api-key", "730"],
    ["analyst", "pro", "x-cg-pro-api-key", "max"],
    ["lite", "pro", "x-cg-pro-api-key", "max"],
    ["enterprise", "pro", "x-cg-pro-api-key", "max"],
  ] as const)(
    "%s asks the %s host with its own header and for no more than it allows",
    async (plan, host, header, days) => {
      const { fake, open } = await start();
      const { source } = await open(plan);
      const closes = await source.closes(listed, FOR_EVER, ASK);
      expect(closes.ok).toBe(true);
      const [request] = fake.requests;
      expect(request?.host).toBe(host);
      expect(request?.query).toMatchObject({ days, interval: "daily", vs_currency: "usd" });
      for (const name of ["x-cg-demo-api-key", "x-cg-pro-api-key"]) {
        expect(request?.headers[name]).toBe(
          plan !== "keyless" && name === header ? fakeKeys[plan] : undefined,
        );
      }
      expect(fake.violations()).toEqual([]);
    },
  );

  it.each([
    ["demo", "365"],
    ["basic", "730"],
  ] as const)(
    "%s tells its whole reach in one call whatever days are asked for: the answer replaces what was kept",
    async (plan, days) => {
      const { fake, open } = await start();
      const { source } = await open(plan);
      const closes = await source.closes(listed, { from: "2026-11-15", to: "2026-11-23" }, ASK);
      expect(fake.requests.map(({ query }) => query["days"])).toEqual([days]);
      expect(closes.ok && closes.points.length).toBe(Number(days) - 1);
    },
  );
});

describe("a chart of other days than the plan reaches", () => {
  async function told(lastOn: string) {
    const { fake, open } = await start();
    const prices = listed.series.flatMap(({ on, priceUsd }) =>
      on <= lastOn ? [[Date.parse(on), priceUsd]] : [],
    );
    const body = JSON.stringify({ prices });
    fake.fail("coingecko", { kind: "answer", status: 200, body }, { path: /market_chart$/ });
    const { source } = await open("demo");
    return source.closes(listed, FOR_EVER, ASK);
  }

  it("counts for the days that it reaches, however many more there are", async () => {
    const closes = await told("2026-11-23");
    expect(closes.ok && closes.points.map(({ on }) => on).at(0)).toBe("2025-11-23");
    expect(closes.ok && closes.points.length).toBe(366);
  });

  it("is another answer where it has none of them", async () => {
    expect(await told("2024-12-31")).toMatchObject({ ok: false, reason: "bad-answer" });
  });
});

describe("every endpoint in use", () => {
  it("goes through our own transport: each call has our name, and the key only in the header", async () => {
    const { fake, open } = await start();
    const { source, directory, checkKey } = await open("demo");
    const answers = await Promise.all([
      source.closes(listed, FOR_EVER, ASK),
      source.quote(listed, ASK),
      directory.list(ASK),
      directory.top(2, ASK),
      directory.search("coin", ASK),
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
    expect(await checkKey(ASK)).toBeUndefined();
    expect(fake.requests.map(({ path }) => path).sort()).toEqual(
      [
        "/coins/coin/market_chart",
        "/simple/price",
        "/coins/list",
        "/coins/markets",
        "/search",
        "/ping",
      ].sort(),
    );
    for (const request of fake.requests) {
      expect(request.headers["user-agent"]).toBe("dude-wheres-my-lambo");
      expect(request.headers["x-cg-demo-api-key"]).toBe(fakeKeys.demo);
      expect(request.url).not.toContain("CG-");
    }
    expect(fake.violations()).toEqual([]);
  });

  it("sends no omitted parameter as text, and pages as numbers", async () => {
    const { fake, open } = await start();
    const { directory } = await open("demo");
    await directory.top(3, ASK);
    expect(fake.requests[0]?.query).toEqual({
      vs_currency: "usd",
      order: "market_cap_desc",
      per_page: "250",
      page: "3",
    });
  });
});

describe("the key", () => {
  it("is in no log line and no error, whatever goes wrong", async () => {
    const { fake, open, lines } = await start();
    const faults = [
      "key-missing",
      "not-in-plan",
      "too-far-back",
      "html",
      "reset",
      "hang",
      "server-error",
      "rate-limited",
    ] as const;
    for (const kind of faults) {
      const { source, checkKey } = await open("demo");
      fake.fail("coingecko", { kind });
      const told = [
        await source.closes(listed, FOR_EVER, ASK),
        await source.quote(listed, ASK),
        await checkKey(ASK),
      ];
      expect(JSON.stringify(told)).not.toContain(fakeKeys.demo);
      fake.heal();
    }
    expect(lines.length).toBeGreaterThan(faults.length);
    expect(lines.join("")).not.toContain(fakeKeys.demo);
  });

  it("of the Demo plan, sent to the Pro host, is reported in one sentence that names the variable to change", async () => {
    const { open } = await start();
    const { checkKey } = await open("analyst", fakeKeys.demo);
    const advice = await checkKey(ASK);
    expect(advice).toMatch(
      /^COINGECKO_API_KEY is a Demo key, but COINGECKO_PLAN sends it to the Pro host: set COINGECKO_PLAN=demo\./,
    );
  });

  it("of a paid plan, sent to the public host, is reported in one sentence that names the variable to change", async () => {
    const { open } = await start();
    const { checkKey } = await open("demo", fakeKeys.analyst);
    const advice = await checkKey(ASK);
    expect(advice).toMatch(
      /^COINGECKO_API_KEY is a paid \(Pro\) key, .* set COINGECKO_PLAN to your paid plan\./,
    );
  });

  it("that fits needs no advice; neither does one that cannot be checked now, nor none at all", async () => {
    const { fake, open } = await start();
    expect(await (await open("demo")).checkKey(ASK)).toBeUndefined();
    fake.fail("coingecko", { kind: "server-error" });
    expect(await (await open("demo")).checkKey(ASK)).toBeUndefined();
    fake.forget();
    expect(await (await open("keyless")).checkKey(ASK)).toBeUndefined();
    expect(fake.count()).toBe(0);
  });

  it("that is refused is logged as an error once, not with every question", async () => {
    const { open, lines } = await start();
    const { source } = await open("analyst", fakeKeys.demo);
    for (let question = 0; question < 3; question += 1) await source.quote(listed, ASK);
    expect(
      lines.filter((line) => line.includes("is a Demo key") && line.includes('"level":50')),
    ).toHaveLength(1);
  });
});

describe("ids that would rewrite a URL", () => {
  const hostile = [
    "../../x?y=",
    "a&ids=b",
    "%2e%2e",
    "nul\u0000",
    "..",
    ".",
    "$&",
    "$'",
    "a/b",
    "a?b",
    "a#b",
    "a b",
    "a+b",
    "a,b",
    "é",
    "https://elsewhere.example/",
  ];

  it.each(hostile)("%j stays one path segment of the chart", async (coinId) => {
    const { fake, open } = await start();
    const { source } = await open("demo");
    const closes = await source.closes({ coinId, symbol: "X" }, FOR_EVER, ASK);
    expect(closes).toMatchObject({ ok: false, reason: "unknown-coin" });
    expect(fake.count()).toBe(1);
    const [request] = fake.requests;
    expect(request?.path).toMatch(/^\/coins\/[^/]+\/market_chart$/);
    expect(Object.keys(request?.query ?? {}).sort()).toEqual(["days", "interval", "vs_currency"]);
    // Dots alone are encoded once more, because a URL with them would climb.
    const segment = decodeURIComponent(request?.path.split("/")[2] ?? "");
    expect(/^\.+$/.test(coinId) ? decodeURIComponent(segment) : segment).toBe(coinId);
    expect(fake.violations()).toEqual([]);
  });

  it.each(hostile)("%j stays one value of the price's and the search's query", async (text) => {
    const { fake, open } = await start();
    const { source, directory } = await open("demo");
    await source.quote({ coinId: text, symbol: "X" }, ASK);
    await directory.search(text, ASK);
    expect(fake.requests.map(({ query }) => query)).toEqual([
      { ids: text, vs_currencies: "usd" },
      { query: text },
    ]);
    expect(fake.violations()).toEqual([]);
  });
});

describe("the month's credits", () => {
  it("once spent, stop all calls until the month ends, even after a restart", async () => {
    const { fake, open, setNow, lines } = await start();
    const first = await open();
    fake.fail("coingecko", { kind: "credits-spent" });
    expect(await first.source.quote(listed, ASK)).toMatchObject({ reason: "credits-spent" });
    fake.heal();
    fake.forget();

    expect(await first.source.quote(listed, ASK)).toMatchObject({ reason: "credits-spent" });
    expect(await first.directory.list(ASK)).toMatchObject({ reason: "credits-spent" });
    setNow("2026-11-30T23:59:59Z");
    const restarted = await open();
    expect(await restarted.source.closes(listed, FOR_EVER, ASK)).toMatchObject({
      reason: "credits-spent",
    });
    expect(fake.count()).toBe(0);

    setNow("2026-12-01T00:00:00Z");
    expect(await restarted.source.quote(listed, ASK)).toMatchObject({ ok: true });
    expect(fake.count()).toBe(1);
    expect(
      lines.filter((line) => line.includes("credits are spent") && line.includes('"level":40')),
    ).toHaveLength(1);
  });

  it("of December end with the year", async () => {
    const { fake, open, setNow } = await start();
    setNow("2026-12-31T23:00:00Z");
    const { source } = await open();
    fake.fail("coingecko", { kind: "credits-spent" }, { times: 1 });
    await source.quote(listed, ASK);
    setNow("2027-01-01T00:00:00Z");
    expect(await source.quote(listed, ASK)).toMatchObject({ ok: true });
  });

  it("of another key are counted separately", async () => {
    const { fake, open } = await start();
    fake.fail("coingecko", { kind: "credits-spent" }, { times: 1 });
    await (await open("demo")).source.quote(listed, ASK);
    expect(await (await open("analyst")).source.quote(listed, ASK)).toMatchObject({ ok: true });
  });

  it("noted as spent by a clock that was years ahead do not stop calls for years", async () => {
    const { fake, open, setNow } = await start();
    setNow("2036-11-24T12:00:00Z");
    const { source } = await open();
    fake.fail("coingecko", { kind: "credits-spent" }, { times: 1 });
    await source.quote(listed, ASK);
    setNow("2026-11-24T12:00:00Z");
    expect(await source.quote(listed, ASK)).toMatchObject({ ok: true });
  });

  it("being spent, the archive gives the same answer by itself", async () => {
    const market = await startMarketUnderTest({ coins: [listed] });
    started.push(market);
    await market.ask("coin");
    await market.restart();
    market.setNow("2026-11-25T12:00:00Z");
    market.fake.fail("coingecko", { kind: "credits-spent" });
    const outcome = await market.ask("coin");
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.refusal));
    expect(outcome.answer.valuation).toMatchObject({ lastRecordedOn: "2026-11-24", flags: [] });
    await market.ask("coin");
    expect(market.fake.requests.filter(({ fault }) => fault === "credits-spent")).toHaveLength(1);
  });
});
