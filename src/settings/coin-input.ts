import { typedCoinRefusalText, withoutListText } from "../cards/refusal.ts";
import { MAX_DIGEST_COINS } from "../digest/content.ts";
import { say } from "../messages/say.ts";
import { coinName } from "../messages/wording.ts";
import type { Coin } from "../prices/coins/coin.ts";
import type { Ask } from "../prices/price-source.ts";
import type { Services } from "../services.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { accepted, type Checked, echo, rejected } from "./checked-input.ts";
import { coinTextOn } from "./effective-settings.ts";

/** A coin that an admin named, and a sentence to say under *Saved* when it was guessed. */
export type NamedCoin = { readonly coin: Coin; readonly note: string | undefined };

/** The coins of a list, each once, and what to say of those that were guessed. */
export type NamedCoins = { readonly coins: readonly Coin[]; readonly notes: readonly string[] };

/**
 * Checks a comma-separated list of coins: names, symbols or ids. Every coin must be found;
 * duplicates count once.
 */
export async function checkCoins(
  text: string,
  current: Pick<GuildSettings, "symbols">,
  { coins, ask }: Pick<Services, "coins"> & { readonly ask: Ask },
): Promise<Checked<NamedCoins>> {
  const typed = splitCoins(text);
  if (typed.length === 0) return rejected(say("set-digest.no-coins"));
  // Up to twice as many may still be at most ten different coins.
  if (typed.length > 2 * MAX_DIGEST_COINS) return rejected(tooMany(typed.length));
  const found: Coin[] = [];
  const notes: string[] = [];
  for (const part of typed) {
    const checked = await findCoin(coinTextOn(current, part), { coins, ask }, part);
    if (!checked.ok) return checked;
    const { coin, note } = checked.value;
    if (found.every(({ coinId }) => coinId !== coin.coinId)) found.push(coin);
    if (note !== undefined) notes.push(note);
  }
  return found.length > MAX_DIGEST_COINS
    ? rejected(tooMany(found.length))
    : accepted({ coins: found, notes });
}

/** The parts of a typed list of coins. */
export function splitCoins(text: string): readonly string[] {
  return text
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Finds the one coin that a text names; a refusal echoes `typed`, as the admin wrote it. */
export async function findCoin(
  text: string,
  { coins, ask }: Pick<Services, "coins"> & { readonly ask: Ask },
  typed = text,
): Promise<Checked<NamedCoin>> {
  const resolution = await coins.resolve(text, ask);
  if (!resolution.ok) {
    return rejected(
      resolution.reason === "prices-unavailable"
        ? withoutListText(typed, "markdown")
        : typedCoinRefusalText({ ...resolution, text: typed }, "markdown", false),
    );
  }
  const { coin, guess } = resolution;
  const note =
    guess === undefined
      ? undefined
      : say("typed-coin.taken", {
          typed: echo(typed),
          coin: coinName(coin, "markdown"),
          coinId: echo(coin.coinId),
        });
  return accepted({ coin, note });
}

function tooMany(count: number): string {
  return say("set-digest.too-many-coins", {
    most: String(MAX_DIGEST_COINS),
    count: String(count),
  });
}
