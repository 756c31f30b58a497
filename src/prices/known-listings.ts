import { lambosAt, type Valuation } from "../valuation/valuation.ts";

/** A cited fact about a coin that traded before any provider's data. It never enters a price history or the arithmetic. */
export type KnownListing = {
  /** CoinGecko's coin id. */
  readonly coinId: string;
  /** When it first traded, as people say it. */
  readonly when: string;
  /** About what one coin cost then. */
  readonly priceUsd: number;
  readonly source: { readonly name: string; readonly url: string };
  /** UTC day on which the source was looked up. */
  readonly checkedOn: string;
};

/** The hand-kept table. A row needs a public source that names the day and the price. */
export const KNOWN_LISTINGS: readonly KnownListing[] = [
  {
    coinId: "bitcoin",
    when: "July 2010",
    // The first Mt. Gox trade, 20 BTC on 2010-07-17, was at 0.04951; rounded because the line says "about".
    priceUsd: 0.05,
    source: {
      name: "Clark Moody, Ten Years of Bitcoin Market Data",
      url: "https://bitcoinwords.github.io/ten-years-of-bitcoin-market-data",
    },
    checkedOn: "2026-11-01",
  },
];

/** What is known of a coin's trading before the providers' data; undefined for nearly every coin. */
export function knownListing(coinId: string): KnownListing | undefined {
  return KNOWN_LISTINGS.find((listing) => listing.coinId === coinId);
}

/** Lambos at the closing price had the stake been spent at the known listing price instead of the opening price. */
export function lambosSinceListing(listing: KnownListing, valuation: Pick<Valuation, "closing" | "stakeUsd" | "carPriceUsd">): number {
  return lambosAt(valuation.closing.meanUsd, listing.priceUsd, valuation.stakeUsd, valuation.carPriceUsd);
}
