import {
  languageLabel,
  languageName,
  offeredLanguages,
  readLanguage,
  spokenInWords,
} from "../messages/languages.ts";
import { languageOf, say } from "../messages/say.ts";
import { comparable } from "../prices/coins/coin.ts";
import { accepted, type Checked, echo, isDefaultWord, rejected } from "./checked-input.ts";

/**
 * Checks a typed language: null for the word that means the server's own, undefined when nothing
 * was typed. A language that is not spoken is refused with those that are.
 */
export function checkLanguage(
  text: string | undefined,
  locale: string,
): Checked<string | null | undefined> {
  if (text === undefined) return accepted(undefined);
  if (isDefaultWord(text)) return accepted(null);
  const language = readLanguage(text, locale);
  return language === undefined
    ? rejected(
        say(locale, "set-answers.unknown-language", {
          typed: echo(text),
          languages: spokenInWords(locale),
        }),
      )
    : accepted(language);
}

/**
 * Languages that match what is being typed, as locale codes with their labels: the one that it
 * means, others of the same language, and those whose name begins so; all of them before anything
 * is typed.
 */
export function suggestLanguages(
  text: string,
  locale: string,
): readonly { readonly code: string; readonly label: string }[] {
  const byName = new Intl.Collator();
  const all = offeredLanguages()
    .map((code) => ({ code, label: languageLabel(code, locale), name: languageName(code, locale) }))
    .sort((one, other) => byName.compare(one.name, other.name));
  const typed = comparable(text);
  if (typed === "") return all;
  const meant = readLanguage(text, locale);
  const related =
    meant === undefined ? [] : all.filter(({ code }) => languageOf(code) === languageOf(meant));
  const exact =
    meant === undefined || (related.length > 1 && !meant.includes("-"))
      ? []
      : [{ code: meant, label: languageLabel(meant, locale) }];
  const begun = all.filter(({ label }) =>
    comparable(label)
      .split(/[\s()·]+/u)
      .some((word) => word.startsWith(typed)),
  );
  const found = [...exact, ...related, ...begun];
  return found.filter(({ code }, at) => found.findIndex((one) => one.code === code) === at);
}
