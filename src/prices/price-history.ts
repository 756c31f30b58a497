import type { PriceHistory } from "../valuation/valuation.ts";
import type { SourceFailure } from "./price-source.ts";

/** Why a coin has no usable history. */
export type HistoryRefusal =
  /** No provider knows a price of the coin. */
  | { readonly reason: "history-unavailable"; readonly because: "no-prices" }
  /** Two providers disagree by more than 5 % on the days that both know: a redenomination or a wrong mapping. */
  | { readonly reason: "history-unavailable"; readonly because: "sources-differ"; readonly sources: readonly [string, string] }
  /** Only recent prices can be had now; nothing says what the coin cost when it was listed. */
  | { readonly reason: "prices-unavailable"; readonly tried: readonly TriedSource[] };

/** A provider that was asked in vain. */
export type TriedSource = { readonly name: string; readonly reason: SourceFailure["reason"] };

export type HistoryOutcome = { readonly ok: true; readonly history: PriceHistory } | ({ readonly ok: false } & HistoryRefusal);

export type PriceHistories = { readonly todo: true };
