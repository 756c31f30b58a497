import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { suggestAmounts } from "../../src/cards/amount-suggestions.ts";
import { DISCORD_LOCALES } from "../../src/messages/format.ts";
import { everyCurrency } from "../../src/prices/currencies.ts";
import { amountText, readAmount } from "../../src/reading/amount.ts";

const anyCurrency = fc.constantFrom(...everyCurrency().map(({ code }) => code));

describe("a suggested amount", () => {
  it("means the same whether a client sends its value or its name", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9_999_999 }),
        fc.integer({ min: 0, max: 5 }),
        anyCurrency,
        anyCurrency,
        fc.constantFrom(...DISCORD_LOCALES),
        (digits, decimals, named, own, locale) => {
          const typed = { amount: Number(`${digits}e-${decimals}`), currency: named };
          const context = { locale, currency: own };
          const usual = { stake: 1_000, currency: own };
          const suggestions = suggestAmounts(amountText(typed), { ...context, usual });
          const sent = suggestions.flatMap(({ name, value }) => [name, value]);
          expect(sent).toHaveLength(2);
          for (const text of sent) {
            const read = readAmount(text, context);
            expect([text, read]).toMatchObject([
              text,
              { ok: true, value: { amount: typed.amount } },
            ]);
            expect([text, read.ok && (read.value.currency ?? own)]).toEqual([text, named]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it("is in US dollars by name while the server's own currency has no rate", () => {
    const usual = { stake: 1_000, currency: "USD" };
    expect(suggestAmounts("", { locale: "en-US", currency: "EUR", usual })[0]).toEqual({
      name: "$1,000",
      value: "1000 USD",
    });
  });

  it("of a client that sends a number is that number", () => {
    const usual = { stake: 1_000, currency: "USD" };
    const [only, ...others] = suggestAmounts(1.234, { locale: "de", currency: "USD", usual });
    expect([only?.value, others]).toEqual(["1.2340", []]);
  });
});
