import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerCard } from "../../src/cards/answer-card.ts";
import type { CoinCardOptions } from "../../src/cards/coin-card.ts";
import type { LamboAnswer } from "../../src/questions/answer.ts";
import { AVERAGE_LAMBO, LAMBO_MODELS } from "../../src/valuation/lambo-models.ts";
import { answerOf, DOGECOIN, NOW, prices, WITHOUT_EUROS } from "./sample-answer.ts";

type Options = Omit<CoinCardOptions, "now">;

const answer = answerOf();
const options: Options = { locale: "en-US", isPrivate: false };

function card(asked: LamboAnswer, { now = NOW, ...shown }: Partial<CoinCardOptions> = {}) {
  return answerCard(asked, { ...options, ...shown, now });
}

/** The same answer from another, equal history: nothing is known of its card. */
function unknown(asked: LamboAnswer): LamboAnswer {
  return { ...asked, history: { ...asked.history } };
}

const valued = (sample: Parameters<typeof answerOf>[0]): LamboAnswer => {
  const { history, coin } = answer;
  return { ...answerOf(sample), ...(sample?.prices === undefined && { history }), coin };
};

const TWO_LAMBOS = { png: new Uint8Array([1]), altText: "Two Lambos." };
const THREE_LAMBOS = { png: new Uint8Array([2]), altText: "Three Lambos." };

describe("a card that has been shown before", () => {
  it("is the same as one that is written anew, whatever was asked before", () => {
    const answers = fc
      .record({
        stake: fc.constantFrom(500, 1000),
        car: fc.constantFrom(AVERAGE_LAMBO, LAMBO_MODELS[3] ?? AVERAGE_LAMBO, { ownPrice: 500 }),
        currency: fc.constantFrom(
          { code: "USD", perUsd: 1 },
          { code: "EUR", perUsd: 0.9 },
          { code: "EUR", perUsd: 0.91 },
        ),
        rateGap: fc.constantFrom(undefined, WITHOUT_EUROS),
      })
      .map(({ rateGap, ...sample }) => valued({ ...sample, ...(rateGap && { rateGap }) }));
    const shown = fc.record({
      locale: fc.constantFrom("en-US", "de", "ja"),
      isPrivate: fc.boolean(),
      isByChance: fc.boolean(),
      pageUrl: fc.constantFrom(undefined, "https://lambo.example/c/dogecoin"),
      sharedBy: fc.constantFrom(undefined, "1", "2"),
      now: fc.constantFrom(NOW, new Date("2026-11-02T00:00:00Z")),
      picture: fc.constantFrom(undefined, TWO_LAMBOS, THREE_LAMBOS),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(answers, shown), { maxLength: 8 }), (asked) => {
        for (const [one, how] of asked) expect(card(one, how)).toEqual(card(unknown(one), how));
      }),
    );
  });

  it("is not written again for the next who asks the same", () => {
    expect(card(answerOf({ prices: prices(1, 2) }))).not.toBe(card(answer));
    expect(card({ ...answer })).toBe(card(answer));
  });

  it("is not put together again with the same picture, but with another one", () => {
    const shown = card(answer, { picture: TWO_LAMBOS });
    expect(card({ ...answer }, { picture: TWO_LAMBOS })).toBe(shown);
    const other = card(answer, { picture: THREE_LAMBOS });
    expect(other.files).toMatchObject([{ description: "Three Lambos." }]);
  });

  it("is written again once the coin has another rank, or a namesake", () => {
    const ranked = { ...answer, coin: { ...DOGECOIN, rank: 8 } };
    expect(JSON.stringify(card(ranked))).toContain("#8");
    const shared = { ...answer, namesakes: [{ ...DOGECOIN, coinId: "doge-2" }] };
    expect(card(shared).components?.length).toBe((card(answer).components?.length ?? 0) + 1);
  });

  it("tells the age of old prices as it is when somebody asks", () => {
    const stale = answerOf({ flags: ["stale"] });
    const later = card(stale, { now: new Date(NOW.getTime() + 3_600_000) });
    expect(later).not.toEqual(card(stale));
  });
});
