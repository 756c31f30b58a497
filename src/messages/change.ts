import type { ShownCurrency } from "../valuation/currency.ts";
import { formatMoney, formatSignedLambos, formatSignedMoney, signedLambosShown } from "./format.ts";
import { say } from "./say.ts";

/**
 * What changed since the previous digest, as far as rounding shows it: in Lambos, or in US dollars
 * where the number of Lambos would not show it.
 */
export type Change =
  | { readonly unit: "lambos"; readonly lambos: number }
  | { readonly unit: "money"; readonly usd: number }
  | { readonly unit: "none" };

/** A change as words: "+0.31 Lambo", "-2.4 Lambos", "-$3.21", "unchanged". */
export function changeInWords(change: Change, currency: ShownCurrency, locale: string): string {
  switch (change.unit) {
    case "none":
      return say(locale, "change.none");
    case "money":
      return formatSignedMoney(change.usd, currency, locale);
    case "lambos":
      return say(locale, "change.lambos", {
        ...signedLambosShown(change.lambos, locale),
        size: Math.abs(change.lambos) < 1 ? "part" : "other",
      });
  }
}

/** {@link changeInWords} where the unit is known: "+0.31", "-$3.21", "unchanged". */
export function changeBriefly(change: Change, currency: ShownCurrency, locale: string): string {
  return change.unit === "lambos"
    ? formatSignedLambos(change.lambos, locale)
    : changeInWords(change, currency, locale);
}

/**
 * The figure of {@link changeInWords} alone, for a column where an arrow tells the direction:
 * "0.31", "2.4", "$3.21", "=".
 */
export function changeFigure(change: Change, currency: ShownCurrency, locale: string): string {
  switch (change.unit) {
    case "none":
      return "=";
    case "money":
      return formatMoney(Math.abs(change.usd), currency, locale);
    case "lambos":
      // The sign's rounding, not that of a number of Lambos: the text beside it says the same.
      return formatSignedLambos(Math.abs(change.lambos), locale).replace(/^\+/u, "");
  }
}

/** Which way a change goes; undefined when nothing changed. */
export function directionOf(change: Change): "up" | "down" | undefined {
  if (change.unit === "none") return undefined;
  return (change.unit === "lambos" ? change.lambos : change.usd) > 0 ? "up" : "down";
}
