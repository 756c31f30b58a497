import { z } from "zod";
import { createSingleFlight } from "../../process/single-flight.ts";
import { PAGE_COINS } from "../coin-directory.ts";
import type { Ask, CoinRef, SourceResult } from "../price-source.ts";
import { lockPatienceOf } from "../sources/lock-patience.ts";
import { type Coin, comparable } from "./coin.ts";
import { CoinList, type CoinListOptions, RANK_PAGES } from "./coin-list.ts";
import type { CoinTable } from "./coin-table.ts";

/** Which coin a text means, or why that cannot be said. */
export type CoinResolution =
  | { readonly ok: true; readonly coin: Coin }
  | { readonly ok: false; readonly reason: "unknown-coin"; readonly suggestions: readonly Coin[] }
  | { readonly ok: false; readonly reason: "ambiguous-coin"; readonly candidates: readonly Coin[] }
  /** The list of coins cannot be had now, and the text is no coin id that another source knows. */
  | { readonly ok: false; readonly reason: "prices-unavailable" };

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
  /** Coins that a text being typed may become, best first; from memory only. */
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

/** Options of {@link createCoinIndex}. */
export type CoinIndexOptions = CoinListOptions & {
  /** The symbol of a coin id, for the time that the directory is down. */
  readonly lookUpId?: (
    coinId: string,
    ask: Ask,
  ) => Promise<SourceResult<{ readonly symbol: string }>>;
};

const SEARCH_TTL_MS = 600_000;
const MAX_TEXT_LENGTH = 100;
const MAX_SUGGESTED = 3;
const MAX_CANDIDATES = 25;
/** What CoinGecko's ids are made of; anything else is not tried as an id. */
const COIN_ID = /^[a-z0-9][a-z0-9._-]{0,98}$/;

const CachedSearch = z.array(
  z.object({
    coinId: z.string(),
    symbol: z.string(),
    name: z.string(),
    rank: z.number().nullable(),
    imageUrl: z.string().optional(),
  }),
);

/** The index over a directory of coins. */
export function createCoinIndex(options: CoinIndexOptions): CoinIndex {
  const list = new CoinList(options);
  const finder = new CoinFinder(options, list);
  return {
    resolve: (text, ask) => finder.resolve(text, ask),
    byHash: async (hash, ask) => (await list.ready(ask))?.byHash(hash),
    suggest: (typed, limit) => (list.table === undefined ? [] : suggest(list.table, typed, limit)),

    async largest(limit, ask) {
      const known = await list.ready(ask);
      if (known === undefined) return [];
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

/** Finds the coin that a text means: in the list, by a search, or as an id. */
class CoinFinder {
  readonly #options: CoinIndexOptions;
  readonly #list: CoinList;
  readonly #once = createSingleFlight();

  constructor(options: CoinIndexOptions, list: CoinList) {
    this.#options = options;
    this.#list = list;
  }

  async resolve(typed: string, ask: Ask): Promise<CoinResolution> {
    const text = comparable(typed);
    if (text === "" || text.length > MAX_TEXT_LENGTH)
      return { ok: false, reason: "unknown-coin", suggestions: [] };
    const loaded = await this.#list.ready(ask);
    if (loaded === undefined) return this.#resolveAsId(text, ask);
    await this.#list.awaitFirstRanks(loaded, ask);
    // Another process' list may have replaced what was loaded.
    const known = this.#list.table ?? loaded;
    if (known.matches(text).length === 0) {
      const found = await this.#once(`search ${ask.priority} ${text}`, () =>
        this.#search(text.replace(/^id:/, ""), ask),
      );
      if (found === undefined) return this.#resolveAsId(text, ask);
      known.add(found);
      if (known.matches(text).length === 0)
        return { ok: false, reason: "unknown-coin", suggestions: found.slice(0, MAX_SUGGESTED) };
    }
    await this.#rankCandidates(known, text, ask);
    return decide(known, text);
  }

  /**
   * Ranks decide only between several coins, and no page after the one that ranks a candidate can
   * have a better one.
   */
  async #rankCandidates(known: CoinTable, text: string, ask: Ask): Promise<void> {
    const isUndecided = () => {
      const found = known.matches(text);
      return found.length > 1 && found.every(({ coin }) => coin.rank === null);
    };
    for (let page = known.rankedPages() + 1; page <= RANK_PAGES && isUndecided(); page += 1) {
      if (!(await this.#list.fetchPage(page, ask))) return;
    }
  }

  /** The coins that a search finds, cached for ten minutes; undefined when it fails. */
  async #search(text: string, ask: Ask): Promise<readonly Coin[] | undefined> {
    const { cache, directory } = this.#options;
    const key = `search:${text}`;
    const recall = async () =>
      (await cache.get(key, CachedSearch))?.map(
        ({ imageUrl, ...coin }): Coin => ({ ...coin, ...(imageUrl !== undefined && { imageUrl }) }),
      );
    const fetchCoins = async () => {
      const cached = await recall();
      if (cached !== undefined) return cached;
      // Anybody can invent texts faster than anything else that costs a call.
      if (ask.priority === "anonymous") return [];
      const found = await directory.search(text, ask);
      if (!found.ok) return undefined;
      const coins = found.coins.slice(0, MAX_CANDIDATES);
      await cache.set(key, coins, SEARCH_TTL_MS);
      return coins;
    };
    return (await recall()) ?? cache.runExclusive(key, fetchCoins, lockPatienceOf(ask));
  }

  /** With the directory down a text may still be a coin id that another source knows. */
  async #resolveAsId(text: string, ask: Ask): Promise<CoinResolution> {
    const { lookUpId } = this.#options;
    const coinId = text.replace(/^id:/, "");
    if (lookUpId === undefined || !COIN_ID.test(coinId))
      return { ok: false, reason: "prices-unavailable" };
    const found = await lookUpId(coinId, ask);
    if (!found.ok) return { ok: false, reason: "prices-unavailable" };
    const symbol = found.symbol.toUpperCase();
    const coin = { coinId, symbol, name: nameFromId(coinId), rank: null };
    this.#list.table?.add([coin]);
    return { ok: true, coin };
  }
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
  return known.startingWith(comparable(typed), limit).flatMap((coin) => {
    const value = isSure(comparable(coin.coinId), coin) ? coin.coinId : `id:${coin.coinId}`;
    const symbol = comparable(coin.symbol);
    const shortValue =
      symbol !== "" && symbol.length < value.length && isSure(symbol, coin) ? symbol : value;
    return value.length <= MAX_TEXT_LENGTH ? [{ coin, value, shortValue }] : [];
  });
}

function decide(table: CoinTable, text: string): CoinResolution {
  const matches = table.matches(text);
  const best = matches[0];
  if (best === undefined) return { ok: false, reason: "unknown-coin", suggestions: [] };
  const equals = matches.filter((match) => match.kind === best.kind);
  if (best.coin.rank === null && equals.length > 1) {
    return {
      ok: false,
      reason: "ambiguous-coin",
      candidates: equals.slice(0, MAX_CANDIDATES).map(({ coin }) => coin),
    };
  }
  return { ok: true, coin: best.coin };
}

function nameFromId(coinId: string): string {
  return coinId.replace(
    /(^|-)([a-z])/g,
    (_match, dash: string, letter: string) => (dash === "" ? "" : " ") + letter.toUpperCase(),
  );
}
