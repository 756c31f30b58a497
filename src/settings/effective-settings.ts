import {
  type AskedPurchase,
  CAR_PRICE_LIMITS_USD,
  isWithin,
  type RateGap,
  STAKE_LIMITS_USD,
  USUAL_PURCHASE,
} from "../answer.ts";
import { comparable } from "../prices/coins/coin.ts";
import type { ExchangeRates } from "../prices/exchange-rates.ts";
import type { Ask } from "../prices/price-source.ts";
import {
  type GuildSettings,
  type GuildSettingsStore,
  NO_SETTINGS,
} from "../storage/guild-settings.ts";
import { type ShownCurrency, US_DOLLARS } from "../valuation/currency.ts";
import { LAMBO_MODELS } from "../valuation/lambo-models.ts";

const MAX_SYMBOL_LENGTH = 20;

/** What a usual stake may be worth: 1,000 units of some currencies are next to nothing. */
const USUAL_WORTH_USD = { min: 100, max: 10_000 };
/** Digits that an amount keeps when it is converted: people choose round amounts. */
const DIGITS = { stake: 2, carPrice: 3 } as const;
const LIMITS_USD = { stake: STAKE_LIMITS_USD, carPrice: CAR_PRICE_LIMITS_USD } as const;

type Amounts = Pick<
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

/** The rates of these currencies; those that cannot be had are absent. */
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
 * The purchase that a server's members ask about unless they say otherwise, at today's rates;
 * amounts are in the server's currency.
 */
export async function usualPurchaseOf(
  settings: Amounts & Pick<GuildSettings, "carKey">,
  rates: Pick<ExchangeRates, "perUsd">,
  ask: Ask,
): Promise<AskedPurchase> {
  return usualPurchaseAt(settings, await ratesOf(currenciesIn(settings), rates, ask));
}

/**
 * The same at rates that are known already. While the server's currency has no rate, the purchase
 * is the usual one in US dollars; where only one amount cannot be converted from the currency that
 * it was typed in, the usual amount stands in for it. Pure.
 */
export function usualPurchaseAt(
  settings: Amounts & Pick<GuildSettings, "carKey">,
  known: KnownRates,
): AskedPurchase {
  const serverCurrency = currencyOf(settings);
  const model = LAMBO_MODELS.find(({ key }) => key === settings.carKey) ?? USUAL_PURCHASE.car;
  const perUsd = known.get(serverCurrency);
  if (perUsd === undefined) {
    const isCarUsual = settings.carPrice !== null;
    return {
      ...USUAL_PURCHASE,
      car: isCarUsual ? USUAL_PURCHASE.car : model,
      rateGap: { codes: [serverCurrency], serverCurrency, isStakeUsual: true, isCarUsual },
    };
  }
  const currency = { code: serverCurrency, perUsd };
  const stake = amountIn(currency, settings, "stake", known);
  const ownPrice = amountIn(currency, settings, "carPrice", known);
  const rateGap: RateGap = {
    codes: currenciesIn(settings).filter((code) => !known.has(code)),
    serverCurrency,
    isStakeUsual: stake === undefined,
    isCarUsual: ownPrice === undefined,
  };
  return {
    stake: stake ?? usualStakeIn(currency),
    currency: serverCurrency,
    car: ownPrice === undefined ? USUAL_PURCHASE.car : ownPrice === null ? model : { ownPrice },
    ...(rateGap.codes.length > 0 && { rateGap }),
  };
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
  // Rounding must not carry an amount at its limit beyond it.
  return isWithin(rounded / currency.perUsd, LIMITS_USD[amount])
    ? rounded
    : Number(exact.toPrecision(14));
}

/**
 * The stake where a server chose none: 1,000, or the round number that is worth about 1,000 US
 * dollars where 1,000 is worth too little or too much.
 */
export function usualStakeIn({ perUsd }: ShownCurrency): number {
  const { stake } = USUAL_PURCHASE;
  return isWithin(stake / perUsd, USUAL_WORTH_USD)
    ? stake
    : 10 ** Math.round(Math.log10(stake * perUsd));
}

/** The settings of the server that a call comes from; outside servers there are none. */
export function settingsFor(
  { guildId }: { readonly guildId?: string | undefined },
  { settings }: { readonly settings: Pick<GuildSettingsStore, "read"> },
): GuildSettings {
  return guildId === undefined ? NO_SETTINGS : settings.read(guildId);
}

/** The id of the coin that a server has chosen for a symbol; undefined for every other text. */
export function ownCoinOn(
  { symbols }: Pick<GuildSettings, "symbols">,
  text: string,
): string | undefined {
  const symbol = symbolOf(text);
  return symbol !== undefined && Object.hasOwn(symbols, symbol) ? symbols[symbol] : undefined;
}

/**
 * What a typed coin stands for on a server: `id:<coinId>` where the server has chosen what that
 * symbol means, else the text itself.
 */
export function coinTextOn(settings: Pick<GuildSettings, "symbols">, text: string): string {
  const coinId = ownCoinOn(settings, text);
  return coinId === undefined ? text : `id:${coinId}`;
}

/**
 * A symbol as servers store it: in capitals, without a cashtag's `$`; undefined for a text that
 * cannot be a symbol.
 */
export function symbolOf(text: string): string | undefined {
  const symbol = comparable(text).toUpperCase();
  // Spaces and commas separate coins, and a colon marks an id.
  return symbol.length <= MAX_SYMBOL_LENGTH && /^[^\s,;:]+$/.test(symbol) ? symbol : undefined;
}
