import { coinName, coinSymbol } from "../messages/wording.ts";
import type { Coin } from "../prices/coins/coin.ts";
import type { Ask } from "../prices/price-source.ts";
import type { Services } from "../services.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { accepted, type Checked, echo, rejected } from "./checked-input.ts";
import { coinTextOn } from "./effective-settings.ts";

/** The most coins a server's digest can have. */
export const MOST_DIGEST_COINS = 10;

const MAX_NAMED = 3;

/**
 * Checks a list of coins typed with commas: names, symbols or ids. Every coin must be found; one
 * named twice counts once.
 */
export async function checkCoins(
  text: string,
  current: Pick<GuildSettings, "symbols">,
  { coins, ask }: Pick<Services, "coins"> & { readonly ask: Ask },
): Promise<Checked<readonly Coin[]>> {
  const typed = splitCoins(text);
  if (typed.length === 0)
    return rejected("Name at least one coin, such as bitcoin, or several with commas.");
  // Up to twice as many may still name no more than ten different coins.
  if (typed.length > 2 * MOST_DIGEST_COINS) return rejected(tooMany(typed.length));
  const found: Coin[] = [];
  for (const part of typed) {
    const checked = await findCoin(coinTextOn(current, part), { coins, ask }, part);
    if (!checked.ok) return checked;
    if (found.every(({ coinId }) => coinId !== checked.value.coinId)) found.push(checked.value);
  }
  return found.length > MOST_DIGEST_COINS ? rejected(tooMany(found.length)) : accepted(found);
}

/** The parts of a typed list of coins. */
export function splitCoins(text: string): readonly string[] {
  return text
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Finds the one coin that a text names; a refusal echoes `typed`, which is what the admin wrote. */
export async function findCoin(
  text: string,
  { coins, ask }: Pick<Services, "coins"> & { readonly ask: Ask },
  typed = text,
): Promise<Checked<Coin>> {
  const resolution = await coins.resolve(text, ask);
  if (resolution.ok) return accepted(resolution.coin);
  switch (resolution.reason) {
    case "prices-unavailable":
      return rejected(
        `The list of coins cannot be reached right now, so “${echo(typed)}” cannot be looked up: try again in a few minutes.`,
      );
    case "ambiguous-coin":
      return rejected(
        `Several coins answer to “${echo(typed)}”: write ${listed(resolution.candidates)}.`,
      );
    case "unknown-coin":
      return resolution.suggestions.length === 0
        ? rejected(
            `No coin here is called “${echo(typed)}”: check the spelling, or choose one of the suggestions.`,
          )
        : rejected(
            `No coin here is called “${echo(typed)}”. Did you mean ${listed(resolution.suggestions)}?`,
          );
  }
}

function listed(coins: readonly Coin[]): string {
  const named = coins
    .slice(0, MAX_NAMED)
    .map(
      (coin) =>
        `id:${echo(coin.coinId)} (${coinName(coin, "markdown")}, ${coinSymbol(coin, "markdown")})`,
    );
  return named.length < 2 ? named.join("") : `${named.slice(0, -1).join(", ")} or ${named.at(-1)}`;
}

function tooMany(count: number): string {
  return `A digest has up to ${MOST_DIGEST_COINS} coins, and that is ${count}.`;
}
