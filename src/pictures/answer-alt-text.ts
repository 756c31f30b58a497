import { formatDay, formatMoney, formatPrice } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import {
  isBoughtAndSoldAtOnce,
  lambosInWords,
  openingInWords,
  recordedWindows,
  tierOf,
} from "../messages/wording.ts";
import { bodyOf } from "../valuation/lambo-models.ts";
import { nameInAltText, withDemoNotice } from "./alt-text.ts";
import { sceneOf } from "./answer-layout.ts";
import type { PictureSubject } from "./answer-subject.ts";
import { carInWords } from "./car-label.ts";

/** The answer picture's alt text, in two sentences: verdict and drawing, then prices and days. */
export function answerAltText(subject: PictureSubject): string {
  const { valuation, currency, locale, car } = subject;
  const { opening, closing, peak, firstLamboDay } = valuation;
  const tier = tierOf(valuation);
  const scene = sceneOf(valuation);
  const body = bodyOf(car);
  const windows = recordedWindows(valuation);
  const money = (amountUsd: number) => formatMoney(amountUsd, currency, locale);
  const day = (on: string) => formatDay(on, locale);
  const values = {
    coin: nameInAltText(subject),
    verdict:
      tier === "dead"
        ? say(locale, "picture.alt.dead", { day: day(valuation.lastRecordedOn) })
        : say(locale, `picture.alt.${tier}`),
    lambos: lambosInWords(valuation.lambos, locale),
    car: carInWords(car, currency, locale),
    drawing: say(locale, `picture.alt.scene.${scene}`, {
      body: body === "revuelto" ? "other" : body,
    }),
    stake: money(valuation.stakeUsd),
    opening: openingInWords(subject, locale),
    openingFrom: day(windows.opening.from),
    openingTo: day(windows.opening.to),
    openingPrice: formatPrice(opening.meanUsd, currency, locale),
    proceeds: money(valuation.proceedsUsd),
    mark: firstLamboDay === null ? ("peak" as const) : ("other" as const),
    day: day((firstLamboDay ?? peak).on),
  };
  const sentence = isBoughtAndSoldAtOnce(valuation)
    ? say(locale, "picture.alt.at-once", values)
    : say(locale, "picture.alt", {
        ...values,
        closingFrom: day(windows.closing.from),
        closingTo: day(windows.closing.to),
        closingPrice: formatPrice(closing.meanUsd, currency, locale),
      });
  return withDemoNotice(sentence, valuation.flags.includes("demo"), locale);
}
