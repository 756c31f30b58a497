import { z } from "zod";
import type { Log } from "../process/log.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../valuation/calendar.ts";
import type { FetchCache } from "./cache/fetch-cache.ts";
import { type Currency, currenciesOf, isCurrency, USD } from "./currencies.ts";
import {
  EMPTY_RATES,
  RATE_KEPT_MS,
  RateBook,
  usableRate,
  withTable,
} from "./exchange-rate-book.ts";
import type { Ask, RatesResult } from "./price-source.ts";
import { lockPatienceOf } from "./sources/lock-patience.ts";

/** What one US dollar is worth in other currencies, today. */
export type ExchangeRates = {
  /**
   * How much of a currency (ISO 4217, capitals) one US dollar is worth; undefined when no rate of
   * the last seven days is known. Never rejects.
   */
  perUsd(code: string, ask: Ask): Promise<number | undefined>;
  /**
   * The latest instant of the last days at which `perUsd` had no rate of a currency. Never rejects.
   */
  missedAt(code: string): Promise<Date | undefined>;
  /**
   * The fiat currencies that can be chosen, best known first; from memory, and only USD before the
   * rates were first loaded.
   */
  currencies(): readonly Currency[];
  /**
   * Loads the cached rates, and fetches new ones in the background when they are old. To be called
   * at start and now and then.
   */
  refresh(): Promise<void>;
};

/** Options of {@link createExchangeRates}. */
export type ExchangeRatesOptions = {
  readonly fetchRates: (ask: Ask) => Promise<RatesResult>;
  /**
   * Used when `fetchRates` gives no table, or no rate of the currency that is wanted; nothing when
   * absent.
   */
  readonly fetchStandIn?: (ask: Ask) => Promise<RatesResult>;
  readonly cache: Pick<FetchCache, "runExclusive" | "get" | "set">;
  readonly log: Log;
  readonly now: () => Date;
};

/** Currencies move little within hours, and each fetch is one of the month's calls. */
const REFRESH_AFTER_MS = 6 * HOUR_MS;
/** Older rates are not today's: new ones are fetched before they are used, if that works. */
const TOO_OLD_MS = DAY_MS;
/** How long after a failure the rates are fetched again. */
const RETRY_AFTER_MS = 60_000;
/** The stand-in is often not reachable at all, and a person may be waiting each time. */
const STAND_IN_RETRY_AFTER_MS = 600_000;
/** A digest looks back to yesterday's, wherever on earth that was. */
const MISSED_KEPT_MS = 3 * DAY_MS;

const KEY = "rates-by-currency";
/** Instants in milliseconds since 1970 of the newest table from either source; 0 is never. */
const CachedRates = RateBook.extend({ tableAtMs: z.number(), standInAtMs: z.number() });
type CachedRates = z.infer<typeof CachedRates>;

const NOTHING_CACHED: CachedRates = { ...EMPTY_RATES, tableAtMs: 0, standInAtMs: 0 };
const NEVER = Number.NEGATIVE_INFINITY;

/**
 * Rates that are cached for hours and fetched once at a time. Each currency survives its absence
 * from the newest table, and the sources' bad days, for a week at most.
 */
export function createExchangeRates(options: ExchangeRatesOptions): ExchangeRates {
  const rates = new CachedExchangeRates(options);
  return {
    perUsd: (code, ask) => rates.perUsd(code, ask),
    missedAt: (code) => rates.missedAt(code),
    currencies: () => rates.currencies(),
    refresh: () => rates.refresh(),
  };
}

class CachedExchangeRates {
  readonly #options: ExchangeRatesOptions;
  readonly #missed: MissedRates;
  readonly #running = new Map<Ask["priority"], Promise<void>>();
  #known: CachedRates = NOTHING_CACHED;
  #currencies: readonly Currency[] = [USD];
  #cacheRead: Promise<void> | undefined;
  #failedAtMs = NEVER;
  #standInFailedAtMs = NEVER;

  constructor(options: ExchangeRatesOptions) {
    this.#options = options;
    this.#missed = new MissedRates(options);
  }

  async perUsd(code: string, ask: Ask): Promise<number | undefined> {
    if (code === USD.code) return 1;
    await this.#readCache();
    if (!isCurrency(code) && !Object.hasOwn(this.#known.rates, code)) return undefined;
    if (this.#isToday(this.#known, code)) this.#refreshInBackground(code);
    else {
      await this.#fetchOnce(ask, code);
      // That fetch may have been for another currency, which did not need the stand-in.
      if (this.#usable(code) === undefined) await this.#fetchOnce(ask, code);
    }
    const rate = this.#usable(code);
    if (rate === undefined) await this.#missed.note(code);
    return rate;
  }

  missedAt(code: string): Promise<Date | undefined> {
    return this.#missed.latestAt(code);
  }

  currencies(): readonly Currency[] {
    return this.#currencies.filter(
      ({ code }) => code === USD.code || this.#usable(code) !== undefined,
    );
  }

  async refresh(): Promise<void> {
    await this.#readCache();
    this.#refreshInBackground();
  }

  #usable(code: string): number | undefined {
    return usableRate(this.#known, code, this.#options.now().getTime());
  }

  #take(rates: CachedRates): void {
    this.#known = rates;
    this.#currencies = currenciesOf(Object.keys(rates.rates));
  }

  #readCache(): Promise<void> {
    this.#cacheRead ??= this.#options.cache.get(KEY, CachedRates).then((cached) => {
      if (cached !== undefined && this.#known === NOTHING_CACHED) this.#take(cached);
    });
    return this.#cacheRead;
  }

  #isTableDue(): boolean {
    return (
      !this.#isWithin(REFRESH_AFTER_MS, this.#known.tableAtMs) &&
      !this.#isWithin(RETRY_AFTER_MS, this.#failedAtMs)
    );
  }

  #isStandInDue(): boolean {
    if (this.#options.fetchStandIn === undefined) return false;
    if (this.#isWithin(REFRESH_AFTER_MS, this.#known.standInAtMs)) return false;
    return !this.#isWithin(STAND_IN_RETRY_AFTER_MS, this.#standInFailedAtMs);
  }

  /** Whether a currency's rate is today's; without a currency, whether the newest table is. */
  #isToday({ rates, tableAtMs, standInAtMs }: CachedRates, code: string | undefined): boolean {
    const atMs =
      code === undefined ? Math.max(tableAtMs, standInAtMs) : (rates[code]?.takenAtMs ?? NEVER);
    return this.#isWithin(TOO_OLD_MS, atMs);
  }

  /**
   * Whether it is less than `ms` since an instant; a future instant was noted by a clock that was
   * wrong.
   */
  #isWithin(ms: number, atMs: number): boolean {
    const ageMs = this.#options.now().getTime() - atMs;
    return ageMs >= 0 && ageMs < ms;
  }

  #refreshInBackground(code?: string): void {
    if (!this.#isTableDue()) return;
    void this.#fetchOnce({ priority: "background" }, code).catch((error: unknown) =>
      this.#options.log.error({ err: error }, "refreshing the exchange rates failed"),
    );
  }

  /** One fetch at a time for each priority: a person does not wait for a background call. */
  #fetchOnce(ask: Ask, code: string | undefined): Promise<void> {
    const { priority } = ask;
    const started =
      this.#running.get(priority) ??
      this.#fetchIfDue(ask, code).finally(() => this.#running.delete(priority));
    this.#running.set(priority, started);
    return started;
  }

  async #fetchIfDue(ask: Ask, code: string | undefined): Promise<void> {
    if (!this.#isTableDue() && (this.#isToday(this.#known, code) || !this.#isStandInDue())) return;
    const { cache } = this.#options;
    const work = async () => {
      // Another process may have fetched meanwhile.
      const cached = await cache.get(KEY, CachedRates);
      if (
        cached !== undefined &&
        isNewer(cached, this.#known) &&
        this.#isWithin(DAY_MS, Math.max(cached.tableAtMs, cached.standInAtMs))
      )
        this.#take(cached);
      await this.#fetch(ask, code);
    };
    await cache.runExclusive(KEY, work, lockPatienceOf(ask));
  }

  async #fetch(ask: Ask, code: string | undefined): Promise<void> {
    const { fetchRates, fetchStandIn, cache, log, now } = this.#options;
    const atMs = now().getTime();
    const previous = this.#known;
    const wasDue = this.#isTableDue();
    const table = wasDue ? await tableFrom(fetchRates, ask, log) : undefined;
    if (table === undefined && wasDue) this.#failedAtMs = atMs;
    let current =
      table === undefined
        ? previous
        : { ...previous, ...withTable(previous, table, atMs), tableAtMs: atMs };
    if (fetchStandIn !== undefined && !this.#isToday(current, code) && this.#isStandInDue()) {
      const standIn = await tableFrom(fetchStandIn, ask, log);
      if (standIn === undefined) this.#standInFailedAtMs = atMs;
      else {
        // The stand-in's table goes first: where nothing is known yet and the two contradict each
        // other, a central bank's word counts more than a price site's.
        const both = withTable(withTable(previous, standIn, atMs), table ?? {}, atMs);
        current = { ...current, ...both, standInAtMs: atMs };
      }
    }
    if (current === previous) return;
    this.#take(current);
    await cache.set(KEY, current, RATE_KEPT_MS);
  }
}

/** A source's table; undefined when it gives none, which is then in the log. */
async function tableFrom(
  fetchRates: ExchangeRatesOptions["fetchRates"],
  ask: Ask,
  log: Log,
): Promise<Readonly<Record<string, number>> | undefined> {
  const result = await fetchRates(ask);
  // A table with nothing but US dollars is useless: it is worth fetching again soon.
  if (result.ok && Object.keys(result.perUsd).some((code) => code !== USD.code))
    return result.perUsd;
  const { reason, detail } = result.ok
    ? { reason: "empty", detail: "no currency but US dollars" }
    : result;
  log.warn({ reason, detail }, "the exchange rates cannot be had now");
  return undefined;
}

function isNewer(one: CachedRates, other: CachedRates): boolean {
  return one.tableAtMs > other.tableAtMs || one.standInAtMs > other.standInAtMs;
}

/** Notes when a rate was missing, across restarts and for every process that shares the cache. */
class MissedRates {
  readonly #cache: ExchangeRatesOptions["cache"];
  readonly #now: () => Date;
  readonly #notedAtMs = new Map<string, number>();

  constructor({ cache, now }: Pick<ExchangeRatesOptions, "cache" | "now">) {
    this.#cache = cache;
    this.#now = now;
  }

  async note(code: string): Promise<void> {
    const atMs = this.#now().getTime();
    const minute = Math.floor(atMs / MINUTE_MS);
    // Once a minute is often enough: every zone's midnight falls on a full minute.
    if (Math.floor((this.#notedAtMs.get(code) ?? 0) / MINUTE_MS) === minute) return;
    this.#notedAtMs.set(code, atMs);
    await this.#cache.set(missedKey(code), atMs, MISSED_KEPT_MS);
  }

  async latestAt(code: string): Promise<Date | undefined> {
    const latestMs = Math.max(
      this.#notedAtMs.get(code) ?? 0,
      (await this.#cache.get(missedKey(code), z.number())) ?? 0,
    );
    return latestMs === 0 ? undefined : new Date(latestMs);
  }
}

function missedKey(code: string): string {
  return `rate-missed:${code}`;
}
