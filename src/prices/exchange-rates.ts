import type { Ask } from "./price-source.ts";

/** What one US dollar is worth in other currencies, today. */
export type ExchangeRates = {
  /** How much of a currency (ISO 4217, capitals) one US dollar is worth; undefined when it is not known or the rates cannot be had. Never rejects. */
  perUsd(code: string, ask: Ask): Promise<number | undefined>;
  /** The fiat currencies that can be chosen, best known first; from memory, USD alone before the rates were first had. */
  currencies(): readonly Currency[];
  /** Asks for the rates in the background when they are old. To be called at start and now and then. */
  refresh(): Promise<void>;
};

/** A fiat currency: its ISO 4217 code in capitals and its English name, such as `EUR` and `Euro`. */
export type Currency = { readonly code: string; readonly name: string };
