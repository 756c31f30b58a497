import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { answerJson } from "../../src/cards/answer-json.ts";
import { wenJson } from "../../src/cards/wen-json.ts";
import { UPSTREAM_TIMING } from "../../src/prices/sources/upstream.ts";
import { withNeededPrice } from "../../src/questions/wen.ts";
import { utcDay } from "../../src/valuation/calendar.ts";
import { AVERAGE_LAMBO, LAMBO_MODELS } from "../../src/valuation/lambo-models.ts";
import { ADDRESS_LIMIT, SITE_LIMIT } from "../../src/web/address-limit.ts";
import { OPEN_API } from "../../src/web/open-api.ts";
import { sharedApi, startApi } from "../support/api-under-test.ts";
import { syntheticSeries } from "../support/price-series.ts";

const [, URUS_S = AVERAGE_LAMBO] = LAMBO_MODELS;

/** The providers' own budgets; a call that finds none left gives up sooner than in the program. */
const IMPATIENT = {
  ...UPSTREAM_TIMING,
  deadlineMs: { ...UPSTREAM_TIMING.deadlineMs, interactive: 2_000 },
};

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

  it("/api/v1/wen answers with the same object as the terminal's wen --json, and 304 while it is unchanged", async () => {
    const { market, get } = api();
    const path = "/api/v1/wen?coin=steady&amount=250.5&car=urus-s";
    const response = await get(path);
    const outcome = await market.ask("steady", { stake: 250.5, car: URUS_S });
    if (!outcome.ok) throw new Error(outcome.refusal.reason);
    const answer = withNeededPrice(outcome.answer, utcDay(market.now()));
    if (!answer.ok) throw new Error(answer.refusal.reason);
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(wenJson(answer.answer))));
    expect(response.headers.get("link")).toContain("Data provided by CoinGecko");
    const tag = { "if-none-match": response.headers.get("etag") ?? "" };
    expect((await get(path, tag)).status).toBe(304);
  });

  it("/api/v1/compare answers with the valuations of its coins and those that are refused, and 304 while it is unchanged", async () => {
    const { market, get } = api();
    const path = "/api/v1/compare?coins=steady,nosuchcoin&coin=id:twin-one&amount=250.5&car=urus-s";
    const response = await get(path);
    expect(response.headers.get("link")).toContain("Data provided by CoinGecko");
    const body = Body.parse(await response.json());
    const coins = z.array(Body).parse(body["coins"]);
    for (const coin of coins) {
      const outcome = await market.ask(`id:${coin["coinId"]}`, { stake: 250.5, car: URUS_S });
      if (!outcome.ok) throw new Error(outcome.refusal.reason);
      expect(coin).toEqual(JSON.parse(JSON.stringify(answerJson(outcome.answer))));
    }
    expect(coins.map(({ coinId }) => coinId).sort()).toEqual(["steady", "twin-one"]);
    expect(body).toMatchObject({ from: "each", refused: [{ reason: "unknown-coin" }] });
    expect(Number(body["factor"])).toBeGreaterThanOrEqual(1);
    const tag = { "if-none-match": response.headers.get("etag") ?? "" };
    expect((await get(path, tag)).status).toBe(304);
  });

  it.each([
    ["", 400, "too-few-coins"],
    ["?coins=steady,steady", 400, "too-few-coins"],
    ["?coins=steady,nosuchcoin", 404, "too-few-coins"],
    ["?coins=steady,twin", 409, "too-few-coins"],
    ["?coins=a,b,c,d,e", 400, "too-many-coins"],
    [`?coins=${"steady,".repeat(1_000)}`, 400, "too-many-coins"],
    ["?coins=steady,id:twin-one&from=now", 400, "unknown-start"],
    ["?coins=steady,id:twin-one&amount=much", 400, "invalid-amount"],
  ])("/api/v1/compare refuses %s with %i and the reason", async (query, status, reason) => {
    const { get } = api();
    const response = await get(`/api/v1/compare${query}`);
    expect(await response.json()).toMatchObject({ status, reason });
    expect(response.status).toBe(status);
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
    const { get } = await startApi();
    const from = (address: string) => get("/api/v1/openapi.json", { "x-forwarded-for": address });
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
    expect(preflight.headers.get("access-control-allow-methods")).toBe("GET,HEAD");
    const closed = await startApi();
    const response = await closed.get("/api/v1/valuation?coin=steady", {
      origin: "https://lambo.example",
    });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("let every page read responses and refusals where the configuration says *", async () => {
    const { get } = await startApi({ corsOrigins: ["*"] });
    const paths = ["/api/v1/valuation?coin=steady", "/api/v1/nothing", "/process_request"];
    for (const path of paths) {
      const { headers } = await get(path, { origin: "https://anybody.example" });
      expect([path, headers.get("access-control-allow-origin")]).toEqual([path, "*"]);
      expect(headers.get("access-control-allow-credentials")).toBeNull();
    }
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
      ["/api/v1/wen", "?coin=steady&amount=12.5"],
      ["/api/v1/wen", "?coin=nosuchcoin"],
      ["/api/v1/wen", ""],
      ["/api/v1/compare", "?coins=steady,doge"],
      ["/api/v1/compare", "?coin=steady&coin=nosuchcoin&coin=doge&from=youngest"],
      ["/api/v1/compare", "?coins=steady"],
      ["/api/v1/compare", "?coins=steady,doge&from=yesterday"],
      ["/api/v1/compare", ""],
      ["/api/v1/process_request", "?symbol=DOGE&investment=1000"],
      ["/api/v1/process_request", "?symbol=NOSUCH&investment=1000"],
      ["/api/v1/process_request", "?symbol=DOGE"],
      ["/api/v1/project/core/process_request", "?symbol=DOGE&investment=1e3"],
      ["/api/v1/project/core/process_request", "?symbol=DOGE&investment=x"],
      ["/api/process_request", "?symbol=DOGE&investment=x"],
      ["/process_request", "?symbol=DOGE&investment=x"],
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
