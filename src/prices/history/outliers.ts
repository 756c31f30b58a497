import { addDays, daysBetween } from "../../valuation/calendar.ts";
import type { DailyClose, ErraticSpan, OddClose } from "../../valuation/price-record.ts";

/** What the closes of one record say of each other. */
export type Judgement = {
  /** The closes that count, ascending; the very array that was judged when nothing is left out. */
  readonly kept: readonly DailyClose[];
  /** The closes that are left out, ascending. */
  readonly oddCloses: readonly OddClose[];
  /** Set where far closes are the rule: then nothing is left out. */
  readonly erratic: ErraticSpan | null;
  /**
   * True when the price moves about five-fold or more from one day to the next and stays there for
   * a week: a new unit, or another coin. Never set for an erratic record, whose price is known to
   * jump.
   */
  readonly hasLastingStep: boolean;
};

/** A close this many times above or below the level around it is far from it. */
const FAR_TIMES = 10;
/**
 * A far close is odd only if it also stands this far from either side, so that the first days of a
 * new level are not; of a run that has a far close, every close this far from either side goes with
 * it.
 */
const FAR_FROM_EITHER_SIDE_TIMES = 5;
/**
 * A move of this size between two closes ends a stretch of the record. It is half the way to a far
 * close on a log scale: nobody gets from the level to a far close in two moves without a leap.
 */
const LEAP_TIMES = Math.sqrt(FAR_TIMES);
/** An odd run is at most this long; four days in a row are a market, however strange. */
const MAX_ODD_CLOSES = 3;
/** Where days are missing, a run that was seen for longer than this is a market too. */
const MAX_ODD_SPAN_DAYS = 7;
/** Closes of the nearest stretch whose median is the level on that side. */
const SIDE_CLOSES = 3;
/**
 * A record of fewer closes cannot be valued (docs/prices.md), so none is left out for it to become
 * that short.
 */
const MIN_KEPT_CLOSES = 7;

/**
 * Far closes are the rule when so many of them fall on {@link ERRATIC_WITHIN_CLOSES} closes in a
 * row, in so many runs. One or two runs are faults of a provider, however many days they last. In a
 * public set of 2,650 coins, most of them small (repository hieulethanh-dev/cryptocurrency, closes
 * to 2020-12, read 2026-11), 33 are erratic by this border and 176 others have odd closes.
 */
const ERRATIC_FAR_CLOSES = 5;
const ERRATIC_RUNS = 3;
const ERRATIC_WITHIN_CLOSES = 60;
/**
 * For the question whether far closes are the rule, the level is the median of so many closes to
 * either side.
 */
const AROUND_CLOSES = 7;

/**
 * Five-fold, give or take the 5 % that the price itself may have moved on the day of a new unit.
 */
const STEP_TIMES = 5 * 0.95;
const STEP_LASTS_CLOSES = 7;
/** Across a longer gap a price may honestly have moved that much. */
const STEP_WITHIN_DAYS = 7;

/** Lets a ratio that is ten in decimals count as ten in binary. */
const ROUNDING = 1e-9;

/**
 * Finds the closes that stand too far from the closes around them to be true: one to three in a
 * row, ten times above or below the level around them, that come back. Low closes on the first days
 * are odd too; high closes at the very start stay, because thin first trades and airdrops are real.
 * A newest run, which may yet come back, is left out until its fourth close. Judging the kept
 * closes again changes nothing, and neither does another unit of the prices.
 *
 * The record is cut wherever the price leaps. What lasts between two leaps is a level; a shorter
 * stretch is a suspect and is measured against the nearest level on either side. A suspect near one
 * of them belongs to it (the first days of a new level do), and so becomes a neighbour for the
 * others.
 *
 * @param points Ascending, at most one a day, prices finite and above 0.
 */
export function judgeCloses(points: readonly DailyClose[]): Judgement {
  const calm: Judgement = { kept: points, oddCloses: [], erratic: null, hasLastingStep: false };
  const stretches = stretchesOf(points);
  if (stretches.length <= 1) return calm;
  const directions = directionsFromMiddle(points, stretches);
  const erratic = erraticSpan(points, directions) ?? erraticSpan(points, leapsUp(points));
  if (erratic !== null) return { ...calm, erratic };

  let kept = points;
  const oddByDay = new Map<string, OddClose>();
  // What one odd close hid shows when it is gone, so that judging the kept closes again changes
  // nothing.
  for (let odd = oddClosesOf(kept); odd.length > 0; odd = oddClosesOf(kept)) {
    for (const close of odd) oddByDay.set(close.on, close);
    kept = kept.filter(({ on }) => !oddByDay.has(on));
  }
  if (oddByDay.size === 0 || kept.length < MIN_KEPT_CLOSES) {
    return { ...calm, hasLastingStep: hasLastingStep(points) };
  }
  for (const [at, { on }] of points.entries()) {
    const odd = oddByDay.get(on);
    if (odd !== undefined) directions[at] = directionOf(odd.timesLevel);
  }
  const erraticAfterAll = erraticSpan(points, directions);
  if (erraticAfterAll !== null) return { ...calm, erratic: erraticAfterAll };
  const oddCloses = [...oddByDay.values()].sort((a, b) => (a.on < b.on ? -1 : 1));
  return { kept, oddCloses, erratic: null, hasLastingStep: hasLastingStep(kept) };
}

/** 1 above, −1 below, 0 neither. */
type Direction = 1 | -1 | 0;

/** Closes in a row without a leap between any two of them; places in the record, both included. */
type Stretch = {
  readonly first: number;
  readonly last: number;
  /** True when its closes are a level of the market, against which others are measured. */
  isLevel: boolean;
};

/** The level next to a stretch in USD, and its place in the record. */
type Level = { readonly usd: number; readonly at: number };

/** A close that is not part of a level, and the levels it is measured against. */
type Suspect = {
  readonly at: number;
  readonly close: DailyClose;
  readonly stretch: Stretch;
  readonly before: Level | undefined;
  readonly after: Level | undefined;
  /**
   * Where a side has no level, the next one on the other side if it is near: a price that returns
   * to what it was a week ago is no surprise.
   */
  readonly beyond: Level | undefined;
};

/** Suspects in a row, all above or all below the levels around them. */
type Run = { readonly direction: Direction; readonly suspects: Suspect[] };

function oddClosesOf(closes: readonly DailyClose[]): OddClose[] {
  const stretches = stretchesOf(closes);
  if (!stretches.some(({ isLevel }) => isLevel)) return [];
  for (;;) {
    const suspects = suspectsOf(closes, stretches);
    const runs = runsOf(suspects);
    // A new level is a nearer neighbour for the suspects that are left.
    if (addLevels(suspects, runs) === 0)
      return runs.flatMap((run) => oddClosesOfRun(run, closes.length - 1));
  }
}

function stretchesOf(closes: readonly DailyClose[]): Stretch[] {
  const stretches: Stretch[] = [];
  let first = 0;
  for (let at = 1; at <= closes.length; at++) {
    if (at < closes.length && !isApart(priceAt(closes, at) / priceAt(closes, at - 1), LEAP_TIMES))
      continue;
    const isLevel = isTooLong(at - first, dayAt(closes, first), dayAt(closes, at - 1));
    stretches.push({ first, last: at - 1, isLevel });
    first = at;
  }
  return stretches;
}

function suspectsOf(closes: readonly DailyClose[], stretches: readonly Stretch[]): Suspect[] {
  const levels = stretches.filter(({ isLevel }) => isLevel);
  const endOf = (level: Stretch | undefined) =>
    level && levelOf(closes, Math.max(level.first, level.last - SIDE_CLOSES + 1), level.last);
  const startOf = (level: Stretch | undefined) =>
    level && levelOf(closes, level.first, Math.min(level.last, level.first + SIDE_CLOSES - 1));
  const suspects: Suspect[] = [];
  let passed = 0;
  for (const stretch of stretches) {
    const { first, last, isLevel } = stretch;
    if (isLevel) {
      passed++;
      continue;
    }
    const before = endOf(levels[passed - 1]);
    const after = startOf(levels[passed]);
    for (const [index, close] of closes.slice(first, last + 1).entries()) {
      const at = first + index;
      let beyond: Level | undefined;
      if (after === undefined) beyond = endOf(levels[passed - 2]);
      if (before === undefined) beyond = startOf(levels[passed + 1]);
      if (beyond !== undefined && Math.abs(beyond.at - at) > 2 * AROUND_CLOSES) beyond = undefined;
      suspects.push({ at, close, stretch, before, after, beyond });
    }
  }
  return suspects;
}

function levelOf(closes: readonly DailyClose[], first: number, last: number): Level {
  return { usd: middleOf(closes, first, last), at: (first + last) / 2 };
}

function runsOf(suspects: readonly Suspect[]): Run[] {
  const runs: Run[] = [];
  for (const suspect of suspects) {
    const direction = directionFromSides(suspect, LEAP_TIMES);
    if (direction === 0) continue;
    const run = runs.at(-1);
    const continues = run?.suspects.at(-1)?.at === suspect.at - 1 && run.direction === direction;
    if (continues) run.suspects.push(suspect);
    else runs.push({ direction, suspects: [suspect] });
  }
  return runs;
}

/**
 * Recognizes the stretches that belong to a level: those near the level on one of their sides, and
 * those of a run that is too long to be an error, its own spikes excepted. Returns how many there
 * were.
 */
function addLevels(suspects: readonly Suspect[], runs: readonly Run[]): number {
  const ofLevel = new Set(suspects.filter(isNearLevel));
  for (const run of runs) {
    const closes = run.suspects.map(({ close }) => close);
    if (!isTooLong(closes.length, dayAt(closes, 0), dayAt(closes, closes.length - 1))) continue;
    const middleUsd = middleOf(closes, 0, closes.length - 1);
    for (const suspect of run.suspects) {
      if (!isApart(suspect.close.priceUsd / middleUsd, FAR_TIMES)) ofLevel.add(suspect);
    }
  }
  const added = new Set(suspects.map(({ stretch }) => stretch));
  for (const suspect of suspects) if (!ofLevel.has(suspect)) added.delete(suspect.stretch);
  for (const stretch of added) stretch.isLevel = true;
  return added.size;
}

function isNearLevel({ close, before, after, beyond }: Suspect): boolean {
  return [before, after, beyond].some(
    (level) => level !== undefined && !isApart(close.priceUsd / level.usd, LEAP_TIMES),
  );
}

function oddClosesOfRun({ direction, suspects }: Run, newestAt: number): OddClose[] {
  const isLaunch = suspects[0]?.at === 0 && direction === 1;
  if (isLaunch) return [];
  const isNewest = suspects.at(-1)?.at === newestAt;
  const odd = suspects
    .filter((suspect) => directionFromSides(suspect, FAR_FROM_EITHER_SIDE_TIMES) === direction)
    .map((suspect): OddClose => ({ ...suspect.close, timesLevel: timesLevel(suspect), isNewest }));
  const far = odd.filter((close) => isApart(close.timesLevel, FAR_TIMES));
  // What may yet prove to be a market loses no more closes than it must.
  return isNewest || far.length === 0 ? far : odd;
}

/**
 * Above or below when the close stands at least `times` away from each level that it is measured
 * against.
 */
function directionFromSides({ close, before, after, beyond }: Suspect, times: number): Direction {
  let direction: Direction | undefined;
  for (const level of [before, after, beyond]) {
    if (level === undefined) continue;
    const ratio = close.priceUsd / level.usd;
    const own = isApart(ratio, times) ? directionOf(ratio) : 0;
    if (own !== (direction ?? own)) return 0;
    direction = own;
  }
  return direction ?? 0;
}

/**
 * How many times the level a close is; between two sides the level is a straight line on a log
 * scale.
 */
function timesLevel({ at, close, before, after }: Suspect): number {
  const level = before ?? after;
  if (level === undefined) return 1;
  if (before === undefined || after === undefined) return close.priceUsd / level.usd;
  const share = (at - before.at) / (after.at - before.at);
  return close.priceUsd / (before.usd * (after.usd / before.usd) ** share);
}

/** True for a run of closes that is too long to be an error. */
function isTooLong(closes: number, firstOn: string, lastOn: string): boolean {
  if (closes > MAX_ODD_CLOSES) return true;
  return closes > 1 && daysBetween(firstOn, lastOn) > MAX_ODD_SPAN_DAYS;
}

/** For each close whether it is far above or below the median of the closes around it. */
function directionsFromMiddle(
  points: readonly DailyClose[],
  stretches: readonly Stretch[],
): Direction[] {
  const directions = points.map((): Direction => 0);
  let judgedTo = 0;
  for (const { first } of stretches.slice(1)) {
    // Only near a leap can a close be far from those around it.
    const to = Math.min(points.length, first + 2 * AROUND_CLOSES);
    for (let at = Math.max(judgedTo, first - 2 * AROUND_CLOSES); at < to; at++) {
      // The window keeps its length at the ends of the record, where two odd runs would be most of
      // half of it.
      const from = Math.max(0, Math.min(at, points.length - 1 - AROUND_CLOSES) - AROUND_CLOSES);
      const ratio =
        priceAt(points, at) /
        middleOf(points, from, Math.min(points.length - 1, from + 2 * AROUND_CLOSES));
      if (isApart(ratio, FAR_TIMES)) directions[at] = directionOf(ratio);
    }
    judgedTo = to;
  }
  return directions;
}

/**
 * The closes at ten times the one before. Where a price spends as much time at one level as at the
 * other, none is far from the middle around it, but it leaps as often as in any erratic record.
 */
function leapsUp(points: readonly DailyClose[]): Direction[] {
  return points.map(({ priceUsd }, at): Direction => {
    const mayStay = at >= points.length - MAX_ODD_CLOSES;
    return at > 0 && !mayStay && priceUsd / priceAt(points, at - 1) >= FAR_TIMES ? 1 : 0;
  });
}

/**
 * All far closes, where they are the rule; null elsewhere. High closes at the very start and the
 * newest run are not counted: the former are a launch, the latter may be here to stay.
 */
function erraticSpan(
  points: readonly DailyClose[],
  directions: readonly Direction[],
): ErraticSpan | null {
  let from = 0;
  while (directions[from] === 1) from++;
  let to = directions.length;
  while (to > from && directions[to - 1] !== 0 && directions[to - 1] === directions.at(-1)) to--;

  const farAt: number[] = [];
  const runStartsAt: number[] = [];
  let isErratic = false;
  for (let at = from; at < to; at++) {
    if (directions[at] === 0) continue;
    farAt.push(at);
    if (directions[at - 1] !== directions[at]) runStartsAt.push(at);
    const firstAt = at - ERRATIC_WITHIN_CLOSES;
    isErratic ||=
      (farAt.at(-ERRATIC_FAR_CLOSES) ?? firstAt) > firstAt &&
      (runStartsAt.at(-ERRATIC_RUNS) ?? firstAt) > firstAt;
  }
  if (!isErratic) return null;
  return {
    farCloses: farAt.length,
    from: dayAt(points, farAt[0] ?? 0),
    to: dayAt(points, farAt.at(-1) ?? 0),
  };
}

/**
 * True when the price moves about five-fold or more from one day to the next, and a week on either
 * side agrees.
 */
function hasLastingStep(closes: readonly DailyClose[]): boolean {
  for (let at = STEP_LASTS_CLOSES; at <= closes.length - STEP_LASTS_CLOSES; at++) {
    const ratio = priceAt(closes, at) / priceAt(closes, at - 1);
    if (
      !isApart(ratio, STEP_TIMES) ||
      daysBetween(dayAt(closes, at - 1), dayAt(closes, at)) > STEP_WITHIN_DAYS
    )
      continue;
    const beforeUsd = middleOf(closes, at - STEP_LASTS_CLOSES, at - 1);
    const isBeyond = ({ priceUsd }: DailyClose) => {
      const times = priceUsd / beforeUsd;
      return isApart(times, LEAP_TIMES) && directionOf(times) === directionOf(ratio);
    };
    const holdsBefore = !closes.slice(at - STEP_LASTS_CLOSES, at).some(isBeyond);
    const holdsAfter = closes.slice(at, at + STEP_LASTS_CLOSES).every(isBeyond);
    const wholeRatio = middleOf(closes, at, at + STEP_LASTS_CLOSES - 1) / beforeUsd;
    if (holdsBefore && holdsAfter && isApart(wholeRatio, STEP_TIMES)) return true;
  }
  return false;
}

/** True when a ratio is at least `times`, or at most one part in `times`. */
function isApart(ratio: number, times: number): boolean {
  const least = times * (1 - ROUNDING);
  return ratio >= least || ratio * least <= 1;
}

function directionOf(ratio: number): Direction {
  return ratio > 1 ? 1 : -1;
}

/**
 * The middle price of closes in a row; of an even number the geometric mean of the two middle ones.
 */
function middleOf(closes: readonly DailyClose[], first: number, last: number): number {
  const sorted: number[] = [];
  // Insertion beats a sort for the few closes that this is about, and it is most of the work.
  for (let at = first; at <= last; at++) {
    const priceUsd = priceAt(closes, at);
    let place = sorted.length;
    for (; place > 0 && (sorted[place - 1] ?? 0) > priceUsd; place--)
      sorted[place] = sorted[place - 1] ?? 0;
    sorted[place] = priceUsd;
  }
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return lower * Math.sqrt(upper / lower);
}

/** `at` is a place of the record. */
function priceAt(closes: readonly DailyClose[], at: number): number {
  return closes[at]?.priceUsd ?? Number.NaN;
}

function dayAt(closes: readonly DailyClose[], at: number): string {
  return closes[at]?.on ?? "";
}

/** Days to either side of a contradiction whose closes decide it. */
const WITNESS_DAYS = 7;

/**
 * Settles the days on which two providers differ ten-fold or more by the closes of both within a
 * week to either side: where the other provider's close fits them and the main one's does not, the
 * other's counts. That holds for high closes at the very start too. A newest contradiction of over
 * three days is left to the main provider, which may know of a new unit first.
 *
 * @param main Ascending, at most one a day, prices finite and above 0.
 * @param other The same, on the scale of `main`; it may begin earlier and end later.
 * @returns `main` with the contradicted closes replaced; the very array when there are none.
 */
export function resolveContradictions(
  main: readonly DailyClose[],
  other: readonly DailyClose[],
): readonly DailyClose[] {
  const mainByDay = new Map(main.map((close) => [close.on, close]));
  const otherByDay = new Map(other.map((close) => [close.on, close]));
  const stretches: DailyClose[][] = [];
  let isOpen = false;
  for (const close of main) {
    const otherUsd = otherByDay.get(close.on)?.priceUsd ?? close.priceUsd;
    const isContradicted = isApart(close.priceUsd / otherUsd, FAR_TIMES);
    if (isContradicted && isOpen) stretches.at(-1)?.push(close);
    else if (isContradicted) stretches.push([close]);
    isOpen = isContradicted;
  }
  const contradicted = new Set(stretches.flat().map(({ on }) => on));

  /**
   * The middle of both providers' undisputed closes of the week before or after a day; undefined
   * without any.
   */
  const levelBeside = (on: string, towards: 1 | -1): number | undefined => {
    const days = Array.from({ length: WITNESS_DAYS }, (_, index) =>
      addDays(on, towards * (index + 1)),
    );
    const witnesses = days
      .filter((day) => !contradicted.has(day))
      .flatMap((day) => [mainByDay.get(day), otherByDay.get(day)])
      .filter((close) => close !== undefined);
    return witnesses.length === 0 ? undefined : middleOf(witnesses, 0, witnesses.length - 1);
  };

  const replaced = new Map<string, DailyClose>();
  for (const stretch of stretches) {
    const levels = [
      levelBeside(dayAt(stretch, 0), -1),
      levelBeside(dayAt(stretch, stretch.length - 1), 1),
    ];
    if (levels[1] === undefined && stretch.length > MAX_ODD_CLOSES) continue;
    const fits = (priceUsd: number) =>
      levels.some((usd) => usd !== undefined && !isApart(priceUsd / usd, LEAP_TIMES));
    for (const { on, priceUsd } of stretch) {
      const others = otherByDay.get(on);
      if (others !== undefined && fits(others.priceUsd) && !fits(priceUsd))
        replaced.set(on, others);
    }
  }
  return replaced.size === 0 ? main : main.map((close) => replaced.get(close.on) ?? close);
}
