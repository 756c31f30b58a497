import { type Coin, comparable, squeezed } from "./coin.ts";
import { HEAD_LETTERS, isMoreThan, lettersIn, type Spelling } from "./slips.ts";
import { insertInto, sorted, withInserted } from "./sorting.ts";

/**
 * What of a coin a key is, in the order of ties; `word` is one word of a name of several,
 * `squeezed` an id or name without its spaces and marks.
 */
export const KEY_KINDS = ["id", "symbol", "name", "word", "squeezed"] as const;

/** A text that stands for a coin, by its index; `kind` is an index of {@link KEY_KINDS}. */
export type Key = { readonly text: string; readonly kind: number; readonly coin: number };

/** How many kinds are whole, the first of {@link KEY_KINDS}. */
const WHOLE_KINDS = 3;
/**
 * Coins with a longer name have only id and symbol as keys, and of many words only the first count:
 * a list made of words would fill the memory.
 */
const MAX_NAME_KEY_LENGTH = 100;
const MAX_WORDS = 8;
/** Shorter ones would make one short symbol stand for another. */
const MIN_SQUEEZED_LENGTH = 6;
/** Comes after every letter. */
const LAST_LETTER = "\uffff";
/** Keys that are copied between two pauses. */
const KEYS_PER_STEP = 4_096;

/** The ids, symbols and names of coins in the order of their indices, quick to gather. */
export class WholeKeys {
  /** The three texts of the first coin, then of the second. */
  readonly #texts: string[] = [];

  /** Takes in the coin of the next index. */
  push(coin: Coin): void {
    this.#texts.push(comparable(coin.coinId), comparable(coin.symbol), nameOf(coin));
  }

  /** Calls `visit` with the coin and kind of every key that is this text. */
  forEachEqual(text: string, visit: (coin: number, kind: number) => void): void {
    if (text === "") return;
    for (let at = this.#texts.indexOf(text); at >= 0; at = this.#texts.indexOf(text, at + 1))
      visit(Math.floor(at / WHOLE_KINDS), at % WHOLE_KINDS);
  }
}

/** Everything that coins are looked for by, sorted by text. */
export class CoinKeys {
  // Arrays rather than one of objects: a fifth of the memory, and one letter typed reads thousands
  // of keys.
  #texts: string[] = [];
  #kinds = new Uint8Array();
  #coins: Int32Array<ArrayBufferLike> = new Int32Array();
  // Which letters each text has, and its first ones; 0 for a text that is never compared by
  // spelling.
  #letters: Int32Array<ArrayBufferLike> = new Int32Array();
  #headLetters: Int32Array<ArrayBufferLike> = new Int32Array();

  /** Builds the keys in steps between which other work runs. */
  static async of(keys: readonly Key[], pause: () => Promise<void>): Promise<CoinKeys> {
    const built = new CoinKeys();
    built.#kinds = new Uint8Array(keys.length);
    built.#coins = new Int32Array(keys.length);
    built.#letters = new Int32Array(keys.length);
    built.#headLetters = new Int32Array(keys.length);
    for (const [at, { text, kind, coin }] of (await sorted(keys, byText, pause)).entries()) {
      built.#texts.push(text);
      built.#kinds[at] = kind;
      built.#coins[at] = coin;
      built.#letters[at] = lettersOf(text);
      built.#headLetters[at] = headLettersOf(text);
      if (at % KEYS_PER_STEP === 0) await pause();
    }
    return built;
  }

  add(keys: readonly Key[]): void {
    const added = [...keys].sort(byText);
    const places = added.map(({ text }) => this.#lowerBound(text));
    this.#texts = withInserted(
      this.#texts,
      places,
      added.map(({ text }) => text),
    );
    const { length } = this.#texts;
    this.#kinds = insertInto(
      new Uint8Array(length),
      this.#kinds,
      places,
      (at) => added[at]?.kind ?? 0,
    );
    const inserted = (numbers: Int32Array, ofKey: (key: Key) => number) =>
      insertInto(new Int32Array(length), numbers, places, (at) => {
        const key = added[at];
        return key === undefined ? 0 : ofKey(key);
      });
    this.#coins = inserted(this.#coins, ({ coin }) => coin);
    this.#letters = inserted(this.#letters, ({ text }) => lettersOf(text));
    this.#headLetters = inserted(this.#headLetters, ({ text }) => headLettersOf(text));
  }

  /** Calls `visit` with the coin and kind of every key that is this text. */
  forEachEqual(text: string, visit: (coin: number, kind: number) => void): void {
    for (let at = this.#lowerBound(text); this.#texts[at] === text; at += 1)
      visit(this.#coins[at] ?? 0, this.#kinds[at] ?? 0);
  }

  /** Calls `visit` with the coin of every key that begins with this text. */
  forEachStartingWith(text: string, visit: (coin: number) => void): void {
    for (let at = this.#lowerBound(text); this.#texts[at]?.startsWith(text); at += 1)
      visit(this.#coins[at] ?? 0);
  }

  /** Places of the keys of some coins, for {@link forEachSimilar}. */
  placesOf(isWanted: (coin: number) => boolean): readonly number[] {
    const places: number[] = [];
    for (const [place, coin] of this.#coins.entries()) if (isWanted(coin)) places.push(place);
    return places;
  }

  /**
   * Calls `visit` with keys that a spelling is within `maxSlips` of, or within that of their
   * beginning, and with how many slips that takes: all such keys among `places`, and elsewhere
   * those that begin with the first or second letter of the spelling.
   */
  forEachSimilar(
    spelling: Spelling,
    maxSlips: number,
    places: readonly number[],
    visit: (coin: number, kind: number, text: string, slips: number) => void,
  ): void {
    const { letters, headLetters } = spelling;
    const minLength = spelling.length - maxSlips;
    // Almost all keys end in the first two lines, so these must be quick.
    const look = (at: number) => {
      if (isMoreThan(maxSlips, headLetters & ~(this.#headLetters[at] ?? 0))) return;
      const has = this.#letters[at] ?? 0;
      if (has === 0 || isMoreThan(maxSlips, letters & ~has)) return;
      const text = this.#texts[at] ?? "";
      if (text.length < minLength) return;
      const slips = spelling.slipsTo(text, maxSlips);
      if (slips <= maxSlips) visit(this.#coins[at] ?? 0, this.#kinds[at] ?? 0, text, slips);
    };
    for (const place of places) look(place);
    for (const letter of spelling.firstLetters) {
      const end = this.#lowerBound(letter + LAST_LETTER);
      for (let at = this.#lowerBound(letter); at < end; at += 1) look(at);
    }
  }

  #lowerBound(text: string): number {
    let low = 0;
    let high = this.#texts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#texts[middle] ?? "") < text) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The keys of a coin, which is at this index. */
export function keysOf(coin: Coin, index: number): Key[] {
  const name = nameOf(coin);
  const words = new Set(name.split(/[ \-()]+/, MAX_WORDS));
  words.delete(name);
  const id = comparable(coin.coinId);
  const bare = new Set([squeezed(id), squeezed(name)].filter(isLongEnough));
  for (const known of [id, name, ...words]) bare.delete(known);
  const texts = [[id], [comparable(coin.symbol)], [name], [...words], [...bare]];
  return texts.flatMap((ofKind, kind) =>
    ofKind.filter((text) => text !== "").map((text) => ({ text, kind, coin: index })),
  );
}

/** True for a coin's whole id, symbol or name. */
export function isWhole({ kind }: Key): boolean {
  return kind < WHOLE_KINDS;
}

/** A coin's name as a key; nobody types a longer one, and one letter can stand for eighteen. */
function nameOf(coin: Coin): string {
  const name = comparable(coin.name);
  return name.length <= MAX_NAME_KEY_LENGTH ? name : "";
}

function isLongEnough(text: string): boolean {
  return text.length >= MIN_SQUEEZED_LENGTH;
}

/** A text with spaces or marks is compared without them, as another key. */
function lettersOf(text: string): number {
  return squeezed(text) === text ? lettersIn(text) : 0;
}

function headLettersOf(text: string): number {
  return lettersIn(text.slice(0, HEAD_LETTERS));
}

function byText(a: Key, b: Key): number {
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
}
