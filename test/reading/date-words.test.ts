import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { learnDateWords } from "../../src/reading/date-words.ts";
import { readDay } from "../../src/reading/day.ts";

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

it("the words of all languages are learned a bit at a time, and then known to whoever types a day", async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);
  await learnDateWords();
  clearInterval(timer);
  expect(turns).toBeGreaterThan(20);
  expect(lookedUp()).toEqual(expect.arrayContaining(["de", "pl"]));
  vi.mocked(Intl.RelativeTimeFormat.prototype.formatToParts).mockClear();
  expect(readDay("vor zwei Jahren", CONTEXT)).toMatchObject({ value: { on: "2024-11-27" } });
  expect(readDay("17 grudnia 2017", CONTEXT)).toMatchObject({ value: { on: "2017-12-17" } });
  expect(lookedUp()).toEqual([]);
});
