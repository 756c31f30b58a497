import { describe, expect, it } from "vitest";
import type { Coin } from "../../src/prices/coins/coin.ts";
import { coinsInText } from "../../src/reading/coins-in-text.ts";
import { openMemoryCoinIndex } from "../support/memory-coin-index.ts";

const NAMES: readonly (readonly [coinId: string, symbol: string, name: string])[] = [
  ["bitcoin", "BTC", "Bitcoin"],
  ["ethereum", "ETH", "Ethereum"],
  ["ripple", "XRP", "XRP"],
  ["dogecoin", "DOGE", "Dogecoin"],
  ["bitcoin-cash", "BCH", "Bitcoin Cash"],
  ["ethereum-classic", "ETC", "Ethereum Classic"],
  ["shiba-inu", "SHIB", "Shiba Inu"],
  ["chainlink", "LINK", "Chainlink"],
  ["near", "NEAR", "NEAR Protocol"],
  ["just", "JST", "JUST"],
  ["harmony", "ONE", "Harmony"],
  ["mask-network", "MASK", "Mask Network"],
  ["gas", "GAS", "Gas"],
  ["1inch", "1INCH", "1inch"],
  ["tiny", "TINY", "Tiny"],
  ["scroll", "SCR", "Scroll"],
];
const COINS: readonly Coin[] = [
  ...NAMES.map(([coinId, symbol, name], at) => ({ coinId, symbol, name, rank: at + 1 })),
  { coinId: "the-thing", symbol: "THE", name: "Obscurity", rank: 900 },
  { coinId: "twin-one", symbol: "TWIN", name: "Twin Coin", rank: null },
  { coinId: "twin-two", symbol: "TWIN", name: "Twin Token", rank: null },
];

const { index } = await openMemoryCoinIndex([...COINS]);
const KNOWN = {
  large: COINS.filter(({ rank }) => rank !== null && rank <= 500),
  exact: (text: string) => index.exact(text),
  own: (symbol: string) => (symbol === "OURS" ? COINS[3] : undefined),
};

const idsIn = (text: string, limit = 3) =>
  coinsInText(text, KNOWN, limit).map(({ coinId }) => coinId);

describe("the coins in a message", () => {
  it.each([
    ["I sold all my Bitcoin for dogecoin.", ["bitcoin", "dogecoin"]],
    ["bitcoin's up, BITCOIN, bitcoins", ["bitcoin"]],
    ["**Dogecoin** and ||ethereum|| and #bitcoin!", ["dogecoin", "ethereum", "bitcoin"]],
    ["shiba inu or Shiba-Inu", ["shiba-inu"]],
    ["XRP army", ["ripple"]],
    ["ビットコイン が 好き", ["bitcoin"]],
    ["ビットコインが上がった、イーサリアムも", ["bitcoin", "ethereum"]],
    ["Bitcoinはどう", ["bitcoin"]],
    ["比特币现金和狗狗币涨了", ["bitcoin-cash", "dogecoin"]],
    ["비트코인이 올랐다, 도지코인은 아니고", ["bitcoin", "dogecoin"]],
    ["ซื้อบิตคอยน์วันนี้", ["bitcoin"]],
    ["ビットコインマイニング", []],
    ["비트코인캐시백", []],
    ["`bitcoin`", ["bitcoin"]],
  ])("are found by name: %s", (text, ids) => {
    expect(idsIn(text)).toEqual(ids);
  });

  it("are found by the longest name, whose words stand together", () => {
    expect(idsIn("bitcoin cash or ethereum classic")).toEqual(["bitcoin-cash", "ethereum-classic"]);
    expect(idsIn("I sold Bitcoin. Cash is king, classic ethereum")).toEqual([
      "bitcoin",
      "ethereum",
    ]);
    expect(idsIn("Bitcoin\nCash")).toEqual(["bitcoin"]);
  });

  it.each([
    ["$DOGE to the moon", ["dogecoin"]],
    ["$btc, $eth/$xrp", ["bitcoin", "ethereum", "ripple"]],
    ["$near $one", ["near", "harmony"]],
    ["$1INCH", ["1inch"]],
    ["$THE", ["the-thing"]],
    ["$OURS", ["dogecoin"]],
    ["DOGE BTC eth link", []],
  ])("are found by a symbol only with its dollar sign: %s", (text, ids) => {
    expect(idsIn(text)).toEqual(ids);
  });

  it.each([
    ["just one more link near the gas mask, it is the thing", []],
    ["Tiny gains! Scroll down", []],
    ["JUST saying: Gas is near. Harmony!", ["harmony"]],
    ["$500, $5k, $10m, $2bn, 100$, $$$, $", []],
    ["$nosuch $dogee $bitcoi", []],
    ["$TWIN", []],
    ["obscurity", []],
    ["xrp", []],
    ["doge@bitcoin.org, me@ethereum, @bitcoin", []],
    ["bitcoin.com and www.ethereum.org", []],
  ])("are not what only looks like one: %s", (text, ids) => {
    expect(idsIn(text)).toEqual(ids);
  });

  it.each([
    ["https://www.coingecko.com/en/coins/dogecoin", ["dogecoin"]],
    ["<https://coinmarketcap.com/currencies/shiba-inu/#markets>", ["shiba-inu"]],
    ["(coingecko.com/de/munze/bitcoin-cash)", ["bitcoin-cash"]],
    ["https://www.coingecko.com/en/categories/bitcoin", []],
    ["https://coingecko.com.evil.example/en/coins/dogecoin", []],
    ["https://news.example/bitcoin-is-dead?coin=dogecoin", []],
    ["<@123456789012345678> <:doge:123456789012345678> <#1> </lambo coin:1> <t:1700000000:R>", []],
    ["```\nconst bitcoin = dogecoin;\n```", []],
    ["```bitcoin", []],
  ])(
    "are read from their pages, and from no other address, emoji, mention or code block: %s",
    (text, ids) => {
      expect(idsIn(text)).toEqual(ids);
    },
  );

  it("come in their order, each once, and at most as many as are wanted", () => {
    const text = "dogecoin $BTC bitcoin $DOGE ethereum xrp shiba inu";
    expect(idsIn(text)).toEqual(["dogecoin", "bitcoin", "ethereum"]);
    expect(idsIn(text, 1)).toEqual(["dogecoin"]);
  });

  it("are found in a few milliseconds, whatever a message of 4,000 characters is made of", () => {
    const parts = [
      "bitcoin ",
      "$",
      "`",
      "<",
      "https://",
      "a-",
      "||",
      "coingecko.com/",
      "\ud83d\ude00",
      "比",
      "比特币",
    ];
    const started = performance.now();
    for (const part of parts) idsIn(part.repeat(4_000 / part.length), 1_000);
    // One run takes a few milliseconds; a quadratic reading would take seconds.
    expect((performance.now() - started) / parts.length).toBeLessThan(100);
  });
});
