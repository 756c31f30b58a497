import type { LamboAnswer } from "../questions/answer.ts";
import type { Comparison } from "../questions/comparison.ts";
import { standingOf } from "../valuation/standing.ts";
import type { Valuation } from "../valuation/valuation.ts";
import { caveatInBrief, caveatsOf, flagNote } from "./flag-note.ts";
import {
  formatChange,
  formatDay,
  formatMonths,
  formatNumberPrecise,
  formatPrice,
  formatTimes,
  moneyInProse,
} from "./format.ts";
import { commaList } from "./lists.ts";
import { say } from "./say.ts";
import {
  coinName,
  foreign,
  lambosBriefly,
  type Markup,
  recordedWindows,
  strong,
} from "./wording.ts";

/** From this factor on a lead is told as "2 to 1", below it as a percentage. */
const LEAST_FACTOR = 2;
const MAX_ECHO = 40;

/**
 * Which coin came first, and how far ahead of the second: "Bitcoin beat Dogecoin 2,300 to 1". The
 * lead is in money, because two coins may be worth no Lambo at all and still differ. `names` are
 * those of the valued purchases, best first.
 */
export function comparisonTitle(
  names: readonly string[],
  valuations: readonly Valuation[],
  locale: string,
): string {
  const [first = "", second = ""] = names;
  const { kind, first: sharing, factor } = standingOf(valuations);
  if (kind === "tied") return tieInWords(names, sharing, locale);
  const rounded = Number(factor.toPrecision(2));
  const values = {
    first,
    second,
    factor: formatNumberPrecise(rounded, locale),
    times: formatTimes(rounded, locale),
    percent: formatChange(factor - 1, locale),
    // A coin that is no longer priced cannot be sold today.
    when: valuations[0]?.flags.includes("no-longer-priced")
      ? ("then" as const)
      : ("other" as const),
  };
  const lead = rounded >= LEAST_FACTOR ? "factor" : "percent";
  if (kind === "lost-least") return say(locale, `compare.title.lost-least.${lead}`, values);
  return names.length === 2
    ? say(locale, `compare.title.beat.${lead}`, values)
    : say(locale, `compare.title.won.${lead}`, values);
}

function tieInWords(
  [first = "", second = "", ...rest]: readonly string[],
  sharing: number,
  locale: string,
): string {
  const count = rest.length + 2;
  if (sharing === 2 && count === 2) return say(locale, "compare.title.tied", { first, second });
  if (sharing === count) return say(locale, "compare.title.tied.all", { count });
  return sharing === 2
    ? say(locale, "compare.title.tied.two", { first, second })
    : say(locale, "compare.title.tied.three");
}

/** What was put into each coin, and when: the sentence above what it became. */
export function comparisonStory(
  { answers, from, youngest }: Pick<Comparison, "answers" | "from" | "youngest">,
  locale: string,
  markup: Markup,
): string {
  const [best] = answers;
  if (best === undefined) return "";
  const stake = strong(moneyInProse(best.valuation.stakeUsd, best.currency, locale), markup);
  return from === "each" || youngest === undefined
    ? say(locale, "compare.story", { stake })
    : say(locale, "compare.story.youngest", {
        stake,
        coin: coinName(youngest.coin, locale, markup),
        day: formatDay(youngest.listedOn, locale),
      });
}

/** What one coin became: "Bitcoin · 3,593 Lambos · $719 million". */
export function comparedCoin(
  { coin, currency, valuation }: Pick<LamboAnswer, "coin" | "currency" | "valuation">,
  locale: string,
  markup: Markup,
): string {
  const values = {
    coin: strong(coinName(coin, locale, markup), markup),
    lambos: lambosBriefly(valuation.lambos, locale),
    proceeds: moneyInProse(valuation.proceedsUsd, currency, locale),
  };
  return valuation.flags.includes("no-longer-priced")
    ? say(locale, "compare.coin.dead", {
        ...values,
        day: formatDay(valuation.lastRecordedOn, locale),
      })
    : say(locale, "compare.coin", values);
}

/** When a coin was bought and sold, and at which prices on average. */
export function comparedDetails(
  { currency, valuation }: Pick<LamboAnswer, "currency" | "valuation">,
  locale: string,
): string {
  const windows = recordedWindows(valuation);
  return say(locale, "compare.details", {
    bought: formatMonths(windows.opening, locale),
    openingPrice: formatPrice(valuation.opening.meanUsd, currency, locale),
    sold: formatMonths(windows.closing, locale),
    closingPrice: formatPrice(valuation.closing.meanUsd, currency, locale),
  });
}

/** How the coins were understood where that was not plain, a sentence each. */
export function comparisonReadings(
  { answers, repeated }: Pick<Comparison, "answers" | "repeated">,
  locale: string,
  markup: Markup,
): readonly string[] {
  return [
    ...answers.flatMap(({ coin, guess }) =>
      guess === undefined
        ? []
        : [
            say(locale, "compare.taken-for", {
              typed: foreign(guess.typed, MAX_ECHO, markup),
              coin: coinName(coin, locale, markup),
            }),
          ],
    ),
    ...repeated.map((coin) =>
      say(locale, "compare.repeated", { coin: coinName(coin, locale, markup) }),
    ),
  ];
}

/** What is to be said against the figures of each coin, in a few words: one text for each coin. */
export function comparisonCaveats(
  { answers }: Pick<Comparison, "answers">,
  locale: string,
  now: Date,
): readonly string[] {
  return answers.flatMap((answer) => {
    const caveats = caveatsOf(answer.valuation)
      // Beside what the coin became it says when it was last priced.
      .filter((flag) => flag !== "no-longer-priced")
      .map((flag) => caveatInBrief(flag, answer, locale, now));
    return caveats.length === 0
      ? []
      : [
          say(locale, "compare.caveats", {
            coin: coinName(answer.coin, locale, "markdown"),
            caveats: commaList(caveats, locale),
          }),
        ];
  });
}

/** {@link comparisonCaveats} in full, a plain text for each caveat of each coin. */
export function comparisonFlagNotes(
  { answers }: Pick<Comparison, "answers">,
  locale: string,
  now: Date,
): readonly string[] {
  return answers.flatMap((answer) =>
    caveatsOf(answer.valuation).map((flag) =>
      say(locale, "compare.note", {
        coin: coinName(answer.coin, locale, "plain"),
        note: flagNote(flag, answer, locale, now),
      }),
    ),
  );
}
