import { formatCurrencyName } from "../messages/format.ts";
import { alternatives } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import { comparable } from "../prices/coins/coin.ts";
import { slipCost, slipsAllowed } from "../prices/coins/slips.ts";
import { type Currency, currenciesOf, everyCurrency } from "../prices/currencies.ts";
import type { Ask } from "../prices/price-source.ts";
import { currenciesNamed, currencyMeant } from "../reading/currency-names.ts";
import type { Services } from "../services.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
import { accepted, type Checked, echo, rejected } from "./checked-input.ts";

/** Of three letters two may be swapped; with another letter it is another code. */
const MAX_CODE_COST = 0.8;
/** Currencies named in a refusal. */
const MAX_NAMED = 4;

/**
 * Checks a typed currency: a code, sign or name, or the label of a suggestion. It must exist and
 * have an exchange rate; a refusal names the currencies that may be meant.
 */
export async function checkCurrency(
  text: string,
  { rates, locale, ask }: Pick<Services, "rates"> & { readonly locale: string; readonly ask: Ask },
): Promise<Checked<ShownCurrency>> {
  const code = findCurrency(text, locale);
  if (code !== undefined) {
    const perUsd = await rates.perUsd(code, ask);
    if (perUsd !== undefined) return accepted({ code, perUsd });
    return rejected(
      rates.currencies().length > 1
        ? say(locale, "set-answers.no-rate", { currency: label(code, locale) })
        : say(locale, "set-answers.no-rates"),
    );
  }
  const named = { typed: echo(text), currencies: listed(possibleCodes(text, locale), locale) };
  if (named.currencies !== "")
    return rejected(say(locale, "set-answers.several-currencies", named));
  const similar = listed(
    similarCurrencies(text, everyCurrency()).map((currency) => currency.code),
    locale,
  );
  return rejected(
    similar === ""
      ? say(locale, "set-answers.unknown-currency", { typed: named.typed })
      : say(locale, "set-answers.unknown-currency.similar", { ...named, currencies: similar }),
  );
}

/**
 * The code (ISO 4217) of the currency that a text names: by code, sign or name, or the label of a
 * suggestion. Undefined when it names none, or several and nothing says which.
 */
export function findCurrency(text: string, locale: string): string | undefined {
  const named = currenciesNamed(typedName(text), locale);
  // The server's present currency decides nothing about the next one.
  return named === undefined ? undefined : currencyMeant(named, { locale, currency: "" });
}

/**
 * Currencies that match what is being typed, in the given order: the one that it means as it
 * stands, then by the beginning of the code or of any word of the name, or else what is similar.
 */
export function suggestCurrencies(
  text: string,
  currencies: readonly Currency[],
  { locale, limit }: { readonly locale: string; readonly limit: number },
): readonly Currency[] {
  const wanted = comparable(typedName(text));
  const meant = findCurrency(text, locale);
  const codes = meant === undefined ? possibleCodes(text, locale) : [meant];
  const hasWord = (name: string) =>
    comparable(name)
      .split(" ")
      .some((_word, at, words) => words.slice(at).join(" ").startsWith(wanted));
  const matches = ({ code, name }: Currency) =>
    comparable(code).startsWith(wanted) ||
    hasWord(name) ||
    hasWord(formatCurrencyName(code, locale));
  const found = [
    ...currencies.filter(({ code }) => wanted !== "" && codes.includes(code)),
    ...currencies.filter(matches),
  ];
  return [...new Set(found.length > 0 ? found : similarCurrencies(text, currencies))].slice(
    0,
    limit,
  );
}

/** Of a label only the code is left. */
function typedName(text: string): string {
  const [name = ""] = text.normalize("NFKC").split(" · ");
  return name
    .toLowerCase()
    .replace(/^["'`“”\s]+|["'`“”\s]+$/g, "")
    .replace(/\s+/g, " ");
}

function possibleCodes(text: string, locale: string): readonly string[] {
  return currenciesNamed(typedName(text), locale)?.codes ?? [];
}

function similarCurrencies(text: string, currencies: readonly Currency[]): readonly Currency[] {
  const wanted = comparable(typedName(text));
  const most = slipsAllowed(wanted.length);
  const cost = ({ code, name }: Currency) => {
    const words = comparable(name);
    const noun = words.split(" ").at(-1) ?? words;
    const codeCost = slipCost(wanted, comparable(code));
    return Math.min(
      codeCost > MAX_CODE_COST ? Number.POSITIVE_INFINITY : codeCost,
      ...[words, noun].map((known) => slipCost(wanted, known)),
    );
  };
  return currencies
    .map((currency) => ({ currency, cost: cost(currency) }))
    .filter((candidate) => candidate.cost <= most)
    .sort((one, other) => one.cost - other.cost)
    .map(({ currency }) => currency);
}

/** The first of these currencies, best known first, as words; empty for none. */
function listed(codes: readonly string[], locale: string): string {
  // US dollars are always among `currenciesOf`.
  const known = currenciesOf(codes).filter(({ code }) => codes.includes(code));
  return alternatives(
    known.slice(0, MAX_NAMED).map(({ code }) => label(code, locale)),
    locale,
  );
}

function label(code: string, locale: string): string {
  const name = formatCurrencyName(code, locale);
  return name === code ? code : say(locale, "set-answers.currency", { code, name: echo(name) });
}
