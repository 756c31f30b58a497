import { z } from "zod";
import { type ComparisonStart, MAX_COMPARED } from "../questions/comparison.ts";
import type { AskedPurchase } from "../questions/purchase.ts";
import { carValue, parseCarValue, plainDecimal } from "../valuation/lambo-models.ts";
import { CURRENCY, HASH } from "./control-id.ts";

/** What the second part of the custom id of a button or menu under a comparison may be. */
const CONTROLS = ["from", "share", "coins"] as const;

/**
 * Everything that a button or menu under a comparison needs in any process and after any restart;
 * amounts are as asked.
 */
export type ComparisonControlId = AskedPurchase & {
  readonly control: (typeof CONTROLS)[number];
  /** Of each coin, see `coinHash`; may be none in a menu of coins to add. */
  readonly coinHashes: readonly string[];
  /** From when the coins are bought in the comparison that is asked for. */
  readonly from: ComparisonStart;
  /** The asker shared a private comparison: it says who did. */
  readonly isShared?: true;
};

/** A button that opens the answer about one coin of a comparison. */
export type OpenCoinId = AskedPurchase & {
  readonly coinHash: string;
  /** UTC day of buying; null for the coin's listing. */
  readonly boughtOn: string | null;
};

const COMMAND = "compare";
// Raised when the parts change meaning; ids of other versions are refused rather than guessed at.
const VERSION = "1";
const AT_LISTING = "listing";
const HASH_LENGTH = 10;
const STARTS: Readonly<Record<ComparisonStart, string>> = { each: "e", youngest: "y" };
const UtcDay = z.iso.date();

/**
 * The custom id of a button or menu, at most 100 characters: `compare:<control>:<coin hashes, one
 * after the other>:<stake>:<currency>:<car key, or own price>:<e or y, and s on a shared
 * comparison>:<version>`.
 */
export function comparisonControlId(id: ComparisonControlId): string {
  const { control, coinHashes, stake, currency, car, from, isShared } = id;
  const traits = `${STARTS[from]}${isShared ? "s" : ""}`;
  return [
    COMMAND,
    control,
    coinHashes.join(""),
    packed(String(stake)),
    currency,
    packed(carValue(car)),
    traits,
    VERSION,
  ].join(":");
}

/**
 * Reads a custom id strictly: undefined for any that {@link comparisonControlId} would not write.
 * The limits of the stake are not checked.
 */
export function parseComparisonControlId(customId: string): ComparisonControlId | undefined {
  const [command, controlText, hashes = "", stake = "", currency = "", car = "", traits = ""] =
    customId.split(":");
  const control = CONTROLS.find((known) => known === controlText);
  const purchase = parsedPurchase(stake, currency, car);
  const [, start, shared] = /^([ey])(s?)$/.exec(traits) ?? [];
  if (command !== COMMAND || control === undefined || purchase === undefined || start === undefined)
    return undefined;
  const coinHashes = hashes.match(new RegExp(`.{1,${HASH_LENGTH}}`, "gs")) ?? [];
  const least = control === "coins" ? 0 : 2;
  if (coinHashes.length < least || coinHashes.length > MAX_COMPARED) return undefined;
  if (!coinHashes.every((hash) => HASH.test(hash))) return undefined;
  if (new Set(coinHashes).size < coinHashes.length) return undefined;
  const from: ComparisonStart = start === STARTS.each ? "each" : "youngest";
  const id = { control, coinHashes, ...purchase, from, ...(shared && { isShared: true as const }) };
  return comparisonControlId(id) === customId ? id : undefined;
}

/**
 * The custom id of a button that opens one coin, at most 100 characters: `compare:open:<coin
 * hash>:<stake>:<currency>:<car key, or own price>:<day of buying, or listing>:<version>`.
 */
export function openCoinId({ coinHash, stake, currency, car, boughtOn }: OpenCoinId): string {
  return [
    COMMAND,
    "open",
    coinHash,
    packed(String(stake)),
    currency,
    packed(carValue(car)),
    boughtOn ?? AT_LISTING,
    VERSION,
  ].join(":");
}

/** Reads a custom id strictly: undefined for any that {@link openCoinId} would not write. */
export function parseOpenCoinId(customId: string): OpenCoinId | undefined {
  const [, , coinHash = "", stake = "", currency = "", car = "", day = ""] = customId.split(":");
  const purchase = parsedPurchase(stake, currency, car);
  const isDay = day === AT_LISTING || UtcDay.safeParse(day).success;
  if (purchase === undefined || !isDay || !HASH.test(coinHash)) return undefined;
  const id = { coinHash, ...purchase, boughtOn: day === AT_LISTING ? null : day };
  return openCoinId(id) === customId ? id : undefined;
}

function parsedPurchase(
  stakeText: string,
  currency: string,
  carText: string,
): AskedPurchase | undefined {
  const stake = plainDecimal(unpacked(stakeText));
  const car = parseCarValue(unpacked(carText));
  return stake === undefined || car === undefined || !CURRENCY.test(currency)
    ? undefined
    : { stake, currency, car };
}

/** The longest number that is written with its digits. */
const MAX_DIGITS = 12;
const PACKED = /^~[\w-]{11}$/;

/** A number with many digits as the eight bytes that it has in memory; other texts as they are. */
function packed(text: string): string {
  const number = Number(text);
  if (text.length <= MAX_DIGITS || Number.isNaN(number)) return text;
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(number);
  return `~${bytes.toString("base64url")}`;
}

function unpacked(text: string): string {
  return PACKED.test(text) ? String(Buffer.from(text.slice(1), "base64url").readDoubleBE()) : text;
}
