import { createYield } from "../../process/yielding.ts";
import { PAGE_COINS } from "../coin-list-source.ts";
import { type Coin, coinHash, comparable, squeezed } from "./coin.ts";
import { CoinKeys, isWhole, KEY_KINDS, type Key, keysOf, WholeKeys } from "./coin-keys.ts";
import { isMoreThan, lettersIn, Spelling, slipCost } from "./slips.ts";
import { insertSmallest, sorted, withInserted } from "./sorting.ts";

/** A coin that a text is the whole id, symbol or name of. */
export type CoinMatch = { readonly coin: Coin; readonly kind: "id" | "symbol" | "name" };

/** A coin with a key that a text is nearly, or nearly the beginning of. */
export type SimilarCoin = {
  readonly coin: Coin;
  /** Squeezed, as the text. */
  readonly key: string;
  readonly kind: (typeof KEY_KINDS)[number];
  /** Letters missing, extra, wrong or swapped, in the key or its beginning. */
  readonly slips: number;
};

/**
 * Coins by everything they are looked for by. Texts given to it are already `comparable`. Until it
 * is sorted, only what is whole is found, by looking through all coins.
 */
export type CoinTable = {
  /** Sorts the coins, in steps between which other work runs, once and for all who wait. */
  sort(): Promise<void>;
  isSorted(): boolean;
  /**
   * Whole matches of a text, or of the id alone in `id:<coinId>`; best rank first, ties as id,
   * symbol, name.
   */
  matches(text: string): readonly CoinMatch[];
  /**
   * Coins with an id, symbol, name or word of the name that begins with a text: whole matches
   * first, then by rank. All coins for "". Nothing unless sorted.
   */
  startingWith(text: string, limit: number): readonly Coin[];
  /**
   * Coins with an id or name that is this text without spaces and marks; best rank first. Nothing
   * unless sorted.
   */
  squeezedTo(text: string): readonly Coin[];
  /**
   * Coins with a key that a squeezed text is within `maxSlips` of, or that begins so; few slips and
   * good ranks first. A coin without a rank must begin with the first or second letter of the text.
   * Nothing unless sorted.
   */
  similar(text: string, maxSlips: number): readonly SimilarCoin[];
  /**
   * Coins among the hundred largest whose id or name is one slip from a text, or begins with it as
   * a word; none for texts of fewer than five letters.
   */
  largeNear(text: string): readonly Coin[];
  /** The coin with exactly this id. */
  byId(coinId: string): Coin | undefined;
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
 * Makes the table, unsorted: some 10 ms for 20,000 coins, while sorting it takes 300, which an
 * answer about a coin that is called by its id, symbol or name does without.
 */
export async function createCoinTable(listed: readonly Coin[]): Promise<CoinTable> {
  const pause = createYield();
  const table = new SortedCoinTable();
  for (const coin of listed) {
    table.append(coin);
    // A few dozen coins take less time than a look at the clock is worth.
    if (table.coins().length % 64 === 0) await pause();
  }
  return table;
}

/** All coins by rank, and each coin's place in that order by its index. */
type RankOrder = { readonly ordered: readonly Coin[]; readonly placeOf: Int32Array };

/** A squeezed id or name of a large coin, with the first word of it. */
type LargeKey = {
  readonly coin: Coin;
  readonly key: string;
  readonly letters: number;
  readonly firstWord: string;
};

/** The last rank of a large coin. */
const LARGE_RANK = 100;
const MIN_NEAR_LENGTH = 5;
const MAX_SIMILAR = 40;
/** What a rank ten times as good makes up for, in slips. */
const SLIPS_PER_TENFOLD_RANK = 0.2;
const UNRANKED_SLIPS = 1.3;

/**
 * A list with this many keys is several times what is listed (2026-11): its other coins are found
 * by whole texts only, so that no list fills the memory.
 */
const MANY_KEYS = 300_000;
/** Some dozens of coins share the commonest symbols (2026-11). */
const MAX_MATCHES = 500;

/** How many slips a coin's rank weighs: 0 for the largest, most without a rank. */
export function rankWeight({ rank }: Pick<Coin, "rank">): number {
  return rank === null
    ? UNRANKED_SLIPS
    : Math.min(UNRANKED_SLIPS, SLIPS_PER_TENFOLD_RANK * Math.log10(Math.max(1, rank)));
}

/** Whether a coin is one of the hundred largest, which people mean more often than any other. */
export function isLarge({ rank }: Pick<Coin, "rank">): boolean {
  return rank !== null && rank <= LARGE_RANK;
}

class SortedCoinTable implements CoinTable {
  readonly #coins: Coin[] = [];
  readonly #indexOfId = new Map<string, number>();
  readonly #rankedToday = new Set<number>();
  #wholeKeys: WholeKeys | undefined = new WholeKeys();
  #keys = new CoinKeys();
  #sorting: Promise<void> | undefined;
  /** Indices of all coins in the order of those without a rank, which no rank changes. */
  #byName: number[] = [];
  #order: RankOrder | undefined;
  #largeKeys: readonly LargeKey[] | undefined;
  #rankedPlaces: readonly number[] | undefined;
  #indexOfHash: Map<string, number> | undefined;
  #hasRanks = false;
  #rankedPages = 0;

  /** Appends a coin without sorting it in; its index, or undefined when its id is known already. */
  append(coin: Coin): number | undefined {
    const id = comparable(coin.coinId);
    if (id === "" || this.#indexOfId.has(id)) return undefined;
    this.#indexOfId.set(id, this.#coins.length);
    this.#wholeKeys?.push(coin);
    return this.#coins.push(coin) - 1;
  }

  sort(): Promise<void> {
    this.#sorting ??= this.#sortAll();
    return this.#sorting;
  }

  isSorted(): boolean {
    return this.#wholeKeys === undefined;
  }

  async #sortAll(): Promise<void> {
    const pause = createYield();
    const { length } = this.#coins;
    const keys: Key[] = [];
    for (let index = 0; index < length; index += 1) {
      const own = this.#keysOf(index);
      keys.push(...(keys.length < MANY_KEYS ? own : own.filter(isWhole)));
      if (index % 64 === 0) await pause();
    }
    this.#keys = await CoinKeys.of(keys, pause);
    this.#byName = await sorted(
      [...this.#coins.keys()].slice(0, length),
      this.#byNameThenId,
      pause,
    );
    // Coins that were added meanwhile.
    this.#sortIn([...this.#coins.keys()].slice(length));
    this.#wholeKeys = undefined;
  }

  coins(): readonly Coin[] {
    return this.#coins;
  }

  hasRanks(): boolean {
    return this.#hasRanks;
  }

  rankedPages(): number {
    return this.#rankedPages;
  }

  matches(text: string): readonly CoinMatch[] {
    const prefixed = text.startsWith("id:") ? this.byId(text.slice(3)) : undefined;
    if (prefixed !== undefined) return [{ coin: prefixed, kind: "id" }];
    return this.#wholeMatches(text).sort(
      (a, b) =>
        compareRanks(a.coin, b.coin) ||
        KEY_KINDS.indexOf(a.kind) - KEY_KINDS.indexOf(b.kind) ||
        byRankThenName(a.coin, b.coin),
    );
  }

  startingWith(text: string, limit: number): readonly Coin[] {
    if (!this.isSorted()) return [];
    const { ordered, placeOf } = this.#rankOrder();
    if (text === "") return ordered.slice(0, limit);
    const first = this.matches(text).map(({ coin }) => coin);
    const wanted = limit + first.length;
    const best: number[] = [];
    this.#keys.forEachStartingWith(text, (index) =>
      insertSmallest(best, placeOf[index] ?? 0, wanted),
    );
    const others = best.flatMap((at) => ordered[at] ?? []).filter((coin) => !first.includes(coin));
    return [...first, ...others].slice(0, limit);
  }

  squeezedTo(text: string): readonly Coin[] {
    const found = new Set<Coin>();
    this.#keys.forEachEqual(text, (index, kind) => {
      const coin = this.#coins[index];
      if (coin !== undefined && KEY_KINDS[kind] === "squeezed") found.add(coin);
    });
    return [...found].sort(byRankThenName);
  }

  similar(text: string, maxSlips: number): readonly SimilarCoin[] {
    if (!this.isSorted()) return [];
    const worst: number[] = [];
    const found = new Map<number, SimilarCoin>();
    let count = 0;
    this.#rankedPlaces ??= this.#keys.placesOf((index) => this.#coins[index]?.rank !== null);
    const visit = (index: number, kind: number, key: string, slips: number) => {
      const coin = this.#coins[index];
      const kindName = KEY_KINDS[kind];
      if (coin === undefined || kindName === undefined) return;
      // Ten thousandths of a slip, and a number that no other key has.
      const order = Math.round((slips + rankWeight(coin)) * 10_000) * 2 ** 22 + count;
      count += 1;
      if (worst.length === MAX_SIMILAR && order > (worst.at(-1) ?? 0)) return;
      insertSmallest(worst, order, MAX_SIMILAR);
      found.set(order, { coin, key, kind: kindName, slips });
    };
    this.#keys.forEachSimilar(new Spelling(text), maxSlips, this.#rankedPlaces, visit);
    return worst.flatMap((order) => found.get(order) ?? []);
  }

  largeNear(text: string): readonly Coin[] {
    const wanted = squeezed(text);
    if (wanted.length < MIN_NEAR_LENGTH) return [];
    this.#largeKeys ??= largeKeysOf(this.#coins);
    const ownLetters = lettersIn(wanted);
    const near = this.#largeKeys.filter(
      ({ key, letters, firstWord }) =>
        firstWord === wanted ||
        (Math.abs(key.length - wanted.length) <= 1 &&
          !isMoreThan(1, ownLetters & ~letters) &&
          !isMoreThan(1, letters & ~ownLetters) &&
          slipCost(wanted, key) <= 1),
    );
    return near.length === 0 ? [] : [...new Set(near.map(({ coin }) => coin))];
  }

  byId(coinId: string): Coin | undefined {
    return this.#coins[this.#indexOfId.get(comparable(coinId)) ?? -1];
  }

  ofSymbol(symbol: string): readonly Coin[] {
    return this.#wholeMatches(comparable(symbol))
      .map(({ coin }) => coin)
      .filter((coin) => comparable(coin.symbol) === comparable(symbol))
      .sort(byRankThenName);
  }

  async byHash(hash: string): Promise<Coin | undefined> {
    this.#indexOfHash ??= await hashes(this.#coins);
    return this.#coins[this.#indexOfHash.get(hash) ?? -1];
  }

  add(coins: readonly Coin[]): void {
    const added = coins.flatMap((coin) => this.append(coin) ?? []);
    if (added.length === 0) return;
    if (this.isSorted()) this.#sortIn(added);
    this.#indexOfHash = undefined;
    this.#forgetOrder();
  }

  #sortIn(added: readonly number[]): void {
    this.#keys.add(added.flatMap((index) => this.#keysOf(index)));
    const indices = [...added].sort(this.#byNameThenId);
    this.#byName = withInserted(
      this.#byName,
      indices.map((index) => this.#placeByName(index)),
      indices,
    );
  }

  #keysOf(index: number): readonly Key[] {
    const coin = this.#coins[index];
    return coin === undefined ? [] : keysOf(coin, index);
  }

  rank(ranked: readonly Coin[], page: number): void {
    this.add(ranked);
    const indices = ranked.map(({ coinId }) => this.#indexOfId.get(comparable(coinId)) ?? -1);
    if (page > 0) for (const index of indices) this.#rankedToday.add(index);
    for (const [index, coin] of this.#coins.entries()) {
      // Ranks and places on a page do not match to the number, so only an earlier day's rank gives
      // way.
      const hasLeftPage =
        coin.rank !== null &&
        Math.ceil(coin.rank / PAGE_COINS) === page &&
        !this.#rankedToday.has(index);
      if (hasLeftPage) this.#update(index, { ...coin, rank: null });
    }
    for (const [at, { rank, imageUrl }] of ranked.entries()) {
      const index = indices[at] ?? -1;
      const known = this.#coins[index];
      if (known !== undefined)
        this.#update(index, { ...known, rank, ...(imageUrl !== undefined && { imageUrl }) });
    }
    this.#hasRanks ||= ranked.some(({ rank }) => rank !== null);
    this.#rankedPages = Math.max(this.#rankedPages, page);
  }

  #update(index: number, coin: Coin): void {
    this.#coins[index] = coin;
    this.#forgetOrder();
  }

  #forgetOrder(): void {
    this.#order = undefined;
    this.#largeKeys = undefined;
    this.#rankedPlaces = undefined;
  }

  #rankOrder(): RankOrder {
    if (this.#order === undefined) {
      const coins = this.#coins;
      const ranked = this.#byName.filter((index) => coins[index]?.rank !== null);
      ranked.sort((a, b) => (coins[a]?.rank ?? 0) - (coins[b]?.rank ?? 0));
      const unranked = this.#byName.filter((index) => coins[index]?.rank === null);
      const indices = [...ranked, ...unranked];
      const placeOf = new Int32Array(coins.length);
      for (const [place, index] of indices.entries()) placeOf[index] = place;
      this.#order = { ordered: indices.flatMap((index) => coins[index] ?? []), placeOf };
    }
    return this.#order;
  }

  /**
   * Whole matches, each coin once, by its first kind; where hundreds of coins share a text, not all
   * of those without a rank.
   */
  #wholeMatches(text: string): CoinMatch[] {
    const found: CoinMatch[] = [];
    (this.#wholeKeys ?? this.#keys).forEachEqual(text, (index, kindAt) => {
      const coin = this.#coins[index];
      const kind = KEY_KINDS[kindAt];
      if (coin === undefined || kind === undefined || kind === "word" || kind === "squeezed")
        return;
      // Equal keys of one coin stand beside each other, the first kind first.
      if (found.at(-1)?.coin === coin) return;
      if (coin.rank !== null || found.length < MAX_MATCHES) found.push({ coin, kind });
    });
    return found;
  }

  #placeByName(index: number): number {
    let low = 0;
    let high = this.#byName.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#byNameThenId(this.#byName[middle] ?? 0, index) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  readonly #byNameThenId = (a: number, b: number): number => {
    const [one, other] = [this.#coins[a], this.#coins[b]];
    return one === undefined || other === undefined ? 0 : compareNames(one, other);
  };
}

function largeKeysOf(coins: readonly Coin[]): readonly LargeKey[] {
  return coins
    .filter(isLarge)
    .sort(byRankThenName)
    .slice(0, LARGE_RANK)
    .flatMap((coin) =>
      [comparable(coin.coinId), comparable(coin.name)].map((text) => ({
        coin,
        key: squeezed(text),
        letters: lettersIn(squeezed(text)),
        firstWord: text.split(" ", 1)[0] ?? "",
      })),
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

async function hashes(coins: readonly Coin[]): Promise<Map<string, number>> {
  const pause = createYield();
  const indexOfHash = new Map<string, number>();
  for (const [index, { coinId }] of coins.entries()) {
    indexOfHash.set(coinHash(coinId), index);
    if (index % 1_000 === 0) await pause();
  }
  return indexOfHash;
}
