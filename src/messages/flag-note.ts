import type { LamboAnswer } from "../answer.ts";
import { DEMO_NOTICE } from "../prices/demo-market.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
import type { ErraticSpan, Flag, OddClose, PriceHistory } from "../valuation/price-record.ts";
import type { Valuation } from "../valuation/valuation.ts";
import { formatAge, formatCount, formatDay, formatMoney, formatMultiple } from "./format.ts";

/**
 * A flag as a short plain note. `now` is the instant of the answer, against which the age of old
 * prices is told.
 */
export function flagNote(
  flag: Flag,
  answer: Pick<LamboAnswer, "currency" | "history" | "valuation">,
  locale: string,
  now: Date,
): string {
  const { currency, history, valuation } = answer;
  switch (flag) {
    case "launch-spike":
      return "Its very first close was far above most of its first four weeks, so the average opening price is on the high side.";
    case "launch-run":
      return launchRunNote(history, valuation, currency, locale);
    case "young":
      return "Under eight weeks on record: the weeks of buying and of selling overlap.";
    case "no-longer-priced":
      return `Nobody has recorded a price since ${formatDay(valuation.lastRecordedOn, locale)}: the figures are history.`;
    case "partial-history":
      return "For some stretches nobody recorded a price.";
    case "exchange-listing-only": {
      const dailyFrom = history.points[0]?.on;
      const since = dailyFrom === undefined ? "" : ` since ${formatDay(dailyFrom, locale)}`;
      return `The opening price comes from an exchange's first weekly closes; peak and first Lambo day cover only the daily record${since}.`;
    }
    case "odd-price":
      return oddPriceNote(history.oddCloses ?? [], locale);
    case "erratic":
      return erraticNote(history.erratic, locale);
    case "sources-disagree":
      return "In one day the price leapt about five-fold or more, up or down, and stayed there: part of the record may be in another unit, or mean another coin.";
    case "unchecked":
      return "These prices come from one source alone and have not been checked against CoinGecko's yet.";
    case "stale": {
      const askedAt = new Date(history.asOf);
      return `These prices were fetched ${formatAge(askedAt, now, locale)}; newer ones cannot be had right now.`;
    }
    case "demo":
      return `${DEMO_NOTICE}.`;
  }
}

function launchRunNote(
  { points }: Pick<PriceHistory, "points">,
  { opening }: Pick<Valuation, "opening">,
  currency: ShownCurrency,
  locale: string,
): string {
  const firstUsd = points[0]?.priceUsd;
  const first = firstUsd === undefined ? "" : ` of ${formatMoney(firstUsd, currency, locale)}`;
  const times =
    firstUsd === undefined
      ? "far above"
      : `${formatMultiple(twoDigits(opening.meanUsd / firstUsd), locale)}`;
  return `It rose steeply in its first four weeks: the average opening price is ${times} its very first close${first}.`;
}

function oddPriceNote(closes: readonly OddClose[], locale: string): string {
  const furthest = furthestOf(closes);
  if (furthest === undefined)
    return "Closes too far from the days around them to be believed are left out.";
  const newest = closes.filter(({ isNewest }) => isNewest).length;
  const day = formatDay(furthest.on, locale);
  const size = `${formatMultiple(twoDigits(furthest.timesLevel), locale)} the level`;
  const days = `${formatCount(closes.length, locale)} days`;
  if (newest === closes.length) {
    return closes.length === 1
      ? `The newest day, ${day}, is left out for now: its close is ${size} before it, and such a leap counts only from its fourth day.`
      : `The newest ${days} are left out for now, ${day} the furthest off, at ${size} before: such a leap counts only from its fourth day.`;
  }
  const leftOut =
    closes.length === 1
      ? `One day is left out: the close of ${day}, at ${size} around it, is too far off to be believed.`
      : `${days} are left out: their closes are too far off to be believed, most of all that of ${day}, at ${size} around it.`;
  if (newest === 0) return leftOut;
  return newest === 1
    ? `${leftOut} The newest of them counts from its fourth day, if the price stays there.`
    : `${leftOut} The newest ${formatCount(newest, locale)} of them count from the fourth day, if the price stays there.`;
}

function furthestOf(closes: readonly OddClose[]): OddClose | undefined {
  const distance = ({ timesLevel }: OddClose) => Math.abs(Math.log(timesLevel));
  return closes.reduce<OddClose | undefined>(
    (most, close) => (most === undefined || distance(close) > distance(most) ? close : most),
    undefined,
  );
}

function erraticNote(span: ErraticSpan | undefined, locale: string): string {
  const what =
    span === undefined
      ? "its price jumps to ten times its level, or to a tenth of it, again and again"
      : `between ${formatDay(span.from, locale)} and ${formatDay(span.to, locale)} it closed ${formatCount(span.farCloses, locale)} times ` +
        "at ten times the level around it or more, or at a tenth or less";
  return `A thin market: ${what}. Nothing is left out, and every figure is rough.`;
}

/** Enough for a note: "12×" says what "12.3×" does. */
function twoDigits(multiple: number): number {
  return Number(multiple.toPrecision(2));
}
