import { formatDay, formatMoney, plainText } from "../messages/format.ts";
import {
  isBoughtAndSoldAtOnce,
  lambosInWords,
  openingInWords,
  recordedWindows,
} from "../messages/wording.ts";
import { DEMO_NOTICE } from "../prices/demo-market.ts";
import { bodyOf } from "../valuation/lambo-models.ts";
import { sceneOf } from "./answer-layout.ts";
import type { Scene } from "./art/palette.ts";
import type { PictureSubject } from "./picture-maker.ts";

/**
 * What the answer picture says, in two sentences, for those who do not see it: verdict and drawing,
 * then prices and days.
 */
export function answerAltText(subject: PictureSubject): string {
  const { valuation, currency, locale, car } = subject;
  const { peak, firstLamboDay } = valuation;
  const scene = sceneOf(valuation);
  const name = plainText(subject.coinName, 60) || plainText(subject.symbol, 60) || valuation.coinId;
  const demo = valuation.flags.includes("demo") ? `${DEMO_NOTICE}. ` : "";
  const verdict =
    scene === "dead"
      ? `too late, last priced ${formatDay(valuation.lastRecordedOn, locale)}`
      : valuation.verdict;
  const lambos = lambosInWords(valuation.lambos, locale);
  const drawing = DRAWINGS[scene](bodyOf(car) === "suv" ? "SUV" : "supercar");
  const money = (amountUsd: number) => formatMoney(amountUsd, currency, locale);
  const average = ({ from, to }: { from: string; to: string }, meanUsd: number) =>
    `(${formatDay(from, locale)} to ${formatDay(to, locale)}, on average at ${money(meanUsd)} each)`;
  const windows = recordedWindows(valuation);
  const bought = `${openingInWords(valuation, locale)} ${average(windows.opening, valuation.opening.meanUsd)}`;
  const sold = isBoughtAndSoldAtOnce(valuation)
    ? "over the same days"
    : `over its last four weeks ${average(windows.closing, valuation.closing.meanUsd)}`;
  const marked =
    firstLamboDay === null
      ? `the peak on ${formatDay(peak.on, locale)}`
      : `the first Lambo on ${formatDay(firstLamboDay.on, locale)}`;
  const line = `The price line turns ${money(valuation.stakeUsd)} spent ${bought} into ${money(valuation.proceedsUsd)} ${sold}`;
  return `${demo}${name}, ${verdict}: ${lambos}, drawn as ${drawing}. ${line}, and marks ${marked}.`;
}

const DRAWINGS: Readonly<Record<Scene, (body: string) => string>> = {
  part: (body) => `the outline of a ${body} in a garage, filled as far as the money goes`,
  garage: (body) => `that many ${body}s in a garage`,
  fleet: (body) => `a fleet of ${body}s`,
  moon: (body) => `a fleet of ${body}s leaving for the moon`,
  loss: () => "an empty garage with a cat, a toy car and a bicycle",
  dead: (body) => `a tow truck taking a ${body} away, past a for-sale sign`,
};
