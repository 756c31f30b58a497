import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CoinInputContext, checkCoins } from "../../src/settings/coin-input.ts";
import { NO_SETTINGS } from "../../src/storage/guild-settings.ts";
import { ASK, coins } from "./typed-settings.ts";

const idsOf = async (
  text: string,
  current: Parameters<typeof checkCoins>[1],
  context: CoinInputContext,
) => {
  const checked = await checkCoins(text, current, context, "en-US");
  return checked.ok && checked.value.coins.map(({ coinId }) => coinId);
};

const letters = fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz");

describe("a list of coins", () => {
  it("with spaces is split by the listed coins, which are read first", async () => {
    let isRead = false;
    const unread: typeof coins = {
      ...coins,
      largest: async () => {
        isRead = true;
        return [];
      },
      known: (text) => (isRead ? coins.known(text) : undefined),
    };
    expect(await idsOf("a b, c", NO_SETTINGS, { coins: unread, ask: ASK })).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  it("is split at a symbol of the server's own too", async () => {
    const settings = { ...NO_SETTINGS, symbols: { XX: "a" } };
    expect(await idsOf("xx b, c", settings, { coins, ask: ASK })).toEqual(["a", "b", "c"]);
  });

  it("of words that are no coins may be the misspelt name of one", async () => {
    const guessing: typeof coins = {
      ...coins,
      resolve: (text, ask) => coins.resolve(text === "shiba inuu" ? "s" : text, ask),
    };
    expect(await idsOf("shiba inuu", NO_SETTINGS, { coins: guessing, ask: ASK })).toEqual(["s"]);
    expect(await idsOf("shiba a b inuu", NO_SETTINGS, { coins: guessing, ask: ASK })).toBe(false);
  });

  it("names every coin once, in the order typed, however its parts are written", async () => {
    const written = fc.tuple(
      letters,
      fc.constantFrom("", "id:"),
      fc.constantFrom("", " ", "\t"),
      fc.boolean(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(written, { minLength: 1, maxLength: 10 }),
        fc.constantFrom(",", ", ", " ,", ";", "\n", ",,", " ", " and "),
        async (parts, glue) => {
          const text = parts
            .map(
              ([letter, id, space, isUpper]) =>
                space + id + (isUpper ? letter.toUpperCase() : letter) + space,
            )
            .join(glue);
          const checked = await checkCoins(text, NO_SETTINGS, { coins, ask: ASK }, "en-US");
          expect(checked.ok && checked.value.coins.map(({ coinId }) => coinId)).toEqual([
            ...new Set(parts.map(([letter]) => letter)),
          ]);
        },
      ),
    );
  });

  it("is refused as a whole for one unknown coin or an eleventh one", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(letters, { minLength: 11, maxLength: 26 }), async (many) => {
        expect(
          await checkCoins(many.join(","), NO_SETTINGS, { coins, ask: ASK }, "en-US"),
        ).toMatchObject({
          ok: false,
          sentence: `A digest has up to 10 coins, and that is ${many.length}.`,
        });
      }),
    );
    expect(
      await checkCoins("a, b, nothing, c", NO_SETTINGS, { coins, ask: ASK }, "en-US"),
    ).toMatchObject({
      ok: false,
    });
  });
});
