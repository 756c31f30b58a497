import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays } from "../../src/valuation/calendar.ts";
import { weeklyCloses } from "../../src/valuation/weekly-closes.ts";

const days = (firstOn: string, count: number) =>
  Array.from({ length: count }, (_, at) => ({ on: addDays(firstOn, at), priceUsd: at + 1 }));

describe("weekly closes", () => {
  it("are the Sundays of a whole record, the first week's however short it is", () => {
    // 2013-12-15 was a Sunday.
    expect(weeklyCloses(days("2013-12-15", 30), "2014-01-14").map(({ on }) => on)).toEqual([
      ...["2013-12-15", "2013-12-22", "2013-12-29", "2014-01-05", "2014-01-12"],
    ]);
  });

  it("are a week's last price, under its own day, where Sunday has none", () => {
    const points = days("2024-01-01", 14).filter(({ on }) => on !== "2024-01-07");
    expect(weeklyCloses(points, "2024-02-01").map(({ on }) => on)).toEqual([
      "2024-01-06",
      "2024-01-14",
    ]);
  });

  it("leave out the week that is not over", () => {
    expect(weeklyCloses(days("2024-01-01", 13), "2024-01-14").map(({ on }) => on)).toEqual([
      "2024-01-07",
    ]);
    expect(weeklyCloses(days("2024-01-01", 14), "2024-01-15").map(({ on }) => on)).toEqual([
      "2024-01-07",
      "2024-01-14",
    ]);
    expect(weeklyCloses([], "2024-01-15")).toEqual([]);
  });

  it("are prices of the record, one a week, in order, whatever is missing", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(400)), fc.nat(400), (offsets, today) => {
        const points = offsets
          .sort((a, b) => a - b)
          .map((at) => ({ on: addDays("2020-02-27", at), priceUsd: at + 1 }));
        const todayOn = addDays("2020-02-27", today);
        const closes = weeklyCloses(points, todayOn);
        const weekOf = (on: string) =>
          Math.floor((Date.parse(on) - Date.parse("1970-01-05")) / (7 * 86_400_000));
        const finished = points.filter(({ on }) => weekOf(on) < weekOf(todayOn));
        const wanted = new Map(finished.map((point) => [weekOf(point.on), point]));
        expect(closes).toEqual([...wanted.values()]);
      }),
    );
  });
});
