import { z } from "zod";
import { hashFraction } from "../../process/hash-fraction.ts";
import { addDays, DAY_MS, daysBetween, earlier, later, utcDay } from "../../valuation/calendar.ts";
import type { DailyClose } from "../../valuation/price-record.ts";
import { median, WINDOW_DAYS } from "../../valuation/price-window.ts";
import type { Closes, DayRange } from "../price-source.ts";
import { publishedThrough } from "../publication-schedule.ts";
import { FIRST_STAMP_MS, PRICE_BELOW_USD } from "../sources/row-gate.ts";

/** No market has days after it, and the text of later years would sort wrongly. */
const BEFORE_DAY = "2200-01-01";
/** A listing's first days are fetched again until they are this old: sources still correct them. */
const SETTLED_AFTER_DAYS = 35;
/**
 * Cached closes that differ by more than this fraction from new ones of the same days are in
 * another unit (redenomination).
 */
const MAX_DRIFT = 0.05;
/** Cached days that are fetched again with new ones, and with them late corrections. */
const OVERLAP_DAYS = 14;
/** The closes that an opening needs (valuation.ts). */
const MIN_OPENING_CLOSES = 7;
/** After this many days, or up to twice as many, the whole record is fetched again. */
const WHOLE_AGAIN_DAYS = 30;
/**
 * Hardly a coin rests so long and comes back. A record is fetched in charts of some 500 days, and
 * one of them may have come empty.
 */
const LONG_GAP_DAYS = 365;

const day = z.iso
  .date()
  .refine((on) => on >= utcDay(FIRST_STAMP_MS) && on < BEFORE_DAY, "no day of a market");

/**
 * One coin's closes from one source as a cache row. A row that cannot be right does not parse: it
 * is discarded and fetched again.
 */
export const ClosesRow = z
  .object({
    /** Rows of another format are discarded. */
    format: z.literal(2),
    /**
     * First day of `pricesUsd`, which has one entry a day (null: no price) so that a long history
     * stays small.
     */
    from: day,
    pricesUsd: z.array(z.number().positive().lt(PRICE_BELOW_USD).nullable()),
    /** The source's first record of the coin; null where the plan does not reach it. */
    firstOn: day.nullable(),
    /** Last day that was asked for after it was published. */
    coveredTo: day,
    askedAt: z.iso.datetime(),
    /** When the whole record was fetched last; null when only a part of it ever was. */
    wholeAt: z.iso.datetime().nullable(),
    /** When closes within the record were rechecked last; null when they never were. */
    recheckedAt: z.iso.datetime().nullable(),
  })
  .refine(
    ({ from, firstOn }) => firstOn === null || from >= firstOn,
    "closes before the first record",
  )
  .refine(
    ({ from, pricesUsd, coveredTo, askedAt }) =>
      coveredTo <= askedAt.slice(0, 10) &&
      pricesUsd.length <= Math.max(0, daysBetween(from, coveredTo) + 1),
    "closes of days to come",
  );
export type ClosesRow = z.infer<typeof ClosesRow>;

/** The closes of a row that are finished days at an instant. */
export function closesOf(row: ClosesRow, at: Date, stale: boolean): Closes {
  const todayOn = utcDay(at);
  return {
    ok: true,
    points: pointsOf(row).filter(({ on }) => on < todayOn),
    firstOn: row.firstOn,
    askedAt: row.askedAt,
    stale,
  };
}

function pointsOf({ from, pricesUsd }: Pick<ClosesRow, "from" | "pricesUsd">): DailyClose[] {
  const startMs = Date.parse(from);
  return pricesUsd.flatMap((priceUsd, at) =>
    priceUsd === null ? [] : [{ on: utcDay(startMs + at * DAY_MS), priceUsd }],
  );
}

/** Fetched closes as a row that replaces whatever was cached. */
export function rowOf(fetched: Closes, range: DayRange, coinId: string): ClosesRow {
  const wholeAt = range.from === "listing" ? fetched.askedAt : null;
  return makeRow(fetched.points, fetched, {
    askedTo: range.to,
    coinId,
    wholeAt,
    recheckedAt: null,
  });
}

/**
 * A row with a part fetched later, whose closes win. A close that the part lacks stays: it may be
 * back tomorrow.
 */
export function withPart(
  row: ClosesRow,
  fetched: Closes,
  askedTo: string,
  coinId: string,
): ClosesRow {
  return makeRow(
    mergedPoints(pointsOf(row), fetched.points),
    { ...fetched, firstOn: row.firstOn },
    { ...row, askedTo, coinId },
  );
}

/**
 * A row with closes in doubt fetched again: what the source does not repeat is gone. When the
 * newest closes were fetched stays as it was.
 */
export function recheckedRow(
  row: ClosesRow,
  fetched: Closes,
  range: DayRange,
  coinId: string,
): ClosesRow {
  const undoubted = pointsOf(row).filter(({ on }) => on < range.from || on > range.to);
  const within = fetched.points.filter(({ on }) => on >= range.from && on <= range.to);
  const { askedAt, coveredTo, wholeAt } = row;
  const merged = makeRow(mergedPoints(undoubted, within), row, {
    askedTo: coveredTo,
    coinId,
    wholeAt,
    recheckedAt: fetched.askedAt,
  });
  return { ...merged, askedAt, coveredTo };
}

function mergedPoints(earlier: readonly DailyClose[], later: readonly DailyClose[]): DailyClose[] {
  const byDay = new Map([...earlier, ...later].map((point) => [point.on, point]));
  return [...byDay.values()].sort((a, b) => (a.on < b.on ? -1 : 1));
}

function makeRow(
  points: readonly DailyClose[],
  { firstOn, askedAt }: Pick<Closes, "firstOn" | "askedAt">,
  asked: { askedTo: string; coinId: string } & Pick<ClosesRow, "wholeAt" | "recheckedAt">,
): ClosesRow {
  const listed = firstOn === null ? points : points.filter(({ on }) => on >= firstOn);
  const from = listed[0]?.on ?? firstOn ?? asked.askedTo;
  const byDay = new Map(listed.map(({ on, priceUsd }) => [on, priceUsd]));
  const days = listed.length === 0 ? 0 : daysBetween(from, listed.at(-1)?.on ?? from) + 1;
  const pricesUsd = Array.from({ length: days }, (_, at) => byDay.get(addDays(from, at)) ?? null);
  const published = earlier(asked.askedTo, publishedThrough(new Date(askedAt), asked.coinId));
  return {
    format: 2,
    from,
    pricesUsd,
    firstOn,
    coveredTo: later(published, listed.at(-1)?.on ?? published),
    askedAt,
    wholeAt: asked.wholeAt,
    recheckedAt: asked.recheckedAt,
  };
}

/** True when the listing's first days are complete, and old enough to stay as they are. */
export function isSettled({ firstOn, askedAt, from, pricesUsd }: ClosesRow): boolean {
  if (firstOn === null || addDays(firstOn, SETTLED_AFTER_DAYS) > utcDay(Date.parse(askedAt)))
    return false;
  const opening = pricesUsd.slice(0, Math.max(0, daysBetween(from, addDays(firstOn, WINDOW_DAYS))));
  return opening.filter((priceUsd) => priceUsd !== null).length >= MIN_OPENING_CLOSES;
}

/**
 * True a month or two after the whole record was fetched last, each coin on its own day: sources
 * correct old days, too. With a long gap in the record it is true the next day.
 */
export function isWholeOutdated(row: ClosesRow, coinId: string, at: Date): boolean {
  if (row.wholeAt === null) return true;
  const ageDays = daysBetween(row.wholeAt.slice(0, 10), utcDay(at));
  const isMonthsOld = ageDays > WHOLE_AGAIN_DAYS * (1 + hashFraction(coinId));
  return isMonthsOld || (ageDays > 0 && hasLongGap(row));
}

function hasLongGap({ pricesUsd }: ClosesRow): boolean {
  let gapDays = 0;
  return pricesUsd.some((priceUsd) => {
    gapDays = priceUsd === null ? gapDays + 1 : 0;
    return gapDays >= LONG_GAP_DAYS;
  });
}

/**
 * The days that have to be fetched so that a row reaches `to`: those since, and a few that show
 * whether old and new are in one unit. Undefined means the whole record.
 */
export function missingRange(
  row: ClosesRow,
  to: string,
  coinId: string,
  at: Date,
): DayRange | undefined {
  if (!isSettled(row) || isWholeOutdated(row, coinId, at)) return undefined;
  return { from: addDays(row.coveredTo, 1 - OVERLAP_DAYS), to };
}

/**
 * False when cached and new closes cannot stand in one series: another unit, or days between them
 * that were never fetched.
 */
export function fits(row: ClosesRow, fetched: Closes, part: DayRange | undefined): boolean {
  const first = fetched.points[0];
  if (first === undefined) return true;
  const newUsd = new Map(fetched.points.map((point) => [point.on, point.priceUsd]));
  const ratios = pointsOf(row).flatMap(({ on, priceUsd }) => {
    const current = newUsd.get(on);
    return current === undefined ? [] : [priceUsd / current];
  });
  if (ratios.length > 0) return Math.abs(median(ratios) - 1) <= MAX_DRIFT;
  return part !== undefined || first.on <= addDays(row.coveredTo, 1);
}
