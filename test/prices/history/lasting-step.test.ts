import { describe, expect, it } from "vitest";
import { judgeCloses } from "../../../src/prices/history/outliers.ts";
import { flat } from "../../support/flat-closes.ts";

describe("a step of five times or more", () => {
  it.each([
    ["up five-fold", 5, true],
    ["down to a fifth", 0.2, true],
    ["nearly ten-fold", 9.9, true],
    ["4.7 times", 4.7, false],
    ["a little over a fifth", 0.213, false],
  ])("is flagged once it has lasted a week: %s", (_, times, expected) => {
    const closes = flat(100, { 40: Array(60).fill(times) });
    expect(judgeCloses(closes).hasLastingStep).toBe(expected);
    expect(judgeCloses(closes.slice(0, 47)).hasLastingStep).toBe(expected);
    expect(judgeCloses(closes.slice(0, 46)).hasLastingStep).toBe(false);
  });

  it.each([10, 0.1, 1e6])("of %d times is flagged from its fourth day, when it counts", (times) => {
    const closes = flat(100, { 40: Array(60).fill(times) });
    for (const days of [4, 5, 6, 7, 60]) {
      const { hasLastingStep, oddCloses } = judgeCloses(closes.slice(0, 40 + days));
      expect([days, hasLastingStep, oddCloses]).toEqual([days, true, []]);
    }
    for (const days of [1, 2, 3]) {
      const { hasLastingStep, oddCloses } = judgeCloses(closes.slice(0, 40 + days));
      expect([days, hasLastingStep, oddCloses.length]).toEqual([days, false, days]);
    }
  });

  it.each([
    ["gone after six days", flat(100, { 40: Array(6).fill(20) })],
    ["with a day back within the week", flat(100, { 40: Array(60).fill(8), 44: 2 })],
    ["mostly undone the next day", flat(100, { 40: [6, ...Array(59).fill(3.5)] })],
    ["climbed in two days", flat(100, { 40: [4, ...Array(59).fill(16)] })],
    ["in the first week, where an airdrop is sold", flat(100, { 0: Array(6).fill(20) })],
    [
      "across months without a close",
      flat(300, { 40: Array(260).fill(20) }).filter((_, day) => day < 40 || day > 100),
    ],
  ])("is not flagged: %s", (_, closes) => {
    expect(judgeCloses(closes).hasLastingStep).toBe(false);
  });

  it("is found beside odd closes", () => {
    expect(judgeCloses(flat(100, { 40: Array(60).fill(20), 43: 0.01 })).hasLastingStep).toBe(true);
    expect(
      judgeCloses(flat(100, { 38: 0.01, 40: [500, ...Array(59).fill(20)] })).hasLastingStep,
    ).toBe(true);
  });
});
