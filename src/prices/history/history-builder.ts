import {
  type DailyClose,
  type Flag,
  hasGap,
  type PriceHistory,
} from "../../valuation/price-record.ts";
import type { JoinedRecord } from "./joining.ts";
import { judgeCloses } from "./outliers.ts";

/** Everything about a history that does not follow from its joined closes. */
export type HistoryFacts = Pick<PriceHistory, "coinId" | "asOf"> & {
  readonly listingCloses?: readonly DailyClose[];
  readonly openingTradedUsd?: number;
  /** Flags that come from fetching, not from the closes. */
  readonly flags: readonly Flag[];
};

/**
 * Makes a history of a joined record: closes that cannot be true are left out, and what the closes
 * show is flagged. Undefined for a record without closes. Pure.
 */
export function buildHistory(record: JoinedRecord, facts: HistoryFacts): PriceHistory | undefined {
  const first = record.points[0];
  if (first === undefined) return undefined;
  const { kept, oddCloses, erratic, hasLastingStep } = judgeCloses(record.points);
  const flags: Flag[] = [...facts.flags];
  if (hasGap(record.points)) flags.push("partial-history");
  if (oddCloses.length > 0) flags.push("odd-price");
  if (erratic !== null) flags.push("erratic");
  if (hasLastingStep) flags.push("sources-disagree");
  return {
    ...facts,
    points: kept,
    ...(oddCloses.length > 0 && { oddCloses }),
    ...(erratic !== null && { erratic }),
    firstRecordedOn: facts.listingCloses?.[0]?.on ?? first.on,
    sources: record.sources,
    flags,
  };
}

/**
 * The history as it was before a UTC day. Its closes are judged again, because a far run that
 * counts today may have been left out yesterday. Undefined where nothing was recorded by then.
 * Pure.
 */
export function historyBefore(history: PriceHistory, on: string): PriceHistory | undefined {
  const { points, oddCloses = [], erratic: _erratic, flags, sources, ...facts } = history;
  const all =
    oddCloses.length === 0
      ? points
      : [...points, ...oddCloses].sort((a, b) => (a.on < b.on ? -1 : 1));
  const earlier = all
    .filter((close) => close.on < on)
    .map((close) => ({ on: close.on, priceUsd: close.priceUsd }));
  return buildHistory(
    { points: earlier, sources },
    { ...facts, flags: flags.filter((flag) => !SHOWN_BY_CLOSES.has(flag)) },
  );
}

const SHOWN_BY_CLOSES: ReadonlySet<Flag> = new Set<Flag>([
  "partial-history",
  "odd-price",
  "erratic",
  "sources-disagree",
]);
