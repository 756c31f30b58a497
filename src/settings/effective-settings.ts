import { ENGLISH } from "../messages/say.ts";
import { comparable } from "../prices/coins/coin.ts";
import { bareText, pairBase } from "../prices/coins/readings.ts";
import type { ExchangeRates } from "../prices/exchange-rates.ts";
import type { Ask } from "../prices/price-source.ts";
import { type AskedPurchase, type RateGap, USUAL_PURCHASE } from "../questions/purchase.ts";
import {
  type GuildSettings,
  type GuildSettingsStore,
  NO_SETTINGS,
} from "../storage/guild-settings.ts";
import { LAMBO_MODELS } from "../valuation/lambo-models.ts";
import {
  type Amounts,
  amountIn,
  currenciesIn,
  currencyOf,
  type KnownRates,
  ratesOf,
  usualStakeIn,
} from "./amount-conversion.ts";

const MAX_SYMBOL_LENGTH = 20;

/**
 * The purchase that a server's members ask about by default, at today's rates; amounts are in the
 * server's currency.
 */
export async function usualPurchaseOf(
  settings: Amounts & Pick<GuildSettings, "carKey">,
  rates: Pick<ExchangeRates, "perUsd">,
  ask: Ask,
): Promise<AskedPurchase> {
  return usualPurchaseAt(settings, await ratesOf(currenciesIn(settings), rates, ask));
}

/**
 * {@link usualPurchaseOf} at known rates. While the server's currency has no rate, it is the usual
 * purchase in US dollars; if only one amount cannot be converted from the currency that it was
 * typed in, the usual amount replaces it. Pure.
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

/** The settings of the server that a call comes from; outside servers there are none. */
export function settingsFor(
  { guildId }: { readonly guildId?: string | undefined },
  { settings }: { readonly settings: Pick<GuildSettingsStore, "read"> },
): GuildSettings {
  return guildId === undefined ? NO_SETTINGS : settings.read(guildId);
}

/**
 * The locale of what a whole server reads: of the language set here, else the one chosen in
 * Discord, else English. A language without a region, such as `es`, has the region chosen in
 * Discord (`es-419`) where that is of the same language.
 */
export function serverLocale({
  language,
  preferredLocale,
}: Pick<GuildSettings, "language" | "preferredLocale">): string {
  if (language === null) return preferredLocale ?? ENGLISH;
  return preferredLocale?.split("-")[0] === language ? preferredLocale : language;
}

/**
 * The id of the coin that a server has chosen for a symbol, also with marks around it or in a pair
 * (`"UNI"`, `UNI/USDT`); undefined for any other text.
 */
export function ownCoinOn(
  { symbols }: Pick<GuildSettings, "symbols">,
  text: string,
): string | undefined {
  // Most servers have chosen none.
  if (Object.keys(symbols).length === 0) return undefined;
  const typed = comparable(text);
  const symbol = [typed, bareText(typed), pairBase(typed)]
    .map(symbolOf)
    .find((known) => known !== undefined && Object.hasOwn(symbols, known));
  return symbol === undefined ? undefined : symbols[symbol];
}

/** A symbol with a meaning of its own on a server is a coin, whatever its rank elsewhere. */
export const OWN_COIN = { rank: 1 };

/**
 * What a typed coin means on a server: `id:<coinId>` if the server has chosen a coin for that
 * symbol, else the text itself.
 */
export function coinTextOn(settings: Pick<GuildSettings, "symbols">, text: string): string {
  const coinId = ownCoinOn(settings, text);
  return coinId === undefined ? text : `id:${coinId}`;
}

/**
 * A symbol as servers store it: in capitals, without `$` or `#` in front or the rest of a label;
 * undefined for a text that cannot be a symbol.
 */
export function symbolOf(text: string): string | undefined {
  const [typed = ""] = comparable(text).split(" · ");
  const symbol = typed.replace(/^[#$]+(?=.)/, "").toUpperCase();
  // Spaces and commas separate coins, and a colon marks an id.
  return symbol.length <= MAX_SYMBOL_LENGTH && /^[^\s,;:]+$/.test(symbol) ? symbol : undefined;
}
