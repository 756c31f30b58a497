import type { Coin } from "../prices/coins/coin.ts";
import { coinsInText } from "../reading/coins-in-text.ts";
import type { Services } from "../services.ts";
import { ownCoinOn, settingsFor } from "./effective-settings.ts";
import { MEMBER_ASK } from "./member-question.ts";

/** A bare name counts of coins up to this rank. */
const LARGE_RANK = 500;

/**
 * The coins that a text names, as the server of a call means its symbols, in their order, each once
 * and at most `limit`; undefined while the list of coins cannot be had.
 */
export async function coinsNamedIn(
  text: string,
  call: { readonly guildId?: string | undefined },
  { coins, settings }: Pick<Services, "coins" | "settings">,
  limit: number,
): Promise<readonly Coin[] | undefined> {
  const own = settingsFor(call, { settings });
  const large = await coins.largest(LARGE_RANK, MEMBER_ASK);
  if (coins.size() === 0) return undefined;
  const known = {
    large: large.filter(({ rank }) => rank !== null && rank <= LARGE_RANK),
    exact: (typed: string) => coins.exact(typed),
    own(symbol: string) {
      const coinId = ownCoinOn(own, symbol);
      return coinId === undefined ? undefined : coins.exact(`id:${coinId}`);
    },
  };
  return coinsInText(text, known, limit);
}
