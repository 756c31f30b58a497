import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { currenciesOf } from "../../src/prices/currencies.ts";
import type { ExchangeRates } from "../../src/prices/exchange-rates.ts";
import { checkAnswerInput } from "../../src/settings/answer-input.ts";
import { usualPurchaseAt } from "../../src/settings/effective-settings.ts";
import {
  type GuildSettings,
  type GuildSettingsChange,
  type GuildSettingsStore,
  NO_SETTINGS,
} from "../../src/storage/guild-settings.ts";
import { changed } from "../../src/storage/settings-change.ts";
import { type EngineUnderTest, startSqlite } from "../storage/storage-under-test.ts";
import { ASK, nothing, PER_USD, rates } from "./typed-settings.ts";

const code = fc.constantFrom(...Object.keys(PER_USD));

async function setCurrency(current: GuildSettings, currency: string) {
  const checked = await checkAnswerInput({ ...nothing, currency }, current, {
    rates,
    locale: "en-US",
    ask: ASK,
  });
  if (!checked.ok) throw new Error(checked.sentence);
  return checked.value(current);
}

/** A server's settings after a change, with the store's own arithmetic. */
function settingsAfter(current: GuildSettings, change: GuildSettingsChange): GuildSettings {
  return changed(current, change, new Date("2026-11-24T12:00:00Z")).after;
}

const KNOWN = new Map(Object.entries(PER_USD));
const usual = (settings: GuildSettings) => usualPurchaseAt(settings, KNOWN);

describe("another currency", () => {
  const amountsUsd = fc.record({
    stake: fc.double({ min: 1, max: 1e9, noNaN: true }),
    carPrice: fc.double({ min: 1e4, max: 1e8, noNaN: true }),
  });

  it("keeps the worth of every amount, within rounding, and says so; nothing else changes", async () => {
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

  it("gives back the exact amounts when the first currency returns, whatever lay between", async () => {
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

  it("does the same when the first currency was the default and is reset", async () => {
    const set = { ...NO_SETTINGS, stake: 1_234.5 };
    const euros = settingsAfter(set, (await setCurrency(set, "EUR")).change);
    expect(usual(euros)).toMatchObject({ stake: 1_100, currency: "EUR" });
    expect(settingsAfter(euros, { currency: null })).toEqual(set);
  });

  it("says that an amount is as it was set again", async () => {
    const yen = { ...NO_SETTINGS, currency: "JPY", stake: 1_234, stakeCurrency: "EUR" };
    expect((await setCurrency(yen, "EUR")).notes).toEqual([
      "The default stake is €1,234 again, as it was set.",
    ]);
  });

  it("converts from what was typed: an amount changed meanwhile is in the currency of that moment", async () => {
    const euros = { ...NO_SETTINGS, currency: "EUR", stake: 1_000 };
    const yen = settingsAfter(euros, { ...(await setCurrency(euros, "JPY")).change, stake: 5_000 });
    expect(usual(yen).stake).toBe(5_000);
    const francs = settingsAfter(yen, (await setCurrency(yen, "CHF")).change);
    expect(usual(francs)).toMatchObject({ stake: 25, currency: "CHF" });
  });

  it("never leads to a usual stake below a hundred dollars or above ten thousand", async () => {
    for (const [to, perUsd] of Object.entries(PER_USD)) {
      const { change } = await setCurrency(NO_SETTINGS, to);
      const stakeUsd = usual(settingsAfter(NO_SETTINGS, change)).stake / perUsd;
      expect(stakeUsd, to).toBeGreaterThanOrEqual(100);
      expect(stakeUsd, to).toBeLessThanOrEqual(10_000);
    }
  });

  it("keeps an amount whose currency has lost its rate, and says that the usual one applies until then", async () => {
    const kuna = { ...NO_SETTINGS, currency: "HRK", stake: 500 };
    const { change, notes } = await setCurrency(kuna, "EUR");
    expect(notes).toEqual([
      expect.stringMatching(
        /^The default stake of HRK.500 cannot be converted right now: the usual one applies until it can\.$/,
      ),
    ]);
    expect(usual(settingsAfter(kuna, change))).toMatchObject({
      stake: 1_000,
      currency: "EUR",
      rateGap: { codes: ["HRK"] },
    });
  });

  it("is refused when it exists but has no rate, and so is an amount in it", async () => {
    const context = { rates, locale: "en-US", ask: ASK };
    expect(
      await checkAnswerInput({ ...nothing, currency: "Icelandic Króna" }, NO_SETTINGS, context),
    ).toMatchObject({ ok: false });
    const kuna = { ...NO_SETTINGS, currency: "HRK" };
    for (const typed of [{ amount: 500 }, { carPrice: 1_000_000 }]) {
      expect(await checkAnswerInput({ ...nothing, ...typed }, kuna, context)).toMatchObject({
        ok: false,
        sentence: expect.stringMatching(
          /^No exchange rate for HRK is available right now, so an amount in it cannot be checked/,
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

  it("that was not offered yet is found by its code or name, by asking for its rate", async () => {
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

  it("a new currency converts the stake stored at that moment, not the one read before", async () => {
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
    const { settings: made } = await one.change(
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

  it("a currency chosen meanwhile is the one that amounts are converted from", async () => {
    const [one, other] = await twoProcesses();
    await one.change("1", { stake: 1_000 }, by("7"));
    const checked = await checkAnswerInput({ ...nothing, currency: "EUR" }, one.read("1"), {
      rates,
      locale: "en-US",
      ask: ASK,
    });
    if (!checked.ok) throw new Error(checked.sentence);
    await other.change("1", { stake: 150_000, currency: "JPY" }, by("8"));
    const { settings: made } = await one.change(
      "1",
      (stored) => checked.value(stored).change,
      by("7"),
    );
    const worthUsd = 150_000 / (PER_USD["JPY"] ?? 1);
    expect(made).toMatchObject({ stake: 150_000, stakeCurrency: "JPY" });
    expect(Math.abs(usual(made).stake / ((PER_USD["EUR"] ?? 0) * worthUsd) - 1)).toBeLessThan(0.05);
  });
});
