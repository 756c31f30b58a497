import type { DailyClose, ErraticSpan } from "../../valuation/price-record.ts";
import {
  AROUND_CLOSES,
  type Direction,
  dayAt,
  directionOf,
  FAR_TIMES,
  isApart,
  MAX_ODD_CLOSES,
  medianUsd,
  priceAt,
} from "../close-levels.ts";

/**
 * A record is erratic when {@link ERRATIC_WITHIN_CLOSES} closes in a row contain this many far
 * closes in this many runs. One or two runs are a provider's faults, however many days they last.
 * In a public set of 2,650 coins, most of them small (repository hieulethanh-dev/cryptocurrency,
 * closes to 2020-12, read 2026-11), this makes 33 records erratic, and 176 others have odd closes.
 */
const ERRATIC_FAR_CLOSES = 5;
const ERRATIC_RUNS = 3;
const ERRATIC_WITHIN_CLOSES = 60;

/**
 * For each close, whether it is far above or below the median of the closes around it. Only a close
 * near a leap can be, so only those are looked at: `leapsAt` has the index of the first close after
 * each leap, ascending. Pure.
 */
export function directionsFromMedian(
  points: readonly DailyClose[],
  leapsAt: readonly number[],
): Direction[] {
  const directions = points.map((): Direction => 0);
  let judgedTo = 0;
  for (const leapAt of leapsAt) {
    const to = Math.min(points.length, leapAt + 2 * AROUND_CLOSES);
    for (let at = Math.max(judgedTo, leapAt - 2 * AROUND_CLOSES); at < to; at++) {
      // The window keeps its length at the ends of the record: in half a window, two odd runs would
      // be the majority.
      const from = Math.max(0, Math.min(at, points.length - 1 - AROUND_CLOSES) - AROUND_CLOSES);
      const ratio =
        priceAt(points, at) /
        medianUsd(points, from, Math.min(points.length - 1, from + 2 * AROUND_CLOSES));
      if (isApart(ratio, FAR_TIMES)) directions[at] = directionOf(ratio);
    }
    judgedTo = to;
  }
  return directions;
}

/**
 * 1 for each close at ten times the previous one or more, 0 for the others. Where a price spends as
 * much time at one level as at another, no close is far from the median around it, yet the price
 * leaps as often as in any erratic record. Pure.
 */
export function leapsUp(points: readonly DailyClose[]): Direction[] {
  return points.map(({ priceUsd }, at): Direction => {
    const mayStay = at >= points.length - MAX_ODD_CLOSES;
    return at > 0 && !mayStay && priceUsd / priceAt(points, at - 1) >= FAR_TIMES ? 1 : 0;
  });
}

/**
 * The span of the far closes (direction 1 or −1) where they are the rule; null elsewhere. High
 * closes at the very start and the newest run do not count: the former are a launch, the latter may
 * be here to stay. Pure.
 */
export function erraticSpan(
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
