import type { Result } from "../result.ts";
import { addDays, daysBetween, earlier, later } from "./calendar.ts";
import { type DailyClose, FLAGS, type Flag, hasGap, type PriceHistory } from "./price-record.ts";

/**
 * One purchase to value. `todayOn` is the current UTC day; points on or after it are left out,
 * because their day is not over.
 */
export type PurchaseQuestion = {
  readonly stakeUsd: number;
  readonly carPriceUsd: number;
  readonly todayOn: string;
};

/** What a purchase costs, in USD. */
export type Purchase = Pick<PurchaseQuestion, "stakeUsd" | "carPriceUsd">;

/** A mean price over calendar days, and how many of them had a price. */
export type PriceWindow = {
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly meanUsd: number;
};

/**
 * A notable day: its close in USD, and the Lambos that the stake's gain would have bought on it.
 */
export type LamboDay = {
  readonly on: string;
  readonly priceUsd: number;
  readonly lambos: number;
};

/** The whole answer to one question. Amounts are in USD, days are UTC. */
export type Valuation = {
  readonly coinId: string;
  readonly firstRecordedOn: string;
  readonly lastRecordedOn: string;
  /** Last − first recorded day + 1. */
  readonly daysOnRecord: number;
  readonly opening: PriceWindow;
  readonly closing: PriceWindow;
  readonly stakeUsd: number;
  readonly carPriceUsd: number;
  readonly coins: number;
  readonly proceedsUsd: number;
  readonly profitUsd: number;
  /** Profit / stake: 0 is break-even, −1 is all lost. */
  readonly growthFactor: number;
  /** At the closing price; never negative. */
  readonly lambos: number;
  /** "yes" when the closing price buys one whole Lambo and the coin is still priced. */
  readonly verdict: "yes" | "no";
  /** Highest close of the closing window. */
  readonly bestDay: LamboDay;
  /** Highest close since the purchase: from the first day of the opening window on. */
  readonly peak: LamboDay;
  /**
   * First day after the opening window worth one Lambo; null when there was none, or when the days
   * before the daily record are not known.
   */
  readonly firstLamboDay: LamboDay | null;
  /**
   * The smallest stake that buys one Lambo at the closing price; null when the coin grew by less
   * than 0.1 %.
   */
  readonly stakeForOneLamboUsd: number | null;
  /**
   * How much of the coin was traded in its first four weeks, in USD; absent unless an early record
   * has it, and where the coin was bought later.
   */
  readonly openingTradedUsd?: number;
  readonly flags: readonly Flag[];
};

/**
 * The part of a valuation that does not depend on the purchase: small, so that many coins fit in
 * memory. Prices are in USD, days are UTC.
 */
export type CoinRecord = Pick<
  Valuation,
  | "coinId"
  | "firstRecordedOn"
  | "lastRecordedOn"
  | "daysOnRecord"
  | "opening"
  | "closing"
  | "growthFactor"
  | "openingTradedUsd"
  | "flags"
> & {
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
  /** Listed less than a week ago; `askAgainOn` is the first UTC day on which it can be valued. */
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

/** A valuation, or why there is none. */
export type ValuationOutcome = Result<{ readonly valuation: Valuation }, ValuationRefusal>;

/**
 * Length of the opening and the closing window in calendar days: the original's four weekly closes.
 */
export const WINDOW_DAYS = 28;

const MIN_WINDOW_POINTS = 7;
const MIN_DAYS_ON_RECORD = 7;
const YOUNG_BELOW_DAYS = 2 * WINDOW_DAYS;
const PRICED_WITHIN_DAYS = 7;
const LAUNCH_SPIKE_OVER_MEDIAN = 3;
const LAUNCH_RUN_BELOW_MEAN = 3;
const MIN_GROWTH_FOR_STAKE = 0.001;

/** The middle value (mean of the two middle ones); NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return lower + (upper - lower) / 2;
}

/**
 * Lambos that a stake bought at `openingUsd` is worth at `priceUsd`: profit over car price, never
 * negative. The one definition for every day and every card.
 */
export function lambosAt(
  priceUsd: number,
  openingUsd: number,
  stakeUsd: number,
  carPriceUsd: number,
): number {
  return Math.max(0, (stakeUsd * (priceUsd / openingUsd - 1)) / carPriceUsd);
}

/**
 * Values one purchase: bought at the mean price of the first 28 calendar days on record, sold at
 * the mean price of the last 28. Pure. Points are sorted, and repeated, non-positive and unfinished
 * ones dropped first, so their order changes nothing.
 */
export function value(history: PriceHistory, question: PurchaseQuestion): ValuationOutcome {
  const outcome = recordOf(history, question.todayOn);
  return outcome.ok ? { ok: true, valuation: valueRecord(outcome.record, question) } : outcome;
}

/**
 * The part of {@link value} that does not depend on stake and car. With `boughtOn`, a UTC day, the
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
  if (daysFrom(firstRecordedOn, lastRecordedOn) < MIN_DAYS_ON_RECORD) {
    if (!stillPriced)
      return {
        ok: false,
        reason: "history-unavailable",
        missing: "lifetime",
        firstRecordedOn,
        lastRecordedOn,
      };
    const askAgainOn = later(addDays(firstRecordedOn, MIN_DAYS_ON_RECORD), addDays(todayOn, 1));
    return { ok: false, reason: "too-new", firstRecordedOn, askAgainOn };
  }
  const opening = openingWindow(history.listingCloses, points, firstRecordedOn);
  if (opening === undefined)
    return { ok: false, reason: "history-unavailable", missing: "opening" };
  return soldRecord(recorded, points, {
    opening,
    knowsFirstLamboDay: history.listingCloses === undefined,
    ...tradedOf(history),
    flags: [...history.flags, ...launchFlags(history, points, opening)],
  });
}

/** Bought from a day after the listing on: as if nothing had been recorded before that day. */
function laterRecord(recorded: Recorded, boughtOn: string): BoughtRecordOutcome {
  const { history, todayOn, points, firstRecordedOn, lastRecordedOn, stillPriced } = recorded;
  if (daysFrom(boughtOn, lastRecordedOn) < MIN_DAYS_ON_RECORD) {
    const askAgainOn = later(addDays(boughtOn, MIN_DAYS_ON_RECORD), addDays(todayOn, 1));
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
  const opening = openingWindow(undefined, since, boughtOn);
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
 * The latest day before `on` whose 28 days have enough prices; undefined where there is none.
 * `points` ascend.
 */
function dayToBuyBefore(points: readonly DailyClose[], on: string): string | undefined {
  for (let at = points.length - MIN_WINDOW_POINTS; at >= 0; at -= 1) {
    const day = earlier(points[at]?.on ?? on, addDays(on, -1));
    if ((points[at + MIN_WINDOW_POINTS - 1]?.on ?? "") <= addDays(day, WINDOW_DAYS - 1)) return day;
  }
  return undefined;
}

/** The first priced day after `on` whose 28 days have enough prices. */
function dayToBuyAfter(points: readonly DailyClose[], on: string): string | undefined {
  return points.find(
    (point, at) =>
      point.on > on &&
      (points[at + MIN_WINDOW_POINTS - 1]?.on ?? "9") <= addDays(point.on, WINDOW_DAYS - 1),
  )?.on;
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

/** The part of {@link value} that depends on stake and car. */
export function valueRecord(record: CoinRecord, { stakeUsd, carPriceUsd }: Purchase): Valuation {
  const { opening, closing, growthFactor, flags } = record;
  const lambos = lambosAt(closing.meanUsd, opening.meanUsd, stakeUsd, carPriceUsd);
  const lamboDay = ({ on, priceUsd }: DailyClose): LamboDay => ({
    on,
    priceUsd,
    lambos: lambosAt(priceUsd, opening.meanUsd, stakeUsd, carPriceUsd),
  });
  const firstLambo = record.highs.find(
    ({ priceUsd }) => lambosAt(priceUsd, opening.meanUsd, stakeUsd, carPriceUsd) >= 1,
  );
  return {
    coinId: record.coinId,
    firstRecordedOn: record.firstRecordedOn,
    lastRecordedOn: record.lastRecordedOn,
    daysOnRecord: record.daysOnRecord,
    opening,
    closing,
    stakeUsd,
    carPriceUsd,
    coins: stakeUsd / opening.meanUsd,
    proceedsUsd: stakeUsd * (1 + growthFactor),
    profitUsd: stakeUsd * growthFactor,
    growthFactor,
    lambos,
    verdict: lambos >= 1 && !flags.includes("no-longer-priced") ? "yes" : "no",
    bestDay: lamboDay(record.bestDay),
    peak: lamboDay(record.peak),
    firstLamboDay:
      firstLambo !== undefined && record.knowsFirstLamboDay ? lamboDay(firstLambo) : null,
    stakeForOneLamboUsd:
      growthFactor < MIN_GROWTH_FOR_STAKE ? null : stakeForOne(record, carPriceUsd),
    ...tradedOf(record),
    flags,
  };
}

function stakeForOne({ opening, closing, growthFactor }: CoinRecord, carPriceUsd: number): number {
  const stakeUsd = carPriceUsd / growthFactor;
  // The last bit may have been rounded down, and the stake would just miss its Lambo.
  const isEnough = lambosAt(closing.meanUsd, opening.meanUsd, stakeUsd, carPriceUsd) >= 1;
  return isEnough ? stakeUsd : stakeUsd * (1 + 2 * Number.EPSILON);
}

function tradedOf({
  openingTradedUsd,
}: Pick<Valuation, "openingTradedUsd">): Pick<Valuation, "openingTradedUsd"> {
  return openingTradedUsd === undefined ? {} : { openingTradedUsd };
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

function openingWindow(
  listingCloses: readonly DailyClose[] | undefined,
  points: readonly DailyClose[],
  firstRecordedOn: string,
): PriceWindow | undefined {
  const to = addDays(firstRecordedOn, WINDOW_DAYS - 1);
  if (listingCloses !== undefined) return windowOver(listingCloses, firstRecordedOn, to);
  const openingPoints = points.filter((point) => point.on <= to);
  return openingPoints.length < MIN_WINDOW_POINTS
    ? undefined
    : windowOver(openingPoints, firstRecordedOn, to);
}

function windowOver(points: readonly DailyClose[], from: string, to: string): PriceWindow {
  // Summing differences from the first price keeps the mean of a constant series exact: profit 0,
  // not 1e-13.
  const base = points[0]?.priceUsd ?? Number.NaN;
  const meanUsd =
    base + points.reduce((sum, point) => sum + (point.priceUsd - base), 0) / points.length;
  return { from, to, days: points.length, meanUsd };
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
