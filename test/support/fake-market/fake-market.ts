import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { DailyPrice } from "../price-series.ts";
import { coingecko, fakeKeys } from "./coingecko.ts";
import { coinmetrics } from "./coinmetrics.ts";
import { defillama } from "./defillama.ts";
import { reply, strike } from "./faults.ts";
import { frankfurter } from "./frankfurter.ts";
import { kraken } from "./kraken.ts";
import type { Answer, Asked } from "./provider.ts";

/** A provider that the fake market speaks. */
export type Provider = "coingecko" | "defillama" | "coinmetrics" | "kraken" | "frankfurter";

/** What a key (or no key) buys at CoinGecko: the values of COINGECKO_PLAN. */
export type Plan = "keyless" | "demo" | "basic" | "analyst" | "lite" | "enterprise";

/** One provider's own closes of a coin, or `"absent"` when it does not know the coin. */
export type ProviderSeries = readonly DailyPrice[] | "absent";

/**
 * A coin of the fake market. `series` is what every provider tells unless it has one of its own.
 */
export type FakeCoin = {
  /** CoinGecko's id, also DefiLlama's (`coingecko:<coinId>`). */
  readonly coinId: string;
  readonly symbol: string;
  readonly name: string;
  /** By market cap; null as for CoinGecko's unranked coins. */
  readonly rank: number | null;
  /**
   * Price at 00:00 UTC of each day, in any order, days after `now` included: those stay hidden
   * until the clock gets there.
   */
  readonly series: readonly DailyPrice[];
  readonly coingecko?: ProviderSeries;
  readonly defillama?: ProviderSeries;
  readonly coinmetrics?: ProviderSeries;
  readonly kraken?: ProviderSeries;
  /** The pair to ask Kraken for, e.g. XBTUSD; without it Kraken does not list the coin. */
  readonly krakenPair?: string;
  /** Coin Metrics' id, e.g. btc; without it Coin Metrics does not know the coin. */
  readonly coinMetricsId?: string;
  /** Coin Metrics' free tier tells only so many of the newest reference rates; all by default. */
  readonly coinMetricsRates?: number;
  /**
   * The key under which Kraken answers, e.g. XXBTZUSD; by Kraken's own rule for old pairs when left
   * out.
   */
  readonly krakenResultKey?: string;
  readonly imageUrl?: string;
  /** DefiLlama's confidence, 0 to 1; 0.99 by default. */
  readonly confidence?: number;
  /**
   * DefiLlama's `/prices/first` stamps the first record this many seconds after 00:00 UTC; 0 by
   * default.
   */
  readonly firstRecordSeconds?: number;
  /**
   * Whether DefiLlama's charts know the first day at 00:00 UTC (the default) or only at
   * `firstRecordSeconds`.
   */
  readonly firstDayInCharts?: boolean;
  /**
   * DefiLlama stamps every chart record this many seconds off 00:00 UTC, as its collector does;
   * negative is the evening before.
   */
  readonly recordOffsetSeconds?: number;
};

/** What goes wrong with an answer. */
export type Fault =
  /**
   * 429 (Kraken: HTTP 200 with EGeneral:Too many requests); without `retryAfter` there is no such
   * header. Seconds or an HTTP date.
   */
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
  /**
   * The right answer, but not before `until` resolves: lets a test hold requests in flight without
   * sleeping.
   */
  | { readonly kind: "held"; readonly until: Promise<unknown> }
  /** Any answer at all. */
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** Which requests a fault strikes: all of the provider's by default. */
export type FaultScope = {
  /** Strikes so many requests, then heals; for ever when left out. */
  readonly times?: number;
  /**
   * Strikes only these paths, without the provider's prefix, e.g. `/coins/list` or
   * `/^\/coins\/.*\/market_chart$/`.
   */
  readonly path?: string | RegExp;
};

/** One request that the market received. */
export type MarketRequest = {
  readonly provider: Provider;
  /**
   * CoinGecko's two hosts: `public` (keyless, Demo) and `pro`; `public` for the other providers.
   */
  readonly host: "public" | "pro";
  readonly method: string;
  /**
   * Percent-encoded as received, without the provider's prefix and the query:
   * `/coins/bitcoin/market_chart`.
   */
  readonly path: string;
  /** Decoded; of a repeated parameter the first. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** Path and query exactly as received. */
  readonly url: string;
  /** By the market's own clock. */
  readonly at: Date;
  /**
   * What a strict provider would complain about: an undocumented path or parameter, a key in the
   * query string, …
   */
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
  /**
   * Units of a currency for one USD, by CoinGecko's lower-case code; a handful of currencies by
   * default.
   */
  readonly ratesPerUsd?: Readonly<Record<string, number>>;
  /** The same for Frankfurter, by code in capitals; `environment` switches it off when left out. */
  readonly frankfurterPerUsd?: Readonly<Record<string, number>>;
};

/** A running fake market. */
export type FakeMarket = {
  /** Values for COINGECKO_BASE_URL (either host) and the other providers' own variables. */
  readonly urls: Readonly<Record<Provider | "coingeckoPro", string>>;
  /** The environment variables of a bot that has this plan and asks this market. */
  environment(plan: Plan): Record<string, string>;
  /** Every request in the order of arrival. */
  readonly requests: readonly MarketRequest[];
  /** How many requests arrived. */
  count(filter?: RequestFilter): number;
  /**
   * Resolves as soon as that many requests (1 by default) have arrived since the start or the last
   * `forget()`.
   */
  arrived(filter?: RequestFilter, count?: number): Promise<void>;
  /**
   * All violations of all requests, each with its request; a well-behaved bot leaves this empty.
   */
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

type ActiveFault = {
  readonly provider: Provider;
  readonly fault: Fault;
  readonly path: string | RegExp | undefined;
  left: number;
};

/**
 * Starts one HTTP server on 127.0.0.1 that speaks CoinGecko (both hosts), DefiLlama, Coin Metrics
 * and Kraken about the given coins, with CoinGecko's plans and walls and with faults that can be
 * switched at any time. Nothing in it is random.
 */
export async function startFakeMarket(options: FakeMarketOptions): Promise<FakeMarket> {
  const { now } = options;
  const ratesPerUsd = { usd: 1, ...(options.ratesPerUsd ?? defaultRatesPerUsd) };
  let coins = options.coins;
  const requests: MarketRequest[] = [];
  const strays: string[] = [];
  let faults: ActiveFault[] = [];
  let waiting: {
    readonly filter: RequestFilter;
    readonly count: number;
    readonly resolve: () => void;
  }[] = [];
  const timers = new Set<NodeJS.Timeout>();

  const count = (filter: RequestFilter = {}) =>
    requests.filter((request) => isMeant(request, filter)).length;

  const takeFault = (provider: Provider, path: string): Fault | undefined => {
    const struck = faults.find(
      (active) => active.provider === provider && active.left > 0 && pathIs(path, active.path),
    );
    if (struck !== undefined) struck.left -= 1;
    return struck?.fault;
  };

  const receive = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [rawPath = "", rawQuery = ""] = (incoming.url ?? "").split(/\?(.*)/s);
    const mount = mounts.find(({ prefix }) => rawPath.startsWith(`${prefix}/`));
    if (mount === undefined) {
      strays.push(`${incoming.url}: belongs to no provider`);
      return reply(response, {
        status: 404,
        body: { error: `the fake market has nothing at ${rawPath}` },
      });
    }
    const { provider, host, prefix } = mount;

    const path = rawPath.slice(prefix.length);
    const violations: string[] = [];
    const query: Record<string, string> = {};
    for (const [name, text] of new URLSearchParams(rawQuery)) {
      if (Object.hasOwn(query, name)) violations.push(`parameter ${name} is given twice`);
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
      case "coinmetrics":
        return coinmetrics(asked, coins, now(), urls.coinmetrics);
      case "kraken":
        return kraken(asked, coins, now());
      case "frankfurter":
        return frankfurter(asked, options.frankfurterPerUsd ?? {}, now());
    }
  };

  const server = createServer((incoming, response) => {
    receive(incoming, response).catch((cause: unknown) => {
      // A defect of the fake must fail the test that met it, with its own words.
      if (!response.headersSent)
        reply(response, { status: 500, body: { error: `fake market: ${String(cause)}` } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${portOf(server.address())}`;
  const urls = {
    coingecko: `${origin}/coingecko/api/v3`,
    coingeckoPro: `${origin}/coingecko-pro/api/v3`,
    defillama: `${origin}/defillama`,
    coinmetrics: `${origin}/coinmetrics/v4`,
    kraken: `${origin}/kraken`,
    frankfurter: `${origin}/frankfurter`,
  };

  return {
    urls,
    environment: (plan) => ({
      COINGECKO_PLAN: plan,
      ...(plan === "keyless" ? {} : { COINGECKO_API_KEY: fakeKeys[plan] }),
      COINGECKO_BASE_URL:
        plan === "keyless" || plan === "demo" ? urls.coingecko : urls.coingeckoPro,
      DEFILLAMA_BASE_URL: urls.defillama,
      COINMETRICS_BASE_URL: urls.coinmetrics,
      KRAKEN_BASE_URL: urls.kraken,
      FRANKFURTER_BASE_URL: options.frankfurterPerUsd === undefined ? "" : urls.frankfurter,
    }),
    requests,
    count,
    arrived: (filter = {}, wanted = 1) =>
      count(filter) >= wanted
        ? Promise.resolve()
        : new Promise((resolve) => waiting.push({ filter, count: wanted, resolve })),
    violations: () => [
      ...strays,
      ...requests.flatMap((request) =>
        request.violations.map((violation) => `${request.provider} ${request.url}: ${violation}`),
      ),
    ],
    forget: () => {
      requests.length = 0;
      strays.length = 0;
    },
    fail: (provider, fault, scope = {}) => {
      const active: ActiveFault = {
        provider,
        fault,
        path: scope.path,
        left: scope.times ?? Number.POSITIVE_INFINITY,
      };
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

/**
 * A base URL at which every connection is refused: a port that was free a moment ago. Ask it at
 * once, ports are used again.
 */
export async function refusedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = portOf(server.address());
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

const mounts: readonly {
  readonly prefix: string;
  readonly provider: Provider;
  readonly host: "public" | "pro";
}[] = [
  { prefix: "/coingecko/api/v3", provider: "coingecko", host: "public" },
  { prefix: "/coingecko-pro/api/v3", provider: "coingecko", host: "pro" },
  { prefix: "/defillama", provider: "defillama", host: "public" },
  { prefix: "/coinmetrics/v4", provider: "coinmetrics", host: "public" },
  { prefix: "/kraken", provider: "kraken", host: "public" },
  { prefix: "/frankfurter", provider: "frankfurter", host: "public" },
];

function portOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): number {
  if (address === null || typeof address === "string")
    throw new Error("the fake market listens on no port");
  return address.port;
}

function pathIs(path: string, wanted: string | RegExp | undefined): boolean {
  return wanted === undefined || (typeof wanted === "string" ? path === wanted : wanted.test(path));
}

function isMeant(request: MarketRequest, filter: RequestFilter): boolean {
  return (
    (filter.provider === undefined || request.provider === filter.provider) &&
    pathIs(request.path, filter.path)
  );
}

function decodedSegments(path: string, violations: string[]): string[] {
  try {
    return path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    violations.push(`malformed percent-encoding in ${path}`);
    return [];
  }
}
