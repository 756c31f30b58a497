import { describe, expect, it } from "vitest";
import { USUAL_PURCHASE } from "../src/answer.ts";
import { coinTextOn, symbolOf, usualPurchaseOf } from "../src/server-choices.ts";
import { NO_SETTINGS } from "../src/storage/guild-settings.ts";

describe("the purchase that a server's members ask about", () => {
  it("is everybody's where the server chose nothing", () => {
    expect(usualPurchaseOf(NO_SETTINGS)).toEqual(USUAL_PURCHASE);
  });

  it("is the server's choice field by field; an own car price wins over the model", () => {
    expect(usualPurchaseOf({ ...NO_SETTINGS, currency: "EUR" })).toEqual({ ...USUAL_PURCHASE, currency: "EUR" });
    expect(usualPurchaseOf({ ...NO_SETTINGS, stake: 50, carKey: "revuelto" })).toMatchObject({ stake: 50, car: { key: "revuelto" } });
    expect(usualPurchaseOf({ ...NO_SETTINGS, carKey: "revuelto", carPrice: 99 }).car).toEqual({ ownPrice: 99 });
  });

  it("falls back to the usual car when the stored model is no longer in the showroom", () => {
    expect(usualPurchaseOf({ ...NO_SETTINGS, carKey: "countach" }).car).toEqual(USUAL_PURCHASE.car);
  });
});

describe("a symbol on a server", () => {
  it("is one whatever its case, spaces around it or cashtag", () => {
    expect(["uni", " UNI ", "$Uni", "ＵＮＩ"].map(symbolOf)).toEqual(["UNI", "UNI", "UNI", "UNI"]);
  });

  it.each(["", " ", "two words", "id:uniswap", "a,b", "a;b", "x".repeat(21), "\u0000"])("%j is none", (text) => {
    expect(symbolOf(text)).toBeUndefined();
  });

  it("means what the server chose; every other text stays as it was typed", () => {
    const symbols = { UNI: "unicorn-token" };
    expect(coinTextOn({ symbols }, "$uni")).toBe("id:unicorn-token");
    for (const text of ["uniswap", "id:uni", "constructor", "__proto__", "toString", ""]) expect(coinTextOn({ symbols }, text)).toBe(text);
  });
});
