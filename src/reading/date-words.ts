import { readFileSync } from "node:fs";
import { BoundedMap } from "../process/bounded-map.ts";
import type { DateWords } from "./date-text.ts";
import { dateWordsIn } from "./intl-date-words.ts";

/**
 * Discord's locales, in the order in which their words are looked up: those of `Locale` in
 * discord-api-types, which takes 5 % of the time of a terminal's answer to load.
 */
export const DATE_LOCALES: readonly string[] = [
  ...["id", "en-US", "en-GB", "bg", "zh-CN", "zh-TW", "hr", "cs", "da", "nl", "fi", "fr", "de"],
  ...["el", "hi", "hu", "it", "ja", "ko", "lt", "no", "pl", "pt-BR", "ro", "ru", "es-ES", "es-419"],
  ...["sv-SE", "th", "tr", "uk", "vi"],
];

/** As many locales as Discord has, and English as it is written elsewhere. */
const wordsByLocale = new BoundedMap<string, DateWords>({ maxEntries: 40 });

const everyWordsByLocale = new BoundedMap<string, readonly DateWords[]>({ maxEntries: 40 });

/** The words of dates in a locale; an unknown one has those of English. */
export function dateWordsOf(locale: string): DateWords {
  return wordsByLocale.getOrInsertComputed(locale, () => {
    writtenWords ??= readWords();
    const written = writtenWords.get(locale);
    return written === undefined ? dateWordsIn(supported(locale)) : parsed(written);
  });
}

/**
 * The words of dates in a locale, in English, and in the other languages of Discord's clients, in
 * this order: people type a date in any language that they know.
 */
export function everyDateWords(locale: string): readonly DateWords[] {
  return everyWordsByLocale.getOrInsertComputed(locale, () =>
    [...new Set([locale, ENGLISH, ...DATE_LOCALES])].map(dateWordsOf),
  );
}

const ENGLISH = "en-US";

/** The locale, or English for a text that is none. */
function supported(locale: string): string {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(locale)[0] ?? ENGLISH;
  } catch {
    return ENGLISH;
  }
}

/** {@link DateWords} as JSON: maps and sets are lists. */
type WrittenWords = {
  readonly [Part in keyof DateWords]: DateWords[Part] extends ReadonlyMap<infer Key, infer Value>
    ? readonly (readonly [Key, Value])[]
    : DateWords[Part] extends ReadonlySet<infer Item>
      ? readonly Item[]
      : DateWords[Part];
};

const WRITTEN_BY_BUILD = new URL("./date-words.json", import.meta.url);
let writtenWords: ReadonlyMap<string, WrittenWords> | undefined;

/**
 * The words in all of Discord's locales as JSON, for the build: working them out when somebody
 * types a day takes a third of a second and 22 MB, reading them takes 5 ms.
 */
export function dateWordsJson(): string {
  const written = DATE_LOCALES.map((locale) => {
    const { order, months, weekdays, fillers, distances } = dateWordsIn(supported(locale));
    const words: WrittenWords = {
      order,
      months: [...months],
      weekdays: [...weekdays],
      fillers: [...fillers],
      distances: [...distances],
    };
    return [locale, words];
  });
  return JSON.stringify(written);
}

/** What the build wrote; nothing when the code runs from source. */
function readWords(): ReadonlyMap<string, WrittenWords> {
  try {
    return new Map(JSON.parse(readFileSync(WRITTEN_BY_BUILD, "utf8")));
  } catch {
    return new Map();
  }
}

function parsed({ order, months, weekdays, fillers, distances }: WrittenWords): DateWords {
  return {
    order,
    months: new Map(months),
    weekdays: new Map(weekdays),
    fillers: new Set(fillers),
    distances: new Map(distances),
  };
}
