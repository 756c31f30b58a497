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

const UNRANKED = Number.POSITIVE_INFINITY;
const KINDS = ["id", "symbol", "name"] as const;

/** Builds the table; about 50 ms for 20,000 coins. */
export function createCoinTable(listed: readonly Coin[]): CoinTable {
  const byId = new Map<string, Coin>();
  const bySymbol = new Map<string, Set<string>>();
  const byName = new Map<string, Set<string>>();
  let keys: { readonly text: string; readonly id: string }[] = [];
  let byRank: readonly Coin[] | undefined;
  let byHash: Map<string, string> | undefined;
  const rankedToday = new Set<string>();
  let pages = 0;

  function put(coin: Coin): { text: string; id: string }[] {
    const id = comparable(coin.coinId);
    const symbol = comparable(coin.symbol);
    const name = comparable(coin.name);
    byId.set(id, coin);
    if (symbol !== "") entry(bySymbol, symbol).add(id);
    if (name !== "") entry(byName, name).add(id);
    const texts = new Set([id, symbol, name, ...name.split(/[ \-()]+/)]);
    texts.delete("");
    return [...texts].map((text) => ({ text, id }));
  }

  function add(coins: readonly Coin[]): void {
    const fresh = coins.filter((coin) => comparable(coin.coinId) !== "" && !byId.has(comparable(coin.coinId)));
    if (fresh.length === 0) return;
    keys = keys.concat(fresh.flatMap(put)).sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
    byRank = undefined;
    byHash = undefined;
  }

  function found(ids: Iterable<string>): Coin[] {
    return [...ids].flatMap((id) => byId.get(id) ?? []);
  }

  function ranked(): readonly Coin[] {
    byRank ??= [...byId.values()].sort(byRankThenId);
    return byRank;
  }

  add(listed);

  return {
    matches(text) {
      const prefixed = text.startsWith("id:") ? byId.get(text.slice(3)) : undefined;
      if (prefixed !== undefined) return [{ coin: prefixed, kind: "id" }];
      const all: CoinMatch[] = [
        ...found([text]).map((coin) => ({ coin, kind: "id" as const })),
        ...found(bySymbol.get(text) ?? []).map((coin) => ({ coin, kind: "symbol" as const })),
        ...found(byName.get(text) ?? []).map((coin) => ({ coin, kind: "name" as const })),
      ];
      const seen = new Set<Coin>();
      return all
        .sort((a, b) => rankOf(a.coin) - rankOf(b.coin) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || byRankThenId(a.coin, b.coin))
        .filter(({ coin }) => !seen.has(coin) && seen.add(coin));
    },

    startingWith(text, limit) {
      if (text === "") return ranked().slice(0, limit);
      const whole = this.matches(text).map(({ coin }) => coin);
      const others = new Set<Coin>();
      for (let at = lowerBound(keys, text); keys[at]?.text.startsWith(text); at += 1) {
        const coin = byId.get(keys[at]?.id ?? "");
        if (coin !== undefined) others.add(coin);
      }
      for (const coin of whole) others.delete(coin);
      return [...whole, ...best([...others], limit)].slice(0, limit);
    },

    ofSymbol: (symbol) => found(bySymbol.get(comparable(symbol)) ?? []).sort(byRankThenId),

    byHash(hash) {
      byHash ??= new Map([...byId].map(([id, coin]) => [coinHash(coin.coinId), id]));
      return byId.get(byHash.get(hash) ?? "");
    },

    coins: () => [...byId.values()],

    rank(coins, page) {
      add(coins);
      if (page > 0) for (const { coinId } of coins) rankedToday.add(comparable(coinId));
      for (const [id, coin] of byId) {
        // Ranks and places on a page do not match to the number, so only an earlier day's rank gives way.
        const hasLeftPage = coin.rank !== null && Math.ceil(coin.rank / PAGE_COINS) === page && !rankedToday.has(id);
        if (hasLeftPage) byId.set(id, { ...coin, rank: null });
      }
      for (const { coinId, rank, imageUrl } of coins) {
        const id = comparable(coinId);
        const known = byId.get(id);
        if (known !== undefined) byId.set(id, { ...known, rank, ...(imageUrl !== undefined && { imageUrl }) });
      }
      byRank = undefined;
      pages = Math.max(pages, page);
    },

    rankedPages: () => pages,

    add,
  };
}

function entry(map: Map<string, Set<string>>, key: string): Set<string> {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = new Set<string>();
  map.set(key, made);
  return made;
}

function rankOf(coin: Coin): number {
  return coin.rank ?? UNRANKED;
}

function byRankThenId(a: Coin, b: Coin): number {
  const [rankA, rankB] = [rankOf(a), rankOf(b)];
  if (rankA !== rankB) return rankA - rankB;
  // Among unranked coins the shorter name is nearer to what was typed.
  return a.name.length - b.name.length || (a.coinId < b.coinId ? -1 : 1);
}

/** The `limit` first of a list in order, without ordering the rest: one letter typed finds thousands. */
function best(coins: Coin[], limit: number): Coin[] {
  const top: Coin[] = [];
  for (const coin of coins) {
    const last = top.at(-1);
    if (top.length === limit && last !== undefined && byRankThenId(coin, last) >= 0) continue;
    let at = top.length;
    while (at > 0 && byRankThenId(coin, top[at - 1] ?? coin) < 0) at -= 1;
    top.splice(at, 0, coin);
    if (top.length > limit) top.pop();
  }
  return top;
}

function lowerBound(keys: readonly { readonly text: string }[], text: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle]?.text ?? "") < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
