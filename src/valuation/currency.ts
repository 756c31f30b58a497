/**
 * The currency that amounts are shown in, and what a US dollar is worth in it; all arithmetic stays
 * in USD.
 */
export type ShownCurrency = {
  /** ISO 4217 code in capitals, such as `EUR`. */
  readonly code: string;
  /** How much of the currency one US dollar is worth. */
  readonly perUsd: number;
};

/** US dollars: what everything is computed in, and shown in when no other currency was chosen. */
export const US_DOLLARS: ShownCurrency = { code: "USD", perUsd: 1 };

/**
 * An amount in USD as an amount of the currency, free of the noise of going there and back: 1,000
 * EUR come back as 1,000.
 */
export function fromUsd(amountUsd: number, { perUsd }: ShownCurrency): number {
  // Fifteen digits are all that a double holds for certain; one less absorbs the two roundings on
  // the way.
  return perUsd === 1 ? amountUsd : Number((amountUsd * perUsd).toPrecision(14));
}
