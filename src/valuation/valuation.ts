import type { Result } from "../result.ts";
import { type CoinRecord, recordOf, type ValuationRefusal } from "./coin-record.ts";
import type { DailyClose, PriceHistory } from "./price-record.ts";

/**
 * One purchase to value. `todayOn` is the current UTC day; points on or after it are left out,
 * because their day is not over.
 */
export type PurchaseQuestion = {
  readonly stakeUsd: number;
  readonly carPriceUsd: number;
  readonly todayOn: string;
};

/** What a purchase costs, in USD. */
export type Purchase = Pick<PurchaseQuestion, "stakeUsd" | "carPriceUsd">;

/**
 * A notable day: its close in USD, and the Lambos that the stake's gain would have bought on it.
 */
export type LamboDay = {
  readonly on: string;
  readonly priceUsd: number;
  readonly lambos: number;
};

/** The whole answer to one question. Amounts are in USD, days are UTC. */
export type Valuation = Omit<CoinRecord, "bestDay" | "peak" | "highs" | "knowsFirstLamboDay"> & {
  readonly stakeUsd: number;
  readonly carPriceUsd: number;
  readonly coins: number;
  readonly proceedsUsd: number;
  readonly profitUsd: number;
  /** At the closing price; never negative. */
  readonly lambos: number;
  /** "yes" when the closing price buys one whole Lambo and the coin is still priced. */
  readonly verdict: "yes" | "no";
  /** Highest close of the closing window. */
  readonly bestDay: LamboDay;
  /** Highest close since the purchase: from the first day of the opening window on. */
  readonly peak: LamboDay;
  /**
   * First day after the opening window worth one Lambo; null when there was none, or when the days
   * before the daily record are not known.
   */
  readonly firstLamboDay: LamboDay | null;
  /**
   * The smallest stake that buys one Lambo at the closing price; null when the coin grew by less
   * than 0.1 %.
   */
  readonly stakeForOneLamboUsd: number | null;
};

/** A valuation, or why there is none. */
export type ValuationOutcome = Result<{ readonly valuation: Valuation }, ValuationRefusal>;

const MIN_GROWTH_FOR_STAKE = 0.001;

/**
 * Lambos that a stake bought at `openingUsd` is worth at `priceUsd`: profit over car price, never
 * negative. The one definition for every day and every card.
 */
export function lambosAt(
  priceUsd: number,
  openingUsd: number,
  stakeUsd: number,
  carPriceUsd: number,
): number {
  return Math.max(0, (stakeUsd * (priceUsd / openingUsd - 1)) / carPriceUsd);
}

/**
 * Values one purchase: bought at the mean price of the first 28 calendar days on record, sold at
 * the mean price of the last 28. Pure. Points are sorted, and repeated, non-positive and unfinished
 * ones dropped first, so their order changes nothing.
 */
export function value(history: PriceHistory, question: PurchaseQuestion): ValuationOutcome {
  const outcome = recordOf(history, question.todayOn);
  return outcome.ok ? { ok: true, valuation: valueRecord(outcome.record, question) } : outcome;
}

/** The part of {@link value} that depends on stake and car. */
export function valueRecord(record: CoinRecord, { stakeUsd, carPriceUsd }: Purchase): Valuation {
  const { opening, closing, growthFactor, openingTradedUsd, flags } = record;
  const lambos = lambosAt(closing.meanUsd, opening.meanUsd, stakeUsd, carPriceUsd);
  const lamboDay = ({ on, priceUsd }: DailyClose): LamboDay => ({
    on,
    priceUsd,
    lambos: lambosAt(priceUsd, opening.meanUsd, stakeUsd, carPriceUsd),
  });
  const firstLambo = firstWhere(
    record.highs,
    ({ priceUsd }) => lambosAt(priceUsd, opening.meanUsd, stakeUsd, carPriceUsd) >= 1,
  );
  return {
    // Field by field, because digests value many coins and spreading the record takes far longer.
    coinId: record.coinId,
    firstRecordedOn: record.firstRecordedOn,
    lastRecordedOn: record.lastRecordedOn,
    daysOnRecord: record.daysOnRecord,
    opening,
    closing,
    stakeUsd,
    carPriceUsd,
    coins: stakeUsd / opening.meanUsd,
    proceedsUsd: stakeUsd * (1 + growthFactor),
    profitUsd: stakeUsd * growthFactor,
    growthFactor,
    lambos,
    verdict: lambos >= 1 && !flags.includes("no-longer-priced") ? "yes" : "no",
    bestDay: lamboDay(record.bestDay),
    peak: lamboDay(record.peak),
    firstLamboDay:
      firstLambo !== undefined && record.knowsFirstLamboDay ? lamboDay(firstLambo) : null,
    stakeForOneLamboUsd:
      growthFactor < MIN_GROWTH_FOR_STAKE ? null : stakeForOne(record, carPriceUsd),
    ...(openingTradedUsd !== undefined && { openingTradedUsd }),
    flags,
  };
}

/**
 * The first item that fits, where all after it fit too: a coin that rose for years has hundreds of
 * highs, and looking at each took 6 % of a request's time.
 */
function firstWhere<Item>(items: readonly Item[], fits: (item: Item) => boolean): Item | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && fits(item)) high = middle;
    else low = middle + 1;
  }
  return items[low];
}

function stakeForOne({ opening, closing, growthFactor }: CoinRecord, carPriceUsd: number): number {
  const stakeUsd = carPriceUsd / growthFactor;
  // The last bit may have been rounded down, and the stake would just miss its Lambo.
  const isEnough = lambosAt(closing.meanUsd, opening.meanUsd, stakeUsd, carPriceUsd) >= 1;
  return isEnough ? stakeUsd : stakeUsd * (1 + 2 * Number.EPSILON);
}
