import { DISCORD_LIMITS } from "../discord/limits.ts";
import { coinHash } from "../prices/coins/coin.ts";
import type { Bought } from "../questions/bought.ts";
import type { AskedPurchase } from "../questions/purchase.ts";
import { utcDay } from "../valuation/calendar.ts";
import { carValue, parseCarValue, plainDecimal } from "../valuation/lambo-models.ts";

/** The buttons and menus under a `/lambo` card: what the second part of a custom id may be. */
export const CONTROLS = ["maths", "open", "another", "share", "stake", "car", "coin"] as const;

/** The same under a `/wen` card. */
const WEN_CONTROLS = ["lambo", "another", "share", "stake", "car", "coin"] as const;

/** One of {@link CONTROLS} or {@link WEN_CONTROLS}. */
export type Control = (typeof CONTROLS | typeof WEN_CONTROLS)[number];

/**
 * Everything that a button or menu needs to work in any process and after any restart, with the
 * amounts as asked: €1,000 is still €1,000 tomorrow. `coinHash` (see {@link coinHash}) is null only
 * in a `coin` menu under a refusal, where no coin has been chosen yet.
 */
export type ControlId = AskedPurchase &
  CardTraits & {
    /** The command whose card it is under: `/lambo` when absent. */
    readonly command?: "wen";
    readonly control: Control;
    readonly coinHash: string | null;
    /** Absent for a purchase at the listing. */
    readonly bought?: Bought;
  };

/** What a card keeps when its menus edit it. */
export type CardTraits = {
  /** The coin was chosen by chance: the card offers another one. */
  readonly isByChance?: true;
  /** The asker shared a private card: the card says who did. */
  readonly isShared?: true;
};

/** The parsed value of a `coin` menu: the coin's id, or its hash if the id is too long. */
export type CoinChoice = { readonly coinId: string } | { readonly coinHash: string };

const LAMBO = "lambo";
// Raised when the parts change meaning; ids of other versions are refused rather than guessed at.
const VERSION = "2";
const NO_COIN = "none";
/** A coin hash, see {@link coinHash}. */
export const HASH = /^[A-Za-z0-9_-]{10}$/;
/** An ISO 4217 code. */
export const CURRENCY = /^[A-Z]{3}$/;

/**
 * The custom id of a button or menu, at most 100 characters:
 * `<command>:<control>:<coin hash>:<stake>:<currency>:<car key, or own price>:<version>`, and
 * `:<traits>` for a card that has any, or whose day of buying is not the listing.
 */
export function controlId({
  command,
  control,
  coinHash: hash,
  stake,
  currency,
  car,
  ...card
}: ControlId): string {
  const traits = lettersOf(card);
  const parts = [
    command ?? LAMBO,
    control,
    hash ?? NO_COIN,
    stake,
    currency,
    carValue(car),
    VERSION,
  ];
  return [...parts, ...(traits === "" ? [] : [traits])].join(":");
}

function lettersOf({
  isByChance,
  isShared,
  bought,
}: CardTraits & Pick<ControlId, "bought">): string {
  return `${isByChance ? "c" : ""}${isShared ? "s" : ""}${bought === undefined ? "" : boughtText(bought)}`;
}

const PEAK = "p";
/** Which day it is, in front of that day: `d20171217`. */
const BOUGHT_LETTERS = { day: "d", "server-joined": "j", "account-made": "a" } as const;

function boughtText(bought: Bought): string {
  return bought.by === "peak"
    ? PEAK
    : `${BOUGHT_LETTERS[bought.by]}${bought.on.replaceAll("-", "")}`;
}

/** Reads what {@link boughtText} wrote; undefined for anything else, such as 31 February. */
function parseBought(text: string): Bought | undefined {
  if (text === PEAK) return { by: "peak" };
  const on = `${text.slice(1, 5)}-${text.slice(5, 7)}-${text.slice(7)}`;
  const by = BOUGHT_WAYS.find((way) => BOUGHT_LETTERS[way] === text[0]);
  return by === undefined || !isDay(on) ? undefined : { by, on };
}

const BOUGHT_WAYS = ["day", "server-joined", "account-made"] as const;

function isDay(on: string): boolean {
  const atMs = Date.parse(on);
  return /^\d{4}-\d\d-\d\d$/.test(on) && !Number.isNaN(atMs) && utcDay(atMs) === on;
}

/**
 * Reads a custom id strictly: undefined for any that {@link controlId} would not write. The limits
 * of the stake are not checked.
 */
export function parseControlId(customId: string): ControlId | undefined {
  const [
    commandText,
    controlText,
    hash = "",
    stakeText = "",
    currency = "",
    carText = "",
    version,
    ...rest
  ] = customId.split(":");
  const command = commandText === "wen" ? commandText : undefined;
  const controls: readonly Control[] = command === undefined ? CONTROLS : WEN_CONTROLS;
  const control = controls.find((known) => known === controlText);
  if (control === undefined || version !== VERSION) return undefined;
  if (command === undefined && commandText !== LAMBO) return undefined;
  const traits = rest.length === 0 ? {} : traitsOf(rest.join(":"));
  if (traits === undefined) return undefined;
  // What a coin would have to be worth is asked from its listing alone.
  if (command !== undefined && "bought" in traits) return undefined;

  const hasNoCoin = hash === NO_COIN && control === "coin";
  if (!hasNoCoin && !HASH.test(hash)) return undefined;

  const stake = plainDecimal(stakeText);
  const car = parseCarValue(carText);
  if (stake === undefined || car === undefined || !CURRENCY.test(currency)) return undefined;

  return {
    ...(command !== undefined && { command }),
    control,
    coinHash: hasNoCoin ? null : hash,
    stake,
    currency,
    car,
    ...traits,
  };
}

/** Reads what {@link lettersOf} wrote of a card with at least one trait. */
function traitsOf(letters: string): (CardTraits & Pick<ControlId, "bought">) | undefined {
  const [, chance, shared, boughtLetters = ""] = /^(?=.)(c?)(s?)(.{0,9})$/.exec(letters) ?? [];
  if (chance === undefined || shared === undefined) return undefined;
  const bought = boughtLetters === "" ? undefined : parseBought(boughtLetters);
  if (boughtLetters !== "" && bought === undefined) return undefined;
  return {
    ...(chance && { isByChance: true }),
    ...(shared && { isShared: true }),
    ...(bought !== undefined && { bought }),
  };
}

/**
 * The value of one option of a `coin` menu, at most 100 characters; autocomplete sends
 * `id:<coinId>` too.
 */
export function coinChoice(coinId: string): string {
  const plain = `id:${coinId}`;
  return plain.length <= DISCORD_LIMITS.menuOptionLength ? plain : `hash:${coinHash(coinId)}`;
}

/** Reads the value of a `coin` menu; undefined for any that {@link coinChoice} would not write. */
export function parseCoinChoice(value: string): CoinChoice | undefined {
  if (value.length > DISCORD_LIMITS.menuOptionLength) return undefined;
  if (value.startsWith("id:") && value.length > "id:".length)
    return { coinId: value.slice("id:".length) };
  const hash = value.startsWith("hash:") ? value.slice("hash:".length) : "";
  return HASH.test(hash) ? { coinHash: hash } : undefined;
}
