import { createYield } from "../../process/yielding.ts";
import { DAY_MS, utcDay } from "../../valuation/calendar.ts";
import { type CoinListSource, type CoinsResult, PAGE_COINS } from "../coin-list-source.ts";
import type { Ask, ClosesResult, PriceSource, QuoteResult, RatesResult } from "../price-source.ts";
import { type CoinRow, gateCoins } from "./coin-rows.ts";
import { CoinGeckoApi, type CoinGeckoOptions } from "./coingecko-api.ts";
import { PLAN_TERMS } from "./coingecko-plans.ts";
import { dailyCloses } from "./daily-closes.ts";
import { fieldOf, fieldsOf, listIn } from "./json-values.ts";
import { type ResponseLimits, unpackCoins } from "./response-body.ts";
import {
  type DropKind,
  everyDay,
  failureOf,
  gateRows,
  type OnRowsDropped,
  priceIn,
  readStampedPrice,
  type StampWindow,
  withinAsked,
} from "./row-gate.ts";
import type { SourceHealth } from "./source-health.ts";
import { badResponse } from "./upstream-request.ts";

/**
 * CoinGecko as prices, as the list of coins, as exchange rates, and as a key that can be checked.
 */
export type CoinGecko = {
  readonly source: PriceSource;
  readonly directory: CoinListSource;
  /**
   * One sentence about a key and plan that do not fit; undefined when they do, or when CoinGecko
   * cannot be asked now.
   */
  checkKey(ask: Ask): Promise<string | undefined>;
  /** What one US dollar is worth in every fiat currency that CoinGecko has. */
  rates(ask: Ask): Promise<RatesResult>;
  health(): SourceHealth;
};

/**
 * Several times what the endpoints respond (2026-11): the list of 17,000 coins has 2 MB, a page of
 * the market 250 kB, a search 15 kB and the rates 8 kB.
 */
const LIMITS = {
  list: { maxBytes: 16 * 1024 * 1024, read: "coin-list" },
  search: { maxBytes: 1024 * 1024 },
  rates: { maxBytes: 256 * 1024 },
} as const satisfies Record<string, ResponseLimits>;
/** A search finds some dozens at most. */
const MAX_FOUND_COINS = 250;

/** CoinGecko through `coingecko-api-v3`'s endpoints and our own transport. */
export function createCoinGecko(options: CoinGeckoOptions): CoinGecko {
  const { plan, now, onRowsDropped } = options;
  const { reachDays } = PLAN_TERMS[plan];
  const api = new CoinGeckoApi(options);
  const source: PriceSource = {
    id: "coingecko",
    name: "CoinGecko",
    url: "https://www.coingecko.com",
    stepDays: 1,
    reachDays,
    fetchesWhole: true,

    async closes({ coinId }, _range, ask) {
      const askedAt = now();
      // Everything within reach, whatever is asked for: it costs the same one call, and replaces
      // what was cached.
      const days = reachDays ?? "max";
      const response = await api.call(ask, (client) =>
        client.coinIdMarketChart({
          id: pathSafe(coinId),
          vs_currency: "usd",
          days,
          interval: "daily",
        }),
      );
      return response.ok
        ? readChart(response.body, { askedAt, reachDays, onRowsDropped })
        : response;
    },

    async quote({ coinId }, ask) {
      const response = await api.call(ask, (client) =>
        client.simplePrice({ ids: encodeURIComponent(coinId), vs_currencies: "usd" }),
      );
      return response.ok ? readQuote(response.body, coinId, onRowsDropped) : response;
    },
  };
  return {
    source,
    directory: directoryOf(api, onRowsDropped),
    checkKey: (ask) => api.checkKey(ask),
    async rates(ask) {
      const response = await api.call(ask, (client) => client.exchangeRates(), LIMITS.rates);
      return response.ok ? readRates(response.body, onRowsDropped) : response;
    },
    health: () => api.health(),
  };
}

function readChart(
  body: unknown,
  {
    askedAt,
    reachDays,
    onRowsDropped,
  }: {
    readonly askedAt: Date;
    readonly reachDays: number | null;
    readonly onRowsDropped: OnRowsDropped | undefined;
  },
): ClosesResult {
  const prices = listIn(fieldsOf(body)?.["prices"]);
  if (prices === undefined) return badResponse("CoinGecko", "a chart without prices");
  const window = everyDay(askedAt);
  const gated = gateRows(prices, (row) => {
    const [stamp, price] = listIn(row) ?? [];
    return stamp === undefined ? "shape" : readStampedPrice(stamp, price, 1, window);
  });
  const failure = failureOf("CoinGecko", gated, onRowsDropped);
  if (failure !== undefined) return failure;
  const asked = withinAsked(gated.rows, reachAt(askedAt, reachDays));
  if (asked === undefined) return badResponse("CoinGecko", "a chart of other days");
  const points = dailyCloses(asked, utcDay(askedAt));
  return {
    ok: true,
    points,
    firstOn: reachDays === null ? (points[0]?.on ?? null) : null,
    askedAt: askedAt.toISOString(),
    stale: false,
  };
}

/** The stamps that a chart can have: a plan with a limit has nothing from before it. */
function reachAt(askedAt: Date, reachDays: number | null): StampWindow {
  const window = everyDay(askedAt);
  if (reachDays === null) return window;
  const fromMs = Date.parse(utcDay(askedAt)) - (reachDays + 1) * DAY_MS;
  return { fromMs, toMs: window.toMs };
}

function readQuote(
  body: unknown,
  coinId: string,
  onRowsDropped: OnRowsDropped | undefined,
): QuoteResult {
  const coins = fieldsOf(body);
  if (coins === undefined) return badResponse("CoinGecko", "no prices");
  const row = fieldOf(coins, coinId);
  const price = row === undefined ? undefined : fieldsOf(row)?.["usd"];
  if (row === undefined || (price == null && fieldsOf(row) !== undefined))
    return { ok: false, reason: "unknown-coin", detail: `CoinGecko: no price for ${coinId}` };
  const priceUsd = priceIn(price);
  if (priceUsd !== undefined) return { ok: true, priceUsd };
  onRowsDropped?.(price === undefined ? "shape" : "price", 1);
  return badResponse("CoinGecko", "a price that cannot be right");
}

/** CoinGecko's lists of coins. */
function directoryOf(api: CoinGeckoApi, onRowsDropped: OnRowsDropped | undefined): CoinListSource {
  const coinsIn = (
    rows: readonly unknown[] | undefined,
    maxCoins: number,
    imageField: "image" | "large",
  ): CoinsResult => {
    if (rows === undefined) return badResponse("CoinGecko", "no list of coins");
    const gated = gateCoins(rows, maxCoins, imageField);
    return failureOf("CoinGecko", gated, onRowsDropped) ?? { ok: true, coins: gated.rows };
  };
  return {
    async list(ask) {
      const response = await api.call(
        ask,
        (client) => client.coinList({ include_platform: false }),
        LIMITS.list,
      );
      if (!response.ok) return response;
      const { coins: packed } = response;
      if (packed === undefined) return badResponse("CoinGecko", "no list of coins");
      const failure = failureOf("CoinGecko", packed, onRowsDropped);
      if (failure !== undefined) return failure;
      const pause = createYield();
      const coins: CoinRow[] = [];
      for (const part of packed.parts) {
        for (const coin of unpackCoins(part)) coins.push(coin);
        await pause();
      }
      return { ok: true, coins };
    },
    async top(page, ask) {
      const response = await api.call(ask, (client) =>
        client.coinMarket({
          vs_currency: "usd",
          order: "market_cap_desc",
          per_page: PAGE_COINS,
          page,
        }),
      );
      return response.ok ? coinsIn(listIn(response.body), PAGE_COINS, "image") : response;
    },
    async search(text, ask) {
      const response = await api.call(
        ask,
        (client) => client.search({ query: encodeURIComponent(text) }),
        LIMITS.search,
      );
      return response.ok
        ? coinsIn(listIn(fieldsOf(response.body)?.["coins"]), MAX_FOUND_COINS, "large")
        : response;
    },
  };
}

/** CoinGecko says what one bitcoin is worth; from that follows what a US dollar is worth. */
function readRates(body: unknown, onRowsDropped: OnRowsDropped | undefined): RatesResult {
  const rates = fieldsOf(fieldsOf(body)?.["rates"]);
  if (rates === undefined) return badResponse("CoinGecko", "no exchange rates");
  const gated = gateRows(Object.entries(rates), readRate);
  const failure = failureOf("CoinGecko", gated, onRowsDropped);
  if (failure !== undefined) return failure;
  const usdPerBtc = gated.rows.find(({ code }) => code === "USD")?.perBtc;
  if (usdPerBtc === undefined) return badResponse("CoinGecko", "exchange rates without US dollars");
  const perUsd = gated.rows.flatMap(({ code, perBtc }) => {
    const rate = priceIn(perBtc / usdPerBtc);
    return rate === undefined ? [] : [[code, rate] as const];
  });
  return { ok: true, perUsd: Object.fromEntries(perUsd) };
}

/** One rate; crypto units and metals are not money that people spend, and are not counted. */
function readRate([code, row]: [string, unknown]):
  | { readonly code: string; readonly perBtc: number }
  | DropKind
  | undefined {
  const fields = fieldsOf(row);
  const type = fields?.["type"];
  if (!/^[a-z]{3}$/.test(code) || (typeof type === "string" && type !== "fiat")) return undefined;
  if (fields === undefined || type !== "fiat") return "shape";
  const perBtc = priceIn(fields["value"]);
  return perBtc === undefined ? "price" : { code: code.toUpperCase(), perBtc };
}

/**
 * A path segment that stays one segment: dots alone would climb, and String.replace reads `$` in
 * the package's route building.
 */
function pathSafe(coinId: string): string {
  const encoded = encodeURIComponent(coinId);
  return /^\.+$/.test(encoded) ? encoded.replaceAll(".", "%252E") : encoded;
}
