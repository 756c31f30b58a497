import { daysBetween } from "../../valuation/calendar.ts";
import type { DailyClose } from "../../valuation/price-record.ts";
import {
  dayAt,
  directionOf,
  FAR_TIMES,
  isApart,
  LEAP_TIMES,
  MAX_ODD_CLOSES,
  medianUsd,
  priceAt,
} from "../close-levels.ts";

/**
 * Five-fold, give or take the 5 % that the price itself may have moved on the day of a new unit.
 */
const STEP_TIMES = 5 * 0.95;
const STEP_LASTS_CLOSES = 7;
/** Across a longer gap a price may honestly have moved that much. */
const STEP_WITHIN_DAYS = 7;

/**
 * True when the price moves about five-fold or more from one day to the next, and the week on
 * either side confirms it: a new unit, or another coin. A newest ten-fold step counts from its
 * fourth close, so four to six closes confirm it until its week is over. Pure.
 */
export function hasLastingStep(closes: readonly DailyClose[]): boolean {
  for (let at = STEP_LASTS_CLOSES; at < closes.length - MAX_ODD_CLOSES; at++) {
    const ratio = priceAt(closes, at) / priceAt(closes, at - 1);
    const isWeekOver = at + STEP_LASTS_CLOSES <= closes.length;
    if (
      !isApart(ratio, isWeekOver ? STEP_TIMES : FAR_TIMES) ||
      daysBetween(dayAt(closes, at - 1), dayAt(closes, at)) > STEP_WITHIN_DAYS
    )
      continue;
    const after = closes.slice(at, at + STEP_LASTS_CLOSES);
    const beforeUsd = medianUsd(closes, at - STEP_LASTS_CLOSES, at - 1);
    const isBeyond = ({ priceUsd }: DailyClose) => {
      const times = priceUsd / beforeUsd;
      return isApart(times, LEAP_TIMES) && directionOf(times) === directionOf(ratio);
    };
    const holdsBefore = !closes.slice(at - STEP_LASTS_CLOSES, at).some(isBeyond);
    const holdsAfter = after.every(isBeyond);
    const wholeRatio = medianUsd(after, 0, after.length - 1) / beforeUsd;
    if (holdsBefore && holdsAfter && isApart(wholeRatio, STEP_TIMES)) return true;
  }
  return false;
}
