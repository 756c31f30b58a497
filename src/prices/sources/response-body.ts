import { type CoinRow, gateCoins } from "./coin-rows.ts";
import { listIn } from "./json-values.ts";
import type { Drops } from "./row-gate.ts";

/** Limits of a response, and how its body is read. */
export type ResponseLimits = {
  /** Largest body, decompressed. */
  readonly maxBytes: number;
  /** How the body is read; `"as-is"` when absent. */
  readonly read?: BodyReading;
};

/**
 * `coin-list`: a list of coins becomes {@link PackedCoins}, which costs the event loop little
 * however long the list is.
 */
export type BodyReading = "as-is" | "coin-list";

/**
 * A gated list of coins in a form that passes quickly between threads: {@link unpackCoins} reads
 * it, part by part.
 */
export type PackedCoins = {
  /** A thousand coins each: id, symbol and name of every coin, one a line. */
  readonly parts: readonly string[];
  readonly drops: Drops;
  readonly isMostlyBad: boolean;
};

/**
 * A body that was read, or why it was not. A list read as `coin-list` is in `coins`, and `body` is
 * undefined.
 */
export type BodyOutcome =
  | { readonly ok: true; readonly body: unknown; readonly coins?: PackedCoins }
  | { readonly ok: false; readonly why: string };

/** No provider nests deeper than five levels. */
const MAX_DEPTH = 12;
/**
 * The fewest bytes of text for each list or object, and for each comma, in a body as large as its
 * limit: 100,000 coins are 100,001 objects and 300,000 commas in 7 MB, and thirteen years of days
 * in three lists are 14,000 lists and 28,000 commas in 500 kB. An empty list takes two bytes of
 * text but thirty of memory; bodies full of those have to be refused.
 */
const BYTES_PER_BRACKET = 40;
const BYTES_PER_COMMA = 16;
/** 17,000 coins are listed (2026-11). */
const MAX_LISTED_COINS = 100_000;
/** A body that is not a list of coins may be the provider's error message, which is short. */
const MAX_REFUSAL_BYTES = 64 * 1024;
const COINS_PER_PART = 1_000;
const FIELDS_PER_COIN = 3;

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

/**
 * Why a body must not be parsed, from one pass over its bytes; undefined when it may be. Parsing a
 * body that passes takes no more than a few times `maxBytes` of memory.
 */
export function scanJson(bytes: Uint8Array, maxBytes: number): string | undefined {
  const maxBrackets = maxBytes / BYTES_PER_BRACKET;
  const maxCommas = maxBytes / BYTES_PER_COMMA;
  let depth = 0;
  let brackets = 0;
  let commas = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    switch (bytes[at]) {
      case QUOTE:
        at = endOfText(bytes, at);
        break;
      case COMMA:
        commas += 1;
        if (commas > maxCommas) return "the body has too many commas";
        break;
      case 0x5b:
      case 0x7b:
        depth += 1;
        brackets += 1;
        if (depth > MAX_DEPTH) return "the body is nested too deep";
        if (brackets > maxBrackets) return "the body has too many brackets";
        break;
      case 0x5d:
      case 0x7d:
        depth -= 1;
        break;
    }
  }
  return undefined;
}

/** The index of the quote that closes the string opened at `from`; the length without one. */
function endOfText(bytes: Uint8Array, from: number): number {
  for (let end = bytes.indexOf(QUOTE, from + 1); end !== -1; end = bytes.indexOf(QUOTE, end + 1)) {
    let escapesFrom = end;
    while (bytes[escapesFrom - 1] === BACKSLASH) escapesFrom -= 1;
    if ((end - escapesFrom) % 2 === 0) return end;
  }
  return bytes.length;
}

/** Scans, parses and reads a body in the calling thread. */
export function readBody(
  bytes: Uint8Array,
  { maxBytes, read = "as-is" }: ResponseLimits,
): BodyOutcome {
  const why = scanJson(bytes, maxBytes);
  if (why !== undefined) return { ok: false, why };
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return { ok: false, why: NOT_JSON };
  }
  const rows = read === "coin-list" ? listIn(body) : undefined;
  if (rows !== undefined) return { ok: true, body: undefined, coins: packCoins(rows) };
  // Passing a large object from one thread to another blocks both.
  if (read === "coin-list" && bytes.length > MAX_REFUSAL_BYTES)
    return { ok: false, why: "the body is not a list of coins" };
  return { ok: true, body };
}

/** The `why` of a body that is not JSON: an HTML page, a truncated or an empty response. */
export const NOT_JSON = "the body is not JSON";

function packCoins(rows: readonly unknown[]): PackedCoins {
  // Rows beyond the limit are ignored: a tail of rubbish must not hide the coins before it.
  const { rows: coins, drops, isMostlyBad } = gateCoins(rows, MAX_LISTED_COINS);
  const parts: string[] = [];
  for (let from = 0; from < coins.length; from += COINS_PER_PART) {
    const fields: string[] = [];
    for (const { coinId, symbol, name } of coins.slice(from, from + COINS_PER_PART))
      fields.push(coinId, symbol, name);
    parts.push(fields.join("\n"));
  }
  return { parts, drops, isMostlyBad };
}

/** The coins of one part of a packed list, without ranks. */
export function unpackCoins(part: string): CoinRow[] {
  const fields = part.split("\n");
  const coins: CoinRow[] = [];
  for (let at = 0; at + FIELDS_PER_COIN <= fields.length; at += FIELDS_PER_COIN) {
    const [coinId = "", symbol = "", name = ""] = fields.slice(at, at + FIELDS_PER_COIN);
    coins.push({ coinId, symbol, name, rank: null });
  }
  return coins;
}

/** A body for the worker thread to read. */
export type ReadingTask = { readonly bytes: Uint8Array; readonly limits: ResponseLimits };
