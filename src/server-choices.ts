import { type AskedPurchase, USUAL_PURCHASE } from "./answer.ts";
import { comparable } from "./prices/coin.ts";
import { type GuildSettings, type GuildSettingsStore, NO_SETTINGS } from "./storage/guild-settings.ts";
import { LAMBO_MODELS } from "./valuation/lambo-models.ts";

const MAX_SYMBOL_LENGTH = 20;

/** The purchase that a server's members ask about unless they say otherwise; amounts are in the server's currency. */
export function usualPurchaseOf({
  stake,
  currency,
  carKey,
  carPrice,
}: Pick<GuildSettings, "stake" | "currency" | "carKey" | "carPrice">): AskedPurchase {
  const model = LAMBO_MODELS.find(({ key }) => key === carKey) ?? USUAL_PURCHASE.car;
  return {
    stake: stake ?? USUAL_PURCHASE.stake,
    currency: currency ?? USUAL_PURCHASE.currency,
    car: carPrice === null ? model : { ownPrice: carPrice },
  };
}

/** What the server that somebody asks from has chosen; nothing outside of servers. */
export function settingsFor(
  { guildId }: { readonly guildId?: string | undefined },
  { settings }: { readonly settings: Pick<GuildSettingsStore, "read"> },
): GuildSettings {
  return guildId === undefined ? NO_SETTINGS : settings.read(guildId);
}

/** The id of the coin that a server has chosen for a symbol; undefined for every other text. */
export function ownCoinOn({ symbols }: Pick<GuildSettings, "symbols">, text: string): string | undefined {
  const symbol = symbolOf(text);
  return symbol !== undefined && Object.hasOwn(symbols, symbol) ? symbols[symbol] : undefined;
}

/** What a typed coin stands for on a server: `id:<coinId>` where the server has chosen what that symbol means, else the text itself. */
export function coinTextOn(settings: Pick<GuildSettings, "symbols">, text: string): string {
  const coinId = ownCoinOn(settings, text);
  return coinId === undefined ? text : `id:${coinId}`;
}

/** A symbol as servers store it: in capitals, without a cashtag's `$`; undefined for a text that can be none. */
export function symbolOf(text: string): string | undefined {
  const symbol = comparable(text).toUpperCase();
  // Spaces and commas part coins, and a colon begins an id.
  return symbol.length <= MAX_SYMBOL_LENGTH && /^[^\s,;:]+$/.test(symbol) ? symbol : undefined;
}
