import type { Ask, CoinRef, SourceFailure } from "./price-source.ts";

/** A coin as people know it. */
export type Coin = CoinRef & {
  readonly name: string;
  /** By market cap, 1 is the largest; null when CoinGecko gives none. */
  readonly rank: number | null;
  /** Address of the logo, https; absent when not known. */
  readonly imageUrl?: string;
};

/** Coins as a provider lists them, or why it does not. */
export type CoinsAnswer = { readonly ok: true; readonly coins: readonly Coin[] } | SourceFailure;

/** Where the list of coins comes from. */
export type CoinDirectory = {
  /** Every coin, without ranks. */
  list(ask: Ask): Promise<CoinsAnswer>;
  /** The 250 coins of one page by market cap, from page 1, with ranks and logos. */
  top(page: number, ask: Ask): Promise<CoinsAnswer>;
  /** Coins that a text may mean. */
  search(text: string, ask: Ask): Promise<CoinsAnswer>;
};

export type CoinIndex = { readonly todo: true };
