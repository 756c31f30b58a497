import { describe, expect, it } from "vitest";
import {
  stakeForOneInBrief,
  storyDetails,
  storySentence,
  worthInWords,
} from "../../src/messages/story.ts";
import { answerOf, DOGECOIN, prices, type Sample } from "../cards/sample-answer.ts";

const story = (sample: Sample = {}, locale = "en-US") =>
  storySentence(answerOf(sample), locale, "plain");
const details = (sample: Sample = {}) => storyDetails(answerOf(sample), "en-US");

const LISTING_CLOSES = ["2015-01-04", "2015-01-11", "2015-01-18", "2015-01-25"].map((on) => ({
  on,
  priceUsd: 0.0002,
}));

describe("the story", () => {
  it("tells one person in one sentence what would have become of the money", () => {
    expect(story()).toBe(
      "Had you put $1,000 into Dogecoin in its first four weeks (July 2026), you would have $401,000 today: two Lambos.",
    );
    expect(story({ prices: prices(1, 0.25) })).toBe(
      "Had you put $1,000 into Dogecoin in its first four weeks (July 2026), you would have $250 today: about a quarter of it left.",
    );
    expect(story({ prices: prices(1, 1e-9) })).toBe(
      "Had you put $1,000 into Dogecoin in its first four weeks (July 2026), you would have less than $0.01 today: next to nothing left.",
    );
  });

  it("is in the currency shown", () => {
    expect(story({ currency: { code: "EUR", perUsd: 0.8 } })).toBe(
      "Had you put €1,000 into Dogecoin in its first four weeks (July 2026), you would have €401,000 today: two and a half Lambos.",
    );
  });

  it("names both months where the first weeks reach into a second one, and both years", () => {
    expect(story({ lastOn: "2026-10-20" })).toContain("(June and July 2026)");
    expect(story({ lastOn: "2026-04-10", flags: [] })).toContain(
      "(December 2025 and January 2026)",
    );
    expect(story({ lastOn: "2026-04-10" }, "de")).toContain("(Dezember 2025 und Januar 2026)");
  });

  it("does not say that a dead coin would be worth anything today", () => {
    expect(story({ lastOn: "2022-06-01" })).toBe(
      "Had you put $1,000 into Dogecoin in its first four weeks (February and March 2022), you would have left with $401,000: two Lambos.",
    );
  });

  it("names a coin with a long name by its symbol", () => {
    const coin = { ...DOGECOIN, name: "A Coin With a Name Longer Than a Line", symbol: "LONG" };
    expect(story({ coin })).toContain("into LONG in its first");
  });

  it("says where the opening comes from an exchange's weekly closes", () => {
    const sample = { flags: ["exchange-listing-only"], listingCloses: LISTING_CLOSES } as const;
    expect(story(sample)).toContain("in its first four weeks on an exchange (January 2015)");
    expect(story({ ...sample, lastOn: "2022-06-01" })).toContain(
      "on an exchange (January 2015), you would have left with ",
    );
  });

  it("says that a coin a few days old is bought and sold over the same days", () => {
    const daysOld = (days: number) => story({ prices: prices(1, 2).slice(0, days) });
    expect(daysOld(12)).toBe(
      "Had you put $1,000 into Dogecoin over its only 12 days on record (October 2026), you would have sold it over the same days: your money back, and nothing else.",
    );
    expect(daysOld(28)).toContain("over its only 28 days on record");
    expect(daysOld(29)).toContain("in its first four weeks");
  });
});

describe("what it comes to, in words", () => {
  it.each([
    [0.005, "next to nothing left"],
    [0.05, "small change left"],
    [0.1, "about a tenth of it left"],
    [0.2, "less than a quarter of it left"],
    [0.33, "about a third of it left"],
    [0.5, "about half of it left"],
    [0.67, "about two thirds of it left"],
    [0.75, "about three quarters of it left"],
    [0.97, "nearly all of it left"],
    [0.99, "just about what you put in"],
    [1, "just about what you put in"],
    [1.019, "just about what you put in"],
    [1.05, "a gain, but not one that a showroom would notice"],
    [3, "a sliver of a Lambo"],
    [10, "a wheel's worth of Lambo"],
    [21, "about a tenth of a Lambo"],
    [51, "a quarter of a Lambo"],
    [101, "half a Lambo"],
    [151, "three quarters of a Lambo"],
    [161, "most of a Lambo"],
    [195, "very nearly a whole Lambo"],
    [201, "one Lambo"],
    [210, "a Lambo and change"],
    [251, "a Lambo and change"],
    [301, "a Lambo and a half"],
    [361, "a Lambo and most of another"],
    [396, "very nearly two Lambos"],
    [427, "two Lambos and change"],
    [1_901, "nine and a half Lambos"],
    [999, "very nearly five Lambos"],
    [1_000, "five Lambos"],
    [1_996, "very nearly ten Lambos"],
    [2_100, "ten Lambos and change"],
    [2_401, "about a dozen Lambos"],
    [4_801, "about two dozen Lambos"],
    [10_001, "dozens of Lambos"],
    [19_601, "very nearly a hundred Lambos"],
    [20_001, "a hundred Lambos and change"],
    [40_001, "hundreds of Lambos"],
    [400_001, "thousands of Lambos"],
    [4_000_001, "a moonful of Lambos"],
  ])("at %d times the opening price: %s", (times, words) => {
    expect(worthInWords(answerOf({ prices: prices(1, times) }).valuation, "en-US")).toBe(words);
  });

  it("is the part of a Lambo where a flat coin was counted with a huge stake", () => {
    expect(worthInWords(answerOf({ prices: prices(1, 1.01), stake: 1e7 }).valuation, "en-US")).toBe(
      "half a Lambo",
    );
  });
});

describe("how it was computed", () => {
  it("has days and average prices, and the first Lambo day if there was one", () => {
    expect(details()).toBe(
      "Bought Jul 4 – 31, 2026 at $0.0004, sold Oct 4 – 31, 2026 at $0.1604, on average · first Lambo Aug 1, 2026",
    );
    expect(details({ lastOn: "2026-04-10" })).toContain("Bought Dec 12, 2025 – Jan 8, 2026 at");
  });

  it("has one price for a coin bought and sold over the same days", () => {
    expect(details({ prices: prices(1, 2).slice(0, 12) })).toBe(
      "Bought and sold Oct 20 – 31, 2026 at $1 on average",
    );
  });
});

describe("the stake for one Lambo", () => {
  const sentence = (closingUsd: number) =>
    stakeForOneInBrief(answerOf({ prices: prices(1, closingUsd) }), "en-US");

  it("is named below one, rounded up so that it buys one, where there is such a stake", () => {
    expect(sentence(1.5)).toBe("One Lambo would have taken $400,000");
    expect(sentence(200.5)).toBe("One Lambo would have taken $1,002.51");
    expect(sentence(201)).toBeUndefined();
    expect(sentence(0.5)).toBeUndefined();
  });
});
