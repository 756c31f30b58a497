import type { Coin } from "../prices/coins/coin.ts";
import type { HistoryRefusal } from "../prices/history/history-outcome.ts";
import type { UnreadAmount } from "../reading/amount.ts";
import type { UnreadDay } from "../reading/day.ts";
import type { BoughtRefusal, ValuationRefusal } from "../valuation/coin-record.ts";
import type { ShownCurrency } from "../valuation/currency.ts";

/** Why a question has no answer: a closed union, one plain sentence each in `cards/refusal.ts`. */
export type Refusal =
  | {
      readonly reason: "unknown-coin";
      readonly text: string;
      readonly suggestions: readonly Coin[];
    }
  | {
      readonly reason: "ambiguous-coin";
      readonly text: string;
      readonly candidates: readonly Coin[];
    }
  /** A stake or custom car price that is not a number within its limits, in this currency. */
  | { readonly reason: "invalid-amount" | "invalid-car-price"; readonly currency: ShownCurrency }
  /** A typed stake that is no amount; `code` is the currency that counts when none is named. */
  | {
      readonly reason: "invalid-amount";
      readonly typed: string;
      readonly unread: UnreadAmount | NamesAnotherCurrency;
      readonly code: string;
    }
  /** An amount in a currency (ISO 4217) without an exchange rate. */
  | { readonly reason: "no-rate"; readonly code: string }
  | { readonly reason: "unknown-car" }
  /** More coins to compare than can be. */
  | { readonly reason: "too-many-coins"; readonly count: number; readonly most: number }
  /** Fewer than two coins to compare: the one that is left, and why the others are not. */
  | {
      readonly reason: "too-few-coins";
      readonly coin?: Coin;
      readonly refusals: readonly Refusal[];
    }
  /** A typed day of buying that is none; `latestOn` is the latest UTC day that could be one. */
  | {
      readonly reason: "invalid-bought";
      readonly typed: string;
      readonly unread: UnreadBought;
      readonly latestOn: string;
    }
  /** A button or menu whose id is not ours, or is from another version. */
  | { readonly reason: "outdated-control" }
  /**
   * Names and symbols cannot be looked up without the coin list; `text` is empty when nothing was
   * typed.
   */
  | { readonly reason: "prices-unavailable"; readonly text: string }
  /** `isPeak` where the day of the coin's highest close was asked for. */
  | ({ readonly coin: Coin; readonly isPeak?: true } & (
      | ValuationRefusal
      | BoughtRefusal
      | HistoryRefusal
    ));

/** An amount in a currency (ISO 4217) other than the one that was chosen beside it. */
export type NamesAnotherCurrency = {
  readonly problem: "another-currency";
  readonly named: string;
};

/** Why a text is no day of buying; outside Discord nobody has joined anything. */
export type UnreadBought = UnreadDay | { readonly problem: "nobody-joined" };

/** The failed half of a `Result` about questions. */
export type Refused = { readonly refusal: Refusal };

/** A failed result with its refusal. */
export function refused(refusal: Refusal): { readonly ok: false } & Refused {
  return { ok: false, refusal };
}
