import { afterEach, describe, expect, it } from "vitest";
import { addDays } from "../../../src/valuation/calendar.ts";
import { seriesOf } from "../price-series.ts";
import { fakeKeys } from "./coingecko.ts";
import type { FakeCoin, Plan, Provider } from "./fake-coin.ts";
import { type FakeMarket, refusedUrl, startFakeMarket } from "./fake-market.ts";

const today = "2026-11-24"; // A Tuesday; Kraken's running week began on Thursday 2026-11-19.
const noon = new Date(`${today}T12:00:00Z`);
const daySeconds = 86_400;

const bitcoin: FakeCoin = {
  coinId: "bitcoin",
  symbol: "BTC",
  name: "Bitcoin",
  rank: 1,
  krakenPair: "XBTUSD",
  coinMetricsId: "btc",
  // The price tells its day: 1 on the first, one more each day.
  series: seriesOf(
    "2024-01-01",
    Array.from({ length: 1059 }, (_, index) => index + 1),
  ),
};

let market: FakeMarket;
afterEach(() => market.close());

async function open(
  coins: readonly FakeCoin[] = [bitcoin],
  now: () => Date = () => noon,
): Promise<void> {
  market = await startFakeMarket({ coins, now });
}

// biome-ignore lint/suspicious/noExplicitAny: a check fails on JSON that it does not expect.
type Body = any;

async function ask(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Body; headers: Headers }> {
  const response = await fetch(url, { headers });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

const chartOf = (days: string, coinId = "bitcoin") =>
  `/coins/${coinId}/market_chart?vs_currency=usd&days=${days}&interval=daily`;

function askAs(plan: Plan, question: string) {
  const { COINGECKO_BASE_URL: base = "", COINGECKO_API_KEY: key } = market.environment(plan);
  const header = plan === "demo" ? "x-cg-demo-api-key" : "x-cg-pro-api-key";
  return ask(base + question, key === undefined ? {} : { [header]: key });
}

describe("the fake CoinGecko", () => {
  it("stamps finished days at 00:00 UTC and ends with the current price", async () => {
    await open();
    const { body } = await askAs("keyless", chartOf("3"));
    const midnight = (on: string) => Date.parse(`${on}T00:00:00Z`);
    expect(body.prices).toEqual([
      [midnight("2026-11-22"), 1057],
      [midnight("2026-11-23"), 1058],
      [midnight("2026-11-24"), 1059],
      [noon.getTime(), 1059],
    ]);
  });

  it("lists yesterday from ten minutes after midnight, and no future day", async () => {
    let now = new Date(`${addDays(today, -1)}T00:09:00Z`);
    await open([bitcoin], () => now);
    const lastStamp = async () => (await askAs("keyless", chartOf("9"))).body.prices.at(-2)[1];
    expect(await lastStamp()).toBe(1056);
    now = new Date(`${addDays(today, -1)}T00:10:00Z`);
    expect(await lastStamp()).toBe(1058);
  });

  it("passes nulls, gaps and disorder on", async () => {
    await open([
      {
        ...bitcoin,
        series: [
          ...seriesOf("2026-11-20", [4, undefined, null, 2]),
          ...seriesOf("2026-11-19", [9]),
        ],
      },
    ]);
    const { body } = await askAs("keyless", chartOf("30"));
    expect(
      body.prices.map(([at, price]: [number, number]) => [
        new Date(at).toISOString().slice(0, 10),
        price,
      ]),
    ).toEqual([
      ["2026-11-20", 4],
      ["2026-11-22", null],
      ["2026-11-23", 2],
      ["2026-11-19", 9],
      ["2026-11-24", 2],
    ]);
  });

  it.each([
    ["1", 300],
    ["90", 3600],
    ["91", daySeconds],
  ])(
    "returns %s days without an interval in steps of %i seconds, the first of a day being the close",
    async (days, stepSeconds) => {
      await open();
      const { body } = await askAs(
        "keyless",
        `/coins/bitcoin/market_chart?vs_currency=usd&days=${days}`,
      );
      const [[first], [second]] = body.prices;
      expect((second - first) / 1000).toBe(stepSeconds);
      const atMidnight = body.prices.find(
        ([at]: [number]) => at === Date.parse(`${today}T00:00:00Z`),
      );
      expect(atMidnight[1]).toBe(1059);
    },
  );

  it.each([
    ["keyless", "365", 200],
    ["keyless", "366", 401],
    ["demo", "max", 401],
    ["basic", "730", 200],
    ["basic", "731", 401],
    ["analyst", "max", 200],
  ] as const)("lets %s reach back %s days with status %i", async (plan, days, status) => {
    await open();
    const answer = await askAs(plan, chartOf(days));
    expect(answer.status).toBe(status);
    if (status === 401) expect(answer.body.error.status.error_code).toBe(10012);
  });

  it("refuses keys that are missing, unknown or at the wrong host, in CoinGecko's own shapes", async () => {
    await open();
    const { coingecko, coingeckoPro } = market.urls;
    expect(await ask(`${coingeckoPro}/ping`)).toMatchObject({
      status: 401,
      body: { status: { error_code: 10002 } },
    });
    expect(await ask(`${coingecko}/ping`, { "x-cg-demo-api-key": "CG-x" })).toMatchObject({
      status: 401,
      body: { status: { error_code: 10002 } },
    });
    expect(await ask(`${coingeckoPro}/ping`, { "x-cg-pro-api-key": fakeKeys.demo })).toMatchObject({
      status: 400,
      body: { error_code: 10011 },
    });
    expect(await ask(`${coingecko}/ping`, { "x-cg-demo-api-key": fakeKeys.basic })).toMatchObject({
      status: 400,
      body: { error_code: 10010 },
    });
  });

  it("returns 404 for charts of unknown coins and leaves them out of simple prices", async () => {
    await open([bitcoin, { ...bitcoin, coinId: "elsewhere", coingecko: "absent" }]);
    expect(await askAs("keyless", chartOf("9", "elsewhere"))).toMatchObject({
      status: 404,
      body: { error: "coin not found" },
    });
    expect(await askAs("keyless", "/simple/price?ids=elsewhere&vs_currencies=usd")).toMatchObject({
      status: 200,
      body: {},
    });
    expect((await askAs("keyless", "/simple/price?ids=bitcoin,x&vs_currencies=usd")).body).toEqual({
      bitcoin: { usd: 1059 },
    });
  });

  it("neither quotes a coin that has had no price for over a week nor ends its chart with a current price", async () => {
    await open([{ ...bitcoin, series: seriesOf("2026-11-10", [1, 2, 3]) }]);
    expect((await askAs("keyless", "/simple/price?ids=bitcoin&vs_currencies=usd")).body).toEqual({
      bitcoin: {},
    });
    expect((await askAs("keyless", chartOf("30"))).body.prices).toHaveLength(3);
  });

  it("pages its markets by rank, unranked coins last", async () => {
    const coin = (coinId: string, rank: number | null): FakeCoin => ({ ...bitcoin, coinId, rank });
    await open([coin("none", null), coin("third", 3), coin("first", 1)]);
    const idsOf = async (page: number) =>
      (await askAs("keyless", `/coins/markets?vs_currency=usd&per_page=2&page=${page}`)).body.map(
        (row: { id: string }) => row.id,
      );
    expect([await idsOf(1), await idsOf(2), await idsOf(3)]).toEqual([
      ["first", "third"],
      ["none"],
      [],
    ]);
  });

  it("returns exchange rates per BTC", async () => {
    market = await startFakeMarket({
      coins: [bitcoin],
      now: () => noon,
      ratesPerUsd: { eur: 0.5 },
    });
    const { rates } = (await askAs("keyless", "/exchange_rates")).body;
    expect(rates.usd.value).toBe(1059);
    expect(rates.eur).toMatchObject({ value: 529.5, type: "fiat" });
    expect(rates.btc.type).toBe("crypto");
  });
});

describe("the fake DefiLlama", () => {
  const startOf = (on: string) => Date.parse(`${on}T00:00:00Z`) / 1000;

  it("stamps a first record at the coin's own time of day", async () => {
    await open([{ ...bitcoin, firstRecordSeconds: 49_020 }]);
    const { body } = await ask(
      `${market.urls.defillama}/prices/first/coingecko:bitcoin,coingecko:nobody`,
    );
    expect(body).toEqual({
      coins: {
        "coingecko:bitcoin": { symbol: "BTC", price: 1, timestamp: startOf("2024-01-01") + 49_020 },
      },
    });
  });

  it("returns for each instant the record within a tenth of the period, and nothing for the others", async () => {
    await open();
    const at = async (start: number) => {
      const { body } = await ask(
        `${market.urls.defillama}/chart/coingecko:bitcoin?start=${start}&span=2&period=1d`,
      );
      return body.coins["coingecko:bitcoin"]?.prices ?? [];
    };
    const closes = [
      { timestamp: startOf("2024-01-01"), price: 1 },
      { timestamp: startOf("2024-01-02"), price: 2 },
    ];
    expect(await at(startOf("2024-01-01"))).toEqual(closes);
    expect(await at(startOf("2024-01-01") + 8640)).toEqual(closes);
    expect(await at(startOf("2024-01-01") + 49_020)).toEqual([]);
    expect(await at(startOf("2023-12-31"))).toEqual(closes.slice(0, 1));
  });

  it("can stamp records off midnight and know the first day only from its listing hour", async () => {
    await open([
      { ...bitcoin, recordOffsetSeconds: -20, firstRecordSeconds: 49_020, firstDayInCharts: false },
    ]);
    const { body } = await ask(
      `${market.urls.defillama}/chart/coingecko:bitcoin?start=${startOf("2024-01-01")}&span=3&period=1d`,
    );
    expect(body.coins["coingecko:bitcoin"].prices).toEqual([
      { timestamp: startOf("2024-01-02") - 20, price: 2 },
      { timestamp: startOf("2024-01-03") - 20, price: 3 },
    ]);
  });

  it("refuses start with end, and 500 points", async () => {
    await open();
    const chart = (query: string) =>
      ask(`${market.urls.defillama}/chart/coingecko:bitcoin,coingecko:ethereum?${query}`);
    expect((await chart("start=1&end=2&span=3")).status).toBe(400);
    expect((await chart("start=1&span=250")).status).toBe(400);
    expect(await chart("start=1&span=249")).toMatchObject({ status: 200, body: { coins: {} } });
  });

  it("complains about keys that are no coins, repeated coins and URLs that are too long", async () => {
    await open();
    const complaints = async (keys: string) => {
      market.forget();
      await ask(`${market.urls.defillama}/chart/${keys}?start=1&span=1&period=1d`);
      return market.violations().map((violation) => violation.split(": ").slice(1).join(": "));
    };
    expect(await complaints("coingecko:bitcoin,coingecko:ethereum")).toEqual([]);
    expect(await complaints("coingecko:bitcoin,")).toEqual(['"" is not {chain}:{address}']);
    expect(await complaints("bitcoin")).toEqual(['"bitcoin" is not {chain}:{address}']);
    expect(await complaints("coingecko:bitcoin,coingecko:bitcoin")).toEqual([
      "a coin is asked for twice",
    ]);
    expect(
      await complaints(
        Array.from({ length: 300 }, (_, coin) => `coingecko:a-long-coin-id-${coin}`).join(),
      ),
    ).toHaveLength(1);
  });

  it("leaves coins that are unknown or no longer priced out of a 200 answer", async () => {
    await open([
      bitcoin,
      { ...bitcoin, coinId: "dead", series: seriesOf("2022-01-01", [1]) },
      { ...bitcoin, coinId: "gone", defillama: "absent" },
    ]);
    const { body } = await ask(
      `${market.urls.defillama}/prices/current/coingecko:bitcoin,coingecko:dead,coingecko:gone`,
    );
    expect(Object.keys(body.coins)).toEqual(["coingecko:bitcoin"]);
  });

  it("can disagree with CoinGecko and has its own confidence", async () => {
    await open([{ ...bitcoin, defillama: seriesOf("2026-11-23", [77]), confidence: 0.3 }]);
    const { body } = await ask(`${market.urls.defillama}/prices/current/coingecko:bitcoin`);
    expect(body.coins["coingecko:bitcoin"]).toMatchObject({ price: 77, confidence: 0.3 });
  });
});

describe("the fake Kraken", () => {
  const candles = async (pair = "XBTUSD", interval = 10_080) => {
    const { body } = await ask(
      `${market.urls.kraken}/0/public/OHLC?pair=${pair}&interval=${interval}`,
    );
    const [key, rows] = Object.entries<Body>(body.result).find(([name]) => name !== "last") ?? [];
    return { key, rows, last: body.result.last };
  };

  it("begins weeks on Thursdays and closes them at the next week's first price", async () => {
    await open();
    const { key, rows, last } = await candles();
    expect(key).toBe("XXBTZUSD");
    expect(new Date(rows[1][0] * 1000).toUTCString()).toBe("Thu, 04 Jan 2024 00:00:00 GMT");
    // 4 January has price 4, 11 January price 11.
    expect(rows[1].slice(1, 5)).toEqual(["4", "11", "4", "11"]);
    expect(rows.at(-1)[0]).toBe(Date.parse("2026-11-19T00:00:00Z") / 1000);
    expect(rows.at(-1)[4]).toBe("1059");
    expect(last).toBe(rows.at(-2)[0]);
  });

  it("returns only the 720 most recent candles, counted from the epoch", async () => {
    await open([{ ...bitcoin, krakenPair: "SOLUSD" }]);
    const { key, rows } = await candles("SOLUSD", 1440);
    expect(key).toBe("SOLUSD");
    expect(rows).toHaveLength(720);
    expect(rows.every((row: [number]) => row[0] % daySeconds === 0)).toBe(true);
    expect((await candles("SOLUSD", 21_600)).rows[0][0] % (15 * daySeconds)).toBe(0);
  });

  it("writes the smallest price without an exponent", async () => {
    await open([{ ...bitcoin, series: seriesOf("2026-11-20", [1.5e-9]) }]);
    expect((await candles()).rows.at(-1)[4]).toBe("0.0000000015");
  });
});

describe("the fake Coin Metrics", () => {
  const series = (query: string) =>
    ask(`${market.urls.coinmetrics}/timeseries/asset-metrics?${query}`);

  it("returns text, the newest hundred rows first, and links the page before them", async () => {
    await open();
    const { body } = await series("assets=btc&metrics=ReferenceRateUSD");
    expect(body.data).toHaveLength(100);
    const newest = { asset: "btc", time: `${today}T00:00:00.000000000Z`, ReferenceRateUSD: "1059" };
    expect(body.data.at(-1)).toEqual(newest);
    expect(Object.keys(body)).toEqual(["data", "next_page_token", "next_page_url"]);
    const before = await ask(body.next_page_url);
    expect(before.body.data.at(-1)).toMatchObject({ ReferenceRateUSD: "959" });
  });

  it("pages from the start when asked to, and its last page links no next one", async () => {
    await open();
    const { body } = await series(
      "assets=btc&metrics=ReferenceRateUSD&page_size=1000&paging_from=start",
    );
    const last = await ask(body.next_page_url);
    expect(
      [body.data[0], last.body.data[0]].map(({ ReferenceRateUSD }) => ReferenceRateUSD),
    ).toEqual(["1", "1001"]);
    expect(Object.keys(last.body)).toEqual(["data"]);
    expect(market.violations()).toEqual([]);
  });

  it("stamps PriceUSD with the start of the day that ends with that price, without today", async () => {
    await open();
    const { body } = await series("assets=btc&metrics=PriceUSD&page_size=1");
    expect(body.data).toEqual([
      { asset: "btc", time: "2026-11-23T00:00:00.000000000Z", PriceUSD: "1059" },
    ]);
  });

  it("refuses unknown assets as the API does, without noting a violation", async () => {
    await open();
    const { status, body } = await series("assets=nobody&metrics=PriceUSD");
    expect([status, body.error.type]).toEqual([400, "bad_parameter"]);
    expect(market.violations()).toEqual([]);
  });

  it.each([
    "assets=BTC&metrics=PriceUSD",
    "assets=btc&metrics=Price",
    "assets=btc&metrics=PriceUSD&page_size=10001",
    "assets=btc&metrics=PriceUSD&paging_from=middle",
    "assets=btc&metrics=PriceUSD&frequency=1h",
    "assets=btc&metrics=PriceUSD&api_key=x",
  ])("complains about %s", async (query) => {
    await open();
    await series(query);
    expect(market.violations()).toHaveLength(1);
  });
});

describe("a switched fault", () => {
  const priceUrls = (): Record<Provider, string> => ({
    coingecko: market.urls.coingecko + chartOf("9"),
    defillama: `${market.urls.defillama}/prices/first/coingecko:bitcoin`,
    coinmetrics: `${market.urls.coinmetrics}/timeseries/asset-metrics?assets=btc&metrics=PriceUSD`,
    kraken: `${market.urls.kraken}/0/public/OHLC?pair=XBTUSD&interval=10080`,
    frankfurter: `${market.urls.frankfurter}/v2/rates?base=USD`,
  });

  it.each([
    [{ kind: "rate-limited", retryAfter: 30 }, 429, /"error_code":429/],
    [{ kind: "credits-spent" }, 429, /"error_code":10006/],
    [{ kind: "key-missing" }, 401, /^\{"status":\{"error_code":10002/],
    [{ kind: "not-in-plan" }, 401, /^\{"status":\{"error_code":10005/],
    [{ kind: "too-far-back" }, 401, /^\{"error":\{"status":\{.*"error_code":10012/],
    [{ kind: "pro-key-on-public-host" }, 400, /"error_code":10010/],
    [{ kind: "demo-key-on-pro-host" }, 400, /"error_code":10011/],
    [{ kind: "server-error", status: 502 }, 502, /upstream/],
    [{ kind: "html" }, 200, /^<!doctype html>/],
    [{ kind: "blocked" }, 403, /^<!doctype html>/],
    [{ kind: "cut-json" }, 200, /^\{"prices":\[.*[^}]$/],
    [{ kind: "wrong-types" }, 200, /^\{"prices":\[\["soon","soon"\]/],
    [{ kind: "answer", status: 418, body: "[]" }, 418, /^\[\]$/],
  ] as const)("%o responds with status %i", async (fault, status, body) => {
    await open();
    market.fail("coingecko", fault);
    const response = await fetch(priceUrls().coingecko);
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(body);
    expect(response.headers.get("retry-after")).toBe(fault.kind === "rate-limited" ? "30" : null);
  });

  it.each(["reset", "cut-connection"] as const)("%s breaks the connection", async (kind) => {
    await open();
    market.fail("defillama", { kind });
    await expect(
      fetch(priceUrls().defillama).then((response) => response.text()),
    ).rejects.toThrow();
  });

  it.each(["hang", "drip"] as const)(
    "%s leaves the client without a response until the market closes",
    async (kind) => {
      await open();
      market.fail("kraken", { kind, everyMs: 1 });
      const answer = fetch(priceUrls().kraken).then((response) => response.text());
      const outcome = expect(answer).rejects.toThrow();
      await market.arrived({ provider: "kraken" });
      await market.close();
      await outcome;
    },
  );

  it("affects one provider, one path and a number of requests, and can be healed", async () => {
    await open();
    const statusOf = async (provider: Provider) => (await fetch(priceUrls()[provider])).status;
    market.fail("coingecko", { kind: "server-error" }, { times: 1 });
    market.fail("coingecko", { kind: "blocked" }, { path: "/ping" });
    const heal = market.fail("defillama", { kind: "blocked" }, { path: /^\/prices\// });
    expect([
      await statusOf("coingecko"),
      await statusOf("coingecko"),
      await statusOf("kraken"),
    ]).toEqual([503, 200, 200]);
    expect([await statusOf("defillama"), heal(), await statusOf("defillama")]).toEqual([
      403,
      undefined,
      200,
    ]);
    market.heal();
    expect((await fetch(`${market.urls.coingecko}/ping`)).status).toBe(200);
  });

  it("holds responses back until the test releases them", async () => {
    await open();
    let release = () => {};
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    market.fail("coingecko", { kind: "held", until });
    const answers = Promise.all([fetch(priceUrls().coingecko), fetch(priceUrls().coingecko)]);
    await market.arrived({ provider: "coingecko" }, 2);
    release();
    expect((await answers).map((response) => response.status)).toEqual([200, 200]);
  });

  it("offers an address that refuses connections", async () => {
    await open();
    await expect(fetch(await refusedUrl())).rejects.toMatchObject({
      cause: { code: "ECONNREFUSED" },
    });
  });
});

describe("the request log", () => {
  it("counts by provider and path, with query, headers and the market's time", async () => {
    await open();
    await ask(`${market.urls.coingecko}/coins/list`, { "x-cg-demo-api-key": fakeKeys.demo });
    await ask(`${market.urls.defillama}/chart/coingecko:bitcoin?start=1704067200&span=2&period=1d`);
    expect(market.count()).toBe(2);
    expect(market.count({ provider: "defillama", path: /^\/chart\// })).toBe(1);
    expect(market.requests[0]).toMatchObject({
      path: "/coins/list",
      at: noon,
      headers: { "x-cg-demo-api-key": fakeKeys.demo },
    });
    expect(market.requests[1]).toMatchObject({
      query: { start: "1704067200", span: "2", period: "1d" },
    });
    expect(market.violations()).toEqual([]);
    market.forget();
    expect(market.count()).toBe(0);
  });

  it.each([
    ["an unknown path", "/coins/bitcoin/x/y", /unknown path/],
    ["an undocumented parameter", "/search?query=a&ids=b", /undocumented parameter ids/],
    ["a repeated parameter", "/search?query=a&query=b", /query is given twice/],
    [
      "a key in the query string",
      `/ping?x_cg_demo_api_key=${fakeKeys.demo}`,
      /key in the query string/,
    ],
    ["malformed percent-encoding", "/coins/%zz/market_chart", /malformed percent-encoding/],
    ["more than 250 rows a page", "/coins/markets?vs_currency=usd&per_page=251", /per_page 251/],
  ])("complains about %s", async (_, question, complaint) => {
    await open();
    await fetch(market.urls.coingecko + question);
    expect(market.violations().join("\n")).toMatch(complaint);
  });

  it("complains about a path that leaves every provider", async () => {
    await open();
    await fetch(`${market.urls.coingecko}/../../../etc/passwd`);
    expect(market.violations()).toEqual(["/etc/passwd: belongs to no provider"]);
  });
});
