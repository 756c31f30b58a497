import type { WenAnswer } from "../questions/wen.ts";
import { fromUsd, type ShownCurrency } from "../valuation/currency.ts";
import type { ClosestClose } from "../valuation/needed-price.ts";
import type { PriceHistory } from "../valuation/price-record.ts";
import { WINDOW_DAYS } from "../valuation/price-window.ts";
import {
  formatCount,
  formatDay,
  formatDays,
  formatPercent,
  formatPrice,
  moneyInProse,
  timesShown,
} from "./format.ts";
import { say } from "./say.ts";
import { coinSymbol, type Markup, recordedWindows, strong } from "./wording.ts";

/** What kind of answer it is: it decides title, joke and colours. */
export type WenMood = "there" | "dead" | "was-there" | "near" | "far" | "orbit";

/** A latest close from half of the needed price up is near it. */
const NEAR_FROM = 0.5;
const FAR_FROM = 0.01;

/** Nobody can read prices and multiples above this: they are told as “more than” it. */
const MOST_READABLE = 1e15;
/** From this multiple up a distance is told as a multiple, below it as a percentage. */
const MULTIPLE_FROM = 2;
/** Shares and distances below this are told as “less than” it. */
const LEAST_SHARE = 0.001;

/** The mood of an answer: by where the coin stands, and how far from there it is. */
export function moodOf({ valuation, needed }: Pick<WenAnswer, "valuation" | "needed">): WenMood {
  if (valuation.flags.includes("no-longer-priced")) return "dead";
  if (needed.isThere) return "there";
  if (needed.lastThereOn !== null) return "was-there";
  const share = 1 / needed.timesLatest;
  if (share >= NEAR_FROM) return "near";
  return share >= FAR_FROM ? "far" : "orbit";
}

/** The heading of an answer: "Wen Lambo? At $5.61 per DOGE". */
export function wenTitle(answer: WenAnswer, locale: string): string {
  const price = priceInProse(answer.needed.priceUsd, answer.currency, locale);
  const mood = moodOf(answer);
  return mood === "there" || mood === "was-there" || mood === "dead"
    ? say(locale, `wen.title.${mood}`, { price })
    : say(locale, "wen.title", { price, symbol: coinSymbol(answer.coin, locale, "plain") });
}

/** Two sentences: the needed price, and its distance from the latest close. */
export function wenStory(answer: WenAnswer, locale: string, markup: Markup): readonly string[] {
  return [needInWords(answer, locale, markup), distanceInWords(answer, locale)];
}

function needInWords(answer: WenAnswer, locale: string, markup: Markup): string {
  const { coin, currency, needed, valuation } = answer;
  const values = {
    stake: strong(moneyInProse(valuation.stakeUsd, currency, locale), markup),
    symbol: coinSymbol(coin, locale, markup),
    days: formatCount(valuation.daysOnRecord, locale),
    count: valuation.daysOnRecord,
    price: strong(priceInProse(needed.priceUsd, currency, locale), markup),
  };
  const isDead = valuation.flags.includes("no-longer-priced");
  if (valuation.flags.includes("exchange-listing-only"))
    return isDead
      ? say(locale, "wen.needed.exchange", values)
      : say(locale, "wen.needs.exchange", values);
  if (valuation.daysOnRecord < WINDOW_DAYS)
    return isDead ? say(locale, "wen.needed.days", values) : say(locale, "wen.needs.days", values);
  return isDead ? say(locale, "wen.needed", values) : say(locale, "wen.needs", values);
}

/** How far the needed price is from the latest close, as one sentence. */
export function distanceInWords(
  { currency, needed, valuation }: Pick<WenAnswer, "currency" | "needed" | "valuation">,
  locale: string,
): string {
  const { latest, isThere, timesLatest } = needed;
  const isEnough = timesLatest <= 1;
  const times = isEnough ? 1 / timesLatest : timesLatest;
  const form = distanceForm(times);
  const shown = timesShown(Math.min(threeDigits(times), MOST_READABLE), locale);
  const values = {
    close: formatPrice(latest.priceUsd, currency, locale),
    day: formatDay(latest.on, locale),
    times: shown.text,
    count: shown.count,
    size: times > MOST_READABLE ? ("beyond" as const) : ("other" as const),
    percent: percentInProse(times - 1, locale),
  };
  const isDead = valuation.flags.includes("no-longer-priced");
  if (isThere)
    return isDead
      ? say(locale, "wen.distance.dead.there", values)
      : say(locale, `wen.distance.there.${form}`, values);
  if (isEnough) return say(locale, "wen.distance.buying", values);
  return isDead
    ? say(locale, `wen.distance.dead.${form}`, values)
    : say(locale, `wen.distance.${form}`, values);
}

/** How a distance is told, given the higher price divided by the lower. */
export function distanceForm(times: number): "percent" | "times" {
  return times < MULTIPLE_FROM ? "percent" : "times";
}

/** When it last stood there, or that it never has, and its highest close, as sentences. */
export function pastInWords(
  {
    currency,
    history,
    needed,
    valuation,
  }: Pick<WenAnswer, "currency" | "needed" | "valuation"> & {
    readonly history: Pick<PriceHistory, "points">;
  },
  locale: string,
): string {
  const { closest, isThere, lastThereOn } = needed;
  if (closest === null) return say(locale, "wen.past.none");
  const values = highestInWords(closest, currency, locale);
  if (isThere) return say(locale, "wen.past.highest", values);
  if (lastThereOn !== null)
    return say(locale, "wen.past.last-there", { ...values, day: formatDay(lastThereOn, locale) });
  const dailyFrom = history.points[0]?.on;
  if (valuation.flags.includes("exchange-listing-only") && dailyFrom !== undefined)
    return say(locale, "wen.past.never.since", { ...values, from: formatDay(dailyFrom, locale) });
  return valuation.flags.includes("partial-history")
    ? say(locale, "wen.past.never.gaps", values)
    : say(locale, "wen.past.never", values);
}

function highestInWords(
  { on, priceUsd, share }: ClosestClose,
  currency: ShownCurrency,
  locale: string,
) {
  return {
    highestDay: formatDay(on, locale),
    highest: formatPrice(priceUsd, currency, locale),
    share: percentInProse(share, locale),
  };
}

/** How the price was computed, in one small line without a full stop. */
export function wenDetails(
  { currency, valuation }: Pick<WenAnswer, "currency" | "valuation">,
  locale: string,
): string {
  return say(locale, "wen.details", {
    bought: formatDays(recordedWindows(valuation).opening, locale),
    openingPrice: formatPrice(valuation.opening.meanUsd, currency, locale),
  });
}

/** The price of one coin; one that nobody could read is said to be more than what they could. */
export function priceInProse(priceUsd: number, currency: ShownCurrency, locale: string): string {
  const price = fromUsd(priceUsd, currency);
  return price > MOST_READABLE
    ? say(locale, "wen.more-than", {
        amount: formatPrice(MOST_READABLE / currency.perUsd, currency, locale),
      })
    : formatPrice(priceUsd, currency, locale);
}

/** A number with three significant digits: nobody counts the rest of 416,628 times. */
export function threeDigits(times: number): number {
  return Number(times.toPrecision(3));
}

/** A share as a percentage: "62%", "0.41%", "less than 0.1%". */
export function percentInProse(share: number, locale: string): string {
  return share < LEAST_SHARE
    ? say(locale, "wen.less-than", { amount: formatPercent(LEAST_SHARE, locale) })
    : formatPercent(share, locale);
}
