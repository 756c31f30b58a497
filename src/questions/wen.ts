import type { Ask } from "../prices/price-source.ts";
import type { Result } from "../result.ts";
import { utcDay } from "../valuation/calendar.ts";
import { type NeededPrice, neededPrice } from "../valuation/needed-price.ts";
import type { DailyClose } from "../valuation/price-record.ts";
import { type AnswerSources, answerQuestion, type LamboAnswer } from "./answer.ts";
import type { CoinChoice } from "./coin-choice.ts";
import type { AskedPurchase } from "./purchase.ts";
import { knownRecordOf } from "./records.ts";
import { type Refused, refused } from "./refusal.ts";

/** What one coin would have to be worth for a stake at its listing to buy one Lambo. */
export type WenQuestion = AskedPurchase & { readonly coin: CoinChoice };

/** The answer to the ordinary question about the same purchase, with the price that it needs. */
export type WenAnswer = LamboAnswer & { readonly needed: NeededPrice };

/** An answer, or why there is none. */
export type WenOutcome = Result<{ readonly answer: WenAnswer }, Refused>;

/**
 * Finds the price that one coin would have to be worth. It is refused where the ordinary question
 * is; never rejects because of the asker or the outside world.
 */
export async function answerWen(
  question: WenQuestion,
  sources: AnswerSources,
  ask: Ask,
): Promise<WenOutcome> {
  const outcome = await answerQuestion(question, sources, ask);
  return outcome.ok ? withNeededPrice(outcome.answer, utcDay(sources.now())) : outcome;
}

/** An answer of today with the price that its purchase needs. */
export function withNeededPrice(answer: LamboAnswer, todayOn: string): WenOutcome {
  const recorded = knownRecordOf(answer.history, todayOn);
  if (!recorded.ok) return refused({ ...recorded, coin: answer.coin });
  const points = finishedBefore(todayOn, answer.history.points);
  return {
    ok: true,
    answer: { ...answer, needed: neededPrice(recorded.record, points, answer.valuation) },
  };
}

/** Ascending closes without those of unfinished days. */
function finishedBefore(todayOn: string, points: readonly DailyClose[]): readonly DailyClose[] {
  const isFinished = ({ on }: DailyClose) => on < todayOn;
  return points.slice(-1).every(isFinished) ? points : points.filter(isFinished);
}
