import { typedCoinRefusalText, withoutListText } from "../cards/refusal.ts";
import { MAX_DIGEST_COINS } from "../digest/content.ts";
import { say } from "../messages/say.ts";
import { coinName } from "../messages/wording.ts";
import type { Coin } from "../prices/coins/coin.ts";
import type { Ask } from "../prices/price-source.ts";
import { typedCoins } from "../questions/typed-coins.ts";
import type { KnownCoin } from "../reading/coin-list.ts";
import type { Services } from "../services.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { accepted, type Checked, echo, rejected } from "./checked-input.ts";
import { coinTextOn, OWN_COIN, ownCoinOn } from "./effective-settings.ts";

/** A coin that an admin named, and a sentence to say under *Saved* when it was guessed. */
export type NamedCoin = { readonly coin: Coin; readonly note: string | undefined };

/** The coins of a list, each once, and what to say of those that were guessed. */
export type NamedCoins = { readonly coins: readonly Coin[]; readonly notes: readonly string[] };

/** What checking typed coins needs. */
export type CoinInputContext = Pick<Services, "coins"> & { readonly ask: Ask };

/**
 * Checks a typed list of coins: names, symbols or ids, separated by commas, lines or spaces. Every
 * coin must be found; duplicates count once.
 */
export async function checkCoins(
  text: string,
  current: Pick<GuildSettings, "symbols">,
  { coins, ask }: CoinInputContext,
  locale: string,
): Promise<Checked<NamedCoins>> {
  const known: KnownCoin = (part) =>
    ownCoinOn(current, part) === undefined ? coins.known(part) : OWN_COIN;
  // A client may send the label that says that a list is full.
  if (text.trim() === fullListLabel(locale)) return rejected(say(locale, "set-digest.no-coins"));
  const typed = await typedCoins([text], {
    coins,
    known,
    isCoin: async (whole) => (await findCoinOn(current, whole, { coins, ask }, locale)).ok,
    ask,
  });
  if (typed.length === 0) return rejected(say(locale, "set-digest.no-coins"));
  // Up to twice as many may still be at most ten different coins.
  if (typed.length > 2 * MAX_DIGEST_COINS) return rejected(tooMany(typed.length, locale));
  const found: NamedCoin[] = [];
  for (const part of typed) {
    const checked = await findCoinOn(current, part, { coins, ask }, locale);
    if (!checked.ok) return checked;
    found.push(checked.value);
  }
  const list = listOf(found);
  return list.coins.length > MAX_DIGEST_COINS
    ? rejected(tooMany(list.coins.length, locale))
    : accepted(list);
}

function listOf(named: readonly NamedCoin[]): NamedCoins {
  return {
    coins: [...new Map(named.map(({ coin }) => [coin.coinId, coin])).values()],
    notes: named.flatMap(({ note }) => (note === undefined ? [] : [note])),
  };
}

/** {@link findCoin}, where a symbol means what it means on this server. */
export function findCoinOn(
  current: Pick<GuildSettings, "symbols">,
  typed: string,
  context: CoinInputContext,
  locale: string,
): Promise<Checked<NamedCoin>> {
  return findCoin(coinTextOn(current, typed), context, locale, typed);
}

/** Finds the one coin that a text names; a refusal echoes `typed`, as the admin wrote it. */
export async function findCoin(
  text: string,
  { coins, ask }: CoinInputContext,
  locale: string,
  typed = text,
): Promise<Checked<NamedCoin>> {
  const resolution = await coins.resolve(text, ask);
  if (!resolution.ok) {
    return rejected(
      resolution.reason === "prices-unavailable"
        ? withoutListText(typed, locale, "markdown")
        : typedCoinRefusalText({ ...resolution, text: typed }, "markdown", false, locale),
    );
  }
  const { coin, guess } = resolution;
  const note =
    guess === undefined
      ? undefined
      : say(locale, "typed-coin.taken", {
          typed: echo(typed),
          coin: coinName(coin, locale, "markdown"),
          coinId: echo(coin.coinId),
        });
  return accepted({ coin, note });
}

/** What is suggested instead of another coin when a list is full. */
export function fullListLabel(locale: string, most = MAX_DIGEST_COINS): string {
  return say(locale, "command.config.digest.coins.full", { most: String(most) });
}

/** Refuses a list that is longer than a digest. */
function tooMany(count: number, locale: string): string {
  return say(locale, "set-digest.too-many-coins", {
    most: String(MAX_DIGEST_COINS),
    count: String(count),
  });
}
