import type { APIEmbed } from "discord-api-types/v10";
import type { LamboAnswer } from "../answer.ts";
import type { Reply } from "../discord/reply.ts";
import {
  formatCount,
  formatDay,
  formatMoneyPrecise,
  formatNumberPrecise,
} from "../messages/format.ts";
import { stakeForOnePrecisely } from "../messages/stake-for-one.ts";
import {
  carName,
  coinName,
  coinSymbol,
  firstLamboInWords,
  foreign,
  recordedWindows,
  sourceLink,
  tierOf,
} from "../messages/wording.ts";
import { DEMO_NOTICE } from "../prices/demo-market.ts";
import { daysBetween } from "../valuation/calendar.ts";
import { US_DOLLARS } from "../valuation/currency.ts";
import type { LamboDay } from "../valuation/valuation.ts";
import { TIER_COLOURS } from "./answer-card.ts";

const MAX_SOURCES = 6;
const MAX_CAR_SOURCE = 80;

/**
 * The arithmetic behind an answer, every number with the digits that a reader with a calculator
 * needs. Meant for the asker alone.
 */
export function mathsCard(answer: LamboAnswer, { locale }: { readonly locale: string }): Reply {
  const { coin, valuation } = answer;
  const embed: APIEmbed = {
    title: `The maths: ${coinName(coin, "plain")} (${coinSymbol(coin, "plain")})`,
    description: [
      valuation.flags.includes("demo") ? `**⚠️ ${DEMO_NOTICE}**` : undefined,
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
  const span = ({ from, to }: { from: string; to: string }) =>
    `${formatDay(from, locale)} to ${formatDay(to, locale)}`;
  const priced = (days: number, { from, to }: { from: string; to: string }) =>
    `mean of the ${formatCount(days, locale)} daily prices in those ${formatCount(daysBetween(from, to) + 1, locale)} days`;
  const openingBasis =
    history.listingCloses === undefined
      ? priced(opening.days, recorded.opening)
      : `mean of the exchange's first ${formatCount(history.listingCloses.length, locale)} weekly closes`;
  return [
    `First recorded market price: ${formatDay(valuation.firstRecordedOn, locale)}. ${formatCount(valuation.daysOnRecord, locale)} days on record.`,
    `**Opening price** = ${formatMoneyPrecise(opening.meanUsd, currency, locale)}`,
    `${span(recorded.opening)}, ${openingBasis}`,
    `**Closing price** = ${formatMoneyPrecise(closing.meanUsd, currency, locale)}`,
    `${span(recorded.closing)}, ${priced(closing.days, recorded.closing)}`,
  ].join("\n");
}

function formulas({ coin, currency, valuation }: LamboAnswer, locale: string): string {
  const money = (amountUsd: number) => formatMoneyPrecise(amountUsd, currency, locale);
  const number = (amount: number) => formatNumberPrecise(amount, locale);
  const { stakeUsd, coins, proceedsUsd, profitUsd, growthFactor, carPriceUsd, lambos } = valuation;
  const opening = money(valuation.opening.meanUsd);
  const closing = money(valuation.closing.meanUsd);
  const needed = stakeForOnePrecisely(valuation, currency, locale);
  const stakeForOne =
    needed === undefined
      ? "none, because the coin grew by less than 0.1%"
      : `car price ÷ (closing ÷ opening − 1) = ${money(carPriceUsd)} ÷ (${closing} ÷ ${opening} − 1) = ${needed}, rounded up`;
  return [
    `**Coins** = stake ÷ opening = ${money(stakeUsd)} ÷ ${opening} = ${number(coins)} ${coinSymbol(coin, "markdown")}`,
    `**Proceeds** = coins × closing = ${number(coins)} × ${closing} = ${money(proceedsUsd)}`,
    `**Profit** = proceeds − stake = ${money(proceedsUsd)} − ${money(stakeUsd)} = ${money(profitUsd)}`,
    `**Growth factor** = profit ÷ stake = ${money(profitUsd)} ÷ ${money(stakeUsd)} = ${number(growthFactor)}`,
    profitUsd < 0
      ? `**Lambos** = 0, because there is no profit to spend`
      : `**Lambos** = profit ÷ car price = ${money(profitUsd)} ÷ ${money(carPriceUsd)} = ${number(lambos)}`,
    `**Stake for one Lambo** = ${stakeForOne}`,
  ].join("\n");
}

function rate({ currency }: LamboAnswer, locale: string): string | undefined {
  if (currency.code === US_DOLLARS.code) return undefined;
  return `**Exchange rate**: ${formatMoneyPrecise(1, US_DOLLARS, locale)} = ${formatMoneyPrecise(1, currency, locale)} today, for every day; the prices come in US dollars`;
}

function days({ currency, history, valuation }: LamboAnswer, locale: string): string {
  const named = (day: LamboDay) =>
    `${formatDay(day.on, locale)}, ${formatMoneyPrecise(day.priceUsd, currency, locale)}, ${formatNumberPrecise(day.lambos, locale)} Lambos`;
  const dailyFrom = history.points[0]?.on;
  const isPartial = valuation.flags.includes("exchange-listing-only");
  const covered =
    isPartial && dailyFrom !== undefined
      ? ` since ${formatDay(dailyFrom, locale)}, where the daily record starts`
      : "";
  const firstLambo =
    valuation.firstLamboDay === null
      ? firstLamboInWords(valuation, locale)
      : named(valuation.firstLamboDay);
  return [
    `**Best day** of the closing weeks: ${named(valuation.bestDay)}`,
    `**Peak**${covered}: ${named(valuation.peak)}`,
    `**First Lambo day** after the opening weeks: ${firstLambo}`,
  ].join("\n");
}

function origins(answer: LamboAnswer, locale: string): string {
  const sources = answer.history.sources
    .slice(0, MAX_SOURCES)
    .map(
      (source) =>
        `${sourceLink(source)}: ${formatDay(source.from, locale)} to ${formatDay(source.to, locale)}`,
    );
  return ["**Prices from**", ...sources, carOrigin(answer, locale)].join("\n");
}

function carOrigin({ asked: { car }, currency, valuation }: LamboAnswer, locale: string): string {
  const named = `**Car**: ${carName(car, "markdown")}, ${formatMoneyPrecise(valuation.carPriceUsd, currency, locale)}`;
  if ("ownPrice" in car) return named;
  return `${named} (${foreign(car.source, MAX_CAR_SOURCE, "markdown")}, checked ${formatDay(car.checkedOn, locale)})`;
}
