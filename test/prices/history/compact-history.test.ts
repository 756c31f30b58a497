import fc from "fast-check";
import { expect, it } from "vitest";
import {
  compacted,
  packedCloses,
  unpackedCloses,
} from "../../../src/prices/history/compact-history.ts";
import { addDays } from "../../../src/valuation/calendar.ts";
import type { PriceHistory } from "../../../src/valuation/price-record.ts";

const closes = fc
  .array(
    fc.record({
      gapDays: fc.integer({ min: 1, max: 400 }),
      priceUsd: fc.double({ min: 1e-20, max: 1e15, noNaN: true }),
    }),
    { maxLength: 200 },
  )
  .map((steps) => {
    let on = "2009-01-03";
    return steps.map(({ gapDays, priceUsd }) => {
      on = addDays(on, gapDays % 3 === 0 ? gapDays : 1);
      return { on, priceUsd };
    });
  });

it("gives back every close that it kept, to the last bit and with its day", () => {
  fc.assert(
    fc.property(closes, (points) => {
      expect(unpackedCloses(packedCloses(points))).toEqual(points);
    }),
  );
});

it("keeps all else of a history as it is", () => {
  const history: PriceHistory = {
    coinId: "dogecoin",
    points: [
      { on: "2024-02-28", priceUsd: 0.1 },
      { on: "2024-02-29", priceUsd: 0.2 },
      { on: "2024-03-02", priceUsd: 0.3 },
    ],
    firstRecordedOn: "2024-02-28",
    sources: [],
    asOf: "2024-03-03T00:00:00.000Z",
    flags: ["young"],
  };
  expect(compacted(history)).toEqual(history);
});

it("keeps twelve years in less than 40 kB", () => {
  const points = Array.from({ length: 12 * 365 + 3 }, (_, day) => ({
    on: addDays("2014-11-26", day),
    priceUsd: 1,
  }));
  expect(packedCloses(points).closesUsd.byteLength).toBeLessThan(40_000);
});
