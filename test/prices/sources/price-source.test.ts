import type { FetchCache } from "../../../src/prices/cache/fetch-cache.ts";
import { createDemoSources } from "../../../src/prices/demo-market.ts";
import { createCoinGecko } from "../../../src/prices/sources/coingecko.ts";
import { createCoinMetrics } from "../../../src/prices/sources/coinmetrics.ts";
import { createDefiLlama } from "../../../src/prices/sources/defillama.ts";
import { createKraken } from "../../../src/prices/sources/kraken.ts";
import { fakeKeys } from "../../support/fake-market/coingecko.ts";
import type { FakeMarket } from "../../support/fake-market/fake-market.ts";
import {
  describePriceSource,
  type FaultRow,
  type RawPrice,
  type SourceMaking,
} from "./price-source.contract.ts";

const coin = { coinId: "coin", symbol: "COIN" };

const forgetful: Pick<FetchCache, "runExclusive" | "get" | "set"> = {
  runExclusive: (_key, work) => work(),
  get: async () => undefined,
  set: async () => undefined,
};

const coingeckoFaults: readonly FaultRow[] = [
  ["the month's credits spent (10006)", { kind: "credits-spent" }, "credits-spent", 1],
  ["key missing (10002)", { kind: "key-missing" }, "not-allowed", 1],
  ["not in this plan (10005)", { kind: "not-in-plan" }, "not-allowed", 1],
  ["too far back (10012)", { kind: "too-far-back" }, "not-allowed", 1],
  ["a Pro key on the public host (10010)", { kind: "pro-key-on-public-host" }, "not-allowed", 1],
  ["a Demo key on the Pro host (10011)", { kind: "demo-key-on-pro-host" }, "not-allowed", 1],
];

function coingecko(plan: "demo" | "analyst", baseUrl: (fake: FakeMarket) => string) {
  return {
    title: `CoinGecko (${plan})`,
    coin,
    create: (making: SourceMaking) =>
      createCoinGecko({ plan, apiKey: fakeKeys[plan], cache: forgetful, ...making }).source,
    remote: {
      provider: "coingecko",
      baseUrl,
      closesPath: "/coins/coin/market_chart",
      bodyOf: (prices: readonly RawPrice[]) => ({ prices, market_caps: [], total_volumes: [] }),
      blocked: { reason: "unreachable", requests: 3 },
      ownFaults: coingeckoFaults,
    },
  } as const;
}

describePriceSource(coingecko("demo", (fake) => fake.urls.coingecko));
describePriceSource(coingecko("analyst", (fake) => fake.urls.coingeckoPro));

describePriceSource({
  title: "DefiLlama",
  coin,
  create: (making) => createDefiLlama(making).source,
  remote: {
    provider: "defillama",
    baseUrl: (fake) => fake.urls.defillama,
    closesPath: /^\/(chart|prices\/first)\//,
    bodyOf: (prices) => {
      const records = prices.map(([atMs, price]) => ({ timestamp: atMs / 1_000, price }));
      const priced = records.filter(({ timestamp, price }) => price !== null && timestamp < 1e12);
      const first = priced.sort((a, b) => a.timestamp - b.timestamp)[0] ?? records[0];
      return {
        coins: {
          "coingecko:coin": { symbol: "COIN", confidence: 0.99, ...first, prices: records },
        },
      };
    },
    blocked: { reason: "not-allowed", requests: 1 },
    ownFaults: [],
  },
});

/** Coin Metrics stamps with nanoseconds; an instant that no calendar holds as its text would be. */
function coinMetricsTime(atMs: number): string {
  const at = new Date(atMs);
  return Number.isNaN(at.getTime())
    ? "9999-99-99T00:00:00.000000000Z"
    : at.toISOString().replace("Z", "000000Z");
}

const coinMetricsError = (status: number, type: string) =>
  ({ kind: "answer", status, body: JSON.stringify({ error: { type, message: "No." } }) }) as const;

describePriceSource({
  title: "Coin Metrics",
  coin,
  create: (making) =>
    createCoinMetrics({
      assets: new Map([
        ["coin", { assetId: "coin", startsOn: "2026-06-04", listedOn: "2026-06-04" }],
      ]),
      ...making,
    }),
  remote: {
    provider: "coinmetrics",
    baseUrl: (fake) => fake.urls.coinmetrics,
    closesPath: "/timeseries/asset-metrics",
    bodyOf: (prices) => ({
      data: prices.map(([atMs, price]) => ({
        asset: "coin",
        time: coinMetricsTime(atMs),
        ReferenceRateUSD: price === null ? null : String(price),
      })),
    }),
    blocked: { reason: "not-allowed", requests: 1 },
    ownFaults: [
      [
        "an asset that it does not support",
        coinMetricsError(400, "bad_parameter"),
        "unknown-coin",
        1,
      ],
      ["credentials wanted", coinMetricsError(401, "unauthorized"), "not-allowed", 1],
      [
        "credentials that it does not know",
        coinMetricsError(401, "wrong_credentials"),
        "not-allowed",
        1,
      ],
      ["a metric that is not free", coinMetricsError(403, "forbidden"), "not-allowed", 1],
      ["an error in its own words", coinMetricsError(500, "internal_error"), "unreachable", 3],
      ["a gateway that gave up (524)", coinMetricsError(524, "timeout"), "unreachable", 3],
      ["a path that is gone", coinMetricsError(404, "not_found"), "bad-answer", 1],
      ["an error with status 200", coinMetricsError(200, "internal_error"), "bad-answer", 1],
    ],
  },
});

describePriceSource({
  title: "Kraken",
  coin,
  create: createKraken,
  remote: {
    provider: "kraken",
    baseUrl: (fake) => fake.urls.kraken,
    closesPath: "/0/public/OHLC",
    bodyOf: (prices) => {
      const candles = prices.map(([atMs, close]) => [
        atMs / 1_000,
        "1",
        "1",
        "1",
        String(close ?? 0),
        "1",
        "1",
        1,
      ]);
      return { error: [], result: { COINUSD: candles, last: 0 } };
    },
    blocked: { reason: "not-allowed", requests: 1 },
    ownFaults: [
      [
        "an error of a class it does not know",
        { kind: "answer", status: 200, body: '{"error":["EGeneral:Internal error"]}' },
        "bad-answer",
        3,
      ],
    ],
  },
});

describePriceSource({
  title: "The demo market",
  coin: { coinId: "dogecoin", symbol: "DOGE" },
  create: ({ now }) => createDemoSources(now).source,
});
