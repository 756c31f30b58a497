import { type Coin, coinHash } from "./prices/coins/coin.ts";
import type { CoinIndex } from "./prices/coins/coin-index.ts";
import type { ExchangeRates } from "./prices/exchange-rates.ts";
import type { HistoryRefusal } from "./prices/history/history-outcome.ts";
import type { PriceHistories } from "./prices/history/price-history.ts";
import type { Ask } from "./prices/price-source.ts";
import { pickByHash } from "./process/hash-fraction.ts";
import { readAmount, type UnreadAmount } from "./reading/amount.ts";
import type { Result } from "./result.ts";
import { utcDay } from "./valuation/calendar.ts";
import { type ShownCurrency, US_DOLLARS } from "./valuation/currency.ts";
import { AVERAGE_LAMBO, type Car, findLamboModel } from "./valuation/lambo-models.ts";
import type { PriceHistory } from "./valuation/price-record.ts";
import {
  type Purchase,
  type RecordOutcome,
  recordOf,
  type Valuation,
  type ValuationRefusal,
  valueRecord,
} from "./valuation/valuation.ts";

/**
 * Which coin is asked about: as typed, as carried by a button, or one of the hundred largest,
 * chosen by the seed, but not the one with the hash `otherThan`.
 */
export type CoinChoice =
  | { readonly by: "text"; readonly text: string }
  | { readonly by: "hash"; readonly hash: string }
  | { readonly by: "chance"; readonly seed: string; readonly otherThan?: string };

/**
 * What was spent, and which car the profit should buy: the part of a question that a server can set
 * for all its members.
 */
export type AskedPurchase = {
  /** In `currency`. */
  readonly stake: number;
  /** ISO 4217 code in capitals, such as `EUR`. */
  readonly currency: string;
  readonly car: Car;
  /** Absent unless some of the server's choices are replaced. */
  readonly rateGap?: RateGap;
  /** Absent unless the stake was typed, and could have meant another amount. */
  readonly ambiguousStake?: AmbiguousStake;
};

/** A stake as it was typed, such as "1.000", and the amount that it was not taken for. */
export type AmbiguousStake = { readonly typed: string; readonly alternative: number };

/**
 * Which of a server's choices cannot be used for lack of an exchange rate: the usual stake or car
 * replaces them.
 */
export type RateGap = {
  /** The currencies without a rate, ISO 4217. */
  readonly codes: readonly string[];
  /** The server's own currency: the one in which its members type amounts. */
  readonly serverCurrency: string;
  readonly isStakeUsual: boolean;
  readonly isCarUsual: boolean;
};

/** A purchase at today's rates. */
export type PricedPurchase = Purchase & {
  /** Exactly as asked. */
  readonly asked: AskedPurchase;
  /** The currency that amounts are shown in: the one asked in. */
  readonly currency: ShownCurrency;
};

/** The one question that this program answers. */
export type LamboQuestion = AskedPurchase & { readonly coin: CoinChoice };

/** What was typed and taken for another name, and what else it may mean, likeliest first. */
export type TypedGuess = { readonly typed: string; readonly others: readonly Coin[] };

/** A valued purchase with everything that a card, the terminal or an API shows. */
export type LamboAnswer = {
  readonly coin: Coin;
  /** Present when the typed text was no name of the coin: every answer then says what it took. */
  readonly guess?: TypedGuess;
  /** Other coins with the same symbol, best rank first. */
  readonly namesakes: readonly Coin[];
  /**
   * The purchase exactly as asked: carried by the buttons and menus under a card, whatever happens
   * to the rates.
   */
  readonly asked: AskedPurchase;
  /** The currency that amounts are shown in: the one asked in. */
  readonly currency: ShownCurrency;
  readonly history: PriceHistory;
  readonly valuation: Valuation;
};

/** Why a question has no answer: a closed union, one plain sentence each in `cards/refusal.ts`. */
export type Refusal =
  | {
      readonly reason: "unknown-coin";
      readonly text: string;
      readonly suggestions: readonly Coin[];
    }
  | {
      readonly reason: "ambiguous-coin";
      readonly text: string;
      readonly candidates: readonly Coin[];
    }
  /** A stake or custom car price that is not a number within its limits, in this currency. */
  | { readonly reason: "invalid-amount" | "invalid-car-price"; readonly currency: ShownCurrency }
  /** A typed stake that is no amount; `code` is the currency that counts when none is named. */
  | {
      readonly reason: "invalid-amount";
      readonly typed: string;
      readonly unread: UnreadAmount | NamesAnotherCurrency;
      readonly code: string;
    }
  /** An amount in a currency (ISO 4217) without an exchange rate. */
  | { readonly reason: "no-rate"; readonly code: string }
  | { readonly reason: "unknown-car" }
  /** A button or menu whose id is not ours, or is from another version. */
  | { readonly reason: "outdated-control" }
  /**
   * Names and symbols cannot be looked up without the coin list; `text` is empty when nothing was
   * typed.
   */
  | { readonly reason: "prices-unavailable"; readonly text: string }
  | ({ readonly coin: Coin } & (ValuationRefusal | HistoryRefusal));

/** An amount in a currency (ISO 4217) other than the one that was chosen beside it. */
export type NamesAnotherCurrency = {
  readonly problem: "another-currency";
  readonly named: string;
};

/** An answer, or why there is none. */
export type LamboOutcome = Result<{ readonly answer: LamboAnswer }, Refused>;

type Refused = { readonly refusal: Refusal };

/** What {@link answerQuestion} uses. */
export type AnswerSources = {
  readonly coins: Pick<CoinIndex, "resolve" | "byHash" | "largest" | "namesakes" | "size">;
  readonly prices: Pick<PriceHistories, "history">;
  readonly rates: Pick<ExchangeRates, "perUsd">;
  /** The clock. */
  now(): Date;
};

/** Smallest and largest stake, in USD: beyond a trillion the digits stop meaning anything. */
export const STAKE_LIMITS_USD = { min: 0.01, max: 1e12 } as const;

/**
 * Smallest and largest custom car price, in USD; below a dollar, every answer would be a moonful of
 * cars.
 */
export const CAR_PRICE_LIMITS_USD = { min: 1, max: 1e12 } as const;

/** The default purchase. */
export const USUAL_PURCHASE: AskedPurchase = {
  stake: 1_000,
  currency: US_DOLLARS.code,
  car: AVERAGE_LAMBO,
};

const CHANCE_AMONG = 100;

/**
 * The usual purchase, possibly a server's, with the asker's own choices applied. A typed amount is
 * in the server's currency, even if that has no exchange rate: a number typed in one currency is
 * never read as another. Undefined for an unknown car key. A stake beyond its limits is kept:
 * {@link answerQuestion} refuses it.
 */
export function purchaseOf(
  chosen: {
    readonly stake?: number | undefined;
    readonly ambiguousStake?: AmbiguousStake | undefined;
    readonly carKey?: string | undefined;
  },
  usual: AskedPurchase = USUAL_PURCHASE,
): AskedPurchase | undefined {
  const car = chosen.carKey === undefined ? usual.car : findLamboModel(chosen.carKey);
  if (car === undefined) return undefined;
  const { rateGap, ...usualAmounts } = usual;
  const stake =
    chosen.stake === undefined
      ? {}
      : {
          stake: chosen.stake,
          ...(chosen.ambiguousStake !== undefined && { ambiguousStake: chosen.ambiguousStake }),
        };
  if (rateGap === undefined) return { ...usualAmounts, ...stake, car };
  const left: RateGap = {
    ...rateGap,
    isStakeUsual: rateGap.isStakeUsual && chosen.stake === undefined,
    isCarUsual: rateGap.isCarUsual && chosen.carKey === undefined,
  };
  return {
    ...usualAmounts,
    ...(chosen.stake !== undefined && { ...stake, currency: rateGap.serverCurrency }),
    car,
    ...((left.isStakeUsual || left.isCarUsual) && { rateGap: left }),
  };
}

/**
 * The usual purchase with a stake as somebody typed it outside Discord, in `currency` (ISO 4217) if
 * that was chosen beside it.
 */
export function typedPurchase(
  typed: {
    readonly amount: string | undefined;
    readonly currency: string | undefined;
    readonly carKey: string | undefined;
  },
  locale: string,
): Result<{ readonly asked: AskedPurchase }, Refused> {
  const code = typed.currency ?? USUAL_PURCHASE.currency;
  const stake = typed.amount === undefined ? undefined : readStake(typed.amount, code, locale);
  if (stake?.ok === false) return stake;
  const named = stake?.currency ?? code;
  if (typed.currency !== undefined && named !== code)
    return refused({
      reason: "invalid-amount",
      typed: typed.amount ?? "",
      unread: { problem: "another-currency", named },
      code,
    });
  const usual = { ...USUAL_PURCHASE, currency: named };
  const asked = purchaseOf({ ...stake?.chosen, carKey: typed.carKey }, usual);
  return asked === undefined ? refused({ reason: "unknown-car" }) : { ok: true, asked };
}

/** A stake that was read: for {@link purchaseOf}, in `currency` if the text named one. */
export type ReadStake = {
  readonly chosen: { readonly stake: number; readonly ambiguousStake?: AmbiguousStake };
  readonly currency: string | undefined;
};

/** Reads a stake as typed in a locale; `code` is the currency that counts when none is named. */
export function readStake(
  typed: string | number,
  code: string,
  locale: string,
): Result<ReadStake, Refused> {
  const read = readAmount(typed, { locale, currency: code });
  if (!read.ok)
    return refused({ reason: "invalid-amount", typed: String(typed), unread: read, code });
  const { amount, currency, alternative } = read.value;
  return {
    ok: true,
    chosen: {
      stake: amount,
      ...(alternative !== undefined && { ambiguousStake: { typed: String(typed), alternative } }),
    },
    currency,
  };
}

/**
 * Finds the coin, its price history and the purchase's value. Never rejects because of the asker or
 * the outside world.
 */
export async function answerQuestion(
  { coin: choice, ...asked }: LamboQuestion,
  { coins, prices, rates, now }: AnswerSources,
  ask: Ask,
): Promise<LamboOutcome> {
  const priced = await pricedPurchase(asked, rates, ask);
  if (!priced.ok) return priced;
  const { currency, stakeUsd, carPriceUsd } = priced.purchase;
  const chosen = await chooseCoin(choice, coins, ask);
  if (!chosen.ok) return chosen;
  const { coin, guess } = chosen;

  const outcome = await prices.history(coin, ask);
  if (!outcome.ok) return refused({ ...outcome, coin });
  const { history } = outcome;
  const recorded = knownRecordOf(history, utcDay(now()));
  if (!recorded.ok) return refused({ ...recorded, coin });
  const valuation = valueRecord(recorded.record, { stakeUsd, carPriceUsd });
  const namesakes = coins.namesakes(coin);
  return {
    ok: true,
    answer: {
      coin,
      ...(guess !== undefined && { guess }),
      namesakes,
      asked,
      currency,
      history,
      valuation,
    },
  };
}

/**
 * Histories stay in memory and never change, so each is evaluated once a day, not for every
 * question.
 */
const records = new WeakMap<
  PriceHistory,
  { readonly todayOn: string; readonly outcome: RecordOutcome }
>();

function knownRecordOf(history: PriceHistory, todayOn: string): RecordOutcome {
  const known = records.get(history);
  if (known?.todayOn === todayOn) return known.outcome;
  const outcome = recordOf(history, todayOn);
  records.set(history, { todayOn, outcome });
  return outcome;
}

/** The amounts of a purchase at today's rates, or why they are refused. */
export async function pricedPurchase(
  asked: AskedPurchase,
  rates: Pick<ExchangeRates, "perUsd">,
  ask: Ask,
): Promise<Result<{ readonly purchase: PricedPurchase }, Refused>> {
  const currency = await shownCurrency(asked.currency, rates, ask);
  if (currency === undefined) return refused({ reason: "no-rate", code: asked.currency });
  const stakeUsd = asked.stake / currency.perUsd;
  const carPriceUsd =
    "ownPrice" in asked.car ? asked.car.ownPrice / currency.perUsd : asked.car.priceUsd;
  if (!isWithin(stakeUsd, STAKE_LIMITS_USD)) return refused({ reason: "invalid-amount", currency });
  if (!isWithin(carPriceUsd, CAR_PRICE_LIMITS_USD))
    return refused({ reason: "invalid-car-price", currency });
  return { ok: true, purchase: { asked, currency, stakeUsd, carPriceUsd } };
}

async function shownCurrency(
  code: string,
  rates: Pick<ExchangeRates, "perUsd">,
  ask: Ask,
): Promise<ShownCurrency | undefined> {
  if (code === US_DOLLARS.code) return US_DOLLARS;
  const perUsd = await rates.perUsd(code, ask);
  return perUsd === undefined ? undefined : { code, perUsd };
}

/** Whether an amount is within its limits; NaN is not. */
export function isWithin(
  amountUsd: number,
  { min, max }: { readonly min: number; readonly max: number },
): boolean {
  return amountUsd >= min && amountUsd <= max;
}

async function chooseCoin(
  choice: CoinChoice,
  coins: AnswerSources["coins"],
  ask: Ask,
): Promise<Result<{ readonly coin: Coin; readonly guess?: TypedGuess }, Refused>> {
  if (choice.by === "text") {
    const resolution = await coins.resolve(choice.text, ask);
    if (!resolution.ok) return refused({ ...resolution, text: choice.text });
    const { coin, guess } = resolution;
    return {
      ok: true,
      coin,
      ...(guess !== undefined && { guess: { typed: choice.text, ...guess } }),
    };
  }
  if (choice.by === "hash") {
    const coin = await coins.byHash(choice.hash, ask);
    if (coin !== undefined) return { ok: true, coin };
    return refused(
      coins.size() === 0
        ? { reason: "prices-unavailable", text: "" }
        : { reason: "outdated-control" },
    );
  }
  const largest = await coins.largest(CHANCE_AMONG, ask);
  const others = largest.filter(({ coinId }) => coinHash(coinId) !== choice.otherThan);
  const coin = pickByHash(choice.seed, others);
  return coin === undefined
    ? refused({ reason: "prices-unavailable", text: "" })
    : { ok: true, coin };
}

function refused(refusal: Refusal): { readonly ok: false } & Refused {
  return { ok: false, refusal };
}
