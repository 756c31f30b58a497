import { addDays } from "../../../src/valuation/calendar.ts";
import type { FakeCoin } from "./fake-coin.ts";
import {
  checkParameters,
  type Json,
  ok,
  type ProviderRequest,
  type ProviderResponse,
  pricedDays,
  seriesAt,
  utcDay,
} from "./provider.ts";

/**
 * https://docs.coinmetrics.io/api/v4 and coinmetrics/api-client-python's openapi.yaml, checked
 * 2026-11.
 */
const PARAMETERS = [
  ...[
    "assets",
    "metrics",
    "frequency",
    "start_time",
    "end_time",
    "start_inclusive",
    "end_inclusive",
    "timezone",
  ],
  ...[
    "page_size",
    "paging_from",
    "next_page_token",
    "limit_per_asset",
    "sort",
    "null_as_zero",
    "format",
    "pretty",
  ],
  ...["ignore_forbidden_errors", "ignore_unsupported_errors"],
];
const MAX_PAGE_ROWS = 10_000;
const DEFAULT_PAGE_ROWS = "100";
/** Stamped with the instant of the price, or with the beginning of the day that ends with it. */
const DAYS_TO_PRICE: Readonly<Record<string, number>> = { ReferenceRateUSD: 0, PriceUSD: 1 };

type Row = { readonly asset: string; readonly time: string } & {
  readonly [metric: string]: string | null;
};

/**
 * What Coin Metrics' community API answers about daily prices; `baseUrl` is where its next pages
 * are.
 */
export function coinmetrics(
  request: ProviderRequest,
  coins: readonly FakeCoin[],
  now: Date,
  baseUrl: string,
): ProviderResponse {
  if (request.path !== "/timeseries/asset-metrics") {
    request.complain(`unknown path ${request.path}`);
    return refuse(404, "not_found", "Not found.");
  }
  checkParameters(request, PARAMETERS);
  const {
    assets = "",
    metrics = "",
    frequency = "1d",
    page_size = DEFAULT_PAGE_ROWS,
    paging_from = "end",
  } = request.query;
  const badParameter = (name: string, value: string) =>
    refuse(400, "bad_parameter", `Bad parameter '${name}'. Value '${value}' is not supported.`);
  const malformed = (name: string, value: string) => {
    request.complain(`${name}=${value}`);
    return badParameter(name, value);
  };
  const [metric = "", ...furtherMetrics] = metrics.split(",");
  if (frequency !== "1d") return malformed("frequency", frequency);
  if (!/^\d+$/.test(page_size) || Number(page_size) < 1 || Number(page_size) > MAX_PAGE_ROWS)
    return malformed("page_size", page_size);
  if (paging_from !== "start" && paging_from !== "end")
    return malformed("paging_from", paging_from);
  if (!Object.hasOwn(DAYS_TO_PRICE, metric) || furtherMetrics.length > 0)
    return malformed("metrics", metrics);
  if (!/^[a-z0-9_]+$/.test(assets)) return malformed("assets", assets);
  const coin = coins.find((candidate) => candidate.coinMetricsId === assets);
  const series = coin && seriesAt(coin, "coinmetrics");
  if (coin === undefined || series === undefined) return badParameter("assets", assets);

  const finished = metric === "PriceUSD" ? utcDay(now) : addDays(utcDay(now), 1);
  const days = DAYS_TO_PRICE[metric] ?? 0;
  const rows = pricedDays(series, now)
    .map(
      ({ on, priceUsd }): Row => ({
        asset: assets,
        time: `${addDays(on, -days)}T00:00:00.000000000Z`,
        [metric]: String(priceUsd),
      }),
    )
    .filter(({ time }) => time.slice(0, 10) < finished);
  const told =
    metric === "ReferenceRateUSD" && coin.coinMetricsRates !== undefined
      ? rows.slice(-coin.coinMetricsRates)
      : rows;
  return pageOf(told, request, {
    pageRows: Number(page_size),
    isFromStart: paging_from === "start",
    baseUrl,
  });
}

type Paging = {
  readonly pageRows: number;
  readonly isFromStart: boolean;
  readonly baseUrl: string;
};

/**
 * The token is how many rows were told before; the last page has none. Rows ascend within each
 * page.
 */
function pageOf(
  rows: readonly Row[],
  request: ProviderRequest,
  { pageRows, isFromStart, baseUrl }: Paging,
): ProviderResponse {
  const { next_page_token: token = "0", ...query } = request.query;
  if (!/^\d+$/.test(token)) request.complain(`next_page_token ${token} was never given`);
  const before = Number(token);
  const end = rows.length - before;
  const data: Json = isFromStart
    ? rows.slice(before, before + pageRows)
    : rows.slice(Math.max(0, end - pageRows), Math.max(0, end));
  const next = before + pageRows;
  if (next >= rows.length) return ok({ data });
  const nextQuery = new URLSearchParams({ ...query, next_page_token: String(next) });
  return ok({
    data,
    next_page_token: String(next),
    next_page_url: `${baseUrl}${request.path}?${nextQuery}`,
  });
}

function refuse(status: number, type: string, message: string): ProviderResponse {
  return { status, body: { error: { type, message } } };
}
