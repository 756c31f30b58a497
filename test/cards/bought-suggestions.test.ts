import { describe, expect, it } from "vitest";
import { suggestBought } from "../../src/cards/bought-suggestions.ts";
import { say, spokenLanguages } from "../../src/messages/say.ts";
import { readDay } from "../../src/reading/day.ts";

const LOCALES = [...spokenLanguages(), "es-419"];

describe("the days that are suggested", () => {
  it.each(LOCALES)(
    "are read when a client sends their label instead of their value: %s",
    (locale) => {
      for (const by of ["server-joined", "account-made"] as const) {
        const context = { locale, todayOn: "2026-11-27", joined: { on: "2021-01-01", by } };
        const suggested = ["zzz", "listing", "2021-01-01", "2011-11-11"].flatMap((typed) =>
          suggestBought(typed, context),
        );
        for (const { name, value } of suggested)
          expect(readDay(name, context), name).toEqual(readDay(String(value), context));
      }
    },
  );

  it.each(LOCALES)("are those that the option names: %s", (locale) => {
    const quoted = /[„“”«‘「]\s*([^”“»’」]+?)\s*[”“»’」]/g;
    const named = [...say(locale, "command.lambo.bought").matchAll(quoted)].map(([, words = ""]) =>
      readDay(words, { locale, todayOn: "2026-11-27" }),
    );
    expect(named).toMatchObject([
      { ok: true, value: { kind: "day", on: "2025-11-27" } },
      { ok: true, value: { kind: "peak" } },
      { ok: true, value: { kind: "joined" } },
    ]);
  });
});
