import { addDays } from "../valuation/calendar.ts";
import type { DailyClose } from "../valuation/price-record.ts";
import {
  dayAt,
  FAR_TIMES,
  isApart,
  LEAP_TIMES,
  MAX_ODD_CLOSES,
  medianUsd,
} from "./close-levels.ts";

/** Closes of so many days to either side of a contradiction decide it. */
const WITNESS_DAYS = 7;

/**
 * Settles the days on which two providers differ ten-fold or more by what both recorded within a
 * week to either side: where the other provider's close fits those closes and the main one's does
 * not, the other's counts. This applies to high closes at the very start too. When the newest
 * closes have been contradicted for more than three days, the main provider is right: it may be the
 * first to know of a new unit. Pure.
 *
 * @param main Ascending, at most one a day, prices finite and above 0.
 * @param other The same, on the scale of `main`; it may begin earlier and end later.
 * @returns `main` with the contradicted closes replaced; the same array when there are none.
 */
export function resolveContradictions(
  main: readonly DailyClose[],
  other: readonly DailyClose[],
): readonly DailyClose[] {
  const mainByDay = new Map(main.map((close) => [close.on, close]));
  const otherByDay = new Map(other.map((close) => [close.on, close]));
  const stretches = contradictedStretches(main, otherByDay);
  const contradicted = new Set(stretches.flat().map(({ on }) => on));

  /** The level in the week before (−1) or after (1) a day, in USD; undefined without closes. */
  const levelBeside = (on: string, towards: 1 | -1): number | undefined => {
    const days = Array.from({ length: WITNESS_DAYS }, (_, index) =>
      addDays(on, towards * (index + 1)),
    );
    const witnesses = days
      .filter((day) => !contradicted.has(day))
      .flatMap((day) => [mainByDay.get(day), otherByDay.get(day)])
      .filter((close) => close !== undefined);
    return witnesses.length === 0 ? undefined : medianUsd(witnesses, 0, witnesses.length - 1);
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

/** The main closes that the other provider contradicts, by closes in a row. */
function contradictedStretches(
  main: readonly DailyClose[],
  otherByDay: ReadonlyMap<string, DailyClose>,
): DailyClose[][] {
  const stretches: DailyClose[][] = [];
  let isOpen = false;
  for (const close of main) {
    const otherUsd = otherByDay.get(close.on)?.priceUsd ?? close.priceUsd;
    const isContradicted = isApart(close.priceUsd / otherUsd, FAR_TIMES);
    if (isContradicted && isOpen) stretches.at(-1)?.push(close);
    else if (isContradicted) stretches.push([close]);
    isOpen = isContradicted;
  }
  return stretches;
}
