import { CAR_PRICE_LIMITS_USD, isWithin, STAKE_LIMITS_USD, USUAL_PURCHASE } from "../answer.ts";
import { between } from "../cards/refusal.ts";
import { findZone, parseWallTime } from "../digest/zones.ts";
import type { DirectoryFailure } from "../discord/bot/guild-directory.ts";
import { escapedText, formatMoney } from "../messages/format.ts";
import { coinName, coinSymbol, withoutRate } from "../messages/wording.ts";
import { type Coin, comparable } from "../prices/coins/coin.ts";
import { type Currency, everyCurrency } from "../prices/currencies.ts";
import type { Ask } from "../prices/price-source.ts";
import type { Services } from "../services.ts";
import type { GuildSettings, GuildSettingsChange } from "../storage/guild-settings.ts";
import { type ShownCurrency, US_DOLLARS } from "../valuation/currency.ts";
import { findLamboModel, LAMBO_MODELS } from "../valuation/lambo-models.ts";
import {
  amountIn,
  coinTextOn,
  currenciesIn,
  currencyOf,
  type KnownRates,
  ratesOf,
  symbolOf,
  typedCurrencyOf,
  usualStakeIn,
} from "./effective-settings.ts";

/**
 * What an admin typed, checked; or one plain sentence (Discord markdown) about the first thing that
 * is wrong with it.
 */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly sentence: string };

/**
 * A change that can be stored as it is, and sentences about what it brings along besides what was
 * typed.
 */
export type CheckedChange = {
  readonly change: GuildSettingsChange;
  readonly notes: readonly string[];
};

/**
 * What was typed, as a change of what is stored when it is written: another admin may have set
 * meanwhile what it brings along, and must not lose it. Pure.
 */
export type CheckedInput = (stored: GuildSettings) => CheckedChange;

/** Options of `/config set`; what was not typed is undefined. */
export type AnswerInput = {
  readonly currency: string | undefined;
  readonly amount: number | undefined;
  readonly carKey: string | undefined;
  readonly carPrice: number | undefined;
  readonly replies: string | undefined;
};

/** Options of `/config digest`; what was not typed is undefined. */
export type DigestInput = {
  readonly channelId: string | undefined;
  readonly time: string | undefined;
  readonly zone: string | undefined;
  readonly coins: string | undefined;
  readonly roleId: string | undefined;
  readonly enabled: boolean | undefined;
};

/** Coins that a server's digest has at the most. */
export const MOST_DIGEST_COINS = 10;

/** Symbols that a server can give a meaning of its own. */
export const MOST_SYMBOLS = 100;

const MAX_ECHO = 60;
const MAX_NAMED = 3;

/** Checks what `/config set` is to change about answers. */
export async function checkAnswerInput(
  input: AnswerInput,
  before: GuildSettings,
  { rates, locale, ask }: Pick<Services, "rates"> & { readonly locale: string; readonly ask: Ask },
): Promise<Checked<CheckedInput>> {
  const oldCode = currencyOf(before);
  const chosen =
    input.currency === undefined ? undefined : await checkCurrency(input.currency, { rates, ask });
  if (chosen?.ok === false) return chosen;
  const perUsd = chosen?.value.perUsd ?? (await rates.perUsd(oldCode, ask));
  const isAmountTyped = input.amount !== undefined || input.carPrice !== undefined;
  if (perUsd === undefined && isAmountTyped) {
    return wrong(
      `${withoutRate(oldCode)}, so an amount in it cannot be checked: try again later, or choose another currency with it.`,
    );
  }
  const currency = { code: chosen?.value.code ?? oldCode, perUsd: perUsd ?? 1 };

  const { amount, carPrice } = input;
  if (amount !== undefined && !isWithin(amount / currency.perUsd, STAKE_LIMITS_USD)) {
    return wrong(
      `That amount cannot be a stake: give a plain number ${between(STAKE_LIMITS_USD, currency, locale)}.`,
    );
  }
  if (carPrice !== undefined && !isWithin(carPrice / currency.perUsd, CAR_PRICE_LIMITS_USD)) {
    return wrong(
      `No car costs that: give a plain number ${between(CAR_PRICE_LIMITS_USD, currency, locale)}.`,
    );
  }
  if (input.carKey !== undefined && carPrice !== undefined)
    return wrong("Give a car or a car price, not both.");
  const car = input.carKey === undefined ? undefined : findLamboModel(input.carKey);
  if (input.carKey !== undefined && car === undefined) {
    return wrong(
      `That car is not in the showroom. Choose one of these: ${LAMBO_MODELS.map(({ name }) => name).join(", ")}.`,
    );
  }
  const { replies } = input;
  if (replies !== undefined && replies !== "public" && replies !== "private")
    return wrong("Replies are either public or private.");

  // Of every currency, because what is stored when this is written may be in another.
  const wanted =
    chosen === undefined
      ? []
      : [...currenciesIn(before), ...rates.currencies().map(({ code }) => code)];
  const known = await ratesOf(wanted, rates, ask);
  return right((stored) => {
    const to = chosen?.value;
    const isNewCurrency = to !== undefined && to.code !== currencyOf(stored);
    const notes = [
      ...(isNewCurrency ? conversionsInWords(input, stored, { to, known, locale }) : []),
      ...(car !== undefined && stored.carPrice !== null
        ? [
            `The own car price of ${inCurrency(stored.carPrice, typedCurrencyOf(stored, "carPrice"), locale)} no longer counts.`,
          ]
        : []),
    ];
    return {
      change: {
        ...(to !== undefined && { currency: to.code }),
        ...(amount !== undefined && { stake: amount }),
        ...(car !== undefined && { carKey: car.key, carPrice: null }),
        ...(carPrice !== undefined && { carPrice }),
        ...(replies !== undefined && { replies }),
      },
      notes,
    };
  });
}

/**
 * Checks what `/config digest` is to change; without `directory` no channel can be checked, and
 * nothing be posted.
 */
export async function checkDigestInput(
  input: DigestInput,
  before: GuildSettings,
  {
    guildId,
    coins,
    directory,
    ask,
  }: Pick<Services, "coins"> & {
    readonly guildId: string;
    readonly directory: NonNullable<Services["directory"]>;
    readonly ask: Ask;
  },
): Promise<Checked<CheckedInput>> {
  const time = input.time === undefined ? undefined : parseWallTime(input.time);
  if (input.time !== undefined && time === undefined) {
    return wrong(
      `“${echo(input.time)}” is no time of day: write it as HH:MM from 00:00 to 23:59, such as 09:00.`,
    );
  }
  const zone = input.zone === undefined ? undefined : findZone(input.zone);
  if (input.zone !== undefined && zone === undefined) {
    return wrong(
      `“${echo(input.zone)}” is no time zone: choose one of the suggestions, such as Europe/Berlin.`,
    );
  }
  if (input.channelId !== undefined) {
    const found = isId(input.channelId)
      ? await directory.channel(guildId, input.channelId)
      : UNKNOWN;
    if (!found.ok) return wrong(unreachable("channel", found.reason));
    const { kind, name } = found.channel;
    if (kind !== "text" && kind !== "announcement") {
      return wrong(
        `${echo(`#${name}`)} is ${KINDS[kind]}: the digest needs a text or announcement channel.`,
      );
    }
  }
  if (input.roleId !== undefined) {
    if (input.roleId === guildId)
      return wrong(
        "The digest does not mention everyone: choose a role that members can take or leave.",
      );
    const found = isId(input.roleId) ? await directory.role(guildId, input.roleId) : UNKNOWN;
    if (!found.ok) return wrong(unreachable("role", found.reason));
  }
  const digestCoins =
    input.coins === undefined ? undefined : await checkCoins(input.coins, before, { coins, ask });
  if (digestCoins?.ok === false) return digestCoins;

  const hasChannel = input.channelId !== undefined || before.digestChannelId !== null;
  if (input.enabled === true && !hasChannel)
    return wrong("The digest needs a channel before it can be switched on: choose one too.");
  // Whoever chooses a channel for the first time wants the digest there; whoever switched it off
  // has to switch it on again.
  const startsNow = (stored: GuildSettings) =>
    input.enabled === undefined && input.channelId !== undefined && stored.digestEnabled === null;
  return right((stored) => ({
    change: {
      ...(startsNow(stored)
        ? { digestEnabled: true }
        : input.enabled !== undefined && { digestEnabled: input.enabled }),
      ...(input.channelId !== undefined && { digestChannelId: input.channelId }),
      ...(time !== undefined && { digestTime: time }),
      ...(zone !== undefined && { digestZone: zone }),
      ...(input.roleId !== undefined && { digestRoleId: input.roleId }),
      ...(digestCoins !== undefined && {
        digestCoins: digestCoins.value.map(({ coinId }) => coinId),
      }),
    },
    notes: [],
  }));
}

/**
 * Checks what `/config symbol` is to change: which coin a symbol means, or (without a coin) that it
 * means again what it means everywhere.
 */
export async function checkSymbolInput(
  input: { readonly symbol: string; readonly coin: string | undefined },
  before: GuildSettings,
  { coins, ask }: Pick<Services, "coins"> & { readonly ask: Ask },
): Promise<Checked<{ readonly symbol: string; readonly coin: Coin | null }>> {
  const symbol = symbolOf(input.symbol);
  if (symbol === undefined)
    return wrong(
      `“${echo(input.symbol)}” is no symbol: it has up to 20 characters without spaces, such as UNI.`,
    );
  const isSet = Object.hasOwn(before.symbols, symbol);
  if (input.coin === undefined) {
    return isSet
      ? right({ symbol, coin: null })
      : wrong(
          `${echo(symbol)} has no meaning of its own on this server: name a coin to give it one.`,
        );
  }
  if (!isSet && Object.keys(before.symbols).length >= MOST_SYMBOLS) {
    return wrong(`A server can choose ${MOST_SYMBOLS} symbols at the most: give one back first.`);
  }
  const found = await findCoin(input.coin, { coins, ask });
  return found.ok ? right({ symbol, coin: found.value }) : found;
}

/** The coins of a list typed with commas: names, symbols or ids, each once. All must be found. */
export async function checkCoins(
  text: string,
  before: Pick<GuildSettings, "symbols">,
  { coins, ask }: Pick<Services, "coins"> & { readonly ask: Ask },
): Promise<Checked<readonly Coin[]>> {
  const typed = splitCoins(text);
  if (typed.length === 0)
    return wrong("Name at least one coin, such as bitcoin, or several with commas.");
  // Twice as many may still name only ten different ones.
  if (typed.length > 2 * MOST_DIGEST_COINS) return wrong(tooMany(typed.length));
  const found: Coin[] = [];
  for (const one of typed) {
    const checked = await findCoin(coinTextOn(before, one), { coins, ask }, one);
    if (!checked.ok) return checked;
    if (found.every(({ coinId }) => coinId !== checked.value.coinId)) found.push(checked.value);
  }
  return found.length > MOST_DIGEST_COINS ? wrong(tooMany(found.length)) : right(found);
}

/** The parts of a typed list of coins. */
export function splitCoins(text: string): readonly string[] {
  return text
    .split(/[,;\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** The currency that a text is the code or the English name of, from memory. */
export function findCurrency(text: string, currencies: readonly Currency[]): Currency | undefined {
  const wanted = comparable(text);
  return currencies.find(
    ({ code, name }) => comparable(code) === wanted || comparable(name) === wanted,
  );
}

/**
 * Currencies that a text being typed may become, best known first: by code, or by the beginning of
 * a word of the name.
 */
export function suggestCurrencies(
  text: string,
  currencies: readonly Currency[],
  limit: number,
): readonly Currency[] {
  const wanted = comparable(text);
  const matches = ({ code, name }: Currency) =>
    comparable(code).startsWith(wanted) ||
    comparable(name)
      .split(" ")
      .some((_word, at, words) => words.slice(at).join(" ").startsWith(wanted));
  return currencies.filter(matches).slice(0, limit);
}

/** An amount that is in a currency already, as people write it. */
export function inCurrency(amount: number, code: string, locale: string): string {
  return formatMoney(amount, { code, perUsd: 1 }, locale);
}

async function checkCurrency(
  text: string,
  { rates, ask }: Pick<Services, "rates"> & { readonly ask: Ask },
): Promise<Checked<ShownCurrency>> {
  // Asking for the rate of one that is not offered may make it known.
  const currency = findCurrency(text, rates.currencies()) ?? findCurrency(text, everyCurrency());
  const perUsd = currency === undefined ? undefined : await rates.perUsd(currency.code, ask);
  if (currency !== undefined && perUsd !== undefined) return right({ code: currency.code, perUsd });
  return rates.currencies().length > 1
    ? wrong(
        `“${echo(text)}” is no currency that there is an exchange rate for: choose one of the suggestions, such as EUR.`,
      )
    : wrong(
        "Exchange rates cannot be had right now, so the currency cannot be checked: try again in a few minutes.",
      );
}

/**
 * What a new currency does to the amounts that were not given with it: they keep their worth,
 * because ¥1,000 is not what
 * somebody meant who once chose €1,000. What was typed stays stored; it counts exactly again in the
 * currency that it was typed in.
 */
function conversionsInWords(
  input: AnswerInput,
  stored: GuildSettings,
  { to, known, locale }: { to: ShownCurrency; known: KnownRates; locale: string },
): readonly string[] {
  const converted = (what: string, amount: "stake" | "carPrice", typed: number) => {
    const from = typedCurrencyOf(stored, amount);
    const shown = inCurrency(typed, from, locale);
    const current = amountIn(to, stored, amount, known);
    if (from === to.code) return `The ${what} is ${shown} again, as it was set.`;
    return current == null
      ? `The ${what} of ${shown} cannot be converted now: the usual one counts until it can.`
      : `The ${what} of ${shown} is now ${inCurrency(current, to.code, locale)}, about the same worth.`;
  };
  const notes: string[] = [];
  if (input.amount === undefined) {
    const usual = usualStakeIn(to);
    if (stored.stake !== null) notes.push(converted("default stake", "stake", stored.stake));
    else if (usual !== USUAL_PURCHASE.stake) {
      const worth = formatMoney(USUAL_PURCHASE.stake / to.perUsd, US_DOLLARS, locale);
      const [few, many] = [USUAL_PURCHASE.stake, usual].map((stake) =>
        inCurrency(stake, to.code, locale),
      );
      notes.push(`${few} would be worth ${worth}, so the default stake is now ${many}.`);
    }
  }
  if (input.carPrice === undefined && input.carKey === undefined && stored.carPrice !== null) {
    notes.push(converted("own car price", "carPrice", stored.carPrice));
  }
  return notes;
}

async function findCoin(
  text: string,
  { coins, ask }: Pick<Services, "coins"> & { readonly ask: Ask },
  typed = text,
): Promise<Checked<Coin>> {
  const resolution = await coins.resolve(text, ask);
  if (resolution.ok) return right(resolution.coin);
  switch (resolution.reason) {
    case "prices-unavailable":
      return wrong(
        `The list of coins cannot be reached right now, so “${echo(typed)}” cannot be looked up: try again in a few minutes.`,
      );
    case "ambiguous-coin":
      return wrong(
        `Several coins answer to “${echo(typed)}”: write ${listed(resolution.candidates)}.`,
      );
    case "unknown-coin":
      return resolution.suggestions.length === 0
        ? wrong(
            `No coin here is called “${echo(typed)}”: check the spelling, or choose one of the suggestions.`,
          )
        : wrong(
            `No coin here is called “${echo(typed)}”. Did you mean ${listed(resolution.suggestions)}?`,
          );
  }
}

function listed(coins: readonly Coin[]): string {
  const named = coins
    .slice(0, MAX_NAMED)
    .map(
      (coin) =>
        `id:${echo(coin.coinId)} (${coinName(coin, "markdown")}, ${coinSymbol(coin, "markdown")})`,
    );
  return named.length < 2 ? named.join("") : `${named.slice(0, -1).join(", ")} or ${named.at(-1)}`;
}

const KINDS = {
  voice: "a voice channel",
  forum: "a forum",
  thread: "a thread",
  category: "a category",
  other: "no channel for messages",
} as const;

function unreachable(what: "channel" | "role", reason: DirectoryFailure): string {
  switch (reason) {
    case "unknown":
      return `That ${what} is not one of this server's: it may have been deleted.`;
    case "no-access":
      return `I may not see that ${what}: give my role *View Channel* there, then try again.`;
    case "unavailable":
      return `Discord cannot be asked about that ${what} right now: try again in a minute.`;
  }
}

const UNKNOWN = { ok: false, reason: "unknown" } as const;

/**
 * Clients send ids only; whoever writes requests by hand may send anything, and it would become
 * part of an address.
 */
function isId(text: string): boolean {
  return /^\d{15,20}$/.test(text);
}

function tooMany(count: number): string {
  return `A digest has up to ${MOST_DIGEST_COINS} coins, and that is ${count}.`;
}

function echo(text: string): string {
  return escapedText(text, MAX_ECHO);
}

function right<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

function wrong(sentence: string): { readonly ok: false; readonly sentence: string } {
  return { ok: false, sentence };
}
