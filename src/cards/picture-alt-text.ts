import { DEMO_NOTICE } from "../prices/demo-market.ts";
import { bodyOf } from "../valuation/lambo-models.ts";
import type { Scene } from "./art/palette.ts";
import { formatDay, formatMoney, plainText } from "./format.ts";
import type { PictureSubject } from "./picture.ts";
import { sceneOf } from "./picture-layout.ts";
import { lambosInWords } from "./wording.ts";

/** What the answer picture says, in two sentences, for those who do not see it: verdict and drawing, then prices and days. */
export function answerAltText(subject: PictureSubject): string {
  const { valuation, currency, locale, car } = subject;
  const { opening, closing, peak, firstLamboDay } = valuation;
  const scene = sceneOf(valuation);
  const name = plainText(subject.coinName, 60) || plainText(subject.symbol, 60) || valuation.coinId;
  const demo = valuation.flags.includes("demo") ? `${DEMO_NOTICE}. ` : "";
  const verdict = scene === "dead" ? `too late, last priced ${formatDay(valuation.lastRecordedOn, locale)}` : valuation.verdict;
  const lambos = lambosInWords(valuation.lambos, locale);
  const drawing = DRAWINGS[scene](bodyOf(car) === "suv" ? "SUV" : "supercar");
  const bought = `${formatMoney(valuation.stakeUsd, currency, locale)} at ${formatMoney(opening.meanUsd, currency, locale)} from ${formatDay(opening.from, locale)}`;
  const sold = `${formatMoney(valuation.proceedsUsd, currency, locale)} at ${formatMoney(closing.meanUsd, currency, locale)} by ${formatDay(closing.to, locale)}`;
  const marked = firstLamboDay === null ? `peak on ${formatDay(peak.on, locale)}` : `first Lambo on ${formatDay(firstLamboDay.on, locale)}`;
  return `${demo}${name}, ${verdict}: ${lambos}, drawn as ${drawing}. The price line goes from ${bought} to ${sold}, ${marked}.`;
}

const DRAWINGS: Readonly<Record<Scene, (body: string) => string>> = {
  part: (body) => `the outline of a ${body} in a garage, filled as far as the money goes`,
  garage: (body) => `that many ${body}s in a garage`,
  fleet: (body) => `a fleet of ${body}s`,
  moon: (body) => `a fleet of ${body}s leaving for the moon`,
  loss: () => "an empty garage with a cat, a toy car and a bicycle",
  dead: (body) => `a tow truck taking a ${body} away, past a for-sale sign`,
};
