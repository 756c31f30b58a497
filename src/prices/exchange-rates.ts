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
   * The fiat currencies that can be chosen, best known first; from memory, USD alone before the
   * rates were first had.
   */
  currencies(): readonly Currency[];
  /**
   * Loads the kept rates, and asks for new ones in the background when they are old. To be called
   * at start and now and then.
   */
  refresh(): Promise<void>;
};

/** Options of {@link createExchangeRates}. */
export type ExchangeRatesOptions = {
  readonly ask: (ask: Ask) => Promise<RatesResult>;
  /**
   * Asked where `ask` gives no table, or no rate of a currency that somebody wants; nobody when
   * absent.
   */
  readonly standIn?: (ask: Ask) => Promise<RatesResult>;
  readonly cache: Pick<FetchCache, "runExclusive" | "get" | "set">;
  readonly log: Log;
  readonly now: () => Date;
};

/** Currencies move little within hours, and each asking is one of the month's calls. */
const REFRESH_AFTER_MS = 6 * HOUR_MS;
/** Older rates are not today's: they are asked for before they are used, if that works. */
const TOO_OLD_MS = DAY_MS;
/** After a failure the rates are asked for again when this is over. */
const RETRY_AFTER_MS = 60_000;
/** The stand-in is often not reachable at all, and a person may be waiting each time. */
const STAND_IN_RETRY_AFTER_MS = 600_000;
/** A digest looks back to yesterday's, wherever on earth that was. */
const MISSED_KEPT_MS = 3 * DAY_MS;

const KEY = "rates-by-currency";
/** Instants in milliseconds since 1970 of the newest table of either source; 0 is never. */
const Kept = RateBook.extend({ tableAtMs: z.number(), standInAtMs: z.number() });
type Kept = z.infer<typeof Kept>;

const NOTHING_KEPT: Kept = { ...EMPTY_RATES, tableAtMs: 0, standInAtMs: 0 };
const NEVER = Number.NEGATIVE_INFINITY;

/**
 * Rates that are asked for once at a time and kept for hours. Each currency outlives its absence
 * from the newest table, and the sources' bad days, by a week at the most.
 */
export function createExchangeRates(options: ExchangeRatesOptions): ExchangeRates {
  const { ask: askMain, standIn: askStandIn, cache, log, now } = options;
  const missed = createMissedRates({ cache, now });
  let known: Kept = NOTHING_KEPT;
  let listed: readonly Currency[] = [USD];
  let keptRead: Promise<void> | undefined;
  let failedAtMs = NEVER;
  let standInFailedAtMs = NEVER;
  const running = new Map<Ask["priority"], Promise<void>>();

  /**
   * Whether it is less than `ms` since an instant; an instant to come was noted by a clock that was
   * wrong.
   */
  function isWithin(ms: number, atMs: number): boolean {
    const ageMs = now().getTime() - atMs;
    return ageMs >= 0 && ageMs < ms;
  }

  function take(taken: Kept): void {
    known = taken;
    listed = currenciesOf(Object.keys(taken.rates));
  }

  function readKept(): Promise<void> {
    keptRead ??= cache.get(KEY, Kept).then((kept) => {
      if (kept !== undefined && known === NOTHING_KEPT) take(kept);
    });
    return keptRead;
  }

  function isTableDue(): boolean {
    return !isWithin(REFRESH_AFTER_MS, known.tableAtMs) && !isWithin(RETRY_AFTER_MS, failedAtMs);
  }

  function isStandInDue(): boolean {
    if (askStandIn === undefined || isWithin(REFRESH_AFTER_MS, known.standInAtMs)) return false;
    return !isWithin(STAND_IN_RETRY_AFTER_MS, standInFailedAtMs);
  }

  /** Whether a currency's rate is today's; of no currency, whether the newest table is. */
  function isToday({ rates, tableAtMs, standInAtMs }: Kept, code: string | undefined): boolean {
    const atMs =
      code === undefined ? Math.max(tableAtMs, standInAtMs) : (rates[code]?.takenAtMs ?? NEVER);
    return isWithin(TOO_OLD_MS, atMs);
  }

  async function askAgain(ask: Ask, code: string | undefined): Promise<void> {
    if (!isTableDue() && (isToday(known, code) || !isStandInDue())) return;
    const asker = async () => {
      // Another process may have asked meanwhile.
      const kept = await cache.get(KEY, Kept);
      if (
        kept !== undefined &&
        isNewer(kept, known) &&
        isWithin(DAY_MS, Math.max(kept.tableAtMs, kept.standInAtMs))
      )
        take(kept);
      await askNow(ask, code);
    };
    await cache.runExclusive(KEY, asker, lockPatienceOf(ask));
  }

  async function askNow(ask: Ask, code: string | undefined): Promise<void> {
    const atMs = now().getTime();
    const before = known;
    const wasDue = isTableDue();
    const table = wasDue ? await tableOf(askMain, ask, log) : undefined;
    if (table === undefined && wasDue) failedAtMs = atMs;
    let taken =
      table === undefined
        ? before
        : { ...before, ...withTable(before, table, atMs), tableAtMs: atMs };
    if (askStandIn !== undefined && !isToday(taken, code) && isStandInDue()) {
      const other = await tableOf(askStandIn, ask, log);
      if (other === undefined) standInFailedAtMs = atMs;
      else {
        // The stand-in's table goes first: where nothing is known yet and the two contradict each
        // other, a central bank's word counts more than a price site's.
        const both = withTable(withTable(before, other, atMs), table ?? {}, atMs);
        taken = { ...taken, ...both, standInAtMs: atMs };
      }
    }
    if (taken === before) return;
    take(taken);
    await cache.set(KEY, taken, RATE_KEPT_MS);
  }

  /** One asking at a time for each priority: a person does not wait for a background call. */
  function once(ask: Ask, code: string | undefined): Promise<void> {
    const started =
      running.get(ask.priority) ?? askAgain(ask, code).finally(() => running.delete(ask.priority));
    running.set(ask.priority, started);
    return started;
  }

  function refreshInBackground(code?: string): void {
    if (!isTableDue()) return;
    void once({ priority: "background" }, code).catch((error: unknown) =>
      log.error({ err: error }, "refreshing the exchange rates failed"),
    );
  }

  function usable(code: string): number | undefined {
    return usableRate(known, code, now().getTime());
  }

  return {
    async perUsd(code, ask) {
      if (code === USD.code) return 1;
      await readKept();
      if (!isCurrency(code) && !Object.hasOwn(known.rates, code)) return undefined;
      if (isToday(known, code)) refreshInBackground(code);
      else {
        await once(ask, code);
        // That may have been an asking for another currency, which did not want the stand-in.
        if (usable(code) === undefined) await once(ask, code);
      }
      const rate = usable(code);
      if (rate === undefined) await missed.note(code);
      return rate;
    },
    missedAt: missed.at,
    currencies: () => listed.filter(({ code }) => code === USD.code || usable(code) !== undefined),
    async refresh() {
      await readKept();
      refreshInBackground();
    },
  };
}

/** A source's table; undefined when it gives none, which the log then tells. */
async function tableOf(
  source: ExchangeRatesOptions["ask"],
  ask: Ask,
  log: Log,
): Promise<Readonly<Record<string, number>> | undefined> {
  const answer = await source(ask);
  // A table of dollars alone is of no use to anybody: it is worth asking again soon.
  if (answer.ok && Object.keys(answer.perUsd).some((code) => code !== USD.code))
    return answer.perUsd;
  const { reason, detail } = answer.ok
    ? { reason: "empty", detail: "no currency but US dollars" }
    : answer;
  log.warn({ reason, detail }, "the exchange rates cannot be had now");
  return undefined;
}

function isNewer(one: Kept, other: Kept): boolean {
  return one.tableAtMs > other.tableAtMs || one.standInAtMs > other.standInAtMs;
}

/**
 * Notes when a rate could not be had, over a restart and for every process that shares the cache.
 */
function createMissedRates({ cache, now }: Pick<ExchangeRatesOptions, "cache" | "now">) {
  const notedAtMs = new Map<string, number>();
  const keyOf = (code: string) => `rate-missed:${code}`;
  return {
    async note(code: string): Promise<void> {
      const atMs = now().getTime();
      const minute = Math.floor(atMs / MINUTE_MS);
      // Once a minute is often enough: no zone's midnight is within one.
      if (Math.floor((notedAtMs.get(code) ?? 0) / MINUTE_MS) === minute) return;
      notedAtMs.set(code, atMs);
      await cache.set(keyOf(code), atMs, MISSED_KEPT_MS);
    },
    async at(code: string): Promise<Date | undefined> {
      const latestMs = Math.max(
        notedAtMs.get(code) ?? 0,
        (await cache.get(keyOf(code), z.number())) ?? 0,
      );
      return latestMs === 0 ? undefined : new Date(latestMs);
    },
  };
}
