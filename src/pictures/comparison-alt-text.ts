import { comparisonTitle } from "../messages/comparison-wording.ts";
import { formatDay, formatLambos, formatMoney } from "../messages/format.ts";
import { commaList } from "../messages/lists.ts";
import { say } from "../messages/say.ts";
import { lambosInWords } from "../messages/wording.ts";
import { nameInAltText, withDemoNotice } from "./alt-text.ts";
import { carInWords } from "./car-label.ts";
import { scaleOf } from "./comparison-layout.ts";
import type { ComparisonSubject } from "./comparison-subject.ts";

/** The comparison picture's alt text: the verdict, what each coin became, and how it is drawn. */
export function comparisonAltText(subject: ComparisonSubject): string {
  const { coins, from, car, currency, locale } = subject;
  const scale = scaleOf(subject);
  const day = (on: string) => formatDay(on, locale);
  const names = coins.map(nameInAltText);
  const valuations = coins.map(({ valuation }) => valuation);
  const results = valuations.map(({ lambos, flags, lastRecordedOn }, index) => {
    const values = { coin: names[index] ?? "", lambos: lambosInWords(lambos, locale) };
    return flags.includes("no-longer-priced")
      ? say(locale, "picture.compare.alt.coin.dead", { ...values, day: day(lastRecordedOn) })
      : say(locale, "picture.compare.alt.coin", values);
  });
  const sentence = say(locale, "picture.compare.alt", {
    title: comparisonTitle(names, valuations, locale),
    stake: formatMoney(valuations[0]?.stakeUsd ?? 0, currency, locale),
    from: from === "each" ? "each" : "other",
    day: day(scale.from),
    car: carInWords(car, currency, locale),
    coins: commaList(results, locale),
    first: day(scale.from),
    last: day(scale.to),
    floor: formatLambos(scale.floorLambos, locale),
  });
  const isDemo = valuations.some(({ flags }) => flags.includes("demo"));
  return withDemoNotice(sentence, isDemo, locale);
}
