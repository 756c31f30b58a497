import { z } from "zod";
import { createSingleFlight } from "../../process/single-flight.ts";
import type { Ask, SourceResult } from "../price-source.ts";
import { lockPatienceOf } from "../sources/lock-patience.ts";
import { type Coin, comparable } from "./coin.ts";
import { type CoinList, type CoinListOptions, RANK_PAGES } from "./coin-list.ts";
import type { CoinTable } from "./coin-table.ts";

/** Which coin a text means, or why that cannot be said. */
export type CoinResolution =
  | { readonly ok: true; readonly coin: Coin }
  | { readonly ok: false; readonly reason: "unknown-coin"; readonly suggestions: readonly Coin[] }
  | { readonly ok: false; readonly reason: "ambiguous-coin"; readonly candidates: readonly Coin[] }
  /** The list of coins cannot be had now, and the text is no coin id that another source knows. */
  | { readonly ok: false; readonly reason: "prices-unavailable" };

/** Options of {@link CoinFinder}. */
export type CoinFinderOptions = CoinListOptions & {
  /** The symbol of a coin id, for the time that the list's source is down. */
  readonly lookUpId?: (
    coinId: string,
    ask: Ask,
  ) => Promise<SourceResult<{ readonly symbol: string }>>;
};

/** The longest text that can mean a coin, in characters. */
export const MAX_TEXT_LENGTH = 100;

const SEARCH_TTL_MS = 600_000;
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

/** Finds the coin that a text means: in the list, by a search, or as an id. */
export class CoinFinder {
  readonly #options: CoinFinderOptions;
  readonly #list: CoinList;
  readonly #once = createSingleFlight();

  constructor(options: CoinFinderOptions, list: CoinList) {
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

/**
 * The best match of a text among known coins; unranked coins that match equally well are ambiguous.
 */
export function decide(table: CoinTable, text: string): CoinResolution {
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
