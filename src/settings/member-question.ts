import { ApplicationCommandOptionType } from "discord-api-types/v10";
import { suggestAmounts } from "../cards/amount-suggestions.ts";
import { suggestBought } from "../cards/bought-suggestions.ts";
import type { AutocompleteCall, CallOrigin, CommandCall } from "../discord/call.ts";
import { DISCORD_LIMITS } from "../discord/limits.ts";
import type { Suggestion } from "../discord/reply.ts";
import { snowflakeMs } from "../discord/snowflake.ts";
import { shortened } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { coinLabel, coinName } from "../messages/wording.ts";
import { coinHash } from "../prices/coins/coin.ts";
import type { Ask } from "../prices/price-source.ts";
import { type Bought, type BoughtContext, type Joined, readBought } from "../questions/bought.ts";
import type { CoinChoice } from "../questions/coin-choice.ts";
import { type AskedPurchase, purchaseOf, readStake } from "../questions/purchase.ts";
import { type Refused, refused } from "../questions/refusal.ts";
import { typedCoins } from "../questions/typed-coins.ts";
import { splitCoinList } from "../reading/coin-list.ts";
import type { Result } from "../result.ts";
import type { Services } from "../services.ts";
import { utcDay } from "../valuation/calendar.ts";
import { carChoices } from "../valuation/lambo-models.ts";
import { currencyOf, purchaseIn } from "./amount-conversion.ts";
import {
  coinTextOn,
  OWN_COIN,
  ownCoinOn,
  settingsFor,
  usualPurchaseOf,
} from "./effective-settings.ts";
import { suggestCoinList } from "./suggestions.ts";

/** How price sources are asked: a member is waiting. */
export const MEMBER_ASK: Ask = { priority: "interactive" };

/** The option that names a coin. */
export const COIN_OPTION = {
  type: ApplicationCommandOptionType.String,
  description: (locale: string) => say(locale, "command.lambo.coin"),
  autocomplete: true,
  // The address of a coin's page may be pasted here.
  maxLength: 300,
} as const;

/** The declarations of {@link PurchaseOptions}. */
export const PURCHASE_OPTIONS = {
  amount: {
    type: ApplicationCommandOptionType.String,
    description: (locale: string) => say(locale, "command.lambo.amount"),
    autocomplete: true,
    maxLength: 100,
    orNumber: true,
  },
  car: {
    type: ApplicationCommandOptionType.String,
    description: (locale: string) => say(locale, "command.lambo.car"),
    choices: carChoices(),
  },
  private: {
    type: ApplicationCommandOptionType.Boolean,
    description: (locale: string) => say(locale, "command.lambo.private"),
  },
} as const;

/** The options that every command about coins has beside its coins. */
export type PurchaseOptions = {
  /** As typed; a number from clients that have an older form of the command. */
  readonly amount: string | number | undefined;
  /** The key of a car. */
  readonly car: string | undefined;
  readonly private: boolean | undefined;
};

/** The purchase that a member typed, with the server's choices for all that was left out. */
export async function purchaseOn(
  call: CommandCall<PurchaseOptions>,
  services: Pick<Services, "settings" | "rates">,
): Promise<Result<{ readonly asked: AskedPurchase }, Refused>> {
  const { amount, car: carKey } = call.options;
  const settings = settingsFor(call, services);
  const stake =
    amount === undefined ? undefined : readStake(amount, currencyOf(settings), call.locale);
  if (stake?.ok === false) return stake;
  const usual = await usualPurchaseOf(settings, services.rates, MEMBER_ASK);
  const base = await inNamedCurrency(usual, stake?.currency, services);
  if (!base.ok) return base;
  const asked = purchaseOf({ ...stake?.chosen, carKey }, base.asked);
  return asked === undefined ? refused({ reason: "unknown-car" }) : { ok: true, asked };
}

/** A purchase in the currency that was named with its stake, if any; refused without a rate. */
export async function inNamedCurrency(
  asked: AskedPurchase,
  code: string | undefined,
  { rates }: Pick<Services, "rates">,
): Promise<Result<{ readonly asked: AskedPurchase }, Refused>> {
  if (code === undefined) return { ok: true, asked };
  const moved = await purchaseIn(code, asked, rates, MEMBER_ASK);
  return moved === undefined ? refused({ reason: "no-rate", code }) : { ok: true, asked: moved };
}

/** Whether only the member sees the answer: as the member says, else as the server has chosen. */
export function isPrivateFor(
  call: CommandCall<Pick<PurchaseOptions, "private">>,
  services: Pick<Services, "settings">,
): boolean {
  return call.options.private ?? settingsFor(call, services).replies === "private";
}

/**
 * The day on which the member joined the server; where Discord does not say, as outside servers,
 * the day on which the Discord account was made, which its id tells.
 */
function joinedOf({ joinedAt, userId }: CallOrigin): Joined {
  return joinedAt === undefined
    ? { by: "account-made", on: utcDay(snowflakeMs(userId)) }
    : { by: "server-joined", on: utcDay(Date.parse(joinedAt)) };
}

/** How a day of buying is read that a member types. */
function boughtContext(call: CallOrigin, { now }: Pick<Services, "now">): BoughtContext {
  return { locale: call.locale, todayOn: utcDay(now()), joined: joinedOf(call) };
}

/** The day of buying that a member typed; none is the listing. */
export function boughtBy(
  call: CommandCall<{ readonly bought: string | undefined }>,
  services: Pick<Services, "now">,
): Result<{ readonly bought?: Bought }, Refused> {
  const { bought } = call.options;
  return bought === undefined ? { ok: true } : readBought(bought, boughtContext(call, services));
}

/** What is suggested for a day of buying that a member is typing. */
export function suggestDays(
  call: AutocompleteCall,
  services: Pick<Services, "now">,
): readonly Suggestion[] {
  return suggestBought(call.focused.text, boughtContext(call, services));
}

/** What is suggested for an amount that a member is typing. */
export async function suggestStakes(
  call: AutocompleteCall,
  services: Pick<Services, "settings" | "rates">,
): Promise<readonly Suggestion[]> {
  const settings = settingsFor(call, services);
  return suggestAmounts(call.focused.number ?? call.focused.text, {
    locale: call.locale,
    currency: currencyOf(settings),
    usual: await usualPurchaseOf(settings, services.rates, MEMBER_ASK),
  });
}

/** What is suggested for a coin being typed: what it means on the server, then everywhere. */
export async function suggestCoins(
  call: AutocompleteCall,
  services: Pick<Services, "settings" | "coins">,
): Promise<readonly Suggestion[]> {
  const { coins } = services;
  const settings = settingsFor(call, services);
  const chosenId = ownCoinOn(settings, call.focused.text);
  const chosen =
    chosenId === undefined ? undefined : await coins.byHash(coinHash(chosenId), MEMBER_ASK);
  const others = coins
    .suggest(call.focused.text, DISCORD_LIMITS.choices)
    .filter(({ coin }) => coin.coinId !== chosen?.coinId);
  return [
    ...(chosen === undefined
      ? []
      : [{ name: coinLabel(chosen, call.locale), value: `id:${chosen.coinId}` }]),
    ...others.map(({ coin, value }) => ({
      name: coinLabel(coin, call.locale),
      value: ownCoinOn(settings, value) === undefined ? value : `id:${coin.coinId}`,
    })),
  ].slice(0, DISCORD_LIMITS.choices);
}

/**
 * What is suggested for an option that takes several coins, `most` at most: of a list, the list as
 * it stands, and what its last coin may become.
 */
export async function suggestSeveralCoins(
  call: AutocompleteCall,
  services: Pick<Services, "settings" | "coins">,
  most: number,
): Promise<readonly Suggestion[]> {
  const { coins } = services;
  const { text } = call.focused;
  const parts = splitCoinList(text, (part) => coins.known(part));
  if (parts.length < 2) return suggestCoins(call, services);
  const known = parts.flatMap((part) => coins.known(part) ?? []);
  const name = known.map((coin) => coinName(coin, call.locale, "plain")).join(", ");
  const isWhole = known.length === parts.length && text.length <= DISCORD_LIMITS.choiceLength;
  return [
    ...(isWhole ? [{ name: shortened(name, DISCORD_LIMITS.choiceLength), value: text }] : []),
    ...suggestCoinList(text, settingsFor(call, services), services, call.locale, most),
  ].slice(0, DISCORD_LIMITS.choices);
}

/** The coin that a member typed, as it is understood on the server; without one, any large one. */
export function coinOn(
  call: CommandCall<{ readonly coin: string | undefined }>,
  services: Pick<Services, "settings">,
): CoinChoice {
  const { coin } = call.options;
  return coin === undefined
    ? { by: "chance", seed: call.interactionId }
    : { by: "text", text: coinTextOn(settingsFor(call, services), coin) };
}

/** The coins that a member typed, several in one text too, as they are understood on the server. */
export async function coinsOn(
  call: { readonly guildId?: string },
  texts: readonly string[],
  { settings, coins }: Pick<Services, "settings" | "coins">,
): Promise<readonly CoinChoice[]> {
  const chosen = settingsFor(call, { settings });
  const typed = await typedCoins(texts, {
    coins,
    known: (part) => (ownCoinOn(chosen, part) === undefined ? coins.known(part) : OWN_COIN),
    isCoin: async (whole) => (await coins.resolve(coinTextOn(chosen, whole), MEMBER_ASK)).ok,
    ask: MEMBER_ASK,
  });
  return typed.map((text) => ({ by: "text", text: coinTextOn(chosen, text) }));
}
