import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judgeCloses } from "../../../src/prices/history/outliers.ts";
import { addDays } from "../../../src/valuation/calendar.ts";
import type { DailyClose } from "../../../src/valuation/price-record.ts";
import { closesOf, FIRST_ON, flat, oddPlaces, places } from "../../support/flat-closes.ts";
import {
  earlyBitcoin,
  RECORDED_SERIES,
  recordedPrices,
  recordedSeries,
  wholeBitcoin,
} from "../../support/price-series.ts";

describe.skipIf(!recordedPrices.available)(`real closes${recordedPrices.note}`, () => {
  const records = [
    ...RECORDED_SERIES.map((name) => [name, () => recordedSeries(name)] as const),
    ["bitcoin before 2013", earlyBitcoin] as const,
    ["bitcoin from 2010", wholeBitcoin] as const,
  ];

  it.each(records)("of %s are all kept, and only shiba-inu has a step that lasts", (name, read) => {
    const closes = read();
    const { kept, oddCloses, erratic, hasLastingStep } = judgeCloses(closes);
    expect(kept).toBe(closes);
    expect(oddCloses).toEqual([]);
    expect(erratic).toBeNull();
    expect(hasLastingStep).toBe(name === "shiba-inu");
  });

  it.each(records)(
    "of %s are all kept on every day of its life, but for shiba-inu's newest",
    { timeout: 120_000 },
    (name, read) => {
      const closes = read();
      const leftOut: string[] = [];
      for (const [last, { on: newestOn }] of closes.entries()) {
        const { oddCloses, erratic } = judgeCloses(closes.slice(0, last + 1));
        expect(erratic).toBeNull();
        for (const { on, isNewest } of oddCloses)
          leftOut.push(`${newestOn}: ${on}${isNewest ? "" : " for good"}`);
      }
      expect(leftOut).toEqual(
        name !== "shiba-inu"
          ? []
          : [
              "2021-01-30: 2021-01-30",
              "2021-01-31: 2021-01-30",
              "2021-01-31: 2021-01-31",
              "2021-02-01: 2021-01-30",
              "2021-02-01: 2021-01-31",
              "2021-02-01: 2021-02-01",
              "2021-05-10: 2021-05-10",
            ],
      );
    },
  );
});

describe("a close far from the days around it", () => {
  it.each([
    ["one day at 18 times a flat price", flat(100, { 40: 18 }), [40]],
    ["one day at an eighteenth of it", flat(100, { 40: 1 / 18 }), [40]],
    ["exactly ten times the price", flat(100, { 40: 0.7 }, 0.07), [40]],
    ["exactly a tenth of the price", flat(100, { 40: 0.007 }, 0.07), [40]],
    ["three days", flat(100, { 40: [30, 18, 90] }), [40, 41, 42]],
    ["up one day and down the next", flat(100, { 40: [18, 1 / 18] }), [40, 41]],
    ["every other day", flat(100, { 40: [18, 1, 18, 1, 1 / 18] }), [40, 42, 44]],
    [
      "two runs a week apart",
      flat(100, { 40: [18, 18, 18], 50: [18, 18, 18] }),
      [...places(40, 3), ...places(50, 3)],
    ],
    [
      "two runs a day apart",
      flat(100, { 40: [18, 18, 18, 1, 18, 18, 18] }),
      [...places(40, 3), ...places(44, 3)],
    ],
    ["a low run beside a high one", flat(100, { 40: [0.01, 0.01, 50, 50] }), places(40, 4)],
    ["the second day", flat(100, { 1: 18 }), [1]],
    ["the second to the fourth day", flat(100, { 1: [18, 40, 18] }), [1, 2, 3]],
    ["the last day of the opening window", flat(100, { 27: 18 }), [27]],
    ["a low first day", flat(100, { 0: 0.05 }), [0]],
    ["low first three days", flat(100, { 0: [0.05, 0.02, 0.09] }), [0, 1, 2]],
    ["a low first day before a high second one", flat(100, { 0: [0.05, 18] }), [0, 1]],
    ["a low day behind a high first one", flat(100, { 0: [18, 0.05] }), [1]],
    ["a high day among the first, behind a high first one", flat(100, { 0: [18, 1, 18] }), [2]],
    ["the last day but one", flat(100, { 98: 18 }), [98]],
    ["a day of a young record", flat(10, { 5: 18 }), [5]],
    ["a price of 1e-18", flat(100, { 40: 1e-16 }, 1e-18), [40]],
    ["a price of 1e14", flat(100, { 40: 9e12 }, 1e14), [40]],
    ["the first day of a new unit", flat(100, { 40: [18_000, ...Array(59).fill(1_000)] }), [40]],
    [
      "the second day of a new unit",
      flat(100, { 40: [1_000, 18, ...Array(58).fill(1_000)] }),
      [41],
    ],
    [
      "days behind a new unit",
      flat(100, { 40: Array(60).fill(1_000), 43: 18_000, 60: [1, 1] }),
      [43, 60, 61],
    ],
    ["a day that leads to another level", flat(100, { 40: [24, ...Array(59).fill(4)] }), [40]],
    ["a day behind one at three times the price", flat(100, { 40: [3, 16] }), [41]],
    ["a day with another half way to it", flat(100, { 40: [3.5, 12] }), [41]],
    ["a week that swings round the threshold", flat(100, { 40: [10.5, 9.5, 10.5] }), [40, 41, 42]],
    [
      "ten times the weeks to either side, though not the days beside it",
      flat(100, { 37: [1.1, 1.1, 1.1, 10.5, 1.1, 1.1, 1.1] }),
      [40],
    ],
    [
      "ten times the days beside it, though not the weeks to either side",
      flat(100, { 33: [1.1, 1.1, 1.1, 1.1, 1, 1, 1, 10.5, 1, 1, 1, 1.1, 1.1, 1.1, 1.1] }),
      [40],
    ],
  ])("is left out: %s", (_, closes, expected) => {
    const { kept, erratic, hasLastingStep } = judgeCloses(closes);
    expect(oddPlaces(closes)).toEqual(expected);
    expect(kept).toEqual(closes.filter((_close, place) => !expected.includes(place)));
    expect(erratic).toBeNull();
    expect(hasLastingStep).toBe(closes.at(-1)?.priceUsd === 1_000);
  });

  it.each([
    ["9.99 times the price", flat(100, { 40: 9.99 })],
    [
      "9.99 times the weeks to either side",
      flat(100, { 37: [1.1, 1.1, 1.1, 9.99, 1.1, 1.1, 1.1] }),
    ],
    ["a little over a tenth of it", flat(100, { 40: 0.101 })],
    ["four days, which are a market", flat(100, { 40: [18, 18, 18, 18] })],
    ["four days of different prices", flat(100, { 40: [12, 40, 90, 11] })],
    ["four days that swing round the threshold", flat(100, { 40: [10.5, 9.5, 10.5, 9.5] })],
    ["a rise that took days", flat(100, { 40: [2, 4, 8, 16, 8, 4, 2] })],
    ["a crash that is undone step by step", flat(100, { 40: [1 / 20, 1 / 10, 1 / 5, 1 / 2.5] })],
    ["a step that lasts", flat(100, { 40: Array(60).fill(60) })],
    ["a day that overshoots another level", flat(100, { 40: [40, ...Array(59).fill(9)] })],
    ["a step that goes on", flat(100, { 40: [20, 400, ...Array(58).fill(8_000)] })],
    ["a high first day", flat(100, { 0: 18 })],
    ["three high first days", flat(100, { 0: [18, 900, 18] })],
    ["two high first weeks", flat(100, { 0: Array(14).fill(30) })],
    ["an airdrop sold within days", flat(100, { 0: [40, 25, 12, 5, 2] })],
    ["a first day before four high ones", flat(100, { 1: Array(4).fill(18) })],
    ["four low first days", flat(100, { 0: [0.01, 0.02, 0.01, 0.02] })],
  ])("is kept: %s", (_, closes) => {
    const { kept, oddCloses, erratic } = judgeCloses(closes);
    expect(kept).toBe(closes);
    expect(oddCloses).toEqual([]);
    expect(erratic).toBeNull();
  });

  it("is measured against the level around it", () => {
    expect(judgeCloses(flat(100, { 40: 54 }, 3)).oddCloses).toEqual([
      { on: addDays(FIRST_ON, 40), priceUsd: 54, timesLevel: 18, isNewest: false },
    ]);
    expect(judgeCloses(flat(100, { 0: 0.25 }, 5)).oddCloses).toEqual([
      { on: FIRST_ON, priceUsd: 0.25, timesLevel: 0.05, isNewest: false },
    ]);
  });

  it("is measured against the level of its own day where the price grows by a fifth a day", () => {
    const closes = closesOf(places(0, 40).map((day) => 1.2 ** day / (day === 20 ? 11 : 1)));
    expect(oddPlaces(closes)).toEqual([20]);
    expect(judgeCloses(closes).oddCloses[0]?.timesLevel).toBeCloseTo(1 / 11, 9);
  });

  it("is found on six of the first seven days, which do not make the record erratic", () => {
    const closes = closesOf(
      places(0, 30).map((day) => 0.96 ** day / (day < 7 && day !== 3 ? 12 : 1)),
    );
    expect(oddPlaces(closes)).toEqual([0, 1, 2, 4, 5, 6]);
  });

  it("is found across missing days, unless it was seen for over a week", () => {
    const gap = (days: number) => Array<undefined>(days).fill(undefined);
    const before = Array<number>(30).fill(1);
    const after = Array<number>(30).fill(1.2);
    expect(oddPlaces(closesOf([...before, ...gap(90), 18, ...after]))).toEqual([30]);
    expect(oddPlaces(closesOf([...before, 18, ...gap(90), ...after]))).toEqual([30]);
    expect(oddPlaces(closesOf([...before, ...gap(90), 18, ...gap(90), ...after]))).toEqual([30]);
    expect(oddPlaces(closesOf([...before, 18, ...gap(2), 20, ...gap(3), 18, ...after]))).toEqual([
      30, 31, 32,
    ]);
    expect(oddPlaces(closesOf([...before, 18, ...gap(3), 20, ...gap(3), 18, ...after]))).toEqual(
      [],
    );
    expect(oddPlaces(closesOf([...before, 18, ...gap(6), 18, ...after]))).toEqual([30, 31]);
    expect(oddPlaces(closesOf([...before, 18, ...gap(7), 18, ...after]))).toEqual([]);
  });

  it("of different sizes over more than seven days are a level, except for their own spike", () => {
    const around = Array<number>(30).fill(1);
    const gap = Array<undefined>(4).fill(undefined);
    const high = [18, ...gap, 400, ...gap, 18];
    expect(oddPlaces(closesOf([...around, ...high, ...around]))).toEqual([31]);
    expect(oddPlaces(closesOf([...around, 18, 400, 18, ...around]))).toEqual([30, 31, 32]);
  });

  it("is found as soon as four closes in a row show the level", () => {
    expect(oddPlaces(flat(4, { 3: 18 }))).toEqual([]);
    expect(oddPlaces(flat(5, { 4: 18 }))).toEqual([4]);
    expect(oddPlaces(flat(7, { 3: 18 }))).toEqual([]);
    expect(oddPlaces(flat(8, { 3: 18 }))).toEqual([3]);
    expect(oddPlaces(flat(10, { 2: [18, 18], 5: [18, 18] }))).toEqual([]);
    expect(oddPlaces(flat(11, { 2: [18, 18], 5: [18, 18] }))).toEqual([2, 3, 5, 6]);
  });
});

describe("the newest closes", () => {
  it.each([18, 1 / 18])(
    "at %d times the price are left out until the fourth day, from which they count",
    (times) => {
      const days = (count: number) => flat(100, { 40: Array(60).fill(times) }).slice(0, 40 + count);
      for (const count of [1, 2, 3]) {
        const { oddCloses, kept } = judgeCloses(days(count));
        expect(oddCloses.map(({ isNewest }) => isNewest)).toEqual(Array(count).fill(true));
        expect(kept).toEqual(days(0));
      }
      for (const count of [4, 5, 6, 7, 30]) expect(judgeCloses(days(count)).oddCloses).toEqual([]);
    },
  );

  it.each([1, 2, 3])("that come back after %d days are left out for good", (count) => {
    const closes = flat(100, { 40: Array(count).fill(18) });
    for (const newest of [40 + count, 41 + count, 50]) {
      const { oddCloses } = judgeCloses(closes.slice(0, newest + 1));
      expect(oddCloses.map(({ isNewest }) => isNewest)).toEqual(Array(count).fill(false));
    }
  });

  it("that come back after four days count on every later day", () => {
    const closes = flat(100, { 40: Array(4).fill(18) });
    for (let newest = 43; newest < 100; newest++)
      expect(judgeCloses(closes.slice(0, newest + 1)).oddCloses).toEqual([]);
  });

  it("that return to a price of long ago are measured against the days right before them", () => {
    expect(oddPlaces(flat(91, { 50: Array(40).fill(18) }))).toEqual([90]);
  });

  it("are measured against the days right before them, even on a steep rise", () => {
    const rise = places(0, 10).map((day) => 1.5 ** day);
    const closes = closesOf([...Array<number>(30).fill(1), ...rise, 1.5 ** 9 * 3.3]);
    expect(judgeCloses(closes).kept).toBe(closes);
    expect(
      oddPlaces(closesOf([...closes.slice(0, -1).map(({ priceUsd }) => priceUsd), 1.5 ** 9 * 8])),
    ).toEqual([40]);
  });

  it("are marked apart from older odd closes", () => {
    const { oddCloses } = judgeCloses(flat(60, { 56: [18, 1, 1, 18] }));
    expect(oddCloses.map(({ on, isNewest }) => [on, isNewest])).toEqual([
      [addDays(FIRST_ON, 56), false],
      [addDays(FIRST_ON, 59), true],
    ]);
  });

  it("lose no close that is not far by itself, because they may turn out to be a market", () => {
    expect(oddPlaces(flat(60, { 57: [9, 9, 18] }))).toEqual([59]);
    expect(oddPlaces(flat(70, { 57: [9, 9, 18] }))).toEqual([57, 58, 59]);
  });

  it("in a new unit count from their fourth day without a spike", () => {
    const days = [1_000, 1_000, 1_000, 18_000, 1_000];
    expect(oddPlaces(flat(64, { 60: days.slice(0, 4) }))).toEqual([60, 61, 62, 63]);
    expect(oddPlaces(flat(65, { 60: days }))).toEqual([63]);
  });
});

describe("any market", () => {
  /**
   * Closes that move by at most 4 % from one to the next, here and there with a day or two missing.
   */
  const smooth = fc
    .record({
      exponent: fc.integer({ min: -16, max: 12 }),
      moves: fc.array(
        fc.record({
          move: fc.double({ min: 0.96, max: 1 / 0.96, noNaN: true }),
          days: fc.constantFrom(1, 1, 1, 1, 1, 2, 3),
        }),
        {
          minLength: 24,
          maxLength: 200,
        },
      ),
    })
    .map(({ exponent, moves }) => {
      let priceUsd = 10 ** exponent;
      let on = FIRST_ON;
      return moves.map(({ move, days }): DailyClose => {
        priceUsd *= move;
        on = addDays(on, days);
        return { on, priceUsd };
      });
    });
  const spike = fc.record({
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    times: fc.array(fc.double({ min: 12, max: 1e4, noNaN: true }), { minLength: 1, maxLength: 3 }),
    isLow: fc.boolean(),
  });
  type Spike = {
    readonly share: number;
    readonly times: readonly number[];
    readonly isLow: boolean;
  };
  /** The closes with a spike in them, and the places of its closes. */
  function planted(closes: readonly DailyClose[], { share, times, isLow }: Spike) {
    const first = Math.floor(share * (closes.length - times.length + 1 - 1e-9));
    const spiked = closes.map((close, place) => {
      const factor = times[place - first] ?? 1;
      return { ...close, priceUsd: isLow ? close.priceUsd / factor : close.priceUsd * factor };
    });
    return { spiked, at: places(first, times.length), first };
  }
  /** Prices out of a few levels, so that leaps of every size follow on each other. */
  const wild = fc
    .array(fc.constantFrom(1, 1, 1, 1, 3.2, 5, 9.9, 10, 18, 100, 0.05, 0.1, 0.3), { maxLength: 90 })
    .map((prices) => closesOf(prices));

  it("loses a planted spike, and nothing else", () => {
    fc.assert(
      fc.property(smooth, spike, (closes, planned) => {
        const { spiked, at, first } = planted(closes, planned);
        fc.pre(planned.isLow || first > 0);
        const { kept, oddCloses } = judgeCloses(spiked);
        expect(kept).toEqual(closes.filter((_, place) => !at.includes(place)));
        const isNewest = at.includes(closes.length - 1);
        for (const [index, odd] of oddCloses.entries()) {
          const times = planned.times[index] ?? Number.NaN;
          expect(odd.isNewest).toBe(isNewest);
          expect(Math.abs(Math.log(odd.timesLevel)) / Math.log(times)).toBeCloseTo(1, 0);
          expect(odd.timesLevel < 1).toBe(planned.isLow);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("loses two planted spikes, wherever they are", () => {
    fc.assert(
      fc.property(smooth, spike, spike, (closes, one, other) => {
        const first = planted(closes, one);
        const both = planted(first.spiked, other);
        const at = [...first.at, ...both.at];
        fc.pre(one.isLow || first.first > 0);
        fc.pre(other.isLow || both.first > 0);
        // Next to each other they are one run, which may be as long as a market.
        fc.pre(!first.at.some((place) => both.at.some((second) => Math.abs(second - place) <= 1)));
        expect(judgeCloses(both.spiked).kept).toEqual(
          closes.filter((_, place) => !at.includes(place)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("keeps high closes at the very start", () => {
    fc.assert(
      fc.property(smooth, spike, (closes, { times }) => {
        const { spiked } = planted(closes, { share: 0, times, isLow: false });
        expect(judgeCloses(spiked).kept).toBe(spiked);
      }),
    );
  });

  it("keeps every close when it has no leaps", () => {
    fc.assert(
      fc.property(smooth, (closes) => {
        expect(judgeCloses(closes).kept).toBe(closes);
      }),
    );
  });

  it("is judged the same in any unit", () => {
    fc.assert(
      fc.property(wild, fc.double({ min: 1e-12, max: 1e12, noNaN: true }), (closes, unit) => {
        const other = closes.map(({ on, priceUsd }) => ({ on, priceUsd: priceUsd * unit }));
        const here = judgeCloses(closes);
        const there = judgeCloses(other);
        expect(there.kept.map(({ on }) => on)).toEqual(here.kept.map(({ on }) => on));
        expect(there.erratic).toEqual(here.erratic);
        expect(there.hasLastingStep).toBe(here.hasLastingStep);
      }),
      { numRuns: 1_000 },
    );
  });

  it("loses nothing more when it is judged again", () => {
    fc.assert(
      fc.property(wild, (closes) => {
        const { kept } = judgeCloses(closes);
        expect(judgeCloses(kept).kept).toBe(kept);
      }),
      { numRuns: 3_000 },
    );
  });

  it("has every close either kept or left out, in ascending order", () => {
    fc.assert(
      fc.property(wild, (closes) => {
        const { kept, oddCloses } = judgeCloses(closes);
        const all = [...kept, ...oddCloses.map(({ on, priceUsd }) => ({ on, priceUsd }))];
        expect(all.sort((a, b) => (a.on < b.on ? -1 : 1))).toEqual(closes);
        for (const days of [kept, oddCloses])
          expect(days.map(({ on }) => on)).toEqual(days.map(({ on }) => on).sort());
      }),
      { numRuns: 1_000 },
    );
  });

  it("that swings by a tenth a day loses nothing, whatever its course", () => {
    const event = fc.record({
      at: fc.integer({ min: 8, max: 300 }),
      // A step that stays, a week of doubling, a fall that is made up for step by step.
      path: fc.constantFrom(
        [60],
        [0.05],
        [2, 2, 2, 2, 2, 2, 2, 0.5, 0.5, 0.5, 0.5],
        [0.05, 1.5, 1.5, 1.5, 1.5],
      ),
    });
    const swings = fc.array(fc.double({ min: 0.9, max: 1 / 0.9, noNaN: true }), {
      minLength: 320,
      maxLength: 320,
    });
    fc.assert(
      fc.property(swings, event, (moves, { at, path }) => {
        let priceUsd = 1;
        const closes = closesOf(
          moves.map((move, day) => {
            priceUsd *= move * (path[day - at] ?? 1);
            return priceUsd;
          }),
        );
        expect(judgeCloses(closes).kept).toBe(closes);
      }),
      { numRuns: 300 },
    );
  });
});
