import { describe, expect, it } from "vitest";
import { type Coin, coinHash } from "../../src/prices/coins/coin.ts";
import {
  type AnswerSources,
  answerQuestion,
  type LamboQuestion,
} from "../../src/questions/answer.ts";
import { pricedPurchase, purchaseOf, USUAL_PURCHASE } from "../../src/questions/purchase.ts";
import { addDays } from "../../src/valuation/calendar.ts";
import type { PriceHistory } from "../../src/valuation/price-record.ts";

const ASK = { priority: "interactive" } as const;
const TODAY = "2024-03-01";

const coin = (coinId: string, rank: number): Coin => ({
  coinId,
  symbol: "CALM",
  name: coinId,
  rank,
});
const CALM = coin("calm", 1);
const CALMER = coin("calmer", 2);

/** One price a day from New Year until yesterday: 1 USD in January, `laterUsd` after that. */
function historyOf(coinId: string, laterUsd: number): PriceHistory {
  const points = Array.from({ length: 60 }, (_, day) => ({
    on: addDays("2024-01-01", day),
    priceUsd: day < 31 ? 1 : laterUsd,
  }));
  const firstRecordedOn = "2024-01-01";
  return { coinId, points, firstRecordedOn, sources: [], asOf: `${TODAY}T00:00:00Z`, flags: [] };
}

/** Two coins, the euro at 0.8 to the dollar, and no rate of any other currency. */
function sources(changes: Partial<AnswerSources> = {}): AnswerSources {
  const coins = [CALM, CALMER];
  return {
    coins: {
      resolve: async (text) => {
        const found = coins.find(({ coinId }) => coinId === text);
        return found === undefined
          ? { ok: false, reason: "unknown-coin", suggestions: [CALM] }
          : { ok: true, coin: found };
      },
      byHash: async (hash) => coins.find(({ coinId }) => coinHash(coinId) === hash),
      largest: async (limit) => coins.slice(0, limit),
      namesakes: ({ coinId }) => coins.filter((other) => other.coinId !== coinId),
      size: () => coins.length,
    },
    prices: { history: async ({ coinId }) => ({ ok: true, history: historyOf(coinId, 3) }) },
    rates: { perUsd: async (code) => (code === "EUR" ? 0.8 : undefined) },
    now: () => new Date(`${TODAY}T12:00:00Z`),
    ...changes,
  };
}

const question = (changes: Partial<LamboQuestion> = {}): LamboQuestion => ({
  ...USUAL_PURCHASE,
  coin: { by: "text", text: "calm" },
  ...changes,
});

async function refusalOf(asked: LamboQuestion, from: AnswerSources): Promise<unknown> {
  const outcome = await answerQuestion(asked, from, ASK);
  return outcome.ok ? undefined : outcome.refusal;
}

describe("a question", () => {
  it("is answered with the coin, its namesakes, its history and the purchase's value", async () => {
    const outcome = await answerQuestion(question({ stake: 500 }), sources(), ASK);
    expect(outcome).toMatchObject({
      ok: true,
      answer: {
        coin: CALM,
        namesakes: [CALMER],
        asked: { stake: 500, currency: "USD" },
        currency: { code: "USD", perUsd: 1 },
        history: { coinId: "calm" },
        valuation: { stakeUsd: 500, proceedsUsd: 1_500, profitUsd: 1_000 },
      },
    });
  });

  it("in another currency is valued in dollars at today's rate, own car price included", async () => {
    const asked = question({ stake: 80, currency: "EUR", car: { ownPrice: 160 } });
    const outcome = await answerQuestion(asked, sources(), ASK);
    expect(outcome).toMatchObject({
      ok: true,
      answer: {
        currency: { code: "EUR", perUsd: 0.8 },
        valuation: { stakeUsd: 100, carPriceUsd: 200, lambos: 1, verdict: "yes" },
      },
    });
  });

  it("with a bought day is valued from there, and says which day it is and was asked for", async () => {
    const boughtOn = async (on: string) => {
      const asked = question({ bought: { by: "day", on } });
      const outcome = await answerQuestion(asked, sources(), ASK);
      if (!outcome.ok) return outcome.refusal;
      const { bought, valuation } = outcome.answer;
      return [bought?.on, bought?.askedOn, valuation.opening.meanUsd];
    };
    expect(await boughtOn("2024-02-01")).toEqual(["2024-02-01", "2024-02-01", 3]);
    expect(await boughtOn("2024-01-01")).toEqual(["2024-01-01", "2024-01-01", 1]);
    expect(await boughtOn("2019-05-05")).toEqual(["2024-01-01", "2019-05-05", 1]);
    expect(await boughtOn("2024-02-27")).toMatchObject({ reason: "bought-too-late", coin: CALM });
  });

  it("bought at the peak is bought on the day of each coin's own highest close", async () => {
    const peakDays = { calm: 40, calmer: 20 };
    const from = sources({
      prices: {
        history: async ({ coinId }) => {
          const history = historyOf(coinId, 1);
          const peakOn = addDays("2024-01-01", peakDays[coinId as keyof typeof peakDays]);
          const points = history.points.map(({ on }) => ({ on, priceUsd: on === peakOn ? 9 : 1 }));
          return { ok: true, history: { ...history, points } };
        },
      },
    });
    for (const [text, day] of Object.entries(peakDays)) {
      const asked = question({ coin: { by: "text", text }, bought: { by: "peak" } });
      const outcome = await answerQuestion(asked, from, ASK);
      expect(outcome.ok && outcome.answer.bought?.on).toBe(addDays("2024-01-01", day));
    }
  });

  it("by hash finds the coin of a button", async () => {
    const asked = question({ coin: { by: "hash", hash: coinHash("calmer") } });
    expect(await answerQuestion(asked, sources(), ASK)).toMatchObject({
      ok: true,
      answer: { coin: CALMER },
    });
  });

  it("by chance picks one of the largest coins, the same one for the same seed", async () => {
    const picked = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const asked = question({ coin: { by: "chance", seed: String(index % 10) } });
        const outcome = await answerQuestion(asked, sources(), ASK);
        return outcome.ok ? outcome.answer.coin.coinId : "refused";
      }),
    );
    expect(new Set(picked)).toEqual(new Set(["calm", "calmer"]));
    expect(picked.slice(0, 10)).toEqual(picked.slice(10));
  });

  it("by chance takes another coin for one without an answer, but not while prices are down", async () => {
    const asked: string[] = [];
    const pickedWith = (valued: string, { isDown = false } = {}) => {
      const history: AnswerSources["prices"]["history"] = async ({ coinId }) => {
        asked.push(coinId);
        if (coinId === valued) return { ok: true, history: historyOf(coinId, 3) };
        return isDown
          ? { ok: false, reason: "prices-unavailable", tried: [] }
          : { ok: false, reason: "history-unavailable", because: "no-prices" };
      };
      const largest = async () => [CALM, CALMER, coin("calmest", 3), coin("calmed", 4)];
      return async (seed: string) => {
        asked.length = 0;
        const from = sources({ coins: { ...sources().coins, largest }, prices: { history } });
        return answerQuestion(question({ coin: { by: "chance", seed } }), from, ASK);
      };
    };
    expect(await pickedWith("none")("7")).toMatchObject({
      refusal: { reason: "history-unavailable" },
    });
    const [first, , third = ""] = asked;
    expect(new Set(asked).size).toBe(3);
    expect(asked).toHaveLength(3);
    expect(await pickedWith(third)("7")).toMatchObject({ answer: { coin: { coinId: third } } });
    expect(await pickedWith("none", { isDown: true })("7")).toMatchObject({
      refusal: { reason: "prices-unavailable", coin: { coinId: first } },
    });
    expect(asked).toEqual([first]);
  });

  it("by chance says why the last coin has no answer where there is no other", async () => {
    const history: AnswerSources["prices"]["history"] = async () => ({
      ok: false,
      reason: "history-unavailable",
      because: "no-prices",
    });
    const asked = question({ coin: { by: "chance", seed: "7" } });
    expect(await refusalOf(asked, sources({ prices: { history } }))).toMatchObject({
      reason: "history-unavailable",
    });
  });

  it("is valued anew on the next day, although the history is the same", async () => {
    const history = historyOf("calm", 3);
    const from = (today: string) =>
      sources({
        prices: { history: async () => ({ ok: true, history }) },
        now: () => new Date(`${today}T12:00:00Z`),
      });
    const lastDayOn = async (today: string) => {
      const outcome = await answerQuestion(question(), from(today), ASK);
      return outcome.ok ? outcome.answer.valuation.lastRecordedOn : undefined;
    };
    expect(await lastDayOn("2024-02-29")).toBe("2024-02-28");
    expect(await lastDayOn("2024-03-01")).toBe("2024-02-29");
  });
});

describe("a question is refused", () => {
  it("for an unknown coin, with suggestions and what was typed", async () => {
    const asked = question({ coin: { by: "text", text: "clam" } });
    expect(await refusalOf(asked, sources())).toMatchObject({
      reason: "unknown-coin",
      text: "clam",
      suggestions: [CALM],
    });
  });

  it("for a currency without a rate, before any price is asked for", async () => {
    const asked = question({ currency: "XAF" });
    const prices = { history: () => Promise.reject(new Error("asked for prices")) };
    expect(await refusalOf(asked, sources({ prices }))).toEqual({ reason: "no-rate", code: "XAF" });
  });

  it.each([0.009, 1e12 + 1, Number.NaN])("for a stake of %d USD", async (stake) => {
    expect(await refusalOf(question({ stake }), sources())).toMatchObject({
      reason: "invalid-amount",
    });
  });

  it.each([0.99, 1e12 + 1])("for a car of %d USD", async (ownPrice) => {
    expect(await refusalOf(question({ car: { ownPrice } }), sources())).toMatchObject({
      reason: "invalid-car-price",
    });
  });

  it("for a button whose coin no list has, and otherwise when there is no list", async () => {
    const asked = question({ coin: { by: "hash", hash: "0123456789" } });
    expect(await refusalOf(asked, sources())).toEqual({ reason: "outdated-control" });
    const coins = { ...sources().coins, size: () => 0 };
    expect(await refusalOf(asked, sources({ coins }))).toEqual({
      reason: "prices-unavailable",
      text: "",
    });
  });

  it("by chance when the largest coins are unknown", async () => {
    const coins = { ...sources().coins, largest: async () => [] };
    const asked = question({ coin: { by: "chance", seed: "1" } });
    expect(await refusalOf(asked, sources({ coins }))).toEqual({
      reason: "prices-unavailable",
      text: "",
    });
  });

  it("for a coin without a usable history, naming the coin", async () => {
    const prices: AnswerSources["prices"] = {
      history: async () => ({
        ok: false,
        reason: "history-unavailable",
        because: "no-prices",
      }),
    };
    expect(await refusalOf(question(), sources({ prices }))).toMatchObject({
      reason: "history-unavailable",
      because: "no-prices",
      coin: CALM,
    });
  });

  it("for a coin that is too new, naming the coin and the day to ask again", async () => {
    const history = historyOf("calm", 3);
    const points = history.points.slice(-3);
    const young = { ...history, points, firstRecordedOn: points[0]?.on ?? "" };
    const prices = { history: async () => ({ ok: true, history: young }) as const };
    expect(await refusalOf(question(), sources({ prices }))).toMatchObject({
      reason: "too-new",
      coin: CALM,
      askAgainOn: "2024-03-05",
    });
  });
});

describe("the purchase of an asker", () => {
  it("is the usual one where nothing is chosen, and the chosen stake and car otherwise", () => {
    expect(purchaseOf({})).toEqual(USUAL_PURCHASE);
    expect(purchaseOf({ stake: 5, carKey: "revuelto" })).toMatchObject({
      stake: 5,
      currency: "USD",
      car: { key: "revuelto" },
    });
  });

  it("does not exist for an unknown car", () => {
    expect(purchaseOf({ carKey: "countach" })).toBeUndefined();
  });

  it("keeps its currency without a rate, so that a typed amount is refused rather than misread", async () => {
    const usual = {
      ...USUAL_PURCHASE,
      rateGap: { codes: ["XAF"], serverCurrency: "XAF", isStakeUsual: true, isCarUsual: false },
    };
    expect(purchaseOf({}, usual)).toEqual(usual);
    const typed = purchaseOf({ stake: 5 }, usual);
    expect(typed).toEqual({ stake: 5, currency: "XAF", car: USUAL_PURCHASE.car });
    expect(await pricedPurchase(typed ?? USUAL_PURCHASE, sources().rates, ASK)).toEqual({
      ok: false,
      refusal: { reason: "no-rate", code: "XAF" },
    });
  });
});
