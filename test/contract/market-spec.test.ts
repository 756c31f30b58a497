import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fakeKeys } from "../support/fake-market/coingecko.ts";
import type { FakeCoin } from "../support/fake-market/fake-coin.ts";
import { type FakeMarket, startFakeMarket } from "../support/fake-market/fake-market.ts";
import type { MarketRequest } from "../support/fake-market/request-log.ts";
import { seriesOf, syntheticSeries } from "../support/price-series.ts";
import { checkMarketAnswer, checkMarketRequest, marketSpecs } from "./market-spec.ts";

const coins: FakeCoin[] = [
  {
    coinId: "bitcoin",
    symbol: "BTC",
    name: "Bitcoin",
    rank: 1,
    series: syntheticSeries({
      firstOn: "2013-04-28",
      lastOn: "2026-11-24",
      startUsd: 135.3,
      dailyGrowth: 0.001,
      wobble: 0.02,
    }),
    krakenPair: "XBTUSD",
    imageUrl: "https://coin-images.coingecko.com/coins/images/1/large/bitcoin.png",
  },
  {
    coinId: "dead-coin",
    symbol: "DEAD",
    name: "Dead Coin",
    rank: null,
    series: seriesOf("2021-01-01", [1, 2, 3]),
  },
  { coinId: "never-priced", symbol: "NVR", name: "Never Priced", rank: null, series: [] },
];

let market: FakeMarket;
beforeAll(async () => {
  market = await startFakeMarket({ coins, now: () => new Date("2026-11-24T12:00:00Z") });
});
afterAll(() => market.close());

async function ask(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown; complaints: string[] }> {
  const response = await fetch(url, { headers });
  const body: unknown = await response.json();
  return {
    status: response.status,
    body,
    complaints: [...checkMarketRequest(lastRequest()), ...checkMarketAnswer(lastRequest(), body)],
  };
}

function lastRequest(): MarketRequest {
  const request = market.requests.at(-1);
  if (request === undefined) throw new Error("the request was not logged");
  return request;
}

const coingeckoQuestions = [
  "/ping",
  "/coins/list",
  "/coins/list?include_platform=true&status=active",
  "/coins/markets?vs_currency=usd&per_page=250&page=1&order=market_cap_desc",
  "/coins/markets?vs_currency=usd&ids=bitcoin,dead-coin,never-priced&precision=full",
  "/search?query=bit",
  "/simple/price?ids=bitcoin,nobody&vs_currencies=usd&include_market_cap=true&include_24hr_vol=true&include_24hr_change=true&include_last_updated_at=true",
  "/coins/bitcoin/market_chart?vs_currency=usd&days=365&interval=daily",
  "/coins/bitcoin/market_chart?vs_currency=usd&days=90",
  "/coins/bitcoin/market_chart?vs_currency=usd&days=1",
  "/coins/never-priced/market_chart?vs_currency=usd&days=365&interval=daily",
  "/exchange_rates",
];

describe.skipIf(!marketSpecs.available)(
  `the fake market's responses fit the providers' OpenAPI files${marketSpecs.note}`,
  () => {
    it.each(coingeckoQuestions)("CoinGecko Demo: %s", async (question) => {
      const answer = await ask(market.urls.coingecko + question, {
        "x-cg-demo-api-key": fakeKeys.demo,
      });
      expect(answer).toMatchObject({ status: 200, complaints: [] });
    });

    it.each([
      ...coingeckoQuestions,
      "/coins/bitcoin/market_chart?vs_currency=usd&days=max&interval=daily",
    ])("CoinGecko Pro: %s", async (question) => {
      const answer = await ask(market.urls.coingeckoPro + question, {
        "x-cg-pro-api-key": fakeKeys.analyst,
      });
      expect(answer).toMatchObject({ status: 200, complaints: [] });
    });

    it.each([
      "/prices/first/coingecko:bitcoin,coingecko:dead-coin,coingecko:nobody",
      "/prices/current/coingecko:bitcoin,coingecko:dead-coin",
      "/prices/historical/1648680000/coingecko:bitcoin",
      "/chart/coingecko:bitcoin?start=1367107200&span=499&period=1d",
      "/chart/coingecko:bitcoin,coingecko:dead-coin?start=1609459200&span=4&period=1w",
      "/chart/coingecko:nobody?start=1609459200&span=4&period=1w",
    ])("DefiLlama: %s", async (question) => {
      expect(await ask(market.urls.defillama + question)).toMatchObject({
        status: 200,
        complaints: [],
      });
    });

    it("rejects a response that lacks, adds or mistypes a property", () => {
      const ping = { provider: "coingecko", host: "public", path: "/ping" } as const;
      const current = {
        provider: "defillama",
        host: "public",
        path: "/prices/current/coingecko:bitcoin",
      } as const;
      expect(checkMarketAnswer(ping, {})).toHaveLength(1);
      expect(checkMarketAnswer(ping, { gecko_says: "hi", mood: "good" })).toHaveLength(1);
      expect(
        checkMarketAnswer(current, {
          coins: { "coingecko:bitcoin": { price: "1", symbol: "BTC", timestamp: 1 } },
        }),
      ).toHaveLength(1);
    });
  },
);

describe.skipIf(!marketSpecs.available)(
  `a request is checked against the provider's OpenAPI file${marketSpecs.note}`,
  () => {
    const complaintsAbout = async (url: string, headers: Record<string, string> = {}) => {
      await fetch(url, { headers });
      return checkMarketRequest(lastRequest());
    };

    it.each([
      ["an undocumented path", "/coins/bitcoin/price", /not documented/],
      ["an undocumented parameter", "/ping?verbose=1", /verbose is not documented/],
      [
        "a parameter of another type",
        "/coins/markets?vs_currency=usd&per_page=many",
        /per_page=many must be integer/,
      ],
      [
        "a value outside the list",
        "/coins/bitcoin/market_chart?vs_currency=usd&days=1&interval=weekly",
        /interval=weekly must be equal to one/,
      ],
      ["a missing parameter", "/coins/bitcoin/market_chart?days=1", /vs_currency is missing/],
      ["a parameter that text has smuggled in", "/search?query=a&ids=b", /ids is not documented/],
    ])("complains about %s", async (_, question, complaint) => {
      expect((await complaintsAbout(market.urls.coingecko + question)).join("\n")).toMatch(
        complaint,
      );
    });

    it("complains about the key header of the other host", async () => {
      const complaints = await complaintsAbout(`${market.urls.coingeckoPro}/ping`, {
        "x-cg-demo-api-key": fakeKeys.demo,
      });
      expect(complaints.join("\n")).toMatch(/x-cg-demo-api-key does not belong/);
    });

    it("complains about DefiLlama's undocumented searchWidth", async () => {
      const complaints = await complaintsAbout(
        `${market.urls.defillama}/chart/coingecko:bitcoin?start=1609459200&span=4&searchWidth=600`,
      );
      expect(complaints.join("\n")).toMatch(/searchWidth is not documented/);
    });
  },
);

// Literal bodies of Kraken's API, which has no OpenAPI file here:
// https://docs.kraken.com/api/docs/rest-api/get-ohlc-data, checked 2026-11.
describe("the fake Kraken's responses are those of Kraken to the letter", () => {
  const askKraken = async (query: string) => {
    const response = await fetch(`${market.urls.kraken}/0/public/OHLC?${query}`);
    return { status: response.status, text: await response.text() };
  };

  it("return a pair under Kraken's own name for it, candles as lists of text, then `last`", async () => {
    const { status, text } = await askKraken("pair=XBTUSD&interval=10080");
    expect(status).toBe(200);
    const price = '"\\d+(\\.\\d+)?"';
    const candle = `\\[\\d{10},${price},${price},${price},${price},${price},${price},\\d+\\]`;
    expect(text).toMatch(
      new RegExp(
        `^\\{"error":\\[\\],"result":\\{"XXBTZUSD":\\[${candle}(,${candle})*\\],"last":\\d{10}\\}\\}$`,
      ),
    );
  });

  it("have status 200 for an unknown pair", async () => {
    expect(await askKraken("pair=NOPEUSD&interval=10080")).toEqual({
      status: 200,
      text: '{"error":["EQuery:Unknown asset pair"]}',
    });
  });

  it.each([
    [{ kind: "service-unavailable" } as const, '{"error":["EService:Unavailable"]}'],
    [{ kind: "rate-limited" } as const, '{"error":["EGeneral:Too many requests"]}'],
  ])("have status 200 for %o", async (fault, text) => {
    const heal = market.fail("kraken", fault);
    expect(await askKraken("pair=XBTUSD&interval=10080")).toEqual({ status: 200, text });
    heal();
  });

  it("are given after the request was checked against Kraken's documentation", async () => {
    await askKraken("pair=XBTUSD&interval=10080");
    expect(checkMarketRequest(lastRequest())).toEqual([]);
    await askKraken("pair=XBTUSD&interval=7&candles=3");
    expect(checkMarketRequest(lastRequest()).join("\n")).toMatch(
      /interval=7 must be equal.*candles is not documented/s,
    );
  });
});
