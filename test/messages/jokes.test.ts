import { describe, expect, it } from "vitest";
import { verdictLine } from "../../src/messages/jokes.ts";
import { linesOf } from "../../src/messages/say.ts";
import { type Tier, tierOf } from "../../src/messages/wording.ts";
import { addDays } from "../../src/valuation/calendar.ts";
import { answerOf, DOGECOIN, NOW, prices, type Sample } from "../cards/sample-answer.ts";

/** A closing price, for an opening at 1 USD and a stake of 1,000, that lands in each tier. */
const CLOSING_USD: Readonly<Record<Tier, number>> = {
  dead: 1,
  "moon-100": 30_000,
  "moon-10": 5_000,
  yes: 300,
  nearly: 180,
  "part-way": 80,
  "spare-parts": 2,
  steady: 1,
  loss: 0.5,
};

const TIERS = Object.keys(CLOSING_USD) as Tier[];

function answerIn(tier: Tier, sample: Sample = {}) {
  const answer = answerOf({
    prices: prices(1, CLOSING_USD[tier]),
    ...(tier === "dead" && { lastOn: "2022-06-01" }),
    ...sample,
  });
  expect(tierOf(answer.valuation)).toBe(tier);
  return answer;
}

const onDay = (days: number) => new Date(addDays("2026-11-01", days));

describe("the joke on a card", () => {
  it("is one of at least twelve for each tier, all different", () => {
    const all = TIERS.flatMap((tier) => linesOf("en-US", `verdict-line.${tier}`));
    expect(new Set(all).size).toBe(all.length);
    for (const tier of TIERS)
      expect(linesOf("en-US", `verdict-line.${tier}`).length).toBeGreaterThanOrEqual(12);
  });

  it.each(TIERS)("never repeats among ten neighbours in rank (%s)", (tier) => {
    for (const first of [1, 5, 94, 1_234]) {
      const lines = Array.from({ length: 10 }, (_, place) => {
        const coin = { ...DOGECOIN, coinId: `coin-${place}`, rank: first + place };
        return verdictLine(answerIn(tier, { coin }), NOW, "en-US");
      });
      expect(new Set(lines).size).toBe(10);
    }
  });

  it("differs from the day before's, and is the same all day for the same question", () => {
    for (const coin of [DOGECOIN, { ...DOGECOIN, coinId: "unranked", rank: null }]) {
      const answer = answerIn("yes", { coin });
      const lines = Array.from({ length: 61 }, (_, day) =>
        verdictLine(answer, onDay(day), "en-US"),
      );
      for (let day = 1; day < lines.length; day += 1) expect(lines[day]).not.toBe(lines[day - 1]);
      expect(new Set(lines).size).toBe(linesOf("en-US", "verdict-line.yes").length);
      expect(verdictLine(answer, new Date("2026-11-01T23:59:59.999Z"), "en-US")).toBe(lines[0]);
    }
  });

  it("varies between stakes, but not with the exchange rate of the day", () => {
    const lineFor = (stake: number, perUsd = 1) =>
      verdictLine(answerIn("yes", { stake, currency: { code: "EUR", perUsd } }), NOW, "en-US");
    const lines = Array.from({ length: 200 }, (_, step) => lineFor(1_000 + step));
    expect(new Set(lines).size).toBe(linesOf("en-US", "verdict-line.yes").length);
    expect(lineFor(1_000, 0.93)).toBe(lineFor(1_000, 0.92));
  });

  it("gives no advice, forecasts nothing, breaks no markdown, and fits two lines of a phone", () => {
    for (const line of TIERS.flatMap((tier) => linesOf("en-US", `verdict-line.${tier}`))) {
      expect(line).not.toMatch(
        /\b(should|invest|buy|sell|hold|hodl|never sell|next time|will)\b(?! never know)/i,
      );
      expect(line).not.toMatch(/[*_`~|[\]<>]/);
      expect(line.length, line).toBeLessThanOrEqual(62);
    }
  });
});
