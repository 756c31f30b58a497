import { type Coin, comparable } from "../prices/coins/coin.ts";
import { otherName } from "../prices/coins/other-names.ts";
import { ORDINARY_WORDS } from "./ordinary-words.ts";

/** What {@link coinsInText} looks coins up in, all of it from memory. */
export type KnownCoins = {
  /** The coins that a bare name may mean, the largest first. */
  readonly large: readonly Coin[];
  /** The coin that a text is the exact symbol, name or page of. */
  exact(text: string): Coin | undefined;
  /** The coin that a symbol means where the text was written; undefined for the usual meaning. */
  own(symbol: string): Coin | undefined;
};

/** Longer texts are not read to their end: a message has 4,000 characters, an embed 6,000. */
const MAX_TEXT_LENGTH = 12_000;
/** The most words of a name. */
const MAX_NAME_WORDS = 6;
/** Shorter names have to be written in the coin's own capitals. */
const MIN_LOOSE_NAME = 4;
/** From this length on, a name with an s at its end is that name: "dogecoins". */
const MIN_PLURAL = 6;

/**
 * What a text consists of: fenced code, emoji, mentions and timestamps, which name no coin, pages
 * of coins, other addresses, symbols with their sign, and words.
 */
const PARTS = new RegExp(
  [
    "```[\\s\\S]*?(?:```|$)",
    "<(?:a?:\\w{1,40}:\\d{1,20}|[@#][!&]?\\d{1,20}|/[^>\\n]{1,120}:\\d{1,20}|t:[^>\\n]{1,40})>",
    "(?<page>(?<![\\w.-])(?:https?://)?(?:[a-z0-9-]{1,63}\\.){0,3}(?:coingecko|coinmarketcap)\\.com/[^\\s<>()\\[\\]|]{1,300})",
    "https?://[^\\s<>|]+",
    "(?<![\\p{L}\\p{N}$])\\$(?<symbol>[\\p{L}\\p{N}]{1,20})(?![\\p{L}\\p{N}$])",
    "(?<word>[\\p{L}\\p{N}\\p{M}]+)",
  ].join("|"),
  "giu",
);

/** Parts of the two sites that are not about one coin. */
const NO_COIN_PAGE =
  /\/(?:categories|category|exchanges?|nft|learn|news|insights|publications|research|portfolios?|portfolio|global-charts|highlights|trending[a-z-]*|community|headlines|academy|converter|charts|rankings|dexscan|new-cryptocurrencies)(?:\/|$)/i;

/** An amount: "$500", "$5k", "$10m", "$2bn", "$100USD". */
const AMOUNT = /^\d+[a-z]{0,3}$/i;

type Word = { readonly text: string; readonly from: number; readonly to: number };

/**
 * The coins that a text names, in the order in which it does, each once and at most `limit`: by
 * name, by symbol with a dollar sign, or by a page at CoinGecko or CoinMarketCap. Never a guess: a
 * name counts only of a large coin, and not if it is an ordinary word. Takes time in proportion to
 * the text.
 */
export function coinsInText(text: string, known: KnownCoins, limit: number): readonly Coin[] {
  const read = text.slice(0, MAX_TEXT_LENGTH);
  const found = new Map<string, Coin>();
  const add = (coin: Coin | undefined) => {
    if (coin !== undefined && found.size < limit) found.set(coin.coinId, coin);
  };
  const names = namesOf(known.large);
  let words: Word[] = [];
  const addWords = () => {
    for (const coin of namedBy(words, read, names, known)) add(coin);
    words = [];
  };
  for (const part of read.matchAll(PARTS)) {
    const { page, symbol, word } = part.groups ?? {};
    const [whole] = part;
    if (word !== undefined) {
      words.push({ text: word, from: part.index, to: part.index + whole.length });
      continue;
    }
    addWords();
    if (page !== undefined && !NO_COIN_PAGE.test(page)) add(known.exact(page));
    if (symbol !== undefined && !AMOUNT.test(symbol)) add(known.own(symbol) ?? known.exact(symbol));
    if (found.size >= limit) break;
  }
  addWords();
  return [...found.values()];
}

/** Large coins by every name that may stand in a sentence, as comparable text. */
function namesOf(large: readonly Coin[]): ReadonlyMap<string, Coin> {
  const names = new Map<string, Coin>();
  for (const coin of large) {
    for (const text of [coin.name, coin.coinId.replaceAll("-", " ")]) {
      const name = comparable(text).replaceAll("-", " ");
      if (!ORDINARY_WORDS.has(name) && !names.has(name)) names.set(name, coin);
    }
  }
  return names;
}

/** The coins that words name, the longest name first at each word. */
function* namedBy(
  words: readonly Word[],
  text: string,
  names: ReadonlyMap<string, Coin>,
  known: KnownCoins,
): Iterable<Coin> {
  for (let at = 0; at < words.length; ) {
    const longest = longestName(words.slice(at, at + MAX_NAME_WORDS), text, names);
    if (longest !== undefined) {
      yield longest.coin;
      at += longest.words;
      continue;
    }
    const word = words[at];
    at += 1;
    if (word === undefined || isAscii(word.text) || isInAddress(word, text)) continue;
    for (const name of namesInside(word.text)) {
      const other = isAscii(name) ? names.get(comparable(name)) : known.exact(name);
      if (other !== undefined && known.large.some(({ coinId }) => coinId === other.coinId))
        yield other;
    }
  }
}

/** Scripts in which a name may touch the words around it. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const RUNS =
  /[a-z][a-z0-9]{3,}|[\p{Script=Katakana}ー]+|\p{Script=Hangul}+|\p{Script=Han}+|[\p{Script=Thai}\p{M}]+/giu;
const KATAKANA = /^[\p{Script=Katakana}ー]/u;
const HANGUL = /^\p{Script=Hangul}/u;
/** The commonest that follow a noun. */
const PARTICLE =
  /(?<=.{2})(?:은|는|이|가|을|를|의|에|에서|에게|도|으?로|와|과|만|까지|부터|이?랑|하고|보다|처럼)$/u;
/** Two letters are found inside other words too often. */
const MIN_INSIDE = 3;
const MAX_INSIDE = 12;

/**
 * The word, or the names inside it where words have no spaces between them: all Latin letters or
 * all Katakana together, as in "ビットコインが"; a Korean word without its particle; the longest
 * names in Chinese and Thai.
 */
function* namesInside(word: string): Iterable<string> {
  if (otherName(word) !== undefined || !UNSPACED.test(word)) {
    yield word;
    return;
  }
  for (const [run] of word.matchAll(RUNS)) {
    if (KATAKANA.test(run) || isAscii(run)) yield run;
    else if (HANGUL.test(run)) yield run.replace(PARTICLE, "");
    else yield* longestNamesIn(run);
  }
}

function* longestNamesIn(run: string): Iterable<string> {
  for (let at = 0; at + MIN_INSIDE <= run.length; ) {
    let length = Math.min(MAX_INSIDE, run.length - at);
    while (length >= MIN_INSIDE && otherName(run.slice(at, at + length)) === undefined) length -= 1;
    if (length >= MIN_INSIDE) yield run.slice(at, at + length);
    at += length >= MIN_INSIDE ? length : 1;
  }
}

function longestName(
  words: readonly Word[],
  text: string,
  names: ReadonlyMap<string, Coin>,
): { readonly coin: Coin; readonly words: number } | undefined {
  let together = 1;
  // Only spaces and dashes stand inside a name: "bitcoin. Cash" is no "Bitcoin Cash".
  while (
    together < words.length &&
    /^[ \t\u00a0-]+$/.test(text.slice(words[together - 1]?.to, words[together]?.from))
  )
    together += 1;
  for (let count = together; count > 0; count -= 1) {
    const [first, last] = [words[0], words[count - 1]];
    if (first === undefined || last === undefined) continue;
    if (isInAddress(first, text) || isInAddress(last, text)) continue;
    const typed = words
      .slice(0, count)
      .map((word) => word.text)
      .join(" ");
    const name = comparable(typed);
    const coin =
      names.get(name) ??
      (name.length > MIN_PLURAL && name.endsWith("s") ? names.get(name.slice(0, -1)) : undefined);
    if (coin === undefined) continue;
    if (name.length < MIN_LOOSE_NAME && typed !== coin.name) continue;
    return { coin, words: count };
  }
  return undefined;
}

/** Whether a word is part of a domain, an e-mail address or an account's name. */
function isInAddress({ from, to }: Word, text: string): boolean {
  return (
    /(?:@|[\p{L}\p{N}]\.)$/u.test(text.slice(Math.max(0, from - 2), from)) ||
    /^(?:\.\p{L}|@)/u.test(text.slice(to, to + 2))
  );
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}
