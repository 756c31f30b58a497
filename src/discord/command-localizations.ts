import { DISCORD_LOCALES } from "../messages/format.ts";
import { ENGLISH, languageOf } from "../messages/say.ts";
import type { Command } from "./command.ts";
import { type CommandJson, commandJson, commandsJson, expectLength } from "./command-json.ts";

/** A language in which a command keeps its English texts, and why. */
export type LeftOutLanguage = {
  readonly command: string;
  readonly language: string;
  readonly why: string;
};

/** The commands as Discord gets them. */
export type LocalizedCommands = {
  readonly commands: readonly CommandJson[];
  readonly leftOut: readonly LeftOutLanguage[];
};

/**
 * The declared commands as Discord's JSON, in English and in every language that the bot speaks, or
 * in those of some of Discord's locales. A language whose texts break Discord's rules is left out
 * for that command. Throws a plain sentence when the declaration itself does.
 */
export function localizedCommands(
  declared: readonly Command[],
  locales: readonly string[] = DISCORD_LOCALES,
): LocalizedCommands {
  const leftOut: LeftOutLanguage[] = [];
  const inEnglish = commandsJson(declared);
  const commands = declared.map((command, index) => {
    let localized = inEnglish[index] ?? commandJson(command, ENGLISH);
    for (const [language, codes] of codesByLanguage(locales)) {
      try {
        const other = commandJson(command, codes[0] ?? language);
        const added = withLanguage(localized, other, codes);
        expectLength(added);
        localized = added;
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        leftOut.push({ command: command.name, language, why });
      }
    }
    return localized;
  });
  return { commands, leftOut };
}

/** Discord's codes of the languages that the bot speaks, without English. */
function codesByLanguage(locales: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const byLanguage = new Map<string, readonly string[]>();
  for (const code of locales) {
    const language = languageOf(code);
    if (language !== languageOf(ENGLISH))
      byLanguage.set(language, [...(byLanguage.get(language) ?? []), code]);
  }
  return byLanguage;
}

type Localizations = Partial<Record<string, string | null>> | null | undefined;

/** What has texts: a command, an option, or a choice. */
type Part = {
  readonly name: string;
  readonly name_localizations?: Localizations;
  readonly description?: string | undefined;
  readonly description_localizations?: Localizations;
  readonly options?: readonly Part[] | undefined;
  readonly choices?: readonly Part[] | undefined;
};

/** A part with the texts of another language, which has the same parts in the same order. */
function withLanguage<Localized extends Part>(
  part: Localized,
  other: Part,
  codes: readonly string[],
): Localized {
  const inner = (parts: readonly Part[] | undefined, others: readonly Part[] | undefined) =>
    parts?.map((each, index) => withLanguage(each, others?.[index] ?? each, codes));
  expectOwnNames(part.options ?? [], other.options ?? []);
  return {
    ...part,
    ...localizations("name_localizations", part, part.name, other.name, codes),
    ...localizations("description_localizations", part, part.description, other.description, codes),
    ...(part.options !== undefined && { options: inner(part.options, other.options) }),
    ...(part.choices !== undefined && { choices: inner(part.choices, other.choices) }),
  };
}

function localizations(
  key: "name_localizations" | "description_localizations",
  part: Part,
  english: string | undefined,
  other: string | undefined,
  codes: readonly string[],
) {
  if (other === undefined || other === english) return {};
  return { [key]: { ...part[key], ...Object.fromEntries(codes.map((code) => [code, other])) } };
}

/**
 * Names of options differ from each other, and from the English names of the others
 * (interactions/application-commands#localization, 2026-11).
 */
function expectOwnNames(english: readonly Part[], others: readonly Part[]): void {
  for (const [index, { name }] of others.entries()) {
    const isTaken =
      others.some((other, place) => place !== index && other.name === name) ||
      english.some((other, place) => place !== index && other.name === name);
    if (isTaken) throw new Error(`"${name}" is the name of two options`);
  }
}
