import type { PricedPurchase } from "../answer.ts";
import type { Coin } from "../prices/coins/coin.ts";
import type { HistorySource } from "../valuation/price-record.ts";
import { lambosAt, type Valuation, valueRecord } from "../valuation/valuation.ts";
import type { CoinNews, NoNews } from "./coin-news.ts";

/**
 * How far back stories are remembered, in days: longer than the longest list of coins, with some
 * days missed.
 */
export const STORIES_KEPT_DAYS = 30;

/** Coins on one leaderboard. */
export const MAX_COINS = 10;

/** One coin of the leaderboard. */
export type DigestLine = {
  readonly coin: Coin;
  readonly valuation: Valuation;
  /**
   * Lambos of the same history cut one day earlier; null when that is not known, or not what
   * yesterday's digest showed.
   */
  readonly lambosYesterday: number | null;
  /**
   * What the purchase is worth against yesterday, as a fraction: 0.05 is 5 % more; null when
   * `lambosYesterday` is. Unlike a change of Lambos it is the same for every stake and car, and
   * says as much of a coin with next to no Lambos as of the first on the board.
   */
  readonly growth: number | null;
  /** Instant at which its newest price was asked for, ISO 8601 in UTC. */
  readonly asOf: string;
};

/** A coin that was worth less than one Lambo yesterday and is not today, or the other way round. */
export type Crossing = { readonly line: DigestLine; readonly direction: "up" | "down" };

/** Everything that one digest tells, before any words. */
export type Digest = {
  readonly purchase: PricedPurchase;
  /** Most Lambos first; without any, the smallest loss first. */
  readonly lines: readonly DigestLine[];
  /** Coins of the list without a place on the leaderboard, and why. */
  readonly missing: readonly { readonly coin: Coin; readonly why: NoNews }[];
  /** UTC day of the newest price; null without lines. */
  readonly on: string | null;
  /** True when newer prices are published than could be had: then nothing is said of a change. */
  readonly isOutdated: boolean;
  /**
   * Of the coins whose Lambos changed since yesterday the one that grew or fell most, in per cent;
   * null when nobody's did.
   */
  readonly mover: DigestLine | null;
  readonly crossings: readonly Crossing[];
  /** The coin that is told at length today; null without lines. */
  readonly story: DigestLine | null;
  /** Who told the prices, each once. */
  readonly sources: readonly Pick<HistorySource, "name" | "url">[];
  readonly isDemo: boolean;
};

/** What a digest is made of. */
export type DigestMaterial = {
  /** In the order of the server's list, each coin once. */
  readonly news: readonly CoinNews[];
  readonly purchase: PricedPurchase;
  /** Coins that the latest digests told at length, newest first. */
  readonly toldCoinIds: readonly string[];
  /**
   * The last UTC day that providers have published: what is known of an older day only is what
   * yesterday's digest showed.
   */
  readonly publishedOn: string;
  /**
   * False where yesterday's digest counted in another currency, or today's has to: then nothing is
   * said of a change. True when absent.
   */
  readonly isComparable?: boolean;
};

/** Makes the day's digest of what is known of a server's coins. Pure. */
export function composeDigest({
  news,
  purchase,
  toldCoinIds,
  publishedOn,
  isComparable = true,
}: DigestMaterial): Digest {
  const told = news.filter((one) => one.ok);
  const on = told.reduce<string | null>(
    (newest, { today }) =>
      newest === null || today.lastRecordedOn > newest ? today.lastRecordedOn : newest,
    null,
  );
  const isOutdated = on !== null && on < publishedOn;
  const lines = told
    .map(({ coin, today, yesterday, asOf }): DigestLine => {
      const isNews = today.lastRecordedOn === on && !isOutdated && isComparable;
      const before = isNews ? yesterday : null;
      return {
        coin,
        valuation: valueRecord(today, purchase),
        lambosYesterday: lambosOf(before, purchase),
        growth: before === null ? null : (1 + today.growthFactor) / (1 + before.growthFactor) - 1,
        asOf,
      };
    })
    // A stable sort: coins that did equally well keep the order of the list.
    .sort(
      (a, b) =>
        b.valuation.lambos - a.valuation.lambos ||
        b.valuation.growthFactor - a.valuation.growthFactor,
    );

  return {
    purchase,
    lines,
    missing: news.flatMap((one) => (one.ok ? [] : [{ coin: one.coin, why: one.why }])),
    on,
    isOutdated,
    mover: moverOf(lines),
    crossings: lines.flatMap((line) => crossingOf(line) ?? []),
    story: storyOf(
      lines,
      told.map(({ coin }) => coin.coinId),
      toldCoinIds,
    ),
    sources: [
      ...new Map(
        told.flatMap(({ sources }) => sources.map(({ name, url }) => [name, { name, url }])),
      ).values(),
    ],
    isDemo: told.some(({ today }) => today.flags.includes("demo")),
  };
}

/** Change of a line's Lambos since yesterday; null when it is not known. */
export function changeOf({ valuation, lambosYesterday }: DigestLine): number | null {
  if (lambosYesterday === null) return null;
  const change = valuation.lambos - lambosYesterday;
  // Less than this is the noise of the arithmetic.
  return Math.abs(change) <= 1e-12 * valuation.lambos ? 0 : change;
}

/**
 * What a line shows as its change in per cent, as a fraction: its growth, 0 where that would read
 * so; null where nothing is known, and of a coin without Lambos on both days, which has none to
 * move.
 */
export function percentChangeOf({ valuation, lambosYesterday, growth }: DigestLine): number | null {
  if (growth === null || lambosYesterday === null) return null;
  if (valuation.lambos === 0 && lambosYesterday === 0) return null;
  return Math.abs(growth) < LEAST_SHOWN_CHANGE ? 0 : growth;
}

/** Below half of a tenth of a per cent the rounded figure would read 0 %. */
const LEAST_SHOWN_CHANGE = 0.0005;

/**
 * Whose turn the story is, of the coins in list order: one that was not told yet, else the one told
 * longest ago, so that no coin repeats until all had their turn.
 */
export function nextStory(
  coinIds: readonly string[],
  toldCoinIds: readonly string[],
): string | undefined {
  const turn = (coinId: string) => {
    const last = toldCoinIds.indexOf(coinId);
    return last === -1 ? Number.POSITIVE_INFINITY : last;
  };
  return coinIds.reduce<string | undefined>(
    (next, coinId) => (next === undefined || turn(coinId) > turn(next) ? coinId : next),
    undefined,
  );
}

function lambosOf(
  record: Extract<CoinNews, { ok: true }>["yesterday"],
  { stakeUsd, carPriceUsd }: PricedPurchase,
): number | null {
  return record === null
    ? null
    : lambosAt(record.closing.meanUsd, record.opening.meanUsd, stakeUsd, carPriceUsd);
}

function moverOf(lines: readonly DigestLine[]): DigestLine | null {
  const size = (line: DigestLine) => Math.abs(percentChangeOf(line) ?? 0);
  return lines.reduce<DigestLine | null>(
    (most, line) => (size(line) > (most === null ? 0 : size(most)) ? line : most),
    null,
  );
}

function crossingOf(line: DigestLine): Crossing | undefined {
  const { lambosYesterday } = line;
  if (lambosYesterday === null || lambosYesterday >= 1 === line.valuation.lambos >= 1)
    return undefined;
  return { line, direction: lambosYesterday < 1 ? "up" : "down" };
}

function storyOf(
  lines: readonly DigestLine[],
  coinIds: readonly string[],
  toldCoinIds: readonly string[],
): DigestLine | null {
  const coinId = nextStory(coinIds, toldCoinIds);
  return lines.find(({ coin }) => coin.coinId === coinId) ?? null;
}
