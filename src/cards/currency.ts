/** The currency that amounts are shown in, and what a US dollar is worth in it; all arithmetic stays in USD. */
export type ShownCurrency = {
  /** ISO 4217 code in capitals, such as `EUR`. */
  readonly code: string;
  /** How much of the currency one US dollar is worth. */
  readonly perUsd: number;
};

/** US dollars: what everything is computed in, and shown in when no other currency was chosen. */
export const US_DOLLARS: ShownCurrency = { code: "USD", perUsd: 1 };
