import type { EN } from "../../locales/en.ts";

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
