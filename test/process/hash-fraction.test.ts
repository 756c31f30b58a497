import { describe, expect, it } from "vitest";
import { hashFraction, pickByHash } from "../../src/process/hash-fraction.ts";

describe("hashing a text", () => {
  it("gives the same fraction on every machine and in every release", () => {
    // The first eight digits of `printf bitcoin | sha256sum`, over 2 ** 32.
    expect(hashFraction("bitcoin")).toBe(0x6b88c087 / 2 ** 32);
  });

  it("spreads texts evenly between 0 and 1", () => {
    const fractions = Array.from({ length: 1_000 }, (_, at) => hashFraction(`coin-${at}`));
    const perTenth = Array.from(
      { length: 10 },
      (_, tenth) => fractions.filter((fraction) => Math.floor(fraction * 10) === tenth).length,
    );
    expect(Math.min(...perTenth)).toBeGreaterThan(60);
    expect(Math.max(...perTenth)).toBeLessThan(140);
  });

  it("picks the same item for the same text, and none from an empty list", () => {
    expect(pickByHash("bitcoin", ["a", "b", "c", "d"])).toBe(["a", "b", "c", "d"][0x6b88c087 % 4]);
    expect(pickByHash("bitcoin", [])).toBeUndefined();
  });
});
