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

it("finds the best-ranked of more coins with one symbol than anybody could choose from", async () => {
  const namesakes = Array.from({ length: 2_000 }, (_, at) => ({
    ...{ coinId: `twin-${at}`, symbol: "TWIN", name: "Twin" },
    rank: at === 1_999 ? 700 : null,
  }));
  const table = await createCoinTable(namesakes);
  const matches = table.matches("twin");
  expect(matches[0]).toEqual({ coin: namesakes.at(-1), kind: "symbol" });
  expect(matches.length).toBeLessThan(1_000);
});

it("finds a coin by a symbol that is a word of many names", async () => {
  const others = Array.from({ length: 2_000 }, (_, at) => ({
    ...{ coinId: `coin-${at}`, symbol: `C${at}`, name: `Token ${at}` },
    rank: null,
  }));
  const token = { coinId: "its-id", symbol: "TOKEN", name: "Its name", rank: null };
  const table = await createCoinTable([...others, token]);
  expect(table.matches("token")).toEqual([{ coin: token, kind: "symbol" }]);
});

it("finds the last coins of an endless list by whole texts, and only its first ones by every word", async () => {
  const words = (at: number) => Array.from("abcdefgh", (letter) => `${letter}${at}`);
  const coins = Array.from({ length: 30_000 }, (_, at) =>
    coin(`id-${at}`, `S${at}`, words(at).join(" ")),
  );
  const table = await createCoinTable(coins);
  await table.sort();
  const found = (text: string) => ids(table.startingWith(text, 9));
  expect(found("h17")).toContain("id-17");
  expect([found("id-29999"), found("s29999"), found("a29999 b")]).toEqual(
    Array(3).fill(["id-29999"]),
  );
  expect(found("h29999")).toEqual([]);
});
