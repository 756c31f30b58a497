import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitCoinList } from "../../src/reading/coin-list.ts";

/** Texts that are a coin as they stand, with its rank; null for one that nobody knows. */
const RANKS: Readonly<Record<string, number | null>> = {
  btc: 1,
  bitcoin: 1,
  eth: 2,
  ethereum: 2,
  doge: 8,
  dogecoin: 8,
  "shiba inu": 20,
  shib: 20,
  shiba: null,
  "bitcoin cash": 15,
  bch: 15,
  cash: 900,
  pepe: 30,
  uni: 25,
  uniswap: 25,
  swap: 700,
  "bitcoin doge": null,
  "near protocol": 40,
  near: 40,
  coin: 800,
  "dog and cat": null,
  "doge cash": 4_000,
  "ethereum classic": 45,
  classic: null,
};
const known = (text: string) => {
  const rank = Object.hasOwn(RANKS, text.toLowerCase()) ? RANKS[text.toLowerCase()] : undefined;
  return rank === undefined ? undefined : { rank };
};
const split = (text: string) => splitCoinList(text, known);

describe("a typed list of coins", () => {
  it.each([
    ["btc eth doge", ["btc", "eth", "doge"]],
    ["btc, eth, doge", ["btc", "eth", "doge"]],
    ["btc,eth,doge", ["btc", "eth", "doge"]],
    ["btc; eth; doge", ["btc", "eth", "doge"]],
    ["btc\neth\ndoge", ["btc", "eth", "doge"]],
    ["btc，eth、doge", ["btc", "eth", "doge"]],
    ["- btc\n- eth\n- shiba inu", ["btc", "eth", "shiba inu"]],
    ["1. btc\n2. eth", ["btc", "eth"]],
    ["btc | eth | doge", ["btc", "eth", "doge"]],
    ["btc and eth", ["btc", "eth"]],
    ["btc vs eth", ["btc", "eth"]],
    ["btc versus shiba inu vs. doge", ["btc", "shiba inu", "doge"]],
    ["bitcoin gegen doge oder pepe", ["bitcoin", "doge", "pepe"]],
    ["btc, eth and doge", ["btc", "eth", "doge"]],
    ["btc / eth / doge", ["btc", "eth", "doge"]],
    ["btc eth & doge", ["btc", "eth", "doge"]],
    ["btc + eth", ["btc", "eth"]],
    ["bitcoin, shiba inu, pepe", ["bitcoin", "shiba inu", "pepe"]],
    ["bitcoin shiba inu pepe", ["bitcoin", "shiba inu", "pepe"]],
    ["bitcoin cash doge", ["bitcoin cash", "doge"]],
    ["doge bitcoin cash", ["doge", "bitcoin cash"]],
    ["Bitcoin Cash", ["Bitcoin Cash"]],
    ["bitcoin doge", ["bitcoin", "doge"]],
    ["ethereum classic btc", ["ethereum classic", "btc"]],
    ["doge coin, btc", ["doge coin", "btc"]],
    ["doge coin", ["doge coin"]],
    ["uni swap", ["uni swap"]],
    ["near protocol near", ["near protocol", "near"]],
    ["btc eth, doge", ["btc", "eth", "doge"]],
    ["shiba inuu, btc", ["shiba inuu", "btc"]],
    ["btc ehtereum doge", ["btc", "ehtereum", "doge"]],
    ["  btc ,, eth ;", ["btc", "eth"]],
    ["btc", ["btc"]],
    ["dogecorn", ["dogecorn"]],
    ["dog and cat", ["dog and cat"]],
    ["doge cash", ["doge", "cash"]],
    ["pepe coin", ["pepe coin"]],
    ["Dogecoin · DOGE · #8, btc", ["Dogecoin · DOGE · #8", "btc"]],
    ["Shiba Inu (SHIB)", ["Shiba Inu (SHIB)"]],
    [" , ; ", []],
    ["", []],
  ])("%j is %j", (text, coins) => expect(split(text)).toEqual(coins));

  it("loses nothing that was typed but what stands between the coins", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...Object.keys(RANKS), "xyz")), (names) => {
        const said = split(names.join(", ")).join(" ");
        expect(said.replace(/ and /g, " ")).toBe(names.join(" ").replace(/ and /g, " "));
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) =>
        split(text).every((part) => part !== "" && part === part.trim()),
      ),
    );
  });
});
