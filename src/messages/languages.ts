import { comparable } from "../prices/coins/coin.ts";
import { slipCost, slipsAllowed } from "../prices/coins/slips.ts";
import { BoundedMap } from "../process/bounded-map.ts";
import { DISCORD_LOCALES } from "./format.ts";
import { closestLocale } from "./locale-match.ts";
import { ENGLISH, spokenLanguages } from "./say.ts";

/** A text longer than this names no language. */
const MAX_TEXT = 100;
/** From how many letters on the beginning of a name stands for it, in Latin and other scripts. */
const MIN_BEGINNING = { latin: 3, other: 2 } as const;

/** Words around the name of a language: "język polski", "по-русски", "auf deutsch". */
const FILLERS: ReadonlySet<string> = new Set(
  "language langue lengua idioma lingua jezyk dili язык языке по на in en auf em po".split(" "),
);

/** What people call languages that `Intl` calls otherwise, as {@link plain} leaves it. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  american: "en-US",
  british: "en-GB",
  castellano: "es-ES",
  castilian: "es-ES",
  "english uk": "en-GB",
  "english us": "en-US",
  latino: "es-419",
  latam: "es-419",
  "espanol latino": "es-419",
  "latino spanish": "es-419",
  "espanol latam": "es-419",
  "latam spanish": "es-419",
  mexicano: "es-419",
  brasileiro: "pt-BR",
  brasileno: "pt-BR",
  русски: "ru",
  русском: "ru",
  russkiy: "ru",
  nihongo: "ja",
  [plain("にほんご")]: "ja",
  hangul: "ko",
  [plain("한글")]: "ko",
};

/** Codes of countries that people type for a language, and that are no language of Discord's. */
const COUNTRIES: ReadonlySet<string> = new Set(["at", "br", "gb", "jp", "kr", "mx", "us"]);

const LETTERS = "abcdefghijklmnopqrstuvwxyz";
const FLAG = /^[\u{1F1E6}-\u{1F1FF}]{2}$/u;
const FIRST_FLAG_LETTER = 0x1f1e6;

type LanguageDisplay = NonNullable<Intl.DisplayNamesOptions["languageDisplay"]>;

/** A name of a spoken language, as {@link plain} leaves it, and the locale code that it means. */
type Name = readonly [name: string, code: string];

let offered: readonly string[] | undefined;

/**
 * The languages that can be chosen, as locale codes: Discord's in whose language there is a
 * catalogue, and catalogues in none of Discord's.
 */
export function offeredLanguages(): readonly string[] {
  offered ??= [
    ...DISCORD_LOCALES.filter(isSpoken),
    ...spokenLanguages().filter((code) => closestLocale(code, DISCORD_LOCALES) === undefined),
  ];
  return offered;
}

/** The locale that is spoken to readers of a locale: itself, or English for other languages. */
export function spokenLocale(locale: string): string {
  return isSpoken(locale) ? locale : ENGLISH;
}

/**
 * The name of a locale's language for a reader, as in the middle of a sentence, with its region
 * unless that is the language's usual one: "German", "allemand", "Spanish", "Spanish (Latin
 * America)".
 */
export function languageName(code: string, locale: string): string {
  return nameOf(new Intl.Locale(code).minimize().baseName, intlLocale(locale)) ?? code;
}

/** A language in its own name and the reader's: "Deutsch · German". */
export function languageLabel(code: string, locale: string): string {
  const own = capitalized(languageName(code, code), code);
  const readers = capitalized(languageName(code, locale), locale);
  return own === readers ? own : `${own} · ${readers}`;
}

function capitalized(name: string, locale: string): string {
  return name.charAt(0).toLocaleUpperCase(intlLocale(locale)) + name.slice(1);
}

/** The languages that are spoken, to choose from, for a reader: "English, French or German". */
export function spokenInWords(locale: string): string {
  const reader = intlLocale(locale);
  const names = spokenLanguages().map((code) => languageName(baseOf(code), locale));
  return new Intl.ListFormat(reader, { type: "disjunction" }).format(
    names.sort(new Intl.Collator(reader).compare),
  );
}

/**
 * The locale code of the language that a text names, of those that are spoken: a code (`de-AT`,
 * `de_DE.UTF-8`), a name in any of Discord's languages (`German`, `Deutsch`, `allemand`) with slips
 * in it or only its beginning, a flag, or the label of a suggestion. Undefined for any other text,
 * languages that are not spoken included.
 */
export function readLanguage(text: string, locale: string): string | undefined {
  const typed = text.normalize("NFKC").trim();
  if (typed === "" || typed.length > MAX_TEXT) return undefined;
  const name = plain(typed.split(" · ")[0] ?? "");
  const named = [name, sorted(name)]
    .map((key) => (Object.hasOwn(OTHER_NAMES, key) ? OTHER_NAMES[key] : everyName().get(key)))
    .find((code) => code !== undefined);
  const meant = codeIn(typed) ?? named;
  if (meant !== undefined) return isSpoken(meant) ? meant : undefined;
  if (name === "" || isOtherLanguage(typed, name, locale)) return undefined;
  return begunBy(name, locale) ?? similarTo(name, locale);
}

/** The locale code that a text is, by language and region; undefined where it is not spoken. */
function codeIn(typed: string): string | undefined {
  const country = FLAG.test(typed)
    ? [...typed].map((flag) => LETTERS[(flag.codePointAt(0) ?? 0) - FIRST_FLAG_LETTER]).join("")
    : typed.toLowerCase();
  if (FLAG.test(typed) || COUNTRIES.has(country)) {
    const { language, region } = new Intl.Locale(`und-${country}`).maximize();
    return isSpoken(language) ? `${language}-${region}` : undefined;
  }
  const [code = ""] = typed.split(/[.@]/);
  if (!/^[a-z]{2,3}(?:[-_][a-z\d]+)*$/i.test(code)) return undefined;
  const closest = spokenFor(code);
  if (closest === undefined) return undefined;
  const { language, region } = new Intl.Locale(code.replaceAll("_", "-"));
  return region === undefined ? closest : `${language}-${region}`;
}

/** Names and codes of languages that are not spoken must not be taken for slips. */
function isOtherLanguage(typed: string, name: string, locale: string): boolean {
  return (
    (/^[a-z]{2,3}$/i.test(typed) && nameOf(typed, ENGLISH) !== undefined) ||
    languagesInThemselves().has(name) ||
    [ENGLISH, intlLocale(locale)].some((reader) => languagesIn(reader).has(name))
  );
}

const namesByReader = new BoundedMap<string, ReadonlySet<string>>({ maxEntries: 40 });

/** What Discord's languages are called by those who speak them. */
function languagesInThemselves(): ReadonlySet<string> {
  return namesByReader.getOrInsertComputed("", () =>
    plainNames(DISCORD_LOCALES.map((code) => nameOf(baseOf(code), intlLocale(code)))),
  );
}

/** What a reader calls the languages that have a code of two letters (ISO 639-1). */
function languagesIn(reader: string): ReadonlySet<string> {
  return namesByReader.getOrInsertComputed(reader, () =>
    plainNames(
      [...LETTERS].flatMap((first) => [...LETTERS].map((second) => nameOf(first + second, reader))),
    ),
  );
}

function plainNames(names: readonly (string | undefined)[]): ReadonlySet<string> {
  return new Set(names.flatMap((name) => (name === undefined ? [] : [plain(name)])));
}

function begunBy(name: string, locale: string): string | undefined {
  const least = /^[a-z]/.test(name) ? MIN_BEGINNING.latin : MIN_BEGINNING.other;
  if (name.length < least) return undefined;
  return onlyLanguage(namesFor(locale).filter(([known]) => known.startsWith(name)));
}

function similarTo(name: string, locale: string): string | undefined {
  const costs = namesFor(locale).map(([known, code]) => [slipCost(name, known), code] as const);
  const least = Math.min(...costs.map(([cost]) => cost));
  if (least > slipsAllowed(name.length)) return undefined;
  return onlyLanguage(costs.filter(([cost]) => cost === least));
}

/** The code of names that are all of one language; undefined for those of several or none. */
function onlyLanguage(names: readonly (readonly [unknown, string])[]): string | undefined {
  const codes = new Set(names.map(([, code]) => code));
  const languages = new Set([...codes].map(spokenFor));
  const [code] = codes;
  const [language] = languages;
  if (languages.size !== 1) return undefined;
  return codes.size === 1 ? code : language;
}

const spokenByReader = new BoundedMap<string, readonly Name[]>({ maxEntries: 40 });

/** The names of the languages that are spoken, in themselves, in English and for a reader. */
function namesFor(locale: string): readonly Name[] {
  const readers = [ENGLISH, intlLocale(locale)];
  return spokenByReader.getOrInsertComputed(intlLocale(locale), () =>
    offeredLanguages().flatMap((code) =>
      [...new Set([intlLocale(code), ...readers])].flatMap((reader) => namesOf(code, reader)),
    ),
  );
}

let everyNameKnown: ReadonlyMap<string, string> | undefined;

/** The names of the languages that are spoken, in every language of Discord's. */
function everyName(): ReadonlyMap<string, string> {
  everyNameKnown ??= new Map(
    offeredLanguages()
      .flatMap((code) => DISCORD_LOCALES.flatMap((reader) => namesOf(code, intlLocale(reader))))
      .flatMap(([name, code]): Name[] => [
        [name, code],
        [sorted(name), code],
      ])
      // Of two codes with one name the first counts.
      .reverse(),
  );
  return everyNameKnown;
}

const spokenByBase = new BoundedMap<string, string>({ maxEntries: 100 });

function spokenFor(code: string): string | undefined {
  return closestLocale(code, spokenLanguages());
}

/** The names of a locale's language for a reader, the one without its region first. */
function namesOf(code: string, reader: string): readonly Name[] {
  const base = baseOf(code);
  const names = [
    [nameOf(base, reader), spokenByBase.getOrInsertComputed(base, () => spokenFor(base) ?? code)],
    [nameOf(code, reader), code],
    [nameOf(code, reader, "dialect"), code],
  ] as const;
  return names.flatMap(([name, meant]): Name[] =>
    name === undefined ? [] : [[plain(name), meant]],
  );
}

const displays = new BoundedMap<string, Intl.DisplayNames>({ maxEntries: 80 });

/** What `Intl` calls a language for a reader; undefined where it knows no such language. */
function nameOf(
  code: string,
  reader: string,
  languageDisplay: LanguageDisplay = "standard",
): string | undefined {
  const names = displays.getOrInsertComputed(
    `${reader} ${languageDisplay}`,
    () => new Intl.DisplayNames([reader], { languageDisplay, type: "language", fallback: "none" }),
  );
  return names.of(code);
}

/** The closest of Discord's locales, as `Intl` writes it. */
function intlLocale(locale: string): string {
  const closest = closestLocale(locale, DISCORD_LOCALES) ?? ENGLISH;
  return closest === "no" ? "nb" : closest;
}

function isSpoken(code: string): boolean {
  return spokenFor(code) !== undefined;
}

function baseOf(code: string): string {
  return code.split("-")[0] ?? code;
}

/** Lower case, without accents, punctuation and words around the name. */
function plain(text: string): string {
  const words = comparable(text)
    .replaceAll("ı", "i")
    .replaceAll("ł", "l")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .normalize("NFC")
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
  const named = words.filter((word) => !FILLERS.has(word));
  return (named.length > 0 ? named : words).join(" ");
}

function sorted(name: string): string {
  return name.split(" ").sort().join(" ");
}
