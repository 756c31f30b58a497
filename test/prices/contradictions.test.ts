import { describe, expect, it } from "vitest";
import { resolveContradictions } from "../../src/prices/contradictions.ts";
import type { DailyClose } from "../../src/valuation/price-record.ts";
import { flat } from "../support/flat-closes.ts";

describe("two providers that differ ten-fold on a day", () => {
  const calm = flat(100, {});
  const stepAt = (day: number) => flat(100, { [day]: Array(100 - day).fill(1_000) });

  it.each([
    ["a spike", flat(100, { 40: 18 }), calm],
    ["a low close", flat(100, { 40: 0.02 }), calm],
    ["exactly ten times", flat(100, { 40: 0.7 }, 0.07), flat(100, {}, 0.07)],
    ["a run of any length", flat(100, { 40: Array(10).fill(18) }), calm],
    ["a high first day, which would stay otherwise", flat(100, { 0: 18 }), calm],
    ["two high first weeks", flat(100, { 0: Array(14).fill(30) }), calm],
    ["the newest three days", flat(100, { 97: [18, 20, 18] }), calm],
    [
      "a low day behind a step that both know",
      flat(100, { 40: [1_000, 18, ...Array(58).fill(1_000)] }),
      stepAt(40),
    ],
    ["two runs a day apart", flat(100, { 40: [18, 18, 18, 1, 18, 18, 18] }), calm],
  ])("are settled by the days around it: %s", (_, main, other) => {
    expect(resolveContradictions(main, other)).toEqual(other);
  });

  it.each([
    ["the other one has the spike", calm, flat(100, { 40: 18 })],
    ["neither fits", flat(100, { 40: 18 }), flat(100, { 40: 0.01 })],
    ["they differ by less", flat(100, { 40: 9.9 }), calm],
    ["both fit, for the one sees a step a day before the other", stepAt(40), stepAt(41)],
    ["a newest step has lasted for four days", stepAt(96), calm],
    [
      "the other one does not know the day",
      flat(100, { 40: 18 }),
      calm.filter((_, day) => day !== 40),
    ],
    ["every day is disputed", flat(100, { 0: Array(100).fill(20) }), calm],
  ])("are decided for the main source where %s", (_, main, other) => {
    expect(resolveContradictions(main, other)).toBe(main);
  });

  const onDays = (closes: readonly DailyClose[], days: readonly number[]) =>
    closes.filter((_, day) => days.includes(day));
  const spiked = flat(100, { 40: 18 });

  it.each([
    ["the main source's, seven days before", [33, 40], [40]],
    ["the main source's, seven days after", [40, 47], [40]],
    ["the other source's, seven days before", [40], [33, 40]],
    ["the other source's, seven days after", [40], [40, 47]],
  ])("are settled by a single close: %s", (_, mainDays, otherDays) => {
    expect(resolveContradictions(onDays(spiked, mainDays), onDays(calm, otherDays))).toEqual(
      onDays(calm, mainDays),
    );
  });

  it.each([
    ["eight days before", [32, 40], [32, 40]],
    ["eight days after", [40, 48], [40, 48]],
    ["none", [40], [40]],
  ])("are decided for the main source where the nearest other close is %s", (_, mainDays, days) => {
    const main = onDays(spiked, mainDays);
    expect(resolveContradictions(main, onDays(calm, days))).toBe(main);
  });

  it("are settled only by a close less than half a ten-fold step from its neighbours", () => {
    const main = flat(100, { 40: 40 });
    const [near, far] = [flat(100, { 40: 3.1 }), flat(100, { 40: 3.2 })];
    expect(resolveContradictions(main, near)).toEqual(near);
    expect(resolveContradictions(main, far)).toBe(main);
  });

  it("settle each contradicted day by itself", () => {
    const main = flat(100, { 40: [18, 18] });
    const other = flat(100, { 40: [1, 0.01] });
    expect(resolveContradictions(main, other)).toEqual(flat(100, { 41: 18 }));
  });

  it("are settled by the other source's earlier closes where the main source's plan has a limit", () => {
    const main = flat(100, { 60: 18 }).slice(60);
    expect(resolveContradictions(main, calm)).toEqual(calm.slice(60));
    expect(resolveContradictions(flat(100, { 97: [18, 18, 18] }).slice(97), calm)).toEqual(
      calm.slice(97),
    );
  });
});
