import { createHash } from "node:crypto";
import type { CoinRef } from "../price-source.ts";

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

/** Printable ASCII without a `$` in front, with single blanks between words. */
const PLAIN_WORDS = /^[!-#%-~][!-~]*(?: [!-~]+)*$/;

/**
 * Text as coins are compared by: one form of each letter, lower case, nothing invisible, no `$` of
 * a cashtag in front.
 */
export function comparable(text: string): string {
  // Almost every text is such, and a list has a hundred thousand of them.
  if (PLAIN_WORDS.test(text)) return text.toLowerCase();
  return (
    text
      // A compatibility form would make letters of it.
      .replace(/[™℠]/g, "")
      .normalize("NFKC")
      .toLowerCase()
      // Control and format characters (NUL, bidirectional marks, joiners), and halves of
      // characters, which no URL can hold.
      .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, "")
      .trim()
      .replace(/\s+/g, " ")
      .replace(/^\$(?=.)/, "")
  );
}

/** ASCII letters and digits alone, the commonest text of all. */
const PLAIN_LETTERS = /^[a-z0-9]*$/;

/**
 * A comparable text without what people leave out or put in: spaces, dashes, marks and accents.
 * Empty when nothing is left.
 */
export function squeezed(text: string): string {
  if (PLAIN_LETTERS.test(text)) return text;
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}\p{M}]/gu, "");
}
