import { describe, expect, it } from "vitest";
import type { Coin } from "../../../src/prices/coins/coin.ts";
import { type CoinTable, createCoinTable } from "../../../src/prices/coins/coin-table.ts";

function coin(coinId: string, symbol: string, name: string, rank: number | null = null): Coin {
  return { coinId, symbol, name, rank };
}

const COINS = [
  coin("link", "LN", "Link"),
  coin("chainlink", "LINK", "Chainlink", 15),
  coin("linkeye", "LET", "Link Eye"),
  coin("unnamed", "", "Unnamed"),
];
const LATER = coin("link-later", "LINK", "Linkable");

const ids = (coins: readonly Coin[]) => coins.map(({ coinId }) => coinId);

/** What a table says without having to be sorted. */
function wholeOf(table: CoinTable) {
  const texts = ["link", "link eye", "eye", "ln", "id:linkeye", "linkable", "chain", ""];
  return {
    matches: texts.map((text) => table.matches(text)),
    symbols: ["Link", "let", ""].map((symbol) => table.ofSymbol(symbol)),
    near: table.largeNear("chainlik"),
    id: table.byId("LINKEYE"),
  };
}

describe("a table of coins that is not sorted yet", () => {
  it("finds the same by a whole id, symbol or name as when it is", async () => {
    const table = await createCoinTable(COINS);
    table.add([LATER]);
    const unsorted = wholeOf(table);
    await table.sort();
    expect(unsorted).toEqual(wholeOf(table));
    expect(unsorted.matches[0]?.map(({ coin: { coinId } }) => coinId)).toEqual([
      "chainlink",
      "link",
      "link-later",
    ]);
    expect(ids(unsorted.near)).toEqual(["chainlink"]);
  });

  it("suggests nothing, and everything once it is sorted", async () => {
    const table = await createCoinTable(COINS);
    expect(table.startingWith("li", 9)).toEqual([]);
    expect(table.similar("linkeey", 1)).toEqual([]);
    await table.sort();
    expect(ids(table.startingWith("li", 9))).toEqual(["chainlink", "link", "linkeye"]);
    expect(ids(table.similar("linkeey", 1).map((similar) => similar.coin))).toContain("linkeye");
  });

  it("takes in coins and ranks that come while it is being sorted", async () => {
    const table = await createCoinTable(COINS);
    const sorting = table.sort();
    table.add([LATER]);
    table.rank([{ ...LATER, rank: 3 }], 0);
    await sorting;
    expect(ids(table.startingWith("link", 9))).toEqual([
      "link-later",
      "chainlink",
      "link",
      "linkeye",
    ]);
    expect(ids(table.startingWith("linka", 9))).toEqual(["link-later"]);
  });
});
