import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CONTROLS,
  coinChoice,
  controlId,
  parseCoinChoice,
  parseControlId,
} from "../../src/cards/control-id.ts";
import { coinHash } from "../../src/prices/coins/coin.ts";
import { AVERAGE_LAMBO, LAMBO_MODELS } from "../../src/valuation/lambo-models.ts";
import { anyText } from "../support/any-text.ts";

// One seed, so that a red run is red again.
fc.configureGlobal({ seed: 20_261_101 });

const MATHS = {
  control: "maths",
  coinHash: coinHash("dogecoin"),
  stake: 1000,
  currency: "USD",
  car: AVERAGE_LAMBO,
} as const;

describe("the id of a button or menu", () => {
  it("holds coin, stake, currency and car in at most 100 characters, and reads back the same", () => {
    const currency = fc.constantFrom("USD", "EUR", "JPY");
    const car = fc.oneof(
      fc.constantFrom(...LAMBO_MODELS),
      fc.double({ min: 0.01, max: 1e15, noNaN: true }).map((ownPrice) => ({ ownPrice })),
    );
    const stake = fc.oneof(
      fc.integer({ min: 1, max: 1_000_000_000 }),
      fc.double({ min: 0.01, max: 1e15, noNaN: true }),
    );
    const aDay = fc
      .date({ min: new Date("2009-01-03"), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((at) => at.toISOString().slice(0, 10));
    const ofDay = fc.constantFrom("day", "server-joined", "account-made");
    const bought = fc.oneof(
      fc.constant({}),
      fc.constant({ bought: { by: "peak" as const } }),
      fc.record({ by: ofDay, on: aDay }).map((bought) => ({ bought })),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...CONTROLS),
        fc.string(),
        stake,
        currency,
        car,
        bought,
        (control, coinId, stake, currency, car, bought) => {
          const traits = { isByChance: true, isShared: true } as const;
          const question = { coinHash: coinHash(coinId), stake, currency, car, ...bought };
          const id = { control, ...question, ...traits };
          expect(controlId(id).length).toBeLessThanOrEqual(100);
          expect(parseControlId(controlId(id))).toEqual(id);
        },
      ),
    );
  });

  it("says what kind of card it sits on, and reads as before where it is of no special kind", () => {
    const plain = controlId(MATHS);
    expect(plain).toBe(`lambo:maths:${coinHash("dogecoin")}:1000:USD:average:2`);
    for (const traits of [
      { isByChance: true },
      { isShared: true },
      { isByChance: true, isShared: true },
    ] as const) {
      const id = { ...MATHS, ...traits };
      expect(parseControlId(controlId(id))).toEqual(id);
    }
    for (const tail of [":", ":x", ":sc", ":c:s", ":c:"])
      expect(parseControlId(`${plain}${tail}`)).toBeUndefined();
  });

  it("stays short for a stake beyond the limits", () => {
    for (const stake of [Number.MAX_VALUE, Number.MIN_VALUE, 1.234567890123456e-300]) {
      expect(controlId({ ...MATHS, stake }).length).toBeLessThanOrEqual(100);
      expect(parseControlId(controlId({ ...MATHS, stake }))).toBeUndefined();
    }
  });

  it("may lack a coin only where a menu asks for one", () => {
    const open = { ...MATHS, control: "coin", coinHash: null } as const;
    expect(parseControlId(controlId(open))).toEqual(open);
    expect(parseControlId(controlId({ ...open, control: "share" }))).toBeUndefined();
  });

  it("is refused in any form that this program would not write", () => {
    const genuine = controlId(MATHS);
    expect(parseControlId(genuine)).toBeDefined();
    const tampered = [
      "",
      "lambo",
      genuine.slice(0, -1),
      `${genuine}:x`,
      genuine.replace(/2$/, "1"),
      genuine.replace("lambo", "digest"),
      genuine.replace("maths", "toString"),
      genuine.replace("average", "fiat-panda"),
      ...["0", "-5", "1e3", "01", "1.0", " 1000", "Infinity", "NaN", "", "0x10", "1000.", "٣"].map(
        (stake) => genuine.replace("1000", stake),
      ),
      ...["", "usd", "US", "USDT", "U$D", "__proto__"].map((currency) =>
        genuine.replace("USD", currency),
      ),
      ...["0", "-5", "1e3", "01", "NaN", "", "toString"].map((car) =>
        genuine.replace("average", car),
      ),
      ...["short", "../../../..", "has space!", "elevenchars"].map((hash) =>
        genuine.replace(MATHS.coinHash, hash),
      ),
    ];
    for (const id of tampered) expect(parseControlId(id), id).toBeUndefined();
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(parseControlId(text)).toBeUndefined();
      }),
    );
  });
});

describe("the value of a coin menu", () => {
  it("names the coin itself, or its hash when the id is too long", () => {
    expect(parseCoinChoice(coinChoice("dogecoin"))).toEqual({ coinId: "dogecoin" });
    const long = "very-long-coin-id-".repeat(10);
    expect(coinChoice(long).length).toBeLessThanOrEqual(100);
    expect(parseCoinChoice(coinChoice(long))).toEqual({ coinHash: coinHash(long) });
  });

  it("is refused in any form that this program would not write", () => {
    for (const value of [
      "",
      "id:",
      "dogecoin",
      "hash:",
      "hash:../../etc!",
      `id:${"x".repeat(98)}`,
    ]) {
      expect(parseCoinChoice(value), value).toBeUndefined();
    }
  });
});
