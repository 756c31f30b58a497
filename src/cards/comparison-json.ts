import type { Comparison, ComparisonStart } from "../questions/comparison.ts";
import type { Refusal } from "../questions/refusal.ts";
import { standingOf } from "../valuation/standing.ts";
import { type AnswerJson, answerJson } from "./answer-json.ts";
import { leftOutText, offeredCoins } from "./refusal.ts";

/**
 * A comparison as one JSON object, as `--json` prints it: amounts in USD, days in UTC. Scripts rely
 * on its keys.
 */
export type ComparisonJson = {
  readonly from: ComparisonStart;
  /** `lost-least` when every coin lost money; `tied` within half a percent. */
  readonly result: "won" | "lost-least" | "tied";
  /** What the first coin came to, divided by what the second came to: 1 or more. */
  readonly factor: number;
  /** The one that came to the most first. */
  readonly coins: readonly AnswerJson[];
  /** The coins that are not compared, and why. */
  readonly refused: readonly RefusedCoinJson[];
};

/** Why a coin is not compared, in one sentence, and what to ask for instead. */
export type RefusedCoinJson = {
  readonly reason: Refusal["reason"];
  readonly message: string;
  readonly candidates: readonly string[];
};

const LOCALE = "en-US";

/** The comparison as {@link ComparisonJson}. */
export function comparisonJson({ answers, from, refusals }: Comparison): ComparisonJson {
  const { kind, factor } = standingOf(answers.map(({ valuation }) => valuation));
  return {
    from,
    result: kind,
    factor,
    coins: answers.map(answerJson),
    refused: refusals.map((refusal) => ({
      reason: refusal.reason,
      message: leftOutText(refusal, LOCALE, "plain"),
      candidates: offeredCoins(refusal).map(({ coinId }) => `id:${coinId}`),
    })),
  };
}
