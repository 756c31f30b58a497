import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gateCoins, readCoinRow } from "../../../src/prices/sources/coin-rows.ts";

describe("the rows of a list of coins", () => {
  const good = { id: "a", symbol: "sym", name: "Name" };
  const cleaned = { coinId: "a", symbol: "SYM", name: "Name", rank: null };

  it.each([
    ["a whole row", good, cleaned],
    ["an empty symbol", { ...good, symbol: "" }, { ...cleaned, symbol: "" }],
    ["a null symbol", { ...good, symbol: null }, { ...cleaned, symbol: "" }],
    ["a symbol that is a number", { ...good, symbol: 404 }, { ...cleaned, symbol: "404" }],
    ["a symbol longer than any", { ...good, symbol: "x".repeat(101) }, { ...cleaned, symbol: "" }],
    ["a null name", { ...good, name: null }, { ...cleaned, name: "a" }],
    ["a missing name", { id: "a", symbol: "sym" }, { ...cleaned, name: "a" }],
    ["a name of blanks", { ...good, name: " \n\t " }, { ...cleaned, name: "a" }],
    [
      "a name with half a character",
      { ...good, name: "Na\ud83dme" },
      { ...cleaned, name: "Na me" },
    ],
    ["a symbol of half a character", { ...good, symbol: "\udfff" }, { ...cleaned, symbol: "" }],
    ["a whole character of two halves", { ...good, name: "🚀" }, { ...cleaned, name: "🚀" }],
    ["a name of two lines", { ...good, name: "Two\nlines" }, { ...cleaned, name: "Two lines" }],
    [
      "a name without end",
      { ...good, name: "n".repeat(5_000) },
      { ...cleaned, name: "n".repeat(300) },
    ],
    ["a rank as text", { ...good, market_cap_rank: "12" }, { ...cleaned, rank: 12 }],
    ["a rank of 0", { ...good, market_cap_rank: 0 }, cleaned],
    ["half a rank", { ...good, market_cap_rank: 1.5 }, cleaned],
    ["a rank beyond all coins", { ...good, market_cap_rank: 1e6 + 1 }, cleaned],
    [
      "a logo",
      { ...good, image: "https://x.example/a.png" },
      { ...cleaned, imageUrl: "https://x.example/a.png" },
    ],
    ["a logo that is no address", { ...good, image: "https://" }, cleaned],
    ["a logo over plain HTTP", { ...good, image: "http://x.example/a.png" }, cleaned],
    ["a null id", { ...good, id: null }, "shape"],
    ["an empty id", { ...good, id: "" }, "shape"],
    ["an id of blanks", { ...good, id: "  " }, "shape"],
    ["an id that is a number", { ...good, id: 404 }, "shape"],
    ["an id longer than any", { ...good, id: "i".repeat(101) }, "shape"],
    [
      "an id of letters that stand for eighteen each",
      { ...good, id: "\ufdfa".repeat(50) },
      "shape",
    ],
    ["an id of two lines", { ...good, id: "a\nb" }, "shape"],
    ["an id with half a character, which no URL can hold", { ...good, id: "a\ud800" }, "shape"],
    ["no row", null, "shape"],
    ["a list", ["a", "sym", "Name"], "shape"],
  ])("%s", (_title, row, wanted) => {
    expect(readCoinRow(row, "image")).toEqual(wanted);
  });

  it("give each coin once, by its first row, up to a limit", () => {
    const rows = [good, { ...good, name: "Other" }, { id: "b" }, { id: "c" }];
    expect(gateCoins(rows, 3).rows.map(({ coinId, name }) => [coinId, name])).toEqual([
      ["a", "Name"],
      ["b", "b"],
    ]);
  });

  it("are read independently of each other", () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 8 }), (others) => {
        const { rows } = gateCoins(
          [...others, { id: "~own~", symbol: "own", name: "Own" }, ...others],
          1_000,
        );
        expect(rows.find(({ coinId }) => coinId === "~own~")).toEqual({
          coinId: "~own~",
          symbol: "OWN",
          name: "Own",
          rank: null,
        });
      }),
    );
  });
});

describe("whatever JSON comes", () => {
  const anyRow = fc.oneof(
    fc.jsonValue(),
    fc.tuple(fc.oneof(fc.double(), fc.jsonValue()), fc.oneof(fc.double(), fc.jsonValue())),
    fc.record({
      id: fc.jsonValue(),
      symbol: fc.jsonValue(),
      name: fc.jsonValue(),
      market_cap_rank: fc.jsonValue(),
      image: fc.jsonValue(),
    }),
  );

  it("no coin has parts that could not be shown", () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 30 }), (rows) => {
        for (const { coinId, symbol, name, rank, imageUrl } of gateCoins(rows, 1_000, "image")
          .rows) {
          expect(
            coinId.length > 0 &&
              coinId.length <= 100 &&
              symbol.length <= 300 &&
              name.length > 0 &&
              name.length <= 300,
          ).toBe(true);
          expect(`${coinId}${symbol}${name}`).not.toContain("\n");
          expect(rank === null || (Number.isInteger(rank) && rank > 0 && rank <= 1e6)).toBe(true);
          expect(imageUrl === undefined || imageUrl.startsWith("https://")).toBe(true);
        }
      }),
    );
  });
});
