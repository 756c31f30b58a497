import { fieldsOf, numberIn } from "./json-values.ts";
import { type DropKind, type Gated, gateRows } from "./row-gate.ts";

/** A coin from one of CoinGecko's responses, cleaned. */
export type CoinRow = {
  readonly coinId: string;
  /** Upper case; empty when the row has no usable symbol. */
  readonly symbol: string;
  /** The id when the row has no usable name. */
  readonly name: string;
  readonly rank: number | null;
  readonly imageUrl?: string;
};

/** CoinGecko's longest ids, symbols and names have about 80, 40 and 100 characters (2026-11). */
const MAX_ID_LENGTH = 100;
const MAX_SYMBOL_LENGTH = 100;
const MAX_NAME_LENGTH = 300;
const MAX_IMAGE_URL_LENGTH = 500;
const MAX_RANK = 1_000_000;

/**
 * Reads a row that names a coin. Only the id has to be usable; other unusable fields are left out.
 */
export function readCoinRow(row: unknown, imageField?: "image" | "large"): CoinRow | DropKind {
  const fields = fieldsOf(row);
  const coinId = fields?.["id"];
  if (fields === undefined || typeof coinId !== "string") return "shape";
  if (lengthOf(coinId) > MAX_ID_LENGTH || coinId.trim() === "" || UNUSABLE.test(coinId))
    return "shape";
  const symbol = textIn(fields["symbol"]);
  const rank = numberIn(fields["market_cap_rank"]);
  const imageUrl = imageField === undefined ? undefined : imageIn(fields[imageField]);
  const coin = {
    coinId,
    // A shortened symbol might be another coin's.
    symbol: lengthOf(symbol) > MAX_SYMBOL_LENGTH ? "" : symbol.toUpperCase(),
    name: textIn(fields["name"]).slice(0, MAX_NAME_LENGTH).trim() || coinId,
    rank:
      rank !== undefined && Number.isInteger(rank) && rank >= 1 && rank <= MAX_RANK ? rank : null,
  };
  return imageUrl === undefined ? coin : { ...coin, imageUrl };
}

/** Coins from the first `maxCoins` rows, each once: the first row of an id counts. */
export function gateCoins(
  rows: readonly unknown[],
  maxCoins: number,
  imageField?: "image" | "large",
): Gated<CoinRow> {
  const seen = new Set<string>();
  return gateRows(rows.length > maxCoins ? rows.slice(0, maxCoins) : rows, (row) => {
    const coin = readCoinRow(row, imageField);
    if (typeof coin === "string") return coin;
    if (seen.has(coin.coinId)) return undefined;
    seen.add(coin.coinId);
    return coin;
  });
}

const BEYOND_ASCII = /[^ -~]/;

/** Control characters, and halves of characters, which no URL and no picture can hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const UNUSABLE = /[\u0000-\u001f\u007f\p{Cs}]/u;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const EVERY_UNUSABLE = /[\u0000-\u001f\u007f\p{Cs}]+/gu;

/** Text that can be shown. A name that is all digits may come as a number. */
function textIn(value: unknown): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? plainText(value) : "";
}

/**
 * The length of a text after the normalization with which texts are compared, which may turn one
 * character into eighteen.
 */
function lengthOf(text: string): number {
  return text.length > MAX_ID_LENGTH || !BEYOND_ASCII.test(text)
    ? text.length
    : text.normalize("NFKC").length;
}

/** Text without control characters and halves of characters, and without blanks around it. */
export function plainText(text: string): string {
  return (UNUSABLE.test(text) ? text.replace(EVERY_UNUSABLE, " ") : text).trim();
}

function imageIn(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > MAX_IMAGE_URL_LENGTH) return undefined;
  return value.startsWith("https://") && URL.canParse(value) ? value : undefined;
}
