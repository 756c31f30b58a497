import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { changeInWords } from "../../src/messages/change.ts";
import {
  formatLambos,
  lambosShown,
  lambosShownBriefly,
  preciseLambosShown,
  signedLambosShown,
  timesShown,
} from "../../src/messages/format.ts";
import { languageOf, say, spokenLanguages } from "../../src/messages/say.ts";
import { lambosInWords } from "../../src/messages/wording.ts";
import { US_DOLLARS } from "../../src/valuation/currency.ts";

const COUNTS = [0.001, 0.34, 1, 1.004, 1.5, 1.996, 2, 5, 12, 21, 1e6, 1.5e6, 1.234e6, 2.3e9, 1e19];
/** The category of a million and of everything that is counted in millions, by language. */
const MILLIONS = { es: "many", fr: "many", it: "many", "pt-BR": "many", pl: "many", ru: "many" };

/** The plural category of a number as it stands in a text: "1,5" is 1.5, "1,5 million" is many. */
function categoryOf(text: string, locale: string): string {
  if (/\p{L}/u.test(text))
    return new Map(Object.entries(MILLIONS)).get(languageOf(locale)) ?? "other";
  const decimal = new Intl.NumberFormat(locale)
    .formatToParts(0.5)
    .find(({ type }) => type === "decimal");
  const [whole = "", fraction = ""] = text.split(decimal?.value ?? ".");
  const shown = `${whole.replace(/\D/g, "")}.${fraction}`;
  return new Intl.PluralRules(languageOf(locale)).select(Number(shown));
}

describe("the words beside a number", () => {
  it.each([...spokenLanguages(), "es-419"])("go with the number that is shown: %s", (locale) => {
    const rules = new Intl.PluralRules(languageOf(locale));
    const shownBy = [
      lambosShown,
      lambosShownBriefly,
      preciseLambosShown,
      signedLambosShown,
      timesShown,
    ];
    for (const shown of shownBy)
      for (const number of COUNTS) {
        const { text, count } = shown(number, locale);
        expect(rules.select(count), `${shown.name} ${text}`).toBe(categoryOf(text, locale));
      }
    for (const number of COUNTS) {
      const { text, count } = lambosShown(number, locale);
      expect(lambosInWords(number, locale)).toBe(say(locale, "lambos", { text, count }));
      expect(text).toBe(formatLambos(number, locale));
    }
  });

  it.each(["en-US", "fr", "pl"])("go with any number, also where it is rounded: %s", (locale) => {
    const rules = new Intl.PluralRules(languageOf(locale));
    const halves = fc.integer({ min: 0, max: 50_000 }).map((number) => number / 2_000);
    const thousandths = fc.integer({ min: 0, max: 2_000_000 }).map((number) => number / 1_000);
    fc.assert(
      fc.property(
        fc.oneof(halves, thousandths, fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })),
        (number) => {
          for (const shown of [lambosShown, preciseLambosShown, signedLambosShown, timesShown]) {
            const { text, count } = shown(number, locale);
            expect(rules.select(count), text).toBe(categoryOf(text, locale));
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ["en-US", ["0.53 Lambos", "1 Lambo", "1.9 Lambos", "5 Lambos", "1.5 million Lambos"]],
    ["de", ["0,53 Lambos", "1 Lambo", "1,9 Lambos", "5 Lambos", "1,5 Millionen Lambos"]],
    ["fr", ["0,53 Lambo", "1 Lambo", "1,9 Lambo", "5 Lambos", "1,5 million de Lambos"]],
    ["pt-BR", ["0,53 Lambo", "1 Lambo", "1,9 Lambo", "5 Lambos", "1,5 milhão de Lambos"]],
    ["es-ES", ["0,53 Lambos", "1 Lambo", "1,9 Lambos", "5 Lambos", "1,5 millones de Lambos"]],
    ["it", ["0,53 Lambo", "1 Lambo", "1,9 Lambo", "5 Lambo", "1,5 milioni di Lambo"]],
  ])("are the language's own for Lambos: %s", (locale, said) => {
    const plain = [0.53, 1.004, 1.9, 5, 1.5e6].map((lambos) => lambosInWords(lambos, locale));
    expect(plain.map((text) => text.replace(/\s/g, " "))).toEqual(said);
  });

  it.each([
    ["ru", ["в 2 раза", "в 2,5 раза", "в 5 раз", "в 21 раз", "в 1,5 миллиона раз"]],
    ["pl", ["2 razy", "2,5 raza", "5 razy", "21 razy", "1,5 miliona razy"]],
    ["es-ES", ["2 veces", "2,5 veces", "5 veces", "21 veces", "1,5 millones de veces"]],
  ])("are the language's own for multiples: %s", (locale, said) => {
    const sentences = [2, 2.5, 5, 21, 1.5e6].map((multiple) => {
      const { text, count } = timesShown(multiple, locale);
      const values = { times: text, count, size: "other" as const, close: "", day: "" };
      return say(locale, "wen.distance.times", values).replace(/\s/g, " ");
    });
    for (const [index, words] of said.entries()) expect(sentences[index]).toContain(` ${words} `);
  });

  it("call less than one Lambo of change a part of one in English, and a plural elsewhere", () => {
    const change = (lambos: number, locale: string) =>
      changeInWords({ unit: "lambos", lambos }, US_DOLLARS, locale);
    expect([-0.31, 1, 2.4].map((lambos) => change(lambos, "en-US"))).toEqual([
      "-0.31 Lambo",
      "+1 Lambo",
      "+2.4 Lambos",
    ]);
    expect(change(-0.31, "de")).toBe("-0,31 Lambos");
    expect(change(1.9, "fr")).toBe("+1,9 Lambo");
  });
});
