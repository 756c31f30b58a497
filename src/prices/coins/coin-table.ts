import { createPauses } from "../../process/pauses.ts";
import { PAGE_COINS } from "../coin-directory.ts";
import { type Coin, coinHash, comparable } from "./coin.ts";

/** A coin that a text is the whole id, symbol or name of. */
export type CoinMatch = { readonly coin: Coin; readonly kind: "id" | "symbol" | "name" };

/** Coins by everything they are looked for by. Texts given to it are already `comparable`. */
export type CoinTable = {
  /**
   * Whole matches of a text, or of the id alone in `id:<coinId>`; best rank first, ties as id,
   * symbol, name.
   */
  matches(text: string): readonly CoinMatch[];
  /**
   * Coins with an id, symbol, name or word of the name that begins with a text: whole matches
   * first, then by rank. All coins for "".
   */
  startingWith(text: string, limit: number): readonly Coin[];
  /** Coins with a symbol (any case), best rank first. */
  ofSymbol(symbol: string): readonly Coin[];
  byHash(hash: string): Promise<Coin | undefined>;
  coins(): readonly Coin[];
  /**
   * Takes over ranks, names and logos of one page of the market; page 0 are ranks of an earlier
   * day.
   */
  rank(coins: readonly Coin[], page: number): void;
  /** Whether any coin has a rank, of whatever day. */
  hasRanks(): boolean;
  /** Market pages of today's ranks that have been taken over. */
  rankedPages(): number;
  /** Adds coins that the list does not have. */
  add(coins: readonly Coin[]): void;
};

/**
 * How a key stands for its coin; `word` is one word of a name of several. The order is that of
 * ties.
 */
const KINDS = ["id", "symbol", "name", "word"] as const;

type Key = { readonly text: string; readonly kind: number; readonly coin: number };

/**
 * Of longer names only id and symbol are keys, and of names of many words the first ones: a list
 * made of words would fill the memory.
 */
const MAX_NAME_KEY_LENGTH = 100;
const MAX_WORDS = 8;
/** Keys are sorted in runs that take a few milliseconds each. */
const RUN_LENGTH = 4_096;

/** Builds the table: about 100 ms for 20,000 coins, in steps between which other work runs. */
export async function createCoinTable(listed: readonly Coin[]): Promise<CoinTable> {
  const coins: Coin[] = [];
  const indexOfId = new Map<string, number>();
  // Sorted by text, in three arrays rather than one of objects: a fifth of the memory, and one
  // letter typed reads thousands of them.
  let keyTexts: string[] = [];
  let keyKinds = new Uint8Array();
  let keyCoins = new Int32Array();
  /** Indices of all coins in the order of those without a rank, which no rank changes. */
  let byName: number[] = [];
  let places: Int32Array | undefined;
  let byPlace: readonly Coin[] | undefined;
  let indexOfHash: Map<string, number> | undefined;
  const rankedToday = new Set<number>();
  let hasRanks = false;
  let pages = 0;

  function take(coin: Coin): boolean {
    const id = comparable(coin.coinId);
    if (id === "" || indexOfId.has(id)) return false;
    indexOfId.set(id, coins.length);
    coins.push(coin);
    return true;
  }

  function add(given: readonly Coin[]): void {
    const before = coins.length;
    for (const coin of given) take(coin);
    if (coins.length === before) return;
    const added = Array.from({ length: coins.length - before }, (_, at) => before + at);
    const keys = added.flatMap((coin) => keysOf(coins[coin], coin)).sort(byText);
    const places = keys.map(({ text }) => lowerBound(keyTexts, text));
    keyTexts = withInserted(
      keyTexts,
      places,
      keys.map(({ text }) => text),
    );
    const length = keyTexts.length;
    keyKinds = insertInto(new Uint8Array(length), keyKinds, places, (at) => keys[at]?.kind ?? 0);
    keyCoins = insertInto(new Int32Array(length), keyCoins, places, (at) => keys[at]?.coin ?? 0);
    added.sort(byNameThenId);
    byName = withInserted(
      byName,
      added.map((index) => placeByName(index)),
      added,
    );
    indexOfHash = undefined;
    forgetOrder();
  }

  function placeByName(index: number): number {
    let low = 0;
    let high = byName.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (byNameThenId(byName[middle] ?? 0, index) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function byNameThenId(a: number, b: number): number {
    const [one, other] = [coins[a], coins[b]];
    return one === undefined || other === undefined ? 0 : compareNames(one, other);
  }

  function update(index: number, coin: Coin): void {
    coins[index] = coin;
    forgetOrder();
  }

  function forgetOrder(): void {
    places = undefined;
    byPlace = undefined;
  }

  /** All coins by rank, and the place of each, by its index, in that order. */
  function order(): { readonly ordered: readonly Coin[]; readonly placeOf: Int32Array } {
    if (byPlace === undefined || places === undefined) {
      const ranked = byName.filter((index) => coins[index]?.rank !== null);
      ranked.sort((a, b) => (coins[a]?.rank ?? 0) - (coins[b]?.rank ?? 0));
      const indices = [...ranked, ...byName.filter((index) => coins[index]?.rank === null)];
      const placeOf = new Int32Array(coins.length);
      for (const [place, index] of indices.entries()) placeOf[index] = place;
      byPlace = indices.flatMap((index) => coins[index] ?? []);
      places = placeOf;
    }
    return { ordered: byPlace, placeOf: places };
  }

  /** Whole matches, each coin once, by its first kind. */
  function whole(text: string): CoinMatch[] {
    const kinds = new Map<number, number>();
    for (let at = lowerBound(keyTexts, text); keyTexts[at] === text; at += 1) {
      const index = keyCoins[at] ?? 0;
      const kind = keyKinds[at] ?? 0;
      if (kind < KINDS.indexOf("word")) kinds.set(index, Math.min(kind, kinds.get(index) ?? kind));
    }
    return [...kinds].flatMap(([index, kind]) => {
      const coin = coins[index];
      const name = KINDS[kind];
      return coin === undefined || name === undefined || name === "word"
        ? []
        : [{ coin, kind: name }];
    });
  }

  function matches(text: string): readonly CoinMatch[] {
    const prefixed = text.startsWith("id:")
      ? coins[indexOfId.get(comparable(text.slice(3))) ?? -1]
      : undefined;
    if (prefixed !== undefined) return [{ coin: prefixed, kind: "id" }];
    return whole(text).sort(
      (a, b) =>
        compareRanks(a.coin, b.coin) ||
        KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
        byRankThenName(a.coin, b.coin),
    );
  }

  const pause = createPauses();
  const keys: Key[] = [];
  for (const coin of listed) {
    if (take(coin)) keys.push(...keysOf(coin, coins.length - 1));
    // A few dozen coins take less time than a look at the clock is worth.
    if (coins.length % 64 === 0) await pause();
  }
  keyKinds = new Uint8Array(keys.length);
  keyCoins = new Int32Array(keys.length);
  for (const [at, { text, kind, coin }] of (await sorted(keys, byText, pause)).entries()) {
    keyTexts.push(text);
    keyKinds[at] = kind;
    keyCoins[at] = coin;
    if (at % RUN_LENGTH === 0) await pause();
  }
  byName = await sorted([...coins.keys()], byNameThenId, pause);

  return {
    matches,

    startingWith(text, limit) {
      const { ordered, placeOf } = order();
      if (text === "") return ordered.slice(0, limit);
      const first = matches(text).map(({ coin }) => coin);
      const wanted = limit + first.length;
      const best: number[] = [];
      for (let at = lowerBound(keyTexts, text); keyTexts[at]?.startsWith(text); at += 1) {
        insert(best, placeOf[keyCoins[at] ?? 0] ?? 0, wanted);
      }
      const others = best
        .flatMap((at) => ordered[at] ?? [])
        .filter((coin) => !first.includes(coin));
      return [...first, ...others].slice(0, limit);
    },

    ofSymbol: (symbol) =>
      whole(comparable(symbol))
        .map(({ coin }) => coin)
        .filter((coin) => comparable(coin.symbol) === comparable(symbol))
        .sort(byRankThenName),

    async byHash(hash) {
      indexOfHash ??= await hashes(coins);
      return coins[indexOfHash.get(hash) ?? -1];
    },

    coins: () => coins,

    rank(ranked, page) {
      add(ranked);
      const indices = ranked.map(({ coinId }) => indexOfId.get(comparable(coinId)) ?? -1);
      if (page > 0) for (const index of indices) rankedToday.add(index);
      for (const [index, coin] of coins.entries()) {
        // Ranks and places on a page do not match to the number, so only an earlier day's rank
        // gives way.
        const hasLeftPage =
          coin.rank !== null &&
          Math.ceil(coin.rank / PAGE_COINS) === page &&
          !rankedToday.has(index);
        if (hasLeftPage) update(index, { ...coin, rank: null });
      }
      for (const [at, { rank, imageUrl }] of ranked.entries()) {
        const index = indices[at] ?? -1;
        const known = coins[index];
        if (known !== undefined)
          update(index, { ...known, rank, ...(imageUrl !== undefined && { imageUrl }) });
      }
      hasRanks ||= ranked.some(({ rank }) => rank !== null);
      pages = Math.max(pages, page);
    },

    hasRanks: () => hasRanks,

    rankedPages: () => pages,

    add,
  };
}

function keysOf(coin: Coin | undefined, index: number): Key[] {
  if (coin === undefined) return [];
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

function compareRanks(a: Coin, b: Coin): number {
  if (a.rank === b.rank) return 0;
  return a.rank === null ? 1 : b.rank === null ? -1 : a.rank - b.rank;
}

function byRankThenName(a: Coin, b: Coin): number {
  return compareRanks(a, b) || compareNames(a, b);
}

/** Among unranked coins the shorter name is nearer to what was typed. */
function compareNames(a: Coin, b: Coin): number {
  return a.name.length - b.name.length || (a.coinId < b.coinId ? -1 : 1);
}

function byText(a: Key, b: Key): number {
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
}

async function hashes(coins: readonly Coin[]): Promise<Map<string, number>> {
  const pause = createPauses();
  const indexOfHash = new Map<string, number>();
  for (const [index, { coinId }] of coins.entries()) {
    indexOfHash.set(coinHash(coinId), index);
    if (index % 1_000 === 0) await pause();
  }
  return indexOfHash;
}

/** The items in order, sorted in runs that are merged two by two; other work runs in between. */
async function sorted<Item>(
  items: readonly Item[],
  compare: (a: Item, b: Item) => number,
  pause: () => Promise<void>,
): Promise<Item[]> {
  let runs: Item[][] = [];
  for (let from = 0; from < items.length; from += RUN_LENGTH) {
    runs.push(items.slice(from, from + RUN_LENGTH).sort(compare));
    await pause();
  }
  while (runs.length > 1) {
    const longer: Item[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      longer.push(await merged(runs[at] ?? [], runs[at + 1] ?? [], compare, pause));
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

/** Two lists in order as one. */
async function merged<Item>(
  one: readonly Item[],
  other: readonly Item[],
  compare: (a: Item, b: Item) => number,
  pause: () => Promise<void>,
): Promise<Item[]> {
  const both: Item[] = [];
  let at = 0;
  for (const item of other) {
    for (let next = one[at]; next !== undefined && compare(next, item) <= 0; next = one[at]) {
      both.push(next);
      at += 1;
    }
    both.push(item);
    if (both.length % RUN_LENGTH < 8) await pause();
  }
  return both.concat(one.slice(at));
}

/** A list with each of `added` before the item that is at its place now; places ascend. */
function withInserted<Item>(
  list: readonly Item[],
  places: readonly number[],
  added: readonly Item[],
): Item[] {
  const parts: (readonly Item[])[] = [];
  let from = 0;
  for (const [at, item] of added.entries()) {
    const place = places[at] ?? from;
    parts.push(list.slice(from, place), [item]);
    from = place;
  }
  parts.push(list.slice(from));
  return ([] as Item[]).concat(...parts);
}

/** The same for numbers: `into` is as long as the list and what is added together. */
function insertInto<Numbers extends Uint8Array | Int32Array>(
  into: Numbers,
  list: Numbers,
  places: readonly number[],
  added: (at: number) => number,
): Numbers {
  let from = 0;
  for (const [at, place] of places.entries()) {
    into.set(list.subarray(from, place), from + at);
    into[place + at] = added(at);
    from = place;
  }
  into.set(list.subarray(from), from + places.length);
  return into;
}

/** Puts a number into an ascending list without repeats that keeps its `most` smallest. */
function insert(list: number[], value: number, most: number): void {
  if (list.length === most && value >= (list.at(-1) ?? 0)) return;
  let at = list.length;
  while (at > 0 && value <= (list[at - 1] ?? 0)) at -= 1;
  if (list[at] === value) return;
  list.splice(at, 0, value);
  if (list.length > most) list.pop();
}

function lowerBound(texts: readonly string[], text: string): number {
  let low = 0;
  let high = texts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((texts[middle] ?? "") < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
