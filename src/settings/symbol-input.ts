import { say } from "../messages/say.ts";
import type { Coin } from "../prices/coins/coin.ts";
import type { Ask } from "../prices/price-source.ts";
import type { Services } from "../services.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { accepted, type Checked, echo, rejected } from "./checked-input.ts";
import { findCoin } from "./coin-input.ts";
import { symbolOf } from "./effective-settings.ts";

/** The most symbols that a server can give its own meaning. */
const MAX_SYMBOLS = 100;

/** Options of `/config symbol`; without a coin the symbol gets its usual meaning back. */
export type SymbolInput = { readonly symbol: string; readonly coin: string | undefined };

/** What a symbol is to mean: a coin, with what to say if it was guessed, or its usual meaning. */
export type CheckedSymbol = {
  readonly symbol: string;
  readonly coin: Coin | null;
  readonly note: string | undefined;
};

/**
 * Checks the options of `/config symbol`: the coin that a symbol is to mean on this server. Without
 * a coin the symbol goes back to its usual meaning (`coin` is null).
 */
export async function checkSymbolInput(
  input: SymbolInput,
  current: GuildSettings,
  { coins, ask }: Pick<Services, "coins"> & { readonly ask: Ask },
  locale: string,
): Promise<Checked<CheckedSymbol>> {
  const symbol = symbolOf(input.symbol);
  if (symbol === undefined)
    return rejected(say(locale, "set-symbol.symbol", { typed: echo(input.symbol) }));
  const isSet = Object.hasOwn(current.symbols, symbol);
  if (input.coin === undefined) {
    return isSet
      ? accepted({ symbol, coin: null, note: undefined })
      : rejected(say(locale, "set-symbol.not-set", { symbol: echo(symbol) }));
  }
  if (!isSet && Object.keys(current.symbols).length >= MAX_SYMBOLS) {
    return rejected(say(locale, "set-symbol.too-many", { most: String(MAX_SYMBOLS) }));
  }
  const found = await findCoin(input.coin, { coins, ask }, locale);
  return found.ok ? accepted({ symbol, ...found.value }) : found;
}
