import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays } from "../../src/valuation/calendar.ts";
import { recordOf } from "../../src/valuation/coin-record.ts";
import { type NeededPrice, neededPrice } from "../../src/valuation/needed-price.ts";
import type { DailyClose } from "../../src/valuation/price-record.ts";
import { lambosAt } from "../../src/valuation/valuation.ts";

fc.configureGlobal({ seed: 20_261_127 });

const FIRST_ON = "2026-01-01";
const PURCHASE = { stakeUsd: 1_000, carPriceUsd: 200_000 };

/** Four weeks at 1 dollar, so that one Lambo takes 201, and then these closes. */
function neededAfter(
  laterUsd: readonly number[],
  purchase = PURCHASE,
  openingUsd = 1,
  spikeUsd = openingUsd,
): NeededPrice & { readonly openingUsd: number } {
  const bought = Array.from({ length: 28 }, (_, day) => (day === 9 ? spikeUsd : openingUsd));
  const closes = [...bought, ...laterUsd];
  const points: DailyClose[] = closes.map((priceUsd, day) => ({
    on: addDays(FIRST_ON, day),
    priceUsd,
  }));
  const history = {
    ...{ coinId: "coin", points, firstRecordedOn: FIRST_ON, sources: [] },
    ...{ asOf: "2026-11-01T00:00:00Z", flags: [] },
  };
  const outcome = recordOf(history, addDays(FIRST_ON, closes.length));
  if (!outcome.ok) throw new Error(outcome.reason);
  return {
    ...neededPrice(outcome.record, points, purchase),
    openingUsd: outcome.record.opening.meanUsd,
  };
}

/** The day of the first of the later closes is 0. */
const later = (day: number): string => addDays(FIRST_ON, 28 + day);

describe("the needed price", () => {
  it("is the opening price times one plus car over stake", () => {
    expect(neededAfter([2]).priceUsd).toBeCloseTo(201, 9);
  });

  it("is worth exactly one Lambo, for any stake, car and opening price", () => {
    const amount = (least: number, most: number) =>
      fc.double({ min: Math.log(least), max: Math.log(most), noNaN: true }).map(Math.exp);
    fc.assert(
      fc.property(
        amount(0.01, 1e12),
        amount(1, 1e12),
        amount(1e-12, 1e9),
        (stakeUsd, carPriceUsd, opening) => {
          const purchase = { stakeUsd, carPriceUsd };
          const { priceUsd, openingUsd } = neededAfter([opening], purchase, opening);
          const lambos = lambosAt(priceUsd, openingUsd, stakeUsd, carPriceUsd);
          expect(lambos).toBeGreaterThanOrEqual(1);
          // Of a car that costs next to nothing beside the stake, a double has few digits left.
          expect(lambos).toBeLessThan(1 + 1e-12 * (1 + stakeUsd / carPriceUsd));
        },
      ),
    );
  });

  it("stands as far above the latest close as that takes to reach it", () => {
    const { latest, timesLatest, isThere } = neededAfter([3, 2.01]);
    expect(latest).toEqual({ on: later(1), priceUsd: 2.01 });
    expect(timesLatest).toBeCloseTo(100, 9);
    expect(isThere).toBe(false);
  });

  it("was last there on the last day that closed at it or above, not on the first", () => {
    const { lastThereOn, isThere } = neededAfter([300, 5, 250, 4, 6]);
    expect([lastThereOn, isThere]).toEqual([later(2), false]);
  });

  it("is there when the latest close is", () => {
    expect(neededAfter([4, 400])).toMatchObject({ isThere: true, lastThereOn: later(1) });
  });

  it("came closest on its highest close, told as a share of it", () => {
    const { closest, lastThereOn } = neededAfter([2, 100.5, 40]);
    expect(lastThereOn).toBeNull();
    expect(closest?.on).toBe(later(1));
    expect(closest?.share).toBeCloseTo(0.5, 9);
  });

  it("takes no close of the first four weeks for one, while the coin was still being bought", () => {
    // One of the 28 closes is 600, their mean is about 22, and one Lambo takes about 27.
    const rich = { stakeUsd: 1_000_000, carPriceUsd: 200_000 };
    expect(neededAfter([], rich, 1, 600)).toMatchObject({ isThere: false, closest: null });
    expect(neededAfter([2], rich, 1, 600)).toMatchObject({ isThere: false, lastThereOn: null });
    expect(neededAfter([30, 2], rich, 1, 600).lastThereOn).toBe(later(0));
  });
});
