import type { CoinRef } from "./price-source.ts";

/** A coin as people know it. */
export type Coin = CoinRef & {
  readonly name: string;
  /** By market cap, 1 is the largest; null when CoinGecko gives none. */
  readonly rank: number | null;
  /** Address of the logo, https; absent when not known. */
  readonly imageUrl?: string;
};

export type CoinIndex = { readonly todo: true };
