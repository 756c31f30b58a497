import {
  formatAge,
  formatDay,
  formatLambos,
  formatMoney,
  formatSignedLambos,
  percentInWords,
} from "../messages/format.ts";
import { stakeForOneInWords } from "../messages/stake-for-one.ts";
import {
  carName,
  coinName,
  foreign,
  lambosInWords,
  type Markup,
  openingInWords,
  tradedInWords,
} from "../messages/wording.ts";
import type { Coin } from "../prices/coins/coin.ts";
import { pickByHash } from "../process/hash-fraction.ts";
import type { Flag } from "../valuation/price-record.ts";
import type { NoNews } from "./coin-news.ts";
import {
  type Crossing,
  changeOf,
  type Digest,
  type DigestLine,
  percentChangeOf,
} from "./content.ts";

/** How the day went for the whole leaderboard. */
export type Mood = "up" | "down" | "mixed" | "still";

/** What stands over the parts of a digest. */
export const HEADINGS = {
  mover: "Moved most",
  crossings: "Crossed one Lambo",
  story: "Coin of the day",
} as const;

const MAX_SOURCE_NAME = 20;
const MAX_NAMED = 3;
/** Ten coins share one message: their names are shortened more than on a card of their own. */
const MAX_BOARD_NAME = 32;

const MOOD_LINES: Readonly<Record<Mood, readonly string[]>> = {
  up: [
    "A good day to look at brochures.",
    "Somewhere an imaginary salesperson is smiling.",
    "The imaginary garage needs a bigger door.",
    "More horsepower than yesterday, and still nothing to park.",
    "The daydream has a tailwind.",
    "Up it goes. The neighbours are still asleep.",
  ],
  down: [
    "The imaginary dealership offers coffee and sympathy.",
    "A small step back, as one does to admire the bodywork.",
    "Reverse is a gear too.",
    "The garage is quieter today. Nobody had to wash anything.",
    "Downhill saves fuel.",
    "A pit stop. They happen to the best of imaginary racers.",
  ],
  mixed: [
    "Some left, some right: it is called a bend.",
    "One door up, one door down. At least they are scissor doors.",
    "The convoy has agreed to disagree.",
    "Half the garage is polished, half is being looked for.",
    "Traffic in both directions.",
    "A bit of gas, a bit of brake.",
  ],
  still: [
    "Engines off. You can hear the birds.",
    "Parked, with style.",
    "Nothing moved. The handbrake works.",
    "A quiet day in the garage.",
    "Idle, but beautifully so.",
    "No news from the road.",
  ],
};

/**
 * A coin's name, else its symbol, else its id; never empty, never markup, at most `maxLength`
 * characters before escaping.
 */
export function boardName(coin: Coin, markup: Markup, maxLength = MAX_BOARD_NAME): string {
  return foreign(coinName(coin, "plain"), maxLength, markup);
}

/** "+0.31 Lambo", "-2.4 Lambos", "unchanged"; undefined when the change is not known. */
export function changeInWords(line: DigestLine, locale: string): string | undefined {
  const change = changeOf(line);
  if (change === null) return undefined;
  if (change === 0) return "unchanged";
  const size = Math.abs(change);
  return `${formatSignedLambos(change, locale)} ${size < 1 || formatLambos(size, locale) === "1" ? "Lambo" : "Lambos"}`;
}

/** Who moved most: "Dogecoin, up 4.2% (+0.31 Lambo)", the same percentage as the picture shows. */
export function moverInWords(line: DigestLine, locale: string): string {
  const name = boardName(line.coin, "markdown");
  const words = percentInWords(percentChangeOf(line) ?? 0, locale);
  const change = changeInWords(line, locale);
  return change === undefined ? `${name}, ${words}` : `${name}, ${words} (${change})`;
}

/**
 * Who crossed one Lambo, and which way: "Dogecoin is over the line: 0.98 yesterday, 1.02 Lambos
 * today."
 */
export function crossingInWords({ line, direction }: Crossing, locale: string): string {
  const today = lambosInWords(line.valuation.lambos, locale);
  const yesterday = formatLambos(line.lambosYesterday ?? 0, locale);
  const what = direction === "up" ? "bought its Lambo" : "gave the keys back";
  return `${boardName(line.coin, "markdown")} ${what}: ${yesterday} yesterday, ${today} today.`;
}

/** The question that the whole leaderboard answers. */
export function questionInWords({ purchase }: Pick<Digest, "purchase">, locale: string): string {
  const money = (amountUsd: number) => formatMoney(amountUsd, purchase.currency, locale);
  const car = `${carName(purchase.asked.car, "markdown")}, ${money(purchase.carPriceUsd)}`;
  return `**${money(purchase.stakeUsd)}** of each coin, bought over its first four weeks and sold over the last four, counted in Lambos (${car}).`;
}

/**
 * One coin at length, in a few sentences: opening price, first Lambo day, peak, and the stake that
 * one Lambo would have taken.
 */
export function storyInWords(
  line: DigestLine,
  { purchase }: Pick<Digest, "purchase">,
  locale: string,
): string {
  const { valuation } = line;
  const money = (amountUsd: number) => formatMoney(amountUsd, purchase.currency, locale);
  const day = (on: string) => formatDay(on, locale);
  const { firstLamboDay, peak } = valuation;
  const stakeForOne = stakeForOneInWords(valuation, purchase.currency, locale);
  const name = `**${boardName(line.coin, "markdown")}**`;
  const bought = `${openingInWords(valuation, locale)}, from ${day(valuation.opening.from)}`;
  const listed = `${name} cost ${money(valuation.opening.meanUsd)} on average ${bought}.`;
  const first =
    firstLamboDay === null
      ? withoutFirstLambo(line)
      : `${money(valuation.stakeUsd)} of it bought the first Lambo on ${day(firstLamboDay.on)}, at ${money(firstLamboDay.priceUsd)} each.`;
  const highest = `Its highest close was on ${day(peak.on)}: ${money(peak.priceUsd)} each, ${lambosInWords(peak.lambos, locale)}.`;
  const needed =
    stakeForOne === undefined
      ? "No stake would have made a Lambo of it by now: it is worth no more than in its first weeks."
      : `One Lambo today would have taken ${stakeForOne} back then.`;
  const traded = tradedInWords({ currency: purchase.currency, valuation }, locale);
  return [listed, first, highest, needed, ...(traded === undefined ? [] : [traded])].join(" ");
}

function withoutFirstLambo({ valuation }: DigestLine): string {
  if (valuation.flags.includes("exchange-listing-only"))
    return "When it first bought a Lambo is not known.";
  return valuation.peak.lambos >= 1
    ? "It was worth a Lambo only in its first four weeks."
    : "It has not bought a Lambo yet.";
}

/** Why a coin is not on the leaderboard, in a few words that follow its name. */
export function absenceInWords(why: NoNews, locale: string, markup: Markup): string {
  switch (why.reason) {
    case "too-new":
      return `first priced on ${formatDay(why.firstRecordedOn, locale)}, ask again on ${formatDay(why.askAgainOn, locale)}`;
    case "no-longer-priced":
      return `last priced on ${formatDay(why.lastRecordedOn, locale)}`;
    case "unknown-coin":
      return "no longer listed";
    case "prices-unavailable":
      return "no prices to be had right now";
    case "history-unavailable": {
      if ("lastRecordedOn" in why)
        return `priced for less than a week, to ${formatDay(why.lastRecordedOn, locale)}`;
      if ("missing" in why) {
        if (why.missing === "all") return "nobody has recorded a price";
        return `too few prices in its ${why.missing === "opening" ? "first" : "last"} four weeks`;
      }
      if (why.because === "no-prices") return "nobody has recorded a price";
      const [one, other] = why.sources.map((source) => foreign(source, MAX_SOURCE_NAME, markup));
      return why.because === "sources-differ"
        ? `${one} and ${other} do not agree on its price`
        : `the records of ${one} and ${other} do not meet`;
    }
  }
}

/** Why there is no digest at all, as one plain sentence. */
export function noDigestSentence(missing: Digest["missing"], locale: string): string {
  if (missing.length === 0)
    return "The list of coins cannot be reached right now, so there is no leaderboard. Try again in a few minutes.";
  const named = missing
    .slice(0, MAX_NAMED)
    .map(
      ({ coin, why }) => `${boardName(coin, "plain")} (${absenceInWords(why, locale, "plain")})`,
    );
  const more = missing.length > MAX_NAMED ? ` and ${missing.length - MAX_NAMED} more` : "";
  return `None of this server's coins can be counted in Lambos right now: ${named.join(", ")}${more}.`;
}

/** Says whose prices are old, with their age; undefined when all are new. */
export function agesInWords(
  { lines, on, isOutdated }: Pick<Digest, "lines" | "on" | "isOutdated">,
  locale: string,
  now: Date,
  maxName = MAX_BOARD_NAME,
): string | undefined {
  const old = lines.filter(({ valuation }) => valuation.flags.includes("stale"));
  const behind = lines.filter(
    (line) => !old.includes(line) && line.valuation.lastRecordedOn !== on,
  );
  const notes = [...old, ...behind].map((line) => {
    const age = old.includes(line)
      ? `fetched ${formatAge(new Date(line.asOf), now, locale)}`
      : `to ${formatDay(line.valuation.lastRecordedOn, locale)}`;
    return `${boardName(line.coin, "markdown", maxName)} (${age})`;
  });
  if (notes.length > 0)
    return `Old prices, newer ones cannot be had right now: ${notes.join(", ")}.`;
  return isOutdated
    ? "Newer prices cannot be had right now, so there is no change to tell."
    : undefined;
}

/**
 * What is to be known about coins whose record is odd, `most` things about each and the gravest
 * first; coins of which the same is to be said are named together. Undefined when no record is odd.
 */
export function caveatsInWords(
  { lines }: Pick<Digest, "lines">,
  {
    maxName = MAX_BOARD_NAME,
    most = 2,
  }: { readonly maxName?: number; readonly most?: number } = {},
): string | undefined {
  const named = new Map<string, string[]>();
  for (const { coin, valuation } of lines) {
    const caveats = CAVEATS.filter(([flag]) => valuation.flags.includes(flag)).slice(0, most);
    if (caveats.length === 0) continue;
    const words = caveats.map(([, caveat]) => caveat).join(", ");
    named.set(words, [...(named.get(words) ?? []), boardName(coin, "markdown", maxName)]);
  }
  const notes = [...named].map(([words, names]) => `${names.join(", ")} (${words})`);
  return notes.length === 0 ? undefined : `With a grain of salt: ${notes.join("; ")}.`;
}

/**
 * The flags that a reader of the leaderboard should know of; the others are told elsewhere, or
 * change little.
 */
const CAVEATS: readonly (readonly [Flag, string])[] = [
  ["odd-price", "without closes too far off to be believed"],
  ["erratic", "a thin market in which every figure is rough"],
  ["sources-disagree", "part of its record may mean another coin"],
  ["unchecked", "not yet checked against CoinGecko"],
  ["exchange-listing-only", "opening price from an exchange's first weeks"],
  ["launch-spike", "its first close was far above the next weeks"],
  ["launch-run", "its average opening price is far above its first close"],
  ["young", "under eight weeks on record"],
];

/** How the day went. */
export function moodOf({ lines }: Pick<Digest, "lines">): Mood {
  const changes = lines.map((line) => changeOf(line) ?? 0).filter((change) => change !== 0);
  if (changes.length === 0) return "still";
  if (changes.every((change) => change > 0)) return "up";
  return changes.every((change) => change < 0) ? "down" : "mixed";
}

/**
 * One of its mood's lines, the same for everybody on one day; undefined when no change is known.
 */
export function moodLine(digest: Pick<Digest, "lines" | "on">): string | undefined {
  if (digest.lines.every(({ lambosYesterday }) => lambosYesterday === null)) return undefined;
  return pickByHash(`${digest.on}`, MOOD_LINES[moodOf(digest)]);
}

/** Every line that {@link moodLine} may give for a mood. */
export function moodLines(mood: Mood): readonly string[] {
  return MOOD_LINES[mood];
}
