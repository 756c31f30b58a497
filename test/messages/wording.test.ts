import { describe, expect, it } from "vitest";
import {
  attributionLine,
  coinLabel,
  currencyNote,
  firstLamboInWords,
  tierOf,
  tradedInWords,
  verdictTitle,
} from "../../src/messages/wording.ts";
import type { RateGap } from "../../src/questions/purchase.ts";
import { LAMBO_MODELS } from "../../src/valuation/lambo-models.ts";
import {
  answerOf,
  COINGECKO,
  DEFILLAMA,
  DOGECOIN,
  prices,
  type Sample,
  WITHOUT_EUROS,
} from "../cards/sample-answer.ts";

// Opening 1 USD and stake 1,000: the closing price decides how many Lambos of 200,000.
describe("the verdict", () => {
  const titleAt = (closingUsd: number, sample: Sample = {}) =>
    verdictTitle(answerOf({ prices: prices(1, closingUsd), ...sample }), "en-US");

  it("has words that fit the figure on both sides of every boundary", () => {
    expect([0.5, 0.98, 1, 1.02, 20.6, 21, 149.99, 151].map((usd) => titleAt(usd))).toEqual([
      "No Lambo: good thing you never did that",
      "No Lambo: good thing you never did that",
      "Steady as she goes · 0 Lambos",
      "Spare parts · under 0.001 Lambos",
      "Spare parts · 0.098 Lambos",
      "Part of the way · 0.1 Lambos",
      "Part of the way · 0.74 Lambos",
      "Nearly there · 0.75 Lambos",
    ]);
    expect([200.99, 201, 2000.9, 2001, 20_000.9, 20_001].map((usd) => titleAt(usd))).toEqual([
      "Nearly there · 0.99 Lambos",
      "You did it · 1 Lambo",
      "You did it · 9.99 Lambos",
      "To the moon · 10 Lambos",
      "To the moon · 99.9 Lambos",
      "Past the moon · 100 Lambos",
    ]);
  });

  it("calls no gain a loss, whatever the car costs", () => {
    const revuelto = LAMBO_MODELS.find(({ key }) => key === "revuelto");
    expect(titleAt(382.941, revuelto && { car: revuelto })).toBe("Part of the way · 0.63 Lambos");
    expect(titleAt(1.015, { stake: 13_000_000 })).toBe("Nearly there · 0.97 Lambos");
    expect(titleAt(0.985)).toBe("Steady as she goes · 0 Lambos");
  });

  it("is steady for a young coin only if it did not move at all", () => {
    const young = (closingUsd: number) =>
      tierOf(answerOf({ prices: prices(1, closingUsd).slice(0, 50) }).valuation);
    expect([1, 1.01, 0.99].map(young)).toEqual(["steady", "spare-parts", "loss"]);
  });

  it("is too late for a coin without current prices, whatever it was once worth", () => {
    const lastOn = "2022-06-01";
    expect(titleAt(5000, { lastOn })).toBe("Too late · 25 Lambos then");
    expect(titleAt(0.1, { lastOn })).toBe("Too late, and no Lambo then");
  });
});

describe("the first Lambo day", () => {
  it("distinguishes never, not yet, not known and too early", () => {
    expect(firstLamboInWords(answerOf().valuation, "en-US")).toBe("Aug 1, 2026");
    expect(firstLamboInWords(answerOf({ prices: prices(1, 2) }).valuation, "en-US")).toBe(
      "Not yet",
    );
    expect(
      firstLamboInWords(
        answerOf({ prices: prices(1, 2), lastOn: "2022-06-01" }).valuation,
        "en-US",
      ),
    ).toBe("Never");
    const early = prices(1, 1).map((priceUsd, day) => (day === 20 ? 900 : priceUsd));
    expect(
      firstLamboInWords(answerOf({ prices: early, stake: 1_000_000 }).valuation, "en-US"),
    ).toBe("Only in its first four weeks");
    const listingCloses = [{ on: "2015-01-04", priceUsd: 0.0002 }];
    const fromExchange = answerOf({ flags: ["exchange-listing-only"], listingCloses });
    expect(firstLamboInWords(fromExchange.valuation, "en-US")).toBe("Not known");
  });
});

describe("notes", () => {
  it("says what replaces a server's own amounts while a currency has no rate, and nothing otherwise", () => {
    const note = (gap: Partial<RateGap>) =>
      currencyNote(answerOf({ rateGap: { ...WITHOUT_EUROS, ...gap } }), "en-US");
    expect(note({})).toBe(
      "No exchange rate for EUR is available right now: the usual 1,000 USD stands in for this server's own stake.",
    );
    expect(note({ isCarUsual: true })).toBe(
      "No exchange rate for EUR is available right now: the usual 1,000 USD and the usual car stand in for this server's own stake and car price.",
    );
    expect(note({ codes: ["EUR", "JPY"], isStakeUsual: false, isCarUsual: true })).toBe(
      "No exchange rate for EUR or JPY is available right now: the usual car stands in for this server's own car price.",
    );
    expect(
      currencyNote(answerOf({ currency: { code: "EUR", perUsd: 0.8 } }), "en-US"),
    ).toBeUndefined();
    expect(currencyNote(answerOf(), "en-US")).toBeUndefined();
  });
});

describe("what was traded in the first four weeks", () => {
  const bitcoin = { coinId: "bitcoin", name: "Bitcoin", symbol: "BTC", rank: 1 };
  const traded = (sample: Sample = {}) =>
    tradedInWords(answerOf({ coin: bitcoin, openingTradedUsd: 6_254, ...sample }), "en-US");

  it("is given where the early record has it, with the stake's share of it", () => {
    expect(traded()).toBe(
      "All trading in its first four weeks came to about $6,250: $1,000 would have been about a sixth of it.",
    );
    const shareOf = (stake: number) =>
      / would have been (.*)\.$/.exec(traded({ stake }) ?? "")?.[1];
    expect([1, 100, 600, 2_100, 2_500, 3_000, 5_000, 6_500, 10_000, 1e6].map(shareOf)).toEqual([
      ...[
        "about 0.016% of it",
        "about 1.6% of it",
        "about a tenth of it",
        "about a third of it",
        "about 40% of it",
      ],
      ...["about half of it", "about 80% of it", "about all of it", "1.6× as much", "160× as much"],
    ]);
  });

  it("is short on the card: the stake's share alone", () => {
    const briefly = (stake: number) =>
      tradedInWords(answerOf({ coin: bitcoin, openingTradedUsd: 6_254, stake }), "en-US", {
        briefly: true,
      });
    expect([1, 1_000, 1e6].map(briefly)).toEqual([
      "The stake would have been about 0.016% of all trading then",
      "The stake would have been about a sixth of all trading then",
      "The stake would have been 160× as much as all trading then",
    ]);
  });

  it("is in the currency shown", () => {
    expect(traded({ currency: { code: "EUR", perUsd: 0.8 } })).toBe(
      "All trading in its first four weeks came to about €5,000: €1,000 would have been about a fifth of it.",
    );
  });

  it("is not given for other coins, nor beside invented prices", () => {
    expect(tradedInWords(answerOf(), "en-US")).toBeUndefined();
    expect(traded({ flags: ["demo"] })).toBeUndefined();
  });
});

describe("names and sources", () => {
  it("falls back to symbol and id when a name cannot be seen", () => {
    expect(coinLabel(DOGECOIN, "en-US")).toBe("Dogecoin · DOGE · #9");
    expect(coinLabel({ ...DOGECOIN, name: "\u200b\u3164", rank: null }, "en-US")).toBe(
      "DOGE · unranked",
    );
    expect(coinLabel({ ...DOGECOIN, name: "", symbol: "\u0000" }, "en-US")).toBe("dogecoin · #9");
  });

  it("credits CoinGecko with its link even when the prices are from others, but not for invented ones", () => {
    const link =
      "Data provided by [CoinGecko](https://www.coingecko.com?utm_source=dude-wheres-my-lambo&utm_medium=referral)";
    expect(attributionLine({ sources: [COINGECKO], flags: [] }, "en-US")).toBe(link);
    expect(
      attributionLine({ sources: [DEFILLAMA, COINGECKO, DEFILLAMA], flags: [] }, "en-US"),
    ).toBe(`${link} · [DefiLlama](https://defillama.com)`);
    expect(attributionLine({ sources: [DEFILLAMA], flags: [] }, "en-US")).toContain(link);
    expect(attributionLine({ sources: [], flags: ["demo"] }, "en-US")).toBe("");
  });
});
