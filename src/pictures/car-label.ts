import { formatLambos, formatMoney, lambosShownBriefly } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { carName } from "../messages/wording.ts";
import type { ShownCurrency } from "../valuation/currency.ts";
import type { Car } from "../valuation/lambo-models.ts";
import type { Typeface } from "./fonts/typeface.ts";
import { drawable, firstFitting, SMALLEST_TEXT_PX } from "./text-fit.ts";

/** The car that Lambos are counted in: a model's name, or the custom price. */
export function carInWords(car: Car, currency: ShownCurrency, locale: string): string {
  return "ownPrice" in car
    ? say(locale, "picture.car.own-price", {
        price: formatMoney(car.ownPrice / currency.perUsd, currency, locale),
      })
    : carName(car, locale, "plain");
}

/** {@link carInWords} at the smallest text size, in glyphs that the face has. */
export function carLabel(
  car: Car,
  currency: ShownCurrency,
  locale: string,
  face: Typeface,
  maxWidthPx: number,
): string {
  const texts = drawable(locale, face, (code) => [
    carInWords(car, currency, code),
    ...("ownPrice" in car ? [say(code, "picture.car.unnamed")] : []),
  ]);
  return firstFitting(texts, face, SMALLEST_TEXT_PX, maxWidthPx);
}

/** A number of Lambos for a narrow place: "3.58B Lambos". */
export function lambosInShort(lambos: number, locale: string): string {
  return say(locale, "lambos", lambosShownBriefly(lambos, locale));
}

/**
 * A number of Lambos as it reads in figures, so that the cars drawn are those that the words name:
 * 0.9996 reads 0.99, and 1.004 reads 1.
 */
export function lambosAsRead(lambos: number): number {
  if (!(lambos > 0 && lambos < COUNTED_BELOW)) return lambos;
  const read = Number(formatLambos(lambos, "en-US"));
  // What reads "<0.000…1" is no number.
  return Number.isFinite(read) ? read : lambos;
}

// Larger numbers have digit groups, and no picture shows so many cars one by one.
const COUNTED_BELOW = 999;
