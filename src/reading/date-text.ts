import { inLatinDigits } from "./digits.ts";

/** In whose language a day is typed, and the current UTC day. */
export type DayContext = { readonly locale: string; readonly todayOn: string };

/** The order in which a locale writes day, month and year as numbers. */
export type DateOrder = "day-first" | "month-first" | "year-first";

/** The words of dates in one locale, as {@link plainWords} writes them, without points. */
export type DateWords = {
  readonly order: DateOrder;
  /** Names and abbreviations of months, from 1. */
  readonly months: ReadonlyMap<string, number>;
  /** Names and abbreviations of weekdays, from 0 for Sunday; some are of several words. */
  readonly weekdays: ReadonlyMap<string, number>;
  /** What may stand between day, month and year: "de", "г". */
  readonly fillers: ReadonlySet<string>;
  /** How far away from today such texts are; "#" stands for a number. */
  readonly distances: ReadonlyMap<string, Distance>;
};

/** A span of time: `count` is absent where the text has a number, and `sign` says which way. */
export type Distance = {
  readonly unit: "day" | "week" | "month" | "quarter" | "year";
  readonly sign: 1 | -1;
  readonly count?: number;
};

/**
 * A text for comparing: in lower case, with Latin digits and without accents on Latin, Greek and
 * Cyrillic letters.
 */
export function plainWords(text: string): string {
  return inLatinDigits(
    text
      .replace(/[’‘ʼ′´`]/g, "'")
      .normalize("NFKC")
      .toLowerCase()
      .normalize("NFD")
      .replace(/[\u0300-\u036f]/g, "")
      .normalize("NFC")
      .replace(/\p{Cf}/gu, ""),
  )
    .replace(/ı/g, "i")
    .replace(/\s+/g, " ")
    .trim();
}

/** A word without the points of an abbreviation. */
export function withoutPoints(word: string): string {
  return word.replace(/[.॰]/g, "");
}

/** A text about a span of time as {@link DateWords.distances} has it; "#" is its number. */
export function distanceKey(text: string): string {
  return withoutPoints(text)
    .replace(/^(?:l'|(?:le|la|il|lo|el) )/, "")
    .replace(/'/g, "")
    .replace(/ ?# ?/g, "#")
    .replace(/\s+/g, " ")
    .trim();
}
