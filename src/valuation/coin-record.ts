import type { Result } from "../result.ts";
import { addDays, daysBetween, earlier, later } from "./calendar.ts";
import { type DailyClose, FLAGS, type Flag, hasGap, type PriceHistory } from "./price-record.ts";
import {
  dayToBuyAfter,
  dayToBuyBefore,
  MIN_WINDOW_POINTS,
  median,
  openingWindow,
  type PriceWindow,
  WINDOW_DAYS,
  windowOver,
} from "./price-window.ts";

/**
 * The part of a valuation that does not depend on the purchase: small, so that many coins fit in
 * memory. Prices are in USD, days are UTC.
 */
export type CoinRecord = {
  readonly coinId: string;
  readonly firstRecordedOn: string;
  readonly lastRecordedOn: string;
  /** Last − first recorded day + 1. */
  readonly daysOnRecord: number;
  readonly opening: PriceWindow;
  readonly closing: PriceWindow;
  /** Profit / stake, whatever the stake: 0 is break-even, −1 is all lost. */
  readonly growthFactor: number;
  /**
   * How much of the coin was traded in its first four weeks, in USD; absent unless an early record
   * has it, and where the coin was bought later.
   */
  readonly openingTradedUsd?: number;
  readonly flags: readonly Flag[];
  /** Highest close of the closing window. */
  readonly bestDay: DailyClose;
  /** Highest close since the purchase: from the first day of the opening window on. */
  readonly peak: DailyClose;
  /**
   * The days that closed higher than every earlier day after the opening window: any purchase's
   * first Lambo day is one of them.
   */
  readonly highs: readonly DailyClose[];
  /** False when the days before the daily record are not known. */
  readonly knowsFirstLamboDay: boolean;
};

/** A coin's record, or why its history cannot be valued. */
export type RecordOutcome = Result<{ readonly record: CoinRecord }, ValuationRefusal>;

/** Why a history cannot be valued. */
export type ValuationRefusal =
  /**
   * Listed less than a week ago, or with fewer than 7 priced days as yet; `askAgainOn` is the first
   * UTC day on which it can be valued.
   */
  | { readonly reason: "too-new"; readonly firstRecordedOn: string; readonly askAgainOn: string }
  /** Priced for less than a week, and no longer priced: it can never be valued. */
  | {
      readonly reason: "history-unavailable";
      readonly missing: "lifetime";
      readonly firstRecordedOn: string;
      readonly lastRecordedOn: string;
    }
  /**
   * The opening or the closing window has fewer than 7 priced days, or there is no price at all.
   */
  | { readonly reason: "history-unavailable"; readonly missing: "all" | "opening" | "closing" };

/** Why a coin cannot be valued as bought from a day after its listing on. Days are UTC. */
export type BoughtRefusal =
  /**
   * The record ends less than a week after that day. `askAgainOn` is the first day on which it can
   * be valued, absent for a coin that is no longer priced; `latestOn` is the latest day that can be
   * valued now, absent where there is none.
   */
  | {
      readonly reason: "bought-too-late";
      readonly boughtOn: string;
      readonly lastRecordedOn: string;
      readonly askAgainOn?: string;
      readonly latestOn?: string;
    }
  /**
   * Fewer than 7 of the 28 days from there have a price: the nearest days before and after that
   * can be valued.
   */
  | {
      readonly reason: "bought-in-gap";
      readonly boughtOn: string;
      readonly earlierOn?: string;
      readonly laterOn?: string;
    };

/** The record of a coin bought on any day, or why it cannot be valued. */
export type BoughtRecordOutcome = Result<
  { readonly record: CoinRecord },
  ValuationRefusal | BoughtRefusal
>;

/** An answer needs a week of prices, from the first day of buying on. */
export const MIN_DAYS_ON_RECORD = 7;
const YOUNG_BELOW_DAYS = 2 * WINDOW_DAYS;
const PRICED_WITHIN_DAYS = 7;
const LAUNCH_SPIKE_OVER_MEDIAN = 3;
const LAUNCH_RUN_BELOW_MEAN = 3;

/**
 * The part of a valuation that does not depend on stake and car. With `boughtOn`, a UTC day, the
 * opening window is the 28 days from there, and nothing before that day counts: not for the peak,
 * not for the first Lambo day, not for the closing window, because a coin cannot be sold before it
 * is bought. A day up to the first recorded one is the listing.
 */
export function recordOf(history: PriceHistory, todayOn: string): RecordOutcome;
export function recordOf(
  history: PriceHistory,
  todayOn: string,
  boughtOn: string | undefined,
): BoughtRecordOutcome;
export function recordOf(
  history: PriceHistory,
  todayOn: string,
  boughtOn?: string,
): BoughtRecordOutcome {
  const points = usablePoints(history.points, todayOn);
  const span = recordedSpan(history, points, todayOn);
  if (span === undefined) return { ok: false, reason: "history-unavailable", missing: "all" };
  const stillPriced = daysBetween(span.lastRecordedOn, todayOn) <= PRICED_WITHIN_DAYS;
  const recorded = { history, todayOn, points, ...span, stillPriced };
  return boughtOn === undefined || boughtOn <= span.firstRecordedOn
    ? listingRecord(recorded)
    : laterRecord(recorded, boughtOn);
}

/** The UTC day of the highest close on record; undefined where there is no close. */
export function peakOn(history: PriceHistory, todayOn: string): string | undefined {
  const points = usablePoints(history.points, todayOn);
  return points.length === 0 ? undefined : highest(points).on;
}

/** A history's usable closes and what they span. */
type Recorded = {
  readonly history: PriceHistory;
  readonly todayOn: string;
  readonly points: readonly DailyClose[];
  readonly firstRecordedOn: string;
  readonly lastRecordedOn: string;
  readonly stillPriced: boolean;
};

function listingRecord(recorded: Recorded): RecordOutcome {
  const { history, todayOn, points, firstRecordedOn, lastRecordedOn, stillPriced } = recorded;
  const { listingCloses, openingTradedUsd } = history;
  if (daysFrom(firstRecordedOn, lastRecordedOn) < MIN_DAYS_ON_RECORD) {
    if (!stillPriced)
      return {
        ok: false,
        reason: "history-unavailable",
        missing: "lifetime",
        firstRecordedOn,
        lastRecordedOn,
      };
    const askAgainOn = firstDayToAsk(firstRecordedOn, todayOn);
    return { ok: false, reason: "too-new", firstRecordedOn, askAgainOn };
  }
  const opening =
    listingCloses === undefined
      ? openingWindow(points, firstRecordedOn)
      : windowOver(listingCloses, firstRecordedOn, addDays(firstRecordedOn, WINDOW_DAYS - 1));
  if (opening === undefined) {
    // While its first weeks last, each day may bring one of the prices that it lacks.
    const askAgainOn = addDays(todayOn, Math.max(1, MIN_WINDOW_POINTS - points.length));
    return stillPriced && askAgainOn <= addDays(firstRecordedOn, WINDOW_DAYS)
      ? { ok: false, reason: "too-new", firstRecordedOn, askAgainOn }
      : { ok: false, reason: "history-unavailable", missing: "opening" };
  }
  return soldRecord(recorded, points, {
    opening,
    knowsFirstLamboDay: listingCloses === undefined,
    ...(openingTradedUsd !== undefined && { openingTradedUsd }),
    flags: [...history.flags, ...launchFlags(history, points, opening)],
  });
}

/** Bought from a day after the listing on: as if nothing had been recorded before that day. */
function laterRecord(recorded: Recorded, boughtOn: string): BoughtRecordOutcome {
  const { history, todayOn, points, firstRecordedOn, lastRecordedOn, stillPriced } = recorded;
  if (daysFrom(boughtOn, lastRecordedOn) < MIN_DAYS_ON_RECORD) {
    const askAgainOn = firstDayToAsk(boughtOn, todayOn);
    const latestOn = dayToBuyBefore(points, boughtOn);
    return {
      ok: false,
      reason: "bought-too-late",
      boughtOn,
      lastRecordedOn,
      ...(stillPriced && { askAgainOn }),
      ...(latestOn !== undefined && { latestOn }),
    };
  }
  const since = points.slice(points.findIndex(({ on }) => on >= boughtOn));
  const opening = openingWindow(since, boughtOn);
  if (opening === undefined) {
    const isFromExchange = history.listingCloses !== undefined;
    const earlierOn =
      dayToBuyBefore(points, boughtOn) ?? (isFromExchange ? firstRecordedOn : undefined);
    const laterOn = dayToBuyAfter(points, boughtOn);
    return {
      ok: false,
      reason: "bought-in-gap",
      boughtOn,
      ...(earlierOn !== undefined && { earlierOn }),
      ...(laterOn !== undefined && { laterOn }),
    };
  }
  return soldRecord(recorded, since, {
    opening,
    knowsFirstLamboDay: true,
    flags: history.flags.filter((flag) => concernsDaysSince(flag, boughtOn, history, since)),
  });
}

/** Whether what a flag warns of lies in the days from the purchase on. */
function concernsDaysSince(
  flag: Flag,
  boughtOn: string,
  { erratic, oddCloses = [] }: PriceHistory,
  since: readonly DailyClose[],
): boolean {
  switch (flag) {
    case "exchange-listing-only":
      return false;
    case "partial-history":
      return hasGap([{ on: boughtOn }, ...since]);
    case "odd-price":
      return oddCloses.length === 0 || oddCloses.some(({ on }) => on >= boughtOn);
    case "erratic":
      return erratic === undefined || erratic.to >= boughtOn;
    default:
      return true;
  }
}

/**
 * The record of a purchase over `opening`, sold over the last 28 days on record; `points` are those
 * from the purchase on.
 */
function soldRecord(
  { history, firstRecordedOn, lastRecordedOn, stillPriced }: Recorded,
  points: readonly DailyClose[],
  bought: Pick<CoinRecord, "opening" | "knowsFirstLamboDay" | "openingTradedUsd" | "flags">,
): RecordOutcome {
  const { opening } = bought;
  const closingFrom = addDays(lastRecordedOn, 1 - WINDOW_DAYS);
  const closingPoints = points.filter((point) => point.on >= closingFrom);
  if (closingPoints.length < MIN_WINDOW_POINTS)
    return { ok: false, reason: "history-unavailable", missing: "closing" };
  const closing = windowOver(closingPoints, closingFrom, lastRecordedOn);
  const raised = new Set(bought.flags);
  if (daysFrom(opening.from, lastRecordedOn) < YOUNG_BELOW_DAYS) raised.add("young");
  if (!stillPriced) raised.add("no-longer-priced");
  return {
    ok: true,
    record: {
      coinId: history.coinId,
      firstRecordedOn,
      lastRecordedOn,
      daysOnRecord: daysFrom(firstRecordedOn, lastRecordedOn),
      ...bought,
      closing,
      growthFactor: closing.meanUsd / opening.meanUsd - 1,
      bestDay: highest(closingPoints),
      peak: highest(points),
      highs: highsAfter(points, opening.to),
      flags: FLAGS.filter((flag) => raised.has(flag)),
    },
  };
}

/** The first day after today on which a purchase from `boughtOn` on can have a week of prices. */
function firstDayToAsk(boughtOn: string, todayOn: string): string {
  return later(addDays(boughtOn, MIN_DAYS_ON_RECORD), addDays(todayOn, 1));
}

/** Days from one UTC day to another, both included. */
function daysFrom(from: string, to: string): number {
  return daysBetween(from, to) + 1;
}

/** First and last UTC day on record; closes that are left out count as recorded. */
function recordedSpan(
  { listingCloses, oddCloses = [] }: PriceHistory,
  points: readonly DailyClose[],
  todayOn: string,
): { readonly firstRecordedOn: string; readonly lastRecordedOn: string } | undefined {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const days = [first.on, last.on, ...oddCloses.map(({ on }) => on).filter((on) => on < todayOn)];
  return {
    firstRecordedOn: listingCloses?.[0]?.on ?? days.reduce(earlier),
    lastRecordedOn: days.reduce(later),
  };
}

function usablePoints(points: readonly DailyClose[], todayOn: string): readonly DailyClose[] {
  if (
    points.every(
      (point, index) => isUsable(point, todayOn) && point.on > (points[index - 1]?.on ?? ""),
    )
  )
    return points;
  const byDay = new Map<string, DailyClose>();
  for (const point of points) {
    if (!isUsable(point, todayOn)) continue;
    const known = byDay.get(point.on);
    // Our sources never give two prices for one day; taking the lower one keeps the answer
    // independent of the order.
    if (known === undefined || point.priceUsd < known.priceUsd) byDay.set(point.on, point);
  }
  return [...byDay.values()].sort((a, b) => (a.on < b.on ? -1 : 1));
}

function isUsable({ on, priceUsd }: DailyClose, todayOn: string): boolean {
  return priceUsd > 0 && Number.isFinite(priceUsd) && on < todayOn;
}

function highest(points: readonly DailyClose[]): DailyClose {
  return points.reduce((best, point) => (point.priceUsd > best.priceUsd ? point : best));
}

/**
 * The days after `openingTo` that closed higher than every day between; the first Lambo day is
 * always one of them, whatever the car costs.
 */
function highsAfter(points: readonly DailyClose[], openingTo: string): DailyClose[] {
  let highestUsd = 0;
  return points.filter(({ on, priceUsd }) => {
    if (on <= openingTo || priceUsd <= highestUsd) return false;
    highestUsd = priceUsd;
    return true;
  });
}

/** What an unusual first close says about the opening price. */
function launchFlags(
  history: PriceHistory,
  points: readonly DailyClose[],
  opening: PriceWindow,
): readonly Flag[] {
  // An exchange's weekly closes say too little about the first days.
  const flag = history.listingCloses === undefined ? launchFlag(points, opening) : undefined;
  return flag === undefined ? [] : [flag];
}

/**
 * Set when the first close is so far from the rest of the opening window that the mean misleads.
 */
function launchFlag(
  points: readonly DailyClose[],
  opening: PriceWindow,
): "launch-spike" | "launch-run" | undefined {
  const closesUsd = points.filter(({ on }) => on <= opening.to).map(({ priceUsd }) => priceUsd);
  const firstUsd = closesUsd[0] ?? Number.NaN;
  // Checked first: a close below a third of the mean is no spike, however low the median.
  if (firstUsd < opening.meanUsd / LAUNCH_RUN_BELOW_MEAN) return "launch-run";
  return firstUsd > LAUNCH_SPIKE_OVER_MEDIAN * median(closesUsd) ? "launch-spike" : undefined;
}
