import { wenLine } from "../messages/jokes.ts";
import { pastInWords, wenDetails, wenStory, wenTitle } from "../messages/wen-wording.ts";
import { coinLabel, takenForInWords } from "../messages/wording.ts";
import type { WenAnswer } from "../questions/wen.ts";
import { originLines } from "./text-answer.ts";

/** The answer to `wen` as plain lines for a terminal: the card's text without its markup. */
export function wenText(
  answer: WenAnswer,
  { locale, now }: { readonly locale: string; readonly now: Date },
): string {
  return [
    coinLabel(answer.coin, locale),
    ...(answer.guess === undefined ? [] : [takenForInWords(answer, locale, "plain")]),
    wenTitle(answer, locale),
    "",
    ...wenStory(answer, locale, "plain"),
    pastInWords(answer, locale),
    wenLine(answer, now, locale),
    wenDetails(answer, locale),
    "",
    ...originLines(answer, { locale, now }),
  ].join("\n");
}
