import { z } from "zod";
import { createYield } from "../../process/yielding.ts";
import { DAY_MS } from "../../valuation/calendar.ts";
import type { FetchCache } from "../cache/fetch-cache.ts";
import type { Coin } from "./coin.ts";
import { type CoinTable, createCoinTable } from "./coin-table.ts";

/** The key that the list is cached and locked under. */
export const COIN_LIST = "coin-list";

const partKey = (part: number) => `${COIN_LIST}:${part}`;
/** Coins are cached in parts that take a few milliseconds each to write and read. */
const PART_COINS = 4_000;
/** The parts of a list that is full to its limit. */
const MAX_PARTS = 25;
const KEEP_MS = 90 * DAY_MS;

/** What is cached of a list besides its parts. */
export const CachedList = z.object({
  askedAtMs: z.number(),
  pages: z.number(),
  parts: z.number().int().min(0).max(MAX_PARTS),
  /** Coins with a rank or a logo, and those that the list does not have. */
  more: z.array(
    z.tuple([z.string(), z.string(), z.string(), z.number().nullable(), z.string().nullable()]),
  ),
});
export type CachedList = z.infer<typeof CachedList>;

/** A part belongs to the list that was fetched at the same instant. */
const CachedPart = z.object({
  askedAtMs: z.number(),
  // Checked by hand: a schema for each row makes a terminal's answer 7 % dearer.
  coins: z.custom<readonly CachedCoin[]>((rows) => Array.isArray(rows) && rows.every(isCachedCoin)),
});
/** Id, symbol and name. */
type CachedCoin = readonly [string, string, string];

function isCachedCoin(row: unknown): boolean {
  return Array.isArray(row) && row.length === 3 && row.every((text) => typeof text === "string");
}

/** A list of coins in memory. */
export type LoadedList = {
  readonly table: CoinTable;
  /** Coins of the list itself, which come before those that were found elsewhere. */
  readonly listed: number;
  /** When the list was fetched, in milliseconds since 1970. */
  readonly askedAtMs: number;
};

/** Loads a cached list; undefined while another process is replacing its parts. */
export async function loadList(
  cache: FetchCache,
  cached: CachedList,
): Promise<LoadedList | undefined> {
  const pause = createYield();
  const coins: Coin[] = [];
  for (let part = 0; part < cached.parts; part += 1) {
    const read = await cache.get(partKey(part), CachedPart);
    if (read?.askedAtMs !== cached.askedAtMs) return undefined;
    for (const [coinId, symbol, name] of read.coins)
      coins.push({ coinId, symbol, name, rank: null });
    await pause();
  }
  const table = await createCoinTable(coins);
  const listed = table.coins().length;
  table.rank(
    cached.more.map(([coinId, symbol, name, rank, imageUrl]) => ({
      coinId,
      symbol,
      name,
      rank,
      ...(imageUrl !== null && { imageUrl }),
    })),
    cached.pages,
  );
  return { table, listed, askedAtMs: cached.askedAtMs };
}

/** Caches a whole list: its parts first, then what makes them a list. */
export async function cacheList(cache: FetchCache, list: LoadedList): Promise<void> {
  const { table, listed, askedAtMs } = list;
  const coins = table.coins().slice(0, listed);
  for (let part = 0; part * PART_COINS < coins.length; part += 1) {
    const some = coins.slice(part * PART_COINS, (part + 1) * PART_COINS);
    const value = {
      askedAtMs,
      coins: some.map(({ coinId, symbol, name }) => [coinId, symbol, name]),
    };
    await cache.set(partKey(part), value, KEEP_MS);
  }
  await cacheRanks(cache, list);
}

/** Caches the ranks, logos and further coins of a list whose parts are cached. */
export async function cacheRanks(
  cache: FetchCache,
  { table, listed, askedAtMs }: LoadedList,
): Promise<void> {
  const value: CachedList = {
    askedAtMs,
    pages: table.rankedPages(),
    parts: Math.ceil(listed / PART_COINS),
    more: table
      .coins()
      .filter(({ rank, imageUrl }, at) => at >= listed || rank !== null || imageUrl !== undefined)
      .map(({ coinId, symbol, name, rank, imageUrl }) => [
        coinId,
        symbol,
        name,
        rank,
        imageUrl ?? null,
      ]),
  };
  await cache.set(COIN_LIST, value, KEEP_MS);
}
