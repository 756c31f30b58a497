import type { PriceHistory } from "../valuation/price-record.ts";
import { type RecordOutcome, recordOf } from "../valuation/valuation.ts";

/**
 * Histories stay in memory and never change, so each is evaluated once a day, not for every
 * question.
 */
const records = new WeakMap<
  PriceHistory,
  { readonly todayOn: string; readonly outcome: RecordOutcome }
>();

/** {@link recordOf}, once for each history and day. */
export function knownRecordOf(history: PriceHistory, todayOn: string): RecordOutcome {
  const known = records.get(history);
  if (known?.todayOn === todayOn) return known.outcome;
  const outcome = recordOf(history, todayOn);
  records.set(history, { todayOn, outcome });
  return outcome;
}
