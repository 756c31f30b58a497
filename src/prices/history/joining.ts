import { addDays, daysBetween } from "../../valuation/calendar.ts";
import type { DailyClose, HistorySource } from "../../valuation/price-record.ts";
import { median } from "../../valuation/price-window.ts";
import { resolveContradictions } from "../contradictions.ts";

/** One provider's closes of a coin, and how attribution names the provider. */
export type SourceRecord = {
  readonly name: string;
  readonly url: string;
  /** Days that one close stands for: 1, or 7 for weekly closes. */
  readonly stepDays: 1 | 7;
  /** Ascending, one a UTC day, in USD; at least one. */
  readonly points: readonly DailyClose[];
};

/** One record joined from the closes of one or more providers, and which days are whose. */
export type JoinedRecord = {
  readonly points: readonly DailyClose[];
  readonly sources: readonly HistorySource[];
};

/** A joined record, or why two records cannot be joined. */
export type JoinOutcome =
  | { readonly ok: true; readonly record: JoinedRecord }
  /** They differ by more than 5 % (median) on their shared days: another unit, or another coin. */
  | { readonly ok: false; readonly because: "differ"; readonly ratio: number }
  /** They share too few days to show whether they are of the same coin. */
  | { readonly ok: false; readonly because: "apart" };

/** Days that two records must share before one continues the other. */
const MIN_SHARED_DAYS = 7;

/** How far apart, as a fraction of either, two records of one coin may be. */
const MAX_DISAGREEMENT = 0.05;

/** Makes a difference that is 5 % in decimals count as 5 % in binary. */
const ROUNDING = 1e-9;

/**
 * True when a price divided by another provider's is near enough to 1 for both to mean one coin:
 * each may be up to 5 % below or above the other.
 */
export function agrees(ratio: number): boolean {
  const difference = Math.min(Math.abs(ratio - 1), Math.abs(1 / ratio - 1));
  return difference <= MAX_DISAGREEMENT + ROUNDING;
}

/**
 * Joins another record to a leading one, which wins the shared days. Two providers sample a market
 * differently, so the other closes are first scaled to the leader's by the median ratio of the
 * shared days: otherwise every seam would be a step in the price. Pure.
 */
export function joinRecords(leader: SourceRecord, other: SourceRecord): JoinOutcome {
  const ratios = sharedRatios(leader.points, other.points);
  if (ratios.length < MIN_SHARED_DAYS) return { ok: false, because: "apart" };
  const ratio = median(ratios);
  if (!agrees(ratio)) return { ok: false, because: "differ", ratio };

  const scaled = other.points.map(({ on, priceUsd }) => ({ on, priceUsd: priceUsd * ratio }));
  const leading = resolveContradictions(leader.points, scaled);
  const leaderFrom = leading[0]?.on ?? "";
  const leaderTo = leading.at(-1)?.on ?? "";
  const before = scaled.filter(({ on }) => on < leaderFrom);
  const after = scaled.filter(({ on }) => on > leaderTo);
  const within = withGapsFilled(leading, scaled);
  const sources = [
    ...sourceOf({ ...other, points: before }),
    ...sourceOf({ ...leader, points: leading }),
    ...sourceOf({ ...other, points: after }),
  ];
  if (sources.length === 1) {
    // Not named yet, but a day within the leader's may be from it.
    const others = new Set(scaled);
    const points = within.filter((close) => others.has(close));
    sources.push(...sourceOf({ ...other, points }));
  }
  return { ok: true, record: { points: [...before, ...within, ...after], sources } };
}

/** The record of one source. */
export function singleRecord(record: SourceRecord): JoinedRecord {
  return { points: record.points, sources: sourceOf(record) };
}

/** The attribution of a record's days; empty for a record without closes. */
export function sourceOf({ name, url, stepDays, points }: SourceRecord): HistorySource[] {
  const from = points[0]?.on;
  const to = points.at(-1)?.on;
  if (from === undefined || to === undefined) return [];
  return [{ name, url, from, to: stepDays === 1 ? to : addDays(to, stepDays) }];
}

/** The leader's closes, with days that it lacks filled in from the other record. */
function withGapsFilled(
  leading: readonly DailyClose[],
  other: readonly DailyClose[],
): readonly DailyClose[] {
  const first = leading[0];
  const last = leading.at(-1);
  if (first === undefined || last === undefined) return leading;
  if (daysBetween(first.on, last.on) + 1 === leading.length) return leading;
  const known = new Set(leading.map(({ on }) => on));
  const filling = other.filter(({ on }) => on > first.on && on < last.on && !known.has(on));
  if (filling.length === 0) return leading;
  return [...leading, ...filling].sort((a, b) => (a.on < b.on ? -1 : 1));
}

function sharedRatios(leader: readonly DailyClose[], other: readonly DailyClose[]): number[] {
  const otherByDay = new Map(other.map(({ on, priceUsd }) => [on, priceUsd]));
  return leader.flatMap(({ on, priceUsd }) => {
    const otherUsd = otherByDay.get(on);
    return otherUsd === undefined ? [] : [priceUsd / otherUsd];
  });
}
