import { formatDay, formatMoney } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { distanceInWords, pastInWords, priceInProse } from "../messages/wen-wording.ts";
import { openingInWords } from "../messages/wording.ts";
import { nameInAltText, withDemoNotice } from "./alt-text.ts";
import { carInWords } from "./car-label.ts";
import type { WenSubject } from "./wen-subject.ts";

/** The picture's alt text: what it says and what is drawn, then the past. */
export function wenAltText(subject: WenSubject): string {
  const { valuation, needed, points, currency, locale, car } = subject;
  const sentence = say(locale, "picture.wen.alt", {
    coin: nameInAltText(subject),
    price: priceInProse(needed.priceUsd, currency, locale),
    stake: formatMoney(valuation.stakeUsd, currency, locale),
    opening: openingInWords({ valuation }, locale),
    car: carInWords(car, currency, locale),
    distance: distanceInWords(subject, locale),
    from: formatDay(points[0]?.on ?? valuation.firstRecordedOn, locale),
    to: formatDay(valuation.lastRecordedOn, locale),
    past: pastInWords({ ...subject, history: { points } }, locale),
  });
  return withDemoNotice(sentence, valuation.flags.includes("demo"), locale);
}
