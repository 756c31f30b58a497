import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import type { GuildDirectory } from "../../src/discord/bot/guild-directory.ts";
import type { CoinIndex } from "../../src/prices/coins/coin-index.ts";
import { currenciesOf } from "../../src/prices/currencies.ts";
import type { ExchangeRates } from "../../src/prices/exchange-rates.ts";
import {
  checkAnswerInput,
  checkCoins,
  checkDigestInput,
  checkSymbolInput,
  findCurrency,
  splitCoins,
  suggestCurrencies,
} from "../../src/settings/checked-input.ts";
import { usualPurchaseAt } from "../../src/settings/effective-settings.ts";
import {
  type GuildSettings,
  type GuildSettingsChange,
  type GuildSettingsStore,
  NO_SETTINGS,
} from "../../src/storage/guild-settings.ts";
import { changed } from "../../src/storage/settings-change.ts";
import { type EngineUnderTest, startSqlite } from "../storage/storage-under-test.ts";

const ASK = { priority: "interactive" } as const;
const PER_USD: Readonly<Record<string, number>> = {
  USD: 1,
  EUR: 0.86,
  JPY: 159,
  IDR: 17_800,
  KWD: 0.31,
  CHF: 0.8,
};

const rates: ExchangeRates = {
  perUsd: async (code) => (Object.hasOwn(PER_USD, code) ? PER_USD[code] : undefined),
  currencies: () => currenciesOf(Object.keys(PER_USD)),
  refresh: async () => undefined,
  missedAt: async () => undefined,
};

/** Knows the coins a to z by id, by symbol and as `id:`. */
const coins = {
  async resolve(text: string) {
    const coinId = text.toLowerCase().replace(/^id:/, "");
    return /^[a-z]$/.test(coinId)
      ? {
          ok: true,
          coin: { coinId, symbol: coinId.toUpperCase(), name: `Coin ${coinId}`, rank: 1 },
        }
      : { ok: false, reason: "unknown-coin", suggestions: [] };
  },
} as Pick<CoinIndex, "resolve"> as CoinIndex;

const nothing = {
  currency: undefined,
  amount: undefined,
  carKey: undefined,
  carPrice: undefined,
  replies: undefined,
};
const noDigest = {
  channelId: undefined,
  time: undefined,
  zone: undefined,
  coins: undefined,
  roleId: undefined,
  enabled: undefined,
};
const code = fc.constantFrom(...Object.keys(PER_USD));
const letters = fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz");

async function setCurrency(before: GuildSettings, currency: string) {
  const checked = await checkAnswerInput({ ...nothing, currency }, before, {
    rates,
    locale: "en-US",
    ask: ASK,
  });
  if (!checked.ok) throw new Error(checked.sentence);
  return checked.value(before);
}

/** Knows no server. */
const noDirectory = {
  channel: async () => ({ ok: false, reason: "unknown" }) as const,
  role: async () => ({ ok: false, reason: "unknown" }) as const,
  missingPermissions: async () => ({ ok: false, reason: "unknown" }) as const,
  whereToTell: async () => ({ systemChannelId: null, ownerId: null }),
};

/** A server's settings after a change, with the store's own arithmetic. */
function settingsAfter(before: GuildSettings, change: GuildSettingsChange): GuildSettings {
  return changed(before, change, new Date("2026-11-24T12:00:00Z")).after;
}

const KNOWN = new Map(Object.entries(PER_USD));
const usual = (settings: GuildSettings) => usualPurchaseAt(settings, KNOWN);

describe("another currency", () => {
  const amountsUsd = fc.record({
    stake: fc.double({ min: 1, max: 1e9, noNaN: true }),
    carPrice: fc.double({ min: 1e4, max: 1e8, noNaN: true }),
  });

  it("keeps what every set amount is worth, within rounding, and tells each; nothing else is touched", async () => {
    await fc.assert(
      fc.asyncProperty(code, code, amountsUsd, async (from, to, worth) => {
        const [fromPerUsd = 1, toPerUsd = 1] = [PER_USD[from], PER_USD[to]];
        const [stake, carPrice] = [worth.stake * fromPerUsd, worth.carPrice * fromPerUsd];
        const before = { ...NO_SETTINGS, currency: from, stake, carPrice };
        const { change, notes } = await setCurrency(before, to);
        expect(change).toEqual({ currency: to });
        expect(notes).toHaveLength(from === to ? 0 : 2);
        const purchase = usual(settingsAfter(before, change));
        expect(purchase.stake / toPerUsd / worth.stake).toBeCloseTo(1, 0.8);
        expect(
          "ownPrice" in purchase.car && purchase.car.ownPrice / toPerUsd / worth.carPrice,
        ).toBeCloseTo(1, 1.9);
      }),
    );
  });

  it("gives the first amounts back exactly when the first currency returns, whatever lay between", async () => {
    const amount = fc.option(fc.double({ min: 5_000, max: 1e9, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(
        code,
        fc.array(code, { maxLength: 8 }),
        amount,
        amount,
        async (first, between, stake, carPrice) => {
          const set = { ...NO_SETTINGS, currency: first, stake, carPrice };
          let settings: GuildSettings = set;
          for (const to of [...between, first])
            settings = settingsAfter(settings, (await setCurrency(settings, to)).change);
          expect(settings).toEqual(set);
          expect(usual(settings)).toEqual(usual(set));
        },
      ),
    );
  });

  it("does the same when the first currency was never chosen, and is reset", async () => {
    const set = { ...NO_SETTINGS, stake: 1_234.5 };
    const euros = settingsAfter(set, (await setCurrency(set, "EUR")).change);
    expect(usual(euros)).toMatchObject({ stake: 1_100, currency: "EUR" });
    expect(settingsAfter(euros, { currency: null })).toEqual(set);
  });

  it("says that an amount is again as it was set", async () => {
    const yen = { ...NO_SETTINGS, currency: "JPY", stake: 1_234, stakeCurrency: "EUR" };
    expect((await setCurrency(yen, "EUR")).notes).toEqual([
      "The default stake is €1,234 again, as it was set.",
    ]);
  });

  it("converts from what was typed: an amount changed meanwhile is one of the currency of then", async () => {
    const euros = { ...NO_SETTINGS, currency: "EUR", stake: 1_000 };
    const yen = settingsAfter(euros, { ...(await setCurrency(euros, "JPY")).change, stake: 5_000 });
    expect(usual(yen).stake).toBe(5_000);
    const francs = settingsAfter(yen, (await setCurrency(yen, "CHF")).change);
    expect(usual(francs)).toMatchObject({ stake: 25, currency: "CHF" });
  });

  it("never leaves a usual stake of less than a hundred dollars or more than ten thousand", async () => {
    for (const [to, perUsd] of Object.entries(PER_USD)) {
      const { change } = await setCurrency(NO_SETTINGS, to);
      const stakeUsd = usual(settingsAfter(NO_SETTINGS, change)).stake / perUsd;
      expect(stakeUsd, to).toBeGreaterThanOrEqual(100);
      expect(stakeUsd, to).toBeLessThanOrEqual(10_000);
    }
  });

  it("keeps an amount whose old currency has no rate any more, and says that the usual one counts until then", async () => {
    const kuna = { ...NO_SETTINGS, currency: "HRK", stake: 500 };
    const { change, notes } = await setCurrency(kuna, "EUR");
    expect(notes).toEqual([
      expect.stringMatching(
        /^The default stake of HRK.500 cannot be converted now: the usual one counts until it can\.$/,
      ),
    ]);
    expect(usual(settingsAfter(kuna, change))).toMatchObject({
      stake: 1_000,
      currency: "EUR",
      rateGap: { codes: ["HRK"] },
    });
  });

  it("of money that exists but has no rate is not taken, nor an amount in it", async () => {
    const context = { rates, locale: "en-US", ask: ASK };
    expect(
      await checkAnswerInput({ ...nothing, currency: "Icelandic Króna" }, NO_SETTINGS, context),
    ).toMatchObject({ ok: false });
    const kuna = { ...NO_SETTINGS, currency: "HRK" };
    for (const typed of [{ amount: 500 }, { carPrice: 1_000_000 }]) {
      expect(await checkAnswerInput({ ...nothing, ...typed }, kuna, context)).toMatchObject({
        ok: false,
        sentence: expect.stringMatching(
          /^No exchange rate for HRK can be had right now, so an amount in it cannot be checked/,
        ),
      });
    }
    expect(
      await checkAnswerInput({ ...nothing, amount: 500, currency: "EUR" }, kuna, context),
    ).toMatchObject({ ok: true });
    expect(await checkAnswerInput({ ...nothing, replies: "private" }, kuna, context)).toMatchObject(
      { ok: true },
    );
  });

  it("is found by its code or name although it was not offered yet, by asking for its rate", async () => {
    const late: ExchangeRates = {
      ...rates,
      currencies: () => currenciesOf(["USD", "EUR"]),
      perUsd: async () => 138,
    };
    for (const typed of ["isk", "icelandic króna"]) {
      const checked = await checkAnswerInput({ ...nothing, currency: typed }, NO_SETTINGS, {
        rates: late,
        locale: "en-US",
        ask: ASK,
      });
      expect(checked.ok && checked.value(NO_SETTINGS).change).toEqual({ currency: "ISK" });
    }
  });
});

describe("a list of coins", () => {
  it("is every coin once, in the order typed, however the parts are written", async () => {
    const written = fc.tuple(
      letters,
      fc.constantFrom("", "id:"),
      fc.constantFrom("", " ", "\t"),
      fc.boolean(),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(written, { minLength: 1, maxLength: 10 }),
        fc.constantFrom(",", ", ", " ,", ";", "\n", ",,"),
        async (parts, glue) => {
          const text = parts
            .map(
              ([letter, id, space, isUpper]) =>
                space + id + (isUpper ? letter.toUpperCase() : letter) + space,
            )
            .join(glue);
          const checked = await checkCoins(text, NO_SETTINGS, { coins, ask: ASK });
          expect(checked.ok && checked.value.map(({ coinId }) => coinId)).toEqual([
            ...new Set(parts.map(([letter]) => letter)),
          ]);
        },
      ),
    );
  });

  it("is refused whole for one unknown coin or an eleventh", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(letters, { minLength: 11, maxLength: 26 }), async (many) => {
        expect(await checkCoins(many.join(","), NO_SETTINGS, { coins, ask: ASK })).toMatchObject({
          ok: false,
          sentence: `A digest has up to 10 coins, and that is ${many.length}.`,
        });
      }),
    );
    expect(await checkCoins("a, b, nothing, c", NO_SETTINGS, { coins, ask: ASK })).toMatchObject({
      ok: false,
    });
  });

  it("has no empty parts and loses nothing else", () => {
    fc.assert(
      fc.property(fc.string(), (text) =>
        splitCoins(text).every(
          (part) => part !== "" && part === part.trim() && text.includes(part),
        ),
      ),
    );
  });
});

describe("whatever is typed", () => {
  const nasty = fc.oneof(
    fc.string({ maxLength: 300 }),
    fc.string({ unit: "binary", maxLength: 100 }),
    fc.constantFrom(
      "@everyone",
      "<@&1>",
      "[x](https://x.example)",
      "**",
      "`",
      "\u202etxt",
      "a\nb",
      "__proto__",
    ),
  );

  it("is one line back, without a mention or a link of its own", async () => {
    await fc.assert(
      fc.asyncProperty(nasty, async (text) => {
        const answers = await Promise.all([
          checkAnswerInput(
            { ...nothing, currency: text, carKey: text, replies: text },
            NO_SETTINGS,
            { rates, locale: "en-US", ask: ASK },
          ),
          checkDigestInput({ ...noDigest, time: text }, NO_SETTINGS, {
            guildId: "1",
            coins,
            directory: noDirectory,
            ask: ASK,
          }),
          checkDigestInput({ ...noDigest, zone: text }, NO_SETTINGS, {
            guildId: "1",
            coins,
            directory: noDirectory,
            ask: ASK,
          }),
          checkDigestInput({ ...noDigest, coins: text }, NO_SETTINGS, {
            guildId: "1",
            coins,
            directory: noDirectory,
            ask: ASK,
          }),
          checkDigestInput({ ...noDigest, channelId: text, roleId: text }, NO_SETTINGS, {
            guildId: "1",
            coins,
            directory: noDirectory,
            ask: ASK,
          }),
          checkSymbolInput({ symbol: text, coin: text }, NO_SETTINGS, { coins, ask: ASK }),
          checkSymbolInput({ symbol: text, coin: undefined }, NO_SETTINGS, { coins, ask: ASK }),
        ]);
        for (const answer of answers) {
          if (answer.ok) continue;
          expect(answer.sentence).toMatch(/^[^\n\r]{1,400}[.?]$/);
          expect(answer.sentence).not.toMatch(
            /@(everyone|here)|(?<!\\)<@|(?<!\\)\]\(|(?<!\\)`[^`]*$/,
          );
        }
      }),
    );
  });
});

describe("a currency", () => {
  const known = currenciesOf(["USD", "EUR", "AUD", "CAD", "GBP", "SEK"]);

  it("is found by code or whole English name, in any letters", () => {
    expect(["eur", "EURO", " euro "].map((text) => findCurrency(text, known)?.code)).toEqual([
      "EUR",
      "EUR",
      "EUR",
    ]);
    expect(["e", "eu", "dollar", ""].map((text) => findCurrency(text, known))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("is suggested by the beginning of its code or of any word of its name", () => {
    const codes = (text: string) =>
      suggestCurrencies(text, known, 25).map((currency) => currency.code);
    expect(codes("dol")).toEqual(["USD", "AUD", "CAD"]);
    expect(codes("us d")).toEqual(["USD"]);
    expect(codes("s")).toEqual(["SEK"]);
    expect(suggestCurrencies("", known, 2)).toHaveLength(2);
  });
});

describe("two admins at once, each in a process of their own", () => {
  const open: EngineUnderTest[] = [];
  afterEach(async () => {
    for (const engine of open.splice(0)) await engine.close();
  });

  async function twoProcesses(): Promise<readonly [GuildSettingsStore, GuildSettingsStore]> {
    const engine = await startSqlite();
    open.push(engine);
    return [(await engine.open()).settings, (await engine.open()).settings];
  }
  const by = (userId: string) => ({ userId, at: new Date("2026-11-24T12:00:00Z") });

  it("a currency carries over the stake that is stored, not the one that was read before", async () => {
    const [one, other] = await twoProcesses();
    await one.change("1", { stake: 1_000 }, by("7"));
    const checked = await checkAnswerInput({ ...nothing, currency: "EUR" }, one.read("1"), {
      rates,
      locale: "en-US",
      ask: ASK,
    });
    if (!checked.ok) throw new Error(checked.sentence);
    await other.change("1", { stake: 5_000, carPrice: 300_000 }, by("8"));
    let notes: readonly string[] = [];
    const made = await one.change(
      "1",
      (stored) => {
        const checkedNow = checked.value(stored);
        notes = checkedNow.notes;
        return checkedNow.change;
      },
      by("7"),
    );
    const perUsd = PER_USD["EUR"] ?? 0;
    expect(made).toMatchObject({
      currency: "EUR",
      stake: 5_000,
      stakeCurrency: "USD",
      carPriceCurrency: "USD",
    });
    const { stake, car } = usual(made);
    expect(Math.abs(stake / (5_000 * perUsd) - 1)).toBeLessThan(0.05);
    expect("ownPrice" in car && Math.abs(car.ownPrice / (300_000 * perUsd) - 1)).toBeLessThan(
      0.005,
    );
    expect(notes.join(" ")).toContain("The default stake of $5,000 is now");
  });

  it("a currency chosen meanwhile is the one that amounts are carried over from", async () => {
    const [one, other] = await twoProcesses();
    await one.change("1", { stake: 1_000 }, by("7"));
    const checked = await checkAnswerInput({ ...nothing, currency: "EUR" }, one.read("1"), {
      rates,
      locale: "en-US",
      ask: ASK,
    });
    if (!checked.ok) throw new Error(checked.sentence);
    await other.change("1", { stake: 150_000, currency: "JPY" }, by("8"));
    const made = await one.change("1", (stored) => checked.value(stored).change, by("7"));
    const worthUsd = 150_000 / (PER_USD["JPY"] ?? 1);
    expect(made).toMatchObject({ stake: 150_000, stakeCurrency: "JPY" });
    expect(Math.abs(usual(made).stake / ((PER_USD["EUR"] ?? 0) * worthUsd) - 1)).toBeLessThan(0.05);
  });

  it("a first channel does not switch on a digest that was switched off meanwhile", async () => {
    const [one, other] = await twoProcesses();
    const channel = { channelId: "300000000000000000", kind: "text", name: "general" } as const;
    const finding: GuildDirectory = {
      ...noDirectory,
      channel: async () => ({ ok: true, channel }),
    };
    const input = { ...noDigest, channelId: "300000000000000000" };
    const checked = await checkDigestInput(input, one.read("1"), {
      guildId: "1",
      coins,
      directory: finding,
      ask: ASK,
    });
    if (!checked.ok) throw new Error(checked.sentence);
    await other.change("1", { digestEnabled: false }, by("8"));
    const after = await one.change("1", (stored) => checked.value(stored).change, by("7"));
    expect(after).toMatchObject({ digestEnabled: false, digestChannelId: "300000000000000000" });
  });
});
