import type { APIEmbed } from "discord-api-types/v10";
import type { LamboAnswer } from "../answer.ts";
import type { Reply } from "../discord/reply.ts";
import {
  formatCount,
  formatDay,
  formatMoneyPrecise,
  formatNumberPrecise,
} from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { stakeForOnePrecisely } from "../messages/stake-for-one.ts";
import {
  carName,
  coinName,
  coinSymbol,
  firstLamboInWords,
  foreign,
  recordedWindows,
  type Span,
  sourceLink,
  tierOf,
} from "../messages/wording.ts";
import { daysBetween } from "../valuation/calendar.ts";
import { US_DOLLARS } from "../valuation/currency.ts";
import type { LamboDay } from "../valuation/valuation.ts";
import { TIER_COLOURS } from "./answer-card.ts";

const MAX_SOURCES = 6;
const MAX_CAR_SOURCE = 80;

/** The arithmetic behind an answer, with enough digits to check it on a calculator. */
export function mathsCard(answer: LamboAnswer, { locale }: { readonly locale: string }): Reply {
  const { coin, valuation } = answer;
  const embed: APIEmbed = {
    title: say("maths.title", {
      coin: coinName(coin, "plain"),
      symbol: coinSymbol(coin, "plain"),
    }),
    description: [
      valuation.flags.includes("demo") ? `**⚠️ ${say("demo.notice")}**` : undefined,
      windows(answer, locale),
      formulas(answer, locale),
      rate(answer, locale),
      days(answer, locale),
      origins(answer, locale),
    ]
      .filter((paragraph) => paragraph !== undefined)
      .join("\n\n"),
    color: TIER_COLOURS[tierOf(valuation)],
  };
  return { embeds: [embed] };
}

function windows({ currency, history, valuation }: LamboAnswer, locale: string): string {
  const { opening, closing } = valuation;
  const recorded = recordedWindows(valuation);
  const window = ({ from, to }: Span, prices: number) =>
    say("maths.window", {
      from: formatDay(from, locale),
      to: formatDay(to, locale),
      prices: formatCount(prices, locale),
      days: formatCount(daysBetween(from, to) + 1, locale),
    });
  return [
    say("maths.record", {
      day: formatDay(valuation.firstRecordedOn, locale),
      days: formatCount(valuation.daysOnRecord, locale),
    }),
    say("maths.opening-price", { price: formatMoneyPrecise(opening.meanUsd, currency, locale) }),
    history.listingCloses === undefined
      ? window(recorded.opening, opening.days)
      : say("maths.window.exchange", {
          from: formatDay(recorded.opening.from, locale),
          to: formatDay(recorded.opening.to, locale),
          closes: formatCount(history.listingCloses.length, locale),
        }),
    say("maths.closing-price", { price: formatMoneyPrecise(closing.meanUsd, currency, locale) }),
    window(recorded.closing, closing.days),
  ].join("\n");
}

function formulas({ coin, currency, valuation }: LamboAnswer, locale: string): string {
  const money = (amountUsd: number) => formatMoneyPrecise(amountUsd, currency, locale);
  const number = (amount: number) => formatNumberPrecise(amount, locale);
  const stake = money(valuation.stakeUsd);
  const opening = money(valuation.opening.meanUsd);
  const closing = money(valuation.closing.meanUsd);
  const coins = number(valuation.coins);
  const proceeds = money(valuation.proceedsUsd);
  const profit = money(valuation.profitUsd);
  const car = money(valuation.carPriceUsd);
  const needed = stakeForOnePrecisely(valuation, currency, locale);
  return [
    say("maths.coins", { stake, opening, coins, symbol: coinSymbol(coin, "markdown") }),
    say("maths.proceeds", { coins, closing, proceeds }),
    say("maths.profit", { proceeds, stake, profit }),
    say("maths.growth-factor", { profit, stake, factor: number(valuation.growthFactor) }),
    valuation.profitUsd < 0
      ? say("maths.lambos.none")
      : say("maths.lambos", { profit, car, lambos: number(valuation.lambos) }),
    needed === undefined
      ? say("maths.stake-for-one.none")
      : say("maths.stake-for-one", { car, closing, opening, stake: needed }),
  ].join("\n");
}

function rate({ currency }: LamboAnswer, locale: string): string | undefined {
  if (currency.code === US_DOLLARS.code) return undefined;
  return say("maths.rate", {
    dollar: formatMoneyPrecise(1, US_DOLLARS, locale),
    amount: formatMoneyPrecise(1, currency, locale),
  });
}

function days({ currency, history, valuation }: LamboAnswer, locale: string): string {
  const named = (day: LamboDay) =>
    say("maths.day", {
      day: formatDay(day.on, locale),
      price: formatMoneyPrecise(day.priceUsd, currency, locale),
      lambos: formatNumberPrecise(day.lambos, locale),
    });
  const dailyFrom = history.points[0]?.on;
  const isPartial = valuation.flags.includes("exchange-listing-only");
  const peak = named(valuation.peak);
  const firstLambo =
    valuation.firstLamboDay === null
      ? firstLamboInWords(valuation, locale)
      : named(valuation.firstLamboDay);
  return [
    say("maths.best-day", { day: named(valuation.bestDay) }),
    isPartial && dailyFrom !== undefined
      ? say("maths.peak.since", { from: formatDay(dailyFrom, locale), day: peak })
      : say("maths.peak", { day: peak }),
    say("maths.first-lambo-day", { day: firstLambo }),
  ].join("\n");
}

function origins(answer: LamboAnswer, locale: string): string {
  const sources = answer.history.sources.slice(0, MAX_SOURCES).map((source) =>
    say("maths.source", {
      source: sourceLink(source),
      from: formatDay(source.from, locale),
      to: formatDay(source.to, locale),
    }),
  );
  return [say("maths.sources"), ...sources, carOrigin(answer, locale)].join("\n");
}

function carOrigin({ asked: { car }, currency, valuation }: LamboAnswer, locale: string): string {
  const named = {
    car: carName(car, "markdown"),
    price: formatMoneyPrecise(valuation.carPriceUsd, currency, locale),
  };
  if ("ownPrice" in car) return say("maths.car", named);
  return say("maths.car.source", {
    ...named,
    source: foreign(car.source, MAX_CAR_SOURCE, "markdown"),
    day: formatDay(car.checkedOn, locale),
  });
}
