import type { Coin } from "../prices/coins/coin.ts";

/** The listed coin whose id, symbol or name is a text as it stands; undefined when none is. */
export type KnownCoin = (text: string) => Pick<Coin, "rank"> | undefined;

/** Some words of a list, and whether they are a coin as they stand. */
type Piece = { readonly text: string; readonly isKnown: boolean };

const SEPARATORS =
  /[,;\n|，、；،؛]|\s[&+/]\s|(?<=[^\s,;])\s+(?:vs\.?|versus|against|gegen|contre|contra)\s+(?=[^\s,;])/i;
/** A label of a suggestion (`Dogecoin · DOGE · #8`), or a name with its symbol behind it. */
const LABEL = /\s·\s|\(/;
/** What a line of a pasted list begins with. */
const BULLET = /^\s*(?:[-*•·–]|\d{1,2}[.)])\s+/;
const BETWEEN = new Set(["and", "&", "+", "plus", "und", "et", "or", "oder", "ou"]);
const VERSUS = /^(?:vs\.?|versus|against|gegen|contre|contra)$/;
/** Belongs to the word in front: `doge coin` is one coin. */
const KINDS = new Set(["coin", "coins", "token", "tokens"]);
/** The most words that are tried together as one name. */
const MAX_WORDS = 6;
/** A name of several words is believed over the coins of its words up to this rank. */
const WELL_KNOWN_RANK = 1_000;

/** Whether a word only stands between two coins: `vs`, `and`. */
export function isBetweenCoins(word: string): boolean {
  const text = word.trim().toLowerCase();
  return BETWEEN.has(text) || VERSUS.test(text);
}

/**
 * Splits a typed list into texts that name one coin each. Commas, semicolons and lines separate
 * coins; without them the words are taken together where they name one coin (`shiba inu`), the
 * longest name first, and apart where they do not (`btc eth doge`).
 */
export function splitCoinList(text: string, known: KnownCoin): readonly string[] {
  const parts = text
    .split(SEPARATORS)
    .map((part) => part.replace(BULLET, "").trim())
    .filter((part) => part !== "");
  return parts.flatMap((part) => {
    if (!/\s/.test(part) || LABEL.test(part)) return [part];
    const pieces = piecesOf(part.split(/\s+/), known);
    // With commas a part is one coin, unless it is nothing but known ones.
    return parts.length === 1 || pieces.every(({ isKnown }) => isKnown)
      ? pieces.map((piece) => piece.text)
      : part.split(/\s+(?:and|&)\s+/i);
  });
}

function piecesOf(words: readonly string[], known: KnownCoin): readonly Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < words.length; ) {
    const word = words[at] ?? "";
    if (BETWEEN.has(word.toLowerCase()) && at > 0 && at < words.length - 1) {
      at += 1;
      continue;
    }
    const count = wordsOfOneCoin(words.slice(at, at + MAX_WORDS), known);
    const text = words.slice(at, at + Math.max(1, count)).join(" ");
    pieces.push({ text, isKnown: count > 0 });
    at += Math.max(1, count);
  }
  return pieces;
}

/** How many of the first words name one coin together; 0 when not even the first one does. */
function wordsOfOneCoin(words: readonly string[], known: KnownCoin): number {
  for (let count = words.length; count > 1; count -= 1) {
    const together = words.slice(0, count);
    const coin = known(together.join(" "));
    const isOne =
      isWellKnown(coin) ||
      // `doge coin`, `uni swap`
      isWellKnown(known(together.join(""))) ||
      (count === 2 && KINDS.has(together[1]?.toLowerCase() ?? "")) ||
      // Nobody who writes `bitcoin doge` means a coin of that name that nobody knows.
      (coin !== undefined && !together.every((word) => known(word)?.rank != null));
    if (isOne) return count;
  }
  return known(words[0] ?? "") === undefined ? 0 : 1;
}

function isWellKnown(coin: Pick<Coin, "rank"> | undefined): boolean {
  return coin?.rank != null && coin.rank <= WELL_KNOWN_RANK;
}
