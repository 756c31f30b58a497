import { type ParseArgsConfig, parseArgs } from "node:util";
import { ENGLISH, say } from "../messages/say.ts";
import { isCurrency } from "../prices/currencies.ts";
import { readAmount } from "../reading/amount.ts";
import type { Result } from "../result.ts";
import { US_DOLLARS } from "../valuation/currency.ts";
import { AVERAGE_LAMBO } from "../valuation/lambo-models.ts";
import type { TerminalLocale } from "./locale.ts";

/** The arguments of one question. */
export type TerminalArguments = {
  /** What is no option, in order. */
  readonly positionals: readonly string[];
  /** ISO 4217, in capitals. */
  readonly currency: string | undefined;
  readonly car: string;
  readonly json: boolean;
  /** The file to write the picture to. */
  readonly png: string | undefined;
  readonly demo: boolean;
  /** The locale that the answer is written in, and amounts and days are read in. */
  readonly locale: string;
  /** The options that only some kinds of question have, by name, as they were typed. */
  readonly own: Readonly<Record<string, string | undefined>>;
};

/**
 * Prefix for an argument that looks like a negative number, so that it is not parsed as an option.
 */
const NEGATIVE = "negative ";

type Options = NonNullable<ParseArgsConfig["options"]>;

const OPTIONS = {
  currency: { type: "string" },
  car: { type: "string" },
  json: { type: "boolean" },
  png: { type: "string" },
  demo: { type: "boolean" },
  locale: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const satisfies Options;

/**
 * Reads the arguments of a question; `names` are the options that only some kinds of question have.
 * Refused in a sentence in the terminal's locale.
 */
export function readArguments(
  argv: readonly string[],
  names: readonly string[],
  { locale, isChosen }: TerminalLocale,
): Result<{ readonly given: TerminalArguments | "help" | "version" }, { readonly why: string }> {
  // parseArgs would read "-5" as an option; it is an amount, though an invalid one.
  const args = argv.map((argument) =>
    /^-\.?\d/.test(argument) ? `${NEGATIVE}${argument}` : argument,
  );
  const ownOptions = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  const options: Options = { ...ownOptions, ...OPTIONS };
  // What is wrong is said here: parseArgs would say it in English.
  const { values, positionals, tokens } = parseArgs({
    ...{ args, options, tokens: true, strict: false, allowPositionals: true },
  });
  const why = misuseIn(tokens, options, locale);
  if (why !== undefined) return { ok: false, why };
  const textOf = (name: string) => {
    const typed = values[name];
    return typeof typed === "string" ? asTyped(typed) : undefined;
  };
  if (values["help"] === true) return { ok: true, given: "help" };
  if (values["version"] === true) return { ok: true, given: "version" };
  const typedCurrency = textOf("currency");
  const currency = typedCurrency?.toUpperCase();
  if (currency !== undefined && !isCurrency(currency))
    return {
      ok: false,
      why: say(locale, "terminal.unknown-currency", { typed: typedCurrency ?? "" }),
    };
  const json = values["json"] === true;
  const given = {
    positionals: positionals.map(asTyped),
    currency,
    car: textOf("car") ?? AVERAGE_LAMBO.key,
    json,
    png: textOf("png"),
    demo: values["demo"] === true,
    // A script must not get something else on a machine in another language.
    locale: json && !isChosen ? ENGLISH : locale,
    own: Object.fromEntries(
      names.flatMap((name) => {
        const typed = textOf(name);
        return typed === undefined ? [] : [[name, typed]];
      }),
    ),
  };
  return { ok: true, given };
}

type Tokens = ReturnType<
  typeof parseArgs<{ options: Options; tokens: true; strict: false; allowPositionals: true }>
>["tokens"];

/** What is wrong with the options, as a sentence; undefined when nothing is. */
function misuseIn(tokens: Tokens, options: Options, locale: string): string | undefined {
  for (const token of tokens) {
    if (token.kind !== "option") continue;
    const { rawName: option, value, inlineValue } = token;
    const declared = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (declared === undefined) return say(locale, "terminal.unknown-option", { option });
    if (declared.type === "boolean") {
      if (value !== undefined) return say(locale, "terminal.option-with-value", { option });
    } else if (value === undefined || (!inlineValue && value.startsWith("-")))
      return say(locale, "terminal.option-without-value", { option });
  }
  return undefined;
}

/** Whether a text is an amount of money, and so not meant as a coin. */
export function isAmount(text: string, locale: string): boolean {
  return readAmount(text, { locale, currency: US_DOLLARS.code }).ok;
}

function asTyped(argument: string): string {
  return argument.startsWith(NEGATIVE) ? argument.slice(NEGATIVE.length) : argument;
}
