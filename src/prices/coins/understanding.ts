import { type Coin, comparable, squeezed } from "./coin.ts";
import { type CoinTable, isLarge, rankWeight, type SimilarCoin } from "./coin-table.ts";
import {
  type OtherName,
  otherName,
  otherNamesNear,
  otherNamesStartingWith,
} from "./other-names.ts";
import { bareText, type Reading, type Readings, readingsOf, spellingsOf } from "./readings.ts";
import { slipCost, slipsAllowed } from "./slips.ts";

/** The most coins that a menu or a guess offers. */
export const MAX_CANDIDATES = 25;

/** The other coins that a guessed text may mean, likeliest first. */
export type Guess = { readonly others: readonly Coin[] };

/** The coin that a text means, or those that it may mean. */
export type Understanding =
  | { readonly ok: true; readonly coin: Coin; readonly guess?: Guess }
  | { readonly ok: false; readonly reason: "ambiguous-coin"; readonly candidates: readonly Coin[] }
  | { readonly ok: false; readonly reason: "unknown-coin"; readonly suggestions: readonly Coin[] };

const MAX_OTHERS = 5;
const MAX_SUGGESTED = 5;
/** What labels shorten with, as comparable text. */
const ELLIPSIS = "...";

/**
 * The best whole match of a text among known coins. Unranked coins that match equally well are
 * ambiguous, and so is an unranked coin that a large one is one slip away from.
 */
export function decide(table: CoinTable, text: string): Understanding {
  const matches = table.matches(text);
  const best = matches[0];
  if (best === undefined) return unknownCoin([]);
  if (best.coin.rank !== null || text.startsWith("id:")) return { ok: true, coin: best.coin };
  const equals = matches.filter(({ kind }) => kind === best.kind).map(({ coin }) => coin);
  return oneOf([...equals, ...table.largeNear(text), ...largeByOtherName(table, text)]);
}

/**
 * What a comparable text means when it is no whole id, symbol or name: read without marks, labels,
 * pairs and addresses, or as another name; undefined when none of that is a coin.
 */
export function understood(table: CoinTable, { readings }: Readings): Understanding | undefined {
  for (const reading of readings) {
    const found = readAs(table, reading);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The text that {@link decide} decides on in {@link understood}: coins are ranked for it first. */
export function decidingText(table: CoinTable, { readings }: Readings): string | undefined {
  const texts = readings.flatMap((reading) => (reading.as === "text" ? [reading.text] : []));
  return texts
    .flatMap((text) => [text, squeezed(text)])
    .find((text) => table.matches(text).length > 0);
}

function readAs(table: CoinTable, reading: Reading): Understanding | undefined {
  switch (reading.as) {
    case "id": {
      const coin = table.byId(reading.text);
      return coin === undefined ? undefined : { ok: true, coin };
    }
    case "symbol":
      return anyOf(byRank(reading.texts.flatMap((text) => ofTicker(table, text))));
    case "label":
      return anyOf(labelled(table, reading.name, reading.symbol));
    case "both":
      return anyOf(named(table, reading.name, reading.symbol ?? ""));
    case "text":
      return readAsText(table, reading.text);
    case "several": {
      const coins = reading.texts.flatMap((text) => {
        const found = readAsText(table, text);
        return found?.ok === true ? [found.coin] : [];
      });
      return coins.length === reading.texts.length ? oneOf(coins) : undefined;
    }
    case "large": {
      const coins = reading.texts.flatMap((text) => largeCoin(table, text) ?? []);
      return coins.length === reading.texts.length ? oneOf(coins) : undefined;
    }
  }
}

function readAsText(table: CoinTable, text: string): Understanding | undefined {
  const bare = squeezed(text);
  if (table.matches(text).length > 0) return decide(table, text);
  if (table.matches(bare).length > 0) return decide(table, bare);
  const other = otherName(bare === "" ? text : bare);
  const renamed = other && listedAs(table, other)[0];
  if (renamed !== undefined)
    return {
      ok: true,
      coin: renamed,
      ...(other?.isOld === true && { guess: { others: othersLike(table, bare, renamed) } }),
    };
  return anyOf(table.squeezedTo(bare)) ?? anyOf(table.squeezedTo(`the${bare}`));
}

/** The coin with that id, symbol or name, if it is a large one. */
function largeCoin(table: CoinTable, text: string): Coin | undefined {
  const coin = table.matches(text)[0]?.coin;
  return coin !== undefined && isLarge(coin) ? coin : undefined;
}

/** Coins that exchanges may mean by a ticker. */
function ofTicker(table: CoinTable, ticker: string): readonly Coin[] {
  return [...table.ofSymbol(ticker), ...largeByOtherName(table, ticker)];
}

function byRank(coins: readonly Coin[]): readonly Coin[] {
  return [...coins].sort((a, b) => rankWeight(a) - rankWeight(b));
}

function othersLike(table: CoinTable, spelling: string, coin: Coin): readonly Coin[] {
  const similar = candidatesOf(table, [spelling]).map((candidate) => candidate.coin);
  return similar.filter((other) => other !== coin).slice(0, MAX_OTHERS);
}

/** Coins that have both a name and a symbol, whichever of their keys those are. */
function named(table: CoinTable, name: string, symbol: string): readonly Coin[] {
  const ofName = table.matches(name).map(({ coin }) => coin);
  const ofBoth = new Set(table.matches(symbol).map(({ coin }) => coin));
  const both = ofName.filter((coin) => ofBoth.has(coin));
  // "Uni (UNI)" is the coin of that name, and "DOGE DOGE" says no more than "DOGE".
  const exact = both.filter(
    (coin) => comparable(coin.name) === name && comparable(coin.symbol) === symbol,
  );
  return exact.length > 0 ? exact : both;
}

/** Coins whose label begins so: as `coinLabel` writes it, which shortens names. */
function labelled(table: CoinTable, name: string, symbol: string | undefined): readonly Coin[] {
  const isSame = (shown: string, own: string) =>
    shown.endsWith(ELLIPSIS)
      ? own.startsWith(shown.slice(0, -ELLIPSIS.length))
      : own === comparable(shown);
  const candidates = name.endsWith(ELLIPSIS)
    ? table.startingWith(name.slice(0, -ELLIPSIS.length), MAX_CANDIDATES)
    : table.matches(name).map(({ coin }) => coin);
  return candidates.filter((coin) => {
    const texts = [coin.name, coin.symbol, coin.coinId].map(comparable);
    const [, ownSymbol = ""] = texts;
    const shownName = texts.find((text) => text !== "") ?? "";
    const hasSymbol = symbol === undefined || isSame(symbol, ownSymbol);
    return hasSymbol && isSame(name, shownName);
  });
}

function largeByOtherName(table: CoinTable, text: string): readonly Coin[] {
  const other = otherName(squeezed(text));
  return other === undefined || other.isOld ? [] : listedAs(table, other).filter(isLarge);
}

/** The listed coins that another name may stand for; it stands for the first of them. */
function listedAs(table: CoinTable, { coinIds }: OtherName): readonly Coin[] {
  return coinIds.flatMap((coinId) => table.byId(coinId) ?? []);
}

/** The best of coins that match equally well, if ranks tell. */
function anyOf(coins: readonly Coin[]): Understanding | undefined {
  const [best] = coins;
  if (best === undefined) return undefined;
  return best.rank === null ? oneOf(coins) : { ok: true, coin: best };
}

function oneOf(coins: readonly Coin[]): Understanding {
  const distinct = [...new Set(coins)];
  const [only, ...others] = distinct;
  if (only === undefined) return unknownCoin([]);
  return others.length === 0
    ? { ok: true, coin: only }
    : { ok: false, reason: "ambiguous-coin", candidates: distinct.slice(0, MAX_CANDIDATES) };
}

/** That a text means no coin, with those that it may have meant. */
export function unknownCoin(suggestions: readonly Coin[]): Understanding {
  return { ok: false, reason: "unknown-coin", suggestions };
}

/** A coin that a misspelt text may mean; the lower the score, the likelier. */
type Candidate = {
  readonly coin: Coin;
  readonly score: number;
  /** In slips. */
  readonly cost: number;
  readonly spelling: string;
  /** What of the coin the text was compared with; absent where it is only a word of the text. */
  readonly key?: string;
};

/** Shorter texts are never taken for anything that they are not, but for large coins. */
const MIN_GUESSED_LENGTH = 6;
/** Texts that are a large coin's name but for a letter left out, or two swapped. */
const MIN_LARGE_LENGTH = 5;
/** Without a rank, a coin is guessed only from a text as long as this. */
const MIN_UNRANKED_LENGTH = 8;
/** A second guess within this many slips of the first makes neither of them sure. */
const CLOSE_SLIPS = 0.3;
/** What counts against a reading for each one that is likelier, in slips. */
const READING_COST = 0.15;
/** What is left out at the end of a name costs less than a slip. */
const UNFINISHED_COST = 0.4;
const UNFINISHED_LETTER_COST = 0.15;
const MIN_UNFINISHED_LENGTH = 4;
/** What it costs that a text is only a word of a name, or the name a word of the text. */
const WORD_COST = 1.2;
const MIN_WORD_LENGTH = 4;
const MAX_WORDS = 12;
/** Each costs half a millisecond, at every keystroke. */
const MAX_SUGGESTED_SPELLINGS = 2;
const NEVER_SURE = Number.POSITIVE_INFINITY;
/** Candidates worth offering, in slips with what the rank weighs. */
const OFFERED_SCORE = 3.4;

/**
 * What a text that matches nothing most likely means, given slips: one coin when it is sure, else
 * what to suggest.
 */
export function guess(table: CoinTable, text: string, readings: Readings): Understanding {
  const candidates = withLargeCoinsIn(
    table,
    text,
    candidatesOf(table, spellingsOf(text, readings)),
  ).filter(({ score }) => score <= OFFERED_SCORE);
  const [best] = candidates;
  if (best === undefined) return unknownCoin([]);
  // A word of a text is no rival of what the whole text says of a coin with a rank.
  const second = candidates.find(
    ({ coin, cost }) => coin !== best.coin && (best.coin.rank === null || cost !== NEVER_SURE),
  );
  const others = [...new Set(candidates.slice(1).map(({ coin }) => coin))];
  const isAlone = second === undefined || second.score - best.score >= CLOSE_SLIPS;
  return isSure(best) && isAlone
    ? { ok: true, coin: best.coin, guess: { others: others.slice(0, MAX_OTHERS) } }
    : unknownCoin([...new Set(candidates.map(({ coin }) => coin))].slice(0, MAX_SUGGESTED));
}

/** Adds large coins that one word of several names: offered, never taken. */
function withLargeCoinsIn(
  table: CoinTable,
  text: string,
  candidates: readonly Candidate[],
): readonly Candidate[] {
  const words = text.split(" ", MAX_WORDS).map(bareText);
  const large = (words.length < 2 ? [] : words).flatMap((word) => {
    const coin = word.length < MIN_WORD_LENGTH ? undefined : largeCoin(table, word);
    return coin === undefined
      ? []
      : [{ coin, score: WORD_COST + rankWeight(coin), cost: NEVER_SURE, spelling: word }];
  });
  return large.length === 0
    ? candidates
    : [...candidates, ...large].sort((a, b) => a.score - b.score);
}

function isSure({ coin, cost, spelling, key }: Candidate): boolean {
  const { length } = spelling;
  if (length < MIN_LARGE_LENGTH) return false;
  if (length < MIN_GUESSED_LENGTH)
    return isLarge(coin) && cost <= 1 && key !== undefined && hasLettersOf(key, spelling);
  if (coin.rank === null) return length >= MIN_UNRANKED_LENGTH && cost <= 1;
  return cost <= (length < 8 ? 1 : length < 12 ? 1.5 : 2.2);
}

/** Whether a name has every letter of a text, in whatever order. */
function hasLettersOf(key: string, text: string): boolean {
  const left = [...key];
  return [...text].every((letter) => {
    const at = left.indexOf(letter);
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  });
}

function candidatesOf(table: CoinTable, spellings: readonly string[]): readonly Candidate[] {
  const best = new Map<Coin, Candidate>();
  for (const [at, spelling] of spellings.entries()) {
    for (const similar of table.similar(spelling, slipsAllowed(spelling.length))) {
      const { coin, kind, key } = similar;
      const { cost, offeredCost } = costsOf(spelling, similar);
      const score =
        offeredCost + rankWeight(coin) + at * READING_COST + (kind === "word" ? WORD_COST : 0);
      const isBetter = score < (best.get(coin)?.score ?? Number.POSITIVE_INFINITY);
      if (isBetter)
        best.set(coin, { coin, score, spelling, key, cost: kind === "word" ? NEVER_SURE : cost });
    }
    for (const { slips, ...other } of otherNamesNear(spelling)) {
      const [coin] = listedAs(table, other);
      if (coin === undefined || best.has(coin)) continue;
      best.set(coin, { coin, score: slips + rankWeight(coin), spelling, cost: slips });
    }
  }
  return [...best.values()].sort((a, b) => a.score - b.score);
}

/** In slips: what makes a coin sure, and what orders it among those that are offered. */
function costsOf(
  spelling: string,
  { coin, key, slips }: SimilarCoin,
): { readonly cost: number; readonly offeredCost: number } {
  const whole = slipCost(spelling, key);
  if (spelling.length < MIN_UNFINISHED_LENGTH) return { cost: whole, offeredCost: whole };
  const missing = Math.max(0, key.length - spelling.length);
  const unfinished = slips + UNFINISHED_COST + UNFINISHED_LETTER_COST * missing;
  const offeredCost = Math.min(whole, unfinished);
  const isBeginning = key.startsWith(spelling) && isLarge(coin);
  return { cost: isBeginning ? offeredCost : whole, offeredCost };
}

/**
 * Coins to suggest for a text being typed, besides those that begin with it: what it means when
 * read otherwise, then coins with similar names.
 */
export function similarTo(table: CoinTable, text: string, limit: number): readonly Coin[] {
  const readings = readingsOf(text);
  const found = new Set<Coin>();
  const add = (coins: readonly Coin[]) => {
    for (const coin of coins) if (found.size < limit) found.add(coin);
  };
  const means = understood(table, readings);
  if (means !== undefined) add(coinsOf(means));
  const spellings = spellingsOf(text, readings);
  for (const spelling of spellings) {
    for (const other of spelling.length < 2 ? [] : otherNamesStartingWith(spelling))
      add(listedAs(table, other).slice(0, 1));
    if (spelling !== text) add(table.startingWith(spelling, limit));
  }
  if (found.size < limit) {
    const candidates = candidatesOf(table, spellings.slice(0, MAX_SUGGESTED_SPELLINGS));
    add(withLargeCoinsIn(table, text, candidates).map(({ coin }) => coin));
  }
  // At least what begins as one of its words does.
  const words = text.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length >= 3);
  for (const word of found.size === 0 ? words : []) add(table.startingWith(word, limit));
  return [...found];
}

/** The coins that an understanding offers. */
export function coinsOf(means: Understanding): readonly Coin[] {
  if (means.ok) return [means.coin, ...(means.guess?.others ?? [])];
  return means.reason === "ambiguous-coin" ? means.candidates : means.suggestions;
}
