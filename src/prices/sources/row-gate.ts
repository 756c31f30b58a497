import { DAY_MS } from "../../valuation/calendar.ts";
import type { SourceFailure } from "../price-source.ts";

/**
 * Why a row was left out: its stamp is no day on which a coin can have been traded, its price is no
 * price, or it is not built as documented at all.
 */
export const DROP_KINDS = ["stamp", "price", "shape"] as const;

/** One of {@link DROP_KINDS}. */
export type DropKind = (typeof DROP_KINDS)[number];

/** Rows left out of one response, by kind. */
export type Drops = Readonly<Record<DropKind, number>>;

/** Told how many rows of a response were left out; never called with a count of 0. */
export type OnRowsDropped = (kind: DropKind, count: number) => void;

/** What the gate lets through of one response. */
export type Gated<Row> = {
  readonly rows: readonly Row[];
  readonly drops: Drops;
  /**
   * True when more than half of the rows were left out: then the rest is not to be believed either.
   */
  readonly isMostlyBad: boolean;
};

/** Days that an answer can be about, in milliseconds since 1970: `fromMs` included, `toMs` not. */
export type StampWindow = { readonly fromMs: number; readonly toMs: number };

/** A price as a provider stamps it. */
export type StampedPrice = {
  /** Milliseconds since 1970 in UTC. */
  readonly atMs: number;
  /** Null on a day that the provider has no price of. */
  readonly priceUsd: number | null;
};

/** A coin as CoinGecko's answers name it, cleaned. */
export type CoinRow = {
  readonly coinId: string;
  /** Upper case; empty when the row has none that can be used. */
  readonly symbol: string;
  /** The id when the row has none that can be used. */
  readonly name: string;
  readonly rank: number | null;
  readonly imageUrl?: string;
};

/** Bitcoin's first block; nothing was priced before it. */
export const FIRST_STAMP_MS = Date.UTC(2009, 0, 3);
/** No coin ever cost a thousandth of this in US dollars. */
export const PRICE_BELOW_USD = 1e15;

/** CoinGecko's longest ids, symbols and names have about 80, 40 and 100 characters (2026-11). */
const MAX_ID_LENGTH = 100;
const MAX_SYMBOL_LENGTH = 100;
const MAX_NAME_LENGTH = 300;
const MAX_IMAGE_URL_LENGTH = 500;
const MAX_RANK = 1_000_000;

/** Digits with an optional sign, point and exponent: how providers write numbers as text. */
const NUMBER_TEXT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,4})?$/i;
const MAX_NUMBER_LENGTH = 60;

/**
 * The number that a JSON value is, or says in plain digits; undefined for everything else, and for
 * what is not finite.
 */
export function numberIn(value: unknown): number | undefined {
  const isText =
    typeof value === "string" && value.length <= MAX_NUMBER_LENGTH && NUMBER_TEXT.test(value);
  const number = typeof value === "number" ? value : isText ? Number(value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/**
 * The price that a JSON value tells: above 0 and below 10¹⁵; undefined when it tells none that can
 * be right.
 */
export function priceIn(value: unknown): number | undefined {
  const price = numberIn(value);
  return price !== undefined && price > 0 && price < PRICE_BELOW_USD ? price : undefined;
}

/**
 * The whole window in which a stamp can lie at an instant: from {@link FIRST_STAMP_MS} to the end
 * of tomorrow (UTC).
 */
export function everyDay(at: Date): StampWindow {
  return { fromMs: FIRST_STAMP_MS, toMs: (Math.floor(at.getTime() / DAY_MS) + 2) * DAY_MS };
}

/** What two windows share. */
export function overlapOf(one: StampWindow, other: StampWindow): StampWindow {
  return { fromMs: Math.max(one.fromMs, other.fromMs), toMs: Math.min(one.toMs, other.toMs) };
}

/**
 * The instant (milliseconds since 1970) that a stamp in units of `unitMs` tells; undefined outside
 * the window.
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
 * Reads the rows of a response one by one. `read` gives the row, or why it is left out, or
 * undefined for a row that says nothing and is not counted.
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

/** Reports what was left out, and gives the failure that a response is when most of it was. */
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
 * A row of a price chart, from its stamp and price as they came. A null price is a day without one,
 * and undefined is a missing field.
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

/**
 * A row that names a coin: only the id has to be usable, everything else is left out of the coin
 * where it is not.
 */
export function readCoinRow(row: unknown, imageField?: "image" | "large"): CoinRow | DropKind {
  const fields = fieldsOf(row);
  const coinId = fields?.["id"];
  if (fields === undefined || typeof coinId !== "string") return "shape";
  if (lengthOf(coinId) > MAX_ID_LENGTH || coinId.trim() === "" || CONTROL_CHARACTERS.test(coinId))
    return "shape";
  const symbol = textIn(fields["symbol"]);
  const rank = numberIn(fields["market_cap_rank"]);
  const imageUrl = imageField === undefined ? undefined : imageIn(fields[imageField]);
  const coin = {
    coinId,
    // A symbol that was cut would be another coin's.
    symbol: lengthOf(symbol) > MAX_SYMBOL_LENGTH ? "" : symbol.toUpperCase(),
    name: textIn(fields["name"]).slice(0, MAX_NAME_LENGTH).trim() || coinId,
    rank:
      rank !== undefined && Number.isInteger(rank) && rank >= 1 && rank <= MAX_RANK ? rank : null,
  };
  return imageUrl === undefined ? coin : { ...coin, imageUrl };
}

/** The first `most` rows that name a coin, each coin once: the first row of an id counts. */
export function gateCoins(
  rows: readonly unknown[],
  most: number,
  imageField?: "image" | "large",
): Gated<CoinRow> {
  const seen = new Set<string>();
  return gateRows(rows.length > most ? rows.slice(0, most) : rows, (row) => {
    const coin = readCoinRow(row, imageField);
    if (typeof coin === "string") return coin;
    if (seen.has(coin.coinId)) return undefined;
    seen.add(coin.coinId);
    return coin;
  });
}

/** The fields of a JSON object; undefined for a list, text, a number, true, false and null. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  // An object that is no list has names for all of its fields: that is what the type says, and
  // nothing more.
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

/** The value of an own field: `constructor` and its like are coin ids too. */
export function fieldOf(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** A JSON list as such; undefined for everything else. */
export function listIn(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

const BEYOND_ASCII = /[^ -~]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const EVERY_CONTROL_CHARACTER = /[\u0000-\u001f\u007f]+/g;

/** Text as it may be shown: names of digits alone come as numbers at times. */
function textIn(value: unknown): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? plainText(value) : "";
}

/**
 * Characters of a text in the form that texts are compared in: one letter may stand for eighteen
 * there.
 */
function lengthOf(text: string): number {
  return text.length > MAX_ID_LENGTH || !BEYOND_ASCII.test(text)
    ? text.length
    : text.normalize("NFKC").length;
}

function plainText(text: string): string {
  return (CONTROL_CHARACTERS.test(text) ? text.replace(EVERY_CONTROL_CHARACTER, " ") : text).trim();
}

function imageIn(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > MAX_IMAGE_URL_LENGTH) return undefined;
  return value.startsWith("https://") && URL.canParse(value) ? value : undefined;
}
