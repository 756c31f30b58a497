import { EN } from "../../locales/en.ts";
import { openCatalogues } from "./catalogues.ts";
import type { LineGroup, MessageKey, MessageValues } from "./message-values.ts";
import { createSpeaker } from "./speaker.ts";

/** The locale of English: for what is written before it is known who reads it. */
export const ENGLISH = "en-US";

/**
 * The message of this key in the language of this locale, which may be any text, with its
 * placeholders filled in. In English where that language has no such message. A missing, extra or
 * misspelt placeholder does not compile.
 */
export function say<Key extends MessageKey>(
  locale: string,
  key: Key,
  ...[values]: keyof MessageValues<(typeof EN)[Key]> extends never
    ? []
    : [values: MessageValues<(typeof EN)[Key]>]
): string {
  return speaker.text(locale, key, values ?? {});
}

/** The message of this key that {@link say} fills in, as ICU MessageFormat. */
export function messageSource(locale: string, key: MessageKey): string {
  return speaker.source(locale, key);
}

/** All messages of a group in the language of this locale: languages have more or fewer of them. */
export function linesOf(locale: string, group: LineGroup): readonly string[] {
  return speaker.lines(locale, group);
}

/**
 * What a command, subcommand or option is called in the language of this locale: its own name where
 * that language has no other.
 */
export function commandName(locale: string, name: string): string {
  const key = `name.${name}`;
  return isNameKey(key) ? say(locale, key) : name;
}

function isNameKey(key: string): key is Extract<MessageKey, `name.${string}`> {
  return Object.hasOwn(EN, key);
}

/** The codes of the languages that the bot speaks, English included, in alphabetical order. */
export function spokenLanguages(): readonly string[] {
  return catalogues.codes();
}

/** The code of the language that is spoken to a locale, which may be any text: "de", "pt-BR". */
export function languageOf(locale: string): string {
  return catalogues.languageOf(locale).code;
}

/**
 * Reads the catalogues of all languages, or only that of a locale; those that cannot be used, each
 * with what is wrong.
 */
export function catalogueProblems(locale?: string): readonly string[] {
  return catalogues.problems(locale);
}

/** The languages that come with the bot: a missing file is a problem. Others may be added. */
const SHIPPED = ["de", "es", "fr", "it", "ja", "ko", "pl", "pt-BR", "ru", "tr"];

// Reads nothing before the first message is said.
const catalogues = openCatalogues(new URL("../../locales/", import.meta.url), EN, SHIPPED);
const speaker = createSpeaker(catalogues);
