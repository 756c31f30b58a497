import type { LamboAnswer } from "../questions/answer.ts";
import type { Valuation } from "../valuation/valuation.ts";
import {
  formatCount,
  formatDay,
  formatDays,
  formatMonths,
  formatPrice,
  moneyInProse,
} from "./format.ts";
import { say } from "./say.ts";
import { stakeForOneInWords } from "./stake-for-one.ts";
import {
  daysHeld,
  isBoughtAndSoldAtOnce,
  type Markup,
  purchaseKind,
  recordedWindows,
  shortName,
  strong,
  tierOf,
} from "./wording.ts";

/**
 * The story in one sentence to a person: what was put in, when, what it would be today, and what
 * that is in Lambos, in words. Only to the asker it says "when you joined".
 */
export function storySentence(
  answer: Pick<LamboAnswer, "coin" | "currency" | "valuation" | "bought">,
  locale: string,
  markup: Markup,
  { isAsker = false }: { readonly isAsker?: boolean } = {},
): string {
  const { currency, valuation } = answer;
  const windows = recordedWindows(valuation);
  const money = (amountUsd: number) => strong(moneyInProse(amountUsd, currency, locale), markup);
  const values = {
    stake: money(valuation.stakeUsd),
    coin: shortName(answer.coin, locale, markup),
    bought: formatMonths(windows.opening, locale),
    sold: formatMonths(windows.closing, locale),
    day: formatDay(valuation.opening.from, locale),
    days: formatCount(daysHeld(valuation), locale),
    count: daysHeld(valuation),
    proceeds: money(valuation.proceedsUsd),
    worth: worthInWords(valuation, locale),
  };
  const isDead = valuation.flags.includes("no-longer-priced");
  const kind = purchaseKind(answer);
  if (kind !== "listing") {
    if (isBoughtAndSoldAtOnce(valuation)) return say(locale, "story.bought.at-once", values);
    const isOwnDay = kind === "server-joined" || kind === "account-made";
    const told = isOwnDay && !isAsker ? "bought" : kind;
    return isDead
      ? say(locale, `story.${told}.dead`, values)
      : say(locale, `story.${told}`, values);
  }
  if (isBoughtAndSoldAtOnce(valuation)) return say(locale, "story.at-once", values);
  if (valuation.flags.includes("exchange-listing-only"))
    return isDead
      ? say(locale, "story.dead.exchange", values)
      : say(locale, "story.exchange", values);
  return isDead ? say(locale, "story.dead", values) : say(locale, "story", values);
}

/**
 * How the story was computed, in one small line without a full stop: days and average prices of
 * buying and selling, and the first Lambo day if there was one.
 */
export function storyDetails(
  { currency, valuation }: Pick<LamboAnswer, "currency" | "valuation">,
  locale: string,
): string {
  const windows = recordedWindows(valuation);
  const values = {
    bought: formatDays(windows.opening, locale),
    openingPrice: formatPrice(valuation.opening.meanUsd, currency, locale),
    sold: formatDays(windows.closing, locale),
    closingPrice: formatPrice(valuation.closing.meanUsd, currency, locale),
  };
  const { firstLamboDay } = valuation;
  return [
    isBoughtAndSoldAtOnce(valuation)
      ? say(locale, "details.at-once", values)
      : say(locale, "details", values),
    ...(firstLamboDay === null
      ? []
      : [say(locale, "details.first-lambo", { day: formatDay(firstLamboDay.on, locale) })]),
  ].join(" · ");
}

/**
 * The stake that one Lambo would have taken, for a list of small remarks; undefined from one Lambo
 * up, and where no stake is enough.
 */
export function stakeForOneInBrief(
  { currency, valuation }: Pick<LamboAnswer, "currency" | "valuation">,
  locale: string,
): string | undefined {
  if (valuation.lambos >= 1) return undefined;
  const stake = stakeForOneInWords(valuation, currency, locale);
  return stake === undefined ? undefined : say(locale, "stake-for-one", { stake });
}

/** What the money comes to, in words that fit the figure: "two Lambos and change". */
export function worthInWords(valuation: Valuation, locale: string): string {
  const { lambos, proceedsUsd, stakeUsd } = valuation;
  if (lambos >= 10) return say(locale, "worth.many", { many: bucketOf(lambos, MANY) });
  if (lambos >= 1) return severalInWords(lambos, locale);
  const tier = tierOf({
    ...valuation,
    flags: valuation.flags.filter((flag) => flag !== "no-longer-priced"),
  });
  if (tier === "steady") return say(locale, "worth.steady");
  return tier === "loss"
    ? say(locale, "worth.left", { left: bucketOf(proceedsUsd / stakeUsd, LEFT) })
    : say(locale, "worth.part", { part: bucketOf(lambos, PART) });
}

/** One to ten Lambos, as the number beside the words is rounded: what reads "2" is two. */
function severalInWords(exactLambos: number, locale: string): string {
  // 4.995 is a little less in binary, and reads "5" all the same.
  const lambos = Math.min(Math.round(exactLambos * 100 * (1 + 1e-12)) / 100, 9.99);
  const count = Math.floor(lambos);
  const rest = lambos - count;
  if (rest < 0.05) return say(locale, "worth.whole", { count });
  if (rest < 0.42) return say(locale, "worth.and-change", { count });
  if (rest < 0.58) return say(locale, "worth.and-a-half", { count });
  if (rest < 0.9) return say(locale, "worth.and-most", { count });
  return say(locale, "worth.nearly", { count: count + 1 });
}

/** Words for sizes: each holds below its limit, and from the limit before. */
type Buckets<Name extends string> = readonly (readonly [below: number, name: Name])[];

function bucketOf<Name extends string>(size: number, buckets: Buckets<Name>): Name | "other" {
  return buckets.find(([below]) => size < below)?.[1] ?? "other";
}

const FRACTIONS = [
  [0.125, "tenth"],
  [0.225, "under_quarter"],
  [0.28, "quarter"],
  [0.3, "under_third"],
  [0.37, "third"],
  [0.46, "under_half"],
  [0.54, "half"],
  [0.62, "over_half"],
  [0.71, "two_thirds"],
  [0.79, "three_quarters"],
  [0.9, "most"],
] as const;

/** What is left of the stake. */
const LEFT = [[0.01, "nothing"], [0.08, "crumbs"], ...FRACTIONS] as const;

/** Parts of one Lambo. */
const PART = [[0.0005, "nothing"], [0.03, "crumbs"], [0.08, "wheel"], ...FRACTIONS] as const;

/** Ten Lambos and more. */
const MANY = [
  [11, "ten"],
  [13, "dozen"],
  [18, "over_dozen"],
  [22, "twenty"],
  [26, "two_dozen"],
  [95, "dozens"],
  [100, "nearly_hundred"],
  [110, "hundred"],
  [200, "over_hundred"],
  [950, "hundreds"],
  [1_000, "nearly_thousand"],
  [2_000, "thousand"],
  [10_000, "thousands"],
] as const;
