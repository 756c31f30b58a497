import { ENGLISH } from "../messages/say.ts";
import type { Coin } from "../prices/coins/coin.ts";
import { hashFraction } from "../process/hash-fraction.ts";
import { daysBetween } from "../valuation/calendar.ts";
import { isNamedAsDerived } from "./derived-coins.ts";
import { boardName } from "./digest-wording.ts";

/**
 * How many of the largest coins may be asked about: enough that hardly a day is without any, see
 * {@link coinsOfDay}.
 */
export const RIDDLE_COINS = 500;
/** Names that a riddle offers. */
export const RIDDLE_OPTIONS = 5;

/** More than 60 days, and a prime number: every coin has one day in so many on each server. */
const CYCLE_DAYS = 61;
/** A coin of the first hundred is preferred, then of the first 250, because more people know it. */
const PREFERRED_RANKS = [100, 250] as const;
/** The wrong names are of the coins nearest in rank: any more telling, and they give it away. */
const NEAREST = 16;
const EPOCH_ON = "1970-01-01";

/** Where and when a riddle is asked; on the same server and local date it is the same one. */
export type RiddleDay = {
  readonly guildId: string;
  /** Local date in the server's zone. */
  readonly dateOn: string;
};

/** A coin that riddles may be about; its slot, below 61, decides on which days. */
export type RiddleCoin = Coin & { readonly slot: number };

/** The coins that riddles may be about: none derived from another, and no two of one name. */
export function riddleCoins(largest: readonly Coin[]): readonly RiddleCoin[] {
  const byName = new Map<string, Coin>();
  for (const coin of largest) {
    const name = boardName(coin, ENGLISH, "plain");
    if (!isNamedAsDerived(coin) && !byName.has(name)) byName.set(name, coin);
  }
  return [...byName.values()].map((coin) => ({
    ...coin,
    slot: Math.floor(hashFraction(`riddle ${coin.coinId}`) * CYCLE_DAYS),
  }));
}

/** Those that a server's digest does not show with their names, unless too few are left. */
export function unnamedCoins(
  coins: readonly RiddleCoin[],
  shownCoinIds: readonly string[],
): readonly RiddleCoin[] {
  const shown = new Set(shownCoinIds);
  const others = coins.filter(({ coinId }) => !shown.has(coinId));
  return others.length < RIDDLE_OPTIONS ? coins : others;
}

/**
 * The coins that may be the answer on a date, the first one with a usable history is. A coin's day
 * depends on nothing but its id and the server, so none comes twice within 60 days, whatever enters
 * or leaves the list and however often the choice is made.
 */
export function coinsOfDay(day: RiddleDay, pool: readonly RiddleCoin[]): readonly Coin[] {
  const dayNumber = daysBetween(EPOCH_ON, day.dateOn);
  // Another order of the slots on each server; no two slots have the same day.
  const stride = 1 + Math.floor(hashFraction(`stride ${day.guildId}`) * (CYCLE_DAYS - 1));
  const first = Math.floor(hashFraction(`first ${day.guildId}`) * CYCLE_DAYS);
  const ofDay = pool.filter(({ slot }) => (slot * stride + first - dayNumber) % CYCLE_DAYS === 0);
  return inRiddleOrder(day, ofDay);
}

/** The names to choose from, shuffled: the right one and its neighbours by rank. */
export function riddleOptions(
  { guildId, dateOn }: RiddleDay,
  right: Coin,
  pool: readonly Coin[],
): readonly Coin[] {
  const place = (coin: Coin) => hashFraction(`option ${guildId} ${dateOn} ${coin.coinId}`);
  const distance = (coin: Coin) => Math.abs(rankOf(coin) - rankOf(right));
  const decoys = pool
    .filter(({ coinId }) => coinId !== right.coinId)
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, NEAREST)
    .sort((a, b) => place(a) - place(b))
    .slice(0, RIDDLE_OPTIONS - 1);
  const shuffled = (coin: Coin) => hashFraction(`order ${guildId} ${dateOn} ${coin.coinId}`);
  return [right, ...decoys].sort((a, b) => shuffled(a) - shuffled(b));
}

/** The best known coins first, and those of about one size in another order every day. */
export function inRiddleOrder(
  { guildId, dateOn }: RiddleDay,
  coins: readonly Coin[],
): readonly Coin[] {
  const tier = (coin: Coin) =>
    PREFERRED_RANKS.filter((preferred) => rankOf(coin) > preferred).length;
  return coins
    .map((coin) => ({
      coin,
      tier: tier(coin),
      place: hashFraction(`answer ${guildId} ${dateOn} ${coin.coinId}`),
    }))
    .sort((a, b) => a.tier - b.tier || a.place - b.place)
    .map(({ coin }) => coin);
}

/** A coin without a rank counts as the smallest. */
function rankOf({ rank }: Coin): number {
  return rank ?? RIDDLE_COINS;
}
