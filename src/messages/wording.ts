import type { LamboAnswer } from "../answer.ts";
import { carValue } from "../cards/control-id.ts";
import type { Coin } from "../prices/coins/coin.ts";
import { pickByHash } from "../process/hash-fraction.ts";
import { earlier } from "../valuation/calendar.ts";
import { fromUsd } from "../valuation/currency.ts";
import type { Car } from "../valuation/lambo-models.ts";
import type { HistorySource, PriceHistory } from "../valuation/price-record.ts";
import { type Valuation, WINDOW_DAYS } from "../valuation/valuation.ts";
import {
  escapedText,
  formatCount,
  formatDay,
  formatLambos,
  formatMoney,
  formatMultiple,
  formatPercent,
  plainText,
} from "./format.ts";

/**
 * How a text is shown: with Discord's markdown, or bare for the terminal, labels, footers and alt
 * texts.
 */
export type Markup = "markdown" | "plain";

/** What kind of answer this is: decides the verdict's words, the line below them and the colour. */
export type Tier =
  | "dead"
  | "moon-100"
  | "moon-10"
  | "yes"
  | "steady"
  | "loss"
  | "nearly"
  | "part-way"
  | "spare-parts";

/** "for fun, not advice", said once a card. */
export const NOT_ADVICE = "for fun, not advice";

/** What stands on the buttons and in the empty menus. */
export const LABELS = {
  maths: "Show the maths",
  share: "Share",
  stake: "Stake",
  car: "Car",
} as const;

/**
 * CoinGecko's attribution terms want a visible link close to the data;
 * https://brand.coingecko.com/resources/attribution-guide, checked 2026-11-01.
 */
export const COINGECKO_LINK =
  "https://www.coingecko.com?utm_source=dude-wheres-my-lambo&utm_medium=referral";

const MAX_NAME = 60;
const MAX_SYMBOL = 16;
const MAX_SOURCE_NAME = 40;
const MAX_SOURCE_URL = 200;
const MAX_SOURCES = 6;
// Under 2 % either way over at least eight weeks a coin did what a stablecoin does, whatever it
// calls itself.
const STEADY_WITHIN = 0.02;

const VERDICT_LINES: Readonly<Record<Tier, readonly string[]>> = {
  dead: [
    "The tow truck came and went. Somewhere a forum still believes.",
    "It had its years. The engine is cold now, the stories are still warm.",
    "Parked for good. Thank you for the ride.",
    "For sale: one coin, well travelled, does not start.",
    "The garage keeps a light on for it, out of politeness.",
    "It left the road a while ago. Wave as you pass.",
  ],
  "moon-100": [
    "You would need a street. Then a town. Then a mayor.",
    "The garage has its own postcode and a small railway.",
    "Valet parking has asked for a word.",
    "At this size it is no longer a fleet, it is weather.",
    "The dealership would have named a wing after you.",
    "Count them again tomorrow; counting takes that long.",
  ],
  "moon-10": [
    "One for every mood, and a spare for the mood you did not expect.",
    "The neighbours would have questions. And a parking problem.",
    "A convoy is just a traffic jam with a good story.",
    "The difficult part would be remembering where you left them.",
    "The hardest choice of the day: which keys.",
    "The driveway was not built for this, but it would manage.",
  ],
  yes: [
    "Somewhere, another you is looking for the indicator.",
    "Keys on the table. Grocery runs will never be the same.",
    "It has two seats and no room for regrets.",
    "The neighbours would hear you coming, and going, and coming back for the milk.",
    "Check the boot: it holds one rucksack and all of your patience.",
    "In that timeline you are very good at finding speed bumps.",
  ],
  steady: [
    "Flat as a well-kept car park.",
    "Bought, held, sold, and nothing fell off. There is a beauty in it.",
    "The needle did not move. The engineers would call it reliable.",
    "It went exactly nowhere, and kept perfect time.",
    "Not a sports car, more of a very dependable bench.",
    "Cruise control, set to zero.",
  ],
  loss: [
    "The garage is empty, but it is very tidy.",
    "Good news: an empty garage makes a fine table tennis room.",
    "You kept your money and lost only a daydream. Fair trade.",
    "The time machine can stay in the shed for this one.",
    "A bicycle is quieter anyway, and easier to park.",
    "This one is best enjoyed as a story about somebody else.",
  ],
  nearly: [
    "So close that the salesperson remembers your name.",
    "Everything but the last payment and the doors.",
    "You could hear the engine from here.",
    "Nearly there. The keys were already on the counter.",
    "One good coupon away.",
    "It would have been yours, apart from the boot and one wheel.",
  ],
  "part-way": [
    "Enough for the front half. The stylish half.",
    "Two wheels and a steering wheel: technically a start.",
    "You own the engine. It sits in the hallway and looks magnificent.",
    "A respectable share in a car that somebody else drives.",
    "It would have been yours on alternate Tuesdays.",
    "A very nice test drive, and you could have kept the leather.",
  ],
  "spare-parts": [
    "Enough for the key ring, and a long look through the showroom window.",
    "One wing mirror. Objects in it are further away than they appear.",
    "The floor mats would have been yours, and nobody could take them away.",
    "A scale model, with doors that open. It fits every garage.",
    "You could have framed the brochure.",
    "That buys a car wash, and something to dream about while waiting.",
  ],
};

/**
 * Sorts an answer: no longer priced first, then by Lambos, then steady, lost, or how much of one
 * Lambo it makes.
 */
export function tierOf(
  valuation: Pick<Valuation, "flags" | "lambos" | "growthFactor" | "daysOnRecord">,
): Tier {
  const { lambos, growthFactor } = valuation;
  if (valuation.flags.includes("no-longer-priced")) return "dead";
  if (lambos >= 100) return "moon-100";
  if (lambos >= 10) return "moon-10";
  if (lambos >= 1) return "yes";
  if (Math.abs(growthFactor) < STEADY_WITHIN && !valuation.flags.includes("young")) return "steady";
  if (growthFactor < 0) return "loss";
  if (lambos >= 0.5) return "nearly";
  return lambos >= 0.1 ? "part-way" : "spare-parts";
}

/** The verdict in the words that stand over every answer. */
export function verdictWords(valuation: Valuation, locale: string): string {
  const tier = tierOf(valuation);
  if (tier === "dead")
    return `Too late: last priced on ${formatDay(valuation.lastRecordedOn, locale)}`;
  if (tier === "moon-10" || tier === "moon-100") return "To the moon";
  return tier === "yes" ? "You did it" : "No Lambo: good thing you never did that";
}

/** "1.91 Lambos". */
export function lambosInWords(lambos: number, locale: string): string {
  const count = formatLambos(lambos, locale);
  return `${count} ${count === "1" ? "Lambo" : "Lambos"}`;
}

/** The line under the story: one of its tier's, always the same for the same question. */
export function verdictLine({
  coin,
  asked,
  valuation,
}: Pick<LamboAnswer, "coin" | "asked" | "valuation">): string {
  const question = `${coin.coinId} ${asked.stake} ${asked.currency} ${carValue(asked.car)}`;
  return pickByHash(question, VERDICT_LINES[tierOf(valuation)]) ?? "";
}

/** Every line that {@link verdictLine} may give for a tier. */
export function verdictLines(tier: Tier): readonly string[] {
  return VERDICT_LINES[tier];
}

/**
 * The story in one sentence: stake, buying weeks with their average price, selling weeks with
 * theirs, proceeds.
 */
export function storySentence(answer: LamboAnswer, locale: string, markup: Markup): string {
  const { currency, valuation } = answer;
  const money = (amountUsd: number) => formatMoney(amountUsd, currency, locale);
  const stake = strong(money(valuation.stakeUsd), markup);
  const proceeds = strong(money(valuation.proceedsUsd), markup);
  const from = formatDay(valuation.opening.from, locale);
  const opening = `(from ${from}, on average at ${money(valuation.opening.meanUsd)} each)`;
  const name = coinName(answer.coin, markup);
  if (isBoughtAndSoldAtOnce(valuation)) {
    const days = `its only ${formatCount(valuation.daysOnRecord, locale)} days on record`;
    return `${stake} of ${name}, bought and sold over ${days} ${opening}, comes to ${proceeds}.`;
  }
  const isDead = valuation.flags.includes("no-longer-priced");
  const sold = isDead
    ? `over its last four weeks on record, to ${formatDay(valuation.lastRecordedOn, locale)},`
    : "over the last four weeks";
  const closing = `at ${money(valuation.closing.meanUsd)} on average`;
  return `${stake} of ${name}, bought ${openingInWords(valuation, locale)} ${opening} and sold ${sold} ${closing}, comes to ${proceeds}.`;
}

/** When a coin was bought, as words that follow a verb: "over its first four weeks". */
export function openingInWords(valuation: Windows, locale: string): string {
  if (valuation.flags.includes("exchange-listing-only")) {
    const closes = valuation.opening.days;
    return `at an exchange's first ${closes === 4 ? "four" : formatCount(closes, locale)} weekly closes`;
  }
  const { daysOnRecord } = valuation;
  return daysOnRecord < WINDOW_DAYS
    ? `over its first ${formatCount(daysOnRecord, locale)} days`
    : "over its first four weeks";
}

/**
 * True when so few days are on record that the weeks of buying and of selling are the same days.
 */
export function isBoughtAndSoldAtOnce({ daysOnRecord }: Pick<Valuation, "daysOnRecord">): boolean {
  return daysOnRecord <= WINDOW_DAYS;
}

/**
 * First and last UTC day of the opening and the closing window as far as they are on record: in a
 * young coin's windows there are days before its first and after its last one.
 */
export function recordedWindows(valuation: Windows): Readonly<Record<"opening" | "closing", Span>> {
  const { opening, closing, firstRecordedOn, lastRecordedOn } = valuation;
  const beginsTooEarly = closing.from < firstRecordedOn;
  return {
    opening: { from: opening.from, to: earlier(opening.to, lastRecordedOn) },
    closing: { from: beginsTooEarly ? firstRecordedOn : closing.from, to: closing.to },
  };
}

/** UTC days, both included. */
export type Span = { readonly from: string; readonly to: string };

type Windows = Pick<
  Valuation,
  "opening" | "closing" | "firstRecordedOn" | "lastRecordedOn" | "daysOnRecord" | "flags"
>;

/** What the first Lambo day field says, also when there was none. */
export function firstLamboInWords(valuation: Valuation, locale: string): string {
  if (valuation.firstLamboDay !== null) return formatDay(valuation.firstLamboDay.on, locale);
  if (valuation.flags.includes("exchange-listing-only")) return "Not known";
  // A peak worth a Lambo without a first Lambo day can only lie in the window in which the coin is
  // still being bought.
  if (valuation.peak.lambos >= 1) return "Only in its first four weeks";
  return valuation.flags.includes("no-longer-priced") ? "Never" : "Not yet";
}

/**
 * Says what stands in for a server's own stake or car while a currency has no exchange rate;
 * undefined where nothing does.
 */
export function currencyNote({ asked }: Pick<LamboAnswer, "asked">): string | undefined {
  const { rateGap, stake, currency } = asked;
  if (rateGap === undefined) return undefined;
  const usual = [
    ...(rateGap.isStakeUsual ? [`the usual ${stake.toLocaleString("en-US")} ${currency}`] : []),
    ...(rateGap.isCarUsual ? ["the usual car"] : []),
  ];
  const own = [
    ...(rateGap.isStakeUsual ? ["stake"] : []),
    ...(rateGap.isCarUsual ? ["car price"] : []),
  ];
  const verb = usual.length > 1 ? "stand in" : "stands in";
  return `${withoutRate(rateGap.codes.join(" or "))}: ${usual.join(" and ")} ${verb} for this server's own ${own.join(" and ")}.`;
}

/** "No exchange rate for PLN can be had right now": the beginning of every sentence about it. */
export function withoutRate(code: string): string {
  return `No exchange rate for ${foreign(code, MAX_SYMBOL, "plain")} can be had right now`;
}

/**
 * How much of all trading in a coin's first four weeks the stake would have been, for coins whose
 * early record tells it (bitcoin); undefined for the others.
 */
export function tradedInWords(
  { currency, valuation }: Pick<LamboAnswer, "currency" | "valuation">,
  locale: string,
): string | undefined {
  const { flags, openingTradedUsd, stakeUsd } = valuation;
  // A real amount beside invented prices would pass those off as real.
  if (openingTradedUsd === undefined || flags.includes("demo")) return undefined;
  const share = stakeUsd / openingTradedUsd;
  if (!(share > 0 && Number.isFinite(share))) return undefined;
  const traded = Number(fromUsd(openingTradedUsd, currency).toPrecision(3)) / currency.perUsd;
  const all = `All trading in its first four weeks came to about ${formatMoney(traded, currency, locale)}`;
  return `${all}: ${formatMoney(stakeUsd, currency, locale)} would have been ${shareInWords(share, locale)}.`;
}

const FRACTIONS = [
  "all",
  "half",
  "a third",
  "a quarter",
  "a fifth",
  "a sixth",
  "a seventh",
  "an eighth",
  "a ninth",
  "a tenth",
];
const FRACTION_WITHIN = 0.1;

function shareInWords(share: number, locale: string): string {
  const rounded = Number(share.toPrecision(2));
  const parts = Math.max(1, Math.round(1 / share));
  const fraction = Math.abs(share * parts - 1) < FRACTION_WITHIN ? FRACTIONS[parts - 1] : undefined;
  if (fraction !== undefined) return `about ${fraction} of it`;
  return share > 1
    ? `${formatMultiple(rounded, locale)} as much`
    : `about ${formatPercent(rounded, locale)} of it`;
}

/**
 * A coin's name, else its symbol, else its id: never empty, never markup, at most 60 characters
 * before escaping.
 */
export function coinName(coin: Pick<Coin, "coinId" | "name" | "symbol">, markup: Markup): string {
  return foreign(firstVisible([coin.name, coin.symbol, coin.coinId]), MAX_NAME, markup);
}

/**
 * A coin's symbol, else its name, else its id; never empty, at most 16 characters before escaping.
 */
export function coinSymbol(coin: Pick<Coin, "coinId" | "name" | "symbol">, markup: Markup): string {
  return foreign(firstVisible([coin.symbol, coin.name, coin.coinId]), MAX_SYMBOL, markup);
}

/** Which coin is meant, for labels: "Dogecoin · DOGE · #9". At most 100 characters. */
export function coinLabel(coin: Pick<Coin, "coinId" | "name" | "symbol" | "rank">): string {
  const rank = coin.rank === null ? "unranked" : `#${coin.rank}`;
  return [...new Set([coinName(coin, "plain"), coinSymbol(coin, "plain"), rank])].join(" · ");
}

/** What to call a car beside its price. */
export function carName(car: Car, markup: Markup): string {
  return "ownPrice" in car ? "Own price" : foreign(car.name, MAX_NAME, markup);
}

function firstVisible(texts: readonly string[]): string {
  return texts.find((text) => plainText(text, MAX_NAME) !== "") ?? "this coin";
}

/** Text from outside, shortened and made harmless where it is shown. */
export function foreign(text: string, maxLength: number, markup: Markup): string {
  return markup === "markdown" ? escapedText(text, maxLength) : plainText(text, maxLength);
}

/** One source, linked where links work. */
export function sourceLink(source: { readonly name: string; readonly url: string }): string {
  const name = foreign(source.name, MAX_SOURCE_NAME, "markdown");
  const url = source.name === "CoinGecko" ? COINGECKO_LINK : source.url;
  return /^https?:\/\/[^\s()<>]+$/.test(url) && url.length <= MAX_SOURCE_URL && name !== ""
    ? `[${name}](${url})`
    : name;
}

/** Who told some prices, by name and page. */
type Sources = { readonly sources: readonly Pick<HistorySource, "name" | "url">[] };

/** The providers of a history, each once, CoinGecko first. */
export function distinctSources(history: Sources): readonly Pick<HistorySource, "name" | "url">[] {
  const byName = new Map(history.sources.map((source) => [source.name, source]));
  const coinGeckoFirst = [...byName.values()].sort(
    (a, b) => Number(b.name === "CoinGecko") - Number(a.name === "CoinGecko"),
  );
  return coinGeckoFirst.slice(0, MAX_SOURCES);
}

/**
 * The linked attribution that CoinGecko asks for; it also gave the coin's name and rank when the
 * prices are somebody else's.
 */
export function attributionLine(history: Sources & Pick<PriceHistory, "flags">): string {
  const others = distinctSources(history).filter((source) => source.name !== "CoinGecko");
  const isDemo = history.flags.includes("demo");
  const links = [...(isDemo ? [] : [`[CoinGecko](${COINGECKO_LINK})`]), ...others.map(sourceLink)];
  return links.length === 0 ? "" : `Data provided by ${links.join(" · ")}`;
}

function strong(text: string, markup: Markup): string {
  return markup === "markdown" ? `**${text}**` : text;
}
