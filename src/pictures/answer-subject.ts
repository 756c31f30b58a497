import type { LamboAnswer } from "../questions/answer.ts";
import type { AnsweredBought } from "../questions/bought.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
import type { Car } from "../valuation/lambo-models.ts";
import type { DailyClose } from "../valuation/price-record.ts";
import type { Valuation } from "../valuation/valuation.ts";

/** What the answer picture shows. */
export type PictureSubject = {
  readonly coinName: string;
  readonly symbol: string;
  readonly valuation: Valuation;
  /** Present when a day of buying was asked for. */
  readonly bought?: AnsweredBought;
  /** Ascending daily closes, for the price line. */
  readonly points: readonly DailyClose[];
  readonly car: Car;
  /** The currency that amounts are shown in. */
  readonly currency: ShownCurrency;
  /** The reader's locale for numbers and dates. */
  readonly locale: string;
};

/** What the picture of an answer shows to a reader of this locale. */
export function pictureSubject(
  { asked, bought, coin, currency, history, valuation }: LamboAnswer,
  locale: string,
): PictureSubject {
  return {
    coinName: coin.name,
    symbol: coin.symbol,
    valuation,
    ...(bought !== undefined && { bought }),
    points: history.points,
    car: asked.car,
    currency,
    locale,
  };
}
