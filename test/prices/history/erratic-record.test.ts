import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeCloses } from "../../../src/prices/history/outliers.ts";
import { addDays } from "../../../src/valuation/calendar.ts";
import { closesOf, FIRST_ON, flat, oddPlaces, places } from "../../support/flat-closes.ts";

describe("a record in which far closes are the rule", () => {
  /** Days at 1, then days at 20, again and again. */
  const jumping = (days: number, low: number, high: number) =>
    closesOf(places(0, days).map((day) => (day % (low + high) < low ? 1 : 20)));

  it.each([
    [3, 3],
    [5, 2],
    [2, 5],
    [1, 1],
    [4, 4],
    [7, 1],
    [11, 1],
    [20, 3],
  ])("loses nothing: %d days low and %d high, alternating for a year", (low, high) => {
    const closes = jumping(365, low, high);
    const { kept, oddCloses, erratic, hasLastingStep } = judgeCloses(closes);
    expect(kept).toBe(closes);
    expect(oddCloses).toEqual([]);
    expect(erratic?.farCloses).toBeGreaterThanOrEqual(30);
    expect(hasLastingStep).toBe(false);
  });

  it("needs five far closes in three runs within sixty closes", () => {
    const spikesEvery = (days: number, count: number) =>
      flat(200, Object.fromEntries(places(0, count).map((index) => [50 + index * days, 20])));
    expect(judgeCloses(spikesEvery(14, 5)).erratic).toEqual({
      farCloses: 5,
      from: addDays(FIRST_ON, 50),
      to: addDays(FIRST_ON, 106),
    });
    expect(oddPlaces(spikesEvery(14, 4))).toHaveLength(4);
    expect(oddPlaces(spikesEvery(15, 10))).toHaveLength(10);
    // Two faults of a provider within a week are many far closes, but not a market that jumps.
    expect(oddPlaces(flat(200, { 50: [20, 20, 20], 55: [20, 20, 20] }))).toHaveLength(6);
    expect(
      judgeCloses(flat(200, { 50: [20, 20, 20], 55: [20, 20], 60: 20 })).erratic?.farCloses,
    ).toBe(6);
    // What would be left out together with far closes counts like them.
    expect(
      judgeCloses(flat(200, { 50: [6, 18], 60: [6, 18], 70: [6, 18] })).erratic?.farCloses,
    ).toBe(6);
  });

  it("is erratic as a whole, from its first far close to its last", () => {
    const { erratic, oddCloses } = judgeCloses(
      flat(3_000, { 100: 20, 1000: [20, 1, 20, 20, 1, 1, 20, 20], 2900: 0.02 }),
    );
    expect(erratic).toEqual({
      farCloses: 7,
      from: addDays(FIRST_ON, 100),
      to: addDays(FIRST_ON, 2_900),
    });
    expect(oddCloses).toEqual([]);
  });

  it("is not a launch, nor newest closes that may be here to stay", () => {
    expect(oddPlaces(flat(100, { 0: [40, 40, 40, 1, 20, 1, 20] }))).toEqual([4, 6]);
    expect(oddPlaces(flat(100, { 90: [20, 1, 20, 1], 97: [20, 20, 20] }))).toEqual([
      90, 92, 97, 98, 99,
    ]);
    expect(oddPlaces(flat(100, { 50: 20, 62: 20, 74: 20, 86: 20, 98: [20, 20] }))).toEqual([
      50, 62, 74, 86, 98, 99,
    ]);
  });

  it("is any thin market that jumps between two levels at random", () => {
    const sojournDays = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(
        fc.array(sojournDays, { minLength: 40, maxLength: 60 }),
        fc.double({ min: 15, max: 1e4, noNaN: true }),
        (sojourns, high) => {
          const closes = closesOf(
            sojourns.flatMap((days, index) => Array<number>(days).fill(index % 2 === 0 ? 1 : high)),
          );
          const { kept, erratic } = judgeCloses(closes);
          expect(kept).toBe(closes);
          expect(erratic).not.toBeNull();
        },
      ),
    );
  });
});
