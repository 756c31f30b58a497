import { expect, it } from "vitest";
import { createHistoryMemory } from "../../../src/prices/history/history-memory.ts";
import { addDays, daysBetween } from "../../../src/valuation/calendar.ts";
import type { PriceHistory } from "../../../src/valuation/price-record.ts";

const TODAY = "2026-11-26";
const YESTERDAY = "2026-11-25";

/** How many of these coins are still known after all of them have been asked about. */
function knownOf(coins: number, firstOn: string): number {
  const memory = createHistoryMemory(() => new Date(`${TODAY}T12:00:00Z`));
  const points = Array.from({ length: daysBetween(firstOn, TODAY) }, (_, day) => ({
    on: addDays(firstOn, day),
    priceUsd: 1,
  }));
  const refs = Array.from({ length: coins }, (_, at) => ({ coinId: `coin-${at}`, symbol: "C" }));
  for (const coin of refs) {
    const history: PriceHistory = {
      coinId: coin.coinId,
      points,
      firstRecordedOn: firstOn,
      sources: [],
      asOf: `${TODAY}T01:00:00.000Z`,
      flags: [],
    };
    memory.remember(coin, history, {
      todayOn: TODAY,
      publishedOn: YESTERDAY,
      isChecked: true,
      wasAsked: true,
      retryAtMs: null,
    });
  }
  const wanted = { publishedOn: YESTERDAY, mayBeUnchecked: false };
  return refs.filter((coin) => memory.recall(coin, wanted) !== undefined).length;
}

it("still knows the first of three hundred old coins when all have been asked about", () => {
  expect(knownOf(300, "2014-11-26")).toBe(300);
});

it("forgets the coins that were asked about longest ago when too many are asked about", () => {
  expect(knownOf(1_000, "2014-11-26")).toBeLessThan(400);
  expect(knownOf(5_000, "2026-11-01")).toBeLessThan(2_000);
});
