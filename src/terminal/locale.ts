import { DISCORD_LOCALES } from "../messages/format.ts";
import { readLanguage } from "../messages/languages.ts";
import { closestLocale } from "../messages/locale-match.ts";
import { ENGLISH, say } from "../messages/say.ts";
import type { Result } from "../result.ts";

/** The locale of the person at the terminal, and whether `--locale` named it. */
export type TerminalLocale = { readonly locale: string; readonly isChosen: boolean };

/** In the order in which POSIX asks them (Base Definitions, 8.2). */
const VARIABLES = ["LC_ALL", "LC_MESSAGES", "LANG"] as const;

/**
 * The locale to speak in and to read amounts and days in: that of `--locale`, else the
 * environment's, else English. In a language that is not spoken here, words are English and numbers
 * its own. Refused, in the environment's language, where `--locale` names no language that there
 * is.
 */
export function terminalLocale(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Result<TerminalLocale, TerminalLocale & { readonly why: string }> {
  const locale = environmentLocale(environment);
  const typed = typedLocale(argv);
  if (typed === undefined) return { ok: true, locale, isChosen: false };
  const chosen = readLanguage(typed, locale) ?? closestLocale(typed, DISCORD_LOCALES);
  return chosen === undefined
    ? { ok: false, locale, isChosen: false, why: say(locale, "terminal.unknown-locale", { typed }) }
    : { ok: true, locale: chosen, isChosen: true };
}

/** `C`, `POSIX` and what names no language are English. */
function environmentLocale(environment: Readonly<Record<string, string | undefined>>): string {
  const set = VARIABLES.map((name) => environment[name]).find((value) => value);
  return closestLocale(set ?? "", DISCORD_LOCALES) ?? ENGLISH;
}

/** The text behind the last `--locale`; undefined without one. */
function typedLocale(argv: readonly string[]): string | undefined {
  const end = argv.indexOf("--");
  const options = end === -1 ? argv : argv.slice(0, end);
  const values = options.flatMap((argument, at) => {
    if (argument.startsWith("--locale=")) return [argument.slice("--locale=".length)];
    const value = options[at + 1];
    return argument === "--locale" && value !== undefined && !value.startsWith("-") ? [value] : [];
  });
  return values.at(-1);
}
