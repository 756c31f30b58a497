import type { ExchangeRates } from "../prices/exchange-rates.ts";
import type { Ask } from "../prices/price-source.ts";
import {
  type AskedPurchase,
  CAR_PRICE_LIMITS_USD,
  isWithin,
  STAKE_LIMITS_USD,
  USUAL_PURCHASE,
} from "../questions/purchase.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { type ShownCurrency, US_DOLLARS } from "../valuation/currency.ts";

/** What the usual stake may be worth: 1,000 units of some currencies are next to nothing. */
const USUAL_WORTH_USD = { min: 100, max: 10_000 };

/** Digits that an amount keeps when it is converted: people choose round amounts. */
const DIGITS = { stake: 2, carPrice: 3 } as const;

const LIMITS_USD = { stake: STAKE_LIMITS_USD, carPrice: CAR_PRICE_LIMITS_USD } as const;

export type Amounts = Pick<
  GuildSettings,
  "currency" | "stake" | "stakeCurrency" | "carPrice" | "carPriceCurrency"
>;

/** What one US dollar is worth in each currency whose rate is known. */
export type KnownRates = ReadonlyMap<string, number>;

/** The server's currency, ISO 4217. */
export function currencyOf({ currency }: Pick<GuildSettings, "currency">): string {
  return currency ?? USUAL_PURCHASE.currency;
}

/** The currency that an admin typed an amount in. */
export function typedCurrencyOf(settings: Amounts, amount: "stake" | "carPrice"): string {
  return (
    (amount === "stake" ? settings.stakeCurrency : settings.carPriceCurrency) ??
    currencyOf(settings)
  );
}

/** Every currency that a server's amounts are in, its own first. */
export function currenciesIn(settings: Amounts): readonly string[] {
  const typed = (["stake", "carPrice"] as const).filter((amount) => settings[amount] !== null);
  return [
    ...new Set([currencyOf(settings), ...typed.map((amount) => typedCurrencyOf(settings, amount))]),
  ];
}

/** The rates of these currencies; unavailable rates are absent. */
export async function ratesOf(
  codes: Iterable<string>,
  rates: Pick<ExchangeRates, "perUsd">,
  ask: Ask,
): Promise<KnownRates> {
  const known = new Map([[US_DOLLARS.code, US_DOLLARS.perUsd]]);
  for (const code of new Set(codes)) {
    if (known.has(code)) continue;
    const perUsd = await rates.perUsd(code, ask);
    if (perUsd !== undefined) known.set(code, perUsd);
  }
  return known;
}

/**
 * A server's amount in a currency: exact when it was typed in that currency, else rounded. Null
 * when none is set, undefined when it cannot be converted now.
 */
export function amountIn(
  currency: ShownCurrency,
  settings: Amounts,
  amount: "stake" | "carPrice",
  known: KnownRates,
): number | null | undefined {
  const typed = settings[amount];
  const from = typedCurrencyOf(settings, amount);
  if (typed === null || from === currency.code) return typed;
  const fromPerUsd = known.get(from);
  if (fromPerUsd === undefined) return undefined;
  const exact = (typed / fromPerUsd) * currency.perUsd;
  const rounded = Number(exact.toPrecision(DIGITS[amount]));
  // Rounding must not push an amount beyond its limit.
  return isWithin(rounded / currency.perUsd, LIMITS_USD[amount])
    ? rounded
    : Number(exact.toPrecision(14));
}

/**
 * A purchase whose amounts are to be in another currency (ISO 4217), with a stake still to be
 * chosen; a custom car price keeps its worth. Undefined when that price cannot be converted now.
 */
export async function purchaseIn(
  code: string,
  asked: AskedPurchase,
  rates: Pick<ExchangeRates, "perUsd">,
  ask: Ask,
): Promise<AskedPurchase | undefined> {
  const rateGap = asked.rateGap && { ...asked.rateGap, serverCurrency: code };
  const moved = { ...asked, currency: code, ...(rateGap !== undefined && { rateGap }) };
  if (!("ownPrice" in asked.car) || asked.currency === code) return moved;
  const known = await ratesOf([asked.currency, code], rates, ask);
  const perUsd = known.get(code);
  const from = { currency: asked.currency, carPriceCurrency: asked.currency };
  const ownPrice =
    perUsd === undefined
      ? undefined
      : amountIn(
          { code, perUsd },
          { ...from, stake: null, stakeCurrency: null, carPrice: asked.car.ownPrice },
          "carPrice",
          known,
        );
  return ownPrice == null ? undefined : { ...moved, car: { ownPrice } };
}

/**
 * The stake of a server that has not chosen one: 1,000, or, if that is worth too little or too
 * much, the round number worth about 1,000 US dollars.
 */
export function usualStakeIn({ perUsd }: ShownCurrency): number {
  const { stake } = USUAL_PURCHASE;
  return isWithin(stake / perUsd, USUAL_WORTH_USD)
    ? stake
    : 10 ** Math.round(Math.log10(stake * perUsd));
}
