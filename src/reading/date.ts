import { addDays } from "../valuation/calendar.ts";
import { type DateOrder, type DateWords, type DayContext, withoutPoints } from "./date-text.ts";
import { dateWordsOf, everyDateWords } from "./date-words.ts";
import { dayOfTheYear } from "./day-names.ts";

/** One way to read a date: a UTC day, or numbers that are no day, as of 31 February. */
export type DateReading =
  | { readonly on: string }
  | { readonly noDay: { readonly year: number; readonly month: number } };

/**
 * Every way to read a text as a date, likeliest first; empty for a text that is none. It must be as
 * `plainWords` writes it.
 */
export function dateReadings(text: string, context: DayContext): readonly DateReading[] {
  const date = text
    .replace(CLOCK_TIME, "")
    .replace(
      /^(?:on|in|at|from|since|seit|ab|am|im|le|el|il|em|den|dne|dia|w|we|в|во|around|about) /,
      "",
    )
    .replace(/(?<=\d)°/g, "")
    // A weekday of one letter, as in "(日)", or any other remark.
    .replace(/\((?:[\p{L}.]{1,4})\)$/u, "")
    .trim();
  const part =
    isoDate(date) ??
    partOfYear(date) ??
    partNamed(date, context) ??
    namedDayReadings(date, context);
  if (part !== undefined) return part;
  const tokens = tokensOf(withoutLongWeekday(date, context.locale), context);
  if (tokens === undefined) return [];
  const { numbers, weekdays } = tokens;
  // "mar 17 ene 2017" is a Tuesday in January.
  const isWeekdayToo =
    tokens.months.length === 2 && weekdayNamed(tokens.firstMonth, context.locale);
  const months =
    isWeekdayToo === false || isWeekdayToo === undefined ? tokens.months : tokens.months.slice(1);
  if (numbers.length === 0 && months.length === 0)
    return weekdays.length === 1 ? [latestWeekday(weekdays[0] ?? 0, context.todayOn)] : [];
  if (numbers.length > 3 || months.length > 1) return [];
  if (months[0] !== undefined) return withMonthName(months[0], numbers, context);
  if (numbers.some(({ part }) => part !== undefined)) return withParts(numbers, context);
  return inNumbers(numbers, context);
}

/** The last day of a reading's month; undefined where there is no such month. */
export function monthEndOf(reading: DateReading): string | undefined {
  if ("on" in reading) return undefined;
  const { year, month } = reading.noDay;
  return isMonth(month) ? iso(year, month, daysIn(year, month)) : undefined;
}

const CLOCK_TIME =
  /(?:t|,? (?:at )?|,)\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?[ap]\.?m\.?)?(?: ?(?:z|utc|gmt)?(?: ?[+-]\d\d:?\d\d)?)?$/;

/** A number of a date, and what a word or a character beside it says that it is. */
type NumberToken = {
  readonly text: string;
  readonly part?: "year" | "month" | "day";
  /** How many month names stand before it: 0 or 1. */
  readonly monthsBefore: number;
};

/** Months that a name may mean, likeliest first. */
type MonthToken = readonly number[];

type Tokens = {
  readonly numbers: readonly NumberToken[];
  readonly months: readonly MonthToken[];
  /** As it was typed; empty without one. */
  readonly firstMonth: string;
  readonly weekdays: readonly number[];
};

/** The characters by which Chinese, Japanese and Korean mark the number before them. */
const MARKS: Readonly<Record<string, "year" | "month" | "day">> = {
  年: "year",
  년: "year",
  月: "month",
  월: "month",
  日: "day",
  号: "day",
  號: "day",
  일: "day",
};
/** The Vietnamese words that say what the number after them is. */
const MARKS_BEFORE: Readonly<Record<string, "year" | "month" | "day">> = {
  nam: "year",
  thang: "month",
  thg: "month",
  ngay: "day",
};
/** What may stand behind a number, or between the parts of a date, in languages that people mix. */
const FILLERS = new Set(
  "st nd rd th of the de del d' di du da do e er eme o a te ste ad ce m d r г р год года году року roku god godine den".split(
    " ",
  ),
);

const TOKEN = /'?\d+|[\p{L}\p{M}]+(?:[.॰'][\p{L}\p{M}]+)*[.॰]?|[\s.,/\-–()]+/uy;

/** The numbers, month names and weekdays of a text; undefined if it has anything else. */
function tokensOf(text: string, context: DayContext): Tokens | undefined {
  const numbers: NumberToken[] = [];
  const months: MonthToken[] = [];
  const weekdays: number[] = [];
  let firstMonth = "";
  let partAhead: NumberToken["part"];

  /** Whether a word has been understood. */
  const takeWord = (word: string): boolean => {
    const month = monthNamed(word, context.locale);
    if (month !== undefined) {
      firstMonth ||= word;
      return months.push(month) > 0;
    }
    const last = numbers.at(-1);
    const mark = last?.part === undefined ? MARKS[word[0] ?? ""] : undefined;
    const weekday = weekdayNamed(word, context.locale);
    // In Japanese, 日 is Sunday too.
    if (weekday !== undefined && (mark === undefined || word.length > 1))
      return weekdays.push(weekday) > 0;
    if (Object.hasOwn(MARKS_BEFORE, word)) {
      partAhead = MARKS_BEFORE[word];
      return true;
    }
    if (mark !== undefined && last !== undefined) {
      numbers[numbers.length - 1] = { ...last, part: mark };
      return word.length === 1 || takeWord(word.slice(1));
    }
    return isFiller(word, context.locale);
  };

  const token = new RegExp(TOKEN);
  while (token.lastIndex < text.length) {
    const [found] = token.exec(text) ?? [];
    if (found === undefined) return undefined;
    if (/\d/.test(found)) {
      const part = partAhead ?? (found.startsWith("'") ? ("year" as const) : undefined);
      partAhead = undefined;
      numbers.push({
        text: found.replace("'", ""),
        monthsBefore: months.length,
        ...(part !== undefined && { part }),
      });
    } else if (/^[\p{L}\p{M}]/u.test(found) && !takeWord(withoutPoints(found))) return undefined;
  }
  return { numbers, months, firstMonth, weekdays };
}

/** The months that a word may name: in the reader's language, in English, or in any other. */
function monthNamed(word: string, locale: string): MonthToken | undefined {
  const own = [dateWordsOf(locale), dateWordsOf("en-US")];
  for (const words of own) {
    const month = words.months.get(word) ?? monthBegun(word, words);
    if (month !== undefined) return [month];
  }
  // "Listopad" is October in Croatian, and November in Polish and Czech.
  const elsewhere = everyDateWords(locale).flatMap(({ months }) => months.get(word) ?? []);
  return elsewhere.length === 0 ? undefined : [...new Set(elsewhere)];
}

/** The only month that begins with these letters: "decem". */
function monthBegun(word: string, { months }: DateWords): number | undefined {
  if (word.length < 3) return undefined;
  const begun = new Set([...months].flatMap(([name, at]) => (name.startsWith(word) ? [at] : [])));
  return begun.size === 1 ? [...begun][0] : undefined;
}

/**
 * A text without a weekday of several words at its beginning, as in "terça-feira", or one that is
 * not set off by a space, as in Thai.
 */
function withoutLongWeekday(text: string, locale: string): string {
  if (!/\p{L}/u.test(text)) return text;
  const words = text.replaceAll("-", " ");
  for (const { weekdays } of everyDateWords(locale))
    for (const name of weekdays.keys())
      if (words.startsWith(name) && (LONG_IN_THAI.test(name) || isLongName(name, words)))
        return text.slice(name.length);
  return text;
}

const LONG_IN_THAI = /^\p{sc=Thai}{4}/u;

function isLongName(name: string, words: string): boolean {
  return name.includes(" ") && !/^[\p{L}\p{M}]/u.test(words.slice(name.length));
}

function weekdayNamed(word: string, locale: string): number | undefined {
  for (const { weekdays } of everyDateWords(locale)) {
    const weekday = weekdays.get(word);
    if (weekday !== undefined) return weekday;
  }
  return undefined;
}

function isFiller(word: string, locale: string): boolean {
  if (FILLERS.has(word)) return true;
  for (const { fillers } of everyDateWords(locale)) if (fillers.has(word)) return true;
  return false;
}

function withMonthName(
  months: MonthToken,
  numbers: readonly NumberToken[],
  context: DayContext,
): readonly DateReading[] {
  const { todayOn } = context;
  const readings = (read: (month: number) => readonly DateReading[]) => months.flatMap(read);
  const [first, second] = numbers;
  if (first === undefined) return readings((month) => [latest(month, 1, todayOn)]);
  if (second === undefined) {
    const year = yearOf(first);
    if (first.part === "year" || first.text.length > 2)
      return year === undefined ? [] : readings((month) => [dated(year, month, 1)]);
    const day = readings((month) => [latest(month, Number(first.text), todayOn)]);
    // "Dec 17" is a day, and may be a month of 2017.
    return first.monthsBefore === 0 || year === undefined || first.part === "day"
      ? day
      : [...day, ...readings((month) => [dated(year, month, 1)])];
  }
  if (numbers.length > 2) return [];
  const isYearFirst =
    first.part === "year" ||
    second.part === "day" ||
    (first.text.length > 2 && second.text.length <= 2);
  const [day, yearToken] = isYearFirst ? [second, first] : [first, second];
  const year = yearOf(yearToken);
  if (year === undefined || day.text.length > 2) return [];
  return readings((month) => [dated(year, month, Number(day.text))]);
}

/** Numbers of which some are marked, as in 2017年12月17日. */
function withParts(
  numbers: readonly NumberToken[],
  { todayOn }: DayContext,
): readonly DateReading[] {
  const rest = numbers.filter(({ part }) => part === undefined);
  const marked = (wanted: NumberToken["part"]) => numbers.filter(({ part }) => part === wanted);
  const [years, months, days] = [marked("year"), marked("month"), marked("day")];
  if (years.length > 1 || months.length > 1 || days.length > 1) return [];
  // In "17 tháng 12, 2017" only the month is marked: the day is before it, the year after it.
  const left = [...rest];
  const dayToken =
    days[0] ??
    (left.length === 2 || (years[0] !== undefined && left.length === 1) ? left.shift() : undefined);
  const yearToken = years[0] ?? left.shift();
  const monthToken = months[0];
  if (left.length > 0 || (monthToken === undefined && dayToken !== undefined)) return [];
  const year = yearToken === undefined ? undefined : yearOf(yearToken);
  if (yearToken !== undefined && year === undefined) return [];
  const month = monthToken === undefined ? 1 : shortNumber(monthToken);
  const day = dayToken === undefined ? 1 : shortNumber(dayToken);
  if (month === undefined || day === undefined) return [];
  return [year === undefined ? latest(month, day, todayOn) : dated(year, month, day)];
}

function inNumbers(numbers: readonly NumberToken[], context: DayContext): readonly DateReading[] {
  const { order } = dateWordsOf(context.locale);
  const [first, second, third] = numbers;
  if (first === undefined) return [];
  if (second === undefined) return inDigits(first.text, order);
  if (third === undefined) return inTwoNumbers(first.text, second.text, order, context.todayOn);
  const lengths = numbers.map(({ text }) => text.length);
  const [a, b, c] = numbers.map((number) => Number(number.text)) as [number, number, number];
  if (lengths[0] === 4 && lengths.slice(1).every((length) => length <= 2)) {
    const year = yearOf(first);
    if (year === undefined) return [];
    // A date that begins with its year goes on with its month, unless that is none.
    return possibleFirst([dated(year, b, c), dated(year, c, b)]).slice(0, 1);
  }
  const year = yearOf(third);
  if (year === undefined || !lengths.slice(0, 2).every((length) => length <= 2)) return [];
  return ordered(order, a, b, c, year, lengths[2] === 4);
}

/** Day, month and year in the order of the locale first, then in the others in use. */
function ordered(
  order: DateOrder,
  a: number,
  b: number,
  c: number,
  lastYear: number,
  isYearLast: boolean,
): readonly DateReading[] {
  const dayFirst = dated(lastYear, b, a);
  const monthFirst = dated(lastYear, a, b);
  const yearFirst = isYearLast ? [] : [dated(2000 + a, b, c)];
  const byOrder = {
    "day-first": [dayFirst, monthFirst],
    "month-first": [monthFirst, dayFirst],
    "year-first": [...yearFirst, dayFirst, monthFirst],
  }[order];
  const readings = possibleFirst(byOrder);
  return readings.some((reading) => "on" in reading) ? readings : [...readings, ...yearFirst];
}

/** Drops readings that are no day where others are: 25/12/2017 has only one. */
function possibleFirst(readings: readonly DateReading[]): readonly DateReading[] {
  const possible = readings.filter((reading) => "on" in reading);
  return possible.length === 0 ? readings : possible;
}

/** One number: a year, a year with its month, or a whole date. */
function inDigits(digits: string, order: DateOrder): readonly DateReading[] {
  const at = (from: number, to: number) => Number(digits.slice(from, to));
  if (digits.length === 4) {
    const year = yearOf({ text: digits });
    return year === undefined ? [] : [dated(year, 1, 1)];
  }
  if (digits.length === 8) {
    const year = at(4, 8);
    const yearFirst = dated(at(0, 4), at(4, 6), at(6, 8));
    if ("on" in yearFirst && at(0, 4) >= FIRST_YEAR) return [yearFirst];
    const dayFirst = dated(year, at(2, 4), at(0, 2));
    const monthFirst = dated(year, at(0, 2), at(2, 4));
    return possibleFirst(
      at(0, 4) >= FIRST_YEAR && at(0, 4) <= LAST_YEAR
        ? [yearFirst]
        : order === "month-first"
          ? [monthFirst, dayFirst]
          : [dayFirst, monthFirst],
    );
  }
  if (digits.length !== 6) return [];
  const isYearAndMonth = at(0, 4) >= FIRST_YEAR && at(0, 4) <= LAST_YEAR && isMonth(at(4, 6));
  if (isYearAndMonth) return [dated(at(0, 4), at(4, 6), 1)];
  return ordered(order, at(0, 2), at(2, 4), at(4, 6), 2000 + at(4, 6), false);
}

function inTwoNumbers(
  a: string,
  b: string,
  order: DateOrder,
  todayOn: string,
): readonly DateReading[] {
  if (a.length === 4 && b.length <= 2) return monthOfYear(a, Number(b));
  if (b.length === 4 && a.length <= 2) return monthOfYear(b, Number(a));
  if (a.length > 2 || b.length > 2) return [];
  const dayFirst = latest(Number(b), Number(a), todayOn);
  const monthFirst = latest(Number(a), Number(b), todayOn);
  const readings = order === "day-first" ? [dayFirst, monthFirst] : [monthFirst, dayFirst];
  // "12/17" may be a month of 2017, too.
  const ofYear =
    isMonth(Number(a)) && Number(b) > 12 ? [dated(2000 + Number(b), Number(a), 1)] : [];
  return [...possibleFirst(readings), ...ofYear];
}

function monthOfYear(yearText: string, month: number): readonly DateReading[] {
  const year = yearOf({ text: yearText });
  return year === undefined ? [] : [dated(year, month, 1)];
}

/** "2017-12-17" is ISO 8601, in which the month is always the second number. */
function isoDate(text: string): readonly DateReading[] | undefined {
  const [, yearText = "", month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const year = yearOf({ text: yearText });
  return year === undefined ? undefined : [dated(year, Number(month), Number(day))];
}

/** "Q1 2018", "start of 2018", "mid 2018", "end of 2018". */
const STARTS = `start beginning early anfang debut inicio comienzos principios comeco inizio poczatek
  начало начале 初 초`;
const MIDDLES = "middle mid mitte mi mediados meados meta polowa середина середине 半ば 중반";
const ENDS = "end late ende fin final finales fim fine koniec конец конце 末 말";
const anyOf = (words: string) => words.split(/\s+/).join("|");
const START = new RegExp(`^(?:${anyOf(STARTS)})$`);
const MIDDLE = new RegExp(`^(?:${anyOf(MIDDLES)})$`);
/** "early 2018", "a principios de 2018", "2018年初". */
const PART_OF_YEAR = new RegExp(
  `^(?:the |a |no )?(${anyOf(`${STARTS} ${MIDDLES} ${ENDS}`)})(?: of| de| del| di|-)? ?(\\d{4})$|^(\\d{4})[年년] ?(${anyOf(`${STARTS} ${MIDDLES} ${ENDS}`)})$`,
);

function partOfYear(text: string): readonly DateReading[] | undefined {
  const [, quarterBefore, yearAfter = "", yearBefore = "", quarterAfter] =
    /^q([1-4])[ /-]?'?(\d{4}|\d\d)$|^(\d{4})[ /-]?q([1-4])$/.exec(text) ?? [];
  const quarter = quarterBefore ?? quarterAfter;
  if (quarter !== undefined) {
    const year = yearOf({ text: yearAfter || yearBefore });
    return year === undefined ? undefined : [dated(year, 3 * Number(quarter) - 2, 1)];
  }
  const [, before, partYear = "", yearAhead = "", behind = ""] = PART_OF_YEAR.exec(text) ?? [];
  const part = before ?? behind;
  const year = yearOf({ text: partYear || yearAhead });
  if (year === undefined) return undefined;
  if (START.test(part)) return [dated(year, 1, 1)];
  return MIDDLE.test(part) ? [dated(year, 7, 1)] : [dated(year, 12, 31)];
}

/** "Start of March 2018", "mid-March 2018", "end of March 2018", "last March". */
function partNamed(text: string, context: DayContext): readonly DateReading[] | undefined {
  const [, part = "", rest = ""] =
    /^(?:the )?(start|beginning|early|middle|mid|end|late|last|this past)(?: of|-)? ?([\p{L}\p{M}.]+(?: '?\d+)?)$/u.exec(
      text,
    ) ?? [];
  if (rest === "" || dayOfTheYear(rest) !== undefined) return undefined;
  const readings = dateReadings(rest, context);
  if (readings.length === 0) return undefined;
  return readings.map((reading) => {
    if (!("on" in reading)) return reading;
    const [year = 0, month = 1] = reading.on.split("-").map(Number);
    if (/^mid/.test(part)) return dated(year, month, 15);
    return /^(?:end|late)$/.test(part) ? dated(year, month, daysIn(year, month)) : reading;
  });
}

/** "Christmas 2017", "last Halloween". */
function namedDayReadings(
  text: string,
  { todayOn }: DayContext,
): readonly DateReading[] | undefined {
  const [, name = "", yearText] =
    /^(?:last |this past )?(.*?)(?: (?:of )?'?(\d{4}|\d\d))?$/.exec(text) ?? [];
  const named = dayOfTheYear(name);
  if (named === undefined) return undefined;
  const year = yearText === undefined ? undefined : yearOf({ text: yearText });
  return [year === undefined ? latest(...named, todayOn) : dated(year, ...named)];
}

const FIRST_YEAR = 1900;
const LAST_YEAR = 2199;
/** The Thai (Buddhist) calendar is 543 years ahead, the Taiwanese one begins in 1912. */
const BUDDHIST = { from: 2500, ahead: 543 } as const;
const MINGUO = { from: 98, to: 199, behind: 1911 } as const;

/** The year that digits name; of two digits, in this century. */
function yearOf({ text, part }: Pick<NumberToken, "text" | "part">): number | undefined {
  const number = Number(text);
  if (part === "year" && number >= MINGUO.from && number <= MINGUO.to)
    return number + MINGUO.behind;
  if (text.length === 2) return 2000 + number;
  if (text.length !== 4) return undefined;
  return number >= BUDDHIST.from && number <= LAST_YEAR + BUDDHIST.ahead
    ? number - BUDDHIST.ahead
    : number;
}

function shortNumber({ text }: NumberToken): number | undefined {
  return text.length <= 2 ? Number(text) : undefined;
}

function isMonth(month: number): boolean {
  return month >= 1 && month <= 12;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function iso(year: number, month: number, day: number): string {
  return [
    String(year).padStart(4, "0"),
    ...[month, day].map((part) => String(part).padStart(2, "0")),
  ].join("-");
}

function dated(year: number, month: number, day: number): DateReading {
  return isMonth(month) && day >= 1 && day <= daysIn(year, month)
    ? { on: iso(year, month, day) }
    : { noDay: { year, month } };
}

/** A leap day comes after four years, or after eight at the turn of most centuries. */
const YEARS_TO_A_LEAP_DAY = 8;

/** The latest day before today with this month and day. */
function latest(month: number, day: number, todayOn: string): DateReading {
  const thisYear = Number(todayOn.slice(0, 4));
  for (let year = thisYear; year >= thisYear - YEARS_TO_A_LEAP_DAY; year -= 1) {
    const reading = dated(year, month, day);
    if ("on" in reading && reading.on < todayOn) return reading;
  }
  return dated(thisYear, month, day);
}

function latestWeekday(weekday: number, todayOn: string): DateReading {
  const today = new Date(todayOn).getUTCDay();
  return { on: addDays(todayOn, -((today - weekday + 6) % 7) - 1) };
}
