import type { Coin } from "../prices/coins/coin.ts";
import type { Ask } from "../prices/price-source.ts";
import type { Result } from "../result.ts";
import { later } from "../valuation/calendar.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
import { type AnswerSources, answerFor, type LamboAnswer, type LamboOutcome } from "./answer.ts";
import { type ChosenCoin, type CoinChoice, chooseCoin } from "./coin-choice.ts";
import { type AskedPurchase, pricedPurchase } from "./purchase.ts";
import { type Refusal, type Refused, refused } from "./refusal.ts";

/** From when each coin is bought: its own listing, or that of the coin that was listed last. */
export const COMPARISON_STARTS = ["each", "youngest"] as const;

/** One of {@link COMPARISON_STARTS}. */
export type ComparisonStart = (typeof COMPARISON_STARTS)[number];

/** The same purchase of several coins. */
export type ComparisonQuestion = AskedPurchase & {
  readonly coins: readonly CoinChoice[];
  readonly from: ComparisonStart;
};

/** Two to four valued purchases that differ in nothing but the coin. */
export type Comparison = {
  /** The purchase exactly as asked. */
  readonly asked: AskedPurchase;
  readonly currency: ShownCurrency;
  readonly from: ComparisonStart;
  /** The one that came to the most first. */
  readonly answers: readonly LamboAnswer[];
  /** Why each of the others is not compared. */
  readonly refusals: readonly Refusal[];
  /** Coins that were named more than once. */
  readonly repeated: readonly Coin[];
  /** The coin that was listed last; undefined when all were listed on the same day. */
  readonly youngest: YoungestCoin | undefined;
};

/** A coin and the UTC day of its listing. */
export type YoungestCoin = { readonly coin: Coin; readonly listedOn: string };

/** A comparison, or why there is none. */
export type ComparisonOutcome = Result<{ readonly comparison: Comparison }, Refused>;

/** The most coins that are compared. */
export const MAX_COMPARED = 4;

/**
 * Values the same purchase of each coin, as {@link answerQuestion} does, all at the same time. A
 * coin that is refused is left out, and so is one without prices in the weeks in which all are
 * bought; with fewer than two left there is nothing to compare.
 */
export async function compareCoins(
  { coins: choices, from, ...asked }: ComparisonQuestion,
  sources: AnswerSources,
  ask: Ask,
): Promise<ComparisonOutcome> {
  const priced = await pricedPurchase(asked, sources.rates, ask);
  if (!priced.ok) return priced;
  const { purchase } = priced;
  // Some may turn out to be the same coin.
  if (choices.length > 2 * MAX_COMPARED)
    return refused({ reason: "too-many-coins", count: choices.length, most: MAX_COMPARED });
  const found = await Promise.all(choices.map((choice) => chooseCoin(choice, sources.coins, ask)));
  const { chosen, repeated } = eachOnce(found.flatMap((outcome) => (outcome.ok ? [outcome] : [])));
  const unknown = found.flatMap((outcome) => (outcome.ok ? [] : [outcome.refusal]));
  const count = chosen.length + unknown.length;
  if (count > MAX_COMPARED) return refused({ reason: "too-many-coins", count, most: MAX_COMPARED });

  const listing = await Promise.all(
    chosen.map((coin) => answerFor({ coin, purchase }, sources, ask)),
  );
  const youngest = youngestOf(answersIn(listing));
  const outcomes =
    from === "each" || youngest === undefined
      ? listing
      : await Promise.all(
          listing.map((outcome) => {
            // The youngest is bought at its listing either way.
            if (!outcome.ok || outcome.answer.valuation.firstRecordedOn === youngest.listedOn)
              return outcome;
            const bought = { by: "day", on: youngest.listedOn } as const;
            return answerFor({ coin: outcome.answer, purchase, bought }, sources, ask);
          }),
        );
  const answers = [...answersIn(outcomes)].sort(
    (one, other) => other.valuation.growthFactor - one.valuation.growthFactor,
  );
  const refusals = [
    ...unknown,
    ...outcomes.flatMap((outcome) => (outcome.ok ? [] : [outcome.refusal])),
  ];
  if (answers.length < 2) {
    const coin = answers[0]?.coin;
    return refused({ reason: "too-few-coins", refusals, ...(coin !== undefined && { coin }) });
  }
  const { currency } = purchase;
  return { ok: true, comparison: { asked, currency, from, answers, refusals, repeated, youngest } };
}

function answersIn(outcomes: readonly LamboOutcome[]): readonly LamboAnswer[] {
  return outcomes.flatMap((outcome) => (outcome.ok ? [outcome.answer] : []));
}

/** Each coin once, as it was named first without a guess, and those that were named again. */
function eachOnce(found: readonly ChosenCoin[]): {
  readonly chosen: readonly ChosenCoin[];
  readonly repeated: readonly Coin[];
} {
  const byId = new Map<string, ChosenCoin>();
  const repeated = new Set<Coin>();
  for (const named of found) {
    const { coinId } = named.coin;
    const known = byId.get(coinId);
    if (known !== undefined) repeated.add(known.coin);
    if (known === undefined || named.guess === undefined) byId.set(coinId, named);
  }
  return { chosen: [...byId.values()], repeated: [...repeated] };
}

function youngestOf(answers: readonly LamboAnswer[]): YoungestCoin | undefined {
  const days = answers.map(({ valuation }) => valuation.firstRecordedOn);
  const listedOn = days.reduce(later, "");
  const youngest = answers.find(({ valuation }) => valuation.firstRecordedOn === listedOn);
  return youngest === undefined || days.every((day) => day === listedOn)
    ? undefined
    : { coin: youngest.coin, listedOn };
}
