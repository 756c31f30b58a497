import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agrees, joinRecords, type SourceRecord } from "../../../src/prices/history/joining.ts";
import { addDays } from "../../../src/valuation/calendar.ts";
import type { DailyClose, PriceHistory } from "../../../src/valuation/price-record.ts";
import { value } from "../../../src/valuation/valuation.ts";

const FIRST_ON = "2022-01-01";
const WALL = 500;
const LAST = 865;

/** A record of some days of a market, in units of its own. */
function record(
  name: string,
  prices: readonly number[],
  from: number,
  to: number,
  unit = 1,
): SourceRecord {
  const points = prices
    .slice(from, to + 1)
    .map((priceUsd, at) => ({ on: addDays(FIRST_ON, from + at), priceUsd: priceUsd * unit }));
  return { name, url: `https://${name}.example`, stepDays: 1, points };
}

const market = fc
  .array(fc.double({ min: -0.1, max: 0.1, noNaN: true }), {
    minLength: LAST + 1,
    maxLength: LAST + 1,
  })
  .map((moves) => {
    let price = 1;
    return moves.map((move) => {
      price *= 1 + move;
      return price;
    });
  });

function growthOf(points: readonly DailyClose[]): number {
  const history: PriceHistory = {
    coinId: "coin",
    points,
    firstRecordedOn: FIRST_ON,
    sources: [],
    asOf: "",
    flags: [],
  };
  const outcome = value(history, {
    stakeUsd: 1_000,
    carPriceUsd: 200_000,
    todayOn: addDays(FIRST_ON, LAST + 1),
  });
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.valuation.growthFactor;
}

function joined(leader: SourceRecord, other: SourceRecord) {
  const outcome = joinRecords(leader, other);
  if (!outcome.ok) throw new Error(outcome.because);
  return outcome.record;
}

const FLAT = Array.from({ length: LAST + 1 }, () => 1);

describe("two records of one coin", () => {
  it("give the same answer whatever offset of up to 5 % the other source has", () => {
    fc.assert(
      fc.property(
        market,
        fc.oneof(
          fc.constantFrom(0.95, 1.05, 1 / 0.95, 1 / 1.05),
          fc.double({ min: 0.95, max: 1 / 0.95, noNaN: true }),
        ),
        fc.integer({ min: 14, max: 365 }),
        (prices, unit, overlap) => {
          const whole = growthOf(record("both", prices, 0, LAST).points);
          const { points } = joined(
            record("leader", prices, WALL, LAST),
            record("other", prices, 0, WALL + overlap, unit),
          );
          expect(points.map(({ on }) => on)).toEqual(
            prices.map((_, day) => addDays(FIRST_ON, day)),
          );
          expect(Math.abs((1 + growthOf(points)) / (1 + whole) - 1)).toBeLessThanOrEqual(1e-9);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("are not joined when they are further apart: another unit, or another coin", () => {
    for (const unit of [0.94, 1.06, 1_000]) {
      const outcome = joinRecords(
        record("leader", FLAT, WALL, LAST),
        record("other", FLAT, 0, WALL + 20, unit),
      );
      expect(outcome).toMatchObject({ ok: false, because: "differ" });
    }
  });

  it("agree up to 5 % of either, above or below", () => {
    for (const ratio of [0.95, 1, 1.05, 1 / 0.95, 0.7 / (0.7 * 0.95)])
      expect(agrees(ratio), `${ratio}`).toBe(true);
    for (const ratio of [0.949, 1.054, 0, Number.NaN, Number.POSITIVE_INFINITY])
      expect(agrees(ratio), `${ratio}`).toBe(false);
  });

  it("need seven shared days", () => {
    const leader = record("leader", FLAT, WALL, LAST);
    expect(joinRecords(leader, record("other", FLAT, 0, WALL + 5))).toEqual({
      ok: false,
      because: "apart",
    });
    expect(joinRecords(leader, record("other", FLAT, 0, WALL + 6)).ok).toBe(true);
  });

  it("keep the leader's closes as they are, and credit each source with its days", () => {
    const rising = FLAT.map((_, day) => 1 + day);
    const leader = record("leader", rising, WALL, LAST - 2);
    const { points, sources } = joined(leader, record("other", rising, 0, LAST, 1.03));
    expect(points.slice(WALL, LAST - 1)).toEqual(leader.points);
    expect(sources.map(({ name, from, to }) => [name, from, to])).toEqual([
      ["other", FIRST_ON, addDays(FIRST_ON, WALL - 1)],
      ["leader", addDays(FIRST_ON, WALL), addDays(FIRST_ON, LAST - 2)],
      ["other", addDays(FIRST_ON, LAST - 1), addDays(FIRST_ON, LAST)],
    ]);
  });

  it("fill each other's missing days in order", () => {
    const leader = record("leader", FLAT, WALL, LAST);
    const gappy = { ...leader, points: leader.points.filter((_, at) => at % 10 !== 5) };
    const { points } = joined(gappy, record("other", FLAT, 0, LAST));
    expect(points.map(({ on }) => on)).toEqual(FLAT.map((_, day) => addDays(FIRST_ON, day)));
  });

  it("credit a source that gives no more than days within the other's", () => {
    const whole = record("leader", FLAT, 0, 99);
    const other = record("other", FLAT, 0, 99);
    const credited = (leader: SourceRecord) =>
      joined(leader, other).sources.map(({ name, from, to }) => [name, from, to]);
    const leaderPart = ["leader", FIRST_ON, addDays(FIRST_ON, 99)];
    expect(credited(whole)).toEqual([leaderPart]);
    const gappy = whole.points.filter((_, at) => at !== 40 && at !== 50);
    expect(credited({ ...whole, points: gappy })).toEqual([
      leaderPart,
      ["other", addDays(FIRST_ON, 40), addDays(FIRST_ON, 50)],
    ]);
    const contradicted = whole.points.map((close, at) =>
      at === 0 ? { ...close, priceUsd: 18 } : close,
    );
    expect(credited({ ...whole, points: contradicted })).toEqual([
      leaderPart,
      ["other", FIRST_ON, FIRST_ON],
    ]);
  });

  it("settle a day on which they differ ten-fold by the days around it, even at the very start", () => {
    const spiked = (day: number) => FLAT.map((priceUsd, at) => (at === day ? 40 : priceUsd));
    for (const day of [WALL, WALL + 100]) {
      const { points } = joined(
        record("leader", spiked(day), WALL, LAST),
        record("other", FLAT, WALL, LAST),
      );
      expect(points.every(({ priceUsd }) => priceUsd === 1)).toBe(true);
      const kept = joined(
        record("leader", FLAT, WALL, LAST),
        record("other", spiked(day), WALL, LAST),
      );
      expect(kept.points.every(({ priceUsd }) => priceUsd === 1)).toBe(true);
    }
  });
});
