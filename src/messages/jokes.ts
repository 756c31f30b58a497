import type { Coin } from "../prices/coins/coin.ts";
import { hashFraction } from "../process/hash-fraction.ts";
import type { LamboAnswer } from "../questions/answer.ts";
import { carValue } from "../valuation/lambo-models.ts";
import { say } from "./say.ts";
import { type Tier, tierOf } from "./wording.ts";

/**
 * The numbers of one tier's lines: `verdict-line.<tier>.<number>` in the catalogue. There are
 * thirteen, a prime: whatever the steps below, neighbours get different lines.
 */
const LINE_NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13] as const;

/** How many lines further the next day is; the next rank is one line further. */
const DAY_STEP = 5;
const DAY_MS = 86_400_000;

/**
 * The joke under the story: one of its tier's lines, the same for the same question all (UTC) day.
 * Neighbours in rank get different lines, and so does the same coin on the next day.
 */
export function verdictLine(
  { coin, asked, valuation }: Pick<LamboAnswer, "coin" | "asked" | "valuation">,
  now: Date,
): string {
  const dayNumber = Math.floor(now.getTime() / DAY_MS);
  const purchase = placeOf(`${asked.stake} ${asked.currency} ${carValue(asked.car)}`);
  const place = purchase + placeOfCoin(coin) + DAY_STEP * dayNumber;
  const number = LINE_NUMBERS[place % LINE_NUMBERS.length] ?? 1;
  return say(`verdict-line.${tierOf(valuation)}.${number}`);
}

/** Every line that {@link verdictLine} may return for a tier. */
export function verdictLines(tier: Tier): readonly string[] {
  return LINE_NUMBERS.map((number) => say(`verdict-line.${tier}.${number}`));
}

function placeOfCoin({ coinId, rank }: Pick<Coin, "coinId" | "rank">): number {
  return rank ?? placeOf(coinId);
}

function placeOf(text: string): number {
  return Math.floor(hashFraction(text) * LINE_NUMBERS.length);
}
