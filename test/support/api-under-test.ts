import type { Hono } from "hono";
import { afterAll, afterEach, beforeAll } from "vitest";
import { silentLog } from "../../src/process/log.ts";
import { type Api, createApi } from "../../src/web/api.ts";
import { createClientAddress } from "../../src/web/client-address.ts";
import type { WebEnvironment } from "../../src/web/listen.ts";
import { createSite } from "../../src/web/site.ts";
import {
  type MarketUnderTest,
  type MarketUnderTestOptions,
  startMarketUnderTest,
} from "./market-under-test.ts";
import { syntheticSeries } from "./price-series.ts";
import { UNLIMITED } from "./quick-timing.ts";

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

/** The JSON API on a fake market, without a server. */
export type ApiUnderTest = {
  readonly market: MarketUnderTest;
  readonly app: Hono<WebEnvironment>;
  readonly api: Api;
  /** Asks through a proxy, so that `x-forwarded-for` says which visitor it is. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
};

/** Settings of an API under test. */
export type ApiSettings = {
  readonly corsOrigins?: readonly string[];
  readonly coins?: MarketUnderTestOptions["coins"];
  /** Unlimited call budgets by default. */
  readonly pace?: Pick<MarketUnderTestOptions, "budget" | "timing">;
};

const BEHIND_PROXY = { incoming: { socket: { remoteAddress: "127.0.0.1" } } };

async function openApi({
  corsOrigins = [],
  coins: fakeCoins = COINS,
  pace = { budget: UNLIMITED },
}: ApiSettings = {}): Promise<ApiUnderTest> {
  const market = await startMarketUnderTest({ coins: fakeCoins, ...pace });
  const { coins, prices, rates } = market.market();
  const api = createApi({
    services: { coins, prices, rates, now: market.now },
    corsOrigins,
    limit: { clientAddress: createClientAddress([]) },
  });
  const app = createSite({ parts: [api.routes], log: silentLog });
  const get: ApiUnderTest["get"] = async (path, headers = {}) =>
    app.request(path, { headers }, BEHIND_PROXY);
  return { market, app, api, get };
}

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/**
 * One API for the tests of a block that change nothing. Their requests together must stay below
 * the limit of one address.
 */
export function sharedApi(settings: ApiSettings = {}): () => ApiUnderTest {
  let api: ApiUnderTest | undefined;
  beforeAll(async () => {
    api = await openApi(settings);
  });
  afterAll(() => api?.market.close());
  return () => {
    if (api === undefined) throw new Error("The API has not started.");
    return api;
  };
}

/** An API for one test. */
export async function startApi(settings: ApiSettings = {}): Promise<ApiUnderTest> {
  const api = await openApi(settings);
  open.push(() => api.market.close());
  return api;
}
