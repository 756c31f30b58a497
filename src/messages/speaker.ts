import { IntlMessageFormat } from "intl-messageformat";
import type { Catalogues } from "./catalogues.ts";

/** The values of a message's placeholders. */
export type Values = Readonly<Record<string, string | number>>;

/** A message that has been read: the names of its placeholders, and how to fill them in. */
export type ReadMessage = {
  /** As it stands in the catalogue. */
  readonly source: string;
  readonly placeholders: ReadonlySet<string>;
  format(values: Values): string;
};

/** Says the messages of catalogues. */
export type Speaker = {
  /**
   * The message of a key in the language of a locale. In English where that language has none, or
   * one that is malformed or has a placeholder that English has not.
   */
  text(locale: string, key: string, values: Values): string;
  /** The message that {@link text} fills in, as ICU MessageFormat. */
  source(locale: string, key: string): string;
  /** The messages `group.1`, `group.2` and so on, as many as the language has, without values. */
  lines(locale: string, group: string): readonly string[];
};

/** Makes a speaker, which reads each message once. */
export function createSpeaker({ languageOf }: Pick<Catalogues, "languageOf">): Speaker {
  const english = () => languageOf("en");
  const readByLanguage = new Map<string, Map<string, ReadMessage>>();
  const linesByLanguage = new Map<string, Map<string, readonly string[]>>();

  function messageOf(locale: string, key: string): ReadMessage {
    const { code, messages } = languageOf(locale);
    return remembered(readByLanguage, code, key, () => {
      const inEnglish = (): ReadMessage => messageOf("en", key);
      const message = messages.get(key);
      if (code === english().code) return readMessage(message ?? "", code);
      if (message === undefined) return inEnglish();
      try {
        const read = readMessage(message, code);
        const given = inEnglish().placeholders;
        return [...read.placeholders].every((name) => given.has(name)) ? read : inEnglish();
      } catch {
        return inEnglish();
      }
    });
  }

  return {
    text: (locale, key, values) => messageOf(locale, key).format(values),
    source: (locale, key) => messageOf(locale, key).source,

    lines(locale, group) {
      const { code, messages } = languageOf(locale);
      return remembered(linesByLanguage, code, group, () => {
        const { messages: holding } = messages.has(`${group}.1`) ? { messages } : english();
        const lines: string[] = [];
        for (let key = `${group}.1`; holding.has(key); key = `${group}.${lines.length + 1}`)
          lines.push(messageOf(locale, key).format({}));
        return lines;
      });
    },
  };
}

function remembered<Value>(
  byLanguage: Map<string, Map<string, Value>>,
  code: string,
  key: string,
  compute: () => Value,
): Value {
  let byKey = byLanguage.get(code);
  if (byKey === undefined) {
    byKey = new Map();
    byLanguage.set(code, byKey);
  }
  const known = byKey.get(key);
  if (known !== undefined) return known;
  const value = compute();
  byKey.set(key, value);
  return value;
}

// TYPE of @formatjs/icu-messageformat-parser, which intl-messageformat does not export.
const ARGUMENT = 1;
const SELECT = 5;
const PLURAL = 6;

type Parts = ReturnType<IntlMessageFormat["getAst"]>;

/**
 * Reads an ICU message in the language of a catalogue, whose rules choose its plurals; throws a
 * SyntaxError when it is malformed.
 */
export function readMessage(message: string, code: string): ReadMessage {
  return PLAIN.test(message) ? plainMessage(message) : parsedMessage(message, code);
}

/** Most messages: `{name}` is all there is to them, without plurals, selects and quotation. */
const PLAIN = /^(?:[^{}']|\{\w+\})*$/;

function plainMessage(message: string): ReadMessage {
  // Texts at even places, names between them.
  const parts = message.split(/\{(\w+)\}/);
  return {
    source: message,
    placeholders: new Set(parts.filter((_, at) => at % 2 === 1)),
    format(values) {
      let text = parts[0] ?? "";
      for (let at = 1; at < parts.length; at += 2)
        text += `${values[parts[at] ?? ""]}${parts[at + 1]}`;
      return text;
    },
  };
}

function parsedMessage(message: string, code: string): ReadMessage {
  const parsed = new IntlMessageFormat(message, code, undefined, { formatters, ignoreTag: true });
  return {
    source: message,
    placeholders: new Set(placeholdersIn(parsed.getAst())),
    format: (values) => String(parsed.format(values)),
  };
}

function placeholdersIn(elements: Parts): readonly string[] {
  return elements.flatMap((element) => {
    if (element.type === ARGUMENT) return [element.value];
    if (element.type === SELECT || element.type === PLURAL)
      return [
        element.value,
        ...Object.values(element.options).flatMap(({ value }) => placeholdersIn(value)),
      ];
    return [];
  });
}

const pluralRules = new Map<string, Intl.PluralRules>();

// Messages take numbers and dates as formatted text, so the other two are never used.
const formatters = {
  getPluralRules(locale: string | string[] = [], options?: Intl.PluralRulesOptions) {
    const key = `${locale} ${options?.type}`;
    const known = pluralRules.get(key) ?? new Intl.PluralRules(locale, options);
    pluralRules.set(key, known);
    return known;
  },
  getNumberFormat: (...options: ConstructorParameters<typeof Intl.NumberFormat>) =>
    new Intl.NumberFormat(...options),
  getDateTimeFormat: (...options: ConstructorParameters<typeof Intl.DateTimeFormat>) =>
    new Intl.DateTimeFormat(...options),
};
