import type { Coin } from "../prices/coins/coin.ts";
import type { LamboAnswer } from "../questions/answer.ts";
import { daysBetween, earlier } from "../valuation/calendar.ts";
import { fromUsd } from "../valuation/currency.ts";
import { AVERAGE_LAMBO, type Car } from "../valuation/lambo-models.ts";
import type { HistorySource, PriceHistory } from "../valuation/price-record.ts";
import { WINDOW_DAYS } from "../valuation/price-window.ts";
import type { Valuation } from "../valuation/valuation.ts";
import {
  type Days,
  escapedText,
  formatCount,
  formatDay,
  formatLambos,
  formatMoney,
  formatPercent,
  formatTimes,
  isolated,
  LEAST_LAMBOS,
  lambosShown,
  plainText,
} from "./format.ts";
import { alternatives } from "./lists.ts";
import { say } from "./say.ts";

/**
 * How a text is shown: with Discord's markdown, or plain for the terminal, labels, footers and alt
 * texts.
 */
export type Markup = "markdown" | "plain";

/** The kind of answer: it decides the verdict's words, the joke below it and the colour. */
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

/**
 * CoinGecko's attribution terms require a visible link close to the data:
 * https://brand.coingecko.com/resources/attribution-guide, checked 2026-11-01.
 */
export const COINGECKO_LINK =
  "https://www.coingecko.com?utm_source=dude-wheres-my-lambo&utm_medium=referral";

const MAX_NAME = 60;
const MAX_SYMBOL = 16;
const MAX_SOURCE_NAME = 40;
const MAX_SOURCE_URL = 200;
const MAX_SOURCES = 6;
// A coin that moved less than 2 % either way over eight weeks or more behaved like a stablecoin,
// whatever it calls itself.
const STEADY_WITHIN = 0.02;

// Half a Lambo is not nearly one.
const NEARLY_FROM = 0.75;
const PART_WAY_FROM = 0.1;

/**
 * The tier of an answer: dead if the coin is no longer priced; otherwise by whole Lambos, by the
 * part of one Lambo, and below a tenth of one by gain or loss. A flat coin counted with a huge
 * stake may well be nearly a Lambo.
 */
export function tierOf(
  valuation: Pick<Valuation, "flags" | "lambos" | "growthFactor" | "daysOnRecord">,
): Tier {
  const { lambos, growthFactor } = valuation;
  if (valuation.flags.includes("no-longer-priced")) return "dead";
  if (lambos >= 100) return "moon-100";
  if (lambos >= 10) return "moon-10";
  if (lambos >= 1) return "yes";
  if (lambos >= NEARLY_FROM) return "nearly";
  if (lambos >= PART_WAY_FROM) return "part-way";
  const isFlat = Math.abs(growthFactor) < STEADY_WITHIN && !valuation.flags.includes("young");
  if (isFlat || growthFactor === 0) return "steady";
  return growthFactor < 0 ? "loss" : "spare-parts";
}

/** The verdict with the number of Lambos, the heading of every answer: "You did it · 2 Lambos". */
export function verdictTitle(
  answer: Pick<LamboAnswer, "valuation" | "bought">,
  locale: string,
): string {
  const { valuation } = answer;
  const kind = purchaseKind(answer);
  if (kind === "listing") return verdictInWords(valuation, locale);
  const verdict =
    tierOf(valuation) === "loss"
      ? say(locale, "verdict.loss.briefly")
      : verdictInWords(valuation, locale);
  return kind === "peak"
    ? say(locale, "verdict.bought-at-peak", { verdict })
    : say(locale, "verdict.bought", { verdict, day: formatDay(valuation.opening.from, locale) });
}

/** How a purchase that was not made at the listing was asked for: each kind has its sentences. */
export type PurchaseKind = "listing" | "bought" | "peak" | "server-joined" | "account-made";

/** What is said of when a coin was bought; a day before its first price is the listing. */
export function purchaseKind({
  bought,
  valuation,
}: Pick<LamboAnswer, "valuation" | "bought">): PurchaseKind {
  if (bought === undefined) return "listing";
  const { by } = bought.asked;
  if (by === "peak") return by;
  if (bought.askedOn < bought.on) return "listing";
  if (by === "day") return isBoughtLater(valuation) ? "bought" : "listing";
  return by;
}

/** Whether the coin was bought on a later day than its listing. */
export function isBoughtLater({
  opening,
  firstRecordedOn,
}: Pick<Valuation, "opening" | "firstRecordedOn">): boolean {
  return opening.from > firstRecordedOn;
}

/** Days from the purchase to the last price, both included. */
export function daysHeld({
  opening,
  lastRecordedOn,
}: Pick<Valuation, "opening" | "lastRecordedOn">): number {
  return daysBetween(opening.from, lastRecordedOn) + 1;
}

/**
 * What is to be said of how the day of buying was read. Whose joining is meant is said to the asker
 * in the story, and to everybody else here.
 */
export function boughtNotes(
  answer: Pick<LamboAnswer, "coin" | "valuation" | "bought">,
  locale: string,
  markup: Markup,
  { isAsker = false }: { readonly isAsker?: boolean } = {},
): readonly string[] {
  const { bought, coin } = answer;
  if (bought === undefined) return [];
  const { asked, askedOn, on } = bought;
  const notes: string[] = [];
  if (asked.by === "day" && asked.ambiguousDay !== undefined)
    notes.push(
      say(locale, "bought.read-as", {
        typed: foreign(asked.ambiguousDay.typed, MAX_NAME, markup),
        day: formatDay(askedOn, locale),
        alternative: formatDay(asked.ambiguousDay.alternativeOn, locale),
      }),
    );
  if (askedOn < on)
    notes.push(
      say(locale, "bought.before-record", {
        coin: coinName(coin, locale, markup),
        day: formatDay(on, locale),
      }),
    );
  const kind = purchaseKind(answer);
  if (!isAsker && (kind === "server-joined" || kind === "account-made"))
    notes.push(say(locale, `bought.${kind}`));
  return notes;
}

function verdictInWords(valuation: Valuation, locale: string): string {
  const tier = tierOf(valuation);
  if (tier === "loss") return say(locale, "verdict.loss");
  if (tier === "dead" && valuation.lambos === 0) return say(locale, "verdict.dead.none");
  return say(locale, `verdict.${tier}`, { lambos: lambosBriefly(valuation.lambos, locale) });
}

/** "1.91 Lambos", and "under 0.001 Lambos" for what is next to none. */
export function lambosBriefly(lambos: number, locale: string): string {
  return lambos > 0 && lambos < LEAST_LAMBOS
    ? say(locale, "lambos.below", { text: formatLambos(LEAST_LAMBOS, locale) })
    : lambosInWords(lambos, locale);
}

/** "1.91 Lambos". */
export function lambosInWords(lambos: number, locale: string): string {
  return say(locale, "lambos", lambosShown(lambos, locale));
}

/** When a coin was bought, as words that follow a verb: "over its first four weeks". */
export function openingInWords(
  answer: Pick<LamboAnswer, "valuation" | "bought">,
  locale: string,
): string {
  const { valuation } = answer;
  if (isBoughtLater(valuation)) {
    const days = daysHeld(valuation);
    if (days < WINDOW_DAYS)
      return say(locale, "opening.bought-days", { days: formatCount(days, locale), count: days });
    return purchaseKind(answer) === "peak"
      ? say(locale, "opening.peak")
      : say(locale, "opening.bought");
  }
  if (valuation.flags.includes("exchange-listing-only")) {
    const count = valuation.opening.days;
    return say(locale, "opening.exchange", { count, closes: formatCount(count, locale) });
  }
  const { daysOnRecord } = valuation;
  return daysOnRecord < WINDOW_DAYS
    ? say(locale, "opening.days", {
        days: formatCount(daysOnRecord, locale),
        count: daysOnRecord,
      })
    : say(locale, "opening.weeks");
}

/** Whether the coin was held so briefly that buying and selling happen on the same days. */
export function isBoughtAndSoldAtOnce(
  valuation: Pick<Valuation, "opening" | "lastRecordedOn">,
): boolean {
  return daysHeld(valuation) <= WINDOW_DAYS;
}

/**
 * The first and last UTC day of both windows, limited to the days on record from the purchase on:
 * the windows of a young coin reach beyond its first and last day.
 */
export function recordedWindows(valuation: Windows): Readonly<Record<"opening" | "closing", Days>> {
  const { opening, closing, lastRecordedOn } = valuation;
  const beginsTooEarly = closing.from < opening.from;
  return {
    opening: { from: opening.from, to: earlier(opening.to, lastRecordedOn) },
    closing: { from: beginsTooEarly ? opening.from : closing.from, to: closing.to },
  };
}

type Windows = Pick<
  Valuation,
  "opening" | "closing" | "firstRecordedOn" | "lastRecordedOn" | "daysOnRecord" | "flags"
>;

/** The first Lambo day in words, or that there was none. */
export function firstLamboInWords(valuation: Valuation, locale: string): string {
  if (valuation.firstLamboDay !== null) return formatDay(valuation.firstLamboDay.on, locale);
  if (valuation.flags.includes("exchange-listing-only")) return say(locale, "first-lambo.unknown");
  // A peak worth a Lambo without a first Lambo day can only be in the opening window, while the
  // coin is still being bought.
  if (valuation.peak.lambos >= 1)
    return isBoughtLater(valuation)
      ? say(locale, "first-lambo.only-while-buying.bought")
      : say(locale, "first-lambo.only-while-buying");
  return valuation.flags.includes("no-longer-priced")
    ? say(locale, "first-lambo.never")
    : say(locale, "first-lambo.not-yet");
}

/**
 * Says what replaces a server's own stake or car while a currency has no exchange rate; undefined
 * if nothing is replaced.
 */
export function currencyNote(
  { asked }: Pick<LamboAnswer, "asked">,
  locale: string,
): string | undefined {
  const { rateGap, stake, currency } = asked;
  if (rateGap === undefined) return undefined;
  const values = {
    currencies: currencyCode(alternatives(rateGap.codes, locale)),
    stake: formatCount(stake, locale),
    currency,
  };
  if (!rateGap.isStakeUsual)
    return say(locale, "no-rate.usual-car", { currencies: values.currencies });
  return rateGap.isCarUsual
    ? say(locale, "no-rate.usual-stake-and-car", values)
    : say(locale, "no-rate.usual-stake", values);
}

/** Says how a stake was read that could have meant another amount; undefined if it was clear. */
export function readAsNote(
  { asked, currency }: Pick<LamboAnswer, "asked" | "currency">,
  locale: string,
  markup: Markup,
): string | undefined {
  if (asked.ambiguousStake === undefined) return undefined;
  const { typed, alternative } = asked.ambiguousStake;
  return say(locale, "amount.read-as", {
    typed: foreign(typed, MAX_NAME, markup),
    amount: formatMoney(asked.stake / currency.perUsd, currency, locale),
    alternative: formatMoney(alternative / currency.perUsd, currency, locale),
  });
}

/** A currency's code as people may see it, whatever it was typed as. */
export function currencyCode(code: string): string {
  return foreign(code, MAX_SYMBOL, "plain");
}

/**
 * The stake as a share of all trading in a coin's first four weeks; undefined for coins whose early
 * volume is not on record (all but bitcoin). `briefly` leaves out the amounts.
 */
export function tradedInWords(
  { currency, valuation }: Pick<LamboAnswer, "currency" | "valuation">,
  locale: string,
  { briefly = false }: { readonly briefly?: boolean } = {},
): string | undefined {
  const { flags, openingTradedUsd, stakeUsd } = valuation;
  // A real amount next to invented prices would make them look real.
  if (openingTradedUsd === undefined || flags.includes("demo")) return undefined;
  const share = stakeUsd / openingTradedUsd;
  if (!(share > 0 && Number.isFinite(share))) return undefined;
  const tradedUsd = Number(fromUsd(openingTradedUsd, currency).toPrecision(3)) / currency.perUsd;
  const parts = Math.max(1, Math.round(1 / share));
  const rounded = Number(share.toPrecision(2));
  const values = {
    traded: formatMoney(tradedUsd, currency, locale),
    stake: formatMoney(stakeUsd, currency, locale),
    parts,
    times: formatTimes(rounded, locale),
    percent: formatPercent(rounded, locale),
  };
  const form =
    parts <= MAX_PARTS && Math.abs(share * parts - 1) < FRACTION_WITHIN
      ? "fraction"
      : share > 1
        ? "times"
        : "percent";
  return briefly
    ? say(locale, `traded-briefly.${form}`, values)
    : say(locale, `traded.${form}`, values);
}

// Down to "a tenth".
const MAX_PARTS = 10;
const FRACTION_WITHIN = 0.1;

/**
 * A coin's name, else its symbol, else its id: never empty, never markup, at most 60 characters
 * before escaping.
 */
export function coinName(
  coin: Pick<Coin, "coinId" | "name" | "symbol">,
  locale: string,
  markup: Markup,
): string {
  return foreign(firstVisible([coin.name, coin.symbol, coin.coinId], locale), MAX_NAME, markup);
}

/**
 * A coin's symbol, else its name, else its id; never empty, at most 16 characters before escaping.
 */
export function coinSymbol(
  coin: Pick<Coin, "coinId" | "name" | "symbol">,
  locale: string,
  markup: Markup,
): string {
  return foreign(firstVisible([coin.symbol, coin.name, coin.coinId], locale), MAX_SYMBOL, markup);
}

/** The coin's name, or where that is too long for a sentence on a phone its symbol. */
export function shortName(
  coin: Pick<Coin, "coinId" | "name" | "symbol">,
  locale: string,
  markup: Markup,
): string {
  return coinName(coin, locale, "plain").length > MAX_NAME_IN_SENTENCE
    ? coinSymbol(coin, locale, markup)
    : coinName(coin, locale, markup);
}

const MAX_NAME_IN_SENTENCE = 24;

/** Which coin is meant, for labels: "Dogecoin · DOGE · #9". At most 100 characters. */
export function coinLabel(
  coin: Pick<Coin, "coinId" | "name" | "symbol" | "rank">,
  locale: string,
): string {
  const rank = coin.rank === null ? say(locale, "coin.unranked") : `#${coin.rank}`;
  return [
    ...new Set([coinName(coin, locale, "plain"), coinSymbol(coin, locale, "plain"), rank]),
  ].join(" · ");
}

/** Says that another name than the coin's was typed: "Taken for Dogecoin." */
export function takenForInWords(
  { coin }: Pick<LamboAnswer, "coin">,
  locale: string,
  markup: Markup,
): string {
  return say(locale, "taken-for", { coin: coinName(coin, locale, markup) });
}

/** The name of a car, shown next to its price. */
export function carName(car: Car, locale: string, markup: Markup): string {
  if ("ownPrice" in car) return say(locale, "car.own-price");
  return car.key === AVERAGE_LAMBO.key
    ? say(locale, "car.average")
    : foreign(car.name, MAX_NAME, markup);
}

function firstVisible(texts: readonly string[], locale: string): string {
  return texts.find((text) => plainText(text, MAX_NAME) !== "") ?? say(locale, "coin.unnamed");
}

/** Text from outside, shortened, escaped and isolated for where it is shown. */
export function foreign(text: string, maxLength: number, markup: Markup): string {
  return markup === "markdown"
    ? escapedText(text, maxLength)
    : isolated(plainText(text, maxLength));
}

/** The name of a source, as a markdown link if its address is usable. */
export function sourceLink(source: { readonly name: string; readonly url: string }): string {
  const name = foreign(source.name, MAX_SOURCE_NAME, "markdown");
  const url = source.name === "CoinGecko" ? COINGECKO_LINK : source.url;
  return /^https?:\/\/[^\s()<>]+$/.test(url) && url.length <= MAX_SOURCE_URL && name !== ""
    ? `[${name}](${url})`
    : name;
}

/** The sources of prices, by name and page. */
type Sources = { readonly sources: readonly Pick<HistorySource, "name" | "url">[] };

/** The sources of a history, each once, CoinGecko first. */
export function distinctSources(history: Sources): readonly Pick<HistorySource, "name" | "url">[] {
  const byName = new Map(history.sources.map((source) => [source.name, source]));
  const coinGeckoFirst = [...byName.values()].sort(
    (a, b) => Number(b.name === "CoinGecko") - Number(a.name === "CoinGecko"),
  );
  return coinGeckoFirst.slice(0, MAX_SOURCES);
}

/**
 * The linked attribution that CoinGecko requires: it provides the coin's name and rank even when
 * the prices come from another source. Empty for invented prices, which nobody provided.
 */
export function attributionLine(
  history: Sources & Pick<PriceHistory, "flags">,
  locale: string,
): string {
  const others = distinctSources(history).filter((source) => source.name !== "CoinGecko");
  const links = history.flags.includes("demo")
    ? others.filter(({ url }) => url.startsWith("http")).map(sourceLink)
    : [`[CoinGecko](${COINGECKO_LINK})`, ...others.map(sourceLink)];
  return links.length === 0 ? "" : say(locale, "attribution", { sources: links.join(" · ") });
}

/** Text that stands out where markdown is read. */
export function strong(text: string, markup: Markup): string {
  return markup === "markdown" ? `**${text}**` : text;
}
