import { z } from "zod";
import { addDays, DAY_MS, daysBetween, later, utcDay } from "../../valuation/calendar.ts";
import type { DailyClose } from "../../valuation/price-record.ts";
import type { Ask, PriceSource, SourceFailure } from "../price-source.ts";
import { COIN_METRICS_ASSETS, type CoinMetricsAsset } from "./coinmetrics-assets.ts";
import { dailyCloses } from "./daily-closes.ts";
import { fieldOf, fieldsOf } from "./json-values.ts";
import {
  everyDay,
  failureOf,
  gateRows,
  type OnRowsDropped,
  readStampedPrice,
  type StampedPrice,
} from "./row-gate.ts";
import type { SourceHealth } from "./source-health.ts";
import { createSourceUpstream, type SourceOptions } from "./source-host.ts";
import { badResponse } from "./upstream-request.ts";

/**
 * Coin Metrics' licence asks for credit, a link to the licence and a note of changes
 * (https://docs.coinmetrics.io, "Coin Metrics Community Data", checked 2026-11-26). Cards show
 * credit and link; the README says that prices are averaged and scaled.
 */
const CREDIT = {
  name: "Coin Metrics (CC BY-NC 4.0)",
  url: "https://creativecommons.org/licenses/by-nc/4.0/",
};

/**
 * The community API's limit per IP address (https://docs.coinmetrics.io/access-our-data/api,
 * checked 2026-11-26).
 */
const CALLS = 10;
const WINDOW_SECONDS = 6;

/** The largest page of the API, 27 years of one coin: a second page is not expected. */
const PAGE_ROWS = 10_000;
const MAX_PAGES = 3;

/** A record that begins more than so many days after its known first day has been cut short. */
const LATE_START_DAYS = 7;
/**
 * A record that begins more than so many days after the listing does not contain the opening.
 */
const LATE_LISTING_DAYS = 14;
/**
 * An older rate is not a current price: Coin Metrics stops publishing coins that hardly trade.
 */
const QUOTED_WITHIN_DAYS = 7;

/**
 * The two daily metrics with prices. `ReferenceRateUSD` is stamped with the instant of the price,
 * `PriceUSD` with the beginning of the day at whose end it was measured
 * (https://docs.coinmetrics.io/resources/faqs, checked 2026-11-26).
 */
const METRICS = { ReferenceRateUSD: { daysToPrice: 0 }, PriceUSD: { daysToPrice: 1 } } as const;
type Metric = keyof typeof METRICS;

/** Rows are read one by one, so that an unreadable row does not affect the others. */
const Page = z.object({ data: z.array(z.unknown()), next_page_url: z.string().nullish() });
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;
const Refusal = z.object({ error: z.object({ type: z.string(), message: z.string().optional() }) });

type Stamped = { readonly ok: true; readonly prices: readonly StampedPrice[] };

/** Options of {@link createCoinMetrics}. */
export type CoinMetricsOptions = SourceOptions & {
  /** By CoinGecko's coin id; {@link COIN_METRICS_ASSETS} when absent. */
  readonly assets?: ReadonlyMap<string, CoinMetricsAsset>;
};

/**
 * Coin Metrics' community API: free, keyless, licensed for non-commercial use, with the whole life
 * of a coin in one call. Its ids are tickers, which collide, so only coins in a hand-checked map
 * are asked for.
 */
export function createCoinMetrics(
  options: CoinMetricsOptions,
): PriceSource & { health(): SourceHealth } {
  const { now, assets = COIN_METRICS_ASSETS, onRowsDropped } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const upstream = createSourceUpstream("Coin Metrics", options, {
    limit: { calls: CALLS, windowSeconds: WINDOW_SECONDS },
    readFailure,
  });

  async function fetchPage(
    path: string,
    ask: Ask,
  ): Promise<{ ok: true; page: z.infer<typeof Page> } | SourceFailure> {
    const response = await upstream.getJson(path, ask);
    if (!response.ok) return response;
    const parsed = Page.safeParse(response.body);
    return parsed.success
      ? { ok: true, page: parsed.data }
      : badResponse("Coin Metrics", "no rows");
  }

  async function wholeLife(
    assetId: string,
    metric: Metric,
    ask: Ask,
  ): Promise<Stamped | SourceFailure> {
    const rows: unknown[] = [];
    let path: string | undefined = seriesPath(assetId, metric, {
      page_size: PAGE_ROWS,
      paging_from: "start",
    });
    for (let pages = 0; path !== undefined; pages += 1) {
      if (pages === MAX_PAGES) return badResponse("Coin Metrics", `over ${MAX_PAGES} pages`);
      const fetched = await fetchPage(path, ask);
      if (!fetched.ok) return fetched;
      rows.push(...fetched.page.data);
      const next = fetched.page.next_page_url ?? undefined;
      // A response must not send us to another host.
      if (next !== undefined && !next.startsWith(`${baseUrl}/`))
        return badResponse("Coin Metrics", "its next page is on another host");
      path = next?.slice(baseUrl.length);
    }
    return readRows(rows, { assetId, metric, at: now(), onRowsDropped });
  }

  async function dailyRecord(
    asset: CoinMetricsAsset,
    ask: Ask,
  ): Promise<{ ok: true; points: readonly DailyClose[]; askedAt: Date } | SourceFailure> {
    const { assetId } = asset;
    const askedAt = now();
    const todayOn = utcDay(askedAt);
    const rates = await wholeLife(assetId, "ReferenceRateUSD", ask);
    if (!rates.ok) return rates;
    const points = dailyCloses(rates.prices, todayOn);
    if (!isCutShort(points, asset)) return { ok: true, points, askedAt };
    // Coin Metrics' documentation contradicts itself on whether the free tier has all reference
    // rates or only the newest seven.
    const older = await wholeLife(assetId, "PriceUSD", ask);
    if (!older.ok) return { ok: true, points, askedAt };
    const byDay = new Map(
      [...dailyCloses(older.prices, todayOn), ...points].map((point) => [point.on, point]),
    );
    return {
      ok: true,
      points: [...byDay.values()].sort((a, b) => (a.on < b.on ? -1 : 1)),
      askedAt,
    };
  }

  return {
    id: "coinmetrics",
    ...CREDIT,
    stepDays: 1,
    reachDays: null,
    fetchesWhole: true,
    health: upstream.health,

    async closes({ coinId }, { from }, ask) {
      const asset = assets.get(coinId);
      if (asset === undefined) return unknownCoin(`not known by ${coinId}`);
      const record = await dailyRecord(asset, ask);
      if (!record.ok) return record;
      const { points, askedAt } = record;
      const lateness = latenessOf(points, asset);
      if (lateness !== undefined && from === "listing")
        return unknownCoin(`${coinId}: ${lateness}`);
      const firstOn = lateness === undefined ? (points[0]?.on ?? null) : null;
      return { ok: true, points, firstOn, askedAt: askedAt.toISOString(), stale: false };
    },

    async quote({ coinId }, ask) {
      const asset = assets.get(coinId);
      if (asset === undefined) return unknownCoin(`not known by ${coinId}`);
      const askedAt = now();
      const fetched = await fetchPage(
        seriesPath(asset.assetId, "ReferenceRateUSD", { page_size: 1, paging_from: "end" }),
        ask,
      );
      if (!fetched.ok) return fetched;
      const read = readRows(fetched.page.data, {
        assetId: asset.assetId,
        metric: "ReferenceRateUSD",
        at: askedAt,
        onRowsDropped,
      });
      if (!read.ok) return read;
      // Today's rate is the price at midnight, which is recent enough for a quote.
      const newest = dailyCloses(read.prices, addDays(utcDay(askedAt), 1)).at(-1);
      return newest === undefined || daysBetween(newest.on, utcDay(askedAt)) > QUOTED_WITHIN_DAYS
        ? unknownCoin(`no price of ${coinId} now`)
        : { ok: true, priceUsd: newest.priceUsd };
    },
  };
}

function seriesPath(
  assetId: string,
  metric: Metric,
  paging: Readonly<Record<string, string | number>>,
): string {
  const query = Object.entries({ assets: assetId, metrics: metric, frequency: "1d", ...paging })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
  return `/timeseries/asset-metrics?${query}`;
}

type Reading = {
  readonly assetId: string;
  readonly metric: Metric;
  readonly at: Date;
  readonly onRowsDropped: OnRowsDropped | undefined;
};

function readRows(
  rows: readonly unknown[],
  { assetId, metric, at, onRowsDropped }: Reading,
): Stamped | SourceFailure {
  const window = everyDay(at);
  const gated = gateRows(rows, (row) => {
    const fields = fieldsOf(row);
    if (fields === undefined || fieldOf(fields, "asset") !== assetId) return "shape";
    // A day without a price lacks the field or has null in it.
    return readStampedPrice(
      instantOf(fieldOf(fields, "time"), metric),
      fieldOf(fields, metric) ?? null,
      1,
      window,
    );
  });
  return failureOf("Coin Metrics", gated, onRowsDropped) ?? { ok: true, prices: gated.rows };
}

/** The instant of a row's price, in milliseconds since 1970; undefined for an unreadable stamp. */
function instantOf(time: unknown, metric: Metric): number | undefined {
  // The stamps have nanoseconds, which `Date.parse` need not understand.
  const text = typeof time === "string" && TIME.test(time) ? `${time.slice(0, 19)}Z` : "";
  // `Date.parse` reads a 31st of February as a day of March.
  return z.iso.datetime().safeParse(text).success
    ? Date.parse(text) + METRICS[metric].daysToPrice * DAY_MS
    : undefined;
}

/** A record that begins with the coin's listing is whole enough, even if Coin Metrics has more. */
function isCutShort(
  points: readonly DailyClose[],
  { startsOn, listedOn }: CoinMetricsAsset,
): boolean {
  const firstOn = points[0]?.on;
  return (
    firstOn === undefined ||
    firstOn > later(addDays(startsOn, LATE_START_DAYS), addDays(listedOn, LATE_LISTING_DAYS))
  );
}

/** Why a record does not contain the coin's listing; undefined when it does. */
function latenessOf(points: readonly DailyClose[], asset: CoinMetricsAsset): string | undefined {
  const { startsOn, listedOn } = asset;
  const firstOn = points[0]?.on;
  if (firstOn === undefined) return "the record has no price";
  if (isCutShort(points, asset))
    return `the record begins on ${firstOn}, and should on ${startsOn}`;
  if (firstOn > addDays(listedOn, LATE_LISTING_DAYS))
    return `the record begins on ${firstOn}, the coin was listed on ${listedOn}`;
  return undefined;
}

function unknownCoin(what: string): SourceFailure {
  return { ok: false, reason: "unknown-coin", detail: `Coin Metrics: ${what}` };
}

/**
 * Only the `type` of an error is stable (https://docs.coinmetrics.io/api/v4, checked 2026-11-26);
 * for other types the HTTP status decides.
 */
function readFailure(_status: number, body: unknown): SourceFailure | undefined {
  const parsed = Refusal.safeParse(body);
  if (!parsed.success) return undefined;
  const { type, message = "" } = parsed.data.error;
  const detail = `Coin Metrics: ${type} ${message}`.trim().slice(0, 200);
  // Requests differ only in the coin, so the coin must be the bad parameter.
  if (type === "bad_parameter") return { ok: false, reason: "unknown-coin", detail };
  if (["unauthorized", "wrong_credentials", "forbidden"].includes(type))
    return { ok: false, reason: "not-allowed", detail };
  return undefined;
}
