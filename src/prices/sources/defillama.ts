import { forEachAtOnce } from "../../process/concurrency-limit.ts";
import { addDays, DAY_MS, daysBetween, utcDay } from "../../valuation/calendar.ts";
import {
  type Ask,
  type ClosesRequest,
  type ClosesResult,
  type Pace,
  type PriceSource,
  paceOf,
  type SourceFailure,
} from "../price-source.ts";
import { createCallBudget } from "./call-budget.ts";
import { dailyCloses } from "./daily-closes.ts";
import {
  everyDay,
  FIRST_STAMP_MS,
  failureOf,
  fieldOf,
  fieldsOf,
  gateRows,
  listIn,
  numberIn,
  overlapOf,
  priceIn,
  readStampedPrice,
  type StampedPrice,
  type StampWindow,
  stampIn,
} from "./row-gate.ts";
import type { SourceHealth } from "./source-health.ts";
import type { SourceOptions } from "./source-options.ts";
import { badAnswer, createUpstream } from "./upstream.ts";

/**
 * https://api-docs.defillama.com, checked 2026-11-01: coins × span may not exceed 499 points a
 * call.
 */
const MAX_SPAN = 499;
/** DefiLlama publishes no limit; it is known to answer 429 above about five requests a second. */
const CALLS_PER_SECOND = 4;
/** A longer symbol is no symbol. */
const MAX_SYMBOL_LENGTH = 100;
/** DefiLlama's own measure of a price's quality, 0 to 1. */
const MIN_CONFIDENCE = 0.5;

/** Bounds the address of a call about several coins: how many, and how many characters. */
const MAX_KEYS = 100;
const MAX_KEYS_LENGTH = 4_000;
/**
 * Calls of one question under way at once: enough to use up the budget, and few enough that none
 * waits for it until its deadline.
 */
const CALLS_AT_ONCE: Readonly<Record<Pace, number>> = { interactive: 8, background: 3 };
/**
 * Charts are asked at midnights only, and a point is the stored record nearest to one: DefiLlama's
 * collector stamps it with the moment it ran, so a record this close to a midnight is that
 * midnight's, and not the last word of the day before.
 */
const AT_MIDNIGHT_WITHIN_MS = 2 * 3_600_000;
const SECOND_MS = 1_000;

type Fields = Readonly<Record<string, unknown>>;

/** DefiLlama as prices, and as a second opinion on coin ids. */
export type DefiLlama = {
  readonly source: PriceSource;
  /** The symbol of a coin id, as long as DefiLlama has a price of it. */
  lookUpId(
    coinId: string,
    ask: Ask,
  ): Promise<{ readonly ok: true; readonly symbol: string } | SourceFailure>;
  health(): SourceHealth;
};

type Tell = (coinId: string, answer: ClosesResult) => Promise<void>;

/** One coin whose charts are under way. */
type Pending = {
  readonly firstOn: string | null;
  readonly prices: StampedPrice[];
  /** Instant before which no record of the coin can be. */
  readonly beginsAtMs: number;
  readonly charts: readonly Span[];
  /** Charts still to come. */
  left: number;
  hasChart: boolean;
  failure?: SourceFailure;
};

type Chart = { readonly ok: true; readonly prices: readonly StampedPrice[] };
type Span = { readonly from: string; readonly days: number };
type Batch = Span & { readonly coinIds: readonly string[] };

/**
 * DefiLlama's coins API: free, keyless, with CoinGecko's coin ids and prices back to the first
 * record.
 */
export function createDefiLlama(options: SourceOptions): DefiLlama {
  const { now, onRowsDropped } = options;
  const upstream = createUpstream({
    name: "DefiLlama",
    baseUrl: options.baseUrl,
    budget:
      options.budget ??
      createCallBudget({
        calls: CALLS_PER_SECOND,
        windowSeconds: 1,
        anonymousShare: 2 / 3,
        quietShare: 3 / 4,
        shared: options.redis && { redis: options.redis, name: "DefiLlama" },
      }),
    readFailure: () => undefined,
    log: options.log,
    now,
    ...(options.onCall !== undefined && { onCall: options.onCall }),
    ...(options.timing !== undefined && { timing: options.timing }),
  });

  /**
   * The coins of an answer: each is read for itself, because what is unreadable about one says
   * nothing of the others.
   */
  async function get(path: string, ask: Ask): Promise<{ ok: true; coins: Fields } | SourceFailure> {
    const answer = await upstream.getJson(path, ask);
    if (!answer.ok) return answer;
    const coins = fieldsOf(fieldsOf(answer.body)?.["coins"]);
    return coins === undefined ? badAnswer("DefiLlama", "no coins") : { ok: true, coins };
  }

  type First = { readonly ok: true; readonly first: StampedPrice; readonly symbol: string };

  async function first(coinId: string, ask: Ask): Promise<First | SourceFailure> {
    const answer = await get(`/prices/first/${coinKeyInPath(coinId)}`, ask);
    return answer.ok ? firstOf(coinId, answer.coins) : answer;
  }

  function firstOf(coinId: string, coins: Fields): First | SourceFailure {
    const record = fieldOf(coins, coinKey(coinId));
    if (record === undefined) return unknown(coinId);
    const fields = fieldsOf(record);
    const atMs = stampIn(fields?.["timestamp"], SECOND_MS, everyDay(now()));
    if (fields === undefined || atMs === undefined) {
      onRowsDropped?.(fields === undefined ? "shape" : "stamp", 1);
      return badAnswer("DefiLlama", `the first record of ${coinId} has no day`);
    }
    const priceUsd = priceIn(fields["price"]) ?? null;
    if (priceUsd === null && fields["price"] != null) onRowsDropped?.("price", 1);
    const { symbol } = fields;
    return {
      ok: true,
      first: { atMs: asMidnight(atMs), priceUsd },
      symbol:
        typeof symbol === "string" && symbol.trim() !== "" && symbol.length <= MAX_SYMBOL_LENGTH
          ? symbol.trim()
          : coinId,
    };
  }

  function chartOf(coinId: string, coins: Fields, window: StampWindow): Chart | SourceFailure {
    const record = fieldOf(coins, coinKey(coinId));
    if (record === undefined) return { ok: true, prices: [] };
    const fields = fieldsOf(record);
    const points = listIn(fields?.["prices"]);
    if (fields === undefined || points === undefined) {
      onRowsDropped?.("shape", 1);
      return badAnswer("DefiLlama", `the chart of ${coinId} is none`);
    }
    if (isDistrusted(fields)) return distrusted(coinId);
    const gated = gateRows(points, (point) => {
      const { timestamp, price } = fieldsOf(point) ?? {};
      if (timestamp === undefined) return "shape";
      const read = readStampedPrice(timestamp, price, SECOND_MS, window);
      return typeof read === "object" ? { ...read, atMs: asMidnight(read.atMs) } : read;
    });
    return failureOf("DefiLlama", gated, onRowsDropped) ?? { ok: true, prices: gated.rows };
  }

  async function closesOfMany(
    questions: readonly ClosesRequest[],
    ask: Ask,
    tell: Tell,
  ): Promise<void> {
    const askedAt = now();
    const todayOn = utcDay(askedAt);
    const atOnce = CALLS_AT_ONCE[paceOf(ask.priority)];
    const pending = new Map<string, Pending>();

    const begin = (coinId: string, from: string, to: string, record?: StampedPrice) =>
      pending.set(coinId, {
        firstOn: record === undefined ? null : from,
        prices: record === undefined ? [] : [record],
        beginsAtMs: record === undefined ? FIRST_STAMP_MS : Date.parse(from),
        charts: spans(from, to, addDays(todayOn, -1)),
        left: 0,
        hasChart: false,
      });

    const toByListing = new Map(
      questions.flatMap(({ coin, range }) =>
        range.from === "listing" ? [[coin.coinId, range.to]] : [],
      ),
    );
    await forEachAtOnce(atOnce, callsAbout([...toByListing.keys()], MAX_KEYS), async (coinIds) => {
      const answer = await get(`/prices/first/${coinIds.map(coinKeyInPath).join(",")}`, ask);
      for (const coinId of coinIds) {
        const record = answer.ok ? firstOf(coinId, answer.coins) : answer;
        if (record.ok)
          begin(coinId, utcDay(record.first.atMs), toByListing.get(coinId) ?? "", record.first);
        else await tell(coinId, record);
      }
    });
    for (const { coin, range } of questions)
      if (range.from !== "listing") begin(coin.coinId, range.from, range.to);

    const conclude = async (coinId: string, { prices, firstOn, hasChart, failure }: Pending) => {
      pending.delete(coinId);
      // A first record alone, of a coin that no chart has, is no price history.
      const points = hasChart ? dailyCloses(prices, todayOn) : [];
      await tell(
        coinId,
        failure ?? { ok: true, points, firstOn, askedAt: askedAt.toISOString(), stale: false },
      );
    };

    const batches = batchesOf(pending);
    for (const [coinId, coin] of [...pending]) if (coin.left === 0) await conclude(coinId, coin);
    await forEachAtOnce(atOnce, batches, async ({ from, days, coinIds }) => {
      // A coin that has failed needs no more of its charts.
      const wanted = coinIds.filter((coinId) => pending.get(coinId)?.failure === undefined);
      const charts = await chart(wanted, from, days, ask);
      for (const coinId of coinIds) {
        const coin = pending.get(coinId);
        if (coin === undefined) continue;
        const answer = charts.get(coinId);
        // A record before the first one is not of this coin.
        if (answer?.ok)
          coin.prices.push(...answer.prices.filter(({ atMs }) => atMs >= coin.beginsAtMs));
        else if (answer !== undefined) coin.failure ??= answer;
        coin.hasChart ||= answer?.ok === true && answer.prices.length > 0;
        coin.left -= 1;
        if (coin.left === 0) await conclude(coinId, coin);
      }
    });
  }

  async function chart(
    coinIds: readonly string[],
    start: string,
    span: number,
    ask: Ask,
  ): Promise<ReadonlyMap<string, Chart | SourceFailure>> {
    if (coinIds.length === 0) return new Map();
    const startMs = Date.parse(start);
    const query = `start=${startMs / SECOND_MS}&span=${span}&period=1d`;
    const answer = await get(`/chart/${coinIds.map(coinKeyInPath).join(",")}?${query}`, ask);
    const window = overlapOf(everyDay(now()), {
      fromMs: startMs - DAY_MS,
      toMs: startMs + (span + 1) * DAY_MS,
    });
    return new Map(
      coinIds.map((coinId) => [coinId, answer.ok ? chartOf(coinId, answer.coins, window) : answer]),
    );
  }

  const source: PriceSource = {
    id: "defillama",
    name: "DefiLlama",
    url: "https://defillama.com",
    stepDays: 1,
    reachDays: null,
    fetchesWhole: false,

    async closes(coin, range, ask) {
      let answer: ClosesResult = badAnswer("DefiLlama", "no answer");
      await closesOfMany([{ coin, range }], ask, async (_coinId, told) => {
        answer = told;
      });
      return answer;
    },

    closesOfMany,

    async quote({ coinId }, ask) {
      const answer = await get(`/prices/current/${coinKeyInPath(coinId)}`, ask);
      if (!answer.ok) return answer;
      const record = fieldOf(answer.coins, coinKey(coinId));
      const fields = fieldsOf(record);
      if (record === undefined || (fields !== undefined && fields["price"] == null))
        return unknown(coinId);
      if (fields !== undefined && isDistrusted(fields)) return distrusted(coinId);
      const { price, timestamp } = fields ?? {};
      const priceUsd = priceIn(price);
      const isDated =
        timestamp == null || stampIn(timestamp, SECOND_MS, everyDay(now())) !== undefined;
      if (priceUsd !== undefined && isDated) return { ok: true, priceUsd };
      onRowsDropped?.(
        fields === undefined ? "shape" : priceUsd === undefined ? "price" : "stamp",
        1,
      );
      return badAnswer("DefiLlama", "a price that cannot be right");
    },
  };

  return { source, lookUpId: first, health: upstream.health };
}

/**
 * Cuts [from, to] into as few charts as the limit allows. The last one is filled up to yesterday
 * where there is room: the same call then brings more days to compare with the other source.
 */
function spans(from: string, to: string, yesterdayOn: string): Span[] {
  const charts: Span[] = [];
  const toMs = Date.parse(to);
  // Counted in numbers from the first day that can be, so that no text makes it endless.
  for (
    let startMs = Math.max(Date.parse(from), FIRST_STAMP_MS);
    startMs <= toMs;
    startMs += MAX_SPAN * DAY_MS
  ) {
    const start = utcDay(startMs);
    charts.push({ from: start, days: Math.min(MAX_SPAN, daysBetween(start, yesterdayOn) + 1) });
  }
  return charts.filter((chart) => chart.days > 0);
}

/**
 * Charts of the same days of different coins go into one call, as many as the limit allows; the
 * fullest calls first.
 */
function batchesOf(pending: ReadonlyMap<string, Pending>): Batch[] {
  const bySpan = new Map<string, { span: Span; coinIds: string[] }>();
  for (const [coinId, coin] of pending) {
    coin.left = coin.charts.length;
    for (const span of coin.charts) {
      const key = `${span.from} ${span.days}`;
      const same = bySpan.get(key) ?? { span, coinIds: [] };
      bySpan.set(key, same);
      same.coinIds.push(coinId);
    }
  }
  return [...bySpan.values()]
    .flatMap(({ span, coinIds }) =>
      callsAbout(coinIds, Math.min(MAX_KEYS, Math.max(1, Math.floor(MAX_SPAN / span.days)))).map(
        (some) => ({ ...span, coinIds: some }),
      ),
    )
    .sort((a, b) => b.coinIds.length - a.coinIds.length);
}

/** Coins by calls: at most `most` in each, and no address longer than is safe. */
function callsAbout(coinIds: readonly string[], most: number): string[][] {
  const calls: string[][] = [];
  let length = 0;
  for (const coinId of coinIds) {
    const call = calls.at(-1);
    const added = coinKeyInPath(coinId).length + 1;
    if (call === undefined || call.length >= most || length + added > MAX_KEYS_LENGTH) {
      calls.push([coinId]);
      length = added;
    } else {
      call.push(coinId);
      length += added;
    }
  }
  return calls;
}

function unknown(coinId: string): SourceFailure {
  return { ok: false, reason: "unknown-coin", detail: `DefiLlama: no price for ${coinId}` };
}

/**
 * True where DefiLlama says that its price is a guess; a coin without a confidence is an older
 * record, not a doubtful one.
 */
function isDistrusted({ confidence }: Fields): boolean {
  return (numberIn(confidence) ?? 1) < MIN_CONFIDENCE;
}

function distrusted(coinId: string): SourceFailure {
  return {
    ok: false,
    reason: "distrusted",
    detail: `DefiLlama: it doubts its own price of ${coinId}`,
  };
}

/** The midnight that a stamp belongs to, or the stamp itself when it is not near one. */
function asMidnight(atMs: number): number {
  const midnightMs = Math.round(atMs / DAY_MS) * DAY_MS;
  return Math.abs(atMs - midnightMs) <= AT_MIDNIGHT_WITHIN_MS ? midnightMs : atMs;
}

function coinKey(coinId: string): string {
  return `coingecko:${coinId}`;
}

/**
 * Encoded twice over for a comma, which would ask for two coins: no CoinGecko id has one, so such
 * an id is simply not found.
 */
function coinKeyInPath(coinId: string): string {
  return `coingecko:${encodeURIComponent(coinId).replaceAll("%2C", "%252C")}`;
}
