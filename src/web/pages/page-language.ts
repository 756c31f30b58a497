import { DISCORD_LOCALES } from "../../messages/format.ts";
import { closestLocale } from "../../messages/locale-match.ts";
import { ENGLISH, languageOf, spokenLanguages } from "../../messages/say.ts";
import { type AskedLanguage, createVisitorLocale } from "../visitor-locale.ts";

/** The language of one page. */
export type PageLanguage = {
  /** One of Discord's locales: words, numbers and dates are written in it, and typed ones read. */
  readonly locale: string;
  /** What `lang` is in the page's links: undefined where the address leaves it to the browser. */
  readonly lang: string | undefined;
};

/** Those of Discord's locales whose language the bot speaks. */
function pageLocales(): readonly string[] {
  const english = languageOf(ENGLISH);
  return DISCORD_LOCALES.filter((locale) => languageOf(locale) !== english || /^en\b/.test(locale));
}

/** Makes what finds the language of a page: the same object for each language. */
export function createPageLanguage(): (asked: AskedLanguage) => PageLanguage {
  const locales = pageLocales();
  const choose = createVisitorLocale(() => locales, ENGLISH);
  const inAddress = new Map(locales.map((locale) => [locale, { locale, lang: langOf(locale) }]));
  const fromBrowser = new Map(locales.map((locale) => [locale, { locale, lang: undefined }]));
  return (asked) => {
    const { locale, isInAddress } = choose(asked);
    const known = (isInAddress ? inAddress : fromBrowser).get(locale);
    return known ?? { locale, lang: undefined };
  };

  function langOf(locale: string): string {
    const language = languageOf(locale);
    return closestLocale(language, locales) === locale ? language : locale;
  }
}

/** A language that pages can be read in. */
export type OfferedLanguage = {
  /** What `lang` is in its addresses. */
  readonly code: string;
  /** Its own name for itself: "Deutsch". */
  readonly name: string;
};

/** The languages that pages can be read in, by their names. */
export function offeredLanguages(): readonly OfferedLanguage[] {
  offered ??= spokenLanguages()
    .map((code) => ({ code, name: ownName(code) }))
    .sort((one, other) => one.name.localeCompare(other.name, "en"));
  return offered;
}

let offered: readonly OfferedLanguage[] | undefined;

/** What a language calls itself, with a capital letter where its script has them. */
export function ownName(code: string): string {
  const name = new Intl.DisplayNames(code, { type: "language" }).of(code) ?? code;
  const [first = ""] = name;
  return first.toLocaleUpperCase(code) + name.slice(first.length);
}

/** A page's path, asking for a language if one is named. */
export function inLanguage(path: string, lang: string | undefined): string {
  return lang === undefined ? path : `${path}${path.includes("?") ? "&" : "?"}lang=${lang}`;
}

/** Scripts that are written from right to left, by ISO 15924. */
const FROM_RIGHT = ["Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm"];

/** In which direction a language is written, for HTML's `dir`. */
export function directionOf(language: string): "ltr" | "rtl" {
  return FROM_RIGHT.includes(new Intl.Locale(language).maximize().script ?? "") ? "rtl" : "ltr";
}

/** A locale as Open Graph writes it: `de_DE`; Latin America is `LA` there (ogp.me, 2026-11). */
export function openGraphLocale(locale: string): string {
  const { language, region } = new Intl.Locale(locale).maximize();
  return `${language}_${region === "419" ? "LA" : region}`;
}
