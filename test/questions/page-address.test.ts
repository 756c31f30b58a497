import { describe, expect, it } from "vitest";
import type { Bought } from "../../src/questions/bought.ts";
import { pagePath } from "../../src/questions/page-address.ts";
import { AVERAGE_LAMBO, findLamboModel } from "../../src/valuation/lambo-models.ts";
import { answerOf, DOGECOIN } from "../cards/sample-answer.ts";

const URUS_S = findLamboModel("urus-s") ?? AVERAGE_LAMBO;
const ALONE = { known: () => DOGECOIN };

const euros = { code: "EUR", perUsd: 0.9 };

describe("the address of an answer's page", () => {
  it("names what was chosen, and nothing that goes without saying", () => {
    expect(pagePath(answerOf({}), ALONE)).toBe("/c/dogecoin");
    expect(pagePath(answerOf({ stake: 500, car: URUS_S }), ALONE)).toBe(
      "/c/dogecoin?stake=500&car=urus-s",
    );
    expect(pagePath(answerOf({ currency: euros }), ALONE)).toBe("/c/dogecoin?currency=EUR");
    expect(
      pagePath(answerOf({ stake: 0.0000001, currency: euros, car: { ownPrice: 90_000 } }), ALONE),
    ).toBe("/c/dogecoin?stake=0.0000001&currency=EUR&car=90000");
  });

  it("has the day of buying that was asked for, and for the peak the word", () => {
    const { asked } = answerOf({});
    const days = { on: "2013-12-15", askedOn: "2013-01-01" };
    const pageOf = (bought: Bought) =>
      pagePath({ coin: DOGECOIN, asked, bought: { ...days, asked: bought } }, ALONE);
    expect(pageOf({ by: "day", on: "2013-01-01" })).toBe("/c/dogecoin?bought=2013-01-01");
    expect(pageOf({ by: "server-joined", on: "2013-01-01" })).toBe("/c/dogecoin?bought=2013-01-01");
    expect(pageOf({ by: "peak" })).toBe("/c/dogecoin?bought=peak");
  });

  it("says id: where a better known coin has that name, or the id would not last in a path", () => {
    const impostor = { ...DOGECOIN, coinId: "doge" };
    expect(pagePath(answerOf({ coin: impostor }), ALONE)).toBe("/c/id:doge");
    const dots = { ...DOGECOIN, coinId: ".." };
    expect(pagePath(answerOf({ coin: dots }), { known: () => dots })).toBe("/c/id:..");
    const hostile = { ...DOGECOIN, coinId: 'a/b?"<\ud800>\r\n' };
    expect(pagePath(answerOf({ coin: hostile }), { known: () => hostile })).toBe(
      "/c/a%2Fb%3F%22%3C%3E%0D%0A",
    );
  });
});
