import { describe, expect, it } from "vitest";
import { escapedText } from "../../src/messages/format.ts";
import {
  alternatives,
  commaList,
  enumeration,
  semicolonList,
  sentences,
} from "../../src/messages/lists.ts";
import { coinLabel, coinName, foreign } from "../../src/messages/wording.ts";

const COINS = ["BTC", "ETH", "DOGE"];

describe("a list", () => {
  it.each([
    ["en-US", "BTC, ETH and DOGE", "BTC, ETH or DOGE", "BTC, ETH, DOGE", "BTC; ETH; DOGE"],
    ["de-AT", "BTC, ETH und DOGE", "BTC, ETH oder DOGE", "BTC, ETH, DOGE", "BTC; ETH; DOGE"],
    ["es-419", "BTC, ETH y DOGE", "BTC, ETH o DOGE", "BTC, ETH, DOGE", "BTC; ETH; DOGE"],
    ["ja", "BTC、ETH、DOGE", "BTC、ETH、またはDOGE", "BTC、ETH、DOGE", "BTC；ETH；DOGE"],
    ["xx", "BTC, ETH and DOGE", "BTC, ETH or DOGE", "BTC, ETH, DOGE", "BTC; ETH; DOGE"],
  ])("is joined as its language does (%s)", (locale, all, either, commas, semicolons) => {
    expect(enumeration(COINS, locale)).toBe(all);
    expect(alternatives(COINS, locale)).toBe(either);
    expect(commaList(COINS, locale)).toBe(commas);
    expect(semicolonList(COINS, locale)).toBe(semicolons);
  });

  it("of one is that one, and of none nothing", () => {
    for (const join of [enumeration, alternatives, commaList, semicolonList, sentences])
      expect([join(["BTC"], "fr"), join([], "fr")]).toEqual(["BTC", ""]);
  });
});

describe("two sentences", () => {
  it("have a space between them, but not in Japanese", () => {
    expect(sentences(["One.", "Two."], "en-US")).toBe("One. Two.");
    expect(sentences(["一つ。", "二つ。"], "ja")).toBe("一つ。二つ。");
  });
});

describe("a text from right to left", () => {
  const HEBREW = "ביטקוין";
  const coin = { coinId: "bitcoin-he", name: HEBREW, symbol: "BTC", rank: 1 };

  it("is isolated from the words around it, and others are as they stand", () => {
    for (const markup of ["markdown", "plain"] as const) {
      expect(coinName(coin, "en-US", markup)).toBe(`\u2068${HEBREW}\u2069`);
      expect(foreign("عملة 5", 40, markup)).toBe("\u2068عملة 5\u2069");
      expect(foreign("Dogecoin 柴犬", 40, markup)).toBe("Dogecoin 柴犬");
    }
    expect(coinLabel(coin, "en-US")).toBe(`\u2068${HEBREW}\u2069 · BTC · #1`);
  });

  it("cannot reach beyond its place with marks of its own", () => {
    expect(escapedText(`\u202e${HEBREW}\u2067 x\u2069`, 40)).toBe(`\u2068${HEBREW} x\u2069`);
    expect(escapedText("\u202eevil\u2066", 40)).toBe("evil");
  });
});
