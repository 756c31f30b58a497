import type { Coin } from "../prices/coins/coin.ts";
import { hashFraction } from "../process/hash-fraction.ts";
import type { LamboAnswer } from "../questions/answer.ts";
import type { WenAnswer } from "../questions/wen.ts";
import { DAY_MS } from "../valuation/calendar.ts";
import { carValue } from "../valuation/lambo-models.ts";
import { say } from "./say.ts";
import { moodOf, type WenMood } from "./wen-wording.ts";
import { type Tier, tierOf } from "./wording.ts";

/**
 * The numbers of one tier's lines: `verdict-line.<tier>.<number>` in the catalogue. There are
 * thirteen, a prime: whatever the steps below, neighbours get different lines.
 */
const LINE_NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13] as const;

/** How many lines further the next day is; the next rank is one line further. */
const DAY_STEP = 5;

/**
 * The joke under the story: one of its tier's lines, the same for the same question all (UTC) day.
 * Neighbours in rank get different lines, and so does the same coin on the next day.
 */
export function verdictLine(
  answer: Pick<LamboAnswer, "coin" | "asked" | "valuation">,
  now: Date,
  locale: string,
): string {
  const number = LINE_NUMBERS[placeOn(answer, now) % LINE_NUMBERS.length] ?? 1;
  return say(locale, `verdict-line.${tierOf(answer.valuation)}.${number}`);
}

/** The same for `/wen`: `wen-line.<mood>.<number>` in the catalogue; seven is a prime too. */
const WEN_LINE_NUMBERS = [1, 2, 3, 4, 5, 6, 7] as const;

/** The joke under the story of a needed price: it changes as {@link verdictLine} does. */
export function wenLine(answer: WenAnswer, now: Date, locale: string): string {
  const number = WEN_LINE_NUMBERS[placeOn(answer, now) % WEN_LINE_NUMBERS.length] ?? 1;
  return say(locale, `wen-line.${moodOf(answer)}.${number}`);
}

/** Every line that {@link wenLine} may return for a mood. */
export function wenLines(mood: WenMood, locale: string): readonly string[] {
  return WEN_LINE_NUMBERS.map((number) => say(locale, `wen-line.${mood}.${number}`));
}

/** Every line that {@link verdictLine} may return for a tier. */
export function verdictLines(tier: Tier, locale: string): readonly string[] {
  return LINE_NUMBERS.map((number) => say(locale, `verdict-line.${tier}.${number}`));
}

function placeOn({ coin, asked }: Pick<LamboAnswer, "coin" | "asked">, now: Date): number {
  const dayNumber = Math.floor(now.getTime() / DAY_MS);
  const purchase = placeOf(`${asked.stake} ${asked.currency} ${carValue(asked.car)}`);
  return purchase + placeOfCoin(coin) + DAY_STEP * dayNumber;
}

function placeOfCoin({ coinId, rank }: Pick<Coin, "coinId" | "rank">): number {
  return rank ?? placeOf(coinId);
}

function placeOf(text: string): number {
  return Math.floor(hashFraction(text) * LINE_NUMBERS.length);
}
