import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { coingecko, fakeKeys } from "./coingecko.ts";
import { coinmetrics } from "./coinmetrics.ts";
import { defillama } from "./defillama.ts";
import type { FakeCoin, Plan, Provider } from "./fake-coin.ts";
import { ActiveFaults, type Fault, type FaultScope } from "./fault.ts";
import { sendFaulty, sendJson } from "./faulty-response.ts";
import { frankfurter } from "./frankfurter.ts";
import { kraken } from "./kraken.ts";
import type { ProviderRequest, ProviderResponse } from "./provider.ts";
import { type MarketRequest, type RequestFilter, RequestLog } from "./request-log.ts";

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
  /** Switches off the faults of one provider, or all faults. */
  heal(provider?: Provider): void;
  /** Replaces the coins. */
  setCoins(coins: readonly FakeCoin[]): void;
  /** Ends every connection and timer at once, hanging ones included; closing twice is fine. */
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

/**
 * Starts one HTTP server on 127.0.0.1 that speaks CoinGecko (both hosts), DefiLlama, Coin Metrics,
 * Kraken and Frankfurter about the given coins, with CoinGecko's plans and walls and with faults
 * that can be switched at any time. Nothing in it is random.
 */
export async function startFakeMarket(options: FakeMarketOptions): Promise<FakeMarket> {
  const { now } = options;
  const ratesPerUsd = { usd: 1, ...(options.ratesPerUsd ?? defaultRatesPerUsd) };
  let coins = options.coins;
  const log = new RequestLog();
  const faults = new ActiveFaults();
  const timers = new Set<NodeJS.Timeout>();

  const responseOf = (provider: Provider, request: ProviderRequest): ProviderResponse => {
    switch (provider) {
      case "coingecko":
        return coingecko(request, coins, now(), ratesPerUsd);
      case "defillama":
        return defillama(request, coins, now());
      case "coinmetrics":
        return coinmetrics(request, coins, now(), urls.coinmetrics);
      case "kraken":
        return kraken(request, coins, now());
      case "frankfurter":
        return frankfurter(request, options.frankfurterPerUsd ?? {}, now());
    }
  };
  const receive = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const received = readRequest(incoming);
    if (received === undefined) {
      log.addStray(incoming.url ?? "");
      const error = `the fake market has nothing at ${pathAndQuery(incoming)[0]}`;
      return sendJson(response, { status: 404, body: { error } });
    }
    const { provider, request, violations } = received;
    const fault = faults.take(provider, request.path);
    log.add({
      provider,
      host: request.host,
      path: request.path,
      query: request.query,
      violations,
      at: now(),
      url: incoming.url ?? "",
      method: incoming.method ?? "",
      headers: incoming.headers,
      ...(fault === undefined ? {} : { fault: fault.kind }),
    });
    // Computed even when a fault replaces it, so that violations are found then too.
    const right = responseOf(provider, request);
    log.notify();
    if (fault === undefined) return sendJson(response, right);
    await sendFaulty({ fault, provider, right, response, timers });
  };

  const server = await startServer(receive);
  const urls = urlsAt(server.origin);
  return {
    urls,
    environment: (plan) => environmentOf(plan, urls, options.frankfurterPerUsd !== undefined),
    requests: log.requests,
    count: (filter) => log.count(filter),
    arrived: (filter, count) => log.arrived(filter, count),
    violations: () => log.violations(),
    forget: () => log.clear(),
    fail: (provider, fault, scope = {}) => faults.add(provider, fault, scope),
    heal: (provider) => faults.clear(provider),
    setCoins: (others) => {
      coins = others;
    },
    close: async () => {
      for (const timer of timers) clearInterval(timer);
      await server.close();
    },
  };
}

function urlsAt(origin: string): FakeMarket["urls"] {
  return {
    coingecko: `${origin}/coingecko/api/v3`,
    coingeckoPro: `${origin}/coingecko-pro/api/v3`,
    defillama: `${origin}/defillama`,
    coinmetrics: `${origin}/coinmetrics/v4`,
    kraken: `${origin}/kraken`,
    frankfurter: `${origin}/frankfurter`,
  };
}

function environmentOf(
  plan: Plan,
  urls: FakeMarket["urls"],
  hasFrankfurter: boolean,
): Record<string, string> {
  return {
    COINGECKO_PLAN: plan,
    ...(plan === "keyless" ? {} : { COINGECKO_API_KEY: fakeKeys[plan] }),
    COINGECKO_BASE_URL: plan === "keyless" || plan === "demo" ? urls.coingecko : urls.coingeckoPro,
    DEFILLAMA_BASE_URL: urls.defillama,
    COINMETRICS_BASE_URL: urls.coinmetrics,
    KRAKEN_BASE_URL: urls.kraken,
    FRANKFURTER_BASE_URL: hasFrankfurter ? urls.frankfurter : "",
  };
}

async function startServer(
  receive: (incoming: IncomingMessage, response: ServerResponse) => Promise<void>,
) {
  const server = createServer((incoming, response) => {
    receive(incoming, response).catch((cause: unknown) => {
      // A defect of the fake must fail the test that met it, with its own words.
      if (!response.headersSent)
        sendJson(response, { status: 500, body: { error: `fake market: ${String(cause)}` } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${portOf(server.address())}`,
    close: () =>
      new Promise<void>((resolve, reject) => {
        if (!server.listening) return resolve();
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
}

/** A request as its provider sees it, with the list of its breaches; undefined for no provider. */
function readRequest(incoming: IncomingMessage) {
  const [rawPath, rawQuery] = pathAndQuery(incoming);
  const mount = mounts.find(({ prefix }) => rawPath.startsWith(`${prefix}/`));
  if (mount === undefined) return undefined;
  const { provider, host, prefix } = mount;
  const path = rawPath.slice(prefix.length);
  const violations: string[] = [];
  const query: Record<string, string> = {};
  for (const [name, text] of new URLSearchParams(rawQuery)) {
    if (Object.hasOwn(query, name)) violations.push(`parameter ${name} is given twice`);
    else query[name] = text;
  }
  const request: ProviderRequest = {
    host,
    path,
    query,
    headers: incoming.headers,
    segments: decodedSegments(path, violations),
    complain: (violation) => violations.push(violation),
  };
  if (incoming.method !== "GET") request.complain(`method ${incoming.method ?? ""}`);
  return { provider, request, violations };
}

function pathAndQuery(incoming: IncomingMessage): [path: string, query: string] {
  const [path = "", query = ""] = (incoming.url ?? "").split(/\?(.*)/s);
  return [path, query];
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

function decodedSegments(path: string, violations: string[]): string[] {
  try {
    return path.slice(1).split("/").map(decodeURIComponent);
  } catch {
    violations.push(`malformed percent-encoding in ${path}`);
    return [];
  }
}
