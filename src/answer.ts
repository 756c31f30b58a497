import { createHash } from "node:crypto";
import type { Coin } from "./prices/coin.ts";
import { utcDay } from "./prices/daily-closes.ts";
import type { HistoryRefusal } from "./prices/price-history.ts";
import type { Ask } from "./prices/price-source.ts";
import type { Services } from "./services.ts";
import type { LamboModel } from "./valuation/lambo-models.ts";
import { type PriceHistory, type Valuation, type ValuationRefusal, value } from "./valuation/valuation.ts";

/** Which coin is asked about: as typed, as a button carries it, or one of the hundred largest, chosen by the seed. */
export type CoinChoice =
  | { readonly by: "text"; readonly text: string }
  | { readonly by: "hash"; readonly hash: string }
  | { readonly by: "chance"; readonly seed: string };

/** The one question that this program answers. */
export type LamboQuestion = {
  readonly coin: CoinChoice;
  readonly stakeUsd: number;
  readonly car: LamboModel;
};

/** A valued purchase with everything that a card, the terminal or an API shows. */
export type LamboAnswer = {
  readonly coin: Coin;
  /** Other coins with the same symbol, best rank first. */
  readonly namesakes: readonly Coin[];
  readonly car: LamboModel;
  readonly history: PriceHistory;
  readonly valuation: Valuation;
};

/** Why a question has no answer: a closed union, one plain sentence each in `cards/refusal.ts`. */
export type Refusal =
  | { readonly reason: "unknown-coin"; readonly text: string; readonly suggestions: readonly Coin[] }
  | { readonly reason: "ambiguous-coin"; readonly text: string; readonly candidates: readonly Coin[] }
  | { readonly reason: "invalid-amount" }
  | { readonly reason: "unknown-car" }
  /** A button or menu whose id we did not write, or wrote in another version. */
  | { readonly reason: "outdated-control" }
  /** The coin list cannot be had, so that a name or symbol cannot be looked up; empty text when none was typed. */
  | { readonly reason: "prices-unavailable"; readonly text: string }
  | ({ readonly coin: Coin } & (ValuationRefusal | HistoryRefusal));

/** An answer, or why there is none. */
export type LamboOutcome = { readonly ok: true; readonly answer: LamboAnswer } | { readonly ok: false; readonly refusal: Refusal };

/** Smallest and largest stake, in USD: a cent, and a trillion, beyond which nobody asks and the digits stop meaning anything. */
export const STAKE_LIMITS_USD = { min: 0.01, max: 1e12 } as const;

/** The stake when none is named, in USD. */
export const DEFAULT_STAKE_USD = 1_000;

const CHANCE_AMONG = 100;

/** Finds the coin, its price history and the purchase's value. Never rejects for what the asker or the outside world does. */
export async function answerQuestion(
  { coin: choice, stakeUsd, car }: LamboQuestion,
  { coins, prices, now }: Pick<Services, "coins" | "prices" | "now">,
  ask: Ask,
): Promise<LamboOutcome> {
  if (!(stakeUsd >= STAKE_LIMITS_USD.min && stakeUsd <= STAKE_LIMITS_USD.max)) return refused({ reason: "invalid-amount" });
  const chosen = await chooseCoin(choice, coins, ask);
  if (!chosen.ok) return chosen;
  const { coin } = chosen;

  const outcome = await prices.history(coin, ask);
  if (!outcome.ok) return refused({ ...outcome, coin });
  const valued = value(outcome.history, { stakeUsd, carPriceUsd: car.priceUsd, todayOn: utcDay(now()) });
  if (!valued.ok) return refused({ ...valued, coin });
  return { ok: true, answer: { coin, namesakes: coins.namesakes(coin), car, history: outcome.history, valuation: valued.valuation } };
}

async function chooseCoin(
  choice: CoinChoice,
  coins: Services["coins"],
  ask: Ask,
): Promise<{ ok: true; coin: Coin } | { ok: false; refusal: Refusal }> {
  if (choice.by === "text") {
    const resolution = await coins.resolve(choice.text, ask);
    return resolution.ok ? resolution : refused({ ...resolution, text: choice.text });
  }
  if (choice.by === "hash") {
    const coin = await coins.byHash(choice.hash, ask);
    if (coin !== undefined) return { ok: true, coin };
    return refused(coins.size() === 0 ? { reason: "prices-unavailable", text: "" } : { reason: "outdated-control" });
  }
  const largest = await coins.largest(CHANCE_AMONG, ask);
  const coin = largest[createHash("sha256").update(choice.seed).digest().readUInt32BE(0) % Math.max(1, largest.length)];
  return coin === undefined ? refused({ reason: "prices-unavailable", text: "" }) : { ok: true, coin };
}

function refused(refusal: Refusal): { ok: false; refusal: Refusal } {
  return { ok: false, refusal };
}
