import { describe, expect, it } from "vitest";
import { comparisonTitle } from "../../src/messages/comparison-wording.ts";
import { type AnswerSources, answerQuestion } from "../../src/questions/answer.ts";
import { type ComparisonQuestion, compareCoins } from "../../src/questions/comparison.ts";
import { USUAL_PURCHASE } from "../../src/questions/purchase.ts";
import { coinChoicesOf } from "../../src/questions/typed-coins.ts";
import { addDays, daysBetween } from "../../src/valuation/calendar.ts";
import type { PriceHistory } from "../../src/valuation/price-record.ts";
import { standingOf } from "../../src/valuation/standing.ts";
import { answerOf, prices } from "../cards/sample-answer.ts";
import { openMemoryCoinIndex } from "../support/memory-coin-index.ts";

const ASK = { priority: "interactive" } as const;
const TODAY = "2024-03-01";

/** First and last day on record, and what the coin grows by every day. */
type Life = { readonly from: string; readonly to?: string; readonly daily: number };

const LIVES: Readonly<Record<string, Life>> = {
  bitcoin: { from: "2020-01-01", daily: 1.005 },
  dogecoin: { from: "2022-01-01", daily: 1.002 },
  "shiba-inu": { from: "2023-06-01", daily: 1.001 },
  tether: { from: "2020-01-01", daily: 1 },
  fallen: { from: "2020-01-01", to: "2021-06-01", daily: 1.02 },
  newborn: { from: "2024-02-27", daily: 1 },
};
const COINS = [
  { coinId: "bitcoin", symbol: "BTC", name: "Bitcoin", rank: 1 },
  { coinId: "dogecoin", symbol: "DOGE", name: "Dogecoin", rank: 8 },
  { coinId: "shiba-inu", symbol: "SHIB", name: "Shiba Inu", rank: 20 },
  { coinId: "tether", symbol: "USDT", name: "Tether", rank: 3 },
  { coinId: "fallen", symbol: "FALL", name: "Fallen", rank: 900 },
  { coinId: "newborn", symbol: "NEW", name: "Newborn", rank: 950 },
];

function historyOf(coinId: string): PriceHistory {
  const { from, to = addDays(TODAY, -1), daily } = LIVES[coinId] ?? { from: TODAY, daily: 1 };
  const points = Array.from({ length: daysBetween(from, to) + 1 }, (_, day) => ({
    on: addDays(from, day),
    priceUsd: daily ** day,
  }));
  return {
    coinId,
    points,
    firstRecordedOn: from,
    sources: [],
    asOf: `${TODAY}T00:00:00Z`,
    flags: [],
  };
}

const histories = new Map(Object.keys(LIVES).map((coinId) => [coinId, historyOf(coinId)]));
const { index } = await openMemoryCoinIndex(COINS);
const sources: AnswerSources = {
  coins: index,
  prices: {
    history: async ({ coinId }) => ({ ok: true, history: histories.get(coinId) ?? historyOf("") }),
  },
  rates: { perUsd: async () => undefined },
  now: () => new Date(`${TODAY}T12:00:00Z`),
};

async function compared(texts: readonly string[], changes: Partial<ComparisonQuestion> = {}) {
  const coins = await coinChoicesOf(texts, index, ASK);
  return compareCoins({ ...USUAL_PURCHASE, from: "each", coins, ...changes }, sources, ASK);
}

async function comparison(...asked: Parameters<typeof compared>) {
  const outcome = await compared(...asked);
  if (!outcome.ok) throw new Error(outcome.refusal.reason);
  return outcome.comparison;
}

const idsOf = ({ answers }: Awaited<ReturnType<typeof comparison>>) =>
  answers.map(({ coin }) => coin.coinId);

describe("a comparison", () => {
  it("values each coin as /lambo does, the one that came to the most first", async () => {
    const made = await comparison(["doge", "btc", "usdt"]);
    expect(idsOf(made)).toEqual(["bitcoin", "dogecoin", "tether"]);
    for (const { coin, valuation } of made.answers) {
      const alone = await answerQuestion(
        { ...USUAL_PURCHASE, coin: { by: "text", text: coin.coinId } },
        sources,
        ASK,
      );
      expect(alone).toMatchObject({ ok: true, answer: { valuation } });
    }
  });

  it.each([
    [["btc vs doge"]],
    [["btc, doge"]],
    [["btc", "vs", "doge"]],
    [["bitcoin and dogecoin"]],
    [["btc", "doge, btc"]],
    [["btcoin", "bitcoin", "doge"]],
  ])("understands %j as two coins", async (texts) => {
    const made = await comparison(texts);
    expect(idsOf(made)).toEqual(["bitcoin", "dogecoin"]);
    expect(made.answers.map(({ guess }) => guess)).toEqual([undefined, undefined]);
  });

  it("takes two words with a slip in them for one coin", async () => {
    expect(idsOf(await comparison(["shibba inu", "doge"]))).toEqual(["dogecoin", "shiba-inu"]);
  });

  it("says which coin was named more than once", async () => {
    const made = await comparison(["btc", "bitcoin", "doge"]);
    expect(made.repeated.map(({ coinId }) => coinId)).toEqual(["bitcoin"]);
  });

  it("buys all coins when the last of them was listed, and that one at its listing", async () => {
    const made = await comparison(["btc", "doge", "usdt"], { from: "youngest" });
    expect(made.youngest).toMatchObject({
      coin: { coinId: "dogecoin" },
      listedOn: "2022-01-01",
    });
    expect(made.answers.map(({ valuation }) => valuation.opening.from)).toEqual(
      Array(3).fill("2022-01-01"),
    );
    const [each] = (await comparison(["doge", "usdt"])).answers;
    expect(made.answers.find(({ coin }) => coin.coinId === "dogecoin")).toEqual(each);
  });

  it("leaves out a coin that was gone before the youngest was listed, and says so", async () => {
    const made = await comparison(["btc", "doge", "fallen"], { from: "youngest" });
    expect(idsOf(made)).toEqual(["bitcoin", "dogecoin"]);
    expect(made.refusals).toMatchObject([
      { reason: "bought-too-late", coin: { coinId: "fallen" } },
    ]);
    expect(idsOf(await comparison(["btc", "doge", "fallen"]))).toContain("fallen");
  });

  it("shows the others when one coin is refused, and names why", async () => {
    const made = await comparison(["btc", "nosuchcoin", "doge", "newborn"]);
    expect(idsOf(made)).toEqual(["bitcoin", "dogecoin"]);
    expect(made.refusals.map(({ reason }) => reason)).toEqual(["unknown-coin", "too-new"]);
  });

  it("is refused with fewer than two coins left, or with more than four", async () => {
    expect(await compared(["btc", "bitcoin"])).toMatchObject({
      refusal: { reason: "too-few-coins", coin: { coinId: "bitcoin" }, refusals: [] },
    });
    expect(await compared(["newborn", "doge"])).toMatchObject({
      refusal: {
        reason: "too-few-coins",
        coin: { coinId: "dogecoin" },
        refusals: [{ reason: "too-new" }],
      },
    });
    const five = await compared(["btc, doge, shib, usdt, newborn"]);
    expect(five).toMatchObject({ refusal: { reason: "too-many-coins", count: 5, most: 4 } });
    const many = await compared([Array(40).fill("btc").join(",")]);
    expect(many).toMatchObject({ refusal: { reason: "too-many-coins", count: 40 } });
  });
});

describe("the verdict on several coins", () => {
  /** The title for coins that multiplied their stake by so much, best first. */
  function titleOf(multiples: readonly number[], lastOn = "2026-10-31"): string {
    const valuations = multiples.map(
      (multiple) => answerOf({ prices: prices(1, multiple), lastOn }).valuation,
    );
    return comparisonTitle(
      ["Ada", "Bee", "Cat", "Dot"].slice(0, multiples.length),
      valuations,
      "en-US",
    );
  }

  it("names the winner, and how much more it came to than the second", () => {
    expect(titleOf([400, 10])).toBe("Ada beat Bee 40 to 1");
    expect(titleOf([23_456, 10])).toBe("Ada beat Bee 2,300 to 1");
    expect(titleOf([2_345_678, 1])).toBe("Ada beat Bee 2.3 million to 1");
    expect(titleOf([3, 1.3])).toBe("Ada beat Bee 2.3 to 1");
    expect(titleOf([1.5, 1])).toBe("Ada beat Bee by 50%");
    expect(titleOf([1.94, 1])).toBe("Ada beat Bee by 94%");
    expect(titleOf([10, 2, 1])).toBe("Ada won, 5 to 1 over Bee");
    expect(titleOf([10, 9, 1, 0.5])).toBe("Ada won, 11% ahead of Bee");
  });

  it("is true where the loser lost nearly everything, and where all did", () => {
    expect(titleOf([1, 1e-9])).toBe("Ada beat Bee 1 billion to 1");
    expect(titleOf([0.4, 0.1])).toBe("Ada lost least: 4× as much left as with Bee");
    expect(titleOf([0.4, 0.3, 0.1])).toBe("Ada lost least: 33% more left than with Bee");
  });

  it("is a tie within half a percent, of two or of all", () => {
    expect(titleOf([1.002, 1])).toBe("Ada and Bee tied");
    expect(titleOf([5, 5, 5])).toBe("All three tied");
    expect(titleOf([5, 5, 1])).toBe("Ada and Bee tied for first");
    expect(titleOf([5, 5, 5, 1])).toBe("Three of four tied for first");
    expect(titleOf([1.006, 1])).toBe("Ada beat Bee by 0.6%");
  });

  it("says of a winner that is no longer priced that it was back then", () => {
    expect(titleOf([400, 10], "2026-01-31")).toBe("Ada beat Bee 40 to 1, back then");
  });

  it("is counted in money, which is more than nothing even without a Lambo", () => {
    const lost = answerOf({ prices: prices(1, 0.1) }).valuation;
    expect(lost.lambos).toBe(0);
    expect(standingOf([answerOf({ prices: prices(1, 4) }).valuation, lost]).factor).toBeCloseTo(40);
  });
});
