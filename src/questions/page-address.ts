import type { Coin } from "../prices/coins/coin.ts";
import type { CoinIndex } from "../prices/coins/coin-index.ts";
import { carValue } from "../valuation/lambo-models.ts";
import type { LamboAnswer } from "./answer.ts";
import { type AskedPurchase, USUAL_PURCHASE } from "./purchase.ts";

/** The parameters of a page's address, each as the address of an answer has it. */
export type PageParameters = {
  readonly stake: string;
  /** ISO 4217, in capitals. */
  readonly currency: string;
  /** A model's key, or a car price in `currency`. */
  readonly car: string;
  /** A UTC day, or {@link PEAK}; absent for a purchase at the listing. */
  readonly bought?: string;
};

/** Stands for the day of the highest close, whichever that is when somebody opens the page. */
export const PEAK = "peak";

/** What an answer's page address is made of. */
export type PageSubject = Pick<LamboAnswer, "coin" | "asked" | "bought">;

/**
 * Where an answer's web page is, below the pages' own address: `/c/dogecoin?stake=500&car=urus-s`.
 * What goes without saying is left out, so each question has one address.
 */
export function pagePath(answer: PageSubject, coins: Pick<CoinIndex, "known">): string {
  const usual = new Map(Object.entries(parametersOf(USUAL_PURCHASE)));
  const told = Object.entries(pageParameters(answer)).filter(
    ([name, value]) => usual.get(name) !== value,
  );
  const query = new URLSearchParams(told).toString();
  return `/c/${pathSegment(pageCoin(answer.coin, coins))}${query === "" ? "" : `?${query}`}`;
}

/** Every parameter of an answer's page address, the usual ones too. */
export function pageParameters({ asked, bought }: PageSubject): PageParameters {
  if (bought === undefined) return parametersOf(asked);
  return { ...parametersOf(asked), bought: bought.asked.by === "peak" ? PEAK : bought.askedOn };
}

function parametersOf({ stake, currency, car }: AskedPurchase): PageParameters {
  return { stake: plainNumber(stake), currency, car: carValue(car) };
}

/** The text that means a coin in an address: its id, or `id:<id>` where another coin has it. */
export function pageCoin(
  { coinId }: Pick<Coin, "coinId">,
  coins: Pick<CoinIndex, "known">,
): string {
  const isPlain = /^[a-z0-9]/i.test(coinId) && coins.known(coinId)?.coinId === coinId;
  return isPlain ? coinId : `id:${coinId}`;
}

/** A text as one segment of a path; a colon may stand there as it is (RFC 3986, 3.3). */
export function pathSegment(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, "")).replaceAll("%3A", ":");
}

/**
 * A number without an exponent, which nobody would type into an address, and as it is read in every
 * language: 1.125 would be a thousand in some of them, but 1.1250 is not.
 */
function plainNumber(amount: number): string {
  const text = String(amount);
  const plain = text.includes("e") ? amount.toFixed(20).replace(/\.?0+$/, "") : text;
  return /^[1-9]\d{0,2}\.\d{3}$/.test(plain) ? `${plain}0` : plain;
}
