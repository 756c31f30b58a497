import type { EN } from "../../../../locales/en.ts";
import type { MessageValues } from "../../../messages/message-values.ts";
import type { PageFacts, PageTextKey } from "../protocol.ts";
import { byId } from "./dom.ts";
import { filledIn } from "./message.ts";

let read: PageFacts | undefined;

/** What the process that served this script wrote into the page. */
export function facts(): PageFacts {
  // Written by page.ts.
  read ??= JSON.parse(byId("facts", HTMLScriptElement).text) as PageFacts;
  return read;
}

type Values<Key extends PageTextKey> = MessageValues<(typeof EN)[Key]>;

/** The values of a message that may be elements too. */
type ValuesOrNodes<Key extends PageTextKey> = {
  readonly [Name in keyof Values<Key>]: string extends Values<Key>[Name]
    ? string | Node
    : Values<Key>[Name];
};

/** The message of this key in the visitor's language, with its placeholders filled in. */
export function say<Key extends PageTextKey>(
  key: Key,
  ...[values]: keyof Values<Key> extends never ? [] : [values: Values<Key>]
): string {
  return filledIn(facts().texts[key], values ?? {}, plurals()).join("");
}

/** {@link say} as a sequence of texts and the elements among its values. */
export function sayWith<Key extends PageTextKey>(
  key: Key,
  values: ValuesOrNodes<Key>,
): (string | Node)[] {
  return filledIn(facts().texts[key], values, plurals());
}

/** A number as it is written in the visitor's language. */
export function count(number: number): string {
  return new Intl.NumberFormat(facts().locale).format(number);
}

/** Items one after the other: "coin, amount". */
export function listed(items: readonly string[]): string {
  return new Intl.ListFormat(facts().locale, { type: "unit", style: "short" }).format(items);
}

let rules: Intl.PluralRules | undefined;

function plurals(): Intl.PluralRules {
  rules ??= new Intl.PluralRules(document.documentElement.lang);
  return rules;
}
