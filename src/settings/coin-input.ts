import { MAX_DIGEST_COINS } from "../digest/content.ts";
import { alternatives } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { coinName, coinSymbol } from "../messages/wording.ts";
import type { Coin } from "../prices/coins/coin.ts";
import type { Ask } from "../prices/price-source.ts";
import type { Services } from "../services.ts";
import type { GuildSettings } from "../storage/guild-settings.ts";
import { accepted, type Checked, echo, rejected } from "./checked-input.ts";
import { coinTextOn } from "./effective-settings.ts";

const MAX_NAMED = 3;

/**
 * Checks a comma-separated list of coins: names, symbols or ids. Every coin must be found;
 * duplicates count once.
 */
export async function checkCoins(
  text: string,
  current: Pick<GuildSettings, "symbols">,
  { coins, ask }: Pick<Services, "coins"> & { readonly ask: Ask },
): Promise<Checked<readonly Coin[]>> {
  const typed = splitCoins(text);
  if (typed.length === 0) return rejected(say("set-digest.no-coins"));
  // Up to twice as many may still be at most ten different coins.
  if (typed.length > 2 * MAX_DIGEST_COINS) return rejected(tooMany(typed.length));
  const found: Coin[] = [];
  for (const part of typed) {
    const checked = await findCoin(coinTextOn(current, part), { coins, ask }, part);
    if (!checked.ok) return checked;
    if (found.every(({ coinId }) => coinId !== checked.value.coinId)) found.push(checked.value);
  }
  return found.length > MAX_DIGEST_COINS ? rejected(tooMany(found.length)) : accepted(found);
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
): Promise<Checked<Coin>> {
  const resolution = await coins.resolve(text, ask);
  if (resolution.ok) return accepted(resolution.coin);
  switch (resolution.reason) {
    case "prices-unavailable":
      return rejected(say("typed-coin.no-coin-list", { typed: echo(typed) }));
    case "ambiguous-coin":
      return rejected(
        say("typed-coin.ambiguous", { typed: echo(typed), coins: listed(resolution.candidates) }),
      );
    case "unknown-coin":
      return resolution.suggestions.length === 0
        ? rejected(say("typed-coin.unknown", { typed: echo(typed) }))
        : rejected(
            say("refusal.unknown-coin.suggestions", {
              typed: echo(typed),
              coins: listed(resolution.suggestions),
            }),
          );
  }
}

function listed(coins: readonly Coin[]): string {
  return alternatives(
    coins.slice(0, MAX_NAMED).map((coin) =>
      say("typed-coin.coin", {
        id: echo(coin.coinId),
        name: coinName(coin, "markdown"),
        symbol: coinSymbol(coin, "markdown"),
      }),
    ),
  );
}

function tooMany(count: number): string {
  return say("set-digest.too-many-coins", {
    most: String(MAX_DIGEST_COINS),
    count: String(count),
  });
}
