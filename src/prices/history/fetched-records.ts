import { daysBetween } from "../../valuation/calendar.ts";
import type { Closes, ClosesResult, PriceSource } from "../price-source.ts";
import type { HistoryRefusal } from "./history-outcome.ts";
import { type JoinedRecord, joinRecords, type SourceRecord, singleRecord } from "./joining.ts";

/** What the main source and the archive gave of one coin; undefined where one was not asked. */
export type FetchedRecords = {
  recent?: ClosesResult | undefined;
  old?: ClosesResult | undefined;
};

/** The two sources that a record is joined of. */
export type JoinedSources = {
  readonly main: PriceSource;
  readonly archive?: PriceSource | undefined;
};

/** What two sources' closes of a coin make together. */
export type JoinedRecords =
  | JoinedWhole
  /** The main source begins at the limit of its plan, and the archive does not go further back. */
  | { readonly ok: false; readonly lacks: "opening"; readonly recent: Closes }
  | JoinRefusal;

/** A record from the coin's listing on, and the closes that the newest day is from. */
export type JoinedWhole = {
  readonly ok: true;
  readonly record: JoinedRecord;
  readonly newest: Closes;
};

/** Why nothing can be joined; `ratio` is how far apart two sources are that differ. */
export type JoinRefusal = {
  readonly ok: false;
  readonly lacks: null;
  readonly refusal: HistoryRefusal;
  readonly ratio?: number;
};

/**
 * A series that begins more than these days after the limit of the plan begins with the coin's
 * listing, not with the limit.
 */
const CLEAR_OF_LIMIT_DAYS = 14;

/** Days within which a coin that still trades has a close. */
export const RECENT_DAYS = 7;

/** Joins what was fetched, as far as it goes. Pure. */
export function joinFetched(
  { main, archive }: JoinedSources,
  fetched: FetchedRecords,
  todayOn: string,
): JoinedRecords {
  const recent = pricedCloses(fetched.recent);
  const old = pricedCloses(fetched.old);
  if (recent === undefined) {
    if (old !== undefined && archive !== undefined && old.firstOn !== null)
      return wholeOf(archive, old);
    return refused(
      refusalOf([
        [main, fetched.recent],
        [archive, fetched.old],
      ]),
    );
  }
  const isWhole = beginsWithListing(main, recent, todayOn);
  if (old === undefined || archive === undefined)
    return isWhole || archive === undefined
      ? wholeOf(main, recent)
      : { ok: false, lacks: "opening", recent };
  if (old.firstOn === null && !isWhole) return { ok: false, lacks: "opening", recent };
  return joinBoth({ main, archive }, recent, old);
}

function joinBoth(
  { main, archive }: Required<JoinedSources> & { readonly archive: PriceSource },
  recent: Closes,
  old: Closes,
): JoinedRecords {
  const outcome = joinRecords(recordOf(main, recent), recordOf(archive, old));
  if (outcome.ok) {
    const newest = lastDayOf(old) > lastDayOf(recent) ? old : recent;
    return { ok: true, record: outcome.record, newest };
  }
  // A main source that has the whole life by itself does not depend on the archive's agreement.
  const hasWholeLife = old.firstOn === null || firstDayOf(recent) <= firstDayOf(old);
  if (hasWholeLife && !recent.stale) return wholeOf(main, recent);
  const sources = [main.name, archive.name] as const;
  if (outcome.because === "differ") {
    const refusal = { reason: "history-unavailable", because: "sources-differ", sources } as const;
    return { ...refused(refusal), ratio: outcome.ratio };
  }
  // The main source has next to nothing, and the archive covers the same time by itself.
  if (daysBetween(lastDayOf(old), lastDayOf(recent)) <= RECENT_DAYS) return wholeOf(archive, old);
  return refused({ reason: "history-unavailable", because: "sources-apart", sources });
}

function refused(refusal: HistoryRefusal): JoinRefusal {
  return { ok: false, lacks: null, refusal };
}

function wholeOf(source: PriceSource, closes: Closes): JoinedWhole {
  return { ok: true, record: singleRecord(recordOf(source, closes)), newest: closes };
}

/** One source's closes as a record that can be joined. */
export function recordOf({ name, url, stepDays }: PriceSource, { points }: Closes): SourceRecord {
  return { name, url, stepDays, points };
}

/** Whether a source's closes begin with the coin's listing rather than with the plan's limit. */
export function beginsWithListing(
  { reachDays }: PriceSource,
  closes: Closes,
  todayOn: string,
): boolean {
  if (reachDays === null) return true;
  const firstOn = closes.points[0]?.on;
  if (firstOn === undefined) return false;
  return daysBetween(firstOn, todayOn) < reachDays - CLEAR_OF_LIMIT_DAYS;
}

/**
 * The refusal for sources that were asked in vain; those that do not know the coin do not count.
 */
export function refusalOf(
  results: readonly (readonly [PriceSource | undefined, ClosesResult | undefined])[],
): HistoryRefusal {
  const tried = results.flatMap(([source, result]) =>
    source === undefined || result === undefined || result.ok || result.reason === "unknown-coin"
      ? []
      : [{ name: source.name, reason: result.reason }],
  );
  return tried.length > 0
    ? { reason: "prices-unavailable", tried }
    : { reason: "history-unavailable", because: "no-prices" };
}

/** True when two sources contradict each other, so that it is worth asking again. */
export function isDisagreement(joined: JoinedRecords): boolean {
  return (
    !joined.ok &&
    joined.lacks === null &&
    joined.refusal.reason === "history-unavailable" &&
    "sources" in joined.refusal
  );
}

/** Closes with at least one price. */
export function pricedCloses(result: ClosesResult | undefined): Closes | undefined {
  return result?.ok && result.points.length > 0 ? result : undefined;
}

/** The first day of closes; empty without any. */
export function firstDayOf({ points }: Pick<Closes, "points">): string {
  return points[0]?.on ?? "";
}

/** The last day of closes; empty without any. */
export function lastDayOf({ points }: Pick<Closes, "points">): string {
  return points.at(-1)?.on ?? "";
}
