import { z } from "zod";
import { BoundedMap } from "../../process/bounded-map.ts";
import { addDays, DAY_MS, earlier, MINUTE_MS, utcDay } from "../../valuation/calendar.ts";
import type {
  Ask,
  Closes,
  ClosesResult,
  CoinRef,
  DayRange,
  PriceSource,
  QuoteResult,
  SourceFailure,
} from "../price-source.ts";
import { publishedThrough } from "../publication-schedule.ts";
import { lockPatienceOf } from "../sources/lock-patience.ts";
import {
  ClosesRow,
  closesOf,
  fits,
  isSettled,
  isWholeOutdated,
  missingRange,
  recheckedRow,
  rowOf,
  withPart,
} from "./closes-row.ts";
import type { FetchCache } from "./fetch-cache.ts";

/** What is cached of a coin. */
export type CachedCloses = Closes & {
  /** Last UTC day that was asked for after it was published, with or without a close. */
  readonly coveredTo: string;
  /** When the whole record was fetched last, ISO 8601 in UTC; null when it never was. */
  readonly wholeAt: string | null;
  /** When closes within the record were fetched again since then; null when they were not. */
  readonly recheckedAt: string | null;
};

/** Options of {@link CachedPrices}. */
export type CachedPricesOptions = {
  readonly source: PriceSource;
  readonly cache: FetchCache;
  readonly now: () => Date;
  /** Called for every question: answered from the cache, or not. */
  readonly onAnswer?: (from: "cache" | "source") => void;
};

/**
 * One coin, the days it is wanted for, and the part of them that is not cached; undefined when
 * nothing usable is cached.
 */
export type ClosesNeed = {
  readonly coin: CoinRef;
  readonly range: DayRange;
  readonly part: DayRange | undefined;
};

const QUOTE_TTL_MS = 60_000;
const UNKNOWN_COIN_TTL_MS = 10 * MINUTE_MS;
/**
 * Closes of finished days are good for ever; a coin that nobody asked about for this long makes
 * room.
 */
const CLOSES_TTL_MS = 400 * DAY_MS;
/** Weekly closes of an exchange stand in for better ones and are cached for a day at most. */
const STAND_IN_TTL_MS = DAY_MS;
/** A source may stop doubting its own prices at any minute; until then nobody asks again. */
const DISTRUST_LASTS_MS = 2 * MINUTE_MS;
const MAX_DISTRUSTED = 1_000;

const CachedQuote = z.object({ priceUsd: z.number().positive() });
const CachedUnknown = z.object({ detail: z.string() });

/** One source's prices in the cache, and how they get there. */
export class CachedPrices {
  readonly #source: PriceSource;
  readonly #cache: FetchCache;
  readonly #now: () => Date;
  readonly #onAnswer: CachedPricesOptions["onAnswer"];
  readonly #distrusted = new BoundedMap<
    string,
    { readonly failure: SourceFailure; readonly untilMs: number }
  >({ maxEntries: MAX_DISTRUSTED });

  constructor({ source, cache, now, onAnswer }: CachedPricesOptions) {
    this.#source = source;
    this.#cache = cache;
    this.#now = now;
    this.#onAnswer = onAnswer;
  }

  async closes(coin: CoinRef, range: DayRange, ask: Ask): Promise<ClosesResult> {
    if (ask.fresh) return this.#fetch(coin, range, ask, undefined);
    const { result } = await this.#recall(coin, range);
    if (result !== undefined) {
      this.#onAnswer?.("cache");
      return result;
    }
    const fetchMissing = async () => {
      const { result: meanwhile, usable } = await this.#recall(coin, range);
      if (meanwhile !== undefined) this.#onAnswer?.("cache");
      return meanwhile ?? this.#fetch(coin, range, ask, usable);
    };
    return this.#cache.runExclusive(this.#closesKey(coin), fetchMissing, lockPatienceOf(ask));
  }

  /**
   * As {@link PriceSource.closesUntil}; begins early only where nothing is known of the coin, and
   * no other process waits: the lock is held until `until` resolves, which may take longer than
   * others wait for it.
   */
  async closesUntil(
    coin: CoinRef,
    range: DayRange,
    until: () => Promise<string>,
    ask: Ask,
  ): Promise<ClosesResult> {
    const source = this.#source;
    const begin = async () => {
      // Another process may have fetched meanwhile.
      if (source.closesUntil === undefined || (await this.#isKnown(coin))) return undefined;
      this.#onAnswer?.("source");
      const result = await source.closesUntil(coin, range, until, ask);
      const whole = { ...range, to: await until() };
      return this.settle({ coin, range: whole, part: undefined }, result, undefined);
    };
    const begun =
      source.closesUntil === undefined ||
      this.#cache.isShared ||
      ask.fresh ||
      (await this.#isKnown(coin))
        ? undefined
        : await this.#cache.runExclusive(this.#closesKey(coin), begin, lockPatienceOf(ask));
    return begun ?? this.closes(coin, { ...range, to: await until() }, ask);
  }

  async refetch(coin: CoinRef, to: string, ask: Ask): Promise<ClosesResult> {
    const fetchNewest = async () =>
      this.#fetch(coin, { from: "listing", to }, ask, await this.usable(coin));
    return this.#cache.runExclusive(this.#closesKey(coin), fetchNewest, lockPatienceOf(ask));
  }

  async recheck(
    coin: CoinRef,
    range: { readonly from: string; readonly to: string },
    ask: Ask,
  ): Promise<ClosesResult> {
    this.#onAnswer?.("source");
    const closes = await this.#source.closes(coin, range, ask);
    const usable = await this.usable(coin);
    if (!closes.ok || usable === undefined) return closes;
    const row = recheckedRow(usable, closes, range, coin.coinId);
    await this.#store(coin, row);
    return closesOf(row, this.#now(), false);
  }

  async cached(coin: CoinRef, at: Date): Promise<CachedCloses | undefined> {
    const usable = await this.usable(coin, at);
    if (usable === undefined) return undefined;
    const { coveredTo, wholeAt, recheckedAt } = usable;
    const neededTo = earlier(addDays(utcDay(at), -1), publishedThrough(at, coin.coinId));
    return { ...closesOf(usable, at, coveredTo < neededTo), coveredTo, wholeAt, recheckedAt };
  }

  async quote(coin: CoinRef, ask: Ask): Promise<QuoteResult> {
    const key = `quote:${this.#source.id}:${coin.coinId}`;
    const recall = async (): Promise<QuoteResult | undefined> => {
      const cached = await this.#cache.get(key, CachedQuote);
      return cached === undefined ? undefined : { ok: true, priceUsd: cached.priceUsd };
    };
    const fetchQuote = async () => {
      const cached = await recall();
      if (cached !== undefined) return cached;
      const quote = await this.#source.quote(coin, ask);
      if (quote.ok) await this.#cache.set(key, { priceUsd: quote.priceUsd }, QUOTE_TTL_MS);
      return quote;
    };
    return (await recall()) ?? this.#cache.runExclusive(key, fetchQuote, lockPatienceOf(ask));
  }

  /** What has to be fetched so that everything published is cached; undefined when nothing has. */
  async needOf(coin: CoinRef, range: DayRange): Promise<ClosesNeed | undefined> {
    const at = this.#now();
    const usable = await this.usable(coin, at);
    if (usable !== undefined && this.#suffices(usable, range, publishedThrough(at), coin, at))
      return undefined;
    if ((await this.#cache.get(this.#unknownKey(coin), CachedUnknown)) !== undefined)
      return undefined;
    return { coin, range, part: this.#partOf(usable, range.to, coin) };
  }

  /**
   * True for a part that does not continue what is cached, so that the whole record has to be
   * fetched.
   */
  leavesGap({ part }: ClosesNeed, result: ClosesResult, usable: ClosesRow | undefined): boolean {
    return (
      result.ok &&
      part !== undefined &&
      result.firstOn === null &&
      (usable === undefined || !fits(usable, result, part))
    );
  }

  /**
   * Caches what the source gave, joined to what is cached if it may be. When the source gave
   * nothing, cached closes come back, marked stale.
   */
  async settle(
    { coin, range, part }: ClosesNeed,
    result: ClosesResult,
    usable: ClosesRow | undefined,
    mayJoin = true,
  ): Promise<ClosesResult> {
    if (!result.ok) {
      if (result.reason === "unknown-coin") {
        await this.#cache.set(
          this.#unknownKey(coin),
          { detail: result.detail },
          UNKNOWN_COIN_TTL_MS,
        );
        return result;
      }
      if (result.reason === "distrusted") {
        const untilMs = this.#now().getTime() + DISTRUST_LASTS_MS;
        this.#distrusted.set(coin.coinId, { failure: result, untilMs });
      }
      return usable === undefined ? result : closesOf(usable, this.#now(), true);
    }
    const mayContinue =
      mayJoin && !this.#source.fetchesWhole && usable !== undefined && part !== undefined;
    const row =
      mayContinue && fits(usable, result, part)
        ? withPart(usable, result, range.to, coin.coinId)
        : rowOf(result, range, coin.coinId);
    await this.#store(coin, row);
    return closesOf(row, this.#now(), false);
  }

  /** The coin's row in the cache, unless a clock that was wrong has written it. */
  async usable(coin: CoinRef, at = this.#now()): Promise<ClosesRow | undefined> {
    const row = await this.#cache.get(this.#closesKey(coin), ClosesRow);
    return row !== undefined && Date.parse(row.askedAt) <= at.getTime() + DAY_MS ? row : undefined;
  }

  /** What is cached: all that is wanted, or closes that new ones can be added to, or nothing. */
  async #recall(
    coin: CoinRef,
    range: DayRange,
  ): Promise<{ result?: ClosesResult; usable?: ClosesRow }> {
    const at = this.#now();
    const usable = await this.usable(coin, at);
    const publishedOn = publishedThrough(at, coin.coinId);
    if (usable !== undefined && this.#suffices(usable, range, publishedOn, coin, at))
      return { result: closesOf(usable, at, false) };
    const unknown = await this.#cache.get(this.#unknownKey(coin), CachedUnknown);
    if (unknown !== undefined)
      return { result: { ok: false, reason: "unknown-coin", detail: unknown.detail } };
    return usable === undefined ? {} : { usable };
  }

  /** True where the cache has closes of a coin, or the source's word that there are none. */
  async #isKnown(coin: CoinRef): Promise<boolean> {
    return (
      this.#distrustOf(coin) !== undefined ||
      (await this.usable(coin)) !== undefined ||
      (await this.#cache.get(this.#unknownKey(coin), CachedUnknown)) !== undefined
    );
  }

  /** The source's doubts about its own prices of a coin, while they are young. */
  #distrustOf({ coinId }: CoinRef): SourceFailure | undefined {
    const distrust = this.#distrusted.get(coinId);
    return distrust !== undefined && this.#now().getTime() < distrust.untilMs
      ? distrust.failure
      : undefined;
  }

  async #fetch(
    coin: CoinRef,
    range: DayRange,
    ask: Ask,
    usable: ClosesRow | undefined,
  ): Promise<ClosesResult> {
    this.#onAnswer?.("source");
    const distrust = ask.fresh ? undefined : this.#distrustOf(coin);
    if (distrust !== undefined)
      return usable === undefined ? distrust : closesOf(usable, this.#now(), true);
    const need: ClosesNeed = { coin, range, part: this.#partOf(usable, range.to, coin) };
    const result = await this.#source.closes(coin, need.part ?? range, ask);
    return this.leavesGap(need, result, usable)
      ? this.settle(need, await this.#source.closes(coin, range, ask), usable, false)
      : this.settle(need, result, usable);
  }

  async #store(coin: CoinRef, row: ClosesRow): Promise<void> {
    const ttlMs = this.#source.stepDays === 1 ? CLOSES_TTL_MS : STAND_IN_TTL_MS;
    await this.#cache.set(this.#closesKey(coin), row, ttlMs);
  }

  /** The days that are not cached; undefined means the whole record. */
  #partOf(usable: ClosesRow | undefined, to: string, { coinId }: CoinRef): DayRange | undefined {
    if (usable === undefined || this.#source.fetchesWhole) return undefined;
    return missingRange(usable, to, coinId, this.#now());
  }

  #suffices(
    row: ClosesRow,
    range: DayRange,
    publishedOn: string,
    { coinId }: CoinRef,
    at: Date,
  ): boolean {
    if (row.coveredTo < earlier(range.to, publishedOn)) return false;
    if (range.from !== "listing" && (row.from <= range.from || row.firstOn !== null)) return true;
    if (this.#source.reachDays !== null) return true;
    if (row.firstOn === null || (!this.#source.fetchesWhole && isWholeOutdated(row, coinId, at)))
      return false;
    return isSettled(row) || utcDay(at) === utcDay(Date.parse(row.askedAt));
  }

  #closesKey({ coinId }: CoinRef): string {
    return `closes:${this.#source.id}:${coinId}`;
  }

  #unknownKey({ coinId }: CoinRef): string {
    return `unknown:${this.#source.id}:${coinId}`;
  }
}
