import { parseArgs } from "node:util";
import { say } from "../messages/say.ts";
import { isCurrency } from "../prices/currencies.ts";
import { errorText } from "../process/errors.ts";
import { readAmount } from "../reading/amount.ts";
import type { Result } from "../result.ts";
import { US_DOLLARS } from "../valuation/currency.ts";
import { AVERAGE_LAMBO } from "../valuation/lambo-models.ts";

/** The locale that answers are written in, and amounts are read in. */
export const LOCALE = "en-US";

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
  /** The options that only some kinds of question have, by name, as they were typed. */
  readonly own: Readonly<Record<string, string | undefined>>;
};

/**
 * Prefix for an argument that looks like a negative number, so that it is not parsed as an option.
 */
const NEGATIVE = "negative ";

/**
 * Reads the arguments of a question; `names` are the options that only some kinds of question have.
 * Refused in a sentence.
 */
export function readArguments(
  argv: readonly string[],
  names: readonly string[],
): Result<{ readonly given: TerminalArguments | "help" | "version" }, { readonly why: string }> {
  // parseArgs would read "-5" as an option; it is an amount, though an invalid one.
  const args = argv.map((argument) =>
    /^-\.?\d/.test(argument) ? `${NEGATIVE}${argument}` : argument,
  );
  const ownOptions = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        ...ownOptions,
        currency: { type: "string" },
        car: { type: "string" },
        json: { type: "boolean" },
        png: { type: "string" },
        demo: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean" },
      },
    });
    if (values.help) return { ok: true, given: "help" };
    if (values.version) return { ok: true, given: "version" };
    const currency = values.currency?.toUpperCase();
    if (currency !== undefined && !isCurrency(currency))
      return {
        ok: false,
        why: say(LOCALE, "terminal.unknown-currency", { typed: String(values.currency) }),
      };
    const given = {
      positionals: positionals.map(asTyped),
      currency,
      car: values.car ?? AVERAGE_LAMBO.key,
      json: values.json ?? false,
      png: values.png,
      demo: values.demo ?? false,
      own: Object.fromEntries(
        Object.entries<unknown>(values).flatMap(([name, typed]) =>
          names.includes(name) && typeof typed === "string" ? [[name, asTyped(typed)]] : [],
        ),
      ),
    };
    return { ok: true, given };
  } catch (error) {
    return { ok: false, why: errorText(error) };
  }
}

/** Whether a text is an amount of money, and so not meant as a coin. */
export function isAmount(text: string): boolean {
  return readAmount(text, { locale: LOCALE, currency: US_DOLLARS.code }).ok;
}

function asTyped(argument: string): string {
  return argument.startsWith(NEGATIVE) ? argument.slice(NEGATIVE.length) : argument;
}
