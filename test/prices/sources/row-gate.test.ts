import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dailyCloses } from "../../../src/prices/sources/daily-closes.ts";
import {
  DROP_KINDS,
  type DropKind,
  everyDay,
  failureOf,
  gateRows,
  priceIn,
  readStampedPrice,
} from "../../../src/prices/sources/row-gate.ts";

const NOW = new Date("2026-11-24T12:00:00Z");
const TODAY = "2026-11-24";
const at = (iso: string) => Date.parse(iso);

/** The gate's verdict on a chart's row: the price, why it is left out, or nothing. */
function verdict(stamp: unknown, price: unknown): number | DropKind | undefined {
  const read = readStampedPrice(stamp, price, 1, everyDay(NOW));
  return typeof read === "object" ? (read.priceUsd ?? undefined) : read;
}

describe("prices", () => {
  it.each([0, -1, "0", "-0.1", 1e15, "1e15", 1e300, null, "free", undefined])(
    "%j is no price",
    (value) => {
      expect(priceIn(value)).toBeUndefined();
    },
  );

  it("below a billionth and just below 10¹⁵ are prices", () => {
    expect([priceIn(1e-18), priceIn(9.99e14)]).toEqual([1e-18, 9.99e14]);
  });
});

describe("the rows of a chart", () => {
  it.each([
    ["a stamp of Bitcoin's first day", at("2009-01-03"), 1, 1],
    ["a stamp of the day before", at("2009-01-03") - 1, 1, "stamp"],
    ["the last instant of tomorrow", at("2026-11-26") - 1, 1, 1],
    ["the day after tomorrow", at("2026-11-26"), 1, "stamp"],
    ["a stamp in seconds", at("2026-11-01") / 1_000, 1, "stamp"],
    ["a stamp in microseconds", at("2026-11-01") * 1_000, 1, "stamp"],
    ["a stamp that no calendar holds", 1e300, 1, "stamp"],
    ["no stamp", null, 1, "stamp"],
    ["a day as text", "2026-11-01", 1, "stamp"],
    ["a stamp as numeric text", String(at("2026-11-01")), 1, 1],
    ["a price as numeric text", at("2026-11-01"), "0.25", 0.25],
    ["a null price: a day without one", at("2026-11-01"), null, undefined],
    ["a missing price", at("2026-11-01"), undefined, "shape"],
    ["a price of 0", at("2026-11-01"), 0, "price"],
    ["a price as a word", at("2026-11-01"), "soon", "price"],
    ["an absurd price", at("2026-11-01"), 1e15, "price"],
  ])("%s", (_title, stamp, price, wanted) => {
    expect(verdict(stamp, price)).toBe(wanted);
  });

  it("make a bad response only when more than half of them are left out", () => {
    const read = (row: unknown) =>
      row === 1 ? { row } : row === null ? undefined : ("price" as const);
    expect(gateRows([1, 0], read).isMostlyBad).toBe(false);
    expect(gateRows([1, 0, 0], read).isMostlyBad).toBe(true);
    expect(gateRows([1, 0, null, null], read)).toEqual({
      rows: [{ row: 1 }],
      drops: { stamp: 0, price: 1, shape: 0 },
      isMostlyBad: false,
    });
    expect(gateRows([null], read).isMostlyBad).toBe(false);
    expect(gateRows([], read).isMostlyBad).toBe(false);
  });

  it("that are left out are counted, in a bad response or not", () => {
    const told: [DropKind, number][] = [];
    const count = (kind: DropKind, times: number) => void told.push([kind, times]);
    expect(
      failureOf("Source", { drops: { stamp: 2, price: 0, shape: 1 }, isMostlyBad: true }, count),
    ).toEqual({
      ok: false,
      reason: "bad-answer",
      detail: "Source: most rows of the answer cannot be right",
    });
    expect(
      failureOf("Source", { drops: { stamp: 0, price: 4, shape: 0 }, isMostlyBad: false }, count),
    ).toBeUndefined();
    expect(told).toEqual([
      ["stamp", 2],
      ["shape", 1],
      ["price", 4],
    ]);
  });

  it("a day in a year with five digits is never a close", () => {
    const prices = [at("2026-11-23"), 1e15, -1e15, Number.NaN].map((atMs) => ({
      atMs,
      priceUsd: 1,
    }));
    expect(dailyCloses(prices, TODAY)).toEqual([{ on: "2026-11-23", priceUsd: 1 }]);
  });
});

describe("whatever JSON comes", () => {
  const anyRow = fc.oneof(
    fc.jsonValue(),
    fc.tuple(fc.oneof(fc.double(), fc.jsonValue()), fc.oneof(fc.double(), fc.jsonValue())),
    fc.record({
      id: fc.jsonValue(),
      symbol: fc.jsonValue(),
      name: fc.jsonValue(),
      market_cap_rank: fc.jsonValue(),
      image: fc.jsonValue(),
    }),
  );

  it("no row throws, and no chart has values out of bounds", () => {
    fc.assert(
      fc.property(
        fc.array(anyRow, { maxLength: 30 }),
        fc.constantFrom(1, 1_000),
        (rows, unitMs) => {
          const gated = gateRows(rows, (row) => {
            const [stamp, price] = Array.isArray(row) ? row : [row, row];
            return readStampedPrice(stamp, price, unitMs, everyDay(NOW));
          });
          for (const { atMs, priceUsd } of gated.rows) {
            expect(atMs >= at("2009-01-03") && atMs < at("2026-11-26")).toBe(true);
            expect(priceUsd !== null && priceUsd > 0 && priceUsd < 1e15).toBe(true);
          }
          const dropped = DROP_KINDS.reduce((sum, kind) => sum + gated.drops[kind], 0);
          expect(gated.isMostlyBad).toBe(dropped > gated.rows.length);
          for (const { on } of dailyCloses(gated.rows, TODAY))
            expect(on).toMatch(/^20\d\d-\d\d-\d\d$/);
        },
      ),
    );
  });
});
