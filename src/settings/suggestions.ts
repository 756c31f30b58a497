import { suggestAmounts } from "../cards/amount-suggestions.ts";
import { MAX_DIGEST_COINS } from "../digest/content.ts";
import { storedRhythm } from "../digest/rhythm.ts";
import { rhythmInWords } from "../digest/rhythm-wording.ts";
import { suggestRhythms } from "../digest/typed-rhythm.ts";
import { suggestWallTimes } from "../digest/wall-time.ts";
import { suggestZones } from "../digest/zones.ts";
import type { AutocompleteCall } from "../discord/call.ts";
import type { Suggestion } from "../discord/reply.ts";
import { formatCurrencyName, plainText, shortened } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { coinLabel, foreign } from "../messages/wording.ts";
import { type Coin, comparable } from "../prices/coins/coin.ts";
import type { CoinSuggestion } from "../prices/coins/coin-index.ts";
import { splitCoinList } from "../reading/coin-list.ts";
import type { Services } from "../services.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { AVERAGE_LAMBO } from "../valuation/lambo-models.ts";
import { ASK, isAdmin } from "./admin.ts";
import { currencyOf, usualStakeIn } from "./amount-conversion.ts";
import { fullListLabel } from "./coin-input.ts";
import { findCurrency, suggestCurrencies } from "./currency-input.ts";
import { coinTextOn, symbolOf } from "./effective-settings.ts";
import { suggestLanguages } from "./language-input.ts";
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
      return suggestCurrencies(focused.text, services.rates.currencies(), {
        locale: call.locale,
        limit: MAX_SUGGESTIONS,
      }).map(({ code }) => ({
        name: `${code} · ${formatCurrencyName(code, call.locale)}`,
        value: code,
      }));
    case "set language":
      return suggestLanguages(focused.text, call.locale)
        .slice(0, MAX_SUGGESTIONS)
        .map(({ code, label }) => ({ name: label, value: code }));
    case "set amount":
    case "set car-price":
      return suggestSetAmounts(call, settings, services);
    case "digest zone":
      return suggestZones(focused.text, services.now(), MAX_SUGGESTIONS, call.locale).map(
        ({ zone, label }) => ({
          name: label,
          value: zone,
        }),
      );
    case "digest time":
      return suggestWallTimes(focused.text).map((time) => ({ name: time, value: time }));
    case "digest every":
      return suggestRhythms(focused.text, call.locale).map((rhythm) => ({
        name: rhythmInWords(rhythm, call.locale),
        value: storedRhythm(rhythm),
      }));
    case "digest coins":
      return suggestCoinList(focused.text, settings, services, call.locale);
    case "digest add":
      return suggestAddition(focused.text, settings, services, call.locale);
    case "digest remove":
      return suggestRemoval(focused.text, settings, services, call.locale);
    case "symbol symbol":
      return suggestSymbols(
        focused.text,
        settings,
        await listedCoins(Object.values(settings.symbols), services),
        call.locale,
      );
    case "symbol coin":
      return suggestCoinsOf(call.options["symbol"], focused.text, services, call.locale);
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
    typeof typedCurrency === "string" ? findCurrency(typedCurrency, call.locale) : undefined;
  const currency = chosen ?? currencyOf(settings);
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
  locale: string,
): readonly Suggestion[] {
  const wanted = text.trim() === "" && typeof symbol === "string" ? (symbolOf(symbol) ?? "") : text;
  return coins
    .suggest(wanted, MAX_SUGGESTIONS)
    .map(({ coin, value }) => ({ name: coinLabel(coin, locale), value }));
}

/** The list so far, with each coin that the last part of the text may become; at most `most`. */
export function suggestCoinList(
  text: string,
  settings: Pick<GuildSettings, "symbols">,
  { coins }: Pick<Services, "coins">,
  locale: string,
  most = MAX_DIGEST_COINS,
): readonly Suggestion[] {
  const { listed, typing } = listInProgress(text, coins);
  if (listed.length >= most)
    return [{ name: fullListLabel(locale, most), value: listed.slice(0, most).join(", ") }];
  const taken = new Set(listed.map((part) => part.toLowerCase()));
  return coins
    .suggest(typing, MAX_SUGGESTIONS + listed.length)
    .map((suggestion) => ({ ...suggestion, safe: safeValue(suggestion, settings) }))
    .filter(({ coin, value, safe }) =>
      [coin.coinId, value, safe].every((known) => !taken.has(known.toLowerCase())),
    )
    .slice(0, MAX_SUGGESTIONS)
    .map(({ coin, safe }) => ({
      name: listLabel(listed, coin, safe, locale),
      value: [...listed, safe].join(", "),
    }));
}

/** The coins of a list being typed, and the text of the one that is being added. */
function listInProgress(
  text: string,
  coins: Services["coins"],
): { readonly listed: readonly string[]; readonly typing: string } {
  const parts = text.split(/[,;\n]/).map((part) => part.trim());
  const typing = parts.at(-1) ?? "";
  const listed = parts.slice(0, -1).filter((part) => part !== "");
  // `btc eth do`: what stands in front of the last word is a list too, unless a name begins so.
  const [, front = "", last = ""] = /^(.+\S)\s+(\S+)$/.exec(typing) ?? [];
  const before = front === "" ? [] : splitCoinList(front, (part) => coins.known(part));
  const [best] = coins.suggest(typing, 1);
  const isName = best !== undefined && comparable(best.coin.name).startsWith(comparable(typing));
  return before.length > 0 && !isName && before.every((part) => coins.known(part) !== undefined)
    ? { listed: [...listed, ...before], typing: last }
    : { listed, typing };
}

/** A short text that is read as this coin on this server, in a list too. */
function safeValue(
  { coin, value, shortValue }: CoinSuggestion,
  settings: Pick<GuildSettings, "symbols">,
): string {
  const short = /[,;\s]/.test(shortValue) ? value : shortValue;
  return coinTextOn(settings, short) === short ? short : `id:${coin.coinId}`;
}

/** Coins that are not on the list yet. */
function suggestAddition(
  text: string,
  settings: GuildSettings,
  { coins }: Pick<Services, "coins">,
  locale: string,
): readonly Suggestion[] {
  const list = settings.digestCoins ?? [];
  if (list.length >= MAX_DIGEST_COINS)
    return [{ name: fullListLabel(locale), value: text.trim() || "full" }];
  return coins
    .suggest(text, MAX_SUGGESTIONS + list.length)
    .filter(({ coin }) => !list.includes(coin.coinId))
    .slice(0, MAX_SUGGESTIONS)
    .map((suggestion) => ({
      name: coinLabel(suggestion.coin, locale),
      value: safeValue(suggestion, settings),
    }));
}

/** The coins of the list, those that match what is typed first. */
async function suggestRemoval(
  text: string,
  { digestCoins }: GuildSettings,
  services: Pick<Services, "coins">,
  locale: string,
): Promise<readonly Suggestion[]> {
  if (digestCoins === null)
    return [
      { name: say(locale, "command.config.digest.remove.no-list"), value: text.trim() || "none" },
    ];
  const coins = await listedCoins(digestCoins, services);
  const wanted = comparable(text);
  const listed = digestCoins.map((coinId) => {
    const coin = coins.get(coinId);
    const name = coin === undefined ? plainText(coinId, MAX_LABEL) : coinLabel(coin, locale);
    const isTyped = ` ${comparable(name)} ${coinId}`.includes(` ${wanted}`);
    return { isTyped, suggestion: { name, value: `id:${coinId}`.slice(0, MAX_LABEL) } };
  });
  const typed = listed.filter(({ isTyped }) => isTyped);
  return (typed.length > 0 ? typed : listed).map(({ suggestion }) => suggestion);
}

/**
 * "btc, eth, Dogecoin · DOGE · #9", or the bare list where that is too long. Some clients send the
 * label instead of the value, so both mean the same.
 */
function listLabel(listed: readonly string[], coin: Coin, short: string, locale: string): string {
  if (listed.length === 0) return coinLabel(coin, locale);
  const label = [...listed, coinLabel(coin, locale)].join(", ");
  return label.length <= MAX_LABEL ? label : shortened([...listed, short].join(", "), MAX_LABEL);
}

/**
 * What is being typed, if it is a new symbol; then the symbols that already have a meaning here.
 */
function suggestSymbols(
  text: string,
  { symbols }: GuildSettings,
  coins: ReadonlyMap<string, Coin>,
  locale: string,
): readonly Suggestion[] {
  const wanted = symbolOf(text);
  const chosen = Object.entries(symbols)
    .filter(([symbol]) => text.trim() === "" || (wanted !== undefined && symbol.startsWith(wanted)))
    .map(([symbol, coinId]) => ({
      name: shortened(
        say(locale, "command.config.symbol.symbol.set", {
          symbol,
          coin: foreign(coins.get(coinId)?.name ?? coinId, MAX_LABEL, "plain"),
        }),
        MAX_LABEL,
      ),
      value: symbol,
    }));
  const isNew = wanted !== undefined && !Object.hasOwn(symbols, wanted);
  return [...(isNew ? [{ name: wanted, value: wanted }] : []), ...chosen].slice(0, MAX_SUGGESTIONS);
}
