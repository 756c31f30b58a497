/** The currency that amounts are shown in, and its rate; all arithmetic stays in USD. */
export type ShownCurrency = {
  /** ISO 4217 code in capitals, such as `EUR`. */
  readonly code: string;
  /** How many units of the currency one US dollar is worth. */
  readonly perUsd: number;
};

/** US dollars: the currency of all arithmetic, and the default for showing amounts. */
export const US_DOLLARS: ShownCurrency = { code: "USD", perUsd: 1 };

/**
 * An amount in USD converted to the currency, without rounding noise: 1,000 EUR converted to USD
 * and back are exactly 1,000.
 */
export function fromUsd(amountUsd: number, { perUsd }: ShownCurrency): number {
  // A double holds fifteen digits for certain; one digit less absorbs the two roundings.
  return perUsd === 1 ? amountUsd : Number((amountUsd * perUsd).toPrecision(14));
}
