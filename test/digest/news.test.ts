import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { summarize } from "../../src/digest/coin-summary.ts";
import { type News, newsFor } from "../../src/digest/news.ts";
import { buildHistory } from "../../src/prices/history/history-builder.ts";
import { addDays } from "../../src/valuation/calendar.ts";
import type { Flag } from "../../src/valuation/price-record.ts";

const LISTED = "2024-01-01";
const COIN = { coinId: "coin", symbol: "COIN", name: "Coin", rank: 1 };
/** One Lambo at 201 USD, for a coin that cost 1 USD at first. */
const PURCHASE = { stakeUsd: 1_000, carPriceUsd: 200_000 };
const ONE_LAMBO_USD = 201;

/** The news of the newest close, or of the newest `days`, of a coin with these closes. */
function newsOf(closesUsd: readonly number[], days = 1, flags: readonly Flag[] = []): News[] {
  const points = closesUsd.map((priceUsd, day) => ({ on: addDays(LISTED, day), priceUsd }));
  const history = buildHistory(
    { points, sources: [] },
    { coinId: "coin", asOf: "2026-11-24T06:00:00.000Z", flags },
  );
  if (history === undefined) throw new Error("no history");
  const summary = summarize(COIN, history, addDays(LISTED, closesUsd.length), { sinceDays: days });
  return summary.ok && summary.news !== null ? [...newsFor(summary.news, PURCHASE)] : [];
}

/** What is news, looked at day by day as a bot does that is never down. */
function newsDaily(closesUsd: readonly number[], fromDay: number): News[] {
  const later = closesUsd.length - fromDay;
  return Array.from({ length: later }, (_, day) =>
    newsOf(closesUsd.slice(0, fromDay + day + 1)),
  ).flat();
}

const flat = (usd: number, days: number): number[] => Array.from({ length: days }, () => usd);
const kinds = (news: readonly News[]) => news.map(({ kind }) => kind);

describe("a new peak", () => {
  const calm = flat(100, 60);

  it("is news from 3 % above the last one, and says what that was", () => {
    expect(newsOf([...calm, 102.9])).toEqual([]);
    expect(newsOf([...calm, 103])).toEqual([
      {
        kind: "peak",
        on: addDays(LISTED, 60),
        priceUsd: 103,
        previous: { on: LISTED, priceUsd: 100 },
      },
    ]);
    expect(newsOf([...calm, 103, 103])).toEqual([]);
  });

  it("in a row of them is news once a week, unless the price falls by 3 % in between", () => {
    const run = Array.from({ length: 30 }, (_, day) => 100 * 1.05 ** (day + 1));
    const days = newsDaily([...calm, ...run], 60).map(({ on }) => on);
    expect(days).toEqual([0, 7, 14, 21, 28].map((day) => addDays(LISTED, 60 + day)));
    expect(kinds(newsDaily([...calm, 110, 111, 100, 114, 115], 60))).toEqual(["peak", "peak"]);
    expect(kinds(newsDaily([...calm, 110, 111, 109, 112, 115], 60))).toEqual(["peak"]);
    // After a fall the next one is 3 % above the height that the price fell from.
    expect(kinds(newsDaily([...calm, 110, 120, 100, 123, 124], 60))).toEqual(["peak", "peak"]);
    expect(kinds(newsDaily([...calm, 110, 120, 100, 123], 60))).toEqual(["peak"]);
  });

  it("of a slow climb is news each time that it has come to 3 %", () => {
    const climb = Array.from({ length: 60 }, (_, day) => 100 * 1.004 ** (day + 1));
    expect(newsDaily([...calm, ...climb], 60)).toHaveLength(7);
  });

  it("in the first four weeks is none: every coin sets peaks then", () => {
    const rising = Array.from({ length: 28 }, (_, day) => 100 * 1.1 ** day);
    expect(newsDaily(rising, 8)).toEqual([]);
  });

  it("that leaps is no news before its fourth day, and is then told once, with its first day", () => {
    for (const times of [4, 30]) {
      const leap = [...calm, ...flat(100 * times, 3)];
      expect(newsDaily(leap, 60)).toEqual([]);
      expect(newsOf([...leap, 100 * times])).toMatchObject([
        { kind: "peak", on: addDays(LISTED, 60) },
      ]);
      expect(newsDaily([...leap, ...flat(100 * times, 10)], 64)).toEqual([]);
      expect(newsDaily([...leap, ...flat(100, 10)], 60)).toEqual([]);
    }
  });
});

describe("crossing one Lambo", () => {
  // The mean of four weeks counts, as on the leaderboard.
  const below = flat(1, 100);
  const at = (lambos: number, days = 28) => flat(1 + 200 * lambos, days);
  const years = [...below, ...at(0.5, 60), ...at(0.99)];

  it("counts from 1.03 upwards and from 0.97 downwards, whatever happens in between", () => {
    const crossings = (closes: readonly number[]) =>
      newsDaily([...years, ...closes], years.length).filter(({ kind }) => kind !== "peak");
    expect(crossings([...at(1.02, 60), ...at(0.98, 60), ...at(1.02, 60)])).toEqual([]);
    const up = crossings([...at(1.06, 60), ...at(0.98, 60), ...at(1.06, 60)]);
    expect(kinds(up)).toEqual(["up"]);
    expect(up[0]).toMatchObject({ lambos: expect.closeTo(1.03, 2) });
    const both = crossings([...at(1.06, 60), ...at(0.9, 60), ...at(1.02, 60), ...at(1.06, 60)]);
    expect(kinds(both)).toEqual(["up", "down", "up"]);
  });

  it("is told once, however many days the bot was down", () => {
    const closes = [...years, ...at(1.06, 60), ...at(0.5, 60), ...at(1.5, 60)];
    const told = (step: number) => {
      const all: News[] = [];
      for (let day = years.length; day < closes.length; day += step)
        all.push(...newsOf(closes.slice(0, day + step), Math.min(step, closes.length - day)));
      return all.filter(({ kind }) => kind !== "peak");
    };
    expect(kinds(told(1))).toEqual(["up", "down", "up"]);
    for (const step of [2, 3, 5, 7]) expect(told(step)).toEqual(told(1));
  });

  it("is no news by closes that nobody has confirmed", () => {
    const closes = [...years, ...at(1.5, 60)];
    const day = closes.findIndex((_, at) => kinds(newsOf(closes.slice(0, at + 1))).includes("up"));
    expect(day).toBeGreaterThan(years.length);
    for (const flag of ["stale", "unchecked", "erratic"] as const)
      expect(newsOf(closes.slice(0, day + 1), 1, [flag])).toEqual([]);
  });

  it("never comes twice the same way in a row, whatever the prices do", () => {
    const walk = fc.array(fc.double({ min: 0.8, max: 1.3, noNaN: true }), {
      minLength: 60,
      maxLength: 150,
    });
    fc.assert(
      fc.property(walk, (steps) => {
        let usd = ONE_LAMBO_USD;
        const prices = steps.map((step) => {
          usd *= step;
          return usd;
        });
        const closes = [...flat(1, 40), ...prices];
        const crossings = newsDaily(closes, 40).filter(({ kind }) => kind !== "peak");
        expect(crossings.map(({ kind }) => kind)).toEqual(
          crossings.map((_, index) => (index % 2 === 0 ? "up" : "down")),
        );
      }),
      { numRuns: 20 },
    );
  });
});
