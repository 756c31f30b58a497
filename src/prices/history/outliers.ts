import { daysBetween } from "../../valuation/calendar.ts";
import type { DailyClose, ErraticSpan, OddClose } from "../../valuation/price-record.ts";
import {
  AROUND_CLOSES,
  type Direction,
  dayAt,
  directionOf,
  FAR_TIMES,
  isApart,
  LEAP_TIMES,
  MAX_ODD_CLOSES,
  medianUsd,
  priceAt,
} from "../close-levels.ts";
import { directionsFromMedian, erraticSpan, leapsUp } from "./erratic-record.ts";
import { hasLastingStep } from "./lasting-step.ts";

/** Which closes of one record can be true. */
export type Judgement = {
  /** The closes that count, ascending; the same array that was judged when nothing is left out. */
  readonly kept: readonly DailyClose[];
  /** The closes that are left out, ascending. */
  readonly oddCloses: readonly OddClose[];
  /** Set where far closes are the rule; nothing is left out then. */
  readonly erratic: ErraticSpan | null;
  /**
   * True after a step that lasts: a new unit, or another coin (`hasLastingStep` says which do).
   * Never set for an erratic record, whose price is known to jump.
   */
  readonly hasLastingStep: boolean;
};

/**
 * A far close is odd only if it is also this far from the levels on both sides, which spares the
 * first days of a new level. In a run with a far close, every close this far from both sides is
 * odd.
 */
const FAR_FROM_EITHER_SIDE_TIMES = 5;
/** Where days are missing, a run that spans more days than this is a market too. */
const MAX_ODD_SPAN_DAYS = 7;
/** The level on one side is the median of this many closes of the nearest stretch. */
const SIDE_CLOSES = 3;

/**
 * Finds the closes that are too far from the closes around them to be true: one to three in a row,
 * ten times above or below the level around them, after which the price comes back. Low closes on
 * the first days are odd too; high closes at the very start are kept, because thin first trades and
 * airdrops are real. A far run at the end, from which the price may yet come back, is left out
 * until its fourth close. Judging the kept closes again changes nothing, and neither does changing
 * the unit of the prices. Pure.
 *
 * The record is cut wherever the price leaps. A stretch between two leaps that lasts is a level;
 * the closes of a shorter one are suspects and are measured against the nearest level on either
 * side. A stretch near one of them belongs to it (the first days of a new level do), and becomes a
 * nearer level for the suspects that are left.
 *
 * @param points Ascending, at most one a day, prices finite and above 0.
 */
export function judgeCloses(points: readonly DailyClose[]): Judgement {
  const calm: Judgement = { kept: points, oddCloses: [], erratic: null, hasLastingStep: false };
  const stretches = stretchesOf(points);
  if (stretches.length <= 1) return calm;
  const leapsAt = stretches.slice(1).map(({ first }) => first);
  const directions = directionsFromMedian(points, leapsAt);
  const erratic = erraticSpan(points, directions) ?? erraticSpan(points, leapsUp(points));
  if (erratic !== null) return { ...calm, erratic };

  let kept = points;
  const oddByDay = new Map<string, OddClose>();
  // Without one odd close another may show. Judging the kept closes again then changes nothing.
  for (let odd = oddClosesOf(kept); odd.length > 0; odd = oddClosesOf(kept)) {
    for (const close of odd) oddByDay.set(close.on, close);
    kept = kept.filter(({ on }) => !oddByDay.has(on));
  }
  if (oddByDay.size === 0) return { ...calm, hasLastingStep: hasLastingStep(points) };
  for (const [at, { on }] of points.entries()) {
    const odd = oddByDay.get(on);
    if (odd !== undefined) directions[at] = directionOf(odd.timesLevel);
  }
  const erraticAfterAll = erraticSpan(points, directions);
  if (erraticAfterAll !== null) return { ...calm, erratic: erraticAfterAll };
  const oddCloses = [...oddByDay.values()].sort((a, b) => (a.on < b.on ? -1 : 1));
  return { kept, oddCloses, erratic: null, hasLastingStep: hasLastingStep(kept) };
}

/** Closes in a row without a leap between any two of them. */
type Stretch = {
  /** Indices of the first and the last close. */
  readonly first: number;
  readonly last: number;
  /** True when others are measured against its closes. */
  isLevel: boolean;
};

/** The price level next to a stretch, and its index in the record (of its middle). */
type Level = { readonly usd: number; readonly at: number };

/** A close that is not part of a level, and the levels that it is measured against. */
type Suspect = {
  /** Index of the close in the record. */
  readonly at: number;
  readonly close: DailyClose;
  readonly stretch: Stretch;
  readonly before: Level | undefined;
  readonly after: Level | undefined;
  /**
   * Where one side has no level, the second nearest on the other side, if it is near: a price that
   * returns to where it was a week ago is no surprise.
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
    // A new level may be nearer to the suspects that are left.
    if (addLevels(suspects, runs) === 0) return runs.flatMap((run) => oddClosesOfRun(run, closes));
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
  return { usd: medianUsd(closes, first, last), at: (first + last) / 2 };
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
 * Marks more stretches as levels: those near the level on one of their sides, and those of a run
 * that is too long to be an error, except for its own spikes. Returns how many it marked.
 */
function addLevels(suspects: readonly Suspect[], runs: readonly Run[]): number {
  const ofLevel = new Set(suspects.filter(isNearLevel));
  for (const run of runs) {
    const closes = run.suspects.map(({ close }) => close);
    if (!isTooLong(closes.length, dayAt(closes, 0), dayAt(closes, closes.length - 1))) continue;
    const levelUsd = medianUsd(closes, 0, closes.length - 1);
    for (const suspect of run.suspects) {
      if (!isApart(suspect.close.priceUsd / levelUsd, FAR_TIMES)) ofLevel.add(suspect);
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

function oddClosesOfRun({ direction, suspects }: Run, closes: readonly DailyClose[]): OddClose[] {
  const isLaunch = suspects[0]?.at === 0 && direction === 1;
  if (isLaunch) return [];
  const isNewest = suspects.at(-1)?.at === closes.length - 1;
  const apart = suspects.filter(
    (suspect) => directionFromSides(suspect, FAR_FROM_EITHER_SIDE_TIMES) === direction,
  );
  const far = apart.filter((suspect) => isFar(suspect, closes));
  // A newest run may turn out to be a market, so it loses no more closes than it must.
  const odd = isNewest || far.length === 0 ? far : apart;
  return odd.map((suspect) => ({ ...suspect.close, timesLevel: timesLevel(suspect), isNewest }));
}

/**
 * True when a close is far from the level around it, which two measures tell: the level of its own
 * day, and the median of the closes around it, where the price was at a level before and after.
 */
function isFar(suspect: Suspect, closes: readonly DailyClose[]): boolean {
  const { at, close, before, after } = suspect;
  if (isApart(timesLevel(suspect), FAR_TIMES)) return true;
  if (before === undefined || after === undefined) return false;
  const last = Math.min(closes.length - 1, at + AROUND_CLOSES);
  const aroundUsd = medianUsd(closes, Math.max(0, at - AROUND_CLOSES), last);
  return isApart(close.priceUsd / aroundUsd, FAR_TIMES);
}

/** 1 or −1 when the close is at least `times` above or below every level it is measured against. */
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

/** A close divided by its level; between two levels that is a straight line on a log scale. */
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
