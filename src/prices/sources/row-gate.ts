import { DAY_MS } from "../../valuation/calendar.ts";
import type { SourceFailure } from "../price-source.ts";
import { numberIn } from "./json-values.ts";

/**
 * Why a row was left out: its stamp is not a day on which a coin can have been traded, its price
 * cannot be a price, or it does not have the documented shape.
 */
export const DROP_KINDS = ["stamp", "price", "shape"] as const;

/** One of {@link DROP_KINDS}. */
export type DropKind = (typeof DROP_KINDS)[number];

/** Rows left out of one response, by kind. */
export type Drops = Readonly<Record<DropKind, number>>;

/** Called with the number of rows left out of a response, which is never 0. */
export type OnRowsDropped = (kind: DropKind, count: number) => void;

/** The rows of one response that can be right. */
export type Gated<Row> = {
  readonly rows: readonly Row[];
  readonly drops: Drops;
  /** True when more than half of the rows were left out: the rest cannot be believed either. */
  readonly isMostlyBad: boolean;
};

/** The stamps that can be right, in milliseconds since 1970: `fromMs` included, `toMs` not. */
export type StampWindow = { readonly fromMs: number; readonly toMs: number };

/** A price as a provider stamps it. */
export type StampedPrice = {
  /** Milliseconds since 1970 in UTC. */
  readonly atMs: number;
  /** Null on a day without a price. */
  readonly priceUsd: number | null;
};

/** Bitcoin's first block; nothing was priced before it. */
export const FIRST_STAMP_MS = Date.UTC(2009, 0, 3);
/** No coin ever cost a thousandth of this in US dollars. */
export const PRICE_BELOW_USD = 1e15;

/** The price in a JSON value: above 0 and below 10¹⁵; undefined when it cannot be a price. */
export function priceIn(value: unknown): number | undefined {
  const price = numberIn(value);
  return price !== undefined && price > 0 && price < PRICE_BELOW_USD ? price : undefined;
}

/**
 * The widest window of stamps at an instant: {@link FIRST_STAMP_MS} to the end of tomorrow (UTC).
 */
export function everyDay(at: Date): StampWindow {
  return { fromMs: FIRST_STAMP_MS, toMs: (Math.floor(at.getTime() / DAY_MS) + 2) * DAY_MS };
}

/**
 * The instant, in milliseconds since 1970, of a stamp in units of `unitMs`; undefined outside the
 * window.
 */
export function stampIn(
  value: unknown,
  unitMs: number,
  { fromMs, toMs }: StampWindow,
): number | undefined {
  const stamp = numberIn(value);
  const atMs = stamp === undefined ? Number.NaN : stamp * unitMs;
  return atMs >= fromMs && atMs < toMs ? atMs : undefined;
}

/**
 * Reads the rows of a response one by one. `read` returns the row, the reason for leaving it out,
 * or undefined for an empty row, which is not counted.
 */
export function gateRows<Row extends object, Input = unknown>(
  rows: Iterable<Input>,
  read: (row: Input) => Row | DropKind | undefined,
): Gated<Row> {
  const kept: Row[] = [];
  const drops = { stamp: 0, price: 0, shape: 0 };
  for (const row of rows) {
    const result = read(row);
    if (typeof result === "string") drops[result] += 1;
    else if (result !== undefined) kept.push(result);
  }
  return { rows: kept, drops, isMostlyBad: drops.stamp + drops.price + drops.shape > kept.length };
}

/** Reports the rows that were left out; returns a failure when they were the majority. */
export function failureOf(
  name: string,
  { drops, isMostlyBad }: Omit<Gated<object>, "rows">,
  onRowsDropped: OnRowsDropped | undefined,
): SourceFailure | undefined {
  for (const kind of DROP_KINDS) if (drops[kind] > 0) onRowsDropped?.(kind, drops[kind]);
  return isMostlyBad
    ? {
        ok: false,
        reason: "bad-answer",
        detail: `${name}: most rows of the answer cannot be right`,
      }
    : undefined;
}

/**
 * The prices of the days that were asked for. A provider may tell more, which is no fault; one that
 * tells only other days has answered another question: undefined.
 */
export function withinAsked(
  prices: readonly StampedPrice[],
  { fromMs, toMs }: StampWindow,
): readonly StampedPrice[] | undefined {
  const asked = prices.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  return asked.length > 0 || prices.length === 0 ? asked : undefined;
}

/**
 * Reads a row of a price chart from its stamp and price in the response. Null is a day without a
 * price, undefined a missing field.
 */
export function readStampedPrice(
  stamp: unknown,
  price: unknown,
  unitMs: number,
  window: StampWindow,
): StampedPrice | DropKind | undefined {
  const atMs = stampIn(stamp, unitMs, window);
  if (atMs === undefined) return "stamp";
  if (price === null) return undefined;
  if (price === undefined) return "shape";
  const priceUsd = priceIn(price);
  return priceUsd === undefined ? "price" : { atMs, priceUsd };
}
