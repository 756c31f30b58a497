import { describe, expect, it } from "vitest";
import { flagNote } from "../../src/messages/flag-note.ts";
import { formatDay } from "../../src/messages/format.ts";
import { FLAGS, type Flag, type OddClose } from "../../src/valuation/price-record.ts";
import { answerOf, NOW, prices, type Sample } from "../cards/sample-answer.ts";

const note = (flag: Flag, sample: Sample = {}) =>
  flagNote(flag, answerOf({ flags: [flag], ...sample }), "en-US", NOW);

const odd = (on: string, timesLevel: number, isNewest = false): OddClose => ({
  on,
  priceUsd: 1,
  timesLevel,
  isNewest,
});

describe("a flag's note", () => {
  it("is a plain sentence of its own for every flag, also where nothing more is known", () => {
    const notes = FLAGS.map((flag) => note(flag));
    expect(new Set(notes).size).toBe(FLAGS.length);
    for (const text of notes) expect(text).toMatch(/^[A-Z].{10,160}\.$/);
  });

  it("says how old prices are, and when the daily record begins", () => {
    expect(note("stale", { asOf: "2026-11-01T07:00:00.000Z" })).toContain("5 hours ago");
    expect(note("exchange-listing-only")).toContain(
      `cover only the daily record since ${formatDay("2026-07-04", "en-US")}`,
    );
  });

  it("says how far a launch run went, in the currency shown", () => {
    const run = [0.1, ...prices(0.75, 2).slice(1)];
    expect(note("launch-run", { prices: run, currency: { code: "EUR", perUsd: 0.8 } })).toBe(
      "It rose steeply in its first four weeks: the average opening price is 7.3× its very first close of €0.08.",
    );
  });
});

describe("the note on odd closes", () => {
  const oddNote = (...oddCloses: OddClose[]) => note("odd-price", { oddCloses });

  it("says how many days are left out and which is the furthest off, above or below its level", () => {
    expect(oddNote(odd("2026-08-04", 18.4))).toBe(
      "One day is left out: the close of Aug 4, 2026, at 18× the level around it, is too far off to be believed.",
    );
    expect(oddNote(odd("2026-08-04", 18.4), odd("2026-09-02", 0.0104), odd("2026-09-03", 12))).toBe(
      "3 days are left out: their closes are too far off to be believed, " +
        "most of all that of Sep 2, 2026, at 0.01× the level around it.",
    );
  });

  it("says that an odd newest run may still count later", () => {
    expect(oddNote(odd("2026-10-31", 12, true))).toBe(
      "The newest day, Oct 31, 2026, is left out for now: its close is 12× the level before it, " +
        "and such a leap counts only from its fourth day.",
    );
    expect(oddNote(odd("2026-10-30", 12, true), odd("2026-10-31", 14, true))).toBe(
      "The newest 2 days are left out for now, Oct 31, 2026 the furthest off, at 14× the level before: " +
        "such a leap counts only from its fourth day.",
    );
  });

  it("tells old days from the newest when there are both", () => {
    expect(oddNote(odd("2026-08-04", 18), odd("2026-10-31", 12, true))).toMatch(
      /^2 days are left out: .* Aug 4, 2026, .* The newest of them counts from its fourth day, if the price stays there\.$/,
    );
    expect(
      oddNote(odd("2026-08-04", 18), odd("2026-10-30", 12, true), odd("2026-10-31", 12, true)),
    ).toMatch(/^3 days .* The newest 2 of them count from the fourth day/);
  });
});

describe("the note on an erratic record", () => {
  it("says what the price did, when and how often", () => {
    const erratic = { farCloses: 14, from: "2021-03-03", to: "2021-06-09" };
    expect(note("erratic", { erratic })).toBe(
      "A thin market: between Mar 3, 2021 and Jun 9, 2021 it closed 14 times at ten times the level around it or more, " +
        "or at a tenth or less. Nothing is left out, and every figure is rough.",
    );
  });
});
