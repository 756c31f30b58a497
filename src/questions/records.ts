import { BoundedMap } from "../process/bounded-map.ts";
import {
  type BoughtRecordOutcome,
  type RecordOutcome,
  recordOf,
} from "../valuation/coin-record.ts";
import type { PriceHistory } from "../valuation/price-record.ts";

/** How many days of buying are remembered for each history: a few kilobytes each. */
const DAYS_OF_A_HISTORY = 16;

/** What is known of a history on one UTC day, by the day of buying. */
type KnownRecords = {
  readonly todayOn: string;
  readonly listing: RecordOutcome;
  later?: BoundedMap<string, BoughtRecordOutcome>;
};

/**
 * Histories stay in memory and never change, so each is evaluated once a day, not for every
 * question.
 */
const records = new WeakMap<PriceHistory, KnownRecords>();

/** {@link recordOf}, once for each history and day, and for the latest few days of buying. */
export function knownRecordOf(history: PriceHistory, todayOn: string): RecordOutcome;
export function knownRecordOf(
  history: PriceHistory,
  todayOn: string,
  boughtOn: string | undefined,
): BoughtRecordOutcome;
export function knownRecordOf(
  history: PriceHistory,
  todayOn: string,
  boughtOn?: string,
): BoughtRecordOutcome {
  let known = records.get(history);
  if (known?.todayOn !== todayOn) {
    known = { todayOn, listing: recordOf(history, todayOn) };
    records.set(history, known);
  }
  if (boughtOn === undefined) return known.listing;
  known.later ??= new BoundedMap({ maxEntries: DAYS_OF_A_HISTORY });
  return known.later.getOrInsertComputed(boughtOn, () => recordOf(history, todayOn, boughtOn));
}
