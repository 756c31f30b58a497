import { z } from "zod";
import { createSingleFlight } from "../../process/single-flight.ts";
import type { Ask, SourceResult } from "../price-source.ts";
import { lockPatienceOf } from "../sources/lock-patience.ts";
import { type Coin, comparable, squeezed } from "./coin.ts";
import { type CoinList, type CoinListOptions, RANK_PAGES } from "./coin-list.ts";
import type { CoinTable } from "./coin-table.ts";
import { otherName } from "./other-names.ts";
import { type Reading, type Readings, readingsOf } from "./readings.ts";
import {
  coinsOf,
  decide,
  decidingText,
  guess,
  MAX_CANDIDATES,
  type Understanding,
  understood,
  unknownCoin,
} from "./understanding.ts";

/**
 * Which coin a text means, or why that cannot be said. A coin with a `guess` is meant most likely,
 * and whoever shows it says so.
 */
export type CoinResolution =
  | Understanding
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
/** The longest address of a page. */
export const MAX_PAGE_LENGTH = 2_000;

const SEARCH_TTL_MS = 600_000;
/** How long a text is not searched for again after a search that failed. */
const FAILED_SEARCH_TTL_MS = 30_000;
const MAX_SUGGESTED = 5;

/** Each costs a call. */
const MAX_IDS_TRIED = 2;

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
    const text = comparable(typed.slice(0, MAX_PAGE_LENGTH));
    if (text === "" || (text.length > MAX_TEXT_LENGTH && !readingsOf(text).isPage))
      return unknownCoin([]);
    const loaded = await this.#list.ready(ask);
    if (loaded === undefined) return this.#resolveAsId(idsIn(text, readingsOf(text)), ask);
    await this.#list.awaitFirstRanks(loaded, ask);
    // Another process' list may have replaced what was loaded.
    const known = this.#list.table ?? loaded;
    // A text that names a coin as it stands need not be read otherwise, which takes longer.
    if (known.matches(text).length > 0) return this.#matched(known, text, ask);
    await known.sort();
    const readings = readingsOf(text);
    const found = await this.#readOtherwise(known, readings, ask);
    if (found !== undefined) return found;

    // An id stands for its coin alone.
    const likely = text.startsWith("id:") ? unknownCoin([]) : guess(known, text, readings);
    return likely.ok ? likely : this.#searched(known, text, readings, likely, ask);
  }

  /** What the list says to a text as it stands. */
  async #matched(known: CoinTable, text: string, ask: Ask): Promise<Understanding> {
    await this.#rankCandidates(known, text, ask);
    return decide(known, text);
  }

  /** What the list says to a text that is read otherwise. */
  async #readOtherwise(
    known: CoinTable,
    readings: Readings,
    ask: Ask,
  ): Promise<Understanding | undefined> {
    const deciding = decidingText(known, readings);
    if (deciding !== undefined) await this.#rankCandidates(known, deciding, ask);
    return understood(known, readings);
  }

  /** Searches for a coin that the list does not have yet. */
  async #searched(
    known: CoinTable,
    text: string,
    readings: Readings,
    likely: Understanding,
    ask: Ask,
  ): Promise<CoinResolution> {
    const wanted = searchText(text, readings);
    const found =
      wanted === undefined
        ? []
        : await this.#once(`search ${ask.priority} ${wanted}`, () => this.#search(wanted, ask));
    if (found === undefined && text.startsWith("id:"))
      return this.#resolveAsId(idsIn(text, readings), ask);
    if (found === undefined || found.length === 0) return likely;
    known.add(found);
    // A search finds coins of the list too, as other objects.
    const all = [...coinsOf(likely), ...found.map((coin) => known.byId(coin.coinId) ?? coin)];
    const suggestions = [...new Set(all)].slice(0, MAX_SUGGESTED);
    if (known.matches(text).length > 0) return this.#matched(known, text, ask);
    return (await this.#readOtherwise(known, readings, ask)) ?? unknownCoin(suggestions);
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
      if (!found.ok) {
        await cache.set(key, [], FAILED_SEARCH_TTL_MS);
        return undefined;
      }
      const coins = found.coins.slice(0, MAX_CANDIDATES);
      await cache.set(key, coins, SEARCH_TTL_MS);
      return coins;
    };
    return (await recall()) ?? cache.runExclusive(key, fetchCoins, lockPatienceOf(ask));
  }

  /** Without a list a text may still be a coin id that another source knows. */
  async #resolveAsId(coinIds: readonly string[], ask: Ask): Promise<CoinResolution> {
    const { lookUpId } = this.#options;
    for (const coinId of lookUpId === undefined ? [] : coinIds) {
      const found = await lookUpId?.(coinId, ask);
      if (found?.ok !== true) continue;
      const symbol = found.symbol.toUpperCase();
      const coin = { coinId, symbol, name: nameFromId(coinId), rank: null };
      this.#list.table?.add([coin]);
      return { ok: true, coin };
    }
    return { ok: false, reason: "prices-unavailable" };
  }
}

/** The coin ids that a text may be, likeliest first. */
function idsIn(text: string, { readings }: Readings): readonly string[] {
  const texts = [text.replace(/^id:/, ""), ...readings.flatMap(textOf)];
  const other = texts.flatMap((id) => otherName(squeezed(id))?.coinIds.slice(0, 1) ?? []);
  const spaced = text.includes(" ") ? [text.replaceAll(" ", "-")] : [];
  const ids = [...other, ...texts, ...spaced].filter((id) => COIN_ID.test(id));
  return [...new Set(ids)].slice(0, MAX_IDS_TRIED);
}

/** What to search for; undefined for a page that names no coin. */
function searchText(text: string, { readings, isPage }: Readings): string | undefined {
  const wanted = isPage ? readings.flatMap(textOf)[0] : text.replace(/^id:/, "");
  return wanted !== undefined && /[\p{L}\p{N}]/u.test(wanted) ? wanted : undefined;
}

function textOf(reading: Reading): readonly string[] {
  return reading.as === "text" || reading.as === "id" ? [reading.text] : [];
}

function nameFromId(coinId: string): string {
  return coinId.replace(
    /(^|-)([a-z])/g,
    (_match, dash: string, letter: string) => (dash === "" ? "" : " ") + letter.toUpperCase(),
  );
}
