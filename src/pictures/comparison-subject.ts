import type { Comparison, ComparisonStart } from "../questions/comparison.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
import type { Car } from "../valuation/lambo-models.ts";
import { type PictureSubject, pictureSubject } from "./answer-subject.ts";

/** One coin of a comparison, as on the picture of its own answer. */
export type ComparedSubject = Pick<PictureSubject, "coinName" | "symbol" | "valuation" | "points">;

/** What the picture of a comparison shows. */
export type ComparisonSubject = {
  /** Two to four, the one that came to the most first. */
  readonly coins: readonly ComparedSubject[];
  readonly from: ComparisonStart;
  readonly car: Car;
  /** The currency that the stake is shown in. */
  readonly currency: ShownCurrency;
  /** The reader's locale for numbers and dates. */
  readonly locale: string;
};

/** What the picture of a comparison shows to a reader of this locale. */
export function comparisonSubject(
  { answers, asked, currency, from }: Comparison,
  locale: string,
): ComparisonSubject {
  const coins = answers.map((answer) => {
    const { coinName, symbol, valuation, points } = pictureSubject(answer, locale);
    return { coinName, symbol, valuation, points };
  });
  return { coins, from, car: asked.car, currency, locale };
}
