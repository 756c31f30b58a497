import { describe, expect, it } from "vitest";
import type { RateGap } from "../../src/answer.ts";
import {
  attributionLine,
  coinLabel,
  currencyNote,
  firstLamboInWords,
  storySentence,
  type Tier,
  tierOf,
  tradedInWords,
  verdictLine,
  verdictLines,
  verdictWords,
} from "../../src/messages/wording.ts";
import {
  answerOf,
  COINGECKO,
  DEFILLAMA,
  DOGECOIN,
  prices,
  type Sample,
  WITHOUT_EUROS,
} from "../cards/sample-answer.ts";

const TIERS: readonly Tier[] = [
  "dead",
  "moon-100",
  "moon-10",
  "yes",
  "steady",
  "loss",
  "nearly",
  "part-way",
  "spare-parts",
];

// Opening 1 USD and stake 1,000: the closing price decides how many Lambos of 200,000.
const tierAt = (closingUsd: number) =>
  tierOf(answerOf({ prices: prices(1, closingUsd) }).valuation);

describe("the verdict", () => {
  it("has the words of its tier, and changes exactly at 1, 10 and 100 Lambos", () => {
    const words = (closingUsd: number) =>
      verdictWords(answerOf({ prices: prices(1, closingUsd) }).valuation, "en-US");
    expect(words(200.99)).toBe("No Lambo: good thing you never did that");
    expect(words(201)).toBe("You did it");
    expect(words(2000.9)).toBe("You did it");
    expect(words(2001)).toBe("To the moon");
    expect(words(20_001)).toBe("To the moon");
    expect([0.5, 0.99, 1.01, 10, 50, 150, 201, 2001, 20_001].map(tierAt)).toEqual([
      ...[
        "loss",
        "steady",
        "steady",
        "spare-parts",
        "part-way",
        "nearly",
        "yes",
        "moon-10",
        "moon-100",
      ],
    ]);
  });

  it("is nearly there from half a Lambo, and part of the way from a tenth, not just below", () => {
    const lambosAt = (closingUsd: number) =>
      answerOf({ prices: prices(1, closingUsd) }).valuation.lambos;
    expect([101, 100.99, 21, 20.99].map(lambosAt)).toEqual([
      0.5,
      expect.closeTo(0.49995, 8),
      0.1,
      expect.closeTo(0.09995, 8),
    ]);
    expect([101, 100.99, 21, 20.99].map(tierAt)).toEqual([
      "nearly",
      "part-way",
      "part-way",
      "spare-parts",
    ]);
  });

  it("is too late for a coin without current prices, whatever it was once worth", () => {
    const { valuation } = answerOf({ prices: prices(1, 5000), lastOn: "2022-06-01" });
    expect(valuation.lambos).toBeGreaterThan(10);
    expect(verdictWords(valuation, "en-US")).toBe("Too late: last priced on Jun 1, 2022");
  });
});

describe("the verdict line", () => {
  it("has at least six lines for each tier, all different", () => {
    const all = TIERS.flatMap((tier) => verdictLines(tier));
    expect(new Set(all).size).toBe(all.length);
    for (const tier of TIERS) expect(verdictLines(tier).length).toBeGreaterThanOrEqual(6);
  });

  it("is the same for the same question, and varies between questions", () => {
    const lineFor = (stake: number) => verdictLine(answerOf({ stake }));
    expect(lineFor(1000)).toBe(lineFor(1000));
    const lines = Array.from({ length: 60 }, (_, step) => lineFor(600 + step));
    expect(new Set(lines).size).toBe(verdictLines("yes").length);
  });

  it("never advises to buy, sell or hold, and breaks no markdown", () => {
    for (const line of TIERS.flatMap((tier) => verdictLines(tier))) {
      expect(line).not.toMatch(/\b(should|invest|buy now|sell now|hodl)\b/i);
      expect(line).not.toMatch(/[*_`~|[\]<>]/);
      expect(line.length).toBeLessThanOrEqual(120);
    }
  });
});

describe("the verdict line of a currency", () => {
  it("does not change with the rate of the day", () => {
    const lineAt = (perUsd: number, stake: number) =>
      verdictLine(answerOf({ stake, currency: { code: "EUR", perUsd } }));
    for (let stake = 1000; stake < 1020; stake++)
      expect(lineAt(0.92, stake)).toBe(lineAt(0.93, stake));
  });
});

describe("the story", () => {
  it("gives stake, weeks and average prices of buying and selling, and proceeds in one sentence", () => {
    expect(storySentence(answerOf(), "en-US", "plain")).toBe(
      "$1,000 of Dogecoin, bought over its first four weeks (from Jul 4, 2026, on average at $0.0004 each) " +
        "and sold over the last four weeks at $0.1604 on average, comes to $401,000.",
    );
  });

  it("is in the currency shown, coin prices included", () => {
    expect(
      storySentence(answerOf({ currency: { code: "EUR", perUsd: 0.8 } }), "en-US", "plain"),
    ).toBe(
      "€1,000 of Dogecoin, bought over its first four weeks (from Jul 4, 2026, on average at €0.00032 each) " +
        "and sold over the last four weeks at €0.1283 on average, comes to €401,000.",
    );
  });

  it("does not say that a dead coin was sold last month", () => {
    const story = storySentence(answerOf({ lastOn: "2022-06-01" }), "en-US", "plain");
    expect(story).toContain(
      "sold over its last four weeks on record, to Jun 1, 2022, at $0.1604 on average",
    );
    expect(story).not.toContain("over the last four weeks");
  });

  it("says where the opening comes from an exchange's weekly closes", () => {
    const listingCloses = ["2015-01-04", "2015-01-11", "2015-01-18", "2015-01-25"].map((on) => ({
      on,
      priceUsd: 0.0002,
    }));
    expect(
      storySentence(
        answerOf({ flags: ["exchange-listing-only"], listingCloses }),
        "en-US",
        "plain",
      ),
    ).toContain(
      "bought at an exchange's first four weekly closes (from Jan 4, 2015, on average at $0.0002 each)",
    );
  });

  it("names only as many days as are on record", () => {
    const story = (days: number) =>
      storySentence(answerOf({ prices: prices(1, 2).slice(0, days) }), "en-US", "plain");
    expect(story(12)).toBe(
      "$1,000 of Dogecoin, bought and sold over its only 12 days on record (from Oct 20, 2026, on average at $1 each), comes to $1,000.",
    );
    expect(story(28)).toContain("over its only 28 days on record");
    expect(story(29)).toContain("over its first four weeks");
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
      currencyNote(answerOf({ rateGap: { ...WITHOUT_EUROS, ...gap } }));
    expect(note({})).toBe(
      "No exchange rate for EUR can be had right now: the usual 1,000 USD stands in for this server's own stake.",
    );
    expect(note({ isCarUsual: true })).toBe(
      "No exchange rate for EUR can be had right now: the usual 1,000 USD and the usual car stand in for this server's own stake and car price.",
    );
    expect(note({ codes: ["EUR", "JPY"], isStakeUsual: false, isCarUsual: true })).toBe(
      "No exchange rate for EUR or JPY can be had right now: the usual car stands in for this server's own car price.",
    );
    expect(currencyNote(answerOf({ currency: { code: "EUR", perUsd: 0.8 } }))).toBeUndefined();
    expect(currencyNote(answerOf())).toBeUndefined();
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
    expect(coinLabel(DOGECOIN)).toBe("Dogecoin · DOGE · #9");
    expect(coinLabel({ ...DOGECOIN, name: "\u200b\u3164", rank: null })).toBe("DOGE · unranked");
    expect(coinLabel({ ...DOGECOIN, name: "", symbol: "\u0000" })).toBe("dogecoin · #9");
  });

  it("credits CoinGecko with its link even when the prices are from others, but not for invented ones", () => {
    const link =
      "Data provided by [CoinGecko](https://www.coingecko.com?utm_source=dude-wheres-my-lambo&utm_medium=referral)";
    expect(attributionLine({ sources: [COINGECKO], flags: [] })).toBe(link);
    expect(attributionLine({ sources: [DEFILLAMA, COINGECKO, DEFILLAMA], flags: [] })).toBe(
      `${link} · [DefiLlama](https://defillama.com)`,
    );
    expect(attributionLine({ sources: [DEFILLAMA], flags: [] })).toContain(link);
    expect(attributionLine({ sources: [], flags: ["demo"] })).toBe("");
  });
});
