import { z } from "zod";
import type { Log } from "../log.ts";
import { addDays, daysBetween } from "../valuation/valuation.ts";
import { type CallBudget, createCallBudget } from "./call-budget.ts";
import { dailyCloses, isInstant, type StampedPrice, utcDay } from "./daily-closes.ts";
import type { Ask, PriceSource, SourceFailure } from "./price-source.ts";
import type { CallOutcome, SourceHealth } from "./source-health.ts";
import { badAnswer, createUpstream, type UpstreamTiming } from "./upstream.ts";

/** https://api-docs.defillama.com, checked 2026-11-01: coins × span may not exceed 499 points a call. */
const MAX_SPAN = 499;
/** DefiLlama publishes no limit; it is known to answer 429 above about five requests a second. */
const CALLS_PER_SECOND = 4;
/** DefiLlama's own measure of a price's quality, 0 to 1. */
const MIN_CONFIDENCE = 0.5;

const Stamped = z.object({ timestamp: z.number(), price: z.number().nullable() });
const First = z.object({
  coins: z.record(z.string(), z.object({ symbol: z.string().optional(), price: z.number().nullable(), timestamp: z.number() })),
});
const Chart = z.object({ coins: z.record(z.string(), z.object({ confidence: z.number().optional(), prices: z.array(Stamped) })) });
const Current = z.object({ coins: z.record(z.string(), z.object({ price: z.number(), confidence: z.number().optional() })) });

/** DefiLlama as prices, and as a second opinion on coin ids. */
export type DefiLlama = {
  readonly source: PriceSource;
  /** The symbol of a coin id, as long as DefiLlama has a price of it. */
  lookUpId(coinId: string, ask: Ask): Promise<{ readonly ok: true; readonly symbol: string } | SourceFailure>;
  health(): SourceHealth;
};

/** DefiLlama's coins API: free, keyless, with CoinGecko's coin ids and prices back to the first record. */
export function createDefiLlama(options: {
  baseUrl: string;
  log: Log;
  now: () => Date;
  onCall?: (outcome: CallOutcome) => void;
  timing?: UpstreamTiming;
  budget?: CallBudget;
}): DefiLlama {
  const { now } = options;
  const upstream = createUpstream({
    name: "DefiLlama",
    baseUrl: options.baseUrl,
    budget: options.budget ?? createCallBudget({ calls: CALLS_PER_SECOND, windowSeconds: 1 }),
    readFailure: () => undefined,
    log: options.log,
    now,
    ...(options.onCall !== undefined && { onCall: options.onCall }),
    ...(options.timing !== undefined && { timing: options.timing }),
  });

  async function get<T>(path: string, schema: z.ZodType<T>, ask: Ask): Promise<{ ok: true; data: T } | SourceFailure> {
    const answer = await upstream.getJson(path, ask);
    if (!answer.ok) return answer;
    const parsed = schema.safeParse(answer.body);
    return parsed.success
      ? { ok: true, data: parsed.data }
      : badAnswer("DefiLlama", z.prettifyError(parsed.error).split("\n")[0] ?? "unreadable");
  }

  async function first(coinId: string, ask: Ask): Promise<{ ok: true; first: StampedPrice; symbol: string } | SourceFailure> {
    const answer = await get(`/prices/first/${coinKeyInPath(coinId)}`, First, ask);
    if (!answer.ok) return answer;
    const record = answer.data.coins[coinKey(coinId)];
    if (record === undefined) return { ok: false, reason: "unknown-coin", detail: `DefiLlama: no first price for ${coinId}` };
    const atMs = record.timestamp * 1_000;
    if (!isInstant(atMs) || atMs <= 0) return badAnswer("DefiLlama", "the first record has no instant");
    return { ok: true, first: { atMs, priceUsd: record.price }, symbol: record.symbol ?? coinId };
  }

  async function chart(
    coinId: string,
    start: string,
    span: number,
    ask: Ask,
  ): Promise<{ ok: true; prices: StampedPrice[] } | SourceFailure> {
    const startSeconds = Date.parse(start) / 1_000;
    const answer = await get(`/chart/${coinKeyInPath(coinId)}?start=${startSeconds}&span=${span}&period=1d`, Chart, ask);
    if (!answer.ok) return answer;
    const { prices = [], confidence = 1 } = answer.data.coins[coinKey(coinId)] ?? {};
    if (confidence < MIN_CONFIDENCE) return { ok: true, prices: [] };
    return { ok: true, prices: prices.map(({ timestamp, price }) => ({ atMs: timestamp * 1_000, priceUsd: price })) };
  }

  const source: PriceSource = {
    id: "defillama",
    name: "DefiLlama",
    url: "https://defillama.com",
    stepDays: 1,
    reachDays: null,

    async closes({ coinId }, { from, to }, ask) {
      const askedAt = now();
      const todayOn = utcDay(askedAt);
      const prices: StampedPrice[] = [];
      let start = from;
      let firstOn: string | null = null;
      if (from === "listing") {
        const answer = await first(coinId, ask);
        if (!answer.ok) return answer;
        prices.push(answer.first);
        firstOn = utcDay(answer.first.atMs);
        start = firstOn;
      }
      const charts = await Promise.all(spans(start, to, addDays(todayOn, -1)).map(({ from: on, days }) => chart(coinId, on, days, ask)));
      for (const answer of charts) {
        if (!answer.ok) return answer;
        prices.push(...answer.prices);
      }
      // Charts below the confidence that we trust leave nothing but the first record, which says no more than they do.
      const points = charts.some((answer) => answer.ok && answer.prices.length > 0) ? dailyCloses(prices, todayOn) : [];
      return { ok: true, points, firstOn, askedAt: askedAt.toISOString(), stale: false };
    },

    async quote({ coinId }, ask) {
      const answer = await get(`/prices/current/${coinKeyInPath(coinId)}`, Current, ask);
      if (!answer.ok) return answer;
      const record = answer.data.coins[coinKey(coinId)];
      return record === undefined || record.price <= 0 || (record.confidence ?? 1) < MIN_CONFIDENCE
        ? { ok: false, reason: "unknown-coin", detail: `DefiLlama: no price for ${coinId}` }
        : { ok: true, priceUsd: record.price };
    },
  };

  return { source, lookUpId: first, health: upstream.health };
}

/**
 * Cuts [from, to] into as few charts as the limit allows. The last one is filled up to yesterday where there is room:
 * the same call then brings more days to compare with the other source.
 */
function spans(from: string, to: string, yesterdayOn: string): { from: string; days: number }[] {
  const charts: { from: string; days: number }[] = [];
  for (let start = from; start <= to; start = addDays(start, MAX_SPAN)) {
    charts.push({ from: start, days: Math.min(MAX_SPAN, daysBetween(start, yesterdayOn) + 1) });
  }
  return charts.filter((chart) => chart.days > 0);
}

function coinKey(coinId: string): string {
  return `coingecko:${coinId}`;
}

/** Encoded twice over for a comma, which would ask for two coins: no CoinGecko id has one, so such an id is simply not found. */
function coinKeyInPath(coinId: string): string {
  return `coingecko:${encodeURIComponent(coinId).replaceAll("%2C", "%252C")}`;
}
