import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import Database from "better-sqlite3";
import type { Hono } from "hono";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { answerJson } from "../../src/cards/answer-json.ts";
import { UPSTREAM_TIMING } from "../../src/prices/sources/upstream.ts";
import { silentLog } from "../../src/process/log.ts";
import { AVERAGE_LAMBO, LAMBO_MODELS } from "../../src/valuation/lambo-models.ts";
import { ADDRESS_LIMIT, SITE_LIMIT } from "../../src/web/address-limit.ts";
import { apiRoutes } from "../../src/web/api.ts";
import { createClientAddress } from "../../src/web/client-address.ts";
import type { WebEnvironment } from "../../src/web/listen.ts";
import { OPEN_API } from "../../src/web/open-api.ts";
import { createSite } from "../../src/web/site.ts";
import {
  type MarketUnderTest,
  type MarketUnderTestOptions,
  startMarketUnderTest,
} from "../support/market-under-test.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { UNLIMITED } from "../support/quick-timing.ts";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/**
 * One API for the tests of a block that change nothing. Their requests together must stay below
 * the limit of one address.
 */
function sharedApi(): () => Api {
  let api: Api | undefined;
  beforeAll(async () => {
    api = await createApi();
  });
  afterAll(() => api?.market.close());
  return () => {
    if (api === undefined) throw new Error("The API has not started.");
    return api;
  };
}

const [, URUS_S = AVERAGE_LAMBO] = LAMBO_MODELS;

const COINS: MarketUnderTestOptions["coins"] = [
  {
    coinId: "dogecoin",
    symbol: "DOGE",
    name: "Dogecoin",
    rank: 8,
    // The first record of the original's example: a Sunday.
    series: syntheticSeries({
      firstOn: "2013-12-15",
      lastOn: "2026-11-24",
      startUsd: 0.00056,
      dailyGrowth: 0.0012,
      wobble: 0.1,
    }),
  },
  {
    coinId: "steady",
    symbol: "STDY",
    name: "Steady",
    rank: 20,
    series: syntheticSeries({
      firstOn: "2024-06-01",
      lastOn: "2026-11-24",
      startUsd: 1,
      dailyGrowth: 0.005,
    }),
  },
  {
    coinId: "newborn",
    symbol: "NEW",
    name: "Newborn",
    rank: 900,
    series: syntheticSeries({ firstOn: "2026-11-21", lastOn: "2026-11-24", startUsd: 1 }),
  },
  {
    coinId: "twin-one",
    symbol: "TWIN",
    name: "Twin",
    rank: null,
    series: syntheticSeries({ firstOn: "2024-01-01", lastOn: "2026-11-24", startUsd: 1 }),
  },
  {
    coinId: "twin-two",
    symbol: "TWIN",
    name: "Twin",
    rank: null,
    series: syntheticSeries({ firstOn: "2024-01-01", lastOn: "2026-11-24", startUsd: 2 }),
  },
];

type Api = {
  readonly market: MarketUnderTest;
  readonly app: Hono<WebEnvironment>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
};

type ApiSettings = {
  readonly corsOrigins?: readonly string[];
  readonly coins?: MarketUnderTestOptions["coins"];
  /** Unlimited call budgets by default. */
  readonly pace?: Pick<MarketUnderTestOptions, "budget" | "timing">;
};

async function createApi({
  corsOrigins = [],
  coins: fakeCoins = COINS,
  pace = { budget: UNLIMITED },
}: ApiSettings = {}): Promise<Api> {
  const market = await startMarketUnderTest({ coins: fakeCoins, ...pace });
  const { coins, prices, rates } = market.market();
  const api = apiRoutes({
    services: { coins, prices, rates, now: market.now },
    corsOrigins,
    limit: { clientAddress: createClientAddress([]) },
  });
  const app = createSite({ parts: [api], log: silentLog });
  return { market, app, get: async (path, headers = {}) => app.request(path, { headers }) };
}

/** The providers' own budgets; a call that finds none left gives up sooner than in the program. */
const IMPATIENT = {
  ...UPSTREAM_TIMING,
  deadlineMs: { ...UPSTREAM_TIMING.deadlineMs, interactive: 2_000 },
};

/** An API for one test. */
async function startApi(settings: ApiSettings = {}): Promise<Api> {
  const api = await createApi(settings);
  open.push(() => api.market.close());
  return api;
}

/** The keys of all rows in the cache file. */
function keptKeys({ dataDir }: MarketUnderTest): string[] {
  const file = new Database(join(dataDir, "answers.sqlite"), { readonly: true });
  try {
    return file
      .prepare<[], { key: string }>("SELECT key FROM keyv")
      .all()
      .map(({ key }) => key);
  } finally {
    file.close();
  }
}

const Body = z.record(z.string(), z.unknown());
const bodyOf = async (response: Promise<Response>) => Body.parse(await (await response).json());

describe("GET /api/v1/valuation", () => {
  const api = sharedApi();

  it("answers with the same object as the terminal's --json", async () => {
    const { market, get } = api();
    const response = await get("/api/v1/valuation?coin=steady&amount=250.5&car=urus-s");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json");
    const outcome = await market.ask("steady", { stake: 250.5, car: URUS_S });
    if (!outcome.ok) throw new Error(outcome.refusal.reason);
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(answerJson(outcome.answer))));
    expect(response.headers.get("link")).toContain("Data provided by CoinGecko");
  });

  it("takes an amount in another currency, and answers in US dollars", async () => {
    const { get } = api();
    const dollars = await bodyOf(get("/api/v1/valuation?coin=steady&amount=1000"));
    const euros = await bodyOf(get("/api/v1/valuation?coin=steady&amount=1000&currency=eur"));
    expect(dollars["stakeUsd"]).toBe(1_000);
    expect(Number(euros["stakeUsd"])).toBeGreaterThan(1_000);
    expect(euros["closingPriceUsd"]).toBe(dollars["closingPriceUsd"]);
    expect(await bodyOf(get("/api/v1/valuation?coin=steady&currency=XXX"))).toMatchObject({
      status: 400,
      reason: "unknown-currency",
    });
  });

  it("reads an amount as people write it, and says so when it could have been another", async () => {
    const { get } = api();
    const ask = (amount: string) =>
      bodyOf(get(`/api/v1/valuation?coin=steady&amount=${encodeURIComponent(amount)}`));
    expect(await ask("$1.5k")).toMatchObject({ stakeUsd: 1_500, ambiguousAmount: null });
    expect((await ask("500 EUR"))["stakeUsd"]).toBe(
      (await bodyOf(get("/api/v1/valuation?coin=steady&amount=500&currency=eur")))["stakeUsd"],
    );
    expect(await ask("1.000")).toMatchObject({
      stakeUsd: 1,
      ambiguousAmount: { typed: "1.000", amount: 1, currency: "USD", alternative: 1_000 },
    });
  });

  it("refuses a currency without a rate, says when to ask again, and never reads its amount as dollars", async () => {
    const { get } = api();
    const response = await get("/api/v1/valuation?coin=steady&amount=1000&currency=isk");
    expect([response.status, response.headers.get("retry-after")]).toEqual([503, "60"]);
    expect(await response.json()).toMatchObject({
      reason: "no-rate",
      detail: expect.stringMatching(/^No exchange rate for ISK is available right now/),
    });
  });

  it.each([
    ["", 400, "no-coin"],
    ["?coin=", 404, "unknown-coin"],
    ["?coin=nosuchcoin", 404, "unknown-coin"],
    [`?coin=${"x".repeat(5_000)}`, 404, "unknown-coin"],
    ["?coin=%00%ff%27%22%3Cb%3E", 404, "unknown-coin"],
    ["?coin=twin", 409, "ambiguous-coin"],
    ["?coin=newborn", 404, "too-new"],
    ["?coin=steady&amount=0", 400, "invalid-amount"],
    ["?coin=steady&amount=-5", 400, "invalid-amount"],
    ["?coin=steady&amount=much", 400, "invalid-amount"],
    ["?coin=steady&amount=0.5+btc", 400, "invalid-amount"],
    ["?coin=steady&amount=500€&currency=USD", 400, "invalid-amount"],
    ["?coin=steady&amount=", 400, "invalid-amount"],
    ["?coin=steady&car=beetle", 400, "unknown-car"],
  ])("refuses %s with %i and a problem that gives the reason", async (query, status, reason) => {
    const { get } = api();
    const response = await get(`/api/v1/valuation${query}`);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toMatchObject({
      type: "about:blank",
      status,
      reason,
      title: expect.any(String),
    });
    expect(response.status).toBe(status);
  });

  it("lists the candidates of an ambiguous name, and the day from which a new coin can be valued", async () => {
    const { get } = api();
    expect((await bodyOf(get("/api/v1/valuation?coin=twin")))["candidates"]).toEqual([
      "id:twin-one",
      "id:twin-two",
    ]);
    expect((await get("/api/v1/valuation?coin=id:twin-two")).status).toBe(200);
    expect((await bodyOf(get("/api/v1/valuation?coin=newborn")))["askAgainOn"]).toBe("2026-11-28");
  });

  it("says what a misspelt name was taken for, and what a name may mean that it knows nothing of", async () => {
    const { get } = api();
    expect(await bodyOf(get("/api/v1/valuation?coin=dogecion"))).toMatchObject({
      coinId: "dogecoin",
      takenFor: { typed: "dogecion", otherCoinIds: [] },
    });
    expect((await bodyOf(get("/api/v1/valuation?coin=dogecoin")))["takenFor"]).toBeNull();
    expect((await bodyOf(get("/api/v1/valuation?coin=dgoe")))["candidates"]).toEqual([
      "id:dogecoin",
    ]);
  });

  it("answers 503 with Retry-After while no price can be had", async () => {
    const { market, get } = await startApi();
    await get("/api/v1/valuation?coin=twin-one");
    for (const provider of ["coingecko", "defillama", "kraken"] as const)
      market.fake.fail(provider, { kind: "blocked" });
    const response = await get("/api/v1/valuation?coin=steady");
    expect({ status: response.status, retryAfter: response.headers.get("retry-after") }).toEqual({
      status: 503,
      retryAfter: "60",
    });
    expect((await get("/api/v1/valuation?coin=twin-one")).status).toBe(200);
  });

  it("answers 304 while nothing has changed, and may be cached until the next day's prices", async () => {
    const { market, get } = await startApi();
    market.setNow("2026-11-24T12:00:00Z");
    const first = await get("/api/v1/valuation?coin=steady");
    const etag = first.headers.get("etag") ?? "";
    const seconds = Number(
      /^public, max-age=(\d+)$/.exec(first.headers.get("cache-control") ?? "")?.[1],
    );
    // The next prices come at 00:20 UTC, plus up to ten minutes.
    expect(seconds).toBeGreaterThanOrEqual((12 * 60 + 20) * 60);
    expect(seconds).toBeLessThanOrEqual((12 * 60 + 30) * 60);
    const again = await get("/api/v1/valuation?coin=steady", {
      "if-none-match": `"other", W/${etag}`,
    });
    expect({
      status: again.status,
      body: await again.text(),
      etag: again.headers.get("etag"),
    }).toEqual({ status: 304, body: "", etag });
    const other = await get("/api/v1/valuation?coin=steady&amount=999", { "if-none-match": etag });
    expect(other.status).toBe(200);
    market.setNow("2026-11-25T12:00:00Z");
    expect((await get("/api/v1/valuation?coin=steady", { "if-none-match": etag })).status).toBe(
      200,
    );
  });
});

describe("GET /api/v1/process_request/", () => {
  const api = sharedApi();

  it("answers in the original backend's form, with the same arithmetic as everywhere and weekly closes", async () => {
    const { market, get } = api();
    const response = await get("/api/v1/process_request/?symbol=DOGE&investment=1000");
    const body = await bodyOf(Promise.resolve(response));
    const outcome = await market.ask("dogecoin");
    if (!outcome.ok) throw new Error(outcome.refusal.reason);
    const { coins, profitUsd, growthFactor, lambos } = outcome.answer.valuation;
    expect(body["message"]).toEqual({
      NUMBERCOINS: coins,
      PROFIT: Math.round(profitUsd * 100) / 100,
      GROWTHFACTOR: Math.round(growthFactor * 100) / 100,
      LAMBOS: Math.round(lambos * 100) / 100,
      INVESTMENT: 1_000,
      SYMBOL: "DOGE",
      GENERATIONDATE: "2026-11-24",
    });
    expect(Object.keys(body)).toEqual(["message", "graph_data"]);
    const graph: { x: string; y: number }[] = JSON.parse(String(body["graph_data"]));
    const firstUsd = outcome.answer.history.points[0]?.priceUsd;
    expect(graph[0]).toEqual({ x: "2013-12-15", y: firstUsd });
    // Every Sunday from then on; the week of Monday, 23 November is not over.
    expect(graph.map(({ x }) => new Date(x).getUTCDay()).every((day) => day === 0)).toBe(true);
    expect(graph.at(-1)?.x).toBe("2026-11-22");
    expect(graph).toHaveLength(676);
    expect(response.headers.get("link")).toContain("Data provided by CoinGecko");
  });

  it("answers without the trailing slash too", async () => {
    const { get } = api();
    const [with_, without] = await Promise.all(
      ["request/", "request"].map((end) => get(`/api/v1/process_${end}?symbol=doge&investment=5`)),
    );
    expect(await without?.json()).toEqual(await with_?.json());
  });

  it("answers 200 and that the symbol doesn't exist for one that is unknown, new or missing", async () => {
    const { get } = api();
    for (const symbol of ["symbol=NOSUCH&", "symbol=DOGECION&", "symbol=&", "", "symbol=NEW&"]) {
      const response = await get(`/api/v1/process_request/?${symbol}investment=1000`);
      expect({ symbol, status: response.status, body: await response.json() }).toEqual({
        symbol,
        status: 200,
        body: { message: "Symbol doesn't exist", graph_data: "Symbol doesn't exist" },
      });
    }
  });

  it("answers 400 and failure for an investment that is missing or not a number", async () => {
    const { get } = api();
    for (const investment of [
      "",
      "&investment=",
      "&investment=abc",
      "&investment=NaN",
      "&investment=-5",
      "&investment=0",
    ]) {
      const response = await get(`/api/v1/process_request/?symbol=DOGE${investment}`);
      expect({ investment, status: response.status, body: await response.json() }).toEqual({
        investment,
        status: 400,
        body: { message: "failure" },
      });
    }
  });

  it("takes the best known coin where several share a symbol", async () => {
    const { get } = api();
    expect(
      (await bodyOf(get("/api/v1/process_request/?symbol=TWIN&investment=1")))["message"],
    ).toMatchObject({ SYMBOL: "TWIN" });
  });

  it("fetches and caches a new symbol once, however many ask for it at the same time", async () => {
    const { market, get } = await startApi();
    await market.market().coins.refresh();
    const asked = await Promise.all(
      Array.from({ length: 10 }, () => get("/api/v1/process_request/?symbol=DOGE&investment=1000")),
    );
    const bodies = await Promise.all(asked.map((response) => response.text()));
    expect(new Set(bodies).size).toBe(1);
    expect(JSON.parse(bodies[0] ?? "")).toMatchObject({ message: { SYMBOL: "DOGE" } });
    const callsOfTen = market.fake.count({ path: /market_chart|\/chart|\/prices/ });
    // The days that CoinGecko's plan reaches, and the opening that DefiLlama knows.
    const rows = keptKeys(market).flatMap((key) => /closes:.*:dogecoin$/.exec(key)?.[0] ?? []);
    expect(rows.sort()).toEqual(["closes:coingecko:dogecoin", "closes:defillama:dogecoin"]);

    const alone = await startApi();
    await alone.get("/api/v1/process_request/?symbol=DOGE&investment=1000");
    expect(callsOfTen).toBe(alone.market.fake.count({ path: /market_chart|\/chart|\/prices/ }));
    expect(
      (await bodyOf(get("/api/v1/process_request/?symbol=DOGE&investment=1000")))["message"],
    ).toMatchObject({ SYMBOL: "DOGE" });
  });
});

describe("the JSON API's limits", () => {
  it("leave calls for Discord's members, whatever the web asks for", async () => {
    const many = Array.from({ length: 20 }, (_, at) => ({
      coinId: `many-${at}`,
      symbol: `M${at}`,
      name: `Many ${at}`,
      rank: at + 1,
      series: syntheticSeries({ firstOn: "2026-08-01", lastOn: "2026-11-24", startUsd: 1 }),
    }));
    const { market, get } = await startApi({ coins: many, pace: { timing: IMPATIENT } });
    await Promise.all(many.map(({ coinId }) => get(`/api/v1/valuation?coin=id:${coinId}`)));
    for (let at = 0; at < 30; at += 1)
      expect((await get(`/api/v1/valuation?coin=invented-${at}`)).status).toBe(404);
    expect(market.fake.count({ path: "/search" })).toBe(0);
    const coingecko = market.market().health()[0];
    expect(coingecko?.callsPerWindow).toBe(30);
    expect(coingecko?.callsLeft).toBeGreaterThanOrEqual(10);
    expect((await market.ask("many-19")).ok).toBe(true);
  });

  it("refuse an address beyond its limit, and say when to come back", async () => {
    const { get } = await startApi();
    const from = (address: string) => get("/api/v1/openapi.json", { "x-forwarded-for": address });
    for (let asked = 0; asked < ADDRESS_LIMIT.calls; asked += 1)
      expect((await from("203.0.113.9")).status).toBe(200);
    const refused = await from("203.0.113.9");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused.headers.get("ratelimit")).toMatch(/^"address";r=0;t=\d+$/);
    expect(await refused.json()).toMatchObject({
      status: 429,
      detail: expect.stringContaining("Ask again in"),
    });
  });

  it("count all networks of an IPv6 site together, and no other address with them", async () => {
    const { app } = await startApi();
    const behindProxy = { incoming: { socket: { remoteAddress: "127.0.0.1" } } };
    const from = async (address: string) =>
      app.request("/api/v1/openapi.json", { headers: { "x-forwarded-for": address } }, behindProxy);
    const network = (site: string, at: number) => from(`${site}:${at.toString(16)}::1`);
    for (let at = 0; at < SITE_LIMIT.calls; at += 1)
      expect((await network("2001:db8:1", at)).status).toBe(200);
    const refused = await network("2001:db8:1", SITE_LIMIT.calls);
    expect([refused.status, refused.headers.get("ratelimit")]).toEqual([
      429,
      expect.stringMatching(/^"site";r=0;t=\d+$/),
    ]);
    expect((await network("2001:db8:2", 0)).status).toBe(200);
    expect((await from("203.0.113.9")).status).toBe(200);
  });

  it("let pages of configured origins read responses, and no others", async () => {
    const { get, app } = await startApi({ corsOrigins: ["https://lambo.example"] });
    const allowed = await get("/api/v1/valuation?coin=steady", { origin: "https://lambo.example" });
    expect(allowed.headers.get("access-control-allow-origin")).toBe("https://lambo.example");
    for (const origin of ["https://evil.example", "null", "https://lambo.example.evil.example"]) {
      const other = await get("/api/v1/valuation?coin=steady", { origin });
      expect(other.headers.get("access-control-allow-origin")).toBeNull();
      // A cache in between must not serve one origin's response to another.
      expect([other.headers.get("vary"), allowed.headers.get("vary")]).toEqual([
        "Origin",
        "Origin",
      ]);
    }
    const preflight = await app.request("/api/v1/valuation", {
      method: "OPTIONS",
      headers: { origin: "https://lambo.example", "access-control-request-method": "GET" },
    });
    expect(preflight.headers.get("access-control-allow-methods")).toBe("GET");
    const closed = await startApi();
    const response = await closed.get("/api/v1/valuation?coin=steady", {
      origin: "https://lambo.example",
    });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });
});

describe("/api/v1/openapi.json", () => {
  const api = sharedApi();

  it("explains how the original answer's averages differ from its graph", () => {
    const { description } = OPEN_API.paths["/api/v1/process_request"].get;
    expect(description).toMatch(
      /mean of the daily closes of its first 28 calendar days .* `graph_data` shows weekly closes/,
    );
  });

  const Described = z.looseObject({
    openapi: z.string(),
    paths: z.record(
      z.string(),
      z.object({
        get: z.object({ responses: z.record(z.string(), z.object({ content: Body.optional() })) }),
      }),
    ),
  });

  async function described() {
    const document = Described.parse(await (await api().get("/api/v1/openapi.json")).json());
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema({ $id: "api", ...OPEN_API });
    return { ...api(), document, ajv };
  }

  it("describes exactly the routes that exist", async () => {
    const { app, document } = await described();
    const routes = app.routes
      .filter(({ method, path }) => method === "GET" && !path.includes("*"))
      .map(({ path }) => path);
    expect(new Set(routes.map((path) => path.replace(/\/$/, "")))).toEqual(
      new Set(Object.keys(document.paths)),
    );
    expect(document.openapi).toBe("3.1.0");
  });

  it("matches real answers and real refusals", async () => {
    const { get, document, ajv } = await described();
    const questions = [
      ["/api/v1/valuation", "?coin=steady"],
      ["/api/v1/valuation", "?coin=id:twin-one&amount=12.5&car=revuelto"],
      ["/api/v1/valuation", "?coin=nosuchcoin"],
      ["/api/v1/valuation", "?coin=twin"],
      ["/api/v1/valuation", "?coin=newborn"],
      ["/api/v1/valuation", "?coin=steady&amount=x"],
      ["/api/v1/process_request", "?symbol=DOGE&investment=1000"],
      ["/api/v1/process_request", "?symbol=NOSUCH&investment=1000"],
      ["/api/v1/process_request", "?symbol=DOGE"],
      ["/api/v1/openapi.json", ""],
    ] as const;
    const statuses = new Set<number>();
    for (const [path, query] of questions) {
      const response = await get(path + query);
      statuses.add(response.status);
      const content = document.paths[path]?.get.responses[response.status]?.content ?? {};
      const type = response.headers.get("content-type") ?? "";
      expect(Object.keys(content), `${path}${query} ${response.status}`).toContain(type);
      const pointer = [
        "paths",
        path,
        "get",
        "responses",
        String(response.status),
        "content",
        type,
        "schema",
      ];
      const reference = `api#/${pointer.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`;
      const validate = ajv.getSchema(reference);
      expect(
        validate?.(await response.json()),
        `${path}${query}: ${ajv.errorsText(validate?.errors)}`,
      ).toBe(true);
    }
    expect([...statuses].sort()).toEqual([200, 400, 404, 409]);
  });
});
