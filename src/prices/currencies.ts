/**
 * A fiat currency: its ISO 4217 code in capitals and its English name, such as `EUR` and `Euro`.
 */
export type Currency = { readonly code: string; readonly name: string };

/** The currency that all prices are in. */
export const USD: Currency = { code: "USD", name: "US Dollar" };

/**
 * The best-known currencies, by share of the world's currency trade (BIS Triennial Survey of April
 * 2022, https://www.bis.org/statistics/rpfx22_fx.htm).
 */
const BEST_KNOWN = [
  ...["USD", "EUR", "JPY", "GBP", "CNY", "AUD", "CAD", "CHF", "HKD", "SGD", "SEK", "KRW", "NOK"],
  ...["NZD", "INR", "MXN", "TWD", "ZAR", "BRL", "DKK", "PLN", "THB", "ILS", "IDR", "CZK", "AED"],
  ...["TRY", "HUF", "CLP", "SAR", "PHP", "MYR", "COP", "RUB", "RON", "PEN", "ARS"],
];

/** CoinGecko still lists VEF at the rate of 2018, when Venezuela replaced it with VES. */
const WITHDRAWN = new Set(["VEF"]);

/**
 * Codes that begin with X are metals, funds and test codes, except these five (ISO 4217, checked
 * 2026-11).
 */
const X_CURRENCIES = new Set(["XAF", "XCD", "XCG", "XOF", "XPF"]);

let englishNames: Intl.DisplayNames | undefined;

/** The English name of a currency code. `Intl` takes 20 ms to get ready, so only when asked. */
function englishName(code: string): string | undefined {
  englishNames ??= new Intl.DisplayNames(["en"], { type: "currency", fallback: "none" });
  return englishNames.of(code);
}

/** Whether a text is the code (ISO 4217, capitals) of money that people can spend. */
export function isCurrency(code: string): boolean {
  if (!isCurrencyCode(code)) return false;
  return (!code.startsWith("X") || X_CURRENCIES.has(code)) && englishName(code) !== undefined;
}

/** Whether a text has the form of a currency code (ISO 4217, capitals) that is still in use. */
export function isCurrencyCode(code: string): boolean {
  return /^[A-Z]{3}$/.test(code) && !WITHDRAWN.has(code);
}

/** The English name of a currency (ISO 4217); the code itself when it is not one. */
export function currencyName(code: string): string {
  return (isCurrency(code) ? englishName(code) : undefined) ?? code;
}

/** Every currency that has a code and an English name, best known first, with or without a rate. */
export function everyCurrency(): readonly Currency[] {
  return currenciesOf(Intl.supportedValuesOf("currency"));
}

/**
 * The currencies behind these codes and US dollars, best known first, then by name; codes that no
 * longer mean money are left out.
 */
export function currenciesOf(codes: readonly string[]): readonly Currency[] {
  const place = (currency: Currency) => {
    const at = BEST_KNOWN.indexOf(currency.code);
    return at === -1 ? BEST_KNOWN.length : at;
  };
  return [...new Set([USD.code, ...codes])]
    .filter(isCurrency)
    .map((code) => ({ code, name: currencyName(code) }))
    .sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
}
