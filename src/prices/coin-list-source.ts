import type { Coin } from "./coins/coin.ts";
import type { Ask, SourceResult } from "./price-source.ts";

/** Coins on one page of the market. */
export const PAGE_COINS = 250;

/** Coins as a source lists them, or why it does not. */
export type CoinsResult = SourceResult<{ readonly coins: readonly Coin[] }>;

/** A source that lists coins. */
export type CoinListSource = {
  /** Every coin, without ranks. */
  list(ask: Ask): Promise<CoinsResult>;
  /** One page ({@link PAGE_COINS}) of coins by market cap, from page 1, with ranks and logos. */
  top(page: number, ask: Ask): Promise<CoinsResult>;
  /** Coins that a text may mean. */
  search(text: string, ask: Ask): Promise<CoinsResult>;
};
