import { addDays } from "../valuation/calendar.ts";
import { type Distance, distanceKey } from "./date-text.ts";
import { everyDateWords } from "./date-words.ts";
import { NUMBERS } from "./number-words.ts";

const ENGLISH_TEENS: Readonly<Record<string, number>> = {
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  eighteen: 18,
  twenty: 20,
};

/** Farther away than a century there was no coin, and the calendar need not be asked. */
const MAX_MONTHS = 1_200;
const MAX_DAYS = 36_500;

/**
 * The UTC day that a text names by its distance from today: "a year ago", "6 months", "vor zwei
 * Jahren", "yesterday". Undefined for any other text, which must be as {@link plainWords} writes
 * it.
 */
export function relativeDay(text: string, todayOn: string, locale: string): string | undefined {
  return englishDay(text, todayOn) ?? dayInWords(text, todayOn, locale);
}

/** Months and days of the units that English has, with their abbreviations. */
const ENGLISH_UNITS = [
  [/^(?:d|days?)$/, { months: 0, days: 1 }],
  [/^(?:w|wks?|weeks?)$/, { months: 0, days: 7 }],
  [/^fortnights?$/, { months: 0, days: 14 }],
  [/^(?:m|mos?|mths?|months?)$/, { months: 1, days: 0 }],
  [/^(?:q|quarters?)$/, { months: 3, days: 0 }],
  [/^(?:y|yrs?|years?)$/, { months: 12, days: 0 }],
  [/^decades?$/, { months: 120, days: 0 }],
] as const;

/** Reads "a year and 3 months ago", "two and a half years", "1.5y", "half a year back". */
function englishDay(text: string, todayOn: string): string | undefined {
  const [, isAhead, spans = "", after = ""] =
    /^(in )?(?:(?:about|around|roughly|exactly|some) )*(.*?)(?: (ago|back|earlier|before|in the past|from now))?(?: today)?$/.exec(
      text.replace(/\./g, (point, at: number) => (/\d/.test(text[at + 1] ?? "") ? point : "")),
    ) ?? [];
  const sign = isAhead !== undefined || after === "from now" ? 1 : -1;
  const span =
    /(?:(\d+(?:[.,]\d+)?)|(half) an?|(?:an? )?(couple) of|([a-z]+))( and a half)? ?([a-z]+)( and a half)?[ ,]*(?:and )?/y;
  let months = 0;
  let days = 0;
  while (span.lastIndex < spans.length) {
    const [, digits, half, couple, word = "", halfBefore, unitWord = "", halfAfter] =
      span.exec(spans) ?? [];
    const unit = ENGLISH_UNITS.find(([words]) => words.test(unitWord))?.[1];
    if (unit === undefined) return undefined;
    const whole =
      digits !== undefined
        ? Number(digits.replace(",", "."))
        : half !== undefined
          ? 0.5
          : couple !== undefined
            ? 2
            : englishNumber(word);
    if (whole === undefined) return undefined;
    const count = whole + (halfBefore === undefined && halfAfter === undefined ? 0 : 0.5);
    months += count * unit.months;
    days += count * unit.days;
  }
  return spans === "" ? undefined : moved(todayOn, sign * months, sign * days);
}

function englishNumber(word: string): number | undefined {
  if (word === "a" || word === "an") return 1;
  return (
    NUMBERS.get(word) ?? (Object.hasOwn(ENGLISH_TEENS, word) ? ENGLISH_TEENS[word] : undefined)
  );
}

/** Reads what Intl writes, in any language, and the same with a number in words. */
function dayInWords(text: string, todayOn: string, locale: string): string | undefined {
  if (text.length > MAX_WORDS || !/\p{L}/u.test(text)) return undefined;
  const forms = formsOf(text);
  for (const { distances } of everyDateWords(locale))
    for (const { key, count } of forms) {
      const distance = distances.get(key);
      if (distance !== undefined) return dayAt(distance, count, todayOn);
    }
  return undefined;
}

/** No language has longer words for a span of time. */
const MAX_WORDS = 60;

/** A text with "#" in place of its number; every way to see it where the number may be a word. */
function formsOf(text: string): readonly { readonly key: string; readonly count: number }[] {
  const [digits] = /\d{1,6}/.exec(text) ?? [];
  if (digits !== undefined)
    return [{ key: distanceKey(text.replace(digits, "#")), count: Number(digits) }];
  const words = text.split(" ");
  const inWords = words.flatMap((word, at) => {
    const count = NUMBERS.get(word);
    return count === undefined ? [] : [{ key: distanceKey(words.with(at, "#").join(" ")), count }];
  });
  // Chinese, Japanese, Korean and Thai put no space after a number; "setahun" is one "tahun".
  const joined = [...NUMBERS].flatMap(([word, count]) =>
    /^\p{Lo}/u.test(word) && text.startsWith(word)
      ? [{ key: distanceKey(`#${text.slice(word.length)}`), count }]
      : [],
  );
  const single = text.startsWith("se") ? [{ key: distanceKey(`#${text.slice(2)}`), count: 1 }] : [];
  return [{ key: distanceKey(text), count: 1 }, ...inWords, ...joined, ...single];
}

function dayAt({ unit, sign, count: ownCount }: Distance, count: number, todayOn: string): string {
  const distance = sign * (ownCount ?? count);
  switch (unit) {
    case "day":
      return moved(todayOn, 0, distance);
    case "week":
      return moved(todayOn, 0, 7 * distance);
    case "month":
      return moved(todayOn, distance, 0);
    case "quarter":
      return moved(todayOn, 3 * distance, 0);
    case "year":
      return moved(todayOn, 12 * distance, 0);
  }
}

/**
 * A day moved by months and then by days. A month without such a day has its last one instead: a
 * year before 29 February is 28 February. Beyond a century it is the calendar's first or last day.
 */
function moved(on: string, months: number, days: number): string {
  const [wholeMonths, wholeDays] = [Math.round(months), Math.round(days)];
  if (Math.abs(wholeMonths) > MAX_MONTHS || Math.abs(wholeDays) > MAX_DAYS)
    return months + days < 0 ? "0001-01-01" : "9999-12-31";
  const [year = 0, month = 1, day = 1] = on.split("-").map(Number);
  const first = new Date(Date.UTC(year, month - 1 + wholeMonths, 1));
  const lastDay = new Date(
    Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0),
  ).getUTCDate();
  first.setUTCDate(Math.min(day, lastDay));
  return addDays(first.toISOString().slice(0, 10), wholeDays);
}
