import { changeBriefly, changeInWords } from "../messages/change.ts";
import {
  formatAge,
  formatDay,
  formatDayOfWeek,
  formatLambos,
  formatMoney,
  formatPrice,
  percentInWords,
} from "../messages/format.ts";
import { commaList, semicolonList, sentences } from "../messages/lists.ts";
import { linesOf, say } from "../messages/say.ts";
import { stakeForOneInWords } from "../messages/stake-for-one.ts";
import { storySentence } from "../messages/story.ts";
import { coinName, foreign, type Markup } from "../messages/wording.ts";
import type { Coin } from "../prices/coins/coin.ts";
import type { PricedPurchase } from "../questions/purchase.ts";
import { daysBetween } from "../valuation/calendar.ts";
import type { Flag } from "../valuation/price-record.ts";
import {
  type Crossing,
  changeOf,
  type Digest,
  type DigestLine,
  percentChangeOf,
  shownChangeOf,
} from "./content.ts";

/** How the day went for the whole leaderboard. */
export type Mood = "up" | "down" | "mixed" | "still";

/** Ten coins share one message, so their names are cut shorter than on a `/lambo` card. */
const MAX_BOARD_NAME = 32;

const EPOCH_ON = "1970-01-01";

/**
 * A coin's name, else its symbol, else its id; never empty, never markup, at most `maxLength`
 * characters before escaping.
 */
export function boardName(
  coin: Coin,
  locale: string,
  markup: Markup,
  maxLength = MAX_BOARD_NAME,
): string {
  return foreign(coinName(coin, locale, "plain"), maxLength, markup);
}

/** What changed since the previous digest: "+0.31", "-$3.21"; undefined when it is not known. */
export function lineChangeBriefly(
  line: DigestLine,
  { currency }: Pick<PricedPurchase, "currency">,
  locale: string,
): string | undefined {
  const change = shownChangeOf(line, { currency });
  return change === null ? undefined : changeBriefly(change, currency, locale);
}

/** The coin that moved most: "Dogecoin, up 4.2% (+0.31 Lambo)". */
export function moverInWords(
  line: DigestLine,
  { purchase }: Pick<Digest, "purchase">,
  locale: string,
): string {
  const values = {
    coin: boardName(line.coin, locale, "markdown"),
    percent: percentInWords(percentChangeOf(line) ?? 0, locale),
  };
  const { currency } = purchase;
  const change = shownChangeOf(line, { currency });
  return change === null
    ? say(locale, "digest.mover.percent", values)
    : say(locale, "digest.mover.change", {
        ...values,
        change: changeInWords(change, currency, locale),
      });
}

/** A coin that crossed one Lambo, and which way: "Dogecoin bought its Lambo: 0.98 yesterday." */
export function crossingInWords(
  { line, direction }: Crossing,
  { previousOn }: Pick<Digest, "previousOn">,
  locale: string,
): string {
  const values = {
    coin: boardName(line.coin, locale, "markdown"),
    previous: formatLambos(line.previousLambos ?? 0, locale),
  };
  return previousOn === null
    ? say(locale, `digest.crossing.${direction}`, values)
    : say(locale, `digest.crossing.${direction}.since`, {
        ...values,
        day: formatDayOfWeek(previousOn, locale),
      });
}

/** What the numbers of the leaderboard are, and since when they changed if not since yesterday. */
export function questionInWords(
  { purchase, previousOn }: Pick<Digest, "purchase" | "previousOn">,
  locale: string,
): string {
  const stake = formatMoney(purchase.stakeUsd, purchase.currency, locale);
  return previousOn === null
    ? say(locale, "digest.question", { stake })
    : say(locale, "digest.question.since", { stake, day: formatDayOfWeek(previousOn, locale) });
}

/**
 * The story of one coin, as on its own card, and what the card's picture shows: the first Lambo day
 * or the peak, and below one Lambo the stake that one would have taken.
 */
export function storyInWords(
  { coin, valuation }: DigestLine,
  { purchase }: Pick<Digest, "purchase">,
  locale: string,
): string {
  const { currency } = purchase;
  const { firstLamboDay, peak } = valuation;
  const stakeForOne = stakeForOneInWords(valuation, currency, locale);
  const told = [
    storySentence({ coin, currency, valuation }, locale, "markdown"),
    firstLamboDay === null
      ? say(locale, "digest.story.peak", {
          day: formatDay(peak.on, locale),
          price: formatPrice(peak.priceUsd, currency, locale),
        })
      : say(locale, "digest.story.first-lambo", { day: formatDay(firstLamboDay.on, locale) }),
    ...(stakeForOne === undefined || valuation.lambos >= 1
      ? []
      : [say(locale, "digest.story.stake-for-one", { stake: stakeForOne })]),
  ];
  return sentences(told, locale);
}

/** Which coins have old prices, and how old; undefined when all are current. */
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
    const coin = boardName(line.coin, locale, "markdown", maxName);
    return old.includes(line)
      ? say(locale, "digest.old-prices.fetched", {
          coin,
          age: formatAge(new Date(line.asOf), now, locale),
        })
      : say(locale, "digest.old-prices.to", {
          coin,
          day: formatDay(line.valuation.lastRecordedOn, locale),
        });
  });
  if (notes.length > 0)
    return say(locale, "digest.old-prices", { coins: commaList(notes, locale) });
  return isOutdated ? say(locale, "digest.outdated") : undefined;
}

/**
 * Caveats about coins with an odd record, at most `most` each, most serious first; coins with the
 * same caveats are named together. Undefined when no record is odd.
 */
export function caveatsInWords(
  { lines }: Pick<Digest, "lines">,
  locale: string,
  {
    maxName = MAX_BOARD_NAME,
    most = 2,
  }: { readonly maxName?: number; readonly most?: number } = {},
): string | undefined {
  const named = new Map<string, string[]>();
  for (const { coin, valuation } of lines) {
    const caveats = CAVEATS.filter((flag) => valuation.flags.includes(flag)).slice(0, most);
    if (caveats.length === 0) continue;
    const words = commaList(
      caveats.map((flag) => say(locale, `caveat.${flag}`)),
      locale,
    );
    named.set(words, [...(named.get(words) ?? []), boardName(coin, locale, "markdown", maxName)]);
  }
  const coins = [...named].map(([note, names]) =>
    say(locale, "digest.coin-with-note", { coin: commaList(names, locale), note }),
  );
  return coins.length === 0
    ? undefined
    : say(locale, "digest.caveats", { coins: semicolonList(coins, locale) });
}

/**
 * The flags that readers of the leaderboard should know about, most serious first; the others are
 * shown elsewhere or matter little.
 */
const CAVEATS = [
  "odd-price",
  "erratic",
  "sources-disagree",
  "unchecked",
  "exchange-listing-only",
  "launch-spike",
  "launch-run",
  "young",
] as const satisfies readonly Flag[];

/** How the day went. */
export function moodOf({ lines }: Pick<Digest, "lines">): Mood {
  const changes = lines.map((line) => changeOf(line) ?? 0).filter((change) => change !== 0);
  if (changes.length === 0) return "still";
  if (changes.every((change) => change > 0)) return "up";
  return changes.every((change) => change < 0) ? "down" : "mixed";
}

/**
 * A line for the day's mood, the same on every server and another one on the next day; undefined
 * when no change is known.
 */
export function moodLine(digest: Pick<Digest, "lines" | "on">, locale: string): string | undefined {
  if (digest.on === null) return undefined;
  if (digest.lines.every(({ previousLambos }) => previousLambos === null)) return undefined;
  const lines = linesOf(locale, `digest.mood.${moodOf(digest)}`);
  return lines[daysBetween(EPOCH_ON, digest.on) % lines.length];
}
