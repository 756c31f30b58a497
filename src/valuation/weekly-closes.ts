import { addDays, DAY_MS } from "./calendar.ts";
import type { DailyClose } from "./price-record.ts";

/** 1970-01-05 was a Monday. */
const SOME_MONDAY_MS = 4 * DAY_MS;
const WEEK_MS = 7 * DAY_MS;

/**
 * The weekly closes of a daily record: the last close of each week (Monday to Sunday, UTC) with its
 * own day. A week that has not ended by `todayOn` has no close yet. `points` ascend by day.
 */
export function weeklyCloses(
  points: readonly DailyClose[],
  todayOn: string,
): readonly DailyClose[] {
  const thisMonday = mondayOf(todayOn);
  const closes: DailyClose[] = [];
  let monday = "";
  for (const point of points) {
    if (point.on >= thisMonday) break;
    // Comparing text avoids parsing a date for each of several thousand days.
    if (monday !== "" && point.on < addDays(monday, 7)) closes[closes.length - 1] = point;
    else {
      monday = mondayOf(point.on);
      closes.push(point);
    }
  }
  return closes;
}

function mondayOf(on: string): string {
  const weeks = Math.floor((Date.parse(on) - SOME_MONDAY_MS) / WEEK_MS);
  return new Date(SOME_MONDAY_MS + weeks * WEEK_MS).toISOString().slice(0, 10);
}
