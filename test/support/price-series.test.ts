import { describe, expect, it } from "vitest";
import {
  recordedPrices,
  recordedSeries,
  seriesOf,
  shiftedToEnd,
  syntheticSeries,
} from "./price-series.ts";

describe("a price series", () => {
  it("can be moved in time with its gaps", () => {
    expect(shiftedToEnd(seriesOf("2020-02-27", [1, undefined, 3]), "2026-11-23")).toEqual([
      { on: "2026-11-21", priceUsd: 1 },
      { on: "2026-11-23", priceUsd: 3 },
    ]);
    expect(shiftedToEnd([], "2026-11-23")).toEqual([]);
  });

  it("is generated identically every time, with its gaps and nulls", () => {
    const shape = { firstOn: "2020-01-01", lastOn: "2020-01-05", startUsd: 10, dailyGrowth: 1 };
    expect(
      syntheticSeries({ ...shape, gaps: [["2020-01-02", "2020-01-03"]], nullsOn: ["2020-01-04"] }),
    ).toEqual([
      { on: "2020-01-01", priceUsd: 10 },
      { on: "2020-01-04", priceUsd: null },
      { on: "2020-01-05", priceUsd: 160 },
    ]);
    const wobbly = syntheticSeries({ ...shape, wobble: 0.1 });
    expect(wobbly).toEqual(syntheticSeries({ ...shape, wobble: 0.1 }));
    expect(wobbly).not.toEqual(syntheticSeries({ ...shape, wobble: 0.1, seed: 2 }));
    expect(
      wobbly.every(
        ({ priceUsd }, index) => Math.abs((priceUsd ?? 0) / (10 * 2 ** index) - 1) <= 0.1,
      ),
    ).toBe(true);
  });

  it.skipIf(!recordedPrices.available)(
    `is read from the recorded files${recordedPrices.note}`,
    () => {
      const dogecoin = recordedSeries("dogecoin");
      expect(dogecoin[0]).toEqual({ on: "2013-12-15", priceUsd: 0.000558776 });
      expect(dogecoin.at(-1)).toEqual({ on: "2025-06-27", priceUsd: 0.160042329 });
      expect(recordedSeries("bitcoin")).toHaveLength(2862);
    },
  );
});
