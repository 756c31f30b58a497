import { MAX_DIGEST_COINS } from "../digest/content.ts";
import { suggestWallTimes } from "../digest/wall-time.ts";
import { suggestZones } from "../digest/zones.ts";
import type { AutocompleteCall } from "../discord/call.ts";
import type { Suggestion } from "../discord/reply.ts";
import { plainText } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { coinLabel } from "../messages/wording.ts";
import type { Coin } from "../prices/coins/coin.ts";
import { everyCurrency } from "../prices/currencies.ts";
import type { Services } from "../services.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { AVERAGE_LAMBO } from "../valuation/lambo-models.ts";
import { ASK, isAdmin } from "./admin.ts";
import { currencyOf, usualStakeIn } from "./amount-conversion.ts";
import { suggestAmounts } from "./amount-suggestions.ts";
import { splitCoins } from "./coin-input.ts";
import { findCurrency, suggestCurrencies } from "./currency-input.ts";
import { coinTextOn, symbolOf } from "./effective-settings.ts";
import { listedCoins } from "./server-view.ts";

const MAX_SUGGESTIONS = 25;
const MAX_LABEL = 100;

/** What `/config` suggests for the option that an admin is typing; nothing for anybody else. */
export async function suggest(
  call: AutocompleteCall,
  services: Pick<Services, "settings" | "rates" | "coins" | "now">,
): Promise<readonly Suggestion[]> {
  if (call.guildId === undefined || !isAdmin(call)) return [];
  const { focused } = call;
  const settings = services.settings.read(call.guildId);
  switch (`${call.subcommandName} ${focused.name}`) {
    case "set currency":
      return suggestCurrencies(focused.text, services.rates.currencies(), MAX_SUGGESTIONS).map(
        ({ code, name }) => ({ name: `${code} · ${name}`, value: code }),
      );
    case "set amount":
    case "set car-price":
      return suggestSetAmounts(call, settings, services);
    case "digest zone":
      return suggestZones(focused.text, services.now(), MAX_SUGGESTIONS).map(({ zone, label }) => ({
        name: label,
        value: zone,
      }));
    case "digest time":
      return suggestWallTimes(focused.text).map((time) => ({ name: time, value: time }));
    case "digest coins":
      return suggestCoinList(focused.text, settings, services);
    case "symbol symbol":
      return suggestSymbols(
        focused.text,
        settings,
        await listedCoins(Object.values(settings.symbols), services),
      );
    case "symbol coin":
      return suggestCoinsOf(call.options["symbol"], focused.text, services);
    default:
      return [];
  }
}

/** How an amount is understood in the currency that the server has, or is to have. */
async function suggestSetAmounts(
  call: AutocompleteCall,
  settings: GuildSettings,
  { rates }: Pick<Services, "rates">,
): Promise<readonly Suggestion[]> {
  const typedCurrency = call.options["currency"];
  const chosen =
    typeof typedCurrency === "string" ? findCurrency(typedCurrency, everyCurrency()) : undefined;
  const currency = chosen?.code ?? currencyOf(settings);
  const perUsd = (await rates.perUsd(currency, ASK)) ?? 1;
  const usual =
    call.focused.name === "amount"
      ? usualStakeIn({ code: currency, perUsd })
      : Number((AVERAGE_LAMBO.priceUsd * perUsd).toPrecision(2));
  return suggestAmounts(call.focused.number ?? call.focused.text, {
    locale: call.locale,
    currency,
    usual: { stake: usual, currency },
  });
}

/** An admin who has not typed a coin yet most likely wants one of those that share the symbol. */
function suggestCoinsOf(
  symbol: unknown,
  text: string,
  { coins }: Pick<Services, "coins">,
): readonly Suggestion[] {
  const wanted = text.trim() === "" && typeof symbol === "string" ? (symbolOf(symbol) ?? "") : text;
  return coins
    .suggest(wanted, MAX_SUGGESTIONS)
    .map(({ coin, value }) => ({ name: coinLabel(coin), value }));
}

/** The list so far, with each coin that the part after the last comma may become. */
function suggestCoinList(
  text: string,
  settings: GuildSettings,
  { coins }: Pick<Services, "coins">,
): readonly Suggestion[] {
  const parts = text.split(",").map((part) => part.trim());
  const typing = parts.at(-1) ?? "";
  const listed = parts.slice(0, -1).filter((part) => part !== "");
  if (listed.length >= MAX_DIGEST_COINS) {
    const full = listed.slice(0, MAX_DIGEST_COINS).join(", ");
    return [
      {
        name: say("command.config.digest.coins.full", { most: String(MAX_DIGEST_COINS) }),
        value: full,
      },
    ];
  }
  const taken = new Set(listed.map((part) => part.toLowerCase()));
  return coins
    .suggest(typing, MAX_SUGGESTIONS + listed.length)
    .map(({ coin, value, shortValue }) => {
      // A symbol with a comma in it would be read as two coins.
      const short = splitCoins(shortValue).length === 1 ? shortValue : value;
      return {
        coin,
        value,
        safe: coinTextOn(settings, short) === short ? short : `id:${coin.coinId}`,
      };
    })
    .filter(({ coin, value, safe }) =>
      [coin.coinId, value, safe].every((known) => !taken.has(known.toLowerCase())),
    )
    .slice(0, MAX_SUGGESTIONS)
    .map(({ coin, safe }) => ({
      name: listLabel(listed, coin),
      value: [...listed, safe].join(", "),
    }));
}

/**
 * "btc, eth, Dogecoin · DOGE · #9". A label that is too long loses its beginning, because what is
 * being chosen is at the end.
 */
function listLabel(listed: readonly string[], coin: Coin): string {
  const label = coinLabel(coin);
  const head = plainText(listed.join(", "), MAX_LABEL);
  if (head === "") return label;
  const all = `${head}, ${label}`;
  return all.length <= MAX_LABEL
    ? all
    : plainText(
        say("command.config.digest.coins.long", { count: String(listed.length), coin: label }),
        MAX_LABEL,
      );
}

/**
 * What is being typed, if it is a new symbol; then the symbols that already have a meaning here.
 */
function suggestSymbols(
  text: string,
  { symbols }: GuildSettings,
  coins: ReadonlyMap<string, Coin>,
): readonly Suggestion[] {
  const wanted = symbolOf(text);
  const chosen = Object.entries(symbols)
    .filter(([symbol]) => text.trim() === "" || (wanted !== undefined && symbol.startsWith(wanted)))
    .map(([symbol, coinId]) => ({
      name: plainText(
        say("command.config.symbol.symbol.set", {
          symbol,
          coin: coins.get(coinId)?.name ?? coinId,
        }),
        MAX_LABEL,
      ),
      value: symbol,
    }));
  const isNew = wanted !== undefined && !Object.hasOwn(symbols, wanted);
  return [...(isNew ? [{ name: wanted, value: wanted }] : []), ...chosen].slice(0, MAX_SUGGESTIONS);
}
