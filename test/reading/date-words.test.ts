import { Locale } from "discord-api-types/v10";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DATE_LOCALES, dateWordsOf, everyDateWords } from "../../src/reading/date-words.ts";
import { readDay } from "../../src/reading/day.ts";
import { compiledFile } from "../support/program.ts";

const CONTEXT = { locale: "en-US", todayOn: "2026-11-27" };

let lookedUp = (): readonly string[] => [];

beforeEach(() => {
  const { mock } = vi.spyOn(Intl.RelativeTimeFormat.prototype, "formatToParts");
  lookedUp = () => [...new Set(mock.contexts.map((format) => format.resolvedOptions().locale))];
});
afterEach(() => vi.restoreAllMocks());

it("a day in numbers needs the words of no other language", () => {
  for (const typed of ["2027-01-01", "2017-12-17", "17.12.2017", "20171217", "1513468800"])
    readDay(typed, CONTEXT);
  expect(lookedUp()).toEqual(["en-US"]);
});

it("days may be typed in every language of Discord's clients", () => {
  expect(DATE_LOCALES).toEqual(Object.values(Locale));
});

describe("the built program", () => {
  it("has the same words of every language as the code that works them out", async () => {
    const built: typeof import("../../src/reading/date-words.ts") = await import(
      compiledFile("reading/date-words")
    );
    const worked = Object.values(Locale).map((locale) => [locale, dateWordsOf(locale)] as const);
    vi.mocked(Intl.RelativeTimeFormat.prototype.formatToParts).mockClear();
    for (const [locale, words] of worked) expect(built.dateWordsOf(locale), locale).toEqual(words);
    expect(lookedUp()).toEqual([]);
    expect(built.everyDateWords("pl")).toEqual(everyDateWords("pl"));
  });

  it("works out the words of a locale that Discord does not have", async () => {
    const built: typeof import("../../src/reading/date-words.ts") = await import(
      compiledFile("reading/date-words")
    );
    for (const locale of ["de-CH", "xx", "constructor", ""])
      expect(built.dateWordsOf(locale), locale).toEqual(dateWordsOf(locale));
  });
});
