import { describe, expect, it } from "vitest";
import { textAnswer } from "../../src/cards/text-answer.ts";
import { say, spokenLanguages } from "../../src/messages/say.ts";
import { AVERAGE_LAMBO } from "../../src/valuation/lambo-models.ts";
import {
  answerOf,
  DEFILLAMA,
  DOGECOIN,
  NOW,
  prices,
  type Sample,
  WITHOUT_EUROS,
} from "./sample-answer.ts";

function linesOf(sample: Sample = {}, locale = "en-US"): readonly string[] {
  return textAnswer(answerOf(sample), { locale, now: NOW }).split("\n");
}

/** The rows that begin with a name, without it. */
function rowsOf(name: string, lines: readonly string[]): readonly string[] {
  return lines
    .filter((line) => line.startsWith(`${name}  `))
    .map((line) => line.slice(name.length).trimStart());
}

describe("the text answer", () => {
  it("sets its figures in one column, whatever the language", () => {
    for (const locale of spokenLanguages()) {
      const names = (["text.profit", "text.best-day", "text.stake-for-one"] as const).map((key) =>
        say(locale, key),
      );
      const columns = names.map((name) => {
        const line = linesOf({}, locale).find((other) => other.startsWith(`${name}  `)) ?? "";
        const text = line.slice(name.length).trimStart();
        const before = line.slice(0, line.length - text.length);
        // Characters of East Asia take two columns.
        return before.length + (before.match(/[\u1100-\uffdc]/g)?.length ?? 0);
      });
      expect([locale, new Set(columns).size]).toEqual([locale, 1]);
    }
  });

  it("says what the card says: coin, verdict, story, figures, sources", () => {
    const lines = linesOf();
    expect(lines.slice(0, 4)).toEqual([
      "Dogecoin · DOGE · #9",
      "You did it · 2 Lambos",
      "",
      "Had you put $1,000 into Dogecoin in its first four weeks (July 2026), you would have $401,000 today: two Lambos.",
    ]);
    expect(lines.slice(5)).toEqual([
      "Bought Jul 4 – 31, 2026 at $0.0004, sold Oct 4 – 31, 2026 at $0.1604, on average · first Lambo Aug 1, 2026",
      "",
      "Lambos           2 Lambos at $200,000 (Average Lamborghini)",
      "Profit           +$400,000",
      "First Lambo day  Aug 1, 2026",
      "Best day         Oct 4, 2026 at $0.1604 (2 Lambos)",
      "Peak             Aug 1, 2026 at $0.1604 (2 Lambos)",
      "Stake for one    $500.01",
      "Prices           DefiLlama, 2024-01-01 to 2025-10-31, https://defillama.com",
      "Prices           CoinGecko, 2025-11-01 to 2026-10-31, https://www.coingecko.com",
      "",
      "Prices to Oct 31, 2026 · for fun, not advice",
    ]);
  });

  it("gives the address of a source only where a browser can open it", () => {
    const sources = [{ ...DEFILLAMA, url: "demo" }];
    expect(rowsOf("Prices", linesOf({ sources }))).toEqual(["DefiLlama, 2024-01-01 to 2025-10-31"]);
  });

  it("names no stake for one Lambo where none is enough", () => {
    expect(rowsOf("Stake for one", linesOf({ prices: prices(2, 1) }))).toEqual([
      "none: the coin did not grow",
    ]);
  });

  it("gives the stake's share of all trading where the early record has it", () => {
    const lines = linesOf({ openingTradedUsd: 2_000 });
    expect(lines[6]).toBe(
      "All trading in its first four weeks came to about $2,000: $1,000 would have been about half of it.",
    );
  });

  it("adds a note for a missing rate, and one for every flag", () => {
    const notes = rowsOf("Note", linesOf({ rateGap: WITHOUT_EUROS, flags: ["unchecked", "demo"] }));
    expect(notes).toEqual([
      "No exchange rate for EUR is available right now: the usual 1,000 USD stands in for this server's own stake.",
      "These prices come from one source alone and have not been checked against CoinGecko's yet.",
      "Demo market, invented prices.",
    ]);
  });

  it("counts in the currency of the question, and writes for the reader's locale", () => {
    const euro = { code: "EUR", perUsd: 0.8 };
    const lines = linesOf({ currency: euro, car: AVERAGE_LAMBO }, "de");
    expect(rowsOf(say("de", "text.profit"), lines)).toEqual(["+400.000\u00a0€"]);
    expect(rowsOf(say("de", "text.first-lambo-day"), lines)).toEqual(["1. Aug. 2026"]);
  });

  it("has no markup, whatever a coin is called", () => {
    const coin = { ...DOGECOIN, name: "**Doge**\n`coin`" };
    const text = linesOf({ coin }).join("\n");
    expect(text).toContain("Had you put $1,000 into **Doge** `coin` in its first");
    expect(text).not.toContain("\\*");
  });
});
