import { IntlMessageFormat } from "intl-messageformat";
import { EN } from "../../locales/en.ts";

/** The name of one message of the catalogue. */
export type MessageKey = keyof typeof EN;

/**
 * The values for a message's placeholders: text already formatted for the reader, a number for a
 * plural, one of the options for a select.
 */
export type MessageValues<Message extends string> = ValuesOf<Placeholders<Message>>;

/** The locale of English: for what is written before it is known who reads it. */
export const ENGLISH = "en-US";

/**
 * The message of this key in the language of this locale, with its placeholders filled in. A
 * missing, extra or misspelt placeholder does not compile.
 */
export function say<Key extends MessageKey>(
  _locale: string,
  key: Key,
  ...[values]: keyof MessageValues<(typeof EN)[Key]> extends never
    ? []
    : [values: MessageValues<(typeof EN)[Key]>]
): string {
  return formatterOf(key)(values ?? {});
}

type Values = Readonly<Record<string, string | number>>;
type Formatter = (values: Values) => string;

const LOCALE = "en-US";
// TYPE.literal and TYPE.argument of @formatjs/icu-messageformat-parser, which intl-messageformat
// does not export.
const LITERAL = 0;
const ARGUMENT = 1;
const pluralRules = new Intl.PluralRules(LOCALE);
// Messages take numbers and dates as formatted text, so these are never used.
const formatters = {
  getPluralRules: () => pluralRules,
  getNumberFormat: (...options: ConstructorParameters<typeof Intl.NumberFormat>) =>
    new Intl.NumberFormat(...options),
  getDateTimeFormat: (...options: ConstructorParameters<typeof Intl.DateTimeFormat>) =>
    new Intl.DateTimeFormat(...options),
};

// Parsing takes a hundred times as long as formatting, and a process uses few of the messages.
const formatterByKey = new Map<MessageKey, Formatter>();

function formatterOf(key: MessageKey): Formatter {
  const known = formatterByKey.get(key);
  if (known !== undefined) return known;
  const built = createFormatter(EN[key]);
  formatterByKey.set(key, built);
  return built;
}

/** Reads one ICU message; throws a SyntaxError when it is malformed. */
export function createFormatter(message: string): Formatter {
  const parsed = new IntlMessageFormat(message, LOCALE, undefined, { formatters, ignoreTag: true });
  const parts = parsed
    .getAst()
    .map((element) =>
      element.type === LITERAL
        ? { text: element.value }
        : element.type === ARGUMENT
          ? { placeholder: element.value }
          : undefined,
    );
  const plain = parts.filter((part) => part !== undefined);
  // Most messages have no plural or select: joining their parts is several times faster.
  if (plain.length === parts.length)
    return (values) => {
      let text = "";
      for (const part of plain) text += part.text ?? values[part.placeholder];
      return text;
    };
  return (values) => String(parsed.format(values));
}

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
