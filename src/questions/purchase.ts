import type { ExchangeRates } from "../prices/exchange-rates.ts";
import type { Ask } from "../prices/price-source.ts";
import { readAmount } from "../reading/amount.ts";
import type { Result } from "../result.ts";
import { type ShownCurrency, US_DOLLARS } from "../valuation/currency.ts";
import { AVERAGE_LAMBO, type Car, findLamboModel } from "../valuation/lambo-models.ts";
import type { Purchase } from "../valuation/valuation.ts";
import { type Refused, refused } from "./refusal.ts";

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
