import { languageOf, say } from "./say.ts";

/** Items in a sentence: "settings, symbols and changes". */
export function enumeration(items: readonly string[], locale: string): string {
  return listFormat("conjunction", locale).format(items);
}

/** Items to choose from: "BTC, ETH or DOGE". */
export function alternatives(items: readonly string[], locale: string): string {
  return listFormat("disjunction", locale).format(items);
}

/** Items one after the other: "thin market, gaps in the record". */
export function commaList(items: readonly string[], locale: string): string {
  return folded(items, (first, second) => say(locale, "list.comma", { first, second }));
}

/** Items that may have commas in them: "Bitcoin, up 12%; Dogecoin, unchanged". */
export function semicolonList(items: readonly string[], locale: string): string {
  return folded(items, (first, second) => say(locale, "list.semicolon", { first, second }));
}

/** Whole sentences one after the other, with a space between them where the language has one. */
export function sentences(items: readonly string[], locale: string): string {
  return folded(items, (first, second) => say(locale, "list.sentences", { first, second }));
}

function folded(items: readonly string[], join: (first: string, second: string) => string): string {
  const [first = "", ...others] = items;
  return others.reduce(join, first);
}

const listFormats = new Map<string, Intl.ListFormat>();

function listFormat(type: "conjunction" | "disjunction", locale: string): Intl.ListFormat {
  const language = languageOf(locale);
  const key = `${type} ${language}`;
  const known = listFormats.get(key);
  if (known !== undefined) return known;
  // British English puts no comma before "and" and "or".
  const built = new Intl.ListFormat(language === "en" ? "en-GB" : language, { type });
  listFormats.set(key, built);
  return built;
}
