import { z } from "zod";
import { utcDay } from "../../valuation/calendar.ts";
import type { Ask, PriceSource, SourceFailure } from "../price-source.ts";
import { dailyCloses } from "./daily-closes.ts";
import { fieldsOf, listIn } from "./json-values.ts";
import {
  everyDay,
  failureOf,
  gateRows,
  type OnRowsDropped,
  readStampedPrice,
  type StampedPrice,
  stampIn,
} from "./row-gate.ts";
import type { SourceHealth } from "./source-health.ts";
import { createSourceUpstream, type SourceOptions } from "./source-host.ts";
import { badResponse } from "./upstream-request.ts";

/**
 * Kraken's own codes for two of the oldest coins (https://support.kraken.com, "Asset codes",
 * checked 2026-11-01).
 */
const KRAKEN_ASSETS: Readonly<Record<string, string>> = { BTC: "XBT", DOGE: "XDG" };
const WEEK_MINUTES = 10_080;
const WEEK_MS = WEEK_MINUTES * 60_000;
/**
 * OHLC responses hold the most recent 720 candles
 * (https://docs.kraken.com/api/docs/rest-api/get-ohlc-data, checked 2026-11-01).
 */
const MAX_CANDLES = 720;

const Errors = z.object({ error: z.array(z.string()).min(1) });

/**
 * Kraken's weekly candles: the exchange the original system used, and the only free record of an
 * opening when DefiLlama is down.
 */
export function createKraken(options: SourceOptions): PriceSource & { health(): SourceHealth } {
  const { now, onRowsDropped } = options;
  const upstream = createSourceUpstream("Kraken", options, {
    limit: { calls: 1, windowSeconds: 1 },
    readFailure,
  });

  async function weeklyCandles(symbol: string, ask: Ask): Promise<Candles | SourceFailure> {
    const assets = [...new Set([KRAKEN_ASSETS[symbol] ?? symbol, symbol])];
    let failure: SourceFailure = {
      ok: false,
      reason: "unknown-coin",
      detail: `Kraken: no pair for ${symbol}`,
    };
    for (const asset of assets) {
      const pair = encodeURIComponent(`${asset}USD`);
      const response = await upstream.getJson(
        `/0/public/OHLC?pair=${pair}&interval=${WEEK_MINUTES}`,
        ask,
      );
      if (response.ok) return readCandles(response.body, now(), onRowsDropped);
      failure = response;
      if (response.reason !== "unknown-coin") break;
    }
    return failure;
  }

  return {
    id: "kraken",
    name: "Kraken",
    url: "https://www.kraken.com",
    stepDays: 7,
    reachDays: null,
    fetchesWhole: true,
    health: upstream.health,

    async closes({ symbol }, { from, to }, ask) {
      const askedAt = now();
      const weekly = await weeklyCandles(symbol, ask);
      if (!weekly.ok) return weekly;
      // The last candle's week is not over: its close is the current price.
      const finished = weekly.candles.filter(({ atMs }) => atMs + WEEK_MS <= askedAt.getTime());
      const weeks = dailyCloses(finished, utcDay(askedAt));
      return {
        ok: true,
        points: weeks.filter(({ on }) => on <= to && (from === "listing" || on >= from)),
        firstOn: weekly.reachesListing ? (weeks[0]?.on ?? null) : null,
        askedAt: askedAt.toISOString(),
        stale: false,
      };
    },

    async quote({ symbol }, ask) {
      const weekly = await weeklyCandles(symbol, ask);
      if (!weekly.ok) return weekly;
      return weekly.latestUsd === null
        ? { ok: false, reason: "unknown-coin", detail: `Kraken: no price for ${symbol}` }
        : { ok: true, priceUsd: weekly.latestUsd };
    },
  };
}

type Candles = {
  readonly ok: true;
  /** Closes, stamped with the beginning of their week. */
  readonly candles: readonly StampedPrice[];
  /** True when the first candle is the coin's first at Kraken. */
  readonly reachesListing: boolean;
  /** Close of the newest candle, which is the current price; null when it has no usable price. */
  readonly latestUsd: number | null;
};

function readCandles(
  body: unknown,
  at: Date,
  onRowsDropped: OnRowsDropped | undefined,
): Candles | SourceFailure {
  // The key is Kraken's own name of the pair (XXBTZUSD for XBTUSD), so it is the one beside `last`.
  const pairs = Object.entries(fieldsOf(fieldsOf(body)?.["result"]) ?? {});
  const rows = listIn(pairs.find(([key]) => key !== "last")?.[1]);
  if (rows === undefined) return badResponse("Kraken", "no candles");
  const window = everyDay(at);
  let newestAtMs = 0;
  const read = (row: unknown) => {
    const [began, , , , close] = listIn(row) ?? [];
    newestAtMs = Math.max(newestAtMs, stampIn(began, 1_000, window) ?? 0);
    return began === undefined ? "shape" : readStampedPrice(began, close, 1_000, window);
  };
  const gated = gateRows(rows, read);
  const failure = failureOf("Kraken", gated, onRowsDropped);
  if (failure !== undefined) return failure;
  const candles = [...gated.rows]
    .sort((a, b) => a.atMs - b.atMs)
    .filter(({ atMs }, at, sorted) => atMs !== sorted[at - 1]?.atMs);
  const leftOut = rows.length - gated.rows.length;
  const newest = candles.at(-1);
  return {
    ok: true,
    candles,
    // A candle that was left out may have been the first, unless the others have a hole where it
    // belongs.
    reachesListing: rows.length < MAX_CANDLES && holesIn(candles) >= leftOut,
    latestUsd: newest?.atMs === newestAtMs ? newest.priceUsd : null,
  };
}

/** Weeks without a candle between the first and the last. */
function holesIn(candles: readonly StampedPrice[]): number {
  const [first, last] = [candles[0]?.atMs ?? 0, candles.at(-1)?.atMs ?? 0];
  return Math.round((last - first) / WEEK_MS) + 1 - candles.length;
}

/** Kraken reports errors with HTTP 200, in an array of `Class:Text` strings. */
function readFailure(_status: number, body: unknown): SourceFailure | undefined {
  const parsed = Errors.safeParse(body);
  if (!parsed.success) return undefined;
  const [first = ""] = parsed.data.error;
  const detail = `Kraken: ${first.slice(0, 200)}`;
  if (first.startsWith("EQuery:Unknown asset pair"))
    return { ok: false, reason: "unknown-coin", detail };
  if (first.startsWith("EGeneral:Too many requests") || first.startsWith("EAPI:Rate limit"))
    return { ok: false, reason: "rate-limited", detail };
  if (first.startsWith("EService")) return { ok: false, reason: "unreachable", detail };
  return { ok: false, reason: "bad-answer", detail };
}
