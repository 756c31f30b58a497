import { describe, expect, it } from "vitest";
import { KNOWN_LISTINGS, knownListing, lambosSinceListing } from "../../src/prices/known-listings.ts";

const closing = { from: "2026-10-01", to: "2026-10-28", days: 28, meanUsd: 45_000 };

describe("known listings", () => {
  it("knows that bitcoin traded on Mt. Gox in July 2010 at about five cents", () => {
    expect(knownListing("bitcoin")).toMatchObject({ when: "July 2010", priceUsd: 0.05 });
    expect(knownListing("dogecoin")).toBeUndefined();
    expect(knownListing("constructor")).toBeUndefined();
  });

  it("values the stake from the known price by the same formula as every other day", () => {
    const [bitcoin] = KNOWN_LISTINGS;
    if (bitcoin === undefined) throw new Error("no known listing");
    expect(lambosSinceListing(bitcoin, { closing, stakeUsd: 1000, carPriceUsd: 200_000 })).toBeCloseTo(4499.995, 6);
    expect(lambosSinceListing(bitcoin, { closing: { ...closing, meanUsd: 0.01 }, stakeUsd: 1000, carPriceUsd: 200_000 })).toBe(0);
  });

  it("cites a page and the day it was looked up for every row, one row a coin", () => {
    for (const listing of KNOWN_LISTINGS) {
      expect(listing.source.url).toMatch(/^https:\/\//);
      expect(listing.checkedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(listing.priceUsd).toBeGreaterThan(0);
    }
    expect(new Set(KNOWN_LISTINGS.map((listing) => listing.coinId)).size).toBe(KNOWN_LISTINGS.length);
  });
});
