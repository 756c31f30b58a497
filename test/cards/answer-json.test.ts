import { describe, expect, it } from "vitest";
import { answerJson } from "../../src/cards/answer-json.ts";
import { answerOf } from "./sample-answer.ts";

describe("the answer as JSON", () => {
  it("lists the closes that were left out with day and price, or none", () => {
    const oddCloses = [{ on: "2026-08-20", priceUsd: 4, timesLevel: 25, isNewest: false }];
    expect(answerJson(answerOf({ oddCloses, flags: ["odd-price"] })).oddCloses).toEqual([
      { on: "2026-08-20", priceUsd: 4 },
    ]);
    expect(answerJson(answerOf()).oddCloses).toEqual([]);
  });
});
