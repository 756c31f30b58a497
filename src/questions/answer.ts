import { type Coin, coinHash } from "../prices/coins/coin.ts";
import type { CoinIndex } from "../prices/coins/coin-index.ts";
import type { ExchangeRates } from "../prices/exchange-rates.ts";
import type { PriceHistories } from "../prices/history/price-history.ts";
import type { Ask } from "../prices/price-source.ts";
import type { Result } from "../result.ts";
import { utcDay } from "../valuation/calendar.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
import type { PriceHistory } from "../valuation/price-record.ts";
import { type Valuation, valueRecord } from "../valuation/valuation.ts";
import { type AnsweredBought, type Bought, boughtRecordOf } from "./bought.ts";
import { type ChosenCoin, type CoinChoice, chooseCoin, type TypedGuess } from "./coin-choice.ts";
import { type AskedPurchase, type PricedPurchase, pricedPurchase } from "./purchase.ts";
import { type Refused, refused } from "./refusal.ts";

/** The one question that this program answers. */
export type LamboQuestion = AskedPurchase & {
  readonly coin: CoinChoice;
  /** Absent for a purchase at the listing. */
  readonly bought?: Bought;
};

/** A valued purchase with everything that a card, the terminal or an API shows. */
export type LamboAnswer = {
  readonly coin: Coin;
  /** Present when the typed text was no name of the coin: every answer then says what it took. */
  readonly guess?: TypedGuess;
  /** Other coins with the same symbol, best rank first. */
  readonly namesakes: readonly Coin[];
  /**
   * The purchase exactly as asked: carried by the buttons and menus under a card, whatever happens
   * to the rates.
   */
  readonly asked: AskedPurchase;
  /** Present when a day of buying was asked for. */
  readonly bought?: AnsweredBought;
  /** The currency that amounts are shown in: the one asked in. */
  readonly currency: ShownCurrency;
  readonly history: PriceHistory;
  readonly valuation: Valuation;
};

/** An answer, or why there is none. */
export type LamboOutcome = Result<{ readonly answer: LamboAnswer }, Refused>;

/** What {@link answerQuestion} uses. */
export type AnswerSources = {
  readonly coins: Pick<CoinIndex, "resolve" | "byHash" | "largest" | "namesakes" | "size">;
  readonly prices: Pick<PriceHistories, "history">;
  readonly rates: Pick<ExchangeRates, "perUsd">;
  /** The clock. */
  now(): Date;
};

/** A question whose coin has been found, and whose amounts have their worth at today's rates. */
export type FoundQuestion = {
  readonly coin: ChosenCoin;
  readonly purchase: PricedPurchase;
  readonly bought?: Bought | undefined;
};

/** How many coins are tried when nobody has named one: the first may be too new, for example. */
const MAX_PICKS = 3;

/**
 * Finds the coin, its price history and the purchase's value. Never rejects because of the asker or
 * the outside world.
 */
export async function answerQuestion(
  { coin: firstChoice, bought, ...asked }: LamboQuestion,
  sources: AnswerSources,
  ask: Ask,
): Promise<LamboOutcome> {
  const priced = await pricedPurchase(asked, sources.rates, ask);
  if (!priced.ok) return priced;
  let choice = firstChoice;
  let refusedPick: LamboOutcome | undefined;
  for (let picks = 1; ; picks += 1) {
    const chosen = await chooseCoin(choice, sources.coins, ask);
    if (!chosen.ok) return refusedPick ?? chosen;
    const question = { coin: chosen, purchase: priced.purchase, bought };
    const outcome = await answerFor(question, sources, ask);
    const isFinal = outcome.ok || outcome.refusal.reason === "prices-unavailable";
    if (isFinal || choice.by !== "chance" || picks === MAX_PICKS) return outcome;
    refusedPick = outcome;
    choice = { ...choice, otherThan: [...(choice.otherThan ?? []), coinHash(chosen.coin.coinId)] };
  }
}

/** Values a purchase, at today's rates, of a coin that has been found. */
export async function answerFor(
  { coin: chosen, purchase, bought: askedBought }: FoundQuestion,
  { coins, prices, now }: AnswerSources,
  ask: Ask,
): Promise<LamboOutcome> {
  const { coin, guess } = chosen;
  const { asked, currency } = purchase;
  const outcome = await prices.history(coin, ask);
  if (!outcome.ok) return refused({ ...outcome, coin });
  const { history } = outcome;
  const recorded = boughtRecordOf(history, utcDay(now()), askedBought);
  const isPeak = askedBought?.by === "peak";
  if (!recorded.ok) return refused({ ...recorded, coin, ...(isPeak && { isPeak }) });
  const { bought } = recorded;
  const valuation = valueRecord(recorded.record, purchase);
  const namesakes = coins.namesakes(coin);
  return {
    ok: true,
    answer: {
      coin,
      ...(guess !== undefined && { guess }),
      namesakes,
      asked,
      ...(bought !== undefined && { bought }),
      currency,
      history,
      valuation,
    },
  };
}
