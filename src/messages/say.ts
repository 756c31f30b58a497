import { EN } from "../../locales/en.ts";
import { openCatalogues } from "./catalogues.ts";
import { createSpeaker } from "./speaker.ts";

/** The name of one message of the catalogue. */
export type MessageKey = keyof typeof EN;

/**
 * The values for a message's placeholders: text already formatted for the reader, a number for a
 * plural, one of the options for a select.
 */
export type MessageValues<Message extends string> = ValuesOf<Placeholders<Message>>;

/** A group of messages without placeholders, numbered from 1: `wen-line.near.1`, `.2` and so on. */
export type LineGroup = {
  [Key in MessageKey]: Key extends `${infer Group}.1` ? Group : never;
}[MessageKey];

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

/** One use of a placeholder: its name, its kind and, of a select, one of its options. */
type Placeholder = readonly [name: string, kind: "text" | "plural" | "select", option: string];

type ValuesOf<Found extends Placeholder> = {
  readonly [Name in Found[0]]: ValueOf<Extract<Found, readonly [Name, ...string[]]>>;
};

type ValueOf<Found extends Placeholder> = Found[1] extends "select"
  ? Found[2]
  : Found[1] extends "plural"
    ? number
    : string;

/** Every placeholder of a message, read brace by brace from outside any placeholder. */
type Placeholders<
  Message extends string,
  Around extends readonly Placeholder[] = [],
  Found extends Placeholder = never,
> = Message extends `${infer Before}{${infer After}`
  ? Before extends `${string}}${infer Rest}`
    ? Options<`${Rest}{${After}`, Around, Found>
    : After extends `${infer Head}}${infer Rest}`
      ? Head extends `${infer Name},${infer Kind},${string}`
        ? After extends `${string},${string},${infer Tail}`
          ? Options<Tail, [[Trim<Name>, KindOf<Trim<Kind>>, ""], ...Around], Found>
          : never
        : Placeholders<Rest, Around, Found | [Trim<Head>, "text", ""]>
      : never
  : Found;

/** {@link Placeholders} from between the options of the innermost plural or select. */
type Options<
  Message extends string,
  Around extends readonly Placeholder[],
  Found extends Placeholder,
> = Message extends `${infer Before}{${infer After}`
  ? Around extends readonly [infer Inner extends Placeholder, ...infer Outer extends Placeholder[]]
    ? Before extends `${string}}${infer Rest}`
      ? Placeholders<`${Rest}{${After}`, Outer, Found>
      : Placeholders<After, Around, Found | [Inner[0], Inner[1], Trim<Before>]>
    : never
  : Found;

type KindOf<Kind extends string> = Kind extends "select" ? "select" : "plural";

type Trim<Text extends string> = Text extends ` ${infer Rest}` | `\n${infer Rest}`
  ? Trim<Rest>
  : Text extends `${infer Rest} ` | `${infer Rest}\n`
    ? Trim<Rest>
    : Text;
