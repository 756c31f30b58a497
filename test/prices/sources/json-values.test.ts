import { describe, expect, it } from "vitest";
import { numberIn } from "../../../src/prices/sources/json-values.ts";

describe("numbers", () => {
  it.each([
    [12.5, 12.5],
    ["12.5", 12.5],
    ["1e3", 1_000],
    ["-.5", -0.5],
    ["7.", 7],
    ["+3", 3],
    ["", undefined],
    [" ", undefined],
    [" 1", undefined],
    ["0x10", undefined],
    ["Infinity", undefined],
    ["NaN", undefined],
    ["1,000", undefined],
    ["1_000", undefined],
    ["12.5 USD", undefined],
    ["1e999", undefined],
    ["9".repeat(100), undefined],
    [null, undefined],
    [true, undefined],
    [[1], undefined],
    [{ valueOf: 1 }, undefined],
    [Number.POSITIVE_INFINITY, undefined],
  ])("in %j are %s", (value, number) => {
    expect(numberIn(value)).toBe(number);
  });
});
