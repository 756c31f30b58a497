import { coinHash } from "../../prices/coins/coin.ts";
import type { CoinIndex } from "../../prices/coins/coin-index.ts";
import { isCurrency } from "../../prices/currencies.ts";
import type { LamboAnswer, LamboQuestion } from "../../questions/answer.ts";
import { readBought } from "../../questions/bought.ts";
import type { CoinChoice } from "../../questions/coin-choice.ts";
import { pageCoin, pageParameters } from "../../questions/page-address.ts";
import { type AskedPurchase, typedPurchase } from "../../questions/purchase.ts";
import type { Refusal } from "../../questions/refusal.ts";
import type { Result } from "../../result.ts";
import { utcDay } from "../../valuation/calendar.ts";
import { findLamboModel, parseCarValue } from "../../valuation/lambo-models.ts";

/** The parameters of a page, as typed; those that are empty are absent. */
export type TypedQuestion = {
  readonly coin: string;
  readonly stake?: string;
  readonly currency?: string;
  readonly car?: string;
  readonly bought?: string;
};

/** Why a page cannot say anything: a refusal, or something that only an address can get wrong. */
export type PageRefusal = Refusal | { readonly reason: "unknown-currency"; readonly typed: string };

/** Whether only an address can be refused for it. */
export function isAddressProblem(
  refusal: PageRefusal,
): refusal is Exclude<PageRefusal, { readonly reason: Refusal["reason"] }> {
  return refusal.reason === "unknown-currency";
}

/** Longer texts mean nothing that we know. */
const MAX_TYPED = 2_000;
const OPTIONAL = ["stake", "currency", "car", "bought"] as const;

/** The question of an address or a form: what nobody filled in is left out. */
export function typedQuestion(
  coin: string,
  query: Readonly<Record<string, string>>,
): TypedQuestion {
  const told = OPTIONAL.flatMap((name) => {
    const value = query[name]?.slice(0, MAX_TYPED).trim();
    return value === undefined || value === "" ? [] : [[name, value]];
  });
  return { coin: coin.slice(0, MAX_TYPED), ...Object.fromEntries(told) };
}

/**
 * Reads what was typed, as it is written in this locale; the coin is left to whoever answers the
 * question.
 */
export function readQuestion(
  { coin, stake, currency, car, bought }: TypedQuestion,
  { coins, now }: { readonly coins: Pick<CoinIndex, "known">; now(): Date },
  locale: string,
): Result<{ readonly question: LamboQuestion }, { readonly refusal: PageRefusal }> {
  const code = currency?.toUpperCase();
  if (code !== undefined && !isCurrency(code))
    return refused({ reason: "unknown-currency", typed: currency ?? "" });
  const purchase = typedPurchase({ amount: stake, currency: code, carKey: undefined }, locale);
  if (!purchase.ok) return purchase;
  const chosenCar = car === undefined ? purchase.asked.car : carOf(car);
  if (chosenCar === undefined) return refused({ reason: "unknown-car" });
  const asked: AskedPurchase = { ...purchase.asked, car: chosenCar };
  const question = { coin: coinOf(coin, coins), ...asked };
  if (bought === undefined) return { ok: true, question };
  const day = readBought(bought, { locale, todayOn: utcDay(now()) });
  if (!day.ok) return day;
  return { ok: true, question: { ...question, ...(day.bought && { bought: day.bought }) } };
}

/** A model by its key or name, or a car price. */
function carOf(text: string) {
  return parseCarValue(text) ?? findLamboModel(text);
}

/**
 * The very coin whose id this is, if nothing better known has that name: an address that somebody
 * keeps does not become a question because a similar coin has grown.
 */
function coinOf(text: string, coins: Pick<CoinIndex, "known">): CoinChoice {
  return coins.known(text)?.coinId === text
    ? { by: "hash", hash: coinHash(text) }
    : { by: "text", text };
}

function refused(refusal: PageRefusal): {
  readonly ok: false;
  readonly refusal: PageRefusal;
} {
  return { ok: false, refusal };
}

/** Whether this question was asked in other words than the address of its answer has. */
export function isElsewhere(
  typed: TypedQuestion,
  answer: LamboAnswer,
  coins: Pick<CoinIndex, "known">,
): boolean {
  const written = pageParameters(answer);
  return (
    typed.coin !== pageCoin(answer.coin, coins) ||
    OPTIONAL.some((name) => typed[name] !== undefined && typed[name] !== written[name])
  );
}

/** Whether the page has to say how it read the question, which only its own address has. */
export function isReadWithCare({ asked, bought, guess }: LamboAnswer): boolean {
  const isDayDoubtful = bought?.asked.by === "day" && bought.asked.ambiguousDay !== undefined;
  return guess !== undefined || asked.ambiguousStake !== undefined || isDayDoubtful;
}
