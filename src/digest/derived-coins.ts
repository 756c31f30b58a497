import type { Coin } from "../prices/coins/coin.ts";
import type { DailyClose } from "../valuation/price-record.ts";
import { median } from "../valuation/price-window.ts";

/** What one US dollar is worth in a currency that some coins are pegged to. */
export type PegRate = { readonly perUsd: number };

/**
 * Currencies other than the dollar with coins pegged to them among the largest thousand
 * (https://www.coingecko.com/en/categories/stablecoins).
 */
export const PEG_CURRENCIES = ["EUR", "GBP", "CHF", "JPY", "SGD", "AUD", "CNY", "BRL"] as const;

/** Symbols that name the currency that the coin is pegged to. */
const PEGGED_SYMBOL = /USD|EUR|GBP/i;
/** Coins that wrap, bridge or stake another coin mostly say so. */
const DERIVED_NAME =
  /\b(wrapped|bridged|pegged|peg|staked|staking|restaked|liquid staking|vault|stablecoin|receipt)\b/i;
/** …or put letters before or after its symbol: WBTC, stETH, weETH, BNSOL, BTCB. */
const DERIVED_SYMBOL = /^(?:[a-z]{1,6}\.?(?:BTC|ETH|SOL|BNB|AVAX|TRX)|BTC[a-z]{1,2})$/i;

/**
 * A coin that moves less from day to day than any that trades freely: a dollar, or a fund of short
 * bonds, under whatever name.
 */
const STEADY_DAILY = 0.0015;
/**
 * Exchange rates between the large currencies move about this much from day to day; freely traded
 * coins several times as much.
 */
const STEADY_FIAT_DAILY = 0.006;
const PEG_WITHIN = 0.025;
/**
 * A derived coin keeps its ratio to the original, apart from yield and the minutes between the two
 * prices.
 */
const FOLLOWS_DAILY = 0.004;
/**
 * …and the ratio moves by less than this fraction of the coin's own moves: two coins that hardly
 * move are not derived from each other.
 */
const FOLLOWS_PART = 0.25;
const MIN_CHANGES = 13;

/**
 * True for a coin whose name or symbol says that it is derived: stable, wrapped, bridged or staked.
 * Needs no prices.
 */
export function isNamedAsDerived({ name, symbol }: Pick<Coin, "name" | "symbol">): boolean {
  return PEGGED_SYMBOL.test(symbol) || DERIVED_NAME.test(name) || DERIVED_SYMBOL.test(symbol);
}

/** True for a coin whose newest closes hardly move, in dollars or in one of the currencies. */
export function isPegged(recent: readonly DailyClose[], rates: readonly PegRate[]): boolean {
  const changes = dailyChanges(recent.map(({ priceUsd }) => priceUsd));
  if (changes.length < MIN_CHANGES) return false;
  const daily = median(changes);
  if (daily < STEADY_DAILY) return true;
  const lastUsd = recent.at(-1)?.priceUsd ?? Number.NaN;
  return (
    daily < STEADY_FIAT_DAILY &&
    rates.some(({ perUsd }) => Math.abs(lastUsd * perUsd - 1) <= PEG_WITHIN)
  );
}

/** True for a coin whose newest closes keep their ratio to another coin's. */
export function follows(recent: readonly DailyClose[], other: readonly DailyClose[]): boolean {
  const byDay = new Map(other.map(({ on, priceUsd }) => [on, priceUsd]));
  const ratios = recent.flatMap(({ on, priceUsd }) => {
    const otherUsd = byDay.get(on);
    return otherUsd === undefined ? [] : [priceUsd / otherUsd];
  });
  const changes = dailyChanges(ratios);
  if (changes.length < MIN_CHANGES) return false;
  const own = median(dailyChanges(recent.map(({ priceUsd }) => priceUsd)));
  return median(changes) < Math.min(FOLLOWS_DAILY, FOLLOWS_PART * own);
}

function dailyChanges(values: readonly number[]): number[] {
  return values
    .slice(1)
    .map((value, index) => Math.abs(Math.log(value / (values[index] ?? value))));
}
