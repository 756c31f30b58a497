import type { Hono } from "hono";
import {
  createPictureMaker,
  type PictureMaker,
  type PictureMakerOptions,
} from "../../../src/pictures/picture-maker.ts";
import { createDemoMarket } from "../../../src/prices/market.ts";
import { silentLog } from "../../../src/process/log.ts";
import { createClientAddress } from "../../../src/web/client-address.ts";
import type { WebEnvironment } from "../../../src/web/listen.ts";
import { webPages } from "../../../src/web/pages/pages.ts";
import { createSite } from "../../../src/web/site.ts";
import type { FakeCoin } from "../../support/fake-market/fake-coin.ts";
import { type MarketUnderTest, startMarketUnderTest } from "../../support/market-under-test.ts";
import { syntheticSeries } from "../../support/price-series.ts";
import { UNLIMITED } from "../../support/quick-timing.ts";

/** A coin whose name attacks the page. */
export const HOSTILE = `"><img src=x onerror=alert(1)>\u202E'</title><script>alert(2)</script>`;

const grown = syntheticSeries({
  firstOn: "2019-01-01",
  lastOn: "2026-11-24",
  startUsd: 0.001,
  dailyGrowth: 0.003,
  wobble: 0.05,
});
const flat = syntheticSeries({ firstOn: "2024-01-01", lastOn: "2026-11-24", startUsd: 1 });
const ended = syntheticSeries({
  firstOn: "2019-01-01",
  lastOn: "2022-05-20",
  startUsd: 1,
  dailyGrowth: 0.002,
});

/** The coins of {@link startSiteUnderTest}. */
export const SITE_COINS: readonly FakeCoin[] = [
  { coinId: "dogecoin", symbol: "DOGE", name: "Dogecoin", rank: 8, series: grown },
  {
    coinId: "sinking",
    symbol: "SINK",
    name: "Sinking",
    rank: 40,
    series: [...flat].map((close, at) => ({ ...close, priceUsd: 2 / (1 + at / 100) })),
  },
  { coinId: "c", symbol: "CEE", name: "Cee", rank: 41, series: flat },
  { coinId: "gone", symbol: "GONE", name: "Gone", rank: null, series: ended },
  { coinId: "hostile", symbol: "<b>", name: HOSTILE, rank: 30, series: flat },
  { coinId: "shekel-coin", symbol: "ILSC", name: "שקל 12", rank: 50, series: flat },
  { coinId: "twin-one", symbol: "TWIN", name: "Twin", rank: null, series: flat },
  { coinId: "twin-two", symbol: "TWIN", name: "Twin", rank: null, series: flat },
  {
    coinId: "newborn",
    symbol: "NEW",
    name: "Newborn",
    rank: 900,
    series: syntheticSeries({ firstOn: "2026-11-22", lastOn: "2026-11-24", startUsd: 1 }),
  },
];

/** The web pages over a fake market. */
export type SiteUnderTest = {
  readonly market: MarketUnderTest;
  readonly app: Hono<WebEnvironment>;
  /** How often a picture has been drawn. */
  drawings(): number;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  close(): Promise<void>;
};

/** Starts the pages at `https://lambo.example`; the caller closes them. */
export async function startSiteUnderTest({
  publicUrl = "https://lambo.example",
  applicationId,
  drawing = {},
  isDemo = false,
}: {
  readonly publicUrl?: string;
  readonly applicationId?: string;
  readonly drawing?: PictureMakerOptions;
  /** With the demo market's coins instead. */
  readonly isDemo?: boolean;
} = {}): Promise<SiteUnderTest> {
  const market = await startMarketUnderTest({ coins: [...SITE_COINS], budget: UNLIMITED });
  const { coins, prices, rates } = isDemo
    ? createDemoMarket({ log: silentLog, now: market.now })
    : market.market();
  const maker = createPictureMaker(drawing);
  let drawings = 0;
  const pictures: PictureMaker = {
    ...maker,
    answer(subject) {
      if (!maker.hasAnswer(subject)) drawings += 1;
      return maker.answer(subject);
    },
  };
  const pages = webPages({
    services: {
      ...{ coins, prices, rates, pictures, log: silentLog, now: market.now },
      pages: {
        publicUrl,
        privacyUrl: "https://lambo.example/privacy",
        termsUrl: undefined,
        supportUrl: undefined,
      },
    },
    key: Buffer.alloc(32, 7),
    limit: { clientAddress: createClientAddress([]) },
    isDemo,
    publicUrl: () => publicUrl,
    applicationId: () => applicationId,
  });
  const app = createSite({ parts: [pages.routes], notFoundPage: pages.notFound, log: silentLog });
  let visitor = 0;
  return {
    market,
    app,
    drawings: () => drawings,
    async get(path, headers = {}) {
      visitor += 1;
      // Every request has an address of its own unless the test names one.
      const from = { "x-forwarded-for": `10.0.${visitor >> 8}.${visitor & 255}` };
      return app.request(path, { headers: { ...from, ...headers } }, LOOPBACK);
    },
    close: () => market.close(),
  };
}

/** As if a proxy on this machine had passed the request on. */
const LOOPBACK = { incoming: { socket: { remoteAddress: "127.0.0.1" } } };
