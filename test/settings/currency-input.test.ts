import { describe, expect, it } from "vitest";
import { currenciesOf } from "../../src/prices/currencies.ts";
import { findCurrency, suggestCurrencies } from "../../src/settings/currency-input.ts";

describe("a currency", () => {
  const known = currenciesOf(["USD", "EUR", "AUD", "CAD", "GBP", "SEK"]);

  it("is found by code or whole English name, in any letters", () => {
    expect(["eur", "EURO", " euro "].map((text) => findCurrency(text, known)?.code)).toEqual([
      "EUR",
      "EUR",
      "EUR",
    ]);
    expect(["e", "eu", "dollar", ""].map((text) => findCurrency(text, known))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("is suggested by the beginning of its code or of any word of its name", () => {
    const codes = (text: string) =>
      suggestCurrencies(text, known, 25).map((currency) => currency.code);
    expect(codes("dol")).toEqual(["USD", "AUD", "CAD"]);
    expect(codes("us d")).toEqual(["USD"]);
    expect(codes("s")).toEqual(["SEK"]);
    expect(suggestCurrencies("", known, 2)).toHaveLength(2);
  });
});
