import type { APIEmbed } from "discord-api-types/v10";
import type { Reply } from "../discord/reply.ts";
import { caveatsOf, flagNote } from "../messages/flag-note.ts";
import {
  type Days,
  formatCount,
  formatDay,
  formatMoneyPrecise,
  formatNumberPrecise,
  isExactInSixDigits,
  preciseLambosShown,
} from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { stakeForOneInWords } from "../messages/stake-for-one.ts";
import {
  boughtNotes,
  carName,
  coinName,
  coinSymbol,
  firstLamboInWords,
  isBoughtLater,
  purchaseKind,
  recordedWindows,
  sourceLink,
  tierOf,
  tradedInWords,
} from "../messages/wording.ts";
import type { LamboAnswer } from "../questions/answer.ts";
import { daysBetween } from "../valuation/calendar.ts";
import { fromUsd, US_DOLLARS } from "../valuation/currency.ts";
import type { CarSource } from "../valuation/lambo-models.ts";
import type { PriceWindow } from "../valuation/price-window.ts";
import type { LamboDay } from "../valuation/valuation.ts";
import { TIER_COLOURS } from "./answer-card.ts";

const MAX_SOURCES = 6;

/**
 * The arithmetic behind an answer, with six significant digits: what is shown multiplies out within
 * its rounding, and ≈ stands where anything was rounded.
 */
export function mathsCard(
  answer: LamboAnswer,
  { locale, now }: { readonly locale: string; readonly now: Date },
): Reply {
  const { coin, valuation } = answer;
  const embed: APIEmbed = {
    title: say(locale, "maths.title", {
      coin: coinName(coin, locale, "plain"),
      symbol: coinSymbol(coin, locale, "plain"),
    }),
    description: [
      valuation.flags.includes("demo") ? `**⚠️ ${say(locale, "demo.notice")}**` : undefined,
      windows(answer, locale),
      formulas(answer, locale),
      rate(answer, locale),
      days(answer, locale),
      notes(answer, locale, now),
      origins(answer, locale),
    ]
      .filter((paragraph) => paragraph !== undefined)
      .join("\n\n"),
    color: TIER_COLOURS[tierOf(valuation)],
  };
  return { embeds: [embed] };
}

function windows(answer: LamboAnswer, locale: string): string {
  const { currency, history, valuation } = answer;
  const { opening, closing } = valuation;
  const recorded = recordedWindows(valuation);
  const window = ({ from, to }: Days, prices: number) =>
    say(locale, "maths.window", {
      from: formatDay(from, locale),
      to: formatDay(to, locale),
      prices: formatCount(prices, locale),
      priceCount: prices,
      days: formatCount(daysBetween(from, to) + 1, locale),
      count: daysBetween(from, to) + 1,
    });
  const price = ({ meanUsd }: PriceWindow) => ({
    price: formatMoneyPrecise(meanUsd, currency, locale),
    sign: signOf(fromUsd(meanUsd, currency)),
  });
  return [
    say(locale, "maths.record", {
      day: formatDay(valuation.firstRecordedOn, locale),
      days: formatCount(valuation.daysOnRecord, locale),
      count: valuation.daysOnRecord,
    }),
    ...bought(answer, locale),
    say(locale, "maths.opening-price", price(opening)),
    history.listingCloses === undefined || isBoughtLater(valuation)
      ? window(recorded.opening, opening.days)
      : say(locale, "maths.window.exchange", {
          from: formatDay(recorded.opening.from, locale),
          to: formatDay(recorded.opening.to, locale),
          closes: formatCount(history.listingCloses.length, locale),
          count: history.listingCloses.length,
        }),
    say(locale, "maths.closing-price", price(closing)),
    window(recorded.closing, closing.days),
  ].join("\n");
}

/** The day of buying, where it is not the listing. */
function bought(answer: LamboAnswer, locale: string): readonly string[] {
  const day = formatDay(answer.valuation.opening.from, locale);
  if (purchaseKind(answer) === "peak") return [say(locale, "maths.bought.peak", { day })];
  return isBoughtLater(answer.valuation) ? [say(locale, "maths.bought", { day })] : [];
}

function formulas({ coin, currency, valuation }: LamboAnswer, locale: string): string {
  const money = (amountUsd: number, like?: number) =>
    formatMoneyPrecise(amountUsd, currency, locale, like);
  const number = (amount: number) => formatNumberPrecise(amount, locale);
  const { opening, closing, stakeUsd, proceedsUsd, profitUsd, carPriceUsd } = valuation;
  const shown = {
    stake: money(stakeUsd),
    opening: money(opening.meanUsd),
    closing: money(closing.meanUsd),
    coins: number(valuation.coins),
    proceeds: money(proceedsUsd),
    profit: money(profitUsd, Math.min(stakeUsd, proceedsUsd)),
    car: money(carPriceUsd),
    factor: number(valuation.growthFactor),
  };
  const inCurrency = (amountUsd: number) => fromUsd(amountUsd, currency);
  const profitSign = signOf(inCurrency(stakeUsd), inCurrency(proceedsUsd), inCurrency(profitUsd));
  const needed = stakeForOneInWords(valuation, currency, locale);
  const lines = [
    say(locale, "maths.coins", {
      ...shown,
      symbol: coinSymbol(coin, locale, "markdown"),
      sign: signOf(inCurrency(stakeUsd), inCurrency(opening.meanUsd), valuation.coins),
    }),
    say(locale, "maths.proceeds", {
      ...shown,
      sign: signOf(valuation.coins, inCurrency(closing.meanUsd), inCurrency(proceedsUsd)),
    }),
    say(locale, "maths.profit", { ...shown, sign: profitSign }),
    say(locale, "maths.growth-factor", {
      ...shown,
      sign: profitSign === "equal" ? signOf(valuation.growthFactor) : profitSign,
    }),
    profitUsd < 0
      ? say(locale, "maths.lambos.none")
      : say(locale, "maths.lambos", {
          ...shown,
          lambos: formatNumberPrecise(valuation.lambos, locale, { isLambos: true }),
          sign:
            profitSign === "equal" ? signOf(inCurrency(carPriceUsd), valuation.lambos) : "other",
        }),
    needed === undefined
      ? say(locale, "maths.stake-for-one.none")
      : say(locale, "maths.stake-for-one", {
          ...shown,
          stake: needed,
          sign: signOf(inCurrency(carPriceUsd), valuation.growthFactor),
        }),
  ];
  const isRounded = lines.some((line) => line.includes("≈"));
  return [...lines, ...(isRounded ? [say(locale, "maths.rounded")] : [])].join("\n");
}

/** The sign before a figure: "=" where six digits show all of these numbers, "≈" elsewhere. */
function signOf(...amounts: readonly number[]): "equal" | "other" {
  return amounts.every(isExactInSixDigits) ? "equal" : "other";
}

function rate({ currency }: LamboAnswer, locale: string): string | undefined {
  if (currency.code === US_DOLLARS.code) return undefined;
  return say(locale, "maths.rate", {
    dollar: formatMoneyPrecise(1, US_DOLLARS, locale),
    amount: formatMoneyPrecise(1, currency, locale),
  });
}

function days({ currency, history, valuation }: LamboAnswer, locale: string): string {
  const named = (day: LamboDay) =>
    say(locale, "maths.day", {
      day: formatDay(day.on, locale),
      price: formatMoneyPrecise(day.priceUsd, currency, locale),
      lambos: lambosPrecisely(day.lambos, locale),
    });
  const dailyFrom = history.points[0]?.on;
  const isPartial = valuation.flags.includes("exchange-listing-only");
  const peak = named(valuation.peak);
  const firstLambo =
    valuation.firstLamboDay === null
      ? firstLamboInWords(valuation, locale)
      : named(valuation.firstLamboDay);
  return [
    say(locale, "maths.best-day", { day: named(valuation.bestDay) }),
    isBoughtLater(valuation)
      ? say(locale, "maths.peak.bought", {
          from: formatDay(valuation.opening.from, locale),
          day: peak,
        })
      : isPartial && dailyFrom !== undefined
        ? say(locale, "maths.peak.since", { from: formatDay(dailyFrom, locale), day: peak })
        : say(locale, "maths.peak", { day: peak }),
    say(locale, "maths.first-lambo-day", { day: firstLambo }),
  ].join("\n");
}

/** What the card says in a few words, in full. */
function notes(answer: LamboAnswer, locale: string, now: Date): string | undefined {
  const sentences = [
    ...caveatsOf(answer.valuation).map((flag) => flagNote(flag, answer, locale, now)),
    tradedInWords(answer, locale),
    ...boughtNotes(answer, locale, "markdown", { isAsker: true }),
  ].flatMap((sentence) => (sentence === undefined ? [] : [`- ${sentence}`]));
  return sentences.length === 0 ? undefined : [say(locale, "maths.notes"), ...sentences].join("\n");
}

function lambosPrecisely(lambos: number, locale: string): string {
  return say(locale, "lambos", preciseLambosShown(lambos, locale));
}

function origins(answer: LamboAnswer, locale: string): string {
  const sources = answer.history.sources.slice(0, MAX_SOURCES).map((source) =>
    say(locale, "maths.source", {
      source: sourceLink(source),
      from: formatDay(source.from, locale),
      to: formatDay(source.to, locale),
    }),
  );
  return [say(locale, "maths.sources"), ...sources, carOrigin(answer, locale)].join("\n");
}

function carSource(source: CarSource, locale: string): string {
  return source.kind === "web-version"
    ? say(locale, "car.source.web-version")
    : say(locale, "car.source.press-catalogue", { year: source.modelYear });
}

function carOrigin({ asked: { car }, currency, valuation }: LamboAnswer, locale: string): string {
  const named = {
    car: carName(car, locale, "markdown"),
    price: formatMoneyPrecise(valuation.carPriceUsd, currency, locale),
  };
  if ("ownPrice" in car) return say(locale, "maths.car", named);
  return say(locale, "maths.car.source", {
    ...named,
    source: carSource(car.source, locale),
    day: formatDay(car.checkedOn, locale),
  });
}
