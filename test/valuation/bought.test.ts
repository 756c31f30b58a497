import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, daysBetween, later } from "../../src/valuation/calendar.ts";
import { type CoinRecord, recordOf } from "../../src/valuation/coin-record.ts";
import type { DailyClose, PriceHistory } from "../../src/valuation/price-record.ts";

const FIRST = "2020-01-01";

/** One price a day from {@link FIRST}; null leaves the day out. */
function historyOf(
  pricesUsd: readonly (number | null)[],
  extra: Partial<PriceHistory> = {},
): PriceHistory {
  const points = pricesUsd.flatMap((priceUsd, day) =>
    priceUsd === null ? [] : [{ on: addDays(FIRST, day), priceUsd }],
  );
  const asOf = "2024-01-01T00:00:00Z";
  return { coinId: "coin", points, firstRecordedOn: FIRST, sources: [], asOf, flags: [], ...extra };
}

const dayAfter = ({ points }: PriceHistory) => addDays(points.at(-1)?.on ?? FIRST, 1);

function boughtOn(history: PriceHistory, on: string, todayOn = dayAfter(history)) {
  return recordOf(history, todayOn, on);
}

function recordFrom(history: PriceHistory, on: string, todayOn = dayAfter(history)): CoinRecord {
  const outcome = boughtOn(history, on, todayOn);
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome.record;
}

const flat = (days: number, priceUsd: number) => Array<number>(days).fill(priceUsd);
const gap = (days: number) => Array<null>(days).fill(null);

const aHistory = fc
  .array(fc.option(fc.double({ min: 1e-9, max: 1e6, noNaN: true }), { freq: 6 }), {
    minLength: 7,
    maxLength: 300,
  })
  .map((prices) => historyOf(prices))
  .filter(({ points }) => points.length > 0);
const aDay = fc.integer({ min: -40, max: 320 }).map((day) => addDays(FIRST, day));

function mean(points: readonly DailyClose[], from: string, to: string): number {
  const inside = points.filter(({ on }) => on >= from && on <= to);
  return inside.reduce((sum, { priceUsd }) => sum + priceUsd / inside.length, 0);
}

describe("a coin bought on a chosen day", () => {
  it("is, on the day of its listing or before it, bought at the listing", () => {
    fc.assert(
      fc.property(aHistory, fc.nat(60), (history, before) => {
        const first = history.points[0]?.on ?? FIRST;
        const todayOn = dayAfter(history);
        expect(recordOf(history, todayOn, addDays(first, -before))).toEqual(
          recordOf(history, todayOn),
        );
      }),
    );
  });

  it("costs the mean of the 28 days from there, and is sold at the mean of the last 28", () => {
    fc.assert(
      fc.property(aHistory, aDay, (history, on) => {
        const outcome = boughtOn(history, on);
        if (!outcome.ok) return;
        const { opening, closing, firstRecordedOn, lastRecordedOn } = outcome.record;
        expect(opening.from).toBe(later(on, firstRecordedOn));
        expect(opening.to).toBe(addDays(opening.from, 27));
        const openingUsd = mean(history.points, opening.from, opening.to);
        // Nothing is sold on a day before it was bought.
        const soldFrom = later(addDays(lastRecordedOn, -27), opening.from);
        const closingUsd = mean(history.points, soldFrom, lastRecordedOn);
        expect(opening.meanUsd / openingUsd).toBeCloseTo(1, 9);
        expect(closing.meanUsd / closingUsd).toBeCloseTo(1, 9);
      }),
    );
  });

  it("is refused only with a day on which, or from which on, it is answered", () => {
    fc.assert(
      fc.property(aHistory, aDay, (history, on) => {
        const outcome = boughtOn(history, on);
        if (outcome.ok || !("boughtOn" in outcome)) return;
        const named =
          outcome.reason === "bought-too-late"
            ? [outcome.latestOn]
            : [outcome.earlierOn, outcome.laterOn];
        for (const day of named) {
          if (day === undefined || day <= (history.points[0]?.on ?? FIRST)) continue;
          const other = boughtOn(history, day);
          // A record without a usable last month is refused for that alone.
          expect(other.ok || other).not.toMatchObject({ boughtOn: day });
        }
      }),
    );
  });

  it("has the peak and the first Lambo day that came after it, never an earlier one", () => {
    const history = historyOf([...flat(30, 1), ...flat(30, 900), ...flat(60, 10), ...flat(60, 50)]);
    const record = recordFrom(history, addDays(FIRST, 60));
    expect(record.peak).toEqual({ on: addDays(FIRST, 120), priceUsd: 50 });
    expect(record.highs[0]).toEqual({ on: addDays(FIRST, 88), priceUsd: 10 });
  });

  it("within the last eight weeks is young, and within four is sold on the days it is bought", () => {
    const history = historyOf(Array.from({ length: 200 }, (_, day) => day + 1));
    const last = addDays(FIRST, 199);
    expect(recordFrom(history, addDays(last, -55)).flags).toEqual([]);
    expect(recordFrom(history, addDays(last, -54)).flags).toEqual(["young"]);
    expect(recordFrom(history, addDays(last, -13)).growthFactor).toBe(0);
    expect(boughtOn(history, addDays(last, -6)).ok).toBe(true);
  });

  it("within the last week is refused with the first day to ask again, and the latest that works", () => {
    const history = historyOf(flat(200, 1));
    const last = addDays(FIRST, 199);
    expect(boughtOn(history, addDays(last, -5))).toEqual({
      ok: false,
      reason: "bought-too-late",
      boughtOn: addDays(last, -5),
      lastRecordedOn: last,
      askAgainOn: addDays(last, 2),
      latestOn: addDays(last, -6),
    });
  });

  it("after the last price of a dead coin is refused without a day to ask again", () => {
    const history = historyOf(flat(100, 1));
    const last = addDays(FIRST, 99);
    expect(boughtOn(history, addDays(last, 300), addDays(last, 900))).toEqual({
      ok: false,
      reason: "bought-too-late",
      boughtOn: addDays(last, 300),
      lastRecordedOn: last,
      latestOn: addDays(last, -6),
    });
    expect(recordFrom(history, addDays(last, -60), addDays(last, 900)).flags).toEqual([
      "no-longer-priced",
    ]);
  });

  it("inside a gap of the record is refused with the nearest days on either side", () => {
    const history = historyOf([...flat(60, 1), ...gap(100), ...flat(60, 2)]);
    expect(boughtOn(history, addDays(FIRST, 100))).toEqual({
      ok: false,
      reason: "bought-in-gap",
      boughtOn: addDays(FIRST, 100),
      earlierOn: addDays(FIRST, 53),
      laterOn: addDays(FIRST, 160),
    });
  });

  it("after what a note warns of has no such note", () => {
    const odd = { on: addDays(FIRST, 40), priceUsd: 99, timesLevel: 99, isNewest: false };
    const erratic = { farCloses: 9, from: FIRST, to: addDays(FIRST, 30) };
    const flags = ["partial-history", "odd-price", "erratic", "unchecked"] as const;
    const prices = [...flat(30, 1), ...gap(40), ...flat(120, 1)];
    const history = historyOf(prices, { flags, oddCloses: [odd], erratic });
    expect(recordFrom(history, addDays(FIRST, 20)).flags).toEqual([...flags]);
    expect(recordFrom(history, addDays(FIRST, 80)).flags).toEqual(["unchecked"]);
  });

  it("has no note about the first close, and no share of the first weeks' trading", () => {
    const history = historyOf([9, ...flat(100, 1)], { openingTradedUsd: 5_000 });
    expect(recordFrom(history, FIRST)).toMatchObject({
      flags: ["launch-spike"],
      openingTradedUsd: 5_000,
    });
    const bought = recordFrom(history, addDays(FIRST, 1));
    expect(bought.flags).toEqual([]);
    expect(bought).not.toHaveProperty("openingTradedUsd");
  });

  it("after an exchange's first closes has a price of its own, and between them none", () => {
    const listingCloses = [0, 7, 14, 21].map((day) => ({
      on: addDays("2019-01-01", day),
      priceUsd: 4,
    }));
    const history = historyOf(flat(100, 2), {
      listingCloses,
      firstRecordedOn: "2019-01-01",
      flags: ["exchange-listing-only"],
    });
    expect(recordFrom(history, "2019-01-01")).toMatchObject({
      opening: { meanUsd: 4 },
      knowsFirstLamboDay: false,
      flags: ["exchange-listing-only"],
    });
    expect(recordFrom(history, addDays(FIRST, 10))).toMatchObject({
      firstRecordedOn: "2019-01-01",
      opening: { meanUsd: 2 },
      knowsFirstLamboDay: true,
      flags: [],
    });
    for (const on of ["2019-01-02", "2019-07-01"])
      expect(boughtOn(history, on)).toEqual({
        ok: false,
        reason: "bought-in-gap",
        boughtOn: on,
        earlierOn: "2019-01-01",
        laterOn: FIRST,
      });
  });

  it("keeps the days on record counted from the listing", () => {
    const history = historyOf(flat(100, 1));
    const { firstRecordedOn, lastRecordedOn, daysOnRecord } = recordFrom(
      history,
      addDays(FIRST, 40),
    );
    expect(daysOnRecord).toBe(daysBetween(firstRecordedOn, lastRecordedOn) + 1);
    expect(firstRecordedOn).toBe(FIRST);
  });
});
