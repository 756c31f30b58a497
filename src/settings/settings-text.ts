import { DISCORD_LIMITS } from "../discord/limits.ts";
import { escapedText, formatCurrencyName, formatMoney } from "../messages/format.ts";
import { commaList } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import { coinName } from "../messages/wording.ts";
import type { Coin } from "../prices/coins/coin.ts";

const MAX_VALUE = 100;

/** Edge colours of admins' cards. */
export const CONFIG_COLOURS = { plain: 0x5b7a99, good: 0x3f9d5a, bad: 0xd0453c } as const;

/** The most characters that Discord takes in an embed's description. */
export const MAX_DESCRIPTION = DISCORD_LIMITS.embedDescriptionLength;

/** A stored value, shortened and escaped for Discord markdown. */
export function shortValue(text: string): string {
  return escapedText(text, MAX_VALUE);
}

/** An amount that is already in this currency (ISO 4217), as people write it. */
export function moneyIn(code: string, amount: number, locale: string): string {
  return formatMoney(amount, { code, perUsd: 1 }, locale);
}

/** A currency's code and name: "EUR, Euro". */
export function currencyInWords(code: string, locale: string): string {
  return commaList([...new Set([code, formatCurrencyName(code, locale)])], locale);
}

/** The name of a coin in the settings; its id if it is no longer listed. */
export function nameOf(coinId: string, coins: ReadonlyMap<string, Coin>, locale: string): string {
  const coin = coins.get(coinId);
  return coin === undefined
    ? say(locale, "view.coin.unlisted", { coin: shortValue(coinId) })
    : coinName(coin, locale, "markdown");
}

/**
 * A Discord timestamp, which every reader sees in their own zone and language: `F` in full, `f`
 * shorter, `R` relative.
 */
export function stamp(at: Date, style: "F" | "f" | "R"): string {
  return `<t:${Math.floor(at.getTime() / 1_000)}:${style}>`;
}

/** A URL that Discord clients show as a link to the message. */
export function messageLink(guildId: string, channelId: string, messageId: string): string {
  return `https://discord.com/channels/${digits(guildId)}/${digits(channelId)}/${digits(messageId)}`;
}

/** The digits of a Discord id: anything else in storage must not become markup. */
export function digits(id: string): string {
  return id.replace(/\D/g, "");
}

/** Joins as many parts as fit, and appends how many were left out. */
export function joinWithin(
  parts: readonly string[],
  separator: string,
  maxLength: number,
  locale: string,
): string {
  const all = parts.join(separator);
  if (all.length <= maxLength) return all;
  const room = maxLength - `${separator}${say(locale, "view.more", { count: "9999" })}`.length;
  let shown = "";
  let count = 0;
  for (const part of parts) {
    const longer = count === 0 ? part : shown + separator + part;
    if (longer.length > room) break;
    shown = longer;
    count += 1;
  }
  return `${shown}${separator}${say(locale, "view.more", { count: String(parts.length - count) })}`;
}
