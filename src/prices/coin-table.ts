import { type Coin, coinHash, comparable } from "./coin.ts";

/** A coin that a text is the whole id, symbol or name of. */
export type CoinMatch = { readonly coin: Coin; readonly kind: "id" | "symbol" | "name" };

/** Coins by everything they are looked for by. Texts given to it are already `comparable`. */
export type CoinTable = {
  /** Whole matches of a text, or of the id alone in `id:<coinId>`; best rank first, ties as id, symbol, name. */
  matches(text: string): readonly CoinMatch[];
  /** Coins with an id, symbol, name or word of the name that begins with a text: whole matches first, then by rank. All coins for "". */
  startingWith(text: string, limit: number): readonly Coin[];
  /** Coins with a symbol (any case), best rank first. */
  ofSymbol(symbol: string): readonly Coin[];
  byHash(hash: string): Coin | undefined;
  coins(): readonly Coin[];
  /** Takes over ranks, names and logos of one page of the market; page 0 are ranks of an earlier day. */
  rank(coins: readonly Coin[], page: number): void;
  /** Market pages of today's ranks that have been taken over. */
  rankedPages(): number;
  /** Adds coins that the list does not have. */
  add(coins: readonly Coin[]): void;
};

/** Coins on one page of the market. */
export const PAGE_COINS = 250;

/** How a key stands for its coin; `word` is one word of a name of several. The order is that of ties. */
const KINDS = ["id", "symbol", "name", "word"] as const;

type Key = { readonly text: string; readonly kind: number; readonly coin: number };

/** Builds the table; about 100 ms for 20,000 coins. */
export function createCoinTable(listed: readonly Coin[]): CoinTable {
  const coins: Coin[] = [];
  const indexOfId = new Map<string, number>();
  // Sorted by text, in three arrays rather than one of objects: a fifth of the memory, and one letter typed reads thousands of them.
  let keyTexts: string[] = [];
  let keyKinds = new Uint8Array();
  let keyCoins = new Int32Array();
  let places: Int32Array | undefined;
  let byPlace: readonly Coin[] | undefined;
  let indexOfHash: Map<string, number> | undefined;
  const rankedToday = new Set<number>();
  let pages = 0;

  function add(given: readonly Coin[]): void {
    const before = coins.length;
    for (const coin of given) {
      const id = comparable(coin.coinId);
      if (id === "" || indexOfId.has(id)) continue;
      indexOfId.set(id, coins.length);
      coins.push(coin);
    }
    if (coins.length === before) return;
    const keys: Key[] = keyTexts.map((text, at) => ({ text, kind: keyKinds[at] ?? 0, coin: keyCoins[at] ?? 0 }));
    for (let coin = before; coin < coins.length; coin += 1) keys.push(...keysOf(coins[coin], coin));
    keys.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    keyTexts = keys.map(({ text }) => text);
    keyKinds = Uint8Array.from(keys, ({ kind }) => kind);
    keyCoins = Int32Array.from(keys, ({ coin }) => coin);
    indexOfHash = undefined;
    forgetOrder();
  }

  function update(index: number, coin: Coin): void {
    coins[index] = coin;
    forgetOrder();
  }

  function forgetOrder(): void {
    places = undefined;
    byPlace = undefined;
  }

  /** All coins by rank. */
  function ordered(): readonly Coin[] {
    byPlace ??= [...coins].sort(byRankThenName);
    return byPlace;
  }

  /** The place of each coin, by its index, in that order. */
  function placeOf(): Int32Array {
    if (places === undefined) {
      places = new Int32Array(coins.length);
      for (const [place, coin] of ordered().entries()) places[indexOfId.get(comparable(coin.coinId)) ?? 0] = place;
    }
    return places;
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
      return coin === undefined || name === undefined || name === "word" ? [] : [{ coin, kind: name }];
    });
  }

  add(listed);

  return {
    matches(text) {
      const prefixed = text.startsWith("id:") ? coins[indexOfId.get(comparable(text.slice(3))) ?? -1] : undefined;
      if (prefixed !== undefined) return [{ coin: prefixed, kind: "id" }];
      return whole(text).sort(
        (a, b) => compareRanks(a.coin, b.coin) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || byRankThenName(a.coin, b.coin),
      );
    },

    startingWith(text, limit) {
      if (text === "") return ordered().slice(0, limit);
      const first = this.matches(text).map(({ coin }) => coin);
      const place = placeOf();
      const wanted = limit + first.length;
      const best: number[] = [];
      for (let at = lowerBound(keyTexts, text); keyTexts[at]?.startsWith(text); at += 1) {
        insert(best, place[keyCoins[at] ?? 0] ?? 0, wanted);
      }
      const others = best.flatMap((at) => ordered()[at] ?? []).filter((coin) => !first.includes(coin));
      return [...first, ...others].slice(0, limit);
    },

    ofSymbol: (symbol) =>
      whole(comparable(symbol))
        .map(({ coin }) => coin)
        .filter((coin) => comparable(coin.symbol) === comparable(symbol))
        .sort(byRankThenName),

    byHash(hash) {
      indexOfHash ??= new Map(coins.map((coin, index) => [coinHash(coin.coinId), index]));
      return coins[indexOfHash.get(hash) ?? -1];
    },

    coins: () => coins,

    rank(ranked, page) {
      add(ranked);
      const indices = ranked.map(({ coinId }) => indexOfId.get(comparable(coinId)) ?? -1);
      if (page > 0) for (const index of indices) rankedToday.add(index);
      for (const [index, coin] of coins.entries()) {
        // Ranks and places on a page do not match to the number, so only an earlier day's rank gives way.
        const hasLeftPage = coin.rank !== null && Math.ceil(coin.rank / PAGE_COINS) === page && !rankedToday.has(index);
        if (hasLeftPage) update(index, { ...coin, rank: null });
      }
      for (const [at, { rank, imageUrl }] of ranked.entries()) {
        const index = indices[at] ?? -1;
        const known = coins[index];
        if (known !== undefined) update(index, { ...known, rank, ...(imageUrl !== undefined && { imageUrl }) });
      }
      pages = Math.max(pages, page);
    },

    rankedPages: () => pages,

    add,
  };
}

function keysOf(coin: Coin | undefined, index: number): Key[] {
  if (coin === undefined) return [];
  const name = comparable(coin.name);
  const texts = [[comparable(coin.coinId)], [comparable(coin.symbol)], [name], name.split(/[ \-()]+/).filter((word) => word !== name)];
  return texts.flatMap((ofKind, kind) => ofKind.filter((text) => text !== "").map((text) => ({ text, kind, coin: index })));
}

function compareRanks(a: Coin, b: Coin): number {
  if (a.rank === b.rank) return 0;
  return a.rank === null ? 1 : b.rank === null ? -1 : a.rank - b.rank;
}

function byRankThenName(a: Coin, b: Coin): number {
  // Among unranked coins the shorter name is nearer to what was typed.
  return compareRanks(a, b) || a.name.length - b.name.length || (a.coinId < b.coinId ? -1 : 1);
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
