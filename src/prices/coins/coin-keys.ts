import { type Coin, comparable } from "./coin.ts";
import { insertInto, sorted, withInserted } from "./sorting.ts";

/** What of a coin a key is, in the order of ties; `word` is one word of a name of several. */
export const KEY_KINDS = ["id", "symbol", "name", "word"] as const;

/** A text that stands for a coin, by its index; `kind` is an index of {@link KEY_KINDS}. */
export type Key = { readonly text: string; readonly kind: number; readonly coin: number };

/**
 * Coins with a longer name have only id and symbol as keys, and of many words only the first count:
 * a list made of words would fill the memory.
 */
const MAX_NAME_KEY_LENGTH = 100;
const MAX_WORDS = 8;
/** Keys that are copied between two pauses. */
const KEYS_PER_STEP = 4_096;

/** Everything that coins are looked for by, sorted by text. */
export class CoinKeys {
  // Three arrays rather than one of objects: a fifth of the memory, and one letter typed reads
  // thousands of keys.
  #texts: string[] = [];
  #kinds = new Uint8Array();
  #coins = new Int32Array();

  /** Builds the keys in steps between which other work runs. */
  static async of(keys: readonly Key[], pause: () => Promise<void>): Promise<CoinKeys> {
    const built = new CoinKeys();
    built.#kinds = new Uint8Array(keys.length);
    built.#coins = new Int32Array(keys.length);
    for (const [at, { text, kind, coin }] of (await sorted(keys, byText, pause)).entries()) {
      built.#texts.push(text);
      built.#kinds[at] = kind;
      built.#coins[at] = coin;
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
    this.#coins = insertInto(
      new Int32Array(length),
      this.#coins,
      places,
      (at) => added[at]?.coin ?? 0,
    );
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
  const comparableName = comparable(coin.name);
  // Nobody types more, and one letter can stand for eighteen.
  const name = comparableName.length <= MAX_NAME_KEY_LENGTH ? comparableName : "";
  const words = new Set(name.split(/[ \-()]+/, MAX_WORDS));
  words.delete(name);
  const texts = [[comparable(coin.coinId)], [comparable(coin.symbol)], [name], [...words]];
  return texts.flatMap((ofKind, kind) =>
    ofKind.filter((text) => text !== "").map((text) => ({ text, kind, coin: index })),
  );
}

function byText(a: Key, b: Key): number {
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
}
