import { readdirSync, readFileSync } from "node:fs";
import { errorText } from "../process/errors.ts";
import { closestLocale } from "./locale-match.ts";

/** A language that the bot speaks. */
export type Language = {
  /** The name of its catalogue, a locale code: "de", "pt-BR", "en". */
  readonly code: string;
  /** Its messages by key, as ICU MessageFormat; what is missing is said in English. */
  readonly messages: ReadonlyMap<string, string>;
};

/** The catalogues of a folder, each read when it is first needed. */
export type Catalogues = {
  /** The language of a locale, which may be any text; English where there is no catalogue. */
  languageOf(locale: string): Language;
  /** The codes of all languages, English included, in alphabetical order. */
  codes(): readonly string[];
  /**
   * Reads every catalogue, or only that of a locale; the files that cannot be used, each with what
   * is wrong with it.
   */
  problems(locale?: string): readonly string[];
};

const ENGLISH_CODE = "en";
/** More locales than people have; others may come from anywhere, and are looked up each time. */
const MAX_LOCALES = 500;

/**
 * The catalogues `<code>.json` in a folder, beside English. One that cannot be read, or that is not
 * there although its code is among `expected`, is empty, so that its readers get English.
 */
export function openCatalogues(
  folder: URL,
  english: Readonly<Record<string, string>>,
  expected: readonly string[] = [],
): Catalogues {
  const languages = new Map<string, Language>([
    [ENGLISH_CODE, { code: ENGLISH_CODE, messages: new Map(Object.entries(english)) }],
  ]);
  const byLocale = new Map<string, Language>();
  const problems = new Map<string, string>();
  let listed: readonly string[] | undefined;

  function codes(): readonly string[] {
    listed ??= [...new Set([...listedIn(), ...expected, ENGLISH_CODE])].sort();
    return listed;
  }

  function listedIn(): readonly string[] {
    try {
      return readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .map((name) => name.slice(0, -".json".length));
    } catch (error) {
      problems.set("", errorText(error));
      return [];
    }
  }

  function languageNamed(code: string): Language {
    const known = languages.get(code);
    if (known !== undefined) return known;
    const read = { code, messages: messagesIn(code) };
    languages.set(code, read);
    return read;
  }

  function messagesIn(code: string): ReadonlyMap<string, string> {
    const file = `${code}.json`;
    try {
      // Editors on Windows put a byte order mark in front.
      const text = readFileSync(new URL(file, folder), "utf8").replace(/^\uFEFF/, "");
      const content: unknown = JSON.parse(text);
      if (!isObject(content)) throw new Error("this is no object of texts");
      const messages = Object.entries(content).filter(isMessage);
      const others = Object.keys(content).length - messages.length;
      if (others > 0) problems.set(code, `${file}: ${others} values are no texts`);
      return new Map(messages);
    } catch (error) {
      problems.set(code, `${file}: ${errorText(error)}`);
      return new Map();
    }
  }

  function languageOf(locale: string): Language {
    const known = byLocale.get(locale);
    if (known !== undefined) return known;
    const found = languageNamed(closestLocale(locale, codes()) ?? ENGLISH_CODE);
    if (byLocale.size < MAX_LOCALES) byLocale.set(locale, found);
    return found;
  }

  return {
    languageOf,
    codes,
    problems(locale) {
      if (locale !== undefined) {
        const problem = problems.get(languageOf(locale).code);
        return problem === undefined ? [] : [problem];
      }
      for (const code of codes()) languageNamed(code);
      return [...problems.values()];
    },
  };
}

function isObject(content: unknown): content is object {
  return typeof content === "object" && content !== null && !Array.isArray(content);
}

function isMessage(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === "string";
}
