import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { daysBetween } from "../../src/valuation/valuation.ts";
import type { DailyPrice } from "./price-series.ts";

/** A provider that the fake market speaks. */
export type Provider = "coingecko" | "defillama" | "kraken";

/** What a key (or no key) buys at CoinGecko: the values of COINGECKO_PLAN. */
export type Plan = "keyless" | "demo" | "basic" | "analyst" | "lite" | "enterprise";

/** One provider's own closes of a coin, or `"absent"` when it does not know the coin. */
export type ProviderSeries = readonly DailyPrice[] | "absent";

/** A coin of the fake market. `series` is what every provider tells unless it has one of its own. */
export type FakeCoin = {
  /** CoinGecko's id, also DefiLlama's (`coingecko:<coinId>`). */
  readonly coinId: string;
  readonly symbol: string;
  readonly name: string;
  /** By market cap; null as for CoinGecko's unranked coins. */
  readonly rank: number | null;
  /** Price at 00:00 UTC of each day, in any order, days after `now` included: those stay hidden until the clock gets there. */
  readonly series: readonly DailyPrice[];
  readonly coingecko?: ProviderSeries;
  readonly defillama?: ProviderSeries;
  readonly kraken?: ProviderSeries;
  /** The pair to ask Kraken for, e.g. XBTUSD; without it Kraken does not list the coin. */
  readonly krakenPair?: string;
  /** The key under which Kraken answers, e.g. XXBTZUSD; by Kraken's own rule for old pairs when left out. */
  readonly krakenResultKey?: string;
  readonly imageUrl?: string;
  /** DefiLlama's confidence, 0 to 1; 0.99 by default. */
  readonly confidence?: number;
  /** DefiLlama's `/prices/first` stamps the first record this many seconds after 00:00 UTC; 0 by default. */
  readonly firstRecordSeconds?: number;
  /** Whether DefiLlama's charts know the first day at 00:00 UTC (the default) or only at `firstRecordSeconds`. */
  readonly firstDayInCharts?: boolean;
  /** DefiLlama stamps every chart record this many seconds off 00:00 UTC, as its collector does; negative is the evening before. */
  readonly recordOffsetSeconds?: number;
};

/** What goes wrong with an answer. */
export type Fault =
  /** 429 (Kraken: HTTP 200 with EGeneral:Too many requests); without `retryAfter` there is no such header. Seconds or an HTTP date. */
  | { readonly kind: "rate-limited"; readonly retryAfter?: number | string }
  /** CoinGecko's 429 with code 10006. */
  | { readonly kind: "credits-spent" }
  /** CoinGecko's 401 with code 10002. */
  | { readonly kind: "key-missing" }
  /** CoinGecko's 401 with code 10005. */
  | { readonly kind: "not-in-plan" }
  /** CoinGecko's 401 with code 10012. */
  | { readonly kind: "too-far-back" }
  /** CoinGecko's 400 with code 10010. */
  | { readonly kind: "pro-key-on-public-host" }
  /** CoinGecko's 400 with code 10011. */
  | { readonly kind: "demo-key-on-pro-host" }
  /** A plain 5xx; 503 by default. */
  | { readonly kind: "server-error"; readonly status?: number }
  /** Kraken's way of a 503: HTTP 200 with EService:Unavailable. */
  | { readonly kind: "service-unavailable" }
  /** A page of HTML with status 200. */
  | { readonly kind: "html" }
  /** A CDN's page of HTML with status 403. */
  | { readonly kind: "blocked" }
  /** The first half of the right answer, then a proper end. */
  | { readonly kind: "cut-json" }
  /** The first half of the right answer, then a broken connection. */
  | { readonly kind: "cut-connection" }
  /** Status 200, then one byte each `everyMs` (1,000 by default) for ever. */
  | { readonly kind: "drip"; readonly everyMs?: number }
  /** Never answers. */
  | { readonly kind: "hang" }
  /** Closes the connection without a byte. A refused connection is {@link refusedUrl}. */
  | { readonly kind: "reset" }
  /** The right shape with numbers where text belongs and text where numbers belong. */
  | { readonly kind: "wrong-types" }
  /** The right answer, but not before `until` resolves: lets a test hold requests in flight without sleeping. */
  | { readonly kind: "held"; readonly until: Promise<unknown> }
  /** Any answer at all. */
  | { readonly kind: "answer"; readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> };

/** Which requests a fault strikes: all of the provider's by default. */
export type FaultScope = {
  /** Strikes so many requests, then heals; for ever when left out. */
  readonly times?: number;
  /** Strikes only these paths, without the provider's prefix, e.g. `/coins/list` or `/^\/coins\/.*\/market_chart$/`. */
  readonly path?: string | RegExp;
};

/** One request that the market received. */
export type MarketRequest = {
  readonly provider: Provider;
  /** CoinGecko's two hosts: `public` (keyless, Demo) and `pro`; `public` for the other providers. */
  readonly host: "public" | "pro";
  readonly method: string;
  /** Percent-encoded as received, without the provider's prefix and the query: `/coins/bitcoin/market_chart`. */
  readonly path: string;
  /** Decoded; of a repeated parameter the first. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** Path and query exactly as received. */
  readonly url: string;
  /** By the market's own clock. */
  readonly at: Date;
  /** What a strict provider would complain about: an undocumented path or parameter, a key in the query string, … */
  readonly violations: readonly string[];
  /** The fault that struck, if any. */
  readonly fault?: Fault["kind"];
};

/** Which requests of the log are meant; an empty filter means all. */
export type RequestFilter = {
  readonly provider?: Provider;
  readonly path?: string | RegExp;
};

/** Options of {@link startFakeMarket}. */
export type FakeMarketOptions = {
  readonly coins: readonly FakeCoin[];
  /** The market's clock: what is "now", and which days are over. */
  readonly now: () => Date;
  /** Units of a currency for one USD, by CoinGecko's lower-case code; a handful of currencies by default. */
  readonly ratesPerUsd?: Readonly<Record<string, number>>;
};

/** A running fake market. */
export type FakeMarket = {
  /** Values for COINGECKO_BASE_URL (either host), DEFILLAMA_BASE_URL and KRAKEN_BASE_URL. */
  readonly urls: { readonly coingecko: string; readonly coingeckoPro: string; readonly defillama: string; readonly kraken: string };
  /** The environment variables of a bot that has this plan and asks this market. */
  environment(plan: Plan): Record<string, string>;
  /** Every request in the order of arrival. */
  readonly requests: readonly MarketRequest[];
  /** How many requests arrived. */
  count(filter?: RequestFilter): number;
  /** Resolves as soon as that many requests (1 by default) have arrived since the start or the last `forget()`. */
  arrived(filter?: RequestFilter, count?: number): Promise<void>;
  /** All violations of all requests, each with its request; a well-behaved bot leaves this empty. */
  violations(): string[];
  /** Empties the request log. */
  forget(): void;
  /** Switches a fault on, newest first; the returned function switches it off again. */
  fail(provider: Provider, fault: Fault, scope?: FaultScope): () => void;
  /** Switches all faults of one provider, or of all, off. */
  heal(provider?: Provider): void;
  /** Lists other coins from now on. */
  setCoins(coins: readonly FakeCoin[]): void;
  /** Ends every connection and timer at once, hanging answers included; closing twice is fine. */
  close(): Promise<void>;
};

/** A key that the fake's CoinGecko accepts for each plan; like real ones, they do not tell their plan. */
export const fakeKeys: Readonly<Record<Exclude<Plan, "keyless">, string>> = {
  demo: "CG-fakeAAAAAAAAAAAAAAAAAAAA",
  basic: "CG-fakeBBBBBBBBBBBBBBBBBBBB",
  analyst: "CG-fakeCCCCCCCCCCCCCCCCCCCC",
  lite: "CG-fakeDDDDDDDDDDDDDDDDDDDD",
  enterprise: "CG-fakeEEEEEEEEEEEEEEEEEEEE",
};

/** Days that a plan reaches back: https://docs.coingecko.com/docs/common-errors-rate-limit (error 10012), checked 2026-11. */
const reachDays: Readonly<Record<Plan, number>> = {
  keyless: 365,
  demo: 365,
  basic: 730,
  analyst: Number.POSITIVE_INFINITY,
  lite: Number.POSITIVE_INFINITY,
  enterprise: Number.POSITIVE_INFINITY,
};

const DAY_MS = 86_400_000;
const DAY_SECONDS = 86_400;
/** CoinGecko shows a finished UTC day about ten minutes after its end: https://docs.coingecko.com/reference/coins-id-market-chart, checked 2026-11. */
const PUBLISHED_AFTER_MS = 600_000;
/** A coin without a price for longer is no longer quoted. */
const QUOTED_WITHIN_DAYS = 7;
/** coins × span of one DefiLlama chart. Its published server refuses from 501 on; the fake is one stricter than that to leave no room. */
const MAX_CHART_POINTS = 499;
/** https://docs.kraken.com/api/docs/rest-api/get-ohlc-data, checked 2026-11. */
const MAX_CANDLES = 720;
const krakenIntervals = ["1", "5", "15", "30", "60", "240", "1440", "10080", "21600"];
/** Assets of Kraken's early days are X…, the dollar beside them Z…: XBTUSD answers as XXBTZUSD, SOLUSD as SOLUSD. */
const krakenLegacyAssets = ["ETC", "ETH", "LTC", "MLN", "REP", "XBT", "XLM", "XMR", "XRP", "ZEC"];

const defaultRatesPerUsd: Readonly<Record<string, number>> = {
  aud: 1.4,
  brl: 5,
  cad: 1.38,
  chf: 0.8,
  cny: 7,
  eur: 0.86,
  gbp: 0.75,
  idr: 17_800,
  inr: 95,
  jpy: 159,
  krw: 1507,
  kwd: 0.31,
  pln: 3.6,
  sek: 9.3,
};

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Answer = { readonly status: number; readonly body: Json };
type Asked = Pick<MarketRequest, "host" | "path" | "query" | "headers"> & {
  readonly segments: readonly string[];
  complain(violation: string): void;
};
type ActiveFault = { readonly provider: Provider; readonly fault: Fault; readonly path: string | RegExp | undefined; left: number };

/**
 * Starts one HTTP server on 127.0.0.1 that speaks CoinGecko (both hosts), DefiLlama and Kraken about the given coins,
 * with CoinGecko's plans and walls and with faults that can be switched at any time. Nothing in it is random.
 */
export async function startFakeMarket(options: FakeMarketOptions): Promise<FakeMarket> {
  const { now } = options;
  const ratesPerUsd = { usd: 1, ...(options.ratesPerUsd ?? defaultRatesPerUsd) };
  let coins = options.coins;
  const requests: MarketRequest[] = [];
  const strays: string[] = [];
  let faults: ActiveFault[] = [];
  let waiting: { readonly filter: RequestFilter; readonly count: number; readonly resolve: () => void }[] = [];
  const timers = new Set<NodeJS.Timeout>();

  const count = (filter: RequestFilter = {}) => requests.filter((request) => isMeant(request, filter)).length;

  const takeFault = (provider: Provider, path: string): Fault | undefined => {
    const struck = faults.find((active) => active.provider === provider && active.left > 0 && pathIs(path, active.path));
    if (struck !== undefined) struck.left -= 1;
    return struck?.fault;
  };

  const receive = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [rawPath = "", rawQuery = ""] = (incoming.url ?? "").split(/\?(.*)/s);
    const mount = mounts.find(({ prefix }) => rawPath.startsWith(`${prefix}/`));
    if (mount === undefined) {
      strays.push(`${incoming.url}: belongs to no provider`);
      return reply(response, { status: 404, body: { error: `the fake market has nothing at ${rawPath}` } });
    }
    const { provider, host, prefix } = mount;

    const path = rawPath.slice(prefix.length);
    const violations: string[] = [];
    const query: Record<string, string> = {};
    for (const [name, text] of new URLSearchParams(rawQuery)) {
      if (name in query) violations.push(`parameter ${name} is given twice`);
      else query[name] = text;
    }
    const fault = takeFault(provider, path);
    const request: MarketRequest = {
      provider,
      host,
      path,
      query,
      violations,
      at: now(),
      url: incoming.url ?? "",
      method: incoming.method ?? "",
      headers: incoming.headers,
      ...(fault === undefined ? {} : { fault: fault.kind }),
    };
    requests.push(request);
    const asked: Asked = {
      host,
      path,
      query,
      headers: incoming.headers,
      segments: decodedSegments(path, violations),
      complain: (violation) => violations.push(violation),
    };
    if (request.method !== "GET") asked.complain(`method ${request.method}`);
    // The answer is worked out before a fault strikes, so that violations are seen on bad days too.
    const answer = answerOf(provider, asked);
    const ready = waiting.filter((waiter) => count(waiter.filter) >= waiter.count);
    waiting = waiting.filter((waiter) => !ready.includes(waiter));
    for (const waiter of ready) waiter.resolve();

    if (fault === undefined) return reply(response, answer);
    await strike(fault, provider, answer, response, timers);
  };

  const answerOf = (provider: Provider, asked: Asked): Answer => {
    switch (provider) {
      case "coingecko":
        return coingecko(asked, coins, now(), ratesPerUsd);
      case "defillama":
        return defillama(asked, coins, now());
      case "kraken":
        return kraken(asked, coins, now());
    }
  };

  const server = createServer((incoming, response) => {
    receive(incoming, response).catch((cause: unknown) => {
      // A defect of the fake must fail the test that met it, with its own words.
      if (!response.headersSent) reply(response, { status: 500, body: { error: `fake market: ${String(cause)}` } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${portOf(server.address())}`;
  const urls = {
    coingecko: `${origin}/coingecko/api/v3`,
    coingeckoPro: `${origin}/coingecko-pro/api/v3`,
    defillama: `${origin}/defillama`,
    kraken: `${origin}/kraken`,
  };

  return {
    urls,
    environment: (plan) => ({
      COINGECKO_PLAN: plan,
      ...(plan === "keyless" ? {} : { COINGECKO_API_KEY: fakeKeys[plan] }),
      COINGECKO_BASE_URL: plan === "keyless" || plan === "demo" ? urls.coingecko : urls.coingeckoPro,
      DEFILLAMA_BASE_URL: urls.defillama,
      KRAKEN_BASE_URL: urls.kraken,
    }),
    requests,
    count,
    arrived: (filter = {}, wanted = 1) =>
      count(filter) >= wanted ? Promise.resolve() : new Promise((resolve) => waiting.push({ filter, count: wanted, resolve })),
    violations: () => [
      ...strays,
      ...requests.flatMap((request) => request.violations.map((violation) => `${request.provider} ${request.url}: ${violation}`)),
    ],
    forget: () => {
      requests.length = 0;
      strays.length = 0;
    },
    fail: (provider, fault, scope = {}) => {
      const active: ActiveFault = { provider, fault, path: scope.path, left: scope.times ?? Number.POSITIVE_INFINITY };
      faults.unshift(active);
      return () => {
        faults = faults.filter((other) => other !== active);
      };
    },
    heal: (provider) => {
      faults = faults.filter((active) => provider !== undefined && active.provider !== provider);
    },
    setCoins: (others) => {
      coins = others;
    },
    close: () =>
      new Promise((resolve, reject) => {
        if (!server.listening) return resolve();
        for (const timer of timers) clearInterval(timer);
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

/** A base URL at which every connection is refused: a port that was free a moment ago. */
export async function refusedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = portOf(server.address());
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

const mounts: readonly { readonly prefix: string; readonly provider: Provider; readonly host: "public" | "pro" }[] = [
  { prefix: "/coingecko/api/v3", provider: "coingecko", host: "public" },
  { prefix: "/coingecko-pro/api/v3", provider: "coingecko", host: "pro" },
  { prefix: "/defillama", provider: "defillama", host: "public" },
  { prefix: "/kraken", provider: "kraken", host: "public" },
];

function portOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): number {
  if (address === null || typeof address === "string") throw new Error("the fake market listens on no port");
  return address.port;
}

function pathIs(path: string, wanted: string | RegExp | undefined): boolean {
  return wanted === undefined || (typeof wanted === "string" ? path === wanted : wanted.test(path));
}

function isMeant(request: MarketRequest, filter: RequestFilter): boolean {
  return (filter.provider === undefined || request.provider === filter.provider) && pathIs(request.path, filter.path);
}

function decodedSegments(path: string, violations: string[]): string[] {
  try {
    return path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    violations.push(`malformed percent-encoding in ${path}`);
    return [];
  }
}

function checkParameters(asked: Asked, documented: readonly string[]): void {
  for (const name of Object.keys(asked.query)) if (!documented.includes(name)) asked.complain(`undocumented parameter ${name}`);
}

function listOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

type PricedDay = { readonly on: string; readonly priceUsd: number };

function utcDay(at: Date | number): string {
  return new Date(at).toISOString().slice(0, 10);
}

function dayMs(on: string): number {
  return Date.parse(`${on}T00:00:00Z`);
}

function seriesAt(coin: FakeCoin, provider: Provider): readonly DailyPrice[] | undefined {
  const series = coin[provider] ?? coin.series;
  return series === "absent" ? undefined : series;
}

/** Days of the series that have begun and have a price, ascending; the way that a provider's own table holds them. */
function pricedDays(series: readonly DailyPrice[], now: Date): PricedDay[] {
  const today = utcDay(now);
  return series
    .flatMap(({ on, priceUsd }) => (priceUsd === null || on > today ? [] : [{ on, priceUsd }]))
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}

/** The price now: the latest day's, unless the coin has not been priced for a week. */
function quoteUsd(days: readonly PricedDay[], now: Date): number | undefined {
  const latest = days.at(-1);
  return latest === undefined || daysBetween(latest.on, utcDay(now)) > QUOTED_WITHIN_DAYS ? undefined : latest.priceUsd;
}

function coingecko(asked: Asked, coins: readonly FakeCoin[], now: Date, ratesPerUsd: Readonly<Record<string, number>>): Answer {
  const plan = planOf(asked);
  if (typeof plan !== "string") return plan;
  const known = coins.filter((coin) => seriesAt(coin, "coingecko") !== undefined);
  const [first, second, third, ...rest] = asked.segments;
  const route =
    rest.length > 0
      ? ""
      : first === "coins" && third !== undefined
        ? `coins/{id}/${third}`
        : [first, second].filter((part) => part !== undefined).join("/");
  switch (route) {
    case "ping":
      checkParameters(asked, []);
      return ok({ gecko_says: "(V3) To the Moon!" });
    case "coins/list":
      checkParameters(asked, ["include_platform", "status"]);
      if (asked.query["status"] === "inactive") return ok([]);
      return ok(
        known.map(({ coinId, symbol, name }) => ({
          id: coinId,
          symbol: symbol.toLowerCase(),
          name,
          ...(asked.query["include_platform"] === "true" ? { platforms: {} } : {}),
        })),
      );
    case "coins/markets":
      return coingeckoMarkets(asked, known, now, ratesPerUsd);
    case "search":
      return coingeckoSearch(asked, known);
    case "simple/price":
      return coingeckoSimplePrice(asked, known, now, ratesPerUsd);
    case "coins/{id}/market_chart":
      return coingeckoMarketChart(
        asked,
        known.find((coin) => coin.coinId === second),
        plan,
        now,
        ratesPerUsd,
      );
    case "exchange_rates":
      checkParameters(asked, []);
      return ok({ rates: coingeckoRates(known, now, ratesPerUsd) });
    default:
      asked.complain(`unknown path ${asked.path}`);
      return { status: 404, body: { error: "Incorrect path. Please check https://www.coingecko.com/api/" } };
  }
}

function ok(body: Json): Answer {
  return { status: 200, body };
}

/** The plan that the request's key buys at the host it was sent to, or the refusal of CoinGecko's error table. */
function planOf(asked: Asked): Plan | Answer {
  for (const name of ["x_cg_demo_api_key", "x_cg_pro_api_key"]) if (name in asked.query) asked.complain("a key in the query string");
  const demoHeader = asked.headers["x-cg-demo-api-key"];
  const proHeader = asked.headers["x-cg-pro-api-key"];
  if (demoHeader !== undefined && proHeader !== undefined) asked.complain("both key headers");
  const key = proHeader ?? demoHeader;
  const plan = plansWithKeys.find((candidate) => fakeKeys[candidate] === key);
  if (key !== undefined && plan === undefined) return refusalOf({ kind: "key-missing" }, "Invalid API Key");
  if (asked.host === "public") {
    if (proHeader !== undefined || (plan !== undefined && plan !== "demo")) return refusalOf({ kind: "pro-key-on-public-host" });
    return plan ?? "keyless";
  }
  if (demoHeader !== undefined || plan === "demo") return refusalOf({ kind: "demo-key-on-pro-host" });
  return plan ?? refusalOf({ kind: "key-missing" });
}

const plansWithKeys = ["demo", "basic", "analyst", "lite", "enterprise"] as const;

function coingeckoMarketChart(
  asked: Asked,
  coin: FakeCoin | undefined,
  plan: Plan,
  now: Date,
  ratesPerUsd: Readonly<Record<string, number>>,
): Answer {
  checkParameters(asked, ["vs_currency", "days", "interval", "precision"]);
  const { vs_currency: currency, days = "", interval } = asked.query;
  if (currency === undefined) return missing(asked, "vs_currency");
  const rate = ratesPerUsd[currency.toLowerCase()];
  if (rate === undefined) return { status: 400, body: { error: "invalid vs_currency" } };
  if (!/^(max|\d+)$/.test(days)) return missing(asked, "days");
  if (interval !== undefined && !["5m", "hourly", "daily"].includes(interval)) asked.complain(`undocumented interval ${interval}`);
  if (interval === "5m" && asked.host === "public") asked.complain("interval 5m on the public host");
  if (coin === undefined) return { status: 404, body: { error: "coin not found" } };
  if ((interval === "5m" || interval === "hourly") && plan !== "enterprise") return refusalOf({ kind: "not-in-plan" });
  const reach = days === "max" ? Number.POSITIVE_INFINITY : Number(days);
  if (reach > reachDays[plan]) return refusalOf({ kind: "too-far-back" });

  const series = seriesAt(coin, "coingecko") ?? [];
  const today = utcDay(now);
  const publishedOn = utcDay(now.getTime() - PUBLISHED_AFTER_MS);
  const sinceMs = now.getTime() - reach * DAY_MS;
  const stepMs = stepOf(interval, reach);
  // Until ten minutes past midnight yesterday is missing; then it is there, and with it a first stamp of the unfinished today.
  const shown = series.filter(({ on }) => dayMs(on) >= sinceMs - DAY_MS && (on < publishedOn || (on === publishedOn && on === today)));
  const points: [number, number | null][] = shown
    .flatMap(({ on, priceUsd }) => stampsOfDay(on, priceUsd, stepMs))
    .filter(([at]) => at >= sinceMs && at < now.getTime());
  const quote = quoteUsd(pricedDays(series, now), now);
  if (quote !== undefined) points.push([now.getTime(), quote]);
  const scaled = (factor: number) => points.map(([at, priceUsd]) => [at, priceUsd === null ? null : priceUsd * factor] as const);
  const decimals = asked.query["precision"];
  return ok({
    prices: scaled(rate).map(([at, price]) => [at, price === null ? null : rounded(price, decimals)]),
    market_caps: scaled(rate * supplyOf(coin, quote ?? 1)),
    total_volumes: scaled((rate * supplyOf(coin, quote ?? 1)) / 50),
  });
}

/** Auto granularity: 1 day is 5 minutes, 2 to 90 days hourly, beyond daily; https://docs.coingecko.com/reference/coins-id-market-chart, checked 2026-11. */
function stepOf(interval: string | undefined, days: number): number {
  if (interval === "daily" || (interval === undefined && days > 90)) return DAY_MS;
  return interval === "5m" || (interval === undefined && days <= 1) ? 300_000 : 3_600_000;
}

/** One day's points. Within the day the price moves a little, so that only a client who takes the earliest of a date gets the daily close. */
function stampsOfDay(on: string, priceUsd: number | null, stepMs: number): [number, number | null][] {
  return Array.from({ length: DAY_MS / stepMs }, (_, index) => [
    dayMs(on) + index * stepMs,
    priceUsd === null ? null : priceUsd * (1 + 0.02 * Math.sin(index)),
  ]);
}

function rounded(price: number, decimals: string | undefined): number {
  return decimals === undefined || decimals === "full" ? price : Number(price.toFixed(Number(decimals)));
}

function missing(asked: Asked, parameter: string): Answer {
  asked.complain(`missing or malformed parameter ${parameter}`);
  return { status: 422, body: { error: `Missing parameter ${parameter}` } };
}

/** Coins in circulation, such that market caps follow the ranks. */
function supplyOf(coin: FakeCoin, priceUsd: number): number {
  return coin.rank === null || priceUsd <= 0 ? 0 : 2e12 / coin.rank / priceUsd;
}

function byRank(a: FakeCoin, b: FakeCoin): number {
  return (a.rank ?? Number.MAX_SAFE_INTEGER) - (b.rank ?? Number.MAX_SAFE_INTEGER);
}

function imageOf(coin: FakeCoin, size: "thumb" | "large"): string {
  return coin.imageUrl ?? `missing_${size}.png`;
}

const marketsParameters = [
  "vs_currency",
  "ids",
  "names",
  "symbols",
  "include_tokens",
  "category",
  "order",
  "per_page",
  "page",
  "sparkline",
  "price_change_percentage",
  "locale",
  "precision",
  "include_rehypothecated",
];
/** Documented, but the fake cannot filter by them: asking must not look as if it worked. */
const marketsUnsupported = ["names", "symbols", "include_tokens", "category", "sparkline", "price_change_percentage"];

function coingeckoMarkets(asked: Asked, known: readonly FakeCoin[], now: Date, ratesPerUsd: Readonly<Record<string, number>>): Answer {
  checkParameters(asked, marketsParameters);
  for (const name of marketsUnsupported) if (name in asked.query) asked.complain(`the fake market does not support ${name}`);
  const { vs_currency: currency, ids, order = "market_cap_desc", precision } = asked.query;
  if (currency === undefined) return missing(asked, "vs_currency");
  const rate = ratesPerUsd[currency.toLowerCase()];
  if (rate === undefined) return { status: 400, body: { error: "invalid vs_currency" } };
  const perPage = Number(asked.query["per_page"] ?? 100);
  const page = Number(asked.query["page"] ?? 1);
  if (!Number.isInteger(perPage) || perPage < 1 || perPage > 250) asked.complain(`per_page ${asked.query["per_page"]} is not 1…250`);
  if (!Number.isInteger(page) || page < 1) asked.complain(`page ${asked.query["page"]} is not a page`);
  if (order !== "market_cap_desc" && order !== "market_cap_asc" && order !== "id_asc" && order !== "id_desc") {
    asked.complain(`the fake market does not support order ${order}`);
  }

  const asOrdered = (a: FakeCoin, b: FakeCoin) => (order.startsWith("id_") ? (a.coinId < b.coinId ? -1 : 1) : byRank(a, b));
  const direction = order === "market_cap_asc" || order === "id_desc" ? -1 : 1;
  const wanted = ids === undefined ? known : known.filter((coin) => listOf(ids).includes(coin.coinId));
  const size = Math.min(250, Math.max(1, perPage));
  const rows = [...wanted].sort((a, b) => direction * asOrdered(a, b)).slice((page - 1) * size, page * size);
  return ok(rows.map((coin) => marketRow(coin, now, rate, precision)));
}

function marketRow(coin: FakeCoin, now: Date, rate: number, decimals: string | undefined): Json {
  const days = pricedDays(seriesAt(coin, "coingecko") ?? [], now);
  const quote = quoteUsd(days, now);
  const money = (usd: number | undefined) => (usd === undefined ? null : rounded(usd * rate, decimals));
  const percent = (usd: number | undefined) => (quote === undefined || usd === undefined || usd === 0 ? null : 100 * (quote / usd - 1));
  const dayBefore = days.at(-2)?.priceUsd;
  const supply = quote === undefined ? 0 : supplyOf(coin, quote);
  const highest = days.reduce<PricedDay | undefined>(
    (best, day) => (best === undefined || day.priceUsd > best.priceUsd ? day : best),
    undefined,
  );
  const lowest = days.reduce<PricedDay | undefined>(
    (best, day) => (best === undefined || day.priceUsd < best.priceUsd ? day : best),
    undefined,
  );
  const stamp = (day: PricedDay | undefined) => (day === undefined ? null : `${day.on}T00:00:00.000Z`);
  return {
    id: coin.coinId,
    symbol: coin.symbol.toLowerCase(),
    name: coin.name,
    image: imageOf(coin, "large"),
    current_price: money(quote),
    market_cap: money(quote === undefined ? undefined : quote * supply),
    market_cap_rank: coin.rank,
    fully_diluted_valuation: money(quote === undefined ? undefined : quote * supply),
    total_volume: money(quote === undefined ? undefined : (quote * supply) / 50),
    high_24h: money(quote),
    low_24h: money(quote),
    price_change_24h: quote === undefined || dayBefore === undefined ? null : (quote - dayBefore) * rate,
    price_change_percentage_24h: percent(dayBefore),
    market_cap_change_24h: quote === undefined || dayBefore === undefined ? null : (quote - dayBefore) * rate * supply,
    market_cap_change_percentage_24h: percent(dayBefore),
    circulating_supply: supply,
    total_supply: supply,
    max_supply: null,
    ath: money(highest?.priceUsd),
    ath_change_percentage: percent(highest?.priceUsd),
    ath_date: stamp(highest),
    atl: money(lowest?.priceUsd),
    atl_change_percentage: percent(lowest?.priceUsd),
    atl_date: stamp(lowest),
    roi: null,
    last_updated: now.toISOString(),
  };
}

function coingeckoSearch(asked: Asked, known: readonly FakeCoin[]): Answer {
  checkParameters(asked, ["query"]);
  const text = asked.query["query"]?.trim().toLowerCase();
  if (text === undefined) return missing(asked, "query");
  const found = known.filter(
    (coin) => text !== "" && [coin.coinId, coin.symbol, coin.name].some((part) => part.toLowerCase().includes(text)),
  );
  return ok({
    coins: [...found]
      .sort(byRank)
      .slice(0, 25)
      .map((coin) => ({
        id: coin.coinId,
        name: coin.name,
        api_symbol: coin.coinId,
        symbol: coin.symbol.toUpperCase(),
        market_cap_rank: coin.rank,
        thumb: imageOf(coin, "thumb"),
        large: imageOf(coin, "large"),
      })),
    exchanges: [],
    icos: [],
    categories: [],
    nfts: [],
  });
}

const simplePriceParameters = [
  "vs_currencies",
  "ids",
  "names",
  "symbols",
  "include_tokens",
  "include_market_cap",
  "include_24hr_vol",
  "include_24hr_change",
  "include_last_updated_at",
  "precision",
];

function coingeckoSimplePrice(asked: Asked, known: readonly FakeCoin[], now: Date, ratesPerUsd: Readonly<Record<string, number>>): Answer {
  checkParameters(asked, simplePriceParameters);
  for (const name of ["names", "symbols", "include_tokens"])
    if (name in asked.query) asked.complain(`the fake market does not support ${name}`);
  const currencies = listOf(asked.query["vs_currencies"]?.toLowerCase());
  const ids = listOf(asked.query["ids"]);
  if (currencies.length === 0) return missing(asked, "vs_currencies");
  if (ids.length === 0) return missing(asked, "ids");
  const wants = (name: string) => asked.query[name] === "true";

  const entries = known
    .filter((coin) => ids.includes(coin.coinId))
    .map((coin): [string, Json] => {
      const days = pricedDays(seriesAt(coin, "coingecko") ?? [], now);
      const quote = quoteUsd(days, now);
      // CoinGecko keeps the row of a coin that it no longer prices, without a price.
      if (quote === undefined) return [coin.coinId, {}];
      const dayBefore = days.at(-2)?.priceUsd;
      const row = currencies.flatMap((currency): [string, number][] => {
        const rate = ratesPerUsd[currency];
        if (rate === undefined) return [];
        const capUsd = quote * supplyOf(coin, quote);
        return [
          [currency, rounded(quote * rate, asked.query["precision"])],
          ...(wants("include_market_cap") ? [[`${currency}_market_cap`, capUsd * rate] satisfies [string, number]] : []),
          ...(wants("include_24hr_vol") ? [[`${currency}_24h_vol`, (capUsd / 50) * rate] satisfies [string, number]] : []),
          ...(wants("include_24hr_change") && dayBefore
            ? [[`${currency}_24h_change`, 100 * (quote / dayBefore - 1)] satisfies [string, number]]
            : []),
        ];
      });
      if (wants("include_last_updated_at")) row.push(["last_updated_at", Math.floor(now.getTime() / 1000)]);
      return [coin.coinId, Object.fromEntries(row)];
    });
  return ok(Object.fromEntries(entries));
}

/** Every value is per BTC; crypto and commodity rows stand among the fiat ones, as at CoinGecko. */
function coingeckoRates(known: readonly FakeCoin[], now: Date, ratesPerUsd: Readonly<Record<string, number>>): Json {
  const bitcoin = known.find((coin) => coin.coinId === "bitcoin");
  const bitcoinUsd = (bitcoin && quoteUsd(pricedDays(seriesAt(bitcoin, "coingecko") ?? [], now), now)) ?? 100_000;
  const row = (code: string, value: number, type: string): [string, Json] => [
    code,
    { name: code.toUpperCase(), unit: code.toUpperCase(), value, type },
  ];
  return Object.fromEntries([
    row("btc", 1, "crypto"),
    row("eth", 30, "crypto"),
    ...Object.entries(ratesPerUsd).map(([code, perUsd]) => row(code, bitcoinUsd * perUsd, "fiat")),
    row("xau", bitcoinUsd / 4_000, "commodity"),
    row("sats", 100_000_000, "crypto"),
  ]);
}

type LlamaRecord = { readonly timestamp: number; readonly price: number };

function defillama(asked: Asked, coins: readonly FakeCoin[], now: Date): Answer {
  const [first, second, third, fourth, ...rest] = asked.segments;
  const records = (keys: string | undefined) =>
    [...new Set((keys ?? "").split(","))].flatMap((key) => {
      const coin = coins.find((candidate) => `coingecko:${candidate.coinId}` === key);
      const series = coin && seriesAt(coin, "defillama");
      return coin === undefined || series === undefined ? [] : [{ key, coin, days: pricedDays(series, now) }];
    });
  const nowSeconds = Math.floor(now.getTime() / 1000);

  if (first === "prices" && second === "first" && third !== undefined && fourth === undefined) {
    checkParameters(asked, []);
    return llamaCoins(
      records(third).flatMap(({ key, coin, days: [day] }) =>
        day === undefined
          ? []
          : [
              [
                key,
                {
                  symbol: coin.symbol.toUpperCase(),
                  price: day.priceUsd,
                  timestamp: dayMs(day.on) / 1000 + (coin.firstRecordSeconds ?? 0),
                },
              ],
            ],
      ),
    );
  }
  if (first === "prices" && second === "current" && third !== undefined && fourth === undefined) {
    checkParameters(asked, []);
    return llamaCoins(
      records(third).flatMap(({ key, coin, days }) => {
        const quote = quoteUsd(days, now);
        return quote === undefined ? [] : [[key, { ...llamaHead(coin), price: quote, timestamp: nowSeconds }]];
      }),
    );
  }
  if (first === "prices" && second === "historical" && third !== undefined && fourth !== undefined && rest.length === 0) {
    checkParameters(asked, []);
    const at = Number(third);
    if (!/^\d+$/.test(third)) asked.complain(`timestamp ${third} is not in whole seconds`);
    return llamaCoins(
      records(fourth).flatMap(({ key, coin, days }) => {
        // Six hours is the published server's search width.
        const record = nearest(llamaRecords(coin, days), at, 21_600);
        return record === undefined ? [] : [[key, { ...llamaHead(coin), ...record }]];
      }),
    );
  }
  if (first === "chart" && second !== undefined && third === undefined) {
    checkParameters(asked, ["start", "end", "span", "period"]);
    const instants = chartInstants(asked, second.split(",").length, nowSeconds);
    if (!("at" in instants)) return instants;
    return llamaCoins(
      records(second).flatMap(({ key, coin, days }) => {
        const all = llamaRecords(coin, days);
        const prices = [...new Set(instants.at.flatMap((at) => nearest(all, at, instants.periodSeconds / 10) ?? []))];
        prices.sort((a, b) => a.timestamp - b.timestamp);
        return prices.length === 0 ? [] : [[key, { ...llamaHead(coin), prices }]];
      }),
    );
  }
  asked.complain(`unknown path ${asked.path}`);
  return { status: 404, body: { message: "Not Found" } };
}

function llamaCoins(entries: readonly (readonly [string, Json])[]): Answer {
  return ok({ coins: Object.fromEntries(entries) });
}

function llamaHead(coin: FakeCoin): { readonly symbol: string; readonly confidence: number } {
  return { symbol: coin.symbol.toUpperCase(), confidence: coin.confidence ?? 0.99 };
}

function llamaRecords(coin: FakeCoin, days: readonly PricedDay[]): LlamaRecord[] {
  return days.map(({ on, priceUsd }, index) => {
    const offset = index === 0 && coin.firstDayInCharts === false ? coin.firstRecordSeconds : coin.recordOffsetSeconds;
    return { timestamp: dayMs(on) / 1000 + (offset ?? 0), price: priceUsd };
  });
}

/** The record nearest to an instant (seconds), no further than `width` away. `records` ascend. */
function nearest(records: readonly LlamaRecord[], at: number, width: number): LlamaRecord | undefined {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((records[middle]?.timestamp ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const distance = (record: LlamaRecord | undefined) => (record === undefined ? Number.POSITIVE_INFINITY : Math.abs(record.timestamp - at));
  const best = distance(records[low - 1]) < distance(records[low]) ? records[low - 1] : records[low];
  return distance(best) <= width ? best : undefined;
}

function chartInstants(
  asked: Asked,
  coinCount: number,
  nowSeconds: number,
): Answer | { readonly at: readonly number[]; readonly periodSeconds: number } {
  const refuse = (message: string): Answer => {
    asked.complain(message);
    return { status: 400, body: { message } };
  };
  const { start, end, span = "0", period = "24h" } = asked.query;
  if (start !== undefined && end !== undefined) return refuse("use either start or end parameter, not both");
  for (const [name, text] of Object.entries({ start, end, span }))
    if (text !== undefined && !/^\d+$/.test(text)) return refuse(`${name} is not an uint`);
  const [, size, unit] = /^(\d*)([wdhm])$/i.exec(period) ?? [];
  const unitSeconds = { w: 7 * DAY_SECONDS, d: DAY_SECONDS, h: 3600, m: 60 }[unit?.toLowerCase() ?? ""];
  if (unitSeconds === undefined) return refuse(`period ${period} is invalid`);
  const periodSeconds = unitSeconds * Number(size === "" ? 1 : size);
  const total = coinCount * Number(span);
  if (total > MAX_CHART_POINTS) return refuse(`Requested ${total} data points exceeds the maximum of ${MAX_CHART_POINTS}.`);
  const steps = Array.from({ length: Math.max(1, Number(span)) }, (_, index) => index * periodSeconds);
  const at = start === undefined ? steps.map((step) => Number(end ?? nowSeconds) - step) : steps.map((step) => Number(start) + step);
  return { at, periodSeconds };
}

function kraken(asked: Asked, coins: readonly FakeCoin[], now: Date): Answer {
  const refuse = (error: string) => ok({ error: [error] });
  if (asked.segments.join("/") !== "0/public/OHLC") {
    asked.complain(`unknown path ${asked.path}`);
    return refuse("EGeneral:Unknown method");
  }
  checkParameters(asked, ["pair", "interval", "since"]);
  const { pair = "", interval = "1", since = "0" } = asked.query;
  if (pair === "") asked.complain("missing parameter pair");
  if (!krakenIntervals.includes(interval)) asked.complain(`undocumented interval ${interval}`);
  if (!krakenIntervals.includes(interval) || !/^\d+$/.test(since)) return refuse("EGeneral:Invalid arguments");
  if (Number(interval) < 1440) {
    asked.complain(`the fake market has no candles of ${interval} minutes, only of whole days`);
    return refuse("EGeneral:Invalid arguments");
  }
  const coin = coins.find(
    (candidate) =>
      pair !== "" && (candidate.krakenPair === pair || (candidate.krakenPair !== undefined && resultKeyOf(candidate) === pair)),
  );
  const series = coin && seriesAt(coin, "kraken");
  if (coin === undefined || series === undefined) return refuse("EQuery:Unknown asset pair");

  const periodSeconds = Number(interval) * 60;
  const candles = candlesOf(pricedDays(series, now), periodSeconds, Math.floor(now.getTime() / 1000));
  const recent = candles.slice(-MAX_CANDLES).filter(({ time }) => time > Number(since));
  // `last` is the newest candle that can no longer change.
  const last = candles.at(-2)?.time ?? candles.at(-1)?.time ?? 0;
  return ok({
    error: [],
    result: {
      [resultKeyOf(coin)]: recent.map(({ time, prices: { open, high, low, close } }) => [
        time,
        plain(open),
        plain(high),
        plain(low),
        plain(close),
        plain((high + low) / 2),
        "1234.56780000",
        1234,
      ]),
      last,
    },
  });
}

function resultKeyOf(coin: FakeCoin): string {
  const pair = coin.krakenPair ?? "";
  const [, asset = ""] = /^(.*)USD$/.exec(pair) ?? [];
  return coin.krakenResultKey ?? (krakenLegacyAssets.includes(asset) ? `X${asset}ZUSD` : pair);
}

type Candle = {
  readonly time: number;
  readonly prices: { readonly open: number; readonly high: number; readonly low: number; readonly close: number };
};

/**
 * Candles counted from the epoch, a Thursday, so weeks begin on Thursdays at 00:00 UTC. A price belongs to 00:00 of its day,
 * hence the last trade of a candle is the price of the day on which the next one begins. The candle of `nowSeconds` is unfinished.
 */
function candlesOf(days: readonly PricedDay[], periodSeconds: number, nowSeconds: number): Candle[] {
  const latest = days.at(-1);
  if (latest === undefined) return [];
  const stillTraded = nowSeconds - dayMs(latest.on) / 1000 <= QUOTED_WITHIN_DAYS * DAY_SECONDS;
  const candles: Candle[] = [];
  let index = 0;
  while (index < days.length) {
    const time = Math.floor(dayMs(days[index]?.on ?? "") / 1000 / periodSeconds) * periodSeconds;
    const endOn = utcDay((time + periodSeconds) * 1000);
    const begin = index;
    while (index < days.length && (days[index]?.on ?? "") < endOn) index += 1;
    const within = days.slice(begin, days[index]?.on === endOn ? index + 1 : index).map((day) => day.priceUsd);
    const prices = { open: within[0] ?? 0, high: Math.max(...within), low: Math.min(...within), close: within.at(-1) ?? 0 };
    candles.push({ time, prices });
  }
  const unfinished = Math.floor(nowSeconds / periodSeconds) * periodSeconds;
  const { priceUsd } = latest;
  if (stillTraded && candles.at(-1)?.time !== unfinished)
    candles.push({ time: unfinished, prices: { open: priceUsd, high: priceUsd, low: priceUsd, close: priceUsd } });
  return candles;
}

/** A decimal without exponent, exact: Kraken sends prices as text. */
function plain(price: number): string {
  const [digits = "", exponent] = String(price).split("e");
  if (exponent === undefined) return digits;
  return Number(exponent) > 0 ? BigInt(price).toString() : `0.${"0".repeat(-Number(exponent) - 1)}${digits.replace(".", "")}`;
}

function reply(response: ServerResponse, answer: Answer, headers: Readonly<Record<string, string>> = {}): void {
  sendText(response, answer.status, JSON.stringify(answer.body), { "content-type": "application/json; charset=utf-8", ...headers });
}

function sendText(response: ServerResponse, status: number, body: string, headers: Readonly<Record<string, string>>): void {
  response.writeHead(status, { ...headers, "content-length": String(Buffer.byteLength(body)) }).end(body);
}

const htmlHeaders = { "content-type": "text/html; charset=utf-8" };

async function strike(
  fault: Fault,
  provider: Provider,
  answer: Answer,
  response: ServerResponse,
  timers: Set<NodeJS.Timeout>,
): Promise<void> {
  const right = JSON.stringify(answer.body);
  const half = right.slice(0, Math.ceil(right.length / 2));
  const json = { "content-type": "application/json; charset=utf-8" };
  switch (fault.kind) {
    case "hang":
      return;
    case "reset":
      response.destroy();
      return;
    case "held":
      await fault.until;
      return reply(response, answer);
    case "drip": {
      response.writeHead(200, json);
      // White space is legal before JSON: only a total deadline notices that nothing ever comes.
      const timer = setInterval(() => response.write(" "), fault.everyMs ?? 1000);
      timers.add(timer);
      response.once("close", () => {
        clearInterval(timer);
        timers.delete(timer);
      });
      response.write(" ");
      return;
    }
    case "cut-json":
      return sendText(response, 200, half, json);
    case "cut-connection":
      response.writeHead(200, { ...json, "content-length": String(Buffer.byteLength(right)) });
      response.write(half, () => response.destroy());
      return;
    case "wrong-types":
      return reply(response, { status: 200, body: withWrongTypes(answer.body) });
    case "html":
      return sendText(response, 200, "<!doctype html><html><body><h1>We'll be right back</h1></body></html>", htmlHeaders);
    case "blocked":
      return sendText(response, 403, "<!doctype html><html><title>Access denied | Error 1020</title></html>", {
        ...htmlHeaders,
        server: "cloudflare",
      });
    case "answer":
      return sendText(response, fault.status, fault.body, fault.headers ?? json);
    case "server-error":
      return sendText(response, fault.status ?? 503, "upstream connect error", { "content-type": "text/plain" });
    case "service-unavailable":
      if (provider === "kraken") return reply(response, ok({ error: ["EService:Unavailable"] }));
      return reply(response, { status: 503, body: { error: "Service Unavailable" } });
    case "rate-limited": {
      const headers = fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
      if (provider === "kraken") return reply(response, ok({ error: ["EGeneral:Too many requests"] }), headers);
      if (provider === "defillama") return sendText(response, 429, "Too Many Requests", { "content-type": "text/plain", ...headers });
      return reply(response, refusalOf(fault), headers);
    }
    default:
      return reply(response, refusalOf(fault));
  }
}

type CoinGeckoRefusal = Extract<
  Fault["kind"],
  "rate-limited" | "credits-spent" | "key-missing" | "not-in-plan" | "too-far-back" | "pro-key-on-public-host" | "demo-key-on-pro-host"
>;

/** CoinGecko's bodies: https://docs.coingecko.com/docs/common-errors-rate-limit and threads on its client libraries, checked 2026-11. */
function refusalOf({ kind }: { readonly kind: CoinGeckoRefusal }, keyMessage = "API Key Missing"): Answer {
  switch (kind) {
    case "rate-limited":
      return {
        status: 429,
        body: {
          status: {
            error_code: 429,
            error_message:
              "You've exceeded the Rate Limit. Please visit https://www.coingecko.com/en/api/pricing to subscribe to our API plans for higher rate limits.",
          },
        },
      };
    case "credits-spent":
      return { status: 429, body: { status: { error_code: 10006, error_message: "You've exceeded your monthly credits limit." } } };
    case "key-missing":
      return { status: 401, body: { status: { error_code: 10002, error_message: keyMessage } } };
    case "not-in-plan":
      return {
        status: 401,
        body: {
          status: {
            error_code: 10005,
            error_message: "This request is limited to PRO API subscribers. Please visit https://www.coingecko.com/en/api/pricing",
          },
        },
      };
    case "too-far-back":
      return {
        status: 401,
        body: {
          error: {
            status: {
              timestamp: "2026-11-24T00:00:00.000+00:00",
              error_code: 10012,
              error_message:
                "Your request exceeds the allowed time range. Public API users are limited to querying historical data within the past 365 days.",
            },
          },
        },
      };
    case "pro-key-on-public-host":
      return {
        status: 400,
        body: {
          timestamp: "2026-11-24T00:00:00.000+00:00",
          error_code: 10010,
          status: {
            error_message: "If you are using Pro API key, please change your root URL from api.coingecko.com to pro-api.coingecko.com",
          },
        },
      };
    case "demo-key-on-pro-host":
      return {
        status: 400,
        body: {
          timestamp: "2026-11-24T00:00:00.000+00:00",
          error_code: 10011,
          status: {
            error_message: "If you are using Demo API key, please change your root URL from pro-api.coingecko.com to api.coingecko.com",
          },
        },
      };
  }
}

function withWrongTypes(body: Json): Json {
  if (typeof body === "number") return "soon";
  if (typeof body === "string") return 7;
  if (body === null || typeof body === "boolean") return body;
  if (isList(body)) return body.map(withWrongTypes);
  return Object.fromEntries(Object.entries(body).map(([key, part]) => [key, withWrongTypes(part)]));
}

function isList(body: Json): body is readonly Json[] {
  return Array.isArray(body);
}
