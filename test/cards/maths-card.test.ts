import { describe, expect, it } from "vitest";
import type { LamboAnswer } from "../../src/answer.ts";
import { mathsCard } from "../../src/cards/maths-card.ts";
import { answerOf, prices } from "./sample-answer.ts";

function maths(answer: LamboAnswer, locale = "en-US"): string {
  return mathsCard(answer, { locale }).embeds?.[0]?.description ?? "";
}

function lineOf(text: string, label: string): string {
  return text.split("\n").find((line) => line.startsWith(`**${label}**`)) ?? "";
}

function numbersIn(line: string): number[] {
  return [...line.matchAll(/-?\$?\d[\d,]*(?:\.\d+)?/g)].map(([text]) =>
    Number(text.replace(/[$,]/g, "")),
  );
}

const euros = (line: string): number[] => numbersIn(line.replaceAll("€", "$"));

const uneven = prices(0.000417407, 0.178050936).map(
  (priceUsd, day) => priceUsd * (1 + ((day * 37) % 11) / 97),
);

describe("the maths", () => {
  it("can be checked with a calculator from the numbers shown", () => {
    const answer = answerOf({ prices: uneven, stake: 1234.56 });
    const text = maths(answer);
    const [stake = 0, opening = 0, coins = 0] = numbersIn(lineOf(text, "Coins"));
    expect(stake / opening / coins).toBeCloseTo(1, 9);
    const [, closing = 0, proceeds = 0] = numbersIn(lineOf(text, "Proceeds"));
    expect((coins * closing) / proceeds).toBeCloseTo(1, 9);
    const profit = numbersIn(lineOf(text, "Profit")).at(-1) ?? 0;
    expect((proceeds - stake) / profit).toBeCloseTo(1, 9);
    expect(profit / stake / (numbersIn(lineOf(text, "Growth factor")).at(-1) ?? 0)).toBeCloseTo(
      1,
      9,
    );
    const lambos = numbersIn(lineOf(text, "Lambos")).at(-1) ?? 0;
    expect(profit / 200_000 / lambos).toBeCloseTo(1, 9);
    expect(lambos / answer.valuation.lambos).toBeCloseTo(1, 9);
    const forOne = numbersIn(lineOf(text, "Stake for one Lambo")).at(-1) ?? 0;
    expect(200_000 / (closing / opening - 1) / forOne).toBeCloseTo(1, 9);
  });

  it("adds up in another currency too, and names the exchange rate", () => {
    const text = maths(
      answerOf({
        prices: uneven,
        stake: 1234.5,
        currency: { code: "EUR", perUsd: 0.8643 },
        car: { ownPrice: 180_000 },
      }),
    );
    expect(text).not.toContain("$0");
    expect(lineOf(text, "Coins")).toContain("= €1,234.50 ÷ €0.000");
    expect(lineOf(text, "Lambos")).toContain("÷ €180,000 =");
    expect(lineOf(text, "Exchange rate")).toContain("$1 = €0.8643 today");
    expect(lineOf(text, "Car")).toBe("**Car**: Own price, €180,000");
    const [, closing = 0, proceeds = 0] = euros(lineOf(text, "Proceeds"));
    const [stake = 0, opening = 0, coins = 0] = euros(lineOf(text, "Coins"));
    expect(stake / opening / coins).toBeCloseTo(1, 9);
    expect((coins * closing) / proceeds).toBeCloseTo(1, 9);
  });

  it("names no exchange rate for dollars", () => {
    expect(maths(answerOf())).not.toContain("xchange rate");
  });

  it("says which days the windows cover and how many of them had a price", () => {
    const answer = answerOf({
      prices: prices(1, 5).map((priceUsd, day) => (day === 3 || day === 4 ? 0 : priceUsd)),
    });
    expect(maths(answer)).toContain(
      "Jul 4, 2026 to Jul 31, 2026, mean of the 26 daily prices in those 28 days",
    );
    expect(maths(answer)).toContain(
      "Oct 4, 2026 to Oct 31, 2026, mean of the 28 daily prices in those 28 days",
    );
  });

  it("names best day, peak and first Lambo day with price and Lambos", () => {
    const text = maths(
      answerOf({ prices: prices(1, 300).map((priceUsd, day) => (day === 60 ? 401 : priceUsd)) }),
    );
    expect(lineOf(text, "Peak")).toBe("**Peak**: Sep 2, 2026, $401, 2 Lambos");
    expect(lineOf(text, "Best day")).toContain("Oct 4, 2026, $300, 1.495 Lambos");
    expect(lineOf(text, "First Lambo day")).toContain("Aug 1, 2026, $300, 1.495 Lambos");
  });

  it("gives no stake for one Lambo and no Lambos when the coin lost", () => {
    const text = maths(answerOf({ prices: prices(1, 0.25) }));
    expect(lineOf(text, "Stake for one Lambo")).toContain("none");
    expect(lineOf(text, "Lambos")).toBe("**Lambos** = 0, because there is no profit to spend");
    expect(lineOf(text, "Profit")).toContain("= -$750");
  });

  it("links the sources with the days they cover, and says where the car's price comes from", () => {
    const text = maths(answerOf());
    expect(text).toContain("[DefiLlama](https://defillama.com): Jan 1, 2024 to Oct 31, 2025");
    expect(text).toMatch(/\[CoinGecko\]\(https:\S+\): Nov 1, 2025 to Oct 31, 2026/);
    expect(text).toContain(
      "Average Lamborghini, $200,000 (the original backend's average price, checked Nov 1, 2026)",
    );
  });

  it("says when the opening closes are weekly and the daily record is shorter", () => {
    const listingCloses = ["2015-01-04", "2015-01-11", "2015-01-18", "2015-01-25"].map((on) => ({
      on,
      priceUsd: 0.0002,
    }));
    const text = maths(answerOf({ flags: ["exchange-listing-only"], listingCloses }));
    expect(text).toContain("mean of the exchange's first 4 weekly closes");
    expect(text).toContain("**Peak** since Jul 4, 2026, where the daily record starts");
    expect(lineOf(text, "First Lambo day")).toContain("Not known");
  });

  it("says that demo prices are invented", () => {
    expect(maths(answerOf({ flags: ["demo"] }))).toContain("Demo market, invented prices");
  });
});
