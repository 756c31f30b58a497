import { setImmediate as breathe } from "node:timers/promises";
import type { Picture } from "../pictures/picture-maker.ts";
import type { Coin } from "../prices/coins/coin.ts";
import type { Ask, Pace } from "../prices/price-source.ts";
import { paceOf } from "../prices/price-source.ts";
import { ELAPSED, within } from "../process/clock.ts";
import type { Services } from "../services.ts";
import { addDays } from "../valuation/calendar.ts";
import type { Flag, PriceHistory } from "../valuation/price-record.ts";
import { isPegged } from "./derived-coins.ts";
import { createFreshness, type Kept } from "./freshness.ts";
import {
  coinsOfDay,
  inRiddleOrder,
  RIDDLE_COINS,
  RIDDLE_OPTIONS,
  type RiddleCoin,
  type RiddleDay,
  riddleCoins,
  riddleOptions,
  unnamedCoins,
} from "./riddle-choice.ts";

/** A coin's price line without its name, and the names to choose from. */
export type Riddle = RiddleDay & {
  readonly right: Coin;
  /** The right coin among them. */
  readonly options: readonly Coin[];
  /** UTC day of the first price on the chart. */
  readonly fromOn: string;
  readonly picture: Picture;
};

/** For which digest a riddle is made. */
export type RiddleOrder = RiddleDay & {
  /** True where the digest is only shown, and not posted on its date. */
  readonly isPreview: boolean;
  /** The coins that the digest names; null for the default ones. */
  readonly coinIds: readonly string[] | null;
};

/** Makes riddles. */
export type Riddles = {
  /** Undefined where there is none today, or its prices do not come in time; never rejects. */
  of(order: RiddleOrder, locale: string, ask: Ask): Promise<Riddle | undefined>;
  /** Fetches the prices of the coming riddles' coins in as few calls as possible. */
  prepare(orders: readonly RiddleOrder[], ask: Ask): Promise<void>;
};

/** How long a digest waits for its riddle, in milliseconds. */
const PATIENCE_MS: Readonly<Record<Pace, number>> = { interactive: 5_000, background: 20_000 };
/** Coins whose histories are looked at, one after the other, for one that makes a riddle. */
const MAX_TRIED = 4;

const LEAST_AGE_DAYS = 730;
/** A coin that has not been priced for so long is no longer traded. */
const LATEST_WITHIN_DAYS = 14;
/** A line between prices that are closer than that says little. */
const LEAST_RANGE = 3;
const RECENT_CLOSES = 28;
/** Flags of histories that are not whole since the listing, or too odd to be recognized. */
const NO_RIDDLE: ReadonlySet<Flag> = new Set<Flag>([
  "partial-history",
  "exchange-listing-only",
  "erratic",
]);

/** Options of {@link createRiddles}. */
export type RiddlesOptions = Pick<Services, "coins" | "prices" | "pictures" | "log" | "now"> & {
  /** The coins of servers that have not chosen any. */
  readonly defaultCoins: (ask: Ask) => Promise<readonly Coin[]>;
};

/** Makes the maker of riddles. */
export function createRiddles(options: RiddlesOptions): Riddles {
  const { coins, prices, pictures, defaultCoins, log, now } = options;
  const freshness = createFreshness(now);
  let kept: Kept<readonly RiddleCoin[]> | undefined;

  async function largest(ask: Ask): Promise<readonly RiddleCoin[]> {
    if (kept !== undefined && freshness.isFresh(kept)) return kept.value;
    const madeFrom = freshness.published();
    const ranked = await coins.largest(RIDDLE_COINS, ask);
    kept = freshness.keep(riddleCoins(ranked), madeFrom, ranked.length === RIDDLE_COINS);
    return kept.value;
  }

  async function candidates(
    { isPreview, coinIds, ...day }: RiddleOrder,
    ask: Ask,
  ): Promise<{ readonly pool: readonly Coin[]; readonly tried: readonly Coin[] }> {
    const shown = coinIds ?? (await defaultCoins(ask)).map(({ coinId }) => coinId);
    const pool = unnamedCoins(await largest(ask), shown);
    if (pool.length < RIDDLE_OPTIONS) return { pool, tried: [] };
    // A preview must not wait for a coin's day: it shows what a riddle looks like.
    const coming = isPreview ? inRiddleOrder(day, pool) : coinsOfDay(day, pool);
    return { pool, tried: coming.slice(0, MAX_TRIED) };
  }

  async function make(order: RiddleOrder, locale: string, ask: Ask): Promise<Riddle | undefined> {
    const { guildId, dateOn } = order;
    const { pool, tried } = await candidates(order, ask);
    for (const right of tried) {
      const outcome = await prices.frugalHistory(right, ask);
      if (!outcome.ok || !isRiddle(outcome.history, dateOn)) continue;
      const { points, flags } = outcome.history;
      return {
        ...{ guildId, dateOn, right },
        options: riddleOptions(order, right, pool),
        fromOn: points[0]?.on ?? dateOn,
        picture: await pictures.riddle({ points, locale, isDemo: flags.includes("demo") }),
      };
    }
    return undefined;
  }

  return {
    async of(order, locale, ask) {
      const making = make(order, locale, ask).catch((error: unknown) => {
        log.error(
          { err: error, guildId: order.guildId },
          "the riddle could not be made: the digest goes out without it",
        );
        return undefined;
      });
      const riddle = await within(PATIENCE_MS[paceOf(ask.priority)], making);
      return riddle === ELAPSED ? undefined : riddle;
    },

    async prepare(orders, ask) {
      const wanted = new Map<string, Coin>();
      for (const order of orders) {
        // Choosing for thousands of servers takes half a second, in which others are answered.
        await breathe();
        const { tried } = await candidates(order, ask);
        for (const coin of tried) wanted.set(coin.coinId, coin);
      }
      if (wanted.size > 0) await prices.prepare([...wanted.values()], ask);
    },
  };
}

/** Whether a chart of this history can be recognized, and is one since the listing. */
function isRiddle({ points, flags }: PriceHistory, dateOn: string): boolean {
  const pricesUsd = points.map(({ priceUsd }) => priceUsd);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return false;
  return (
    first.on <= addDays(dateOn, -LEAST_AGE_DAYS) &&
    last.on >= addDays(dateOn, -LATEST_WITHIN_DAYS) &&
    Math.max(...pricesUsd) >= LEAST_RANGE * Math.min(...pricesUsd) &&
    !flags.some((flag) => NO_RIDDLE.has(flag)) &&
    !isPegged(points.slice(-RECENT_CLOSES), [])
  );
}
