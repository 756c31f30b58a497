import { forEachAtOnce } from "../../process/concurrency-limit.ts";
import { addDays, DAY_MS, daysBetween, utcDay } from "../../valuation/calendar.ts";
import type { DailyClose } from "../../valuation/price-record.ts";
import { resolveContradictions } from "../contradictions.ts";
import {
  type Ask,
  type ClosesRequest,
  type ClosesResult,
  type Pace,
  type PriceSource,
  paceOf,
  type QuoteResult,
  type SourceFailure,
  type SourceResult,
} from "../price-source.ts";
import { plainText } from "./coin-rows.ts";
import { dailyCloses } from "./daily-closes.ts";
import { fieldOf, fieldsOf, listIn, numberIn } from "./json-values.ts";
import {
  everyDay,
  FIRST_STAMP_MS,
  failureOf,
  gateRows,
  type OnRowsDropped,
  priceIn,
  readStampedPrice,
  type StampedPrice,
  type StampWindow,
  stampIn,
  withinAsked,
} from "./row-gate.ts";
import type { SourceHealth } from "./source-health.ts";
import { createSourceUpstream, type SourceOptions } from "./source-host.ts";
import type { Upstream } from "./upstream.ts";
import { badResponse } from "./upstream-request.ts";

/**
 * Points of one call, coins × span (https://api-docs.defillama.com, checked 2026-11-01).
 */
const MAX_SPAN = 499;
/**
 * DefiLlama publishes no limit; it is known to respond 429 above about five requests a second for
 * longer than a moment. The oldest coin takes eleven calls.
 */
const CALLS_PER_SECOND = 5;
const WINDOW_SECONDS = 3;
const BURST_CALLS = 10;
/** A longer text is not a symbol. */
const MAX_SYMBOL_LENGTH = 100;
/** DefiLlama's own measure of a price's quality, 0 to 1. */
const MIN_CONFIDENCE = 0.5;

/** Bound the URL of a call for several coins: number of coins, and their characters. */
const MAX_KEYS = 100;
const MAX_KEYS_LENGTH = 4_000;
/**
 * Calls of one fetch under way at once: enough to use up the budget, and few enough that none waits
 * for it until its deadline.
 */
const CALLS_AT_ONCE: Readonly<Record<Pace, number>> = { interactive: BURST_CALLS, background: 3 };
/**
 * Charts are fetched for midnights, and a point is the stored record nearest to one. DefiLlama's
 * collector stamps a record with the moment it ran, so a record this close to a midnight is that
 * midnight's, even if its stamp is on the previous day.
 */
const AT_MIDNIGHT_WITHIN_MS = 2 * 3_600_000;
const SECOND_MS = 1_000;

type Fields = Readonly<Record<string, unknown>>;

/** DefiLlama as a price source, and as a second source of coin ids. */
export type DefiLlama = {
  readonly source: PriceSource;
  /** The symbol of a coin id, if DefiLlama has a price of it. */
  lookUpId(coinId: string, ask: Ask): Promise<SourceResult<{ readonly symbol: string }>>;
  health(): SourceHealth;
};

/**
 * DefiLlama's coins API: free, keyless, with CoinGecko's coin ids and prices back to the first
 * record.
 */
export function createDefiLlama(options: SourceOptions): DefiLlama {
  const client = new DefiLlamaClient(options);
  const fetchMany: ClosesOfMany = (requests, ask, onResult) =>
    new ClosesFetch(client, options.now(), ask, onResult).run(requests);
  const fetchOne = async (request: OpenRequest, ask: Ask) => {
    let closes: ClosesResult = badResponse("DefiLlama", "no answer");
    await new ClosesFetch(client, options.now(), ask, async (_coinId, result) => {
      closes = result;
    }).run([request]);
    return closes;
  };
  const source: PriceSource = {
    id: "defillama",
    name: "DefiLlama",
    url: "https://defillama.com",
    stepDays: 1,
    reachDays: null,
    fetchesWhole: false,
    closes: (coin, range, ask) => fetchOne({ coin, range }, ask),
    closesUntil: (coin, range, until, ask) => fetchOne({ coin, range, until }, ask),
    closesOfMany: fetchMany,
    quote: ({ coinId }, ask) => client.quote(coinId, ask),
  };
  return {
    source,
    lookUpId: (coinId, ask) => client.firstRecord(coinId, ask),
    health: () => client.health(),
  };
}

type ClosesOfMany = NonNullable<PriceSource["closesOfMany"]>;

type FirstRecord = { readonly first: StampedPrice; readonly symbol: string };
type Chart = { readonly prices: readonly StampedPrice[] };

/** DefiLlama's endpoints; rows that cannot be right are left out of what they return. */
class DefiLlamaClient {
  readonly #upstream: Upstream;
  readonly #now: () => Date;
  readonly #onRowsDropped: OnRowsDropped | undefined;

  constructor(options: SourceOptions) {
    this.#now = options.now;
    this.#onRowsDropped = options.onRowsDropped;
    this.#upstream = createSourceUpstream("DefiLlama", options, {
      limit: {
        calls: WINDOW_SECONDS * CALLS_PER_SECOND,
        windowSeconds: WINDOW_SECONDS,
        burst: { calls: BURST_CALLS, perSecond: CALLS_PER_SECOND },
        anonymousShare: 2 / 3,
        quietShare: 3 / 4,
      },
      readFailure: () => undefined,
    });
  }

  health(): SourceHealth {
    return this.#upstream.health();
  }

  /** First records of several coins; one unreadable record does not affect the others. */
  async firstRecords(
    coinIds: readonly string[],
    ask: Ask,
  ): Promise<ReadonlyMap<string, SourceResult<FirstRecord>>> {
    const response = await this.#get(`/prices/first/${keysInPath(coinIds)}`, ask);
    return new Map(
      coinIds.map((coinId) => [
        coinId,
        response.ok ? this.#readFirstRecord(coinId, response.coins) : response,
      ]),
    );
  }

  async firstRecord(coinId: string, ask: Ask): Promise<SourceResult<FirstRecord>> {
    return (await this.firstRecords([coinId], ask)).get(coinId) ?? unknown(coinId);
  }

  /** Daily charts of several coins; one unreadable chart does not affect the others. */
  async charts(
    coinIds: readonly string[],
    { from: start, days: span }: Span,
    ask: Ask,
  ): Promise<ReadonlyMap<string, SourceResult<Chart>>> {
    if (coinIds.length === 0) return new Map();
    const startMs = Date.parse(start);
    const query = `start=${startMs / SECOND_MS}&span=${span}&period=1d`;
    const response = await this.#get(`/chart/${keysInPath(coinIds)}?${query}`, ask);
    const window = { fromMs: startMs - DAY_MS, toMs: startMs + (span + 1) * DAY_MS };
    return new Map(
      coinIds.map((coinId) => [
        coinId,
        response.ok ? this.#readChart(coinId, response.coins, window) : response,
      ]),
    );
  }

  async quote(coinId: string, ask: Ask): Promise<QuoteResult> {
    const response = await this.#get(`/prices/current/${keysInPath([coinId])}`, ask);
    if (!response.ok) return response;
    const record = fieldOf(response.coins, coinKey(coinId));
    const fields = fieldsOf(record);
    if (record === undefined || (fields !== undefined && fields["price"] == null))
      return unknown(coinId);
    if (fields !== undefined && isDistrusted(fields)) return distrusted(coinId);
    const { price, timestamp } = fields ?? {};
    const priceUsd = priceIn(price);
    const isDated =
      timestamp == null || stampIn(timestamp, SECOND_MS, everyDay(this.#now())) !== undefined;
    if (priceUsd !== undefined && isDated) return { ok: true, priceUsd };
    this.#onRowsDropped?.(
      fields === undefined ? "shape" : priceUsd === undefined ? "price" : "stamp",
      1,
    );
    return badResponse("DefiLlama", "a price that cannot be right");
  }

  async #get(path: string, ask: Ask): Promise<SourceResult<{ readonly coins: Fields }>> {
    const response = await this.#upstream.getJson(path, ask);
    if (!response.ok) return response;
    const coins = fieldsOf(fieldsOf(response.body)?.["coins"]);
    return coins === undefined ? badResponse("DefiLlama", "no coins") : { ok: true, coins };
  }

  #readFirstRecord(coinId: string, coins: Fields): SourceResult<FirstRecord> {
    const record = fieldOf(coins, coinKey(coinId));
    if (record === undefined) return unknown(coinId);
    const fields = fieldsOf(record);
    if (fields !== undefined && isDistrusted(fields)) return distrusted(coinId);
    const atMs = stampIn(fields?.["timestamp"], SECOND_MS, everyDay(this.#now()));
    if (fields === undefined || atMs === undefined) {
      this.#onRowsDropped?.(fields === undefined ? "shape" : "stamp", 1);
      return badResponse("DefiLlama", `the first record of ${coinId} has no day`);
    }
    const priceUsd = priceIn(fields["price"]) ?? null;
    if (priceUsd === null && fields["price"] != null) this.#onRowsDropped?.("price", 1);
    const { symbol } = fields;
    const isSymbol = typeof symbol === "string" && symbol.length <= MAX_SYMBOL_LENGTH;
    return {
      ok: true,
      first: { atMs: asMidnight(atMs), priceUsd },
      symbol: (isSymbol && plainText(symbol)) || coinId,
    };
  }

  #readChart(coinId: string, coins: Fields, window: StampWindow): SourceResult<Chart> {
    const record = fieldOf(coins, coinKey(coinId));
    if (record === undefined) return { ok: true, prices: [] };
    const fields = fieldsOf(record);
    const points = listIn(fields?.["prices"]);
    if (fields === undefined || points === undefined) {
      this.#onRowsDropped?.("shape", 1);
      return badResponse("DefiLlama", `the chart of ${coinId} is none`);
    }
    if (isDistrusted(fields)) return distrusted(coinId);
    const possible = everyDay(this.#now());
    const gated = gateRows(points, (point) => {
      const { timestamp, price } = fieldsOf(point) ?? {};
      if (timestamp === undefined) return "shape";
      const read = readStampedPrice(timestamp, price, SECOND_MS, possible);
      return typeof read === "object" ? { ...read, atMs: asMidnight(read.atMs) } : read;
    });
    const failure = failureOf("DefiLlama", gated, this.#onRowsDropped);
    if (failure !== undefined) return failure;
    const prices = withinAsked(gated.rows, window);
    return prices === undefined
      ? badResponse("DefiLlama", `a chart of other days of ${coinId}`)
      : { ok: true, prices };
  }
}

/** A request whose last day may turn out only while the days up to `range.to` are fetched. */
type OpenRequest = ClosesRequest & { readonly until?: () => Promise<string> };

/** The days of one chart, starting with the UTC day `from`. */
type Span = { readonly from: string; readonly days: number };
type Batch = Span & { readonly coinIds: readonly string[] };

/** A coin whose charts are being fetched. */
type Pending = {
  /** The first day that is wanted. */
  readonly from: string;
  readonly firstOn: string | null;
  readonly first: StampedPrice | undefined;
  readonly prices: StampedPrice[];
  /** No record of the coin can be from before this instant, in milliseconds since 1970. */
  readonly beginsAtMs: number;
  readonly charts: readonly Span[];
  /** Charts that have not arrived yet. */
  chartsLeft: number;
  /** True while further charts may turn out to be wanted. */
  isOpen: boolean;
  failure?: SourceFailure;
};

/** One fetch of closes of many coins: first records where they are needed, then charts. */
class ClosesFetch {
  readonly #client: DefiLlamaClient;
  readonly #askedAt: Date;
  readonly #todayOn: string;
  readonly #ask: Ask;
  readonly #callsAtOnce: number;
  readonly #onResult: Parameters<ClosesOfMany>[2];
  readonly #pending = new Map<string, Pending>();

  constructor(
    client: DefiLlamaClient,
    askedAt: Date,
    ask: Ask,
    onResult: Parameters<ClosesOfMany>[2],
  ) {
    this.#client = client;
    this.#askedAt = askedAt;
    this.#todayOn = utcDay(askedAt);
    this.#ask = ask;
    this.#callsAtOnce = CALLS_AT_ONCE[paceOf(ask.priority)];
    this.#onResult = onResult;
  }

  async run(requests: readonly OpenRequest[]): Promise<void> {
    const toByListing = new Map(
      requests.flatMap(({ coin, range }) =>
        range.from === "listing" ? [[coin.coinId, range.to]] : [],
      ),
    );
    await this.#fetchFirstRecords(toByListing);
    for (const { coin, range } of requests)
      if (range.from !== "listing") this.#add(coin.coinId, range.from, range.to);
    for (const { coin, until } of requests) {
      const pending = this.#pending.get(coin.coinId);
      if (pending !== undefined) pending.isOpen = until !== undefined;
    }
    const batches = batchesOf(this.#pending);
    for (const [coinId, coin] of [...this.#pending]) await this.#finishIfComplete(coinId, coin);
    await forEachAtOnce(this.#callsAtOnce, batches, (batch) => this.#fetchCharts(batch));
    for (const { coin, until } of requests) {
      const pending = this.#pending.get(coin.coinId);
      if (pending !== undefined && until !== undefined)
        await this.#fetchFurther(coin.coinId, pending, await until());
    }
  }

  /** Fetches the charts of an open coin up to a later day, which ends it. */
  async #fetchFurther(coinId: string, coin: Pending, to: string): Promise<void> {
    const { from, charts } = coin;
    const further = spans(from, to, addDays(this.#todayOn, -1)).slice(charts.length);
    coin.chartsLeft = further.length;
    coin.isOpen = false;
    await this.#finishIfComplete(coinId, coin);
    await forEachAtOnce(this.#callsAtOnce, further, (span) =>
      this.#fetchCharts({ ...span, coinIds: [coinId] }),
    );
  }

  /**
   * Fetches the first records of coins that are wanted from their listing to the day in the map.
   */
  async #fetchFirstRecords(toByCoin: ReadonlyMap<string, string>): Promise<void> {
    const calls = coinIdsByCall([...toByCoin.keys()], MAX_KEYS);
    await forEachAtOnce(this.#callsAtOnce, calls, async (coinIds) => {
      const records = await this.#client.firstRecords(coinIds, this.#ask);
      for (const [coinId, record] of records) {
        if (!record.ok) await this.#onResult(coinId, record);
        else {
          const { first } = record;
          this.#add(coinId, utcDay(first.atMs), toByCoin.get(coinId) ?? "", first);
        }
      }
    });
  }

  #add(coinId: string, from: string, to: string, first?: StampedPrice): void {
    this.#pending.set(coinId, {
      from,
      firstOn: first === undefined ? null : from,
      first,
      prices: [],
      beginsAtMs: first === undefined ? FIRST_STAMP_MS : Date.parse(from),
      charts: spans(from, to, addDays(this.#todayOn, -1)),
      chartsLeft: 0,
      isOpen: false,
    });
  }

  async #fetchCharts({ coinIds, ...span }: Batch): Promise<void> {
    // A coin that has failed needs no more of its charts.
    const wanted = coinIds.filter((coinId) => this.#pending.get(coinId)?.failure === undefined);
    const charts = await this.#client.charts(wanted, span, this.#ask);
    for (const coinId of coinIds) {
      const coin = this.#pending.get(coinId);
      if (coin === undefined) continue;
      const chart = charts.get(coinId);
      // A record from before the coin's first one is another coin's.
      if (chart?.ok)
        coin.prices.push(...chart.prices.filter(({ atMs }) => atMs >= coin.beginsAtMs));
      else if (chart !== undefined) coin.failure ??= chart;
      coin.chartsLeft -= 1;
      await this.#finishIfComplete(coinId, coin);
    }
  }

  async #finishIfComplete(coinId: string, coin: Pending): Promise<void> {
    const { prices, firstOn, first, failure, chartsLeft, isOpen } = coin;
    if (chartsLeft > 0 || isOpen) return;
    this.#pending.delete(coinId);
    const charted = dailyCloses(prices, this.#todayOn);
    const points = first === undefined ? charted : withFirstRecord(charted, first, this.#todayOn);
    const askedAt = this.#askedAt.toISOString();
    const closes: ClosesResult = { ok: true, points, firstOn, askedAt, stale: false };
    // A first record without any chart is not a price history.
    const result = firstOn !== null && points.length === 0 ? unknown(coinId) : closes;
    await this.#onResult(coinId, failure ?? result);
  }
}

/**
 * Closes from charts with the first record, which may have a price where no chart has one: within
 * the coin's first day. Where a chart has a price of that day and the two contradict each other,
 * the days around it decide.
 */
function withFirstRecord(
  charted: readonly DailyClose[],
  first: StampedPrice,
  todayOn: string,
): readonly DailyClose[] {
  if (charted.length === 0) return charted;
  const firsts = dailyCloses([first], todayOn);
  return charted[0]?.on === firsts[0]?.on
    ? resolveContradictions(charted, firsts)
    : [...firsts, ...charted];
}

/**
 * Cuts [from, to] into as few charts as the limit allows. The last one is extended towards
 * yesterday as far as it can be: the same call then brings more days to compare with the other
 * source.
 */
function spans(from: string, to: string, yesterdayOn: string): Span[] {
  const charts: Span[] = [];
  const toMs = Date.parse(to);
  // Counted in milliseconds from the first possible day, so that no text makes the loop endless.
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
 * Puts charts of the same days into one call, as many coins as the limit allows; the fullest calls
 * come first.
 */
function batchesOf(pending: ReadonlyMap<string, Pending>): Batch[] {
  const bySpan = new Map<string, { span: Span; coinIds: string[] }>();
  for (const [coinId, coin] of pending) {
    coin.chartsLeft = coin.charts.length;
    for (const span of coin.charts) {
      const key = `${span.from} ${span.days}`;
      const same = bySpan.get(key) ?? { span, coinIds: [] };
      bySpan.set(key, same);
      same.coinIds.push(coinId);
    }
  }
  return [...bySpan.values()]
    .flatMap(({ span, coinIds }) =>
      coinIdsByCall(coinIds, Math.min(MAX_KEYS, Math.max(1, Math.floor(MAX_SPAN / span.days)))).map(
        (some) => ({ ...span, coinIds: some }),
      ),
    )
    .sort((a, b) => b.coinIds.length - a.coinIds.length);
}

/** Divides coins between calls: at most `maxCoins` in each, and no URL longer than is safe. */
function coinIdsByCall(coinIds: readonly string[], maxCoins: number): string[][] {
  const calls: string[][] = [];
  let length = 0;
  for (const coinId of coinIds) {
    const call = calls.at(-1);
    const added = coinKeyInPath(coinId).length + 1;
    if (call === undefined || call.length >= maxCoins || length + added > MAX_KEYS_LENGTH) {
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
 * True where DefiLlama doubts its own price. A record without a confidence is old, not doubtful.
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

function keysInPath(coinIds: readonly string[]): string {
  return coinIds.map(coinKeyInPath).join(",");
}

function coinKey(coinId: string): string {
  return `coingecko:${coinId}`;
}

/**
 * A comma is encoded twice, because it would separate two coins. No CoinGecko id has one, so such
 * an id is simply not found.
 */
function coinKeyInPath(coinId: string): string {
  return `coingecko:${encodeURIComponent(coinId).replaceAll("%2C", "%252C")}`;
}
