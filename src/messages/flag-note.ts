import type { LamboAnswer } from "../questions/answer.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
import type { ErraticSpan, Flag, OddClose, PriceHistory } from "../valuation/price-record.ts";
import type { Valuation } from "../valuation/valuation.ts";
import { formatAge, formatCount, formatDay, formatPrice, formatTimes } from "./format.ts";
import { sentences } from "./lists.ts";
import { say } from "./say.ts";
import { isBoughtLater } from "./wording.ts";

/**
 * What a flag means for the reader, as a short plain note. The age of old prices is measured from
 * `now`.
 */
export function flagNote(
  flag: Flag,
  answer: Pick<LamboAnswer, "currency" | "history" | "valuation">,
  locale: string,
  now: Date,
): string {
  const { currency, history, valuation } = answer;
  switch (flag) {
    case "launch-run":
      return launchRunNote(history, valuation, currency, locale);
    case "no-longer-priced":
      return say(locale, "flag.no-longer-priced", {
        day: formatDay(valuation.lastRecordedOn, locale),
      });
    case "exchange-listing-only": {
      const dailyFrom = history.points[0]?.on;
      return dailyFrom === undefined
        ? say(locale, "flag.exchange-listing-only")
        : say(locale, "flag.exchange-listing-only.since", { day: formatDay(dailyFrom, locale) });
    }
    case "odd-price":
      return oddPriceNote(
        (history.oddCloses ?? []).filter(({ on }) => on >= valuation.opening.from),
        locale,
      );
    case "erratic":
      return erraticNote(history.erratic, locale);
    case "stale":
      return say(locale, "flag.stale", { age: formatAge(new Date(history.asOf), now, locale) });
    case "young":
      return isBoughtLater(valuation)
        ? say(locale, "flag.young.bought")
        : say(locale, "flag.young");
    case "launch-spike":
    case "partial-history":
    case "sources-disagree":
    case "unchecked":
    case "demo":
      return say(locale, `flag.${flag}`);
  }
}

/** A flag that is said below the figures; invented prices are said above everything else. */
type Caveat = Exclude<Flag, "demo">;

/** The flags of an answer that are caveats. */
export function caveatsOf({ flags }: Pick<Valuation, "flags">): readonly Caveat[] {
  return flags.filter((flag): flag is Caveat => flag !== "demo");
}

/** A caveat in a few words, for a list of them: what it means in full is in {@link flagNote}. */
export function caveatInBrief(
  flag: Caveat,
  { history, valuation }: Pick<LamboAnswer, "history" | "valuation">,
  locale: string,
  now: Date,
): string {
  switch (flag) {
    case "no-longer-priced":
      return say(locale, "caveat.no-longer-priced", {
        day: formatDay(valuation.lastRecordedOn, locale),
      });
    case "stale":
      return say(locale, "caveat.stale", { age: formatAge(new Date(history.asOf), now, locale) });
    case "young":
      return isBoughtLater(valuation)
        ? say(locale, "caveat.young.bought")
        : say(locale, "caveat.young");
    default:
      return say(locale, `caveat.${flag}`);
  }
}

function launchRunNote(
  { points }: Pick<PriceHistory, "points">,
  { opening }: Pick<Valuation, "opening">,
  currency: ShownCurrency,
  locale: string,
): string {
  const firstUsd = points[0]?.priceUsd;
  if (firstUsd === undefined) return say(locale, "flag.launch-run.unknown");
  return say(locale, "flag.launch-run", {
    times: formatTimes(twoDigits(opening.meanUsd / firstUsd), locale),
    price: formatPrice(firstUsd, currency, locale),
  });
}

function oddPriceNote(closes: readonly OddClose[], locale: string): string {
  const furthest = furthestOf(closes);
  if (furthest === undefined) return say(locale, "flag.odd-price.unknown");
  const newest = closes.filter(({ isNewest }) => isNewest).length;
  const values = {
    count: closes.length,
    days: formatCount(closes.length, locale),
    day: formatDay(furthest.on, locale),
    times: formatTimes(twoDigits(furthest.timesLevel), locale),
  };
  if (newest === closes.length) return say(locale, "flag.odd-price.newest", values);
  const leftOut = say(locale, "flag.odd-price", values);
  if (newest === 0) return leftOut;
  const newestOfThem = say(locale, "flag.odd-price.newest-of-them", {
    count: newest,
    days: formatCount(newest, locale),
  });
  return sentences([leftOut, newestOfThem], locale);
}

function furthestOf(closes: readonly OddClose[]): OddClose | undefined {
  const distance = ({ timesLevel }: OddClose) => Math.abs(Math.log(timesLevel));
  return closes.reduce<OddClose | undefined>(
    (most, close) => (most === undefined || distance(close) > distance(most) ? close : most),
    undefined,
  );
}

function erraticNote(span: ErraticSpan | undefined, locale: string): string {
  if (span === undefined) return say(locale, "flag.erratic.unknown");
  return say(locale, "flag.erratic", {
    from: formatDay(span.from, locale),
    to: formatDay(span.to, locale),
    times: formatCount(span.farCloses, locale),
    count: span.farCloses,
  });
}

/** A note needs no third digit: "12×", not "12.3×". */
function twoDigits(multiple: number): number {
  return Number(multiple.toPrecision(2));
}
