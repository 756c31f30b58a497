import { hashFraction } from "../process/hash-fraction.ts";
import { addDays, DAY_MS, daysBetween, HOUR_MS, MINUTE_MS, utcDay } from "../valuation/calendar.ts";

/** CoinGecko shows a finished day at about 00:10 UTC (its documentation, checked 2026-11-01). */
const PUBLISHED_AFTER_MS = 20 * MINUTE_MS;
/** Spreads the new day's fetches, so that they do not all come at once. */
const PUBLISHED_JITTER_MS = 10 * MINUTE_MS;
/** How often a late close is fetched again. */
const LATE_RETRY_MS = 30 * MINUTE_MS;
/** A close that has not arrived by noon (UTC) is fetched again with the next day's. */
const LATE_UNTIL_MS = 12 * HOUR_MS;
/** A coin without a close for longer than this has most likely ended; its close is not late. */
const LATE_WITHIN_DAYS = 7;

/**
 * The last UTC day that providers have published at an instant. With a coin the day changes some
 * minutes later, each coin at its own time; fetches of many coins at once need no such spreading.
 */
export function publishedThrough(at: Date, coinId?: string): string {
  return utcDay(at.getTime() - publicationMs(coinId) - DAY_MS);
}

/** The next instant at which {@link publishedThrough} changes. */
export function nextPublicationAt(at: Date, coinId?: string): Date {
  return new Date(Date.parse(addDays(publishedThrough(at, coinId), 2)) + publicationMs(coinId));
}

/** True when a coin that still trades lacks the close of a published day. */
export function isLate(lastOn: string, publishedOn: string): boolean {
  const daysBehind = daysBetween(lastOn, publishedOn);
  return daysBehind > 0 && daysBehind <= LATE_WITHIN_DAYS;
}

/**
 * How many times a late close that was last fetched at `askedAtMs` may be fetched now: once for
 * each half hour since (from any source), at most twice, and not after noon (UTC).
 */
export function lateRetries(publishedOn: string, askedAtMs: number, now: Date): number {
  if (askedAtMs >= noonAfter(publishedOn)) return 0;
  const halfHours = Math.floor((now.getTime() - askedAtMs) / LATE_RETRY_MS);
  return Math.min(2, Math.max(0, halfHours));
}

/** When a late close is worth fetching again, in milliseconds since 1970; null: not today. */
export function lateRetryAtMs(publishedOn: string, askedAtMs: number): number | null {
  return askedAtMs >= noonAfter(publishedOn) ? null : askedAtMs + LATE_RETRY_MS;
}

function noonAfter(publishedOn: string): number {
  return Date.parse(addDays(publishedOn, 1)) + LATE_UNTIL_MS;
}

/** How long after midnight (UTC) a finished day counts as published, in milliseconds. */
function publicationMs(coinId: string | undefined): number {
  return (
    PUBLISHED_AFTER_MS + (coinId === undefined ? 0 : hashFraction(coinId) * PUBLISHED_JITTER_MS)
  );
}
