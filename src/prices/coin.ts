import { createHash } from "node:crypto";
import type { CoinRef } from "./price-source.ts";

/** A coin as people know it. */
export type Coin = CoinRef & {
  readonly name: string;
  /** By market cap, 1 is the largest; null when CoinGecko gives none. */
  readonly rank: number | null;
  /** Address of the logo, https; absent when not known. */
  readonly imageUrl?: string;
};

/** Ten base64url characters that stand for a coin id where the id itself may not fit. */
export function coinHash(coinId: string): string {
  return createHash("sha256").update(coinId).digest("base64url").slice(0, 10);
}

/** Text as coins are compared by: one form of each letter, lower case, no control characters, no `$` of a cashtag in front. */
export function comparable(text: string): string {
  return (
    text
      .normalize("NFKC")
      .toLowerCase()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL and its like are what is taken out.
      .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, "")
      .trim()
      .replace(/\s+/g, " ")
      .replace(/^\$(?=.)/, "")
  );
}
