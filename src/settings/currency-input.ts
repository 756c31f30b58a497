import { say } from "../messages/say.ts";
import { comparable } from "../prices/coins/coin.ts";
import { type Currency, everyCurrency } from "../prices/currencies.ts";
import type { Ask } from "../prices/price-source.ts";
import type { Services } from "../services.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
import { accepted, type Checked, echo, rejected } from "./checked-input.ts";

/** Checks a typed currency: it must exist and have an exchange rate. */
export async function checkCurrency(
  text: string,
  { rates, ask }: Pick<Services, "rates"> & { readonly ask: Ask },
): Promise<Checked<ShownCurrency>> {
  // Requesting the rate of a currency that is not offered yet may make it known.
  const currency = findCurrency(text, rates.currencies()) ?? findCurrency(text, everyCurrency());
  const perUsd = currency === undefined ? undefined : await rates.perUsd(currency.code, ask);
  if (currency !== undefined && perUsd !== undefined)
    return accepted({ code: currency.code, perUsd });
  return rates.currencies().length > 1
    ? rejected(say("set-answers.unknown-currency", { typed: echo(text) }))
    : rejected(say("set-answers.no-rates"));
}

/** Finds a currency by its code or its full English name. */
export function findCurrency(text: string, currencies: readonly Currency[]): Currency | undefined {
  const wanted = comparable(text);
  return currencies.find(
    ({ code, name }) => comparable(code) === wanted || comparable(name) === wanted,
  );
}

/**
 * Currencies that match what is being typed, in the given order: by the beginning of the code, or
 * of any word of the name.
 */
export function suggestCurrencies(
  text: string,
  currencies: readonly Currency[],
  limit: number,
): readonly Currency[] {
  const wanted = comparable(text);
  const matches = ({ code, name }: Currency) =>
    comparable(code).startsWith(wanted) ||
    comparable(name)
      .split(" ")
      .some((_word, at, words) => words.slice(at).join(" ").startsWith(wanted));
  return currencies.filter(matches).slice(0, limit);
}
