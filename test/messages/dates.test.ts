import { describe, expect, it } from "vitest";
import {
  formatAge,
  formatDay,
  formatDayOfWeek,
  formatDays,
  formatMonths,
} from "../../src/messages/format.ts";

describe("a date", () => {
  const span = { from: "2026-10-30", to: "2026-11-26" };
  const month = { from: "2026-01-01", to: "2026-01-12" };

  it.each([
    ["en-US", "Jan 1, 2026", "Jan 1 – 12, 2026", "Oct 30 – Nov 26, 2026"],
    ["de", "1. Jan. 2026", "1.–12. Jan. 2026", "30. Okt. – 26. Nov. 2026"],
    ["fr", "1er janv. 2026", "1er–12 janv. 2026", "30 oct. – 26 nov. 2026"],
    ["pt-BR", "1º de jan. de 2026", "1º – 12 de jan. de 2026", "30 de out. – 26 de nov. de 2026"],
    ["it", "1 gen 2026", "1–12 gen 2026", "30 ott – 26 nov 2026"],
    ["pl", "1 sty 2026", "1–12 sty 2026", "30 paź – 26 lis 2026"],
    ["ru", "1 янв. 2026", "1–12 янв. 2026", "30 окт. – 26 нояб. 2026"],
  ])("and a span of days are written as people write them: %s", (locale, day, within, across) => {
    const plain = (text: string) => text.replace(/\s/g, " ");
    expect(plain(formatDay("2026-01-01", locale))).toBe(day);
    expect(plain(formatDays(month, locale))).toBe(within);
    expect(plain(formatDays(span, locale))).toBe(across);
  });

  it("keeps the days and years that only look like the first", () => {
    expect(formatDay("2011-11-11", "fr")).toBe("11 nov. 2011");
    expect(formatDays({ from: "2021-01-21", to: "2021-01-31" }, "fr")).toBe("21–31 janv. 2021");
    expect(formatDayOfWeek("2026-01-01", "fr")).toBe("jeu. 1er janv.");
    expect(formatDay("2010-10-20", "it")).toBe("20 ott 2010");
  });

  it("ends no Russian sentence twice", () => {
    expect(formatMonths({ from: "2013-12-15", to: "2014-01-11" }, "ru")).toBe(
      "декабрь 2013 и январь 2014",
    );
  });
});

it("how long ago something was has no space in Japanese", () => {
  const now = new Date("2026-11-27T12:00:00Z");
  expect(formatAge(new Date("2026-11-27T09:00:00Z"), now, "ja")).toBe("3時間前");
  expect(formatAge(new Date("2026-11-27T09:00:00Z"), now, "en-US")).toBe("3 hours ago");
});
