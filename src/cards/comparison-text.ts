import {
  comparedCoin,
  comparedDetails,
  comparisonFlagNotes,
  comparisonReadings,
  comparisonStory,
  comparisonTitle,
} from "../messages/comparison-wording.ts";
import { formatDay } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { coinName, currencyNote, readAsNote } from "../messages/wording.ts";
import type { Comparison } from "../questions/comparison.ts";
import { later } from "../valuation/calendar.ts";
import { leftOutText } from "./refusal.ts";
import { row, sourceInWords } from "./text-answer.ts";

/** A comparison as plain lines for a terminal. */
export function comparisonText(
  comparison: Comparison,
  { locale, now }: { readonly locale: string; readonly now: Date },
): string {
  const { answers, refusals } = comparison;
  const names = answers.map(({ coin }) => coinName(coin, locale, "plain"));
  const valuations = answers.map(({ valuation }) => valuation);
  const readAs = readAsNote(comparison, locale, "plain");
  const rateNote = currencyNote(comparison, locale);
  const sources = answers.flatMap(({ coin, history }) =>
    history.sources.map((source) =>
      say(locale, "compare.note", {
        coin: coinName(coin, locale, "plain"),
        note: sourceInWords(source, history.flags, locale),
      }),
    ),
  );
  const notes = [
    ...refusals.map((refusal) =>
      say(locale, "compare.left-out", { why: leftOutText(refusal, locale, "plain") }),
    ),
    ...(readAs === undefined ? [] : [readAs]),
    ...(rateNote === undefined ? [] : [rateNote]),
    ...comparisonFlagNotes(comparison, locale, now),
  ];
  const isDemo = valuations.some(({ flags }) => flags.includes("demo"));
  const lastOn = valuations.map(({ lastRecordedOn }) => lastRecordedOn).reduce(later, "");
  return [
    ...comparisonReadings(comparison, locale, "plain"),
    comparisonTitle(names, valuations, locale),
    "",
    comparisonStory(comparison, locale, "plain"),
    ...answers.flatMap((answer) => [
      comparedCoin(answer, locale, "plain"),
      `  ${comparedDetails(answer, locale)}`,
    ]),
    "",
    ...sources.map((source) => row("text.prices", source, locale)),
    ...[...notes, ...(isDemo ? [say(locale, "flag.demo")] : [])].map((note) =>
      row("text.note", note, locale),
    ),
    "",
    say(locale, "text.footer", { day: formatDay(lastOn, locale) }),
  ].join("\n");
}
