import type { CoinIndex } from "../prices/coins/coin-index.ts";
import type { Ask } from "../prices/price-source.ts";
import { isBetweenCoins, type KnownCoin, splitCoinList } from "../reading/coin-list.ts";
import type { CoinChoice } from "./coin-choice.ts";

/** Texts of more words are not tried as the name of one coin. */
const MAX_WORDS_OF_A_NAME = 3;

/** What {@link typedCoins} uses. */
export type TypedCoinsContext = {
  readonly coins: Pick<CoinIndex, "largest">;
  /** The coin that a text is as it stands. */
  readonly known: KnownCoin;
  /** Whether a text is a coin, even with a slip in it. */
  isCoin(text: string): Promise<boolean>;
  readonly ask: Ask;
};

/**
 * The texts that name one coin each, of texts that may be lists. A short text without commas may be
 * the name of one coin with a slip in it (`shibba inu`), and is one then.
 */
export async function typedCoins(
  texts: readonly string[],
  context: TypedCoinsContext,
): Promise<readonly string[]> {
  // At the terminal every word is a text: `btc vs eth`.
  const named = texts.filter((text) => texts.length < 3 || !isBetweenCoins(text));
  const split = await Promise.all(named.map((text) => coinsIn(text, context)));
  return split.flat();
}

async function coinsIn(
  text: string,
  { coins, known, isCoin, ask }: TypedCoinsContext,
): Promise<readonly string[]> {
  // Only the list of coins tells which spaces separate coins, so it must have been read.
  if (/\S\s+\S/.test(text)) await coins.largest(1, ask);
  const parts = splitCoinList(text, known);
  const whole = text.trim();
  const isMaybeOne =
    parts.length > 1 &&
    !/[,;\n]/.test(whole) &&
    whole.split(/\s+/).length <= MAX_WORDS_OF_A_NAME &&
    parts.some((part) => known(part) === undefined);
  return isMaybeOne && (await isCoin(whole)) ? [whole] : parts;
}

/** The coins that were typed where no server gives symbols a meaning. */
export async function coinChoicesOf(
  texts: readonly string[],
  coins: TypedCoinsContext["coins"] & Pick<CoinIndex, "known" | "resolve">,
  ask: Ask,
): Promise<readonly CoinChoice[]> {
  const typed = await typedCoins(texts, {
    coins,
    known: (part) => coins.known(part),
    isCoin: async (whole) => (await coins.resolve(whole, ask)).ok,
    ask,
  });
  return typed.map((text) => ({ by: "text", text }));
}
