import { IntlMessageFormat } from "intl-messageformat";
import { DISCORD_LIMITS } from "../../src/discord/limits.ts";

/** Messages of one language by key, as read from its file. */
export type Messages = Readonly<Record<string, unknown>>;

type Elements = ReturnType<IntlMessageFormat["getAst"]>;

/** How a message uses a placeholder. */
type Use = {
  readonly isShown: boolean;
  /** What each select or plural on it distinguishes. */
  readonly choices: readonly {
    readonly kind: "select" | "plural";
    readonly of: readonly string[];
  }[];
};

// TYPE of @formatjs/icu-messageformat-parser, which intl-messageformat does not export.
const [ARGUMENT, NUMBER, DATE, TIME, SELECT, PLURAL, POUND] = [1, 2, 3, 4, 5, 6, 7] as const;

/** The numbered groups of jokes, as many in each language as are good. */
const LINE = /^(verdict-line\.[\w-]+|wen-line\.[\w-]+|digest\.mood\.\w+)\.(\d+)$/;
const LINES = { least: 6, most: 13, not: 10 };
/** Discord's rule for names (interactions/application-commands#naming, 2026-11). */
const NAME = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u;
/** What is drawn may be this much longer than in English, or have this many characters. */
const DRAWN = { times: 1.6, least: 12 };

/**
 * What is wrong with a language's messages, beside the English ones: a sentence for each, which
 * begins with the key where there is one. `language` is the code that its file is called by.
 */
export function problemsIn(language: string, own: Messages, english: Messages): readonly string[] {
  return [
    ...keyProblems(own, english),
    ...lineProblems(own, english),
    ...nameProblems(own, english),
    ...Object.entries(own).flatMap(([key, message]) => {
      const model = english[key] ?? (LINE.test(key) ? "" : undefined);
      if (!isText(message) || typeof model !== "string") return [];
      return [
        ...formProblems(language, message, model),
        ...lengthProblems(key, message, model),
        ...markdownProblems(message),
        ...commandProblems(message, own),
        ...englishProblems(message, model),
      ].map((problem) => `${key}: ${problem}`);
    }),
  ];
}

function keyProblems(own: Messages, english: Messages): readonly string[] {
  const isExpected = (key: string) => Object.hasOwn(english, key) || LINE.test(key);
  return [
    ...Object.keys(english).flatMap((key) =>
      Object.hasOwn(own, key) || LINE.test(key) ? [] : [`${key}: missing`],
    ),
    ...Object.entries(own).flatMap(([key, message]) => {
      if (!isExpected(key)) return [`${key}: unknown key, English has no such message`];
      return isText(message) ? [] : [`${key}: no text`];
    }),
  ];
}

function isText(message: unknown): message is string {
  return typeof message === "string" && message.trim() !== "";
}

function lineProblems(own: Messages, english: Messages): readonly string[] {
  const groups = new Set(Object.keys(english).flatMap((key) => LINE.exec(key)?.[1] ?? []));
  const counts = [...groups].flatMap((group) => {
    const lines = Object.keys(own).flatMap((key) => {
      const [, ofGroup, number] = LINE.exec(key) ?? [];
      return ofGroup === group ? [Number(number)] : [];
    });
    const gap = lines.length > 0 && Math.max(...lines) !== lines.length;
    const { least, most, not } = LINES;
    return [
      ...(lines.length < least || lines.length > most || lines.length === not
        ? [`${group}: ${lines.length} lines, there should be ${least} to ${most}, and not ${not}`]
        : []),
      ...(gap ? [`${group}: the lines are not numbered from 1 to ${lines.length}`] : []),
    ];
  });
  const unknown = Object.keys(own).filter((key) => !groups.has(LINE.exec(key)?.[1] ?? key));
  const said = new Map<unknown, string>();
  const twice = Object.entries(own).flatMap(([key, message]) => {
    if (!LINE.test(key)) return [];
    const first = said.get(message);
    said.set(message, key);
    return first === undefined ? [] : [`${key}: the same line as ${first}`];
  });
  return [
    ...counts,
    ...unknown.filter((key) => LINE.test(key)).map((key) => `${key}: no such group of lines`),
    ...twice,
  ];
}

function nameProblems(own: Messages, english: Messages): readonly string[] {
  const names = Object.entries(own).filter(([key]) => key.startsWith("name."));
  return names.flatMap(([key, name], place) => {
    if (typeof name !== "string") return [];
    const inEnglish = Object.keys(english).find(
      (other) => other.startsWith("name.") && other !== key && english[other] === name,
    );
    const [inOwn] = names.slice(0, place).find(([, earlier]) => earlier === name) ?? [];
    return [
      ...(NAME.test(name) && name === name.toLowerCase()
        ? []
        : [`${key}: a name has 1 to 32 lower-case letters, digits, - or _, and no spaces`]),
      ...(inEnglish === undefined ? [] : [`${key}: “${name}” is the English name of ${inEnglish}`]),
      ...(inOwn === undefined ? [] : [`${key}: ${inOwn} has the same name`]),
    ];
  });
}

function formProblems(language: string, message: string, model: string): readonly string[] {
  let own: ReadonlyMap<string, Use>;
  try {
    own = usesIn(message);
  } catch (error) {
    return [`no ICU message: ${error instanceof Error ? error.message : String(error)}`];
  }
  const given = usesIn(model);
  const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
  return [
    ...[...given].flatMap(([name, { isShown }]) =>
      isShown && !own.get(name)?.isShown ? [`{${name}} is missing`] : [],
    ),
    ...[...own].flatMap(([name, { isShown, choices }]) => {
      const inEnglish = given.get(name);
      if (inEnglish === undefined) return [`unknown placeholder {${name}}`];
      return [
        ...(isShown && !inEnglish.isShown ? [`{${name}} is for choosing, not for showing`] : []),
        ...choices.flatMap(({ kind, of }) => {
          const model = inEnglish.choices.filter((choice) => choice.kind === kind);
          if (model.length === 0) return [`{${name}} is no ${kind}`];
          return kind === "select"
            ? optionProblems(name, of, [...new Set(model.flatMap((choice) => choice.of))])
            : pluralProblems(name, of, { language, categories });
        }),
      ];
    }),
    ...(hasPound(parse(message))
      ? ["a # is written without digit groups: use the placeholder"]
      : []),
  ];
}

function optionProblems(
  name: string,
  options: readonly string[],
  expected: readonly string[],
): readonly string[] {
  return [
    ...options.flatMap((option) =>
      expected.includes(option) ? [] : [`{${name}} has no option ${option}`],
    ),
    // A language may say the same for all.
    ...(options.join() === "other" ? [] : expected).flatMap((option) =>
      options.includes(option) ? [] : [`{${name}}: option ${option} is missing`],
    ),
  ];
}

function pluralProblems(
  name: string,
  options: readonly string[],
  { language, categories }: { readonly language: string; readonly categories: readonly string[] },
): readonly string[] {
  const named = options.filter((option) => !option.startsWith("="));
  // Numbers that are all written out need no categories but one for the others.
  const isWrittenOut = named.length < options.length && named.join() === "other";
  return [
    ...named.flatMap((option) =>
      categories.includes(option)
        ? []
        : [`{${name}}: ${language} has no plural ${option}, only ${categories.join(", ")}`],
    ),
    ...(isWrittenOut ? [] : categories).flatMap((category) =>
      named.includes(category) ? [] : [`{${name}}: plural ${category} is missing`],
    ),
  ];
}

function lengthProblems(key: string, message: string, model: string): readonly string[] {
  const length = [...message].length;
  const isDrawn = /^(picture|leaderboard)\./.test(key) && !/\.alt\b/.test(key);
  const most = key.startsWith("command.lambo-check")
    ? DISCORD_LIMITS.commandNameLength
    : key.startsWith("command.")
      ? DISCORD_LIMITS.commandDescriptionLength
      : key === "stake-modal.title"
        ? DISCORD_LIMITS.modalTitleLength
        : key === "stake-modal.label"
          ? DISCORD_LIMITS.labelLength
          : isDrawn
            ? Math.max(DRAWN.least, Math.floor([...model].length * DRAWN.times))
            : Number.POSITIVE_INFINITY;
  return length <= most ? [] : [`${length} characters, there is room for ${most}`];
}

function markdownProblems(message: string): readonly string[] {
  return ["**", "`"].flatMap((mark) =>
    message.split(mark).length % 2 === 1 ? [] : [`a ${mark} without its partner`],
  );
}

/** Commands and options in backticks are called as the language calls them. */
function commandProblems(message: string, own: Messages): readonly string[] {
  const names = new Set(
    Object.entries(own).flatMap(([key, name]) => (key.startsWith("name.") ? [name] : [])),
  );
  return [...message.matchAll(/`(\/?)([^`]*)`/g)].flatMap(([span, slash, text = ""]) => {
    const words = text.split(/\s+/);
    const options = words.flatMap((word) => /^(\p{L}[-_'\p{L}\p{N}]*):/u.exec(word)?.[1] ?? []);
    const isId = (option: string) => option === "id";
    const command = slash === "" ? [] : words.slice(0, 1).filter((word) => !word.startsWith("{"));
    const subcommand =
      command[0] === own["name.config"]
        ? words.slice(1, 2).filter((word) => !/[:{]/.test(word))
        : [];
    return [...command, ...subcommand, ...options].flatMap((word) =>
      names.has(word) || isId(word) ? [] : [`${span}: “${word}” is no command or option here`],
    );
  });
}

/** A sentence that is still the English one. */
function englishProblems(message: string, model: string): readonly string[] {
  let words = model.replace(/`[^`]*`|\[[^\]]*\]\([^)]*\)/g, "");
  for (let inner = ""; inner !== words; ) {
    inner = words;
    words = inner.replace(/\{[^{}]*\}/g, "");
  }
  const found = words.match(/\b[a-z]{3,}\b/g) ?? [];
  return message === model && found.length >= 3 ? ["still in English"] : [];
}

function parse(message: string): Elements {
  return new IntlMessageFormat(message, "en", undefined, { ignoreTag: true }).getAst();
}

/** The placeholders of a message; throws where it is malformed. */
function usesIn(message: string): ReadonlyMap<string, Use> {
  const uses = new Map<string, Use>();
  const walk = (elements: Elements): void => {
    for (const element of elements) {
      if (
        element.type === ARGUMENT ||
        element.type === NUMBER ||
        element.type === DATE ||
        element.type === TIME
      ) {
        const known = uses.get(element.value);
        uses.set(element.value, { isShown: true, choices: known?.choices ?? [] });
      }
      if (element.type === SELECT || element.type === PLURAL) {
        const known = uses.get(element.value) ?? { isShown: false, choices: [] };
        const kind = element.type === SELECT ? "select" : "plural";
        const choice = { kind, of: Object.keys(element.options) } as const;
        uses.set(element.value, { ...known, choices: [...known.choices, choice] });
        for (const { value } of Object.values(element.options)) walk(value);
      }
    }
  };
  walk(parse(message));
  return uses;
}

function hasPound(elements: Elements): boolean {
  return elements.some(
    (element) =>
      element.type === POUND ||
      ((element.type === SELECT || element.type === PLURAL) &&
        Object.values(element.options).some(({ value }) => hasPound(value))),
  );
}
