import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mathsCard } from "../../src/cards/maths-card.ts";
import type { LamboAnswer } from "../../src/questions/answer.ts";
import { answerOf, NOW, prices } from "./sample-answer.ts";

function maths(answer: LamboAnswer, locale = "en-US"): string {
  return mathsCard(answer, { locale, now: NOW }).embeds?.[0]?.description ?? "";
}

function lineOf(text: string, label: string): string {
  return text.split("\n").find((line) => line.startsWith(`**${label}**`)) ?? "";
}

/** A shown figure as the interval of the numbers that are rounded to it. */
type Interval = readonly [low: number, high: number];

const SCALES: Readonly<Record<string, number>> = { million: 1e6, billion: 1e9, trillion: 1e12 };

/** The figures of a line, each with half a unit of its sixth digit, or of its `last`, around it. */
function figuresIn(line: string, digit: "sixth" | "last" = "sixth"): Interval[] {
  return [...line.matchAll(/-?\$?(\d[\d,]*(?:\.\d+)?)(?: (million|billion|trillion))?/g)].map(
    ([text, digits = "", scale = ""]) => {
      const shown = Number(digits.replaceAll(",", "")) * (SCALES[scale] ?? 1);
      const sixth = 10 ** (Math.floor(Math.log10(shown || 1)) - 5);
      const last = 10 ** -(digits.split(".")[1]?.length ?? 0);
      const half = (digit === "last" ? Math.max(sixth, last) : sixth) * 0.5001;
      const signed = text.startsWith("-") ? -shown : shown;
      return [signed - half, signed + half] as const;
    },
  );
}

/** Whether a figure may be the result of these figures. */
function follows(
  result: Interval | undefined,
  [a, b]: readonly (Interval | undefined)[],
  operation: (a: number, b: number) => number,
): boolean {
  if (result === undefined || a === undefined || b === undefined) return false;
  const corners = a.flatMap((left) => b.map((right) => operation(left, right)));
  return Math.min(...corners) <= result[1] && Math.max(...corners) >= result[0];
}

function numbersIn(line: string): number[] {
  return figuresIn(line).map(([low, high]) => (low + high) / 2);
}

const euros = (line: string): number[] => numbersIn(line.replaceAll("€", "$"));

const uneven = prices(0.000417407, 0.178050936).map(
  (priceUsd, day) => priceUsd * (1 + ((day * 37) % 11) / 97),
);

describe("the maths", () => {
  it("can be checked with a calculator from the numbers shown, each rounded to six digits", () => {
    const closing = fc.oneof(
      fc.double({ min: 0.9999, max: 1.0001, noNaN: true }),
      fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
    );
    fc.assert(
      fc.property(
        closing,
        fc.integer({ min: -9, max: 3 }),
        fc.integer({ min: 1, max: 5e6 }),
        (growth, power, stakeCents) => {
          const opening = 4.17407 * 10 ** power;
          const answer = answerOf({
            prices: prices(opening, opening * growth),
            stake: stakeCents / 100,
          });
          const text = maths(answer);
          const figures = (label: string) =>
            figuresIn(lineOf(text, label).split(" = ").slice(2).join(" = "), "last");
          const [stake, open, coins] = figures("Coins");
          const [sameCoins, close, proceeds] = figures("Proceeds");
          const [sameProceeds, sameStake, profit] = figures("Profit");
          const [, , factor] = figures("Growth factor");
          expect(
            [
              follows(coins, [stake, open], (a, b) => a / b),
              follows(proceeds, [sameCoins, close], (a, b) => a * b),
              follows(profit, [sameProceeds, sameStake], (a, b) => a - b),
              follows(factor, [profit, stake], (a, b) => a / b),
            ],
            text,
          ).toEqual([true, true, true, true]);
          if (answer.valuation.profitUsd < 0) return;
          const [, car, lambos] = figures("Lambos");
          expect(
            follows(lambos, [profit, car], (a, b) => a / b),
            text,
          ).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("says which figures are rounded", () => {
    const exact = maths(answerOf({ prices: prices(0.0004, 0.1604) }));
    expect(lineOf(exact, "Coins")).toBe(
      "**Coins** = stake ÷ opening = $1,000 ÷ $0.0004 = 2.5 million DOGE",
    );
    expect(exact).not.toContain("≈");
    const rounded = maths(answerOf({ prices: uneven }));
    expect(lineOf(rounded, "Coins")).toContain("≈");
    expect(rounded).toContain("-# ≈ means about");
  });

  it("shows no fraction of a cent beside cents", () => {
    const text = maths(answerOf({ prices: prices(1, 0.999992572) }));
    expect(lineOf(text, "Profit")).toBe(
      "**Profit** = proceeds − stake = $999.993 − $1,000 ≈ -$0.007",
    );
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
    expect(lineOf(text, "Lambos")).toContain("÷ €180,000 ≈");
    expect(lineOf(text, "Exchange rate")).toContain("$1 = €0.8643, today");
    expect(lineOf(text, "Car")).toBe("**Car**: Own price, €180,000");
    const [, closing = 0, proceeds = 0] = euros(lineOf(text, "Proceeds"));
    const [stake = 0, opening = 0, coins = 0] = euros(lineOf(text, "Coins"));
    expect(stake / opening / coins).toBeCloseTo(1, 4);
    expect((coins * closing) / proceeds).toBeCloseTo(1, 4);
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
    expect(lineOf(text, "Peak")).toBe("**Peak**: Sep 2, 2026 at $401, worth 2 Lambos");
    expect(lineOf(text, "Best day")).toContain("Oct 4, 2026 at $300, worth 1.495 Lambos");
    expect(lineOf(text, "First Lambo day")).toContain("Aug 1, 2026 at $300, worth 1.495 Lambos");
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
      "Average Lamborghini, $200,000 (the original web version's average price, checked Nov 1, 2026)",
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

  it("explains in full what the card says in a few words", () => {
    const young = maths(answerOf({ prices: prices(1, 2).slice(0, 40), openingTradedUsd: 6_000 }));
    expect(young).toContain(
      "- Under eight weeks on record: the weeks of buying and of selling overlap.",
    );
    expect(young).toContain("- All trading in its first four weeks came to about $6,000");
    expect(maths(answerOf())).not.toContain("Good to know");
  });

  it("says that demo prices are invented", () => {
    expect(maths(answerOf({ flags: ["demo"] }))).toContain("Demo market, invented prices");
  });
});
