import { DAY_MS } from "../../../src/valuation/calendar.ts";
import type { FakeCoin, Plan } from "./fake-coin.ts";
import type { Fault } from "./fault.ts";
import {
  checkParameters,
  dayMs,
  type Json,
  ok,
  type PricedDay,
  type ProviderRequest,
  type ProviderResponse,
  pricedDays,
  quoteUsd,
  seriesAt,
  utcDay,
} from "./provider.ts";

/**
 * A key that the fake's CoinGecko accepts for each plan; like real ones, they do not tell their
 * plan.
 */
export const fakeKeys: Readonly<Record<Exclude<Plan, "keyless">, string>> = {
  demo: "CG-fakeAAAAAAAAAAAAAAAAAAAA",
  basic: "CG-fakeBBBBBBBBBBBBBBBBBBBB",
  analyst: "CG-fakeCCCCCCCCCCCCCCCCCCCC",
  lite: "CG-fakeDDDDDDDDDDDDDDDDDDDD",
  enterprise: "CG-fakeEEEEEEEEEEEEEEEEEEEE",
};

/**
 * Days that a plan reaches back: https://docs.coingecko.com/docs/common-errors-rate-limit (error
 * 10012), checked 2026-11.
 */
const reachDays: Readonly<Record<Plan, number>> = {
  keyless: 365,
  demo: 365,
  basic: 730,
  analyst: Number.POSITIVE_INFINITY,
  lite: Number.POSITIVE_INFINITY,
  enterprise: Number.POSITIVE_INFINITY,
};

/**
 * CoinGecko shows a finished UTC day about ten minutes after its end:
 * https://docs.coingecko.com/reference/coins-id-market-chart, checked 2026-11.
 */
const PUBLISHED_AFTER_MS = 600_000;

/** What CoinGecko answers: the plan walls and key rules of its two hosts, then the endpoint. */
export function coingecko(
  request: ProviderRequest,
  coins: readonly FakeCoin[],
  now: Date,
  ratesPerUsd: Readonly<Record<string, number>>,
): ProviderResponse {
  const plan = planOf(request);
  if (typeof plan !== "string") return plan;
  const known = coins.filter((coin) => seriesAt(coin, "coingecko") !== undefined);
  const [first, second, third, ...rest] = request.segments;
  const route =
    rest.length > 0
      ? ""
      : first === "coins" && third !== undefined
        ? `coins/{id}/${third}`
        : [first, second].filter((part) => part !== undefined).join("/");
  switch (route) {
    case "ping":
      checkParameters(request, []);
      return ok({ gecko_says: "(V3) To the Moon!" });
    case "coins/list":
      checkParameters(request, ["include_platform", "status"]);
      if (request.query["status"] === "inactive") return ok([]);
      return ok(
        known.map(({ coinId, symbol, name }) => ({
          id: coinId,
          symbol: symbol.toLowerCase(),
          name,
          ...(request.query["include_platform"] === "true" ? { platforms: {} } : {}),
        })),
      );
    case "coins/markets":
      return coingeckoMarkets(request, known, now, ratesPerUsd);
    case "search":
      return coingeckoSearch(request, known);
    case "simple/price":
      return coingeckoSimplePrice(request, known, now, ratesPerUsd);
    case "coins/{id}/market_chart":
      return coingeckoMarketChart(
        request,
        known.find((coin) => coin.coinId === second),
        plan,
        now,
        ratesPerUsd,
      );
    case "exchange_rates":
      checkParameters(request, []);
      return ok({ rates: coingeckoRates(known, now, ratesPerUsd) });
    default:
      request.complain(`unknown path ${request.path}`);
      return {
        status: 404,
        body: { error: "Incorrect path. Please check https://www.coingecko.com/api/" },
      };
  }
}

/**
 * The plan that the request's key buys at the host it was sent to, or the refusal of CoinGecko's
 * error table.
 */
function planOf(request: ProviderRequest): Plan | ProviderResponse {
  for (const name of ["x_cg_demo_api_key", "x_cg_pro_api_key"])
    if (name in request.query) request.complain("a key in the query string");
  const demoHeader = request.headers["x-cg-demo-api-key"];
  const proHeader = request.headers["x-cg-pro-api-key"];
  if (demoHeader !== undefined && proHeader !== undefined) request.complain("both key headers");
  const key = proHeader ?? demoHeader;
  const plan = plansWithKeys.find((candidate) => fakeKeys[candidate] === key);
  if (key !== undefined && plan === undefined)
    return refusalOf({ kind: "key-missing" }, "Invalid API Key");
  if (request.host === "public") {
    if (proHeader !== undefined || (plan !== undefined && plan !== "demo"))
      return refusalOf({ kind: "pro-key-on-public-host" });
    return plan ?? "keyless";
  }
  if (demoHeader !== undefined || plan === "demo")
    return refusalOf({ kind: "demo-key-on-pro-host" });
  return plan ?? refusalOf({ kind: "key-missing" });
}

const plansWithKeys = ["demo", "basic", "analyst", "lite", "enterprise"] as const;

function coingeckoMarketChart(
  request: ProviderRequest,
  coin: FakeCoin | undefined,
  plan: Plan,
  now: Date,
  ratesPerUsd: Readonly<Record<string, number>>,
): ProviderResponse {
  checkParameters(request, ["vs_currency", "days", "interval", "precision"]);
  const { vs_currency: currency, days = "", interval } = request.query;
  if (currency === undefined) return missing(request, "vs_currency");
  const rate = ratesPerUsd[currency.toLowerCase()];
  if (rate === undefined) return { status: 400, body: { error: "invalid vs_currency" } };
  if (!/^(max|\d+)$/.test(days)) return missing(request, "days");
  if (interval !== undefined && !["5m", "hourly", "daily"].includes(interval))
    request.complain(`undocumented interval ${interval}`);
  if (interval === "5m" && request.host === "public")
    request.complain("interval 5m on the public host");
  if (coin === undefined) return { status: 404, body: { error: "coin not found" } };
  if ((interval === "5m" || interval === "hourly") && plan !== "enterprise")
    return refusalOf({ kind: "not-in-plan" });
  const reach = days === "max" ? Number.POSITIVE_INFINITY : Number(days);
  if (reach > reachDays[plan]) return refusalOf({ kind: "too-far-back" });

  const series = seriesAt(coin, "coingecko") ?? [];
  const today = utcDay(now);
  const publishedOn = utcDay(now.getTime() - PUBLISHED_AFTER_MS);
  const sinceMs = now.getTime() - reach * DAY_MS;
  const stepMs = stepOf(interval, reach);
  // Until ten minutes past midnight yesterday is missing; then it is there, and with it a first
  // stamp of the unfinished today.
  const shown = series.filter(
    ({ on }) =>
      dayMs(on) >= sinceMs - DAY_MS && (on < publishedOn || (on === publishedOn && on === today)),
  );
  const points: [number, number | null][] = shown
    .flatMap(({ on, priceUsd }) => stampsOfDay(on, priceUsd, stepMs))
    .filter(([at]) => at >= sinceMs && at < now.getTime());
  const quote = quoteUsd(pricedDays(series, now), now);
  if (quote !== undefined) points.push([now.getTime(), quote]);
  const scaled = (factor: number) =>
    points.map(([at, priceUsd]) => [at, priceUsd === null ? null : priceUsd * factor] as const);
  const decimals = request.query["precision"];
  return ok({
    prices: scaled(rate).map(([at, price]) => [
      at,
      price === null ? null : rounded(price, decimals),
    ]),
    market_caps: scaled(rate * supplyOf(coin, quote ?? 1)),
    total_volumes: scaled((rate * supplyOf(coin, quote ?? 1)) / 50),
  });
}

/**
 * Auto granularity: 1 day is 5 minutes, 2 to 90 days hourly, beyond daily;
 * https://docs.coingecko.com/reference/coins-id-market-chart, checked 2026-11.
 */
function stepOf(interval: string | undefined, days: number): number {
  if (interval === "daily" || (interval === undefined && days > 90)) return DAY_MS;
  return interval === "5m" || (interval === undefined && days <= 1) ? 300_000 : 3_600_000;
}

/**
 * One day's points. Within the day the price moves a little, so that only a client who takes the
 * earliest of a date gets the daily close.
 */
function stampsOfDay(
  on: string,
  priceUsd: number | null,
  stepMs: number,
): [number, number | null][] {
  return Array.from({ length: DAY_MS / stepMs }, (_, index) => [
    dayMs(on) + index * stepMs,
    priceUsd === null ? null : priceUsd * (1 + 0.02 * Math.sin(index)),
  ]);
}

function rounded(price: number, decimals: string | undefined): number {
  return decimals === undefined || decimals === "full"
    ? price
    : Number(price.toFixed(Number(decimals)));
}

function missing(request: ProviderRequest, parameter: string): ProviderResponse {
  request.complain(`missing or malformed parameter ${parameter}`);
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

function listOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

const marketsParameters =
  "vs_currency ids names symbols include_tokens category order per_page page sparkline price_change_percentage locale precision include_rehypothecated".split(
    " ",
  );
/** Documented, but the fake cannot filter by them: asking must not look as if it worked. */
const marketsUnsupported = [
  "names",
  "symbols",
  "include_tokens",
  "category",
  "sparkline",
  "price_change_percentage",
];

function coingeckoMarkets(
  request: ProviderRequest,
  known: readonly FakeCoin[],
  now: Date,
  ratesPerUsd: Readonly<Record<string, number>>,
): ProviderResponse {
  checkParameters(request, marketsParameters);
  for (const name of marketsUnsupported)
    if (name in request.query) request.complain(`the fake market does not support ${name}`);
  const { vs_currency: currency, ids, order = "market_cap_desc", precision } = request.query;
  if (currency === undefined) return missing(request, "vs_currency");
  const rate = ratesPerUsd[currency.toLowerCase()];
  if (rate === undefined) return { status: 400, body: { error: "invalid vs_currency" } };
  const perPage = Number(request.query["per_page"] ?? 100);
  const page = Number(request.query["page"] ?? 1);
  if (!Number.isInteger(perPage) || perPage < 1 || perPage > 250)
    request.complain(`per_page ${request.query["per_page"]} is not 1…250`);
  if (!Number.isInteger(page) || page < 1)
    request.complain(`page ${request.query["page"]} is not a page`);
  if (
    order !== "market_cap_desc" &&
    order !== "market_cap_asc" &&
    order !== "id_asc" &&
    order !== "id_desc"
  ) {
    request.complain(`the fake market does not support order ${order}`);
  }

  const asOrdered = (a: FakeCoin, b: FakeCoin) =>
    order.startsWith("id_") ? (a.coinId < b.coinId ? -1 : 1) : byRank(a, b);
  const direction = order === "market_cap_asc" || order === "id_desc" ? -1 : 1;
  const wanted =
    ids === undefined ? known : known.filter((coin) => listOf(ids).includes(coin.coinId));
  const size = Math.min(250, Math.max(1, perPage));
  const rows = [...wanted]
    .sort((a, b) => direction * asOrdered(a, b))
    .slice((page - 1) * size, page * size);
  return ok(rows.map((coin) => marketRow(coin, now, rate, precision)));
}

function marketRow(coin: FakeCoin, now: Date, rate: number, decimals: string | undefined): Json {
  const days = pricedDays(seriesAt(coin, "coingecko") ?? [], now);
  const quote = quoteUsd(days, now);
  const money = (usd: number | undefined) =>
    usd === undefined ? null : rounded(usd * rate, decimals);
  const percent = (usd: number | undefined) =>
    quote === undefined || usd === undefined || usd === 0 ? null : 100 * (quote / usd - 1);
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
  const stamp = (day: PricedDay | undefined) =>
    day === undefined ? null : `${day.on}T00:00:00.000Z`;
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
    price_change_24h:
      quote === undefined || dayBefore === undefined ? null : (quote - dayBefore) * rate,
    price_change_percentage_24h: percent(dayBefore),
    market_cap_change_24h:
      quote === undefined || dayBefore === undefined ? null : (quote - dayBefore) * rate * supply,
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

function coingeckoSearch(request: ProviderRequest, known: readonly FakeCoin[]): ProviderResponse {
  checkParameters(request, ["query"]);
  const text = request.query["query"]?.trim().toLowerCase();
  if (text === undefined) return missing(request, "query");
  const found = known.filter(
    (coin) =>
      text !== "" &&
      [coin.coinId, coin.symbol, coin.name].some((part) => part.toLowerCase().includes(text)),
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

const simplePriceParameters =
  "vs_currencies ids names symbols include_tokens include_market_cap include_24hr_vol include_24hr_change include_last_updated_at precision".split(
    " ",
  );

function coingeckoSimplePrice(
  request: ProviderRequest,
  known: readonly FakeCoin[],
  now: Date,
  ratesPerUsd: Readonly<Record<string, number>>,
): ProviderResponse {
  checkParameters(request, simplePriceParameters);
  for (const name of ["names", "symbols", "include_tokens"])
    if (name in request.query) request.complain(`the fake market does not support ${name}`);
  const currencies = listOf(request.query["vs_currencies"]?.toLowerCase());
  const ids = listOf(request.query["ids"]);
  if (currencies.length === 0) return missing(request, "vs_currencies");
  if (ids.length === 0) return missing(request, "ids");
  const wants = (name: string) => request.query[name] === "true";

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
          [currency, rounded(quote * rate, request.query["precision"])],
          ...(wants("include_market_cap")
            ? [[`${currency}_market_cap`, capUsd * rate] satisfies [string, number]]
            : []),
          ...(wants("include_24hr_vol")
            ? [[`${currency}_24h_vol`, (capUsd / 50) * rate] satisfies [string, number]]
            : []),
          ...(wants("include_24hr_change") && dayBefore
            ? [[`${currency}_24h_change`, 100 * (quote / dayBefore - 1)] satisfies [string, number]]
            : []),
        ];
      });
      if (wants("include_last_updated_at"))
        row.push(["last_updated_at", Math.floor(now.getTime() / 1000)]);
      return [coin.coinId, Object.fromEntries(row)];
    });
  return ok(Object.fromEntries(entries));
}

/** Every value is per BTC; crypto and commodity rows stand among the fiat ones, as at CoinGecko. */
function coingeckoRates(
  known: readonly FakeCoin[],
  now: Date,
  ratesPerUsd: Readonly<Record<string, number>>,
): Json {
  const bitcoin = known.find((coin) => coin.coinId === "bitcoin");
  const bitcoinUsd =
    (bitcoin && quoteUsd(pricedDays(seriesAt(bitcoin, "coingecko") ?? [], now), now)) ?? 100_000;
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

/** The faults that CoinGecko has a body of its own for. */
export type CoinGeckoRefusal = Extract<
  Fault["kind"],
  | "rate-limited"
  | "credits-spent"
  | "key-missing"
  | "not-in-plan"
  | "too-far-back"
  | "pro-key-on-public-host"
  | "demo-key-on-pro-host"
>;

/**
 * CoinGecko's bodies: https://docs.coingecko.com/docs/common-errors-rate-limit and threads on its
 * client libraries, checked 2026-11.
 */
export function refusalOf(
  { kind }: { readonly kind: CoinGeckoRefusal },
  keyMessage = "API Key Missing",
): ProviderResponse {
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
      return {
        status: 429,
        body: {
          status: {
            error_code: 10006,
            error_message: "You've exceeded your monthly credits limit.",
          },
        },
      };
    case "key-missing":
      return { status: 401, body: { status: { error_code: 10002, error_message: keyMessage } } };
    case "not-in-plan":
      return {
        status: 401,
        body: {
          status: {
            error_code: 10005,
            error_message:
              "This request is limited to PRO API subscribers. Please visit https://www.coingecko.com/en/api/pricing",
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
            error_message:
              "If you are using Pro API key, please change your root URL from api.coingecko.com to pro-api.coingecko.com",
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
            error_message:
              "If you are using Demo API key, please change your root URL from pro-api.coingecko.com to api.coingecko.com",
          },
        },
      };
  }
}
