import { type Coin, coinHash } from "../prices/coins/coin.ts";
import type { CoinIndex } from "../prices/coins/coin-index.ts";
import type { Ask } from "../prices/price-source.ts";
import { pickByHash } from "../process/hash-fraction.ts";
import type { Result } from "../result.ts";
import { type Refused, refused } from "./refusal.ts";

/**
 * Which coin is asked about: as typed, as carried by a button, or one of the hundred largest,
 * chosen by the seed, but none with a hash in `otherThan`.
 */
export type CoinChoice =
  | { readonly by: "text"; readonly text: string }
  | { readonly by: "hash"; readonly hash: string }
  | { readonly by: "chance"; readonly seed: string; readonly otherThan?: readonly string[] };

/** What was typed and taken for another name, and what else it may mean, likeliest first. */
export type TypedGuess = { readonly typed: string; readonly others: readonly Coin[] };

const CHANCE_AMONG = 100;

/** A coin that was found, and the guess that it may be. */
export type ChosenCoin = { readonly coin: Coin; readonly guess?: TypedGuess };

/** Finds the chosen coin, or says why there is none. */
export async function chooseCoin(
  choice: CoinChoice,
  coins: Pick<CoinIndex, "resolve" | "byHash" | "largest" | "size">,
  ask: Ask,
): Promise<Result<ChosenCoin, Refused>> {
  if (choice.by === "text") {
    const resolution = await coins.resolve(choice.text, ask);
    if (!resolution.ok) return refused({ ...resolution, text: choice.text });
    const { coin, guess } = resolution;
    return {
      ok: true,
      coin,
      ...(guess !== undefined && { guess: { typed: choice.text, ...guess } }),
    };
  }
  if (choice.by === "hash") {
    const coin = await coins.byHash(choice.hash, ask);
    if (coin !== undefined) return { ok: true, coin };
    return refused(
      coins.size() === 0
        ? { reason: "prices-unavailable", text: "" }
        : { reason: "outdated-control" },
    );
  }
  const largest = await coins.largest(CHANCE_AMONG, ask);
  const others = largest.filter(({ coinId }) => !choice.otherThan?.includes(coinHash(coinId)));
  const coin = pickByHash(choice.seed, others);
  return coin === undefined
    ? refused({ reason: "prices-unavailable", text: "" })
    : { ok: true, coin };
}
