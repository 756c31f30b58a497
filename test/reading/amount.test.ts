import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DISCORD_LOCALES, formatMoney, formatMoneyExact } from "../../src/messages/format.ts";
import { everyCurrency } from "../../src/prices/currencies.ts";
import { amountText, readAmount } from "../../src/reading/amount.ts";
import { anyText } from "../support/any-text.ts";

const LOCALES = ["en-US", "de", "fr", "hi", "pt-BR", "sv-SE"] as const;
type Column = (typeof LOCALES)[number];

/**
 * What a text is read as: the amount, the currency named (if any), and "or <amount>" when it could
 * have meant another one; "!<reason>" when it is refused.
 */
type Reading = string;

/** One text: its reading in every locale, or in some of them and in all others. */
type Row = readonly [
  text: string,
  reading: Reading,
  others?: Readonly<Partial<Record<Column, Reading>>>,
];

const ROWS: readonly Row[] = [
  // Plain numbers
  ["1000", "1000"],
  ["1", "1"],
  ["0.5", "0.5"],
  ["659.34", "659.34"],
  ["1234.5", "1234.5"],
  ["1234.5678", "1234.5678"],
  [" 1000 ", "1000"],
  ["0001000", "1000"],
  [".5", "0.5"],
  [",5", "0.5"],
  ["0,5", "0.5"],
  ["0.001", "0.001"],
  ["0,001", "0.001"],
  ["5.", "5"],
  ["5,", "5"],
  ["+5", "5"],
  ["1e6", "1000000"],
  ["1E3", "1000"],
  ["1.5e3", "1500"],
  ["2.5e-1", "0.25"],
  // Separators
  [
    "1,000",
    "1000",
    { de: "1 or 1000", fr: "1 or 1000", "pt-BR": "1 or 1000", "sv-SE": "1 or 1000" },
  ],
  ["1.000", "1000 or 1", { "en-US": "1 or 1000", hi: "1 or 1000" }],
  ["1.234", "1234 or 1.234", { "en-US": "1.234 or 1234", hi: "1.234 or 1234" }],
  [
    "12,345",
    "12345",
    {
      de: "12.345 or 12345",
      fr: "12.345 or 12345",
      "pt-BR": "12.345 or 12345",
      "sv-SE": "12.345 or 12345",
    },
  ],
  ["1.000,50", "1000.5"],
  ["1,000.50", "1000.5"],
  ["1.000.000", "1000000"],
  ["1,000,000", "1000000"],
  ["1,000,000.25", "1000000.25"],
  ["1.000.000,25", "1000000.25"],
  ["1,50", "1.5"],
  ["1.50", "1.5"],
  ["1,5", "1.5"],
  ["1234,56", "1234.56"],
  ["1.2340", "1.234"],
  ["1 000", "1000"],
  ["1 000", "1000"],
  ["1 000", "1000"],
  ["1 000,50", "1000.5"],
  ["1 000.5", "1000.5"],
  ["1 000 000", "1000000"],
  ["1'000", "1000"],
  ["1’000", "1000"],
  ["1'000.50", "1000.5"],
  ["1'000'000", "1000000"],
  ["1_000", "1000"],
  ["1,00,000", "100000"],
  ["12,34,567.5", "1234567.5"],
  ["₹1,00,000", "100000 INR"],
  // Other scripts' digits
  ["१०००", "1000"],
  ["१,००,०००", "100000"],
  ["١٠٠٠", "1000"],
  ["١٬٠٠٠٫٥", "1000.5"],
  ["۱۰۰۰", "1000"],
  ["１０００", "1000"],
  ["１，０００．５", "1000.5"],
  ["๑๐๐๐", "1000"],
  // Thousands, millions and more
  ["1k", "1000"],
  ["1K", "1000"],
  ["2.5k", "2500"],
  ["2,5k", "2500"],
  ["10 k", "10000"],
  ["1.5m", "1500000"],
  ["1.5M", "1500000"],
  ["1,5 Mio", "1500000"],
  ["1,5 Mio.", "1500000"],
  ["2 mio", "2000000"],
  ["2 million", "2000000"],
  ["2 Millionen", "2000000"],
  ["2 millions", "2000000"],
  ["2 milhões", "2000000"],
  ["2 miljoner", "2000000"],
  ["2 mln", "2000000"],
  ["1bn", "1000000000"],
  ["1b", "1000000000"],
  ["1 mrd", "1000000000"],
  ["1 Md", "1000000000"],
  ["1 milliard", "1000000000"],
  [
    "1 billion",
    "1000000000",
    { de: "1000000000000 or 1000000000", fr: "1000000000000 or 1000000000" },
  ],
  ["10 lakh", "1000000"],
  ["1 crore", "10000000"],
  ["5 लाख", "500000"],
  ["3 thousand", "3000"],
  ["1 Tsd", "1000"],
  ["3 Tausend", "3000"],
  ["2 mille", "2000"],
  ["10mila euro", "10000 EUR"],
  ["5kk", "5000000"],
  ["2 millions d’euros", "2000000 EUR"],
  ["1 mil", "1000000 or 1000", { "pt-BR": "1000" }],
  ["5 тыс.", "5000"],
  ["1万", "10000"],
  ["3億", "300000000"],
  ["百万", "1000000"],
  ["1万5000", "15000"],
  ["1万5千円", "15000 JPY"],
  ["3億5000万", "350000000"],
  ["5千1万", "!not-an-amount"],
  ["2½", "2.5"],
  ["½ million", "500000"],
  ["5L", "500000"],
  ["5百万", "5000000"],
  ["5 grand", "5000"],
  ["2 hundred thousand", "200000"],
  ["a thousand", "1000"],
  ["a million dollars", "1000000 USD"],
  ["half a million", "500000"],
  ["five hundred bucks", "500 USD"],
  ["ten thousand", "10000"],
  // A named currency
  ["$500", "500 USD"],
  ["$ 500", "500 USD"],
  ["500$", "500 USD"],
  ["500 $", "500 USD"],
  ["$1,500.50", "1500.5 USD"],
  ["$1k", "1000 USD"],
  ["$1.5m", "1500000 USD"],
  ["US$500", "500 USD"],
  ["US $500", "500 USD"],
  ["500 $US", "500 USD"],
  ["500 $ CA", "500 CAD"],
  ["500 U.S. dollars", "500 USD"],
  ["$500 USD", "500 USD"],
  ["USD$500", "500 USD"],
  ["500€", "500 EUR"],
  ["500 €", "500 EUR"],
  ["€500", "500 EUR"],
  ["€5k", "5000 EUR"],
  ["5k€", "5000 EUR"],
  ["5 M€", "5000000 EUR"],
  ["500 eur", "500 EUR"],
  ["500EUR", "500 EUR"],
  ["EUR 500", "500 EUR"],
  ["eur500", "500 EUR"],
  ["500 euros", "500 EUR"],
  ["1.000,50 €", "1000.5 EUR"],
  ["A$500", "500 AUD"],
  ["AU$500", "500 AUD"],
  ["AUD $500", "500 AUD"],
  ["C$500", "500 CAD"],
  ["CA$500", "500 CAD"],
  ["NZ$500", "500 NZD"],
  ["HK$500", "500 HKD"],
  ["£500", "500 GBP"],
  ["500 quid", "500 GBP"],
  ["500 pounds", "500 GBP"],
  ["¥5000", "5000 JPY"],
  ["￥5000", "5000 JPY"],
  ["5000円", "5000 JPY"],
  ["₹500", "500 INR"],
  ["Rs. 500", "500 INR"],
  ["500 rupees", "500 INR"],
  ["10 lakh rupees", "1000000 INR"],
  ["R$500", "500 BRL"],
  ["R$ 1.000,50", "1000.5 BRL"],
  ["500 reais", "500 BRL"],
  ["500 zł", "500 PLN"],
  ["500 zloty", "500 PLN"],
  ["500 kr", "500 SEK"],
  ["500 kronor", "500 SEK"],
  ["CHF 1'000", "1000 CHF"],
  ["1000 Fr.", "1000 CHF"],
  ["500 Franken", "500 CHF"],
  ["500 dollars", "500 USD"],
  ["500 US dollars", "500 USD"],
  ["500 australian dollars", "500 AUD"],
  ["500 bucks", "500 USD"],
  ["50 cents", "0.5"],
  ["50¢", "0.5"],
  ["₩50000", "50000 KRW"],
  ["500 baht", "500 THB"],
  ["500 руб.", "500 RUB"],
  ["₺500", "500 TRY"],
  // How people write around it
  ["~500", "500"],
  ["about 500", "500"],
  ["ca. 500", "500"],
  ["500.-", "500"],
  ["500,-", "500"],
  ["500/-", "500"],
  ["500!", "500"],
  ["“500”", "500"],
  ["**$500**", "500 USD"],
  // Out of bounds, which the limits refuse
  ["0", "0"],
  ["-5", "-5"],
  ["−5", "-5"],
  ["-$5", "-5 USD"],
  ["$-5", "-5 USD"],
  ["99999999999999999999999999", "1e+26"],
  ["1e400", "Infinity"],
  // No amounts
  ["", "!not-an-amount"],
  ["   ", "!not-an-amount"],
  ["free", "!not-an-amount"],
  ["all my money", "!not-an-amount"],
  ["$", "!not-an-amount"],
  ["k", "!not-an-amount"],
  [".", "!not-an-amount"],
  ["NaN", "!not-an-amount"],
  ["Infinity", "!not-an-amount"],
  ["1.2.3", "!not-an-amount"],
  ["1,2,3", "!not-an-amount"],
  ["1,000.5.5", "!not-an-amount"],
  ["1,0000", "!not-an-amount", { de: "1", fr: "1", "pt-BR": "1", "sv-SE": "1" }],
  ["5%", "!not-an-amount"],
  ["10²", "!not-an-amount"],
  ["0x10", "!not-an-amount"],
  ["500 1000", "!several-amounts"],
  ["500-1000", "!several-amounts"],
  ["500 or 1000", "!several-amounts"],
  ["$500 + $20", "!several-amounts"],
  ["0.5 btc", "!unknown-currency btc"],
  ["0.5 BTC", "!unknown-currency BTC"],
  ["2 bitcoins", "!unknown-currency bitcoins"],
  ["₿1", "!unknown-currency ₿"],
  ["500 doge", "!unknown-currency doge"],
  ["500 xyz", "!unknown-currency xyz"],
  ["500 pesos", "!unknown-currency pesos"],
  ["$500€", "!several-currencies"],
  ["EUR 500 USD", "!several-currencies"],
];

function reading(text: string, locale: string, serverCurrency = "EUR"): Reading {
  const read = readAmount(text, { locale, currency: serverCurrency });
  if (!read.ok)
    return [`!${read.problem}`, read.unknown].filter((part) => part !== undefined).join(" ");
  const { amount, currency, alternative } = read.value;
  return [
    String(amount),
    ...(currency === undefined ? [] : [currency]),
    ...(alternative === undefined ? [] : [`or ${alternative}`]),
  ].join(" ");
}

describe.each(LOCALES)("an amount typed by somebody whose Discord is in %s", (locale) => {
  it.each(ROWS.map(([text, all, some]) => [text, some?.[locale] ?? all]))(
    "%j is read as %s",
    (text, expected) => {
      expect(reading(text, locale)).toBe(expected);
    },
  );
});

describe("an amount", () => {
  it("is exactly the number that a client sent as a number, in every locale", () => {
    for (const locale of DISCORD_LOCALES)
      expect(readAmount(1.234, { locale, currency: "USD" })).toEqual({
        ok: true,
        value: { amount: 1.234 },
      });
  });

  it("in words is read in the languages of its readers", () => {
    const inWords: Readonly<Record<string, Readonly<Record<string, string>>>> = {
      de: { fünfhundert: "500", "zwei Millionen": "2000000", "tausend Euro": "1000 EUR" },
      fr: { "cinq cents": "500", "cent euros": "100 EUR", "deux mille": "2000" },
      "es-ES": { mil: "1000", "mil euros": "1000 EUR", cien: "100", "un millón": "1000000" },
      "pt-BR": { "mil reais": "1000 BRL", quinhentos: "500", "duas mil": "2000" },
      it: { duemila: "2000", cinquecento: "500", "cento euro": "100 EUR" },
      pl: { tysiąc: "1000", "5 tysięcy": "5000", "sto złotych": "100 PLN" },
      tr: { "bin lira": "1000 TRY", "beş yüz": "500", beşyüz: "500", "500 avro": "500 EUR" },
      ru: { пятьсот: "500", "сто долларов": "100 USD", "100 баксов": "100 USD", тыща: "1000" },
      ja: { 千円: "1000 JPY", 五百円: "500 JPY", 十万円: "100000 JPY", 百万ドル: "1000000 USD" },
      ko: { 만원: "10000 KRW", 백만원: "1000000 KRW", "천 달러": "1000 USD", 오백원: "500 KRW" },
      "en-US": { "five cents": "0.05", mil: "!not-an-amount", on: "!not-an-amount" },
    };
    for (const [locale, amounts] of Object.entries(inWords))
      for (const [text, expected] of Object.entries(amounts))
        expect([text, reading(text, locale)]).toEqual([text, expected]);
  });

  it("with apostrophes and a point is read as the Swiss write it", () => {
    expect(reading("1’234.50", "de-CH")).toBe("1234.5");
    expect(reading("1.234", "de-CH")).toBe("1.234 or 1234");
    expect(reading("1,234", "de-CH")).toBe("1234 or 1.234");
  });

  it("is read as English when the locale is none that anybody knows", () => {
    for (const locale of ["", "xx_!!", "tlh", "a".repeat(300)])
      expect(reading("1,000", locale)).toBe("1000");
  });

  it.each([
    ["$500", "AUD", "500 AUD"],
    ["$500", "MXN", "500 MXN"],
    ["500 dollars", "CAD", "500 CAD"],
    ["US$500", "AUD", "500 USD"],
    ["500 pesos", "PHP", "500 PHP"],
    ["500 kr", "NOK", "500 NOK"],
    ["500 kr.", "DKK", "500 DKK"],
    ["¥500", "CNY", "500 CNY"],
    ["£500", "EGP", "500 EGP"],
    ["Rs 500", "PKR", "500 PKR"],
    ["500 francs", "XOF", "500 XOF"],
  ])("%s on a server in %s is %s", (text, currency, expected) => {
    expect(reading(text, "en-US", currency)).toBe(expected);
  });

  it.each([
    ["500 kr", "da", "500 DKK"],
    ["500 kr", "no", "500 NOK"],
    ["¥500", "zh-CN", "500 CNY"],
    ["500元", "zh-TW", "500 TWD"],
    ["$500", "zh-TW", "500 USD"],
    ["500 злотых", "ru", "500 PLN"],
    ["500 francs suisses", "fr", "500 CHF"],
    ["100万UAE ディルハム", "ja", "1000000 AED"],
    ["100万ボスニア・ヘルツェゴビナ 兌換マルク (BAM)", "ja", "1000000 BAM"],
    ["100万ジンバブエ ドル (2009)", "ja", "1000000 ZWL"],
    ["100만 조지아 라리", "ko", "1000000 GEL"],
    ["500 dollars (2009)", "en-US", "500 USD"],
  ])("%s of somebody whose Discord is in %s is %s", (text, locale, expected) => {
    expect(reading(text, locale)).toBe(expected);
  });

  const anyAmount = fc
    .tuple(fc.integer({ min: 1, max: 99_999_999 }), fc.integer({ min: 0, max: 6 }))
    .map(([digits, decimals]) => Number(`${digits}e-${decimals}`));
  const anyCurrency = fc.constantFrom(...everyCurrency().map(({ code }) => code));
  const anyLocale = fc.constantFrom(...DISCORD_LOCALES);

  it("that the bot shows in any locale and currency reads back as what is shown", () => {
    fc.assert(
      fc.property(anyAmount, anyCurrency, anyLocale, (amount, code, locale) => {
        const currency = { code, perUsd: 1 };
        const context = { locale, currency: code };
        const exact = formatMoneyExact(amount, code, locale);
        expect([exact, readAmount(exact, context)]).toMatchObject([
          exact,
          { ok: true, value: { amount, currency: code } },
        ]);
        const shown = formatMoney(amount, currency, locale);
        // "<$0.01" is prose.
        if (shown.startsWith("<")) return;
        const read = readAmount(shown, context);
        // Rounded, at worst from a half to one.
        const ratio = read.ok ? read.value.amount / amount : Number.NaN;
        expect([shown, ratio > 0.4 && ratio < 2.5]).toEqual([shown, true]);
      }),
      { numRuns: 600 },
    );
  });

  it("in words for many, as the bot writes them in any locale, reads back as what is shown", () => {
    for (const locale of DISCORD_LOCALES) {
      for (const mantissa of [1, 1.23, 2, 3, 5, 9.99]) {
        for (let power = 6; power < 15; power += 1) {
          const amount = Number(`${mantissa}e${power}`);
          const shown = formatMoney(amount, { code: "EUR", perUsd: 1 }, locale);
          const read = readAmount(shown, { locale, currency: "USD" });
          expect([locale, shown, read]).toMatchObject([
            locale,
            shown,
            { ok: true, value: { amount, currency: "EUR" } },
          ]);
        }
      }
    }
  });

  it("as the text of a suggestion means the same in every locale and currency", () => {
    fc.assert(
      fc.property(
        anyAmount,
        fc.option(anyCurrency, { nil: undefined }),
        anyLocale,
        anyCurrency,
        (amount, currency, locale, own) => {
          const value = { amount, ...(currency !== undefined && { currency }) };
          expect(readAmount(amountText(value), { locale, currency: own })).toEqual({
            ok: true,
            value,
          });
        },
      ),
      { numRuns: 400 },
    );
  });

  it("may be any text at all: it is read or refused, at once", () => {
    const texts = fc.oneof(
      anyText(110),
      fc.string({ unit: fc.constantFrom(..."1.,' $€k-eE%()mnio"), maxLength: 110 }),
    );
    fc.assert(
      fc.property(texts, anyLocale, (text, locale) => {
        const read = readAmount(text, { locale, currency: "USD" });
        if (read.ok) expect(read.value.amount).not.toBeNaN();
      }),
      { numRuns: 1_000 },
    );
  });
});
