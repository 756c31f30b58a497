import { daysBetween } from "../../../src/valuation/calendar.ts";
import type { DailyPrice } from "../price-series.ts";
import type { FakeCoin, Provider } from "./fake-coin.ts";
import type { MarketRequest } from "./request-log.ts";

/** A JSON value. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A provider's response when nothing goes wrong. */
export type ProviderResponse = { readonly status: number; readonly body: Json };

/**
 * A request as the providers see it; `complain` notes what a strict server would have refused.
 */
export type ProviderRequest = Pick<MarketRequest, "host" | "path" | "query" | "headers"> & {
  readonly segments: readonly string[];
  complain(violation: string): void;
};

/** One UTC day with a price. */
export type PricedDay = { readonly on: string; readonly priceUsd: number };

/** Seconds of a UTC day. */
export const DAY_SECONDS = 86_400;
/** A coin that has had no price for longer is neither quoted nor traded. */
export const QUOTED_WITHIN_DAYS = 7;

/** A response of status 200. */
export function ok(body: Json): ProviderResponse {
  return { status: 200, body };
}

/** Complains about every query parameter that the provider does not document. */
export function checkParameters(request: ProviderRequest, documented: readonly string[]): void {
  for (const name of Object.keys(request.query))
    if (!documented.includes(name)) request.complain(`undocumented parameter ${name}`);
}

/** UTC day of an instant. */
export function utcDay(at: Date | number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Milliseconds since the epoch at which a UTC day begins. */
export function dayMs(on: string): number {
  return Date.parse(`${on}T00:00:00Z`);
}

/** A provider's series of a coin; undefined when it does not know the coin. */
export function seriesAt(
  coin: FakeCoin,
  provider: Exclude<Provider, "frankfurter">,
): readonly DailyPrice[] | undefined {
  const series = coin[provider] ?? coin.series;
  return series === "absent" ? undefined : series;
}

/** Days of the series that have begun and have a price, ascending, as a provider stores them. */
export function pricedDays(series: readonly DailyPrice[], now: Date): PricedDay[] {
  const today = utcDay(now);
  return series
    .flatMap(({ on, priceUsd }) => (priceUsd === null || on > today ? [] : [{ on, priceUsd }]))
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}

/** The current price: the latest day's, unless the coin has had none for a week. */
export function quoteUsd(days: readonly PricedDay[], now: Date): number | undefined {
  const latest = days.at(-1);
  return latest === undefined || daysBetween(latest.on, utcDay(now)) > QUOTED_WITHIN_DAYS
    ? undefined
    : latest.priceUsd;
}
