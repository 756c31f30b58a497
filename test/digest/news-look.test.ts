import { describe, expect, it } from "vitest";
import { type CoinSummary, summarize } from "../../src/digest/coin-summary.ts";
import { newsLook, quietTo } from "../../src/digest/news-look.ts";
import { buildHistory } from "../../src/prices/history/history-builder.ts";
import { addDays } from "../../src/valuation/calendar.ts";
import { syntheticSeries } from "../support/price-series.ts";

const PUBLISHED_ON = "2026-11-23";

/** A coin whose newest close is of that day. */
function summaryTo(lastOn: string): CoinSummary {
  const coin = { coinId: "coin", symbol: "C", name: "Coin", rank: 1 };
  const points = syntheticSeries({
    ...{ firstOn: "2025-01-01", lastOn, startUsd: 1, dailyGrowth: 0, wobble: 0.02, seed: 1 },
  });
  const kept = points.flatMap(({ on, priceUsd }) => (priceUsd === null ? [] : [{ on, priceUsd }]));
  const history = buildHistory(
    { points: kept, sources: [] },
    { coinId: "coin", asOf: "2026-11-24T00:10:00Z", flags: [] },
  );
  if (history === undefined) throw new Error("There is no history.");
  return summarize(coin, history, addDays(PUBLISHED_ON, 1), { publishedOn: PUBLISHED_ON });
}

describe("a look for news", () => {
  it.each([
    [null, "2026-11-22", 1],
    ["2026-11-22", "2026-11-22", 1],
    ["2026-11-19", "2026-11-19", 4],
    ["2026-11-16", "2026-11-16", 7],
    ["2026-10-01", "2026-11-16", 7],
    [PUBLISHED_ON, "2026-11-22", 1],
  ])("after one up to %s begins at %s, %i days ago: a week at most", (lookedToOn, fromOn, days) => {
    expect(newsLook(lookedToOn, PUBLISHED_ON)).toEqual({ fromOn, days });
  });

  it("without any has seen the closes that all coins have: a late one is looked at next time", () => {
    const look = newsLook("2026-11-19", PUBLISHED_ON);
    const to = (...lastOn: string[]) => quietTo(lastOn.map(summaryTo), look, PUBLISHED_ON);
    expect(to(PUBLISHED_ON, PUBLISHED_ON)).toBe(PUBLISHED_ON);
    expect(to(PUBLISHED_ON, "2026-11-22")).toBe("2026-11-22");
  });
});
