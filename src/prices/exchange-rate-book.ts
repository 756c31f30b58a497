import { z } from "zod";
import { DAY_MS } from "../valuation/calendar.ts";
import { isCurrencyCode } from "./currencies.ts";

/**
 * What one US dollar is worth in a currency, and the instant (ms since 1970) of the table that said
 * so.
 */
const Rate = z.object({ perUsd: z.number().positive(), takenAtMs: z.number() });
type Rate = z.infer<typeof Rate>;

/** The last known rate of every currency by ISO 4217 code, each with an instant of its own. */
export const RateBook = z.object({
  rates: z.record(z.string(), Rate),
  /** Rates too far from the known ones to be believed before another table confirms them. */
  doubted: z.record(z.string(), Rate),
});

/** The last known rate of every currency; see the schema of the same name. */
export type RateBook = z.infer<typeof RateBook>;

/** Knows no currency. */
export const EMPTY_RATES: RateBook = { rates: {}, doubted: {} };

/** Older rates are not used at all, in milliseconds. */
export const RATE_KEPT_MS = 7 * DAY_MS;

/**
 * The strongest currency is worth about three US dollars (KWD), the weakest about a millionth of
 * one (IRR, checked 2026-11); whatever lies a hundred times beyond is a misprint.
 */
const POSSIBLE_PER_USD = { min: 1e-3, max: 1e9 };
/**
 * No currency moves that far between two tables: a misprint, another unit, or a new currency under
 * an old code.
 */
const DOUBTED_FROM_FACTOR = 10;
/** How far apart two tables may be to confirm each other. */
const CONFIRMED_WITHIN_FACTOR = 1.5;
/**
 * A provider's own cache repeats a misprint for minutes: a confirmation must be later than that.
 */
const CONFIRMED_AFTER_MS = 10 * 60_000;

/** The rate of a currency that may still be used at an instant. */
export function usableRate({ rates }: RateBook, code: string, atMs: number): number | undefined {
  const rate = Object.hasOwn(rates, code) ? rates[code] : undefined;
  return rate !== undefined && isUsable(rate, atMs) ? rate.perUsd : undefined;
}

/**
 * The book after a new table, which was received at `atMs`. A currency that the table lacks, or
 * tells nonsense of, keeps its known rate. A rate ten times away from the known one waits until a
 * later table says about the same. Pure.
 */
export function withTable(
  book: RateBook,
  perUsd: Readonly<Record<string, unknown>>,
  atMs: number,
): RateBook {
  const rates = usableOnes(book.rates, atMs);
  const doubted = usableOnes(book.doubted, atMs);
  for (const [code, told] of Object.entries(perUsd)) {
    if (!isCurrencyCode(code) || !isPossible(told)) continue;
    const rate: Rate = { perUsd: told, takenAtMs: atMs };
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

function isPossible(told: unknown): told is number {
  return typeof told === "number" && told >= POSSIBLE_PER_USD.min && told <= POSSIBLE_PER_USD.max;
}

function usableOnes(rates: Readonly<Record<string, Rate>>, atMs: number): Record<string, Rate> {
  return Object.fromEntries(Object.entries(rates).filter(([, rate]) => isUsable(rate, atMs)));
}

/** An instant to come was noted by a clock that was wrong. */
function isUsable({ takenAtMs }: Rate, atMs: number): boolean {
  return atMs - takenAtMs >= 0 && atMs - takenAtMs < RATE_KEPT_MS;
}

function timesApart(one: Rate, other: Rate): number {
  return Math.max(one.perUsd / other.perUsd, other.perUsd / one.perUsd);
}
