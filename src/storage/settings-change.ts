import { US_DOLLARS } from "../valuation/currency.ts";
import { type GuildSettings, type GuildSettingsChange, NO_SETTINGS } from "./guild-settings.ts";

/** One altered setting, as it is recorded. */
export type Alteration = {
  readonly what: string;
  readonly old: string | null;
  readonly new: string | null;
};

/** Begins the recorded name of a symbol's meaning, `symbol:UNI`. */
export const SYMBOL_PREFIX = "symbol:";

/**
 * The fields of {@link GuildSettings} that are chosen individually, in the order in which changes
 * are recorded.
 */
export const RECORDED_FIELDS = [
  "currency",
  "stake",
  "carKey",
  "carPrice",
  "replies",
  "language",
  "digestEnabled",
  "digestChannelId",
  "digestTime",
  "digestZone",
  "digestEvery",
  "digestRiddle",
  "digestRoleId",
  "digestCoins",
] as const satisfies readonly (keyof GuildSettings)[];

/**
 * A server's settings after a change made at `at`, and what it altered: nothing for fields that
 * already had the value.
 */
export function changed(
  before: GuildSettings,
  change: GuildSettingsChange,
  at: Date,
): { readonly after: GuildSettings; readonly alterations: readonly Alteration[] } {
  const { symbols: symbolChanges = {}, ...fields } = change;
  const symbols = new Map(Object.entries(before.symbols));
  for (const [symbol, coinId] of Object.entries(symbolChanges)) {
    if (coinId === null) symbols.delete(symbol);
    else symbols.set(symbol, coinId);
  }
  const written: GuildSettings = {
    ...before,
    ...withoutUndefined(fields),
    ...(fields.digestCoins?.length === 0 && { digestCoins: null }),
    symbols: Object.fromEntries(symbols),
  };
  const chosen: GuildSettings = {
    ...written,
    stakeCurrency: typedIn("stake", before, written, fields),
    carPriceCurrency: typedIn("carPrice", before, written, fields),
  };
  const alterations = [
    ...RECORDED_FIELDS.map((field) => ({ what: field as string, ...texts(field, before, chosen) })),
    ...Object.keys(symbolChanges).map((symbol) => ({
      what: `${SYMBOL_PREFIX}${symbol}`,
      old: own(before.symbols, symbol),
      new: own(chosen.symbols, symbol),
    })),
  ].filter(({ old, new: now }) => old !== now);
  return {
    after: isDigestMoved(before, chosen) ? { ...chosen, digestSince: at.toISOString() } : chosen,
    alterations,
  };
}

/** The change that puts back what these alterations replaced in the settings before them. */
export function replacedBy(
  before: GuildSettings,
  alterations: readonly Alteration[],
): GuildSettingsChange {
  const fields = RECORDED_FIELDS.filter((field) => alterations.some(({ what }) => what === field));
  const symbols = alterations.flatMap(({ what }) =>
    what.startsWith(SYMBOL_PREFIX) ? [what.slice(SYMBOL_PREFIX.length)] : [],
  );
  return {
    ...Object.fromEntries(fields.map((field) => [field, before[field]])),
    // An amount comes back in the currency that it was typed in, whatever the server's is by then.
    ...Object.fromEntries(
      (["stake", "carPrice"] as const)
        .filter((amount) => fields.includes(amount) && before[amount] !== null)
        .map((amount) => [CURRENCY_OF[amount], before[CURRENCY_OF[amount]] ?? currencyOf(before)]),
    ),
    ...(symbols.length > 0 && {
      symbols: Object.fromEntries(symbols.map((symbol) => [symbol, own(before.symbols, symbol)])),
    }),
  };
}

/** Everything that a server has chosen, as alterations of the defaults. */
export function choicesIn(settings: GuildSettings): readonly Alteration[] {
  return changed(NO_SETTINGS, settings, new Date(0)).alterations;
}

/** Whether the digest was switched on or moved: earlier slots are not due. */
function isDigestMoved(before: GuildSettings, after: GuildSettings): boolean {
  const isOn = ({ digestEnabled, digestChannelId }: GuildSettings) =>
    digestEnabled === true && digestChannelId !== null;
  return (
    (isOn(after) && !isOn(before)) ||
    (after.digestEnabled === true && before.digestEnabled !== true) ||
    after.digestTime !== before.digestTime ||
    after.digestZone !== before.digestZone ||
    after.digestEvery !== before.digestEvery
  );
}

/** The setting with the currency that an amount was typed in. */
const CURRENCY_OF = { stake: "stakeCurrency", carPrice: "carPriceCurrency" } as const;
type Amount = keyof typeof CURRENCY_OF;

/**
 * The currency that an amount was typed in; null if there is no amount, or if it is the server's
 * currency.
 */
function typedIn(
  amount: Amount,
  before: GuildSettings,
  after: GuildSettings,
  change: GuildSettingsChange,
): string | null {
  if (after[amount] === null) return null;
  const present = currencyOf(after);
  const given = change[CURRENCY_OF[amount]] ?? present;
  const typed =
    change[amount] === undefined ? (before[CURRENCY_OF[amount]] ?? currencyOf(before)) : given;
  return typed === present ? null : typed;
}

function currencyOf({ currency }: GuildSettings): string {
  return currency ?? US_DOLLARS.code;
}

/** A field's old and new value as text; amounts in different currencies include their codes. */
function texts(
  field: (typeof RECORDED_FIELDS)[number],
  before: GuildSettings,
  after: GuildSettings,
): Omit<Alteration, "what"> {
  const old = textOf(before[field]);
  const current = textOf(after[field]);
  if (field !== "stake" && field !== "carPrice") return { old, new: current };
  const oldCode = before[CURRENCY_OF[field]];
  const currentCode = after[CURRENCY_OF[field]];
  if (old === null)
    return { old, new: currentCode === null ? current : `${current} ${currentCode}` };
  if (current === null) return { old: oldCode === null ? old : `${old} ${oldCode}`, new: current };
  const codes = { old: oldCode ?? currencyOf(before), new: currentCode ?? currencyOf(after) };
  return codes.old === codes.new
    ? { old, new: current }
    : { old: `${old} ${codes.old}`, new: `${current} ${codes.new}` };
}

function textOf(value: GuildSettings[(typeof RECORDED_FIELDS)[number]]): string | null {
  if (value === null) return null;
  return typeof value === "object" ? value.join(", ") : String(value);
}

function own(symbols: Readonly<Record<string, string>>, symbol: string): string | null {
  return Object.hasOwn(symbols, symbol) ? (symbols[symbol] ?? null) : null;
}

/** An omitted option may arrive as undefined; it must not erase anything. */
function withoutUndefined<T extends object>(fields: T): Partial<T> {
  // Removing entries leaves a Partial of the same type.
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
