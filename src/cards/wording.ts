import { createHash } from "node:crypto";
import type { LamboAnswer } from "../answer.ts";
import type { Coin } from "../prices/coin.ts";
import { DEMO_NOTICE } from "../prices/demo-market.ts";
import { knownListing, lambosSinceListing } from "../prices/known-listings.ts";
import type { Car } from "../valuation/lambo-models.ts";
import type { Flag, HistorySource, OddClose, PriceHistory, Valuation } from "../valuation/valuation.ts";
import { carValue } from "./control-id.ts";
import { escapedText, formatAge, formatDay, formatLambos, formatMoney, plainText } from "./format.ts";

/** How a text is shown: with Discord's markdown, or bare for the terminal, labels, footers and alt texts. */
export type Markup = "markdown" | "plain";

/** What kind of answer this is: decides the verdict's words, the line below them and the colour. */
export type Tier = "dead" | "moon-100" | "moon-10" | "yes" | "steady" | "loss" | "nearly" | "part-way" | "spare-parts";

/** "for fun, not advice", said once a card. */
export const NOT_ADVICE = "for fun, not advice";

/** What stands on the buttons and in the empty menus. */
export const LABELS = { maths: "Show the maths", share: "Share", stake: "Stake", car: "Car" } as const;

/** CoinGecko's attribution terms want a visible link close to the data; https://brand.coingecko.com/resources/attribution-guide, checked 2026-11-01. */
export const COINGECKO_LINK = "https://www.coingecko.com?utm_source=dude-wheres-my-lambo&utm_medium=referral";

const MAX_NAME = 60;
const MAX_SYMBOL = 16;
const MAX_SOURCE_NAME = 40;
const MAX_SOURCE_URL = 200;
const MAX_SOURCES = 6;
// Under 2 % either way over at least eight weeks a coin did what a stablecoin does, whatever it calls itself.
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

/** Sorts an answer: no longer priced first, then by Lambos, then steady, lost, or how much of one Lambo it makes. */
export function tierOf(valuation: Pick<Valuation, "flags" | "lambos" | "growthFactor" | "daysOnRecord">): Tier {
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
  if (tier === "dead") return `Too late: last priced on ${formatDay(valuation.lastRecordedOn, locale)}`;
  if (tier === "moon-10" || tier === "moon-100") return "To the moon";
  return tier === "yes" ? "You did it" : "No Lambo: good thing you never did that";
}

/** "1.91 Lambos". */
export function lambosInWords(lambos: number, locale: string): string {
  const count = formatLambos(lambos, locale);
  return `${count} ${count === "1" ? "Lambo" : "Lambos"}`;
}

/** The line under the story: one of its tier's, always the same for the same question. */
export function verdictLine({ coin, asked, valuation }: Pick<LamboAnswer, "coin" | "asked" | "valuation">): string {
  const lines = VERDICT_LINES[tierOf(valuation)];
  const question = `${coin.coinId} ${asked.stake} ${asked.currency} ${carValue(asked.car)}`;
  const pick = createHash("sha256").update(question).digest().readUInt32BE(0) % lines.length;
  return lines[pick] ?? "";
}

/** Every line that {@link verdictLine} may give for a tier. */
export function verdictLines(tier: Tier): readonly string[] {
  return VERDICT_LINES[tier];
}

/** The story in one sentence: stake, day, opening price, closing price, proceeds. */
export function storySentence(answer: LamboAnswer, locale: string, markup: Markup): string {
  const { currency, valuation } = answer;
  const money = (amountUsd: number) => formatMoney(amountUsd, currency, locale);
  const stake = strong(money(valuation.stakeUsd), markup);
  const proceeds = strong(money(valuation.proceedsUsd), markup);
  const opening = money(valuation.opening.meanUsd);
  const closing = money(valuation.closing.meanUsd);
  const listed = formatDay(valuation.firstRecordedOn, locale);
  const isDead = valuation.flags.includes("no-longer-priced");
  const sold = isDead ? `over its last recorded month, to ${formatDay(valuation.lastRecordedOn, locale)},` : "over the last month";
  const name = coinName(answer.coin, markup);
  return `${stake} of ${name}, bought when it was first priced (${listed}, about ${opening} each) and sold ${sold} at about ${closing} each, comes to ${proceeds}.`;
}

/** What the first Lambo day field says, also when there was none. */
export function firstLamboInWords(valuation: Valuation, locale: string): string {
  if (valuation.firstLamboDay !== null) return formatDay(valuation.firstLamboDay.on, locale);
  if (valuation.flags.includes("exchange-listing-only")) return "Not known";
  // A peak worth a Lambo without a first Lambo day can only lie in the window in which the coin is still being bought.
  if (valuation.peak.lambos >= 1) return "Only in its first four weeks";
  return valuation.flags.includes("no-longer-priced") ? "Never" : "Not yet";
}

/** A flag as a short plain note. `now` is the instant of the answer, against which the age of old prices is told. */
export function flagNote(flag: Flag, answer: Pick<LamboAnswer, "history" | "valuation">, locale: string, now: Date): string {
  const { history, valuation } = answer;
  switch (flag) {
    case "launch-spike":
      return "Its very first price was far above the days that followed, so the opening price is on the high side.";
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
    case "launch-run":
      return "It rose steeply within its first four weeks, so the average opening price lies far above its very first price.";
    case "odd-price":
      return oddPriceNote(history.oddCloses ?? [], locale);
    case "erratic":
      return "Its price jumps to ten times its usual level and back again and again: a thin market, in which every figure is rough.";
    case "sources-disagree":
      return "The price jumps five-fold or more in one day and stays there: part of the record may be in another unit, or mean another coin.";
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

function oddPriceNote(closes: readonly OddClose[], locale: string): string {
  const size = ({ timesLevel }: OddClose) => Math.abs(Math.log(timesLevel));
  const largest = closes.reduce<OddClose | undefined>(
    (most, close) => (most === undefined || size(close) > size(most) ? close : most),
    undefined,
  );
  const count = closes.length === 1 ? "One close stands" : `${closes.length} closes stand`;
  const where = largest === undefined ? "" : ` (the furthest on ${formatDay(largest.on, locale)})`;
  const pending = closes.some(({ isNewest }) => isNewest) ? " The newest count from the fourth day, if the price stays there." : "";
  return `${count} too far from the days around to be believed, and ${closes.length === 1 ? "is" : "are"} left out${where}.${pending}`;
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
  const own = [...(rateGap.isStakeUsual ? ["stake"] : []), ...(rateGap.isCarUsual ? ["car price"] : [])];
  const verb = usual.length > 1 ? "stand in" : "stands in";
  return `${withoutRate(rateGap.codes.join(" or "))}: ${usual.join(" and ")} ${verb} for this server's own ${own.join(" and ")}.`;
}

/** "No exchange rate for PLN can be had right now": the beginning of every sentence about it. */
export function withoutRate(code: string): string {
  return `No exchange rate for ${foreign(code, MAX_SYMBOL, "plain")} can be had right now`;
}

/** "Traded from July 2010 at about $0.05: that would be N Lambos", for coins older than any provider's data; undefined for the others. */
export function knownListingLine(
  { currency, valuation }: Pick<LamboAnswer, "currency" | "valuation">,
  locale: string,
  markup: Markup,
): string | undefined {
  const listing = knownListing(valuation.coinId);
  // A real price beside invented ones would pass the sum off as real.
  if (listing === undefined || valuation.flags.includes("demo")) return undefined;
  const lambos = lambosInWords(lambosSinceListing(listing, valuation), locale);
  const traded = `Traded from ${listing.when}`;
  const cited = markup === "markdown" ? `[${traded}](${listing.source.url})` : traded;
  return `${cited} at about ${formatMoney(listing.priceUsd, currency, locale)}: that would be ${lambos}.`;
}

/** A coin's name, else its symbol, else its id: never empty, never markup, at most 60 characters before escaping. */
export function coinName(coin: Pick<Coin, "coinId" | "name" | "symbol">, markup: Markup): string {
  return foreign(firstVisible([coin.name, coin.symbol, coin.coinId]), MAX_NAME, markup);
}

/** A coin's symbol, else its name, else its id; never empty, at most 16 characters before escaping. */
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
  return /^https?:\/\/[^\s()<>]+$/.test(url) && url.length <= MAX_SOURCE_URL && name !== "" ? `[${name}](${url})` : name;
}

/** Who told some prices, by name and page. */
type Sources = { readonly sources: readonly Pick<HistorySource, "name" | "url">[] };

/** The providers of a history, each once, CoinGecko first. */
export function distinctSources(history: Sources): readonly Pick<HistorySource, "name" | "url">[] {
  const byName = new Map(history.sources.map((source) => [source.name, source]));
  const coinGeckoFirst = [...byName.values()].sort((a, b) => Number(b.name === "CoinGecko") - Number(a.name === "CoinGecko"));
  return coinGeckoFirst.slice(0, MAX_SOURCES);
}

/** The linked attribution that CoinGecko asks for; it also gave the coin's name and rank when the prices are somebody else's. */
export function attributionLine(history: Sources & Pick<PriceHistory, "flags">): string {
  const others = distinctSources(history).filter((source) => source.name !== "CoinGecko");
  const isDemo = history.flags.includes("demo");
  const links = [...(isDemo ? [] : [`[CoinGecko](${COINGECKO_LINK})`]), ...others.map(sourceLink)];
  return links.length === 0 ? "" : `Data provided by ${links.join(" · ")}`;
}

function strong(text: string, markup: Markup): string {
  return markup === "markdown" ? `**${text}**` : text;
}
