import type { ShownCurrency } from "../valuation/currency.ts";
import { lambosAt, type Valuation } from "../valuation/valuation.ts";
import { formatMoneyUp } from "./format.ts";

type Question = Pick<Valuation, "opening" | "closing" | "carPriceUsd" | "stakeForOneLamboUsd">;

/**
 * The stake that would buy one Lambo at the closing price, rounded up in its last digit so that
 * typing it back still buys one; undefined when no stake would.
 */
export function stakeForOneInWords(
  question: Question,
  currency: ShownCurrency,
  locale: string,
): string | undefined {
  const { stakeForOneLamboUsd } = question;
  if (stakeForOneLamboUsd === null) return undefined;
  return formatMoneyUp(stakeForOneLamboUsd, currency, locale, buysOne(question, currency));
}

/** Whether a stake of this amount, in the currency, buys one Lambo. */
function buysOne(
  { opening, closing, carPriceUsd }: Question,
  { perUsd }: ShownCurrency,
): (amount: number) => boolean {
  return (amount) => lambosAt(closing.meanUsd, opening.meanUsd, amount / perUsd, carPriceUsd) >= 1;
}
