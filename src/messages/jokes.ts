import { hashFraction } from "../process/hash-fraction.ts";
import type { LamboAnswer } from "../questions/answer.ts";
import type { WenAnswer } from "../questions/wen.ts";
import { DAY_MS } from "../valuation/calendar.ts";
import { carValue } from "../valuation/lambo-models.ts";
import { linesOf } from "./say.ts";
import { moodOf } from "./wen-wording.ts";
import { tierOf } from "./wording.ts";

/**
 * How many lines further the next day is; the next rank is one line further. A language has no
 * multiple of it many lines in a group, so that neighbours in both get different ones.
 */
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
  return lineOf(linesOf(locale, `verdict-line.${tierOf(answer.valuation)}`), answer, now);
}

/** The joke under the story of a needed price: it changes as {@link verdictLine} does. */
export function wenLine(answer: WenAnswer, now: Date, locale: string): string {
  return lineOf(linesOf(locale, `wen-line.${moodOf(answer)}`), answer, now);
}

function lineOf(
  lines: readonly string[],
  { coin, asked }: Pick<LamboAnswer, "coin" | "asked">,
  now: Date,
): string {
  const dayNumber = Math.floor(now.getTime() / DAY_MS);
  const purchase = placeOf(`${asked.stake} ${asked.currency} ${carValue(asked.car)}`);
  const place = purchase + (coin.rank ?? placeOf(coin.coinId)) + DAY_STEP * dayNumber;
  return lines[place % lines.length] ?? "";
}

/** A place among the lines that depends on nothing but a text. */
function placeOf(text: string): number {
  return Math.floor(hashFraction(text) * PLACES);
}

/** As many lines as English has for each tier. */
const PLACES = 13;
