import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { addDays, daysBetween } from "../../src/valuation/calendar.ts";
import type { DailyClose } from "../../src/valuation/price-record.ts";

/** One UTC day of a provider's series; null is a day that the provider lists without a price. */
export type DailyPrice = {
  readonly on: string;
  readonly priceUsd: number | null;
};

/** The recorded series of `../shared/data/prices`, beside the checkout. */
export const RECORDED_SERIES = [
  "binancecoin",
  "bitcoin",
  "cardano",
  "chainlink",
  "dogecoin",
  "ethereum",
  "litecoin",
  "polkadot",
  "ripple",
  "shiba-inu",
  "solana",
  "tron",
  "uniswap",
] as const;

/** One of {@link RECORDED_SERIES}. */
export type RecordedSeries = (typeof RECORDED_SERIES)[number];

const dataFolder = fileURLToPath(new URL("../../../shared/data/", import.meta.url));
const pricesFolder = `${dataFolder}prices/`;

/**
 * Whether `../shared/data/prices` is there: `describe.skipIf(!recordedPrices.available)`; `note`
 * ends such a test's title with the reason.
 */
export const recordedPrices: { readonly available: boolean; readonly note: string } = existsSync(
  pricesFolder,
)
  ? { available: true, note: "" }
  : { available: false, note: ` (skipped: no ${pricesFolder})` };

/**
 * Daily closes of one recorded series, ascending; throws when the folder is absent or a line is not
 * `date,price_usd`.
 */
export function recordedSeries(name: RecordedSeries): DailyClose[] {
  return closesFrom(`${pricesFolder}${name}.csv`);
}

/** Bitcoin's closes from 2010-07-17 to 2013-05-15, before any free provider's record, ascending. */
export function earlyBitcoin(): DailyClose[] {
  return closesFrom(`${dataFolder}early/bitcoin.csv`);
}

/**
 * Bitcoin from 2010-07-17: the early closes up to the day before the provider's record begins, then
 * that record.
 */
export function wholeBitcoin(): DailyClose[] {
  const bitcoin = recordedSeries("bitcoin");
  return [...earlyBitcoin().filter(({ on }) => on < (bitcoin[0]?.on ?? "")), ...bitcoin];
}

/** Reads `date,price_usd` and ignores further columns. */
function closesFrom(file: string): DailyClose[] {
  const [, ...rows] = readFileSync(file, "utf8").trim().split(/\r?\n/);
  return rows.map((row) => {
    const match = /^(\d{4}-\d\d-\d\d),([\d.e+-]+)(?:,|$)/i.exec(row);
    const on = match?.[1];
    const priceUsd = Number(match?.[2]);
    if (on === undefined || !(priceUsd > 0))
      throw new Error(`${file}: expected "date,price_usd", got "${row}"`);
    return { on, priceUsd };
  });
}

/**
 * Moves a whole series in time so that its latest day is `lastOn`; gaps keep their place and
 * length.
 */
export function shiftedToEnd<Day extends { readonly on: string }>(
  series: readonly Day[],
  lastOn: string,
): Day[] {
  const latest = series
    .map((day) => day.on)
    .sort()
    .at(-1);
  if (latest === undefined) return [];
  const days = daysBetween(latest, lastOn);
  return series.map((day) => ({ ...day, on: addDays(day.on, days) }));
}

/**
 * A series written out by hand: one price per day from `firstOn`; `undefined` is a gap, null a
 * listed day without a price.
 */
export function seriesOf(
  firstOn: string,
  prices: readonly (number | null | undefined)[],
): DailyPrice[] {
  return prices.flatMap((priceUsd, index) =>
    priceUsd === undefined ? [] : [{ on: addDays(firstOn, index), priceUsd }],
  );
}

/** The shape of a {@link syntheticSeries}; every price follows from it alone. */
export type SyntheticShape = {
  readonly firstOn: string;
  /** Last day, included; a dead coin simply has nothing later. */
  readonly lastOn: string;
  readonly startUsd: number;
  /** Growth a day as a fraction: 0.01 is one per cent; 0, the default, is a constant price. */
  readonly dailyGrowth?: number;
  /**
   * Deviation as a fraction of the price, e.g. 0.05 for up to ±5 %; 0 by default, repeatable by
   * `seed`.
   */
  readonly wobble?: number;
  /** Start of the wobble's number sequence, 1 by default. */
  readonly seed?: number;
  /** Days that are left out: ranges of UTC days, both ends included. */
  readonly gaps?: readonly (readonly [from: string, to: string])[];
  /** Days that are listed with null instead of a price. */
  readonly nullsOn?: readonly string[];
};

/**
 * A made-up daily series: the same shape gives the same prices on every machine and in every run.
 */
export function syntheticSeries(shape: SyntheticShape): DailyPrice[] {
  const { firstOn, startUsd, dailyGrowth = 0, wobble = 0, gaps = [], nullsOn = [] } = shape;
  const random = numbersFrom(shape.seed ?? 1);
  return Array.from({ length: daysBetween(firstOn, shape.lastOn) + 1 }, (_, index) => {
    const smoothUsd = startUsd * (1 + dailyGrowth) ** index;
    return {
      on: addDays(firstOn, index),
      priceUsd: wobble === 0 ? smoothUsd : smoothUsd * (1 + wobble * (2 * random() - 1)),
    };
  })
    .filter(({ on }) => !gaps.some(([from, to]) => on >= from && on <= to))
    .map((day) => (nullsOn.includes(day.on) ? { ...day, priceUsd: null } : day));
}

/** Tommy Ettinger's mulberry32: small, and the same in every engine, unlike Math.random. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
