import { describe, expect, it } from "vitest";
import { purchaseOf, USUAL_PURCHASE } from "../../src/questions/purchase.ts";
import { currenciesIn } from "../../src/settings/amount-conversion.ts";
import {
  coinTextOn,
  symbolOf,
  usualPurchaseAt,
  usualPurchaseOf,
} from "../../src/settings/effective-settings.ts";
import { type GuildSettings, NO_SETTINGS } from "../../src/storage/guild-settings.ts";

const RATES = { USD: 1, EUR: 0.8, JPY: 160, IDR: 17_800, KWD: 0.31 };

/** What members of such a server ask about, at the rates above without those of some currencies. */
function usual(chosen: Partial<GuildSettings>, without: readonly string[] = []) {
  const known = new Map(Object.entries(RATES).filter(([code]) => !without.includes(code)));
  return usualPurchaseAt({ ...NO_SETTINGS, ...chosen }, known);
}

describe("the purchase that a server's members ask about", () => {
  it("is the usual one where the server chose nothing", () => {
    expect(usual({})).toEqual(USUAL_PURCHASE);
  });

  it("follows the server's choices field by field; a custom car price wins over the model", () => {
    expect(usual({ currency: "EUR" })).toEqual({ ...USUAL_PURCHASE, currency: "EUR" });
    expect(usual({ stake: 50, carKey: "revuelto" })).toMatchObject({
      stake: 50,
      car: { key: "revuelto" },
    });
    expect(usual({ carKey: "revuelto", carPrice: 99 }).car).toEqual({ ownPrice: 99 });
  });

  it("falls back to the usual car when the stored model is no longer in the showroom", () => {
    expect(usual({ carKey: "countach" }).car).toEqual(USUAL_PURCHASE.car);
  });

  it("keeps the worth of amounts typed in another currency, rounded, and those typed in this one exactly", () => {
    const typed = {
      currency: "JPY",
      stake: 1_234,
      stakeCurrency: "EUR",
      carPrice: 180_000,
      carPriceCurrency: "EUR",
    };
    expect(usual(typed)).toEqual({
      stake: 250_000,
      currency: "JPY",
      car: { ownPrice: 36_000_000 },
    });
    expect(usual({ ...typed, currency: "EUR", stakeCurrency: null })).toMatchObject({
      stake: 1_234,
      car: { ownPrice: 180_000 },
    });
  });

  it("has a round stake of about 1,000 dollars where 1,000 of the currency is next to nothing", () => {
    const stakes = ["USD", "EUR", "KWD", "JPY", "IDR"].map((currency) => usual({ currency }).stake);
    expect(stakes).toEqual([1_000, 1_000, 1_000, 100_000, 10_000_000]);
  });

  it("never rounds an amount beyond its limit", () => {
    expect(usual({ currency: "USD", stake: 0.008, stakeCurrency: "EUR" }).stake).toBe(0.01);
    const cheapest = usual({ currency: "EUR", stake: 1.599, stakeCurrency: "JPY" }).stake;
    expect(cheapest / RATES.EUR).toBeGreaterThanOrEqual(0.0099);
  });

  it("is the usual one in dollars while the currency has no rate, and says which parts that concerns", () => {
    const gap = { codes: ["JPY"], serverCurrency: "JPY", isStakeUsual: true, isCarUsual: true };
    expect(usual({ currency: "JPY", stake: 5, carPrice: 7, carKey: "revuelto" }, ["JPY"])).toEqual({
      ...USUAL_PURCHASE,
      rateGap: gap,
    });
    const withModel = usual({ currency: "JPY", carKey: "revuelto" }, ["JPY"]);
    expect(withModel).toMatchObject({
      stake: 1_000,
      currency: "USD",
      car: { key: "revuelto" },
      rateGap: { isCarUsual: false },
    });
  });

  it("replaces only the amount that cannot be converted, by the usual one in the server's currency", () => {
    const chosen = { currency: "JPY", stake: 1_000, stakeCurrency: "EUR", carPrice: 9_000_000 };
    expect(usual(chosen, ["EUR"])).toEqual({
      stake: 100_000,
      currency: "JPY",
      car: { ownPrice: 9_000_000 },
      rateGap: { codes: ["EUR"], serverCurrency: "JPY", isStakeUsual: true, isCarUsual: false },
    });
  });

  it("asks for the rates of its own currencies and no others", async () => {
    const asked: string[] = [];
    const settings = {
      ...NO_SETTINGS,
      currency: "JPY",
      stake: 1,
      stakeCurrency: "EUR",
      carPriceCurrency: "KWD",
    };
    const perUsd = async (code: string) => {
      asked.push(code);
      return 2;
    };
    await usualPurchaseOf(settings, { perUsd }, { priority: "interactive" });
    expect(asked).toEqual(["JPY", "EUR"]);
    expect(currenciesIn(settings)).toEqual(asked);
  });
});

describe("an asker's own choices", () => {
  const gone = usual({ currency: "JPY", stake: 5, carPrice: 7 }, ["JPY"]);

  it("put an amount in the server's currency even while that has no rate: it is never read as dollars", () => {
    expect(purchaseOf({ stake: 100_000 }, gone)).toMatchObject({ stake: 100_000, currency: "JPY" });
    expect(purchaseOf({ stake: 50 }, usual({ currency: "JPY" }))).toMatchObject({
      stake: 50,
      currency: "JPY",
    });
  });

  it("override what stands in for the server's choices", () => {
    expect(purchaseOf({ carKey: "revuelto" }, gone)).toMatchObject({
      stake: 1_000,
      currency: "USD",
      car: { key: "revuelto" },
      rateGap: { isStakeUsual: true, isCarUsual: false },
    });
    const noCar = usual({ currency: "JPY", carPrice: 7, carPriceCurrency: "EUR" }, ["EUR"]);
    expect(purchaseOf({ carKey: "revuelto" }, noCar)).not.toHaveProperty("rateGap");
  });
});

describe("a symbol on a server", () => {
  it("is recognized whatever its case, surrounding spaces or cashtag", () => {
    expect(["uni", " UNI ", "$Uni", "ＵＮＩ"].map(symbolOf)).toEqual(["UNI", "UNI", "UNI", "UNI"]);
  });

  it.each(["", " ", "two words", "id:uniswap", "a,b", "a;b", "x".repeat(21), "\u0000"])(
    "%j is not a symbol",
    (text) => {
      expect(symbolOf(text)).toBeUndefined();
    },
  );

  it("means what the server chose; any other text stays as it was typed", () => {
    const symbols = { UNI: "unicorn-token" };
    expect(coinTextOn({ symbols }, "$uni")).toBe("id:unicorn-token");
    for (const text of ["uniswap", "id:uni", "constructor", "__proto__", "toString", ""])
      expect(coinTextOn({ symbols }, text)).toBe(text);
  });
});
