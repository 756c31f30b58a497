import type { Coin } from "./prices/coin-index.ts";
import type { HistoryRefusal } from "./prices/price-history.ts";
import type { LamboModel } from "./valuation/lambo-models.ts";
import type { PriceHistory, Valuation, ValuationRefusal } from "./valuation/valuation.ts";

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
  /** The coin list cannot be had, so that a name or symbol cannot be looked up. */
  | { readonly reason: "prices-unavailable"; readonly text: string }
  | ({ readonly coin: Coin } & (ValuationRefusal | HistoryRefusal));
