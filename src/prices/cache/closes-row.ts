import { z } from "zod";
import { addDays, DAY_MS, daysBetween, earlier, later, utcDay } from "../../valuation/calendar.ts";
import type { DailyClose } from "../../valuation/price-record.ts";
import { median, WINDOW_DAYS } from "../../valuation/valuation.ts";
import type { Closes, DayRange } from "../price-source.ts";
import { publishedThrough, shareOfCoin } from "../publication-schedule.ts";
import { FIRST_STAMP_MS, PRICE_BELOW_USD } from "../sources/row-gate.ts";

/** No market has days beyond it; text with more digits would sort wrongly. */
const BEFORE_DAY = "2200-01-01";
/**
 * A listing's first days are asked for again until they are this old: providers still correct them.
 */
const SETTLED_AFTER_DAYS = 35;
/**
 * Kept closes that differ by more than this from new ones of the same days are in another unit
 * (redenomination).
 */
const MAX_DRIFT = 0.05;
/**
 * Kept days that are asked for again with new ones. Late corrections of a few days come with them.
 */
const OVERLAP_DAYS = 14;
/** The closes that an opening needs (valuation.ts). */
const MIN_OPENING_CLOSES = 7;
/** After this many days, or up to twice as many, a record is asked for as a whole again. */
const WHOLE_AGAIN_DAYS = 30;

const day = z.iso
  .date()
  .refine((on) => on >= utcDay(FIRST_STAMP_MS) && on < BEFORE_DAY, "no day of a market");

/**
 * One coin's closes by one provider as a cache row. A row that cannot be right does not parse: it
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
    /** The provider's first record of the coin; null where the plan does not reach it. */
    firstOn: day.nullable(),
    /** Last day that was asked for and published. */
    coveredTo: day,
    askedAt: z.iso.datetime(),
    /** When the whole record was asked for last; null when only a part of it ever was. */
    wholeAt: z.iso.datetime().nullable(),
    /** When closes within the record were asked for again last; null when they never were. */
    recheckedAt: z.iso.datetime().nullable(),
  })
  .refine(
    ({ from, firstOn }) => firstOn === null || from >= firstOn,
    "closes before the first record",
  );
export type ClosesRow = z.infer<typeof ClosesRow>;

/** The closes of a row, ascending. */
export function pointsOf({ from, pricesUsd }: Pick<ClosesRow, "from" | "pricesUsd">): DailyClose[] {
  const startMs = Date.parse(from);
  return pricesUsd.flatMap((priceUsd, at) =>
    priceUsd === null ? [] : [{ on: utcDay(startMs + at * DAY_MS), priceUsd }],
  );
}

/** An answer as a row: nothing of an earlier one is left. */
export function rowOf(answer: Closes, asked: DayRange, coinId: string): ClosesRow {
  const wholeAt = asked.from === "listing" ? answer.askedAt : null;
  return row(answer.points, answer, { askedTo: asked.to, coinId, wholeAt, recheckedAt: null });
}

/**
 * A row with a partial answer, whose closes win. What the answer lacks stays: it may be back
 * tomorrow.
 */
export function withPart(
  kept: ClosesRow,
  answer: Closes,
  askedTo: string,
  coinId: string,
): ClosesRow {
  return row(
    mergedPoints(pointsOf(kept), answer.points),
    { ...answer, firstOn: kept.firstOn },
    { ...kept, askedTo, coinId },
  );
}

/**
 * A row with closes in doubt asked for again: what the provider does not repeat is gone. When the
 * newest closes were asked for stays as it was.
 */
export function recheckedRow(
  kept: ClosesRow,
  answer: Closes,
  asked: DayRange,
  coinId: string,
): ClosesRow {
  const undoubted = pointsOf(kept).filter(({ on }) => on < asked.from || on > asked.to);
  const within = answer.points.filter(({ on }) => on >= asked.from && on <= asked.to);
  const { askedAt, coveredTo, wholeAt } = kept;
  const merged = row(mergedPoints(undoubted, within), kept, {
    askedTo: coveredTo,
    coinId,
    wholeAt,
    recheckedAt: answer.askedAt,
  });
  return { ...merged, askedAt, coveredTo };
}

function mergedPoints(kept: readonly DailyClose[], answered: readonly DailyClose[]): DailyClose[] {
  const byDay = new Map([...kept, ...answered].map((point) => [point.on, point]));
  return [...byDay.values()].sort((a, b) => (a.on < b.on ? -1 : 1));
}

function row(
  points: readonly DailyClose[],
  { firstOn, askedAt }: Pick<Closes, "firstOn" | "askedAt">,
  asked: { askedTo: string; coinId: string } & Pick<ClosesRow, "wholeAt" | "recheckedAt">,
): ClosesRow {
  const kept = firstOn === null ? points : points.filter(({ on }) => on >= firstOn);
  const from = kept[0]?.on ?? firstOn ?? asked.askedTo;
  const byDay = new Map(kept.map(({ on, priceUsd }) => [on, priceUsd]));
  const days = kept.length === 0 ? 0 : daysBetween(from, kept.at(-1)?.on ?? from) + 1;
  const pricesUsd = Array.from({ length: days }, (_, at) => byDay.get(addDays(from, at)) ?? null);
  const published = earlier(asked.askedTo, publishedThrough(new Date(askedAt), asked.coinId));
  return {
    format: 2,
    from,
    pricesUsd,
    firstOn,
    coveredTo: later(published, kept.at(-1)?.on ?? published),
    askedAt,
    wholeAt: asked.wholeAt,
    recheckedAt: asked.recheckedAt,
  };
}

/** True when the listing's first days are whole, and old enough to stay as they are. */
export function isSettled({ firstOn, askedAt, from, pricesUsd }: ClosesRow): boolean {
  if (firstOn === null || addDays(firstOn, SETTLED_AFTER_DAYS) > utcDay(Date.parse(askedAt)))
    return false;
  const opening = pricesUsd.slice(0, Math.max(0, daysBetween(from, addDays(firstOn, WINDOW_DAYS))));
  return opening.filter((priceUsd) => priceUsd !== null).length >= MIN_OPENING_CLOSES;
}

/**
 * True a month or two after the whole record was asked for last, each coin on its own day:
 * providers correct old days, too.
 */
export function isWholeOutdated({ wholeAt }: ClosesRow, coinId: string, at: Date): boolean {
  if (wholeAt === null) return true;
  return (
    daysBetween(wholeAt.slice(0, 10), utcDay(at)) > WHOLE_AGAIN_DAYS * (1 + shareOfCoin(coinId))
  );
}

/**
 * The days that have to be asked for so that a row reaches `to`: those since, and a few that show
 * whether old and new are in one unit. Undefined asks for the whole record.
 */
export function missingRange(
  kept: ClosesRow,
  to: string,
  coinId: string,
  at: Date,
): DayRange | undefined {
  if (!isSettled(kept) || isWholeOutdated(kept, coinId, at)) return undefined;
  return { from: addDays(kept.coveredTo, 1 - OVERLAP_DAYS), to };
}

/**
 * False when kept and new closes cannot stand in one series: another unit, or days between them
 * that nobody asked for.
 */
export function fits(kept: ClosesRow, answer: Closes, part: DayRange | undefined): boolean {
  const first = answer.points[0];
  if (first === undefined) return true;
  const fresh = new Map(answer.points.map((point) => [point.on, point.priceUsd]));
  const ratios = pointsOf(kept).flatMap(({ on, priceUsd }) => {
    const current = fresh.get(on);
    return current === undefined ? [] : [priceUsd / current];
  });
  if (ratios.length > 0) return Math.abs(median(ratios) - 1) <= MAX_DRIFT;
  return part !== undefined || first.on <= addDays(kept.coveredTo, 1);
}
