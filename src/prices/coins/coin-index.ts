import { PAGE_COINS } from "../coin-list-source.ts";
import type { Ask, CoinRef } from "../price-source.ts";
import { type Coin, comparable } from "./coin.ts";
import {
  CoinFinder,
  type CoinFinderOptions,
  type CoinResolution,
  MAX_PAGE_LENGTH,
  MAX_TEXT_LENGTH,
} from "./coin-finder.ts";
import { CoinList, RANK_PAGES } from "./coin-list.ts";
import type { CoinTable } from "./coin-table.ts";
import { readingsOf } from "./readings.ts";
import { decide, similarTo, understood } from "./understanding.ts";

/**
 * A coin worth suggesting, a text that means this coin and no other, and the shortest such text
 * (mostly its symbol, in small letters).
 */
export type CoinSuggestion = {
  readonly coin: Coin;
  readonly value: string;
  readonly shortValue: string;
};

/** Every coin there is, in memory. */
export type CoinIndex = {
  /**
   * Finds the coin that a typed text, a coin id or `id:<coinId>` means. Never rejects for what the
   * outside world does.
   */
  resolve(text: string, ask: Ask): Promise<CoinResolution>;
  /** The coin whose id has this `coinHash`; undefined when none has, or the list cannot be had. */
  byHash(hash: string, ask: Ask): Promise<Coin | undefined>;
  /** The coin whose id, symbol or name is this very text, the best known; from memory only. */
  known(text: string): Coin | undefined;
  /**
   * The coin that a text is the whole id, symbol or name of, another name of in another script, or
   * the page of; never a guess, and undefined where coins that match equally well have no ranks.
   * From memory only.
   */
  exact(text: string): Coin | undefined;
  /**
   * Coins that a text being typed may become, from memory only: whole matches, then what begins
   * with it by rank, then what it means read otherwise, then what is spelled like it.
   */
  suggest(text: string, limit: number): readonly CoinSuggestion[];
  /** The largest coins by market cap, rank 1 first; empty when the ranks cannot be had. */
  largest(limit: number, ask: Ask): Promise<readonly Coin[]>;
  /** Other coins with the same symbol, best rank first. */
  namesakes(coin: CoinRef): readonly Coin[];
  /** True when no other coin of the same symbol has a better rank. */
  isTopOfItsSymbol(coin: CoinRef): boolean;
  /**
   * Loads the cached list, and fetches it again in the background when it is a day old. To be
   * called at start and now and then.
   */
  refresh(): Promise<void>;
  /** Coins known now. */
  size(): number;
};

/** The index over a directory of coins. */
export function createCoinIndex(options: CoinFinderOptions): CoinIndex {
  const list = new CoinList(options);
  const finder = new CoinFinder(options, list);
  return {
    resolve: (text, ask) => finder.resolve(text, ask),
    byHash: async (hash, ask) => (await list.ready(ask))?.byHash(hash),
    known: (text) => list.table?.matches(comparable(text))[0]?.coin,
    exact: (text) => (list.table === undefined ? undefined : exactly(list.table, text)),
    suggest: (typed, limit) => (list.table === undefined ? [] : suggest(list.table, typed, limit)),

    async largest(limit, ask) {
      const known = await list.ready(ask);
      if (known === undefined) return [];
      await known.sort();
      for (let page = known.rankedPages() + 1; page <= Math.ceil(limit / PAGE_COINS); page += 1) {
        if (!(await list.fetchPage(page, ask))) break;
      }
      return known.startingWith("", limit).filter(({ rank }) => rank !== null);
    },

    namesakes: (coin) =>
      list.table?.ofSymbol(coin.symbol).filter(({ coinId }) => coinId !== coin.coinId) ?? [],

    isTopOfItsSymbol(coin) {
      const sharing = list.table?.ofSymbol(coin.symbol) ?? [];
      return (
        sharing[0]?.coinId === coin.coinId && (sharing.length === 1 || sharing[0].rank !== null)
      );
    },

    refresh: () => list.refresh(),
    size: () => list.table?.coins().length ?? 0,
  };
}

function exactly(known: CoinTable, typed: string): Coin | undefined {
  const text = comparable(typed.slice(0, MAX_PAGE_LENGTH));
  if (known.matches(text).length > 0) {
    const whole = decide(known, text);
    return whole.ok ? whole.coin : undefined;
  }
  const readings = readingsOf(text);
  const asText = {
    ...readings,
    readings: readings.readings.filter(({ as }) => as === "text").slice(0, 1),
  };
  const meant = understood(known, readings.isPage ? readings : asText);
  return meant?.ok === true && meant.guess === undefined ? meant.coin : undefined;
}

function suggest(known: CoinTable, typed: string, limit: number): readonly CoinSuggestion[] {
  // Ranks that are still to come may give a text that several coins share to another one.
  const isSure = (text: string, { coinId }: Coin) => {
    const meant = decide(known, text);
    return (
      (known.rankedPages() >= RANK_PAGES || known.matches(text).length === 1) &&
      meant.ok &&
      meant.coin.coinId === coinId
    );
  };
  return suggestedCoins(known, comparable(typed), limit).flatMap((coin) => {
    const value = isSure(comparable(coin.coinId), coin) ? coin.coinId : `id:${coin.coinId}`;
    const symbol = comparable(coin.symbol);
    const shortValue =
      symbol !== "" && symbol.length < value.length && isSure(symbol, coin) ? symbol : value;
    return value.length <= MAX_TEXT_LENGTH ? [{ coin, value, shortValue }] : [];
  });
}

function suggestedCoins(known: CoinTable, text: string, limit: number): readonly Coin[] {
  const first = known.startingWith(text, limit);
  if (first.length >= limit || text === "" || text.length > MAX_PAGE_LENGTH) return first;
  return [...new Set([...first, ...similarTo(known, text, limit)])].slice(0, limit);
}
