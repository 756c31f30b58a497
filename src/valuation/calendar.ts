/** Milliseconds of a minute. */
export const MINUTE_MS = 60_000;

/** Milliseconds of an hour. */
export const HOUR_MS = 60 * MINUTE_MS;

/** Milliseconds of a UTC day; there are no leap seconds in Unix time. */
export const DAY_MS = 24 * HOUR_MS;

/** The earlier of two UTC days. */
export function earlier(a: string, b: string): string {
  return a < b ? a : b;
}

/** The later of two UTC days. */
export function later(a: string, b: string): string {
  return a > b ? a : b;
}

/** Moves a UTC day by whole days: ("2024-02-28", 2) is "2024-03-01". */
export function addDays(on: string, days: number): string {
  return new Date(Date.parse(on) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Whole days from one UTC day to another, negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** The UTC calendar day of an instant, YYYY-MM-DD. */
export function utcDay(at: Date | number): string {
  const day = Math.floor(Number(at) / DAY_MS);
  const slot = day % DAYS_KNOWN;
  const known = knownDays[slot];
  if (known?.day === day) return known.text;
  const text = new Date(at).toISOString().slice(0, 10);
  knownDays[slot] = { day, text };
  return text;
}

/** A request asks for today and yesterday several times: writing them each time took 4 % of it. */
const knownDays: { readonly day: number; readonly text: string }[] = [];
const DAYS_KNOWN = 4;
