import { isLate } from "../prices/publication-schedule.ts";
import { addDays, daysBetween, earlier, later } from "../valuation/calendar.ts";
import type { CoinSummary } from "./coin-summary.ts";

/** Which closes a digest looks at for news: those of so many days after the UTC day `fromOn`. */
export type NewsLook = { readonly fromOn: string; readonly days: number };

/** What happened more days ago than this is no news any more. */
const MAX_LOOKED_BACK_DAYS = 7;

/**
 * The closes to look at, given the UTC day up to which the digest before has looked: whatever days
 * the bot was down, each close is looked at once. Without a digest before, yesterday's alone.
 */
export function newsLook(lookedToOn: string | null, publishedOn: string): NewsLook {
  const wantedOn = lookedToOn ?? addDays(publishedOn, -1);
  const days = Math.min(MAX_LOOKED_BACK_DAYS, Math.max(1, daysBetween(wantedOn, publishedOn)));
  return { fromOn: addDays(publishedOn, -days), days };
}

/**
 * Up to which UTC day a look without any news has seen the closes of all coins. The next one starts
 * there, so that a close that came late, or that nobody had confirmed, is still looked at.
 */
export function quietTo(
  summaries: readonly CoinSummary[],
  { fromOn }: NewsLook,
  publishedOn: string,
): string {
  const seenTo = summaries.reduce((seen, summary) => {
    if (!summary.ok) return summary.why.reason === "prices-unavailable" ? fromOn : seen;
    const { lastRecordedOn, flags } = summary.today;
    if (flags.includes("stale") || flags.includes("unchecked")) return fromOn;
    return isLate(lastRecordedOn, publishedOn) ? earlier(seen, lastRecordedOn) : seen;
  }, publishedOn);
  return later(fromOn, seenTo);
}
