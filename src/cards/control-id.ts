import { coinHash } from "../prices/coin.ts";
import { LAMBO_MODELS, type LamboModel } from "../valuation/lambo-models.ts";

/** The buttons and menus under a `/lambo` card: what the second part of a custom id may be. */
export const CONTROLS = ["maths", "share", "stake", "car", "coin"] as const;

/** One of {@link CONTROLS}. */
export type Control = (typeof CONTROLS)[number];

/**
 * All that a button or menu needs to answer on any process after any restart.
 * `coinHash` (see {@link coinHash}) is null only on a `coin` menu under a refusal, where no coin is chosen yet.
 */
export type ControlId = {
  readonly control: Control;
  readonly coinHash: string | null;
  readonly stakeUsd: number;
  readonly car: LamboModel;
};

/** What a `coin` menu's value says: the id itself, or the hash of an id too long for a value. */
export type CoinChoice = { readonly coinId: string } | { readonly coinHash: string };

const COMMAND = "lambo";
// Raised when the parts change their meaning; ids of other versions are refused, not guessed at.
const VERSION = "1";
const NO_COIN = "none";
const HASH = /^[A-Za-z0-9_-]{10}$/;
const PLAIN_DECIMAL = /^\d{1,21}(\.\d{1,24})?$/;
// https://discord.com/developers/docs/components/reference#string-select-select-option-structure, checked 2026-11-01.
const MAX_OPTION_VALUE = 100;

/** The custom id of a button or menu, at most 100 characters: `lambo:<control>:<coin hash>:<stake in USD>:<car key>:<version>`. */
export function controlId(id: Omit<ControlId, "car"> & { readonly car: Pick<LamboModel, "key"> }): string {
  return [COMMAND, id.control, id.coinHash ?? NO_COIN, String(id.stakeUsd), id.car.key, VERSION].join(":");
}

/** Reads a custom id strictly: undefined for any that {@link controlId} would not write. The stake still needs the same limits as a typed one. */
export function parseControlId(customId: string): ControlId | undefined {
  const [command, controlText, hash, stakeText, carKey, version, ...rest] = customId.split(":");
  const control = CONTROLS.find((known) => known === controlText);
  const car = LAMBO_MODELS.find((model) => model.key === carKey);
  if (command !== COMMAND || version !== VERSION || rest.length > 0 || control === undefined || car === undefined) return undefined;
  if (hash === undefined || stakeText === undefined) return undefined;

  const hasNoCoin = hash === NO_COIN && control === "coin";
  if (!hasNoCoin && !HASH.test(hash)) return undefined;

  const stakeUsd = Number(stakeText);
  if (!PLAIN_DECIMAL.test(stakeText) || String(stakeUsd) !== stakeText || !(stakeUsd > 0)) return undefined;

  return { control, coinHash: hasNoCoin ? null : hash, stakeUsd, car };
}

/** The value of one option of a `coin` menu, at most 100 characters; `id:<coinId>` is what autocomplete sends too. */
export function coinChoice(coinId: string): string {
  const plain = `id:${coinId}`;
  return plain.length <= MAX_OPTION_VALUE ? plain : `hash:${coinHash(coinId)}`;
}

/** Reads the value of a `coin` menu; undefined for any that {@link coinChoice} would not write. */
export function parseCoinChoice(value: string): CoinChoice | undefined {
  if (value.length > MAX_OPTION_VALUE) return undefined;
  if (value.startsWith("id:") && value.length > "id:".length) return { coinId: value.slice("id:".length) };
  const hash = value.startsWith("hash:") ? value.slice("hash:".length) : "";
  return HASH.test(hash) ? { coinHash: hash } : undefined;
}
