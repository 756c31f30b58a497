import type { Coin } from "../prices/coins/coin.ts";
import type { Ask } from "../prices/price-source.ts";
import { createSingleFlight } from "../process/single-flight.ts";
import type { Services } from "../services.ts";
import type { CoinNews } from "./coin-news.ts";
import type { CoinNewsSource } from "./coin-news-source.ts";
import { MAX_COINS } from "./content.ts";
import { createFreshness, type Kept } from "./freshness.ts";
import {
  follows,
  isNamedLikeAClaim,
  isPegged,
  PEG_CURRENCIES,
  type PegRate,
} from "./largest-coins.ts";

/** How many of the largest coins are looked through for ten that stand for themselves. */
const MAX_CANDIDATES = 60;
/** …so many at a time, because each may cost calls. */
const CANDIDATES_AT_ONCE = 12;

/**
 * Makes the leaderboard of servers that chose no coins: the ten largest coins that stand for
 * themselves, without claims on dollars or on other coins. Kept until new prices are published.
 */
export function createDefaultCoins(
  services: Pick<Services, "coins" | "rates" | "now"> & { readonly news: CoinNewsSource },
): (ask: Ask) => Promise<readonly Coin[]> {
  const { coins, rates, news, now } = services;
  const once = createSingleFlight();
  const freshness = createFreshness(now);
  let kept: Kept<readonly Coin[]> | undefined;

  async function pegRates(ask: Ask): Promise<readonly PegRate[]> {
    const perUsd = await Promise.all(PEG_CURRENCIES.map((code) => rates.perUsd(code, ask)));
    return perUsd.flatMap((rate) => (rate === undefined ? [] : [{ perUsd: rate }]));
  }

  async function choose(ask: Ask): Promise<readonly Coin[]> {
    const madeFrom = freshness.published();
    const ranked = await coins.largest(MAX_CANDIDATES, ask);
    const candidates = ranked.filter((coin) => !isNamedLikeAClaim(coin));
    // Without ranks yesterday's list is as good as any.
    if (candidates.length === 0) return kept?.value ?? [];
    const pegs = await pegRates(ask);
    const chosen: CoinNews[] = [];
    for (
      let from = 0;
      from < candidates.length && chosen.length < MAX_COINS;
      from += CANDIDATES_AT_ONCE
    ) {
      const part = candidates.slice(from, from + CANDIDATES_AT_ONCE);
      for (const coinNews of await Promise.all(news.ofAll(part, ask)))
        if (chosen.length < MAX_COINS && standsForItself(coinNews, chosen, pegs))
          chosen.push(coinNews);
    }
    const value = chosen.map(({ coin }) => coin);
    kept = freshness.keep(
      value,
      madeFrom,
      chosen.every(({ ok }) => ok),
    );
    return value;
  }

  return (ask) =>
    kept !== undefined && freshness.isFresh(kept)
      ? Promise.resolve(kept.value)
      : once(`largest ${ask.priority}`, () => choose(ask));
}

/**
 * True for a coin that belongs among the largest; one whose prices cannot be had now keeps its
 * place, and is named without them.
 */
function standsForItself(
  news: CoinNews,
  larger: readonly CoinNews[],
  rates: readonly PegRate[],
): boolean {
  if (!news.ok) return news.why.reason === "prices-unavailable";
  return (
    !isPegged(news.recent, rates) &&
    !larger.some((other) => other.ok && follows(news.recent, other.recent))
  );
}
