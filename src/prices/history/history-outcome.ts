import type { Result } from "../../result.ts";
import type { PriceHistory } from "../../valuation/price-record.ts";
import type { SourceFailure } from "../price-source.ts";

/** A source that was asked and gave nothing. */
export type TriedSource = { readonly name: string; readonly reason: SourceFailure["reason"] };

/** Why a coin has no usable history. */
export type HistoryRefusal =
  /** No source knows a price of the coin. */
  | { readonly reason: "history-unavailable"; readonly because: "no-prices" }
  /** The coin has prices, but no source knows those of its first weeks. */
  | { readonly reason: "history-unavailable"; readonly missing: "opening" }
  /**
   * Two sources disagree by more than 5 % on the days that both know: a redenomination or a wrong
   * mapping.
   */
  | {
      readonly reason: "history-unavailable";
      readonly because: "sources-differ";
      readonly sources: readonly [string, string];
    }
  /** Two sources' records hardly overlap, so nothing shows whether they mean the same coin. */
  | {
      readonly reason: "history-unavailable";
      readonly because: "sources-apart";
      readonly sources: readonly [string, string];
    }
  /**
   * No source that can be asked says what the coin cost when it was listed, or what it costs now.
   */
  | { readonly reason: "prices-unavailable"; readonly tried: readonly TriedSource[] };

/** A coin's history, or why there is none. */
export type HistoryOutcome = Result<{ readonly history: PriceHistory }, HistoryRefusal>;
