import type { Coin } from "../prices/coins/coin.ts";
import type { Ask } from "../prices/price-source.ts";
import { createSingleFlight } from "../process/single-flight.ts";
import type { Services } from "../services.ts";
import type { CoinSummaries } from "./coin-summaries.ts";
import type { CoinSummary } from "./coin-summary.ts";
import { MAX_DIGEST_COINS } from "./content.ts";
import {
  follows,
  isNamedAsDerived,
  isPegged,
  PEG_CURRENCIES,
  type PegRate,
} from "./derived-coins.ts";
import { createFreshness, type Kept } from "./freshness.ts";

/** How many of the largest coins are searched for ten that are not derived from others. */
const MAX_CANDIDATES = 60;
/** …so many at a time, because each may cost calls. */
const CANDIDATES_AT_ONCE = 12;

/**
 * Makes the list of coins for servers that have not chosen any: the ten largest that are neither
 * pegged to a currency nor derived from another coin. Kept until new prices are published.
 */
export function createDefaultCoins(
  services: Pick<Services, "coins" | "rates" | "now"> & { readonly summaries: CoinSummaries },
): (ask: Ask) => Promise<readonly Coin[]> {
  const { coins, rates, summaries, now } = services;
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
    const candidates = ranked.filter((coin) => !isNamedAsDerived(coin));
    // Without ranks, the last list has to do.
    if (candidates.length === 0) return kept?.value ?? [];
    const pegs = await pegRates(ask);
    const chosen: CoinSummary[] = [];
    for (
      let from = 0;
      from < candidates.length && chosen.length < MAX_DIGEST_COINS;
      from += CANDIDATES_AT_ONCE
    ) {
      const part = candidates.slice(from, from + CANDIDATES_AT_ONCE);
      for (const summary of await Promise.all(summaries.ofAll(part, ask)))
        if (chosen.length < MAX_DIGEST_COINS && standsForItself(summary, chosen, pegs))
          chosen.push(summary);
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
 * True for a coin that is neither pegged nor derived. A coin whose prices are unavailable keeps its
 * place, and is listed without prices.
 */
function standsForItself(
  summary: CoinSummary,
  larger: readonly CoinSummary[],
  rates: readonly PegRate[],
): boolean {
  if (!summary.ok) return summary.why.reason === "prices-unavailable";
  return (
    !isPegged(summary.recent, rates) &&
    !larger.some((other) => other.ok && follows(summary.recent, other.recent))
  );
}
