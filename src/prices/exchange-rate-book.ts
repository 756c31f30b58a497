import { z } from "zod";
import { DAY_MS } from "../valuation/calendar.ts";
import { isCurrencyCode } from "./currencies.ts";

/**
 * What one US dollar is worth in a currency, and when the table with this rate was received, in
 * milliseconds since 1970.
 */
const Rate = z.object({ perUsd: z.number().positive(), takenAtMs: z.number() });
type Rate = z.infer<typeof Rate>;

/** The last known rate of every currency by ISO 4217 code, each with its own instant. */
export const RateBook = z.object({
  rates: z.record(z.string(), Rate),
  /** Rates too far from the known ones to be used before another table confirms them. */
  doubted: z.record(z.string(), Rate),
});

/** What the schema of the same name parses to. */
export type RateBook = z.infer<typeof RateBook>;

/** A book without any currency. */
export const EMPTY_RATES: RateBook = { rates: {}, doubted: {} };

/** Older rates are not used; in milliseconds. */
export const RATE_KEPT_MS = 7 * DAY_MS;

/**
 * The strongest currency is worth about three US dollars (KWD), the weakest about a millionth of
 * one (IRR, checked 2026-11). A rate a hundred times beyond either is a misprint.
 */
const POSSIBLE_PER_USD = { min: 1e-3, max: 1e9 };
/**
 * No currency moves this far between two tables: it is a misprint, another unit, or a new currency
 * under an old code.
 */
const DOUBTED_FROM_FACTOR = 10;
/** How far apart two tables may be to confirm each other. */
const CONFIRMED_WITHIN_FACTOR = 1.5;
/**
 * A provider's cache repeats a misprint for minutes, so a confirmation must come later than that.
 */
const CONFIRMED_AFTER_MS = 10 * 60_000;

/** The rate of a currency; undefined when none is recent enough to be used. */
export function usableRate({ rates }: RateBook, code: string, atMs: number): number | undefined {
  const rate = Object.hasOwn(rates, code) ? rates[code] : undefined;
  return rate !== undefined && isUsable(rate, atMs) ? rate.perUsd : undefined;
}

/**
 * The book after a new table, received at `atMs`. A currency that the table lacks, or has an
 * impossible rate of, keeps its known rate. A rate ten times above or below the known one is not
 * used until a later table has about the same. Pure.
 */
export function withTable(
  book: RateBook,
  perUsd: Readonly<Record<string, unknown>>,
  atMs: number,
): RateBook {
  const rates = usableRates(book.rates, atMs);
  const doubted = usableRates(book.doubted, atMs);
  for (const [code, value] of Object.entries(perUsd)) {
    if (!isCurrencyCode(code) || !isPossible(value)) continue;
    const rate: Rate = { perUsd: value, takenAtMs: atMs };
    const known = rates[code];
    const earlier = doubted[code];
    if (
      known === undefined ||
      timesApart(known, rate) < DOUBTED_FROM_FACTOR ||
      isConfirmedBy(earlier, rate)
    ) {
      rates[code] = rate;
      delete doubted[code];
    } else if (earlier === undefined || timesApart(earlier, rate) > CONFIRMED_WITHIN_FACTOR) {
      doubted[code] = rate;
    }
  }
  return { rates, doubted };
}

function isConfirmedBy(earlier: Rate | undefined, rate: Rate): boolean {
  if (earlier === undefined || timesApart(earlier, rate) > CONFIRMED_WITHIN_FACTOR) return false;
  return rate.takenAtMs - earlier.takenAtMs >= CONFIRMED_AFTER_MS;
}

function isPossible(value: unknown): value is number {
  return (
    typeof value === "number" && value >= POSSIBLE_PER_USD.min && value <= POSSIBLE_PER_USD.max
  );
}

function usableRates(rates: Readonly<Record<string, Rate>>, atMs: number): Record<string, Rate> {
  return Object.fromEntries(Object.entries(rates).filter(([, rate]) => isUsable(rate, atMs)));
}

/** A future instant was noted by a clock that was wrong. */
function isUsable({ takenAtMs }: Rate, atMs: number): boolean {
  return atMs - takenAtMs >= 0 && atMs - takenAtMs < RATE_KEPT_MS;
}

function timesApart(one: Rate, other: Rate): number {
  return Math.max(one.perUsd / other.perUsd, other.perUsd / one.perUsd);
}
