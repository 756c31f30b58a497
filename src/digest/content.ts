import type { Change } from "../messages/change.ts";
import { CENTS_BELOW, formatMoney, lamboStep } from "../messages/format.ts";
import type { Coin } from "../prices/coins/coin.ts";
import type { PricedPurchase } from "../questions/purchase.ts";
import { fromUsd } from "../valuation/currency.ts";
import type { HistorySource } from "../valuation/price-record.ts";
import { lambosAt, type Valuation, valueRecord } from "../valuation/valuation.ts";
import type { CoinSummary, ExclusionReason } from "./coin-summary.ts";
import { type News, newsFor } from "./news.ts";

/**
 * How far back stories are remembered, in days: enough for the longest list of coins in a weekly
 * digest, even with some weeks missed.
 */
export const STORIES_KEPT_DAYS = 90;

/** Coins on one leaderboard. */
export const MAX_DIGEST_COINS = 10;

/** One coin of the leaderboard. */
export type DigestLine = {
  readonly coin: Coin;
  readonly valuation: Valuation;
  /**
   * Lambos from the same history as the previous digest had it; null when unknown, or when that
   * digest cannot have shown them.
   */
  readonly previousLambos: number | null;
  /**
   * How the purchase's worth changed since the previous digest, as a fraction: 0.05 is 5 % more;
   * null when `previousLambos` is. Unlike a change in Lambos it is the same for every stake and
   * car, and says as much about a coin with hardly any Lambos as about the leader.
   */
  readonly growth: number | null;
  /** Instant at which its newest price was fetched, ISO 8601 in UTC. */
  readonly asOf: string;
};

/** A coin that went from below one Lambo to one or more since the previous digest, or back. */
export type Crossing = { readonly line: DigestLine; readonly direction: "up" | "down" };

/** Something that happened to a coin of the list. */
export type CoinAndNews = { readonly coin: Coin; readonly news: News };

/** Everything that one digest says, before it is put into words. */
export type Digest = {
  readonly purchase: PricedPurchase;
  /** Most Lambos first; coins without any, smallest loss first. */
  readonly lines: readonly DigestLine[];
  /** Coins of the list that are left off the leaderboard, and why. */
  readonly missing: readonly { readonly coin: Coin; readonly why: ExclusionReason }[];
  /** UTC day of the newest price; null without lines. */
  readonly on: string | null;
  /** True when newer prices are published but could not be fetched: no change is shown then. */
  readonly isOutdated: boolean;
  /**
   * The local date of the rhythm's previous digest, which this one is compared with; null when it
   * is yesterday.
   */
  readonly previousOn: string | null;
  /**
   * Of the coins whose Lambos changed, the one that rose or fell most, in per cent;
   * null when none changed.
   */
  readonly mover: DigestLine | null;
  readonly crossings: readonly Crossing[];
  /** In the order of the list; null for a digest that does not wait for news. */
  readonly news: readonly CoinAndNews[] | null;
  /** The coin whose story is told today; null without lines. */
  readonly story: DigestLine | null;
  /** Where the prices come from, each source once. */
  readonly sources: readonly Pick<HistorySource, "name" | "url">[];
  readonly isDemo: boolean;
};

/** The input of {@link composeDigest}. */
export type DigestMaterial = {
  /** In the order of the server's list, each coin once. */
  readonly summaries: readonly CoinSummary[];
  readonly purchase: PricedPurchase;
  /** Coins whose story the latest digests told, newest first. */
  readonly toldCoinIds: readonly string[];
  /**
   * The last UTC day that providers have published: a coin known only up to an earlier day shows
   * what the previous digest already showed.
   */
  readonly publishedOn: string;
  /**
   * False when the previous digest and this one are in different currencies: no change is shown
   * then. True when absent.
   */
  readonly isComparable?: boolean;
  /** As {@link Digest} has it; null when absent. */
  readonly previousOn?: string | null;
  /** True for a digest that comes only when there is news. */
  readonly isNewsOnly?: boolean;
};

/** Composes the day's digest from the summaries of a server's coins. */
export function composeDigest({
  summaries,
  purchase,
  toldCoinIds,
  publishedOn,
  isComparable = true,
  previousOn = null,
  isNewsOnly = false,
}: DigestMaterial): Digest {
  const priced = summaries.filter((summary) => summary.ok);
  const on = priced.reduce<string | null>(
    (newest, { today }) =>
      newest === null || today.lastRecordedOn > newest ? today.lastRecordedOn : newest,
    null,
  );
  const isOutdated = on !== null && on < publishedOn;
  const lines = priced
    .map(({ coin, today, previous: earlier, asOf }): DigestLine => {
      const isComparableToday = today.lastRecordedOn === on && !isOutdated && isComparable;
      const previous = isComparableToday ? earlier : null;
      return {
        coin,
        valuation: valueRecord(today, purchase),
        previousLambos: lambosOf(previous, purchase),
        growth:
          previous === null ? null : (1 + today.growthFactor) / (1 + previous.growthFactor) - 1,
        asOf,
      };
    })
    // A stable sort: coins that did equally well keep the order of the list.
    .sort(
      (a, b) =>
        b.valuation.lambos - a.valuation.lambos ||
        b.valuation.growthFactor - a.valuation.growthFactor,
    );

  const news = isNewsOnly ? newsIn(priced, purchase, isComparable) : null;
  const isToldAsNews = ({ line: { coin } }: Crossing) =>
    news?.some((told) => told.coin.coinId === coin.coinId && told.news.kind !== "peak") ?? false;

  return {
    purchase,
    lines,
    missing: summaries.flatMap((summary) =>
      summary.ok ? [] : [{ coin: summary.coin, why: summary.why }],
    ),
    on,
    isOutdated,
    previousOn,
    mover: moverOf(lines),
    crossings: lines
      .flatMap((line) => crossingOf(line) ?? [])
      .filter((crossing) => !isToldAsNews(crossing)),
    news,
    story: storyOf(
      lines,
      priced.map(({ coin }) => coin.coinId),
      toldCoinIds,
    ),
    sources: [
      ...new Map(
        priced.flatMap(({ sources }) => sources.map(({ name, url }) => [name, { name, url }])),
      ).values(),
    ],
    isDemo: priced.some(({ today }) => today.flags.includes("demo")),
  };
}

/** The change in a line's Lambos since the previous digest; null when unknown. */
export function changeOf({ valuation, previousLambos }: DigestLine): number | null {
  if (previousLambos === null) return null;
  const change = valuation.lambos - previousLambos;
  // Anything smaller is floating-point noise.
  return Math.abs(change) <= 1e-12 * valuation.lambos ? 0 : change;
}

/**
 * The change that a line shows as a percentage, as a fraction: its growth, or 0 where that rounds
 * to 0 %; null when unknown, and for a coin without Lambos on both days.
 */
export function percentChangeOf({ valuation, previousLambos, growth }: DigestLine): number | null {
  if (growth === null || previousLambos === null) return null;
  if (valuation.lambos === 0 && previousLambos === 0) return null;
  return Math.abs(growth) < LEAST_SHOWN_CHANGE ? 0 : growth;
}

/**
 * What a line says has changed since the previous digest, in its text and on the picture alike;
 * null when unknown. It is rounded like the number of Lambos beside it. What that number would not
 * show is counted in money, and what the money would not show is no change.
 */
export function shownChangeOf(
  line: DigestLine,
  { currency }: Pick<PricedPurchase, "currency">,
): Change | null {
  const { valuation, growth } = line;
  const lambos = changeOf(line);
  if (lambos === null) return null;
  const step = lamboStep(valuation.lambos);
  if (Math.abs(lambos) >= Math.max(step, LEAST_SHOWN_CHANGE * valuation.lambos))
    return { unit: "lambos", lambos: Math.round(lambos / step) * step };
  const { proceedsUsd } = valuation;
  const previousUsd = proceedsUsd / (1 + (growth ?? 0));
  const read = (amountUsd: number) => formatMoney(amountUsd, currency, "en-US");
  const isShown =
    Math.abs(growth ?? 0) >= LEAST_SHOWN_CHANGE && read(proceedsUsd) !== read(previousUsd);
  if (!isShown || Math.abs(lambos) >= step) return { unit: "none" };
  const change = fromUsd(proceedsUsd, currency) - fromUsd(previousUsd, currency);
  const hasCents = fromUsd(proceedsUsd, currency) < CENTS_BELOW;
  return { unit: "money", usd: (hasCents ? change : Math.round(change)) / currency.perUsd };
}

/** Below half a tenth of a per cent, the rounded figure reads 0 %. */
const LEAST_SHOWN_CHANGE = 0.0005;

/**
 * The coin whose story comes next, given the coins in list order: one whose story has not been told
 * yet, or else the one told longest ago, so that no story repeats before all the others were told.
 */
export function nextStory(
  coinIds: readonly string[],
  toldCoinIds: readonly string[],
): string | undefined {
  const age = (coinId: string) => {
    const last = toldCoinIds.indexOf(coinId);
    return last === -1 ? Number.POSITIVE_INFINITY : last;
  };
  return coinIds.reduce<string | undefined>(
    (next, coinId) => (next === undefined || age(coinId) > age(next) ? coinId : next),
    undefined,
  );
}

function lambosOf(
  record: Extract<CoinSummary, { ok: true }>["previous"],
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
  const { previousLambos } = line;
  if (previousLambos === null || previousLambos >= 1 === line.valuation.lambos >= 1)
    return undefined;
  return { line, direction: previousLambos < 1 ? "up" : "down" };
}

/** While the server's amounts have no rate, it is not known which of its coins cross one Lambo. */
function newsIn(
  summaries: readonly Extract<CoinSummary, { ok: true }>[],
  purchase: PricedPurchase,
  isComparable: boolean,
): readonly CoinAndNews[] {
  return summaries.flatMap(({ coin, news: ofCoin }) =>
    ofCoin === null
      ? []
      : newsFor(ofCoin, purchase)
          .filter(({ kind }) => isComparable || kind === "peak")
          .map((news) => ({ coin, news })),
  );
}

function storyOf(
  lines: readonly DigestLine[],
  coinIds: readonly string[],
  toldCoinIds: readonly string[],
): DigestLine | null {
  const coinId = nextStory(coinIds, toldCoinIds);
  return lines.find(({ coin }) => coin.coinId === coinId) ?? null;
}
