import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays } from "../../src/valuation/calendar.ts";
import type { DailyClose, PriceHistory } from "../../src/valuation/price-record.ts";
import {
  lambosAt,
  type Valuation,
  type ValuationOutcome,
  value,
} from "../../src/valuation/valuation.ts";
import { recordedPrices, recordedSeries } from "../support/price-series.ts";

const CAR_USD = 200_000;

function history(points: readonly DailyClose[], extra: Partial<PriceHistory> = {}): PriceHistory {
  return {
    coinId: "coin",
    points,
    firstRecordedOn: points[0]?.on ?? "",
    sources: [],
    asOf: "2024-01-01T00:00:00Z",
    flags: [],
    ...extra,
  };
}

/** One price a day from `firstOn`; null leaves the day out. */
function daily(firstOn: string, pricesUsd: readonly (number | null)[]): DailyClose[] {
  return pricesUsd.flatMap((priceUsd, day) =>
    priceUsd === null ? [] : [{ on: addDays(firstOn, day), priceUsd }],
  );
}

function valued(
  points: readonly DailyClose[],
  stakeUsd = 1_000,
  todayOn = addDays(points.at(-1)?.on ?? "2024-01-01", 1),
): Valuation {
  return unwrap(value(history(points), { stakeUsd, carPriceUsd: CAR_USD, todayOn }));
}

function unwrap(outcome: ValuationOutcome): Valuation {
  if (!outcome.ok) throw new Error(`refused: ${JSON.stringify(outcome)}`);
  return outcome.valuation;
}

const aPrice = fc.double({ min: 1e-12, max: 1e9, noNaN: true });
const aSeries = fc
  .array(aPrice, { minLength: 7, maxLength: 400 })
  .map((prices) => daily("2020-01-01", prices));
const aStake = fc.double({ min: 0.01, max: 1e9, noNaN: true });

describe.skipIf(!recordedPrices.available)(`the real daily series ${recordedPrices.note}`, () => {
  it.each([
    ["bitcoin", 119.802534921, 45877.391201786, 1.909708701, 28],
    ["ethereum", 1.264903926, 1696.199531607, 6.699855192, 28],
    ["dogecoin", 0.000417407, 0.178050936, 2.127820454, 26],
  ] as const)(
    "%s opens, closes and counts Lambos as published",
    (name, openingUsd, closingUsd, lambos, openingDays) => {
      const valuation = valued(recordedSeries(name));
      expect(valuation.opening.meanUsd).toBeCloseTo(openingUsd, 8);
      expect(valuation.opening.days).toBe(openingDays);
      expect(valuation.closing.meanUsd).toBeCloseTo(closingUsd, 8);
      expect(valuation.lambos).toBeCloseTo(lambos, 8);
      expect(valuation.verdict).toBe("yes");
    },
  );
});

describe("the arithmetic", () => {
  it("names the smallest stake that buys one Lambo to the last bit, where it comes out even", () => {
    const days = Array.from({ length: 56 }, (_, day) => (day < 28 ? 1 : 2));
    expect(valued(daily("2020-01-01", days)).stakeForOneLamboUsd).toBe(CAR_USD);
  });

  it("scales the profit with the stake", () => {
    fc.assert(
      fc.property(
        aSeries,
        aStake,
        fc.double({ min: 0.5, max: 1_000, noNaN: true }),
        (points, stakeUsd, factor) => {
          const one = valued(points, stakeUsd).profitUsd * factor;
          const other = valued(points, stakeUsd * factor).profitUsd;
          expect(Math.abs(other - one)).toBeLessThanOrEqual(
            1e-9 * Math.max(Math.abs(one), stakeUsd * factor),
          );
        },
      ),
    );
  });

  it("never shows a negative number of Lambos, on any day", () => {
    fc.assert(
      fc.property(aSeries, aStake, (points, stakeUsd) => {
        const { lambos, bestDay, peak, firstLamboDay } = valued(points, stakeUsd);
        for (const count of [lambos, bestDay.lambos, peak.lambos, firstLamboDay?.lambos ?? 1])
          expect(count).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("the first Lambo day is the first day after the opening window worth one, whatever stake and car", () => {
    const aCloseRange = fc.array(fc.double({ min: 0.5, max: 40, noNaN: true }), {
      minLength: 7,
      maxLength: 200,
    });
    fc.assert(
      fc.property(
        aCloseRange,
        fc.double({ min: 1_000, max: 1e6, noNaN: true }),
        (prices, stakeUsd) => {
          const points = daily("2020-01-01", prices);
          const { opening, firstLamboDay } = valued(points, stakeUsd);
          const first = points.find(
            ({ on, priceUsd }) =>
              on > opening.to && lambosAt(priceUsd, opening.meanUsd, stakeUsd, CAR_USD) >= 1,
          );
          expect(firstLamboDay?.on).toBe(first?.on);
          expect(firstLamboDay?.priceUsd).toBe(first?.priceUsd);
        },
      ),
    );
  });

  it("makes no profit, to the last digit, when buying and selling at one price", () => {
    fc.assert(
      fc.property(aPrice, fc.integer({ min: 7, max: 300 }), aStake, (priceUsd, days, stakeUsd) => {
        const valuation = valued(daily("2020-01-01", Array(days).fill(priceUsd)), stakeUsd);
        expect(valuation).toMatchObject({
          profitUsd: 0,
          growthFactor: 0,
          lambos: 0,
          verdict: "no",
          stakeForOneLamboUsd: null,
        });
        expect(valuation.proceedsUsd).toBe(stakeUsd);
      }),
    );
  });

  it("names a stake that buys exactly one Lambo", () => {
    fc.assert(
      fc.property(aSeries, (points) => {
        const stake = valued(points).stakeForOneLamboUsd;
        if (stake === null) return;
        expect(valued(points, stake).lambos).toBeCloseTo(1, 9);
      }),
    );
  });

  it("gives the same valuation whatever the order of the points, and however often each is repeated", () => {
    fc.assert(
      fc.property(aSeries, fc.infiniteStream(fc.nat()), (points, random) => {
        const order = [...points, ...points].map((point) => ({
          point,
          at: random.next().value as number,
        }));
        const shuffled = order.sort((a, b) => a.at - b.at).map(({ point }) => point);
        const todayOn = addDays(points.at(-1)?.on ?? "", 1);
        const question = { stakeUsd: 1_000, carPriceUsd: CAR_USD, todayOn };
        expect(value(history(shuffled), question)).toEqual(value(history(points), question));
      }),
    );
  });

  it("leaves out zero, negative, infinite and missing prices, and every day that is not over", () => {
    const good = daily("2020-01-01", Array(60).fill(2));
    const bad = [0, -5, Number.NaN, Number.POSITIVE_INFINITY].map((priceUsd, day) => ({
      on: addDays("2020-01-10", day),
      priceUsd,
    }));
    const unfinished = [
      { on: "2020-03-01", priceUsd: 9_999 },
      { on: "2020-03-02", priceUsd: 9_999 },
    ];
    expect(valued([...good, ...bad, ...unfinished], 1_000, "2020-03-01")).toEqual(
      valued(good, 1_000, "2020-03-01"),
    );
  });

  it("averages the opening over calendar days, not over the first 28 points", () => {
    const prices = Array.from({ length: 100 }, (_, day) =>
      day < 28 ? (day % 2 === 0 ? 1 : null) : 10,
    );
    expect(valued(daily("2020-01-01", prices)).opening).toEqual({
      from: "2020-01-01",
      to: "2020-01-28",
      days: 14,
      meanUsd: 1,
    });
  });

  it("finds best day, peak and first Lambo day, the latter only after the opening window", () => {
    const prices = Array.from({ length: 120 }, (_, day) =>
      day === 5 ? 900 : day === 50 ? 1_000 : day === 110 ? 700 : 1,
    );
    const valuation = valued(daily("2020-01-01", prices), 10_000);
    expect(valuation.peak.on).toBe("2020-02-20");
    expect(valuation.bestDay.on).toBe("2020-04-20");
    expect(valuation.firstLamboDay?.on).toBe("2020-02-20");
    expect(valuation.firstLamboDay?.lambos).toBe(valuation.peak.lambos);
  });
});

it.each([
  ["never day 28, the last of the opening window", 28, null],
  ["day 29 at the earliest, the first after the opening window", 29, "2020-01-29"],
])("the first Lambo day is %s", (_, day, firstLamboOn) => {
  const prices = Array.from({ length: 60 }, (_price, index) => (index + 1 === day ? 1_000 : 1));
  const { firstLamboDay } = valued(daily("2020-01-01", prices), 10_000_000);
  expect(firstLamboDay?.on ?? null).toBe(firstLamboOn);
});

describe("what a reader is told", () => {
  const flagsOf = (points: readonly DailyClose[], todayOn?: string) =>
    valued(points, 1_000, todayOn).flags;

  it("a first close over three times the median of the opening window is a launch spike", () => {
    expect(flagsOf(daily("2020-01-01", [3.01, ...Array(99).fill(1)]))).toEqual(["launch-spike"]);
    expect(flagsOf(daily("2020-01-01", [2.99, ...Array(99).fill(1)]))).toEqual([]);
    // The days after the first week count too, up to the 28th and no further.
    const fallsInDays = (days: number) =>
      daily("2020-01-01", [...Array(days).fill(10), ...Array(120 - days).fill(1)]);
    expect(flagsOf(fallsInDays(13))).toEqual(["launch-spike"]);
    expect(flagsOf(fallsInDays(15))).toEqual([]);
  });

  it("a first close under a third of the opening price is a launch run, and never a spike as well", () => {
    const runsTo = (mostUsd: number) => daily("2020-01-01", [1, ...Array(99).fill(mostUsd)]);
    expect(flagsOf(runsTo(3.1))).toEqual(["launch-run"]);
    expect(flagsOf(runsTo(2.9))).toEqual([]);
    const bothWays = [4, ...Array(20).fill(1), ...Array(7).fill(90), ...Array(92).fill(1)];
    expect(flagsOf(daily("2020-01-01", bothWays))).toEqual(["launch-run"]);
  });

  it("weekly closes of an exchange show neither a launch spike nor a launch run", () => {
    const weekly = (firstUsd: number) =>
      [firstUsd, 1, 1, 1].map((priceUsd, week) => ({
        on: addDays("2019-12-25", 7 * week),
        priceUsd,
      }));
    const flagsFrom = (firstUsd: number) => {
      const told = {
        ...history(daily("2020-01-01", [9, ...Array(99).fill(1)])),
        listingCloses: weekly(firstUsd),
      };
      const outcome = value(told, { stakeUsd: 1, carPriceUsd: 1, todayOn: "2020-04-10" });
      return outcome.ok && outcome.valuation.flags;
    };
    expect([0.01, 100].map(flagsFrom)).toEqual([[], []]);
  });

  it.skipIf(!recordedPrices.available)(
    `of recorded coins BNB ran at its launch and Shiba Inu spiked${recordedPrices.note}`,
    () => {
      expect(flagsOf(recordedSeries("binancecoin"))).toContain("launch-run");
      expect(flagsOf(recordedSeries("shiba-inu"))).toContain("launch-spike");
      for (const coin of ["bitcoin", "ethereum", "dogecoin"] as const) {
        expect(flagsOf(recordedSeries(coin)).filter((flag) => flag.startsWith("launch"))).toEqual(
          [],
        );
      }
    },
  );

  it("the amount traded in the first four weeks is given where an early record has it, and nowhere else", () => {
    const points = daily("2020-01-01", Array(100).fill(1));
    const tradedOf = (extra: Partial<PriceHistory>) =>
      unwrap(value(history(points, extra), { stakeUsd: 1, carPriceUsd: 1, todayOn: "2020-04-10" }))
        .openingTradedUsd;
    expect(tradedOf({ openingTradedUsd: 6_250 })).toBe(6_250);
    expect(tradedOf({})).toBeUndefined();
  });

  it("under 56 days on record is young", () => {
    expect(flagsOf(daily("2020-01-01", Array(55).fill(1)))).toEqual(["young"]);
    expect(flagsOf(daily("2020-01-01", Array(56).fill(1)))).toEqual([]);
  });

  it("a coin last priced over seven days ago is never a yes, however high its last price", () => {
    const points = daily("2020-01-01", [...Array(50).fill(1), ...Array(50).fill(10_000)]);
    expect(valued(points, 1_000, "2020-04-16")).toMatchObject({ verdict: "yes", flags: [] });
    expect(valued(points, 1_000, "2020-04-18")).toMatchObject({
      verdict: "no",
      flags: ["no-longer-priced"],
    });
  });

  it("a coin listed under a week ago is refused with the day to ask again", () => {
    const outcome = value(history(daily("2020-01-01", Array(6).fill(1))), {
      stakeUsd: 1,
      carPriceUsd: 1,
      todayOn: "2020-01-07",
    });
    expect(outcome).toEqual({
      ok: false,
      reason: "too-new",
      firstRecordedOn: "2020-01-01",
      askAgainOn: "2020-01-08",
    });
    const week = daily("2020-01-01", Array(7).fill(1));
    expect(
      value(history(week), { stakeUsd: 1, carPriceUsd: 1, todayOn: "2020-01-08" }),
    ).toMatchObject({ ok: true });
  });

  it("a coin that died within a week is not told to wait", () => {
    const outcome = value(history(daily("2020-01-01", Array(5).fill(1))), {
      stakeUsd: 1,
      carPriceUsd: 1,
      todayOn: "2024-01-01",
    });
    expect(outcome).toEqual({
      ok: false,
      reason: "history-unavailable",
      missing: "lifetime",
      firstRecordedOn: "2020-01-01",
      lastRecordedOn: "2020-01-05",
    });
  });

  it("the day to ask again is never today or before, however late a young coin's closes come", () => {
    for (const todayOn of ["2020-01-08", "2020-01-09", "2020-01-11"]) {
      const outcome = value(history(daily("2020-01-01", Array(4).fill(1))), {
        stakeUsd: 1,
        carPriceUsd: 1,
        todayOn,
      });
      expect(outcome).toMatchObject({ reason: "too-new", askAgainOn: addDays(todayOn, 1) });
    }
  });

  it("a coin whose first weeks lack prices is told to wait while they last", () => {
    const outcomeOn = (todayOn: string, days: readonly number[]) => {
      const points = days.map((day) => ({ on: addDays("2020-01-01", day), priceUsd: 1 }));
      return value(history(points), { stakeUsd: 1, carPriceUsd: 1, todayOn });
    };
    const few = [0, 1, 2, 6, 7];
    expect(outcomeOn("2020-01-09", few)).toEqual({
      ok: false,
      reason: "too-new",
      firstRecordedOn: "2020-01-01",
      askAgainOn: "2020-01-11",
    });
    // The 28 days end with 2020-01-28, whose close is known on the 29th.
    const lacksOpening = { reason: "history-unavailable", missing: "opening" };
    expect(outcomeOn("2020-01-27", [...few, 20])).toMatchObject({ askAgainOn: "2020-01-28" });
    expect(outcomeOn("2020-01-28", [...few, 21])).toMatchObject({ askAgainOn: "2020-01-29" });
    expect(outcomeOn("2020-01-28", [...few.slice(0, 4), 21])).toMatchObject(lacksOpening);
    expect(outcomeOn("2020-01-29", [...few, 22])).toMatchObject(lacksOpening);
    expect(outcomeOn("2020-03-01", [...few, 50, 51, 52, 53, 54, 55])).toMatchObject(lacksOpening);
  });

  it("closes that are left out change no number, but the record still begins and ends with them", () => {
    const points = daily("2020-01-01", Array(100).fill(2));
    const odd = (index: number, priceUsd: number, isNewest = false) => ({
      on: points[index]?.on ?? "",
      priceUsd,
      timesLevel: priceUsd / 2,
      isNewest,
    });
    const oddCloses = [odd(0, 0.01), odd(50, 500), odd(99, 900, true)];
    const kept = points.filter(({ on }) => !oddCloses.some((close) => close.on === on));
    const outcome = value(
      { ...history(kept), oddCloses, flags: ["odd-price"] },
      { stakeUsd: 1_000, carPriceUsd: 10, todayOn: "2020-04-10" },
    );
    if (!outcome.ok) throw new Error(outcome.reason);
    const { opening, closing, peak, bestDay, firstRecordedOn, lastRecordedOn, profitUsd } =
      outcome.valuation;
    expect({ firstRecordedOn, lastRecordedOn, profitUsd }).toEqual({
      firstRecordedOn: "2020-01-01",
      lastRecordedOn: "2020-04-09",
      profitUsd: 0,
    });
    expect(opening).toEqual({ from: "2020-01-01", to: "2020-01-28", days: 27, meanUsd: 2 });
    expect(closing).toEqual({ from: "2020-03-13", to: "2020-04-09", days: 27, meanUsd: 2 });
    expect([peak.priceUsd, bestDay.priceUsd]).toEqual([2, 2]);
  });

  it.each([
    ["all", []],
    [
      "opening",
      daily(
        "2020-01-01",
        Array.from({ length: 100 }, (_, day) => (day < 28 && day % 5 !== 0 ? null : 1)),
      ),
    ],
    [
      "closing",
      daily(
        "2020-01-01",
        Array.from({ length: 100 }, (_, day) => (day > 71 && day % 5 !== 4 ? null : 1)),
      ),
    ],
  ] as const)("fewer than seven prices in a window is no answer: %s", (missing, points) => {
    const todayOn = addDays(points.at(-1)?.on ?? "2020-01-01", 1);
    expect(value(history(points), { stakeUsd: 1, carPriceUsd: 1, todayOn })).toEqual({
      ok: false,
      reason: "history-unavailable",
      missing,
    });
  });

  it("weekly closes of an exchange can replace the opening, and then the first Lambo day is unknown", () => {
    const points = daily("2023-01-01", Array(300).fill(1_000));
    const listingCloses = daily("2015-01-01", [
      1,
      null,
      null,
      null,
      null,
      null,
      null,
      2,
      null,
      null,
      null,
      null,
      null,
      null,
      3,
    ]);
    const outcome = value(history(points, { listingCloses, flags: ["exchange-listing-only"] }), {
      stakeUsd: 1_000,
      carPriceUsd: CAR_USD,
      todayOn: "2023-10-28",
    });
    expect(unwrap(outcome)).toMatchObject({
      firstRecordedOn: "2015-01-01",
      opening: { from: "2015-01-01", days: 3, meanUsd: 2 },
      firstLamboDay: null,
      flags: ["exchange-listing-only"],
    });
  });
});
