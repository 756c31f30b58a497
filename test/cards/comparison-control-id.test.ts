import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  comparisonControlId,
  openCoinId,
  parseComparisonControlId,
  parseOpenCoinId,
} from "../../src/cards/comparison-control-id.ts";
import { coinHash } from "../../src/prices/coins/coin.ts";
import { COMPARISON_STARTS } from "../../src/questions/comparison.ts";
import { AVERAGE_LAMBO, LAMBO_MODELS } from "../../src/valuation/lambo-models.ts";
import { anyText } from "../support/any-text.ts";

// One seed, so that a red run is red again.
fc.configureGlobal({ seed: 20_261_127 });

const HASHES = ["bitcoin", "dogecoin", "pepe", "tether"].map(coinHash);
const FROM = {
  control: "from",
  coinHashes: HASHES,
  stake: 1000,
  currency: "USD",
  car: AVERAGE_LAMBO,
  from: "youngest",
} as const;

const amount = fc.oneof(
  fc.integer({ min: 1, max: 1_000_000_000 }),
  fc.double({ min: 0.01, max: 1e15, noNaN: true }),
);
const purchase = fc.record({
  stake: amount,
  currency: fc.constantFrom("USD", "EUR", "JPY"),
  car: fc.oneof(
    fc.constantFrom(...LAMBO_MODELS),
    amount.map((ownPrice) => ({ ownPrice })),
  ),
});

describe("the id of a button or menu under a comparison", () => {
  it("holds up to four coins and the purchase in at most 100 characters, and reads back the same", () => {
    fc.assert(
      fc.property(
        purchase,
        fc.constantFrom("from", "share", "coins"),
        fc.integer({ min: 2, max: 4 }),
        fc.constantFrom(...COMPARISON_STARTS),
        fc.constantFrom({}, { isShared: true as const }),
        (asked, control, count, from, shared) => {
          const id = {
            control,
            coinHashes: HASHES.slice(0, count),
            ...asked,
            from,
            ...shared,
          } as const;
          expect(comparisonControlId(id).length).toBeLessThanOrEqual(100);
          expect(parseComparisonControlId(comparisonControlId(id))).toEqual(id);
        },
      ),
    );
  });

  it("may hold fewer than two coins only where a menu offers more", () => {
    for (const coinHashes of [[], HASHES.slice(0, 1)]) {
      const menu = { ...FROM, control: "coins", coinHashes } as const;
      expect(parseComparisonControlId(comparisonControlId(menu))).toEqual(menu);
      const button = comparisonControlId({ ...FROM, coinHashes });
      expect(parseComparisonControlId(button)).toBeUndefined();
    }
  });

  it("is refused in any form that this program would not write", () => {
    const genuine = comparisonControlId(FROM);
    const [first = "", second = ""] = HASHES;
    expect(parseComparisonControlId(genuine)).toBeDefined();
    for (const forged of [
      "",
      "compare",
      `${genuine}:x`,
      genuine.replace(/1$/, "2"),
      genuine.replace("compare", "lambo"),
      genuine.replace("from", "toString"),
      genuine.replace(":y:", ":x:"),
      genuine.replace(":y:", "::"),
      genuine.replace("average", "fiat-panda"),
      genuine.replace("USD", "usd"),
      ...["0", "-5", "1e3", "01", "NaN", "", "~AAAAAAAAAAA", "1000.0000000000000"].map((stake) =>
        genuine.replace("1000", stake),
      ),
      genuine.replace(first, second),
      genuine.replace(first, "short"),
      genuine.replace(first, `${first}${coinHash("fifth")}`),
      genuine.replace(first, "../../../.."),
    ])
      expect(parseComparisonControlId(forged), forged).toBeUndefined();
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(parseComparisonControlId(text)).toBeUndefined();
        expect(parseOpenCoinId(text)).toBeUndefined();
      }),
    );
  });
});

describe("the id of a button that opens a coin", () => {
  it("holds the coin, the purchase and the day of buying, and reads back the same", () => {
    fc.assert(
      fc.property(purchase, fc.constantFrom(null, "2013-12-15"), (asked, boughtOn) => {
        const id = { coinHash: coinHash("dogecoin"), ...asked, boughtOn };
        expect(openCoinId(id).length).toBeLessThanOrEqual(100);
        expect(parseOpenCoinId(openCoinId(id))).toEqual(id);
      }),
    );
  });

  it("is refused with a day that is none", () => {
    const genuine = openCoinId({
      coinHash: coinHash("dogecoin"),
      stake: 1000,
      currency: "USD",
      car: AVERAGE_LAMBO,
      boughtOn: "2013-12-15",
    });
    for (const day of ["2013-02-31", "", "never", "2013-12-15:"])
      expect(parseOpenCoinId(genuine.replace("2013-12-15", day)), day).toBeUndefined();
  });
});
