import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isCurrency } from "../../src/prices/currencies.ts";
import { EMPTY_RATES, usableRate, withTable } from "../../src/prices/exchange-rate-book.ts";

const HOUR_MS = 3_600_000;
const AT_MS = Date.parse("2026-11-24T12:00:00Z");
const anything = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.string(),
  fc.constantFrom(
    null,
    undefined,
    true,
    {},
    [],
    "4",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    0,
    -1,
    1e300,
    1e-300,
  ),
);

describe("the exchange rate book", () => {
  it("takes only possible numbers from a table, and keeps all other currencies", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), anything),
        fc.dictionary(fc.constantFrom("EUR", "JPY", "PLN", "__proto__"), anything),
        (odd, named) => {
          const book = withTable(EMPTY_RATES, { EUR: 0.9, JPY: 150 }, AT_MS);
          const after = withTable(book, { ...odd, ...named }, AT_MS + HOUR_MS);
          for (const [code, { perUsd }] of Object.entries(after.rates)) {
            expect(code).toMatch(/^[A-Z]{3}$/);
            expect(perUsd >= 1e-3 && perUsd <= 1e9).toBe(true);
          }
          for (const code of ["EUR", "JPY"]) {
            const times =
              (usableRate(after, code, AT_MS + HOUR_MS) ?? 0) /
              (usableRate(book, code, AT_MS) ?? 0);
            expect(times > 0.1 && times < 10, code).toBe(true);
          }
        },
      ),
    );
  });

  it("takes no confirmation from a table minutes later: a source repeats its own misprint", () => {
    const book = withTable(EMPTY_RATES, { PLN: 4 }, AT_MS);
    const doubted = withTable(book, { PLN: 4_000 }, AT_MS + 7 * HOUR_MS);
    const soon = withTable(doubted, { PLN: 4_000 }, AT_MS + 7 * HOUR_MS + 60_000);
    expect(soon.rates["PLN"]?.perUsd).toBe(4);
    const later = withTable(soon, { PLN: 4_000 }, AT_MS + 7 * HOUR_MS + 600_000);
    expect(later.rates["PLN"]?.perUsd).toBe(4_000);
  });

  it("forgets a doubt when a table agrees with what is known", () => {
    const book = withTable(EMPTY_RATES, { PLN: 4 }, AT_MS);
    const doubted = withTable(book, { PLN: 400 }, AT_MS + HOUR_MS);
    const calm = withTable(doubted, { PLN: 4.1 }, AT_MS + 7 * HOUR_MS);
    expect(withTable(calm, { PLN: 400 }, AT_MS + 14 * HOUR_MS).rates["PLN"]?.perUsd).toBe(4.1);
  });

  it("uses no rate that is a week old, or from the future", () => {
    const book = withTable(EMPTY_RATES, { PLN: 4 }, AT_MS);
    expect(usableRate(book, "PLN", AT_MS + 7 * 24 * HOUR_MS - 1)).toBe(4);
    expect(usableRate(book, "PLN", AT_MS + 7 * 24 * HOUR_MS)).toBeUndefined();
    expect(usableRate(book, "PLN", AT_MS - 1)).toBeUndefined();
    expect(usableRate(book, "constructor", AT_MS)).toBeUndefined();
  });
});

describe("a currency", () => {
  it("is money that people can spend: no coin, metal, test code or withdrawn currency", () => {
    expect(["USD", "EUR", "XOF", "XCD", "VES", "KWD"].filter((code) => !isCurrency(code))).toEqual(
      [],
    );
    expect(
      ["BTC", "XAU", "XDR", "XXX", "ZZZ", "VEF", "eur", "", "SATS", "__proto__"].filter(isCurrency),
    ).toEqual([]);
  });
});
