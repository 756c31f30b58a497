import { isApart, LEAP_TIMES, MAX_ODD_CLOSES } from "../prices/close-levels.ts";
import { DAY_MS, daysBetween } from "../valuation/calendar.ts";
import type { CoinRecord } from "../valuation/coin-record.ts";
import type { DailyClose, Flag, PriceHistory } from "../valuation/price-record.ts";
import { WINDOW_DAYS } from "../valuation/price-window.ts";
import { lambosAt, type Purchase } from "../valuation/valuation.ts";

/** One thing that happened to a coin, on the UTC day whose close showed it. */
export type News =
  /** The mean of four weeks of closes came to be worth one Lambo, or no longer is. */
  | { readonly kind: "up" | "down"; readonly on: string; readonly lambos: number }
  /** It closed higher than ever; `previous` is the peak before. */
  | {
      readonly kind: "peak";
      readonly on: string;
      readonly priceUsd: number;
      readonly previous: DailyClose;
    };

/**
 * What may be news about a coin since a UTC day, for any stake and car: a kilobyte or two. It is
 * worked out anew from the closes, so restarts, outages and several processes change nothing.
 */
export type CoinNews = {
  readonly openingUsd: number;
  /**
   * Means of four weeks of closes up to that day: those higher than all later ones, and those lower
   * than all later ones, newest first. They tell on which side of any price the coin was last.
   */
  readonly highsBefore: readonly DailyClose[];
  readonly lowsBefore: readonly DailyClose[];
  /** The means since then, ascending. */
  readonly meansSince: readonly DailyClose[];
  /** The newest new peak since then. */
  readonly peak: Extract<News, { kind: "peak" }> | null;
};

/** How far beyond one Lambo, or above the last peak, the price must go to be news: 3 %. */
const HYSTERESIS = 0.03;
/** While a coin climbs without falling by {@link HYSTERESIS}, its peaks are news once a week. */
const PEAK_EVERY_DAYS = 7;
const MIN_MEAN_CLOSES = 7;
/** Keeps a rise of exactly three per cent from being lost in a rounding error. */
const ROUNDING = 1e-9;

/** Flags of records whose newest closes are not to be believed, or not new. */
const UNCONFIRMED: ReadonlySet<Flag> = new Set<Flag>(["erratic", "unchecked", "stale"]);

/**
 * What may be news about a coin since a UTC day: the difference between its history and `previous`,
 * the same history as it was judged on that day. Null where nothing can be: no record by then, or
 * closes that nobody has confirmed. Pure.
 */
export function coinNews(
  history: PriceHistory,
  record: CoinRecord,
  previous: PriceHistory | undefined,
): CoinNews | null {
  const { opening, flags } = record;
  const closesBefore = confirmed(previous?.points ?? []);
  const sinceOn = closesBefore.at(-1)?.on;
  if (sinceOn === undefined || sinceOn <= opening.to) return null;
  if (flags.some((flag) => UNCONFIRMED.has(flag))) return null;
  const closes = confirmed(history.points);
  const meansBefore = meansOf(closesBefore, opening.to);
  const toldPeaks = new Set(peaksOf(closesBefore, opening.to).map(({ on }) => on));
  return {
    openingUsd: opening.meanUsd,
    highsBefore: outstanding(meansBefore, (mean, later) => mean > later),
    lowsBefore: outstanding(meansBefore, (mean, later) => mean < later),
    meansSince: meansOf(closes, opening.to).filter(({ on }) => on > sinceOn),
    peak: peaksOf(closes, opening.to).findLast(({ on }) => !toldPeaks.has(on)) ?? null,
  };
}

/** What is news about a coin for one purchase, oldest first. Pure. */
export function newsFor(coin: CoinNews, purchase: Purchase): readonly News[] {
  const { stakeUsd, carPriceUsd } = purchase;
  const lambosOf = (priceUsd: number) => lambosAt(priceUsd, coin.openingUsd, stakeUsd, carPriceUsd);
  const isOver = (priceUsd: number) => lambosOf(priceUsd) >= 1 + HYSTERESIS - ROUNDING;
  const isUnder = (priceUsd: number) => lambosOf(priceUsd) <= 1 - HYSTERESIS + ROUNDING;
  const lastOverOn = coin.highsBefore.find(({ priceUsd }) => isOver(priceUsd))?.on ?? "";
  const lastUnderOn = coin.lowsBefore.find(({ priceUsd }) => isUnder(priceUsd))?.on ?? "";
  let isAbove = lastOverOn > lastUnderOn;
  const news: News[] = [];
  for (const { on, priceUsd } of coin.meansSince) {
    if (isAbove ? !isUnder(priceUsd) : !isOver(priceUsd)) continue;
    isAbove = !isAbove;
    news.push({ kind: isAbove ? "up" : "down", on, lambos: lambosOf(priceUsd) });
  }
  if (coin.peak !== null) news.push(coin.peak);
  return news.sort((a, b) => (a.on < b.on ? -1 : 1));
}

/**
 * The closes without those between two leaps, or after the last one, that have not lasted for four
 * days: the rule by which closes ten times too high are left out, for smaller leaps too.
 */
function confirmed(closes: readonly DailyClose[]): readonly DailyClose[] {
  const isLeap = (at: number) =>
    isApart((closes[at]?.priceUsd ?? 0) / (closes[at - 1]?.priceUsd ?? 0), LEAP_TIMES);
  const leapsAt = closes.flatMap((_, at) => (at > 0 && isLeap(at) ? [at] : []));
  if (leapsAt.length === 0) return closes;
  const starts = [0, ...leapsAt];
  return starts.flatMap((from, index) => {
    const to = starts[index + 1] ?? closes.length;
    return to - from > MAX_ODD_CLOSES ? closes.slice(from, to) : [];
  });
}

/** The mean of four weeks of closes up to each day after the opening window, ascending. */
function meansOf(closes: readonly DailyClose[], openingTo: string): readonly DailyClose[] {
  const means: DailyClose[] = [];
  const days = closes.map(({ on }) => Date.parse(on) / DAY_MS);
  let first = 0;
  for (const [at, { on }] of closes.entries()) {
    while ((days[first] ?? 0) <= (days[at] ?? 0) - WINDOW_DAYS) first += 1;
    const count = at - first + 1;
    if (on < openingTo || count < MIN_MEAN_CLOSES) continue;
    // Added up anew each day: a running sum would keep the rounding errors of far higher prices.
    let sumUsd = 0;
    for (let place = first; place <= at; place += 1) sumUsd += closes[place]?.priceUsd ?? 0;
    means.push({ on, priceUsd: sumUsd / count });
  }
  return means;
}

/** Those means that are further out than every later one, newest first. */
function outstanding(
  means: readonly DailyClose[],
  isFurther: (meanUsd: number, laterUsd: number) => boolean,
): readonly DailyClose[] {
  const found: DailyClose[] = [];
  for (let at = means.length - 1; at >= 0; at -= 1) {
    const mean = means[at];
    const last = found.at(-1);
    if (mean === undefined) continue;
    if (last === undefined || isFurther(mean.priceUsd, last.priceUsd)) found.push(mean);
  }
  return found;
}

/**
 * The new peaks that were news, by walking through the closes after the opening window: a close
 * higher than ever, and 3 % above the last peak that was news or that the price fell from. After a
 * new peak the next one is news once the price has fallen by 3 % in between, or a week later.
 */
function peaksOf(
  closes: readonly DailyClose[],
  openingTo: string,
): readonly Extract<News, { kind: "peak" }>[] {
  const peaks: Extract<News, { kind: "peak" }>[] = [];
  let highest: DailyClose | undefined;
  let levelUsd = Number.POSITIVE_INFINITY;
  let hasFallen = true;
  for (const close of closes) {
    const { on, priceUsd } = close;
    if (highest === undefined || on <= openingTo) {
      if (highest === undefined || priceUsd > highest.priceUsd) highest = close;
      levelUsd = highest.priceUsd;
      continue;
    }
    if (priceUsd > highest.priceUsd) {
      const lastOn = peaks.at(-1)?.on;
      const isDue = hasFallen || lastOn === undefined || daysBetween(lastOn, on) >= PEAK_EVERY_DAYS;
      if (isDue && priceUsd >= levelUsd * (1 + HYSTERESIS - ROUNDING)) {
        peaks.push({ kind: "peak", on, priceUsd, previous: highest });
        levelUsd = priceUsd;
        hasFallen = false;
      }
      highest = close;
    } else if (priceUsd <= highest.priceUsd * (1 - HYSTERESIS + ROUNDING)) {
      levelUsd = highest.priceUsd;
      hasFallen = true;
    }
  }
  return peaks;
}
