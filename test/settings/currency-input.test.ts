import { describe, expect, it } from "vitest";
import { formatCurrencyName } from "../../src/messages/format.ts";
import { spokenLanguages } from "../../src/messages/say.ts";
import { currenciesOf } from "../../src/prices/currencies.ts";
import { findCurrency, suggestCurrencies } from "../../src/settings/currency-input.ts";

describe("a currency", () => {
  const known = currenciesOf(["USD", "EUR", "AUD", "CAD", "GBP", "SEK"]);

  it.each([
    ["EUR", ["eur", "EURO", " euro ", "euros", "€", "EUR · Euro", "`eur`", "Ｅｕｒ"]],
    ["USD", ["$", "usd", "dollar", "dollars", "US dollar", "US$", "USD · US Dollar", "bucks"]],
    ["JPY", ["yen", "jpy", "¥", "円", "Japanese yen"]],
    ["GBP", ["£", "pound", "pounds", "quid", "British pound"]],
    ["CHF", ["Swiss franc", "swiss francs", "chf", "fr"]],
    ["INR", ["₹", "rupee", "rs", "Indian rupees"]],
    ["SEK", ["Swedish krona", "sek"]],
    ["BRL", ["R$", "reais", "Brazilian real"]],
    ["CNY", ["rmb", "yuan", "人民币"]],
    [undefined, ["", "e", "peso", "bitcoin", "euroo", "x".repeat(500), "__proto__"]],
  ])("%s is what %j mean", (code, texts) => {
    for (const text of texts) expect([text, findCurrency(text, "en-US")]).toEqual([text, code]);
  });

  it.each(spokenLanguages())("is named and read in the language %s", (language) => {
    for (const { code } of known) {
      const name = formatCurrencyName(code, language);
      expect([name, findCurrency(name, language)]).toEqual([name, code]);
      const suggested = suggestCurrencies(name, known, { locale: language, limit: 1 });
      expect([name, suggested[0]?.code]).toEqual([name, code]);
    }
  });

  it("is suggested by the beginning of its code or of any word of its name", () => {
    const codes = (text: string) =>
      suggestCurrencies(text, known, { locale: "en-US", limit: 25 }).map(
        (currency) => currency.code,
      );
    expect(codes("dol")).toEqual(["USD", "AUD", "CAD"]);
    expect(codes("us d")).toEqual(["USD"]);
    expect(codes("s")).toEqual(["SEK"]);
    expect(suggestCurrencies("", known, { locale: "en-US", limit: 2 })).toHaveLength(2);
    expect(codes("€")).toEqual(["EUR"]);
    expect(codes("quid")).toEqual(["GBP"]);
    expect(codes("EUR · Euro")).toEqual(["EUR"]);
    expect(codes("eruo")).toEqual(["EUR"]);
    expect(codes("zzzz")).toEqual([]);
    const [german] = suggestCurrencies("schwed", known, { locale: "de", limit: 25 });
    expect(german?.code).toBe("SEK");
  });
});
