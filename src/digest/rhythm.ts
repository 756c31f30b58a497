import { addDays } from "../valuation/calendar.ts";

/** A day of the week as ISO 8601 counts them: 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

/** On which local dates a server's digest comes. */
export type Rhythm = {
  /** Ascending, at least one. */
  readonly weekdays: readonly Weekday[];
  /** True when it comes only on days with news about one of its coins. */
  readonly isNewsOnly: boolean;
};

/** The days of a week, from Monday. */
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const satisfies readonly Weekday[];

/** The rhythm of a server that has not chosen one. */
export const EVERY_DAY: Rhythm = { weekdays: WEEKDAYS, isNewsOnly: false };
/** From Monday to Friday. */
export const WORKING_DAYS: Rhythm = { weekdays: [1, 2, 3, 4, 5], isNewsOnly: false };
/** Any day on which there is news. */
export const ONLY_NEWS: Rhythm = { weekdays: WEEKDAYS, isNewsOnly: true };

// Stored, so a name never changes.
const NAMED: Readonly<Record<string, Rhythm>> = {
  day: EVERY_DAY,
  weekdays: WORKING_DAYS,
  news: ONLY_NEWS,
};
const STORED_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** The rhythm of these days of the week, in any order. */
export function rhythmOn(weekdays: readonly Weekday[]): Rhythm {
  return { weekdays: WEEKDAYS.filter((day) => weekdays.includes(day)), isNewsOnly: false };
}

/** A rhythm as it is stored: `day`, `weekdays`, `news`, or days of the week such as `mon,thu`. */
export function storedRhythm(rhythm: Rhythm): string {
  const days = rhythm.weekdays.map((day) => STORED_WEEKDAYS[day - 1]).join(",");
  const named = Object.entries(NAMED).find(
    ([, { weekdays, isNewsOnly }]) =>
      isNewsOnly === rhythm.isNewsOnly && weekdays.join() === rhythm.weekdays.join(),
  );
  return named?.[0] ?? days;
}

/** Reads {@link storedRhythm}; null, and what a newer version may have stored, is every day. */
export function rhythmOf(stored: string | null): Rhythm {
  if (stored === null) return EVERY_DAY;
  if (Object.hasOwn(NAMED, stored)) return NAMED[stored] ?? EVERY_DAY;
  const parts = stored.split(",");
  const weekdays = WEEKDAYS.filter((day) => parts.includes(STORED_WEEKDAYS[day - 1] ?? ""));
  return weekdays.length === 0 ? EVERY_DAY : { weekdays, isNewsOnly: false };
}

/** Whether a digest may come on a local date (YYYY-MM-DD). */
export function isDayOf({ weekdays }: Rhythm, localOn: string): boolean {
  return weekdays.length === WEEKDAYS.length || weekdays.includes(weekdayOf(localOn));
}

/** How many days before a local date the rhythm's previous date is: 1 to 7. */
export function daysSincePrevious(rhythm: Rhythm, localOn: string): number {
  return WEEKDAYS.find((days) => isDayOf(rhythm, addDays(localOn, -days))) ?? 1;
}

/** The day of the week of a calendar date (YYYY-MM-DD). */
export function weekdayOf(on: string): Weekday {
  const sundayIsZero = new Date(on).getUTCDay();
  return WEEKDAYS[(sundayIsZero + 6) % 7] ?? 1;
}
