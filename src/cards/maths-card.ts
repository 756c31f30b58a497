import type { APIEmbed } from "discord-api-types/v10";
import type { LamboAnswer } from "../answer.ts";
import type { Reply } from "../discord/command.ts";
import { DEMO_NOTICE } from "../prices/demo-market.ts";
import type { LamboDay } from "../valuation/valuation.ts";
import { daysBetween } from "../valuation/valuation.ts";
import { TIER_COLOURS } from "./answer-card.ts";
import { formatCount, formatDay, formatNumberPrecise, formatUsdPrecise } from "./format.ts";
import { coinName, coinSymbol, firstLamboInWords, foreign, sourceLink, tierOf } from "./wording.ts";

const MAX_SOURCES = 6;
const MAX_CAR_TEXT = 80;

/** The arithmetic behind an answer, every number with the digits that a reader with a calculator needs. Meant for the asker alone. */
export function mathsCard(answer: LamboAnswer, { locale }: { readonly locale: string }): Reply {
  const { coin, valuation } = answer;
  const embed: APIEmbed = {
    title: `The maths: ${coinName(coin, "plain")} (${coinSymbol(coin, "plain")})`,
    description: [
      valuation.flags.includes("demo") ? `**⚠️ ${DEMO_NOTICE}**` : undefined,
      windows(answer, locale),
      formulas(answer, locale),
      days(answer, locale),
      origins(answer, locale),
    ]
      .filter((paragraph) => paragraph !== undefined)
      .join("\n\n"),
    color: TIER_COLOURS[tierOf(valuation)],
  };
  return { embeds: [embed] };
}

function windows({ history, valuation }: LamboAnswer, locale: string): string {
  const { opening, closing } = valuation;
  const span = ({ from, to }: { from: string; to: string }) => `${formatDay(from, locale)} to ${formatDay(to, locale)}`;
  const priced = (window: { from: string; to: string; days: number }) =>
    `mean of the ${formatCount(window.days, locale)} daily prices in those ${formatCount(daysBetween(window.from, window.to) + 1, locale)} days`;
  const openingBasis =
    history.listingCloses === undefined
      ? priced(opening)
      : `mean of the exchange's first ${formatCount(history.listingCloses.length, locale)} weekly closes`;
  return [
    `First recorded market price: ${formatDay(valuation.firstRecordedOn, locale)}. ${formatCount(valuation.daysOnRecord, locale)} days on record.`,
    `**Opening price** = ${formatUsdPrecise(opening.meanUsd, locale)}`,
    `${span(opening)}, ${openingBasis}`,
    `**Closing price** = ${formatUsdPrecise(closing.meanUsd, locale)}`,
    `${span(closing)}, ${priced(closing)}`,
  ].join("\n");
}

function formulas({ coin, valuation }: LamboAnswer, locale: string): string {
  const usd = (amountUsd: number) => formatUsdPrecise(amountUsd, locale);
  const number = (amount: number) => formatNumberPrecise(amount, locale);
  const { stakeUsd, coins, proceedsUsd, profitUsd, growthFactor, carPriceUsd, lambos } = valuation;
  const opening = usd(valuation.opening.meanUsd);
  const closing = usd(valuation.closing.meanUsd);
  const stakeForOne =
    valuation.stakeForOneLamboUsd === null
      ? "none, because the coin grew by less than 0.1%"
      : `car price ÷ (closing ÷ opening − 1) = ${usd(carPriceUsd)} ÷ (${closing} ÷ ${opening} − 1) = ${usd(valuation.stakeForOneLamboUsd)}`;
  return [
    `**Coins** = stake ÷ opening = ${usd(stakeUsd)} ÷ ${opening} = ${number(coins)} ${coinSymbol(coin, "markdown")}`,
    `**Proceeds** = coins × closing = ${number(coins)} × ${closing} = ${usd(proceedsUsd)}`,
    `**Profit** = proceeds − stake = ${usd(proceedsUsd)} − ${usd(stakeUsd)} = ${usd(profitUsd)}`,
    `**Growth factor** = profit ÷ stake = ${usd(profitUsd)} ÷ ${usd(stakeUsd)} = ${number(growthFactor)}`,
    profitUsd < 0
      ? `**Lambos** = 0, because there is no profit to spend`
      : `**Lambos** = profit ÷ car price = ${usd(profitUsd)} ÷ ${usd(carPriceUsd)} = ${number(lambos)}`,
    `**Stake for one Lambo** = ${stakeForOne}`,
  ].join("\n");
}

function days({ history, valuation }: LamboAnswer, locale: string): string {
  const named = (day: LamboDay) =>
    `${formatDay(day.on, locale)}, ${formatUsdPrecise(day.priceUsd, locale)}, ${formatNumberPrecise(day.lambos, locale)} Lambos`;
  const dailyFrom = history.points[0]?.on;
  const isPartial = valuation.flags.includes("exchange-listing-only");
  const covered = isPartial && dailyFrom !== undefined ? ` since ${formatDay(dailyFrom, locale)}, where the daily record starts` : "";
  const firstLambo = valuation.firstLamboDay === null ? firstLamboInWords(valuation, locale) : named(valuation.firstLamboDay);
  return [
    `**Best day** of the closing weeks: ${named(valuation.bestDay)}`,
    `**Peak**${covered}: ${named(valuation.peak)}`,
    `**First Lambo day** after the opening weeks: ${firstLambo}`,
  ].join("\n");
}

function origins({ car, history, valuation }: LamboAnswer, locale: string): string {
  const sources = history.sources
    .slice(0, MAX_SOURCES)
    .map((source) => `${sourceLink(source)}: ${formatDay(source.from, locale)} to ${formatDay(source.to, locale)}`);
  const carSource = foreign(car.source, MAX_CAR_TEXT, "markdown");
  return [
    "**Prices from**",
    ...sources,
    `**Car**: ${foreign(car.name, MAX_CAR_TEXT, "markdown")}, ${formatUsdPrecise(valuation.carPriceUsd, locale)} (${carSource}, checked ${formatDay(car.checkedOn, locale)})`,
  ].join("\n");
}
