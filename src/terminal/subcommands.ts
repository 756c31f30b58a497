import { say } from "../messages/say.ts";
import type { Result } from "../result.ts";
import { isAmount, type TerminalArguments } from "./arguments.ts";
import { compare } from "./compare.ts";
import { lambo } from "./lambo.ts";
import type { BadUsage, Question, Subcommand } from "./subcommand.ts";
import { wen } from "./wen.ts";

/** By the word that they begin with. */
const SUBCOMMANDS: ReadonlyMap<string, Subcommand> = new Map([
  ["compare", compare],
  ["wen", wen],
]);

/** The options that some subcommands have and others have not. */
export const OWN_OPTIONS: readonly string[] = [
  ...new Set([lambo, ...SUBCOMMANDS.values()].flatMap(({ options }) => options)),
];

/** The question that arguments ask: a subcommand's, or without one what a coin was worth. */
export function questionOf(given: TerminalArguments): Result<{ readonly ask: Question }, BadUsage> {
  const word = wordOf(given.positionals, given.locale);
  const subcommand = (word !== undefined && SUBCOMMANDS.get(word)) || lambo;
  const foreign = Object.keys(given.own).find((name) => !subcommand.options.includes(name));
  if (foreign !== undefined)
    return {
      ok: false,
      why: say(given.locale, "terminal.not-with-this", { option: `--${foreign}` }),
    };
  const positionals = subcommand === lambo ? given.positionals : given.positionals.slice(1);
  return subcommand.questionOf({ ...given, positionals });
}

/**
 * The subcommand that arguments begin with. Some coins have such a name, so the word counts only in
 * front of something that may be a coin: `wen` and `wen 1000` ask about a coin.
 */
function wordOf([word, next]: readonly string[], locale: string): string | undefined {
  return next === undefined || isAmount(next, locale) ? undefined : word;
}
