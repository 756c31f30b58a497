import { spokenLanguages } from "../messages/say.ts";

/** One of the values of an option, with its label in the language of a locale. */
export type LabelledChoice<Value extends string> = {
  readonly name: (locale: string) => string;
  readonly value: Value;
};

/**
 * The choice that was typed, by its value or its label, in the language of the locale or another
 * one, whole or up to the colon; undefined when it is none of them. Most clients send the value,
 * but some send the label, and an old or hand-written request may send anything.
 */
export function typedChoice<Value extends string>(
  typed: string,
  choices: readonly LabelledChoice<Value>[],
  locale: string,
): Value | undefined {
  const wanted = [comparable(typed), comparable(beforeColon(typed))];
  const byValue = choices.find(({ value }) => wanted.includes(comparable(value)));
  if (byValue !== undefined) return byValue.value;
  for (const language of [locale, ...spokenLanguages()])
    for (const { name, value } of choices) {
      const label = name(language);
      if (wanted.some((text) => [label, beforeColon(label)].map(comparable).includes(text)))
        return value;
    }
  return undefined;
}

function beforeColon(text: string): string {
  return text.split(/[:：]/)[0] ?? text;
}

/** A text without what people type differently: case, accents, points, hyphens and spaces. */
function comparable(text: string): string {
  return (
    text
      .normalize("NFKD")
      .toLowerCase()
      // These two letters have no accent that could be taken off.
      .replace(/ı/g, "i")
      .replace(/ł/g, "l")
      .replace(/\p{M}/gu, "")
      .normalize("NFC")
      .replace(/[\s.\-_]+/g, " ")
      .trim()
  );
}
