import { flagNote } from "../messages/flag-note.ts";
import { formatDay, formatMoney, formatPrice, formatSignedMoney } from "../messages/format.ts";
import { verdictLine } from "../messages/jokes.ts";
import { say } from "../messages/say.ts";
import { stakeForOneInWords } from "../messages/stake-for-one.ts";
import { storyDetails, storySentence } from "../messages/story.ts";
import {
  boughtNotes,
  carName,
  coinLabel,
  currencyNote,
  firstLamboInWords,
  isBoughtLater,
  lambosInWords,
  readAsNote,
  takenForInWords,
  tradedInWords,
  verdictTitle,
} from "../messages/wording.ts";
import type { LamboAnswer } from "../questions/answer.ts";
import type { Flag, HistorySource } from "../valuation/price-record.ts";
import type { LamboDay } from "../valuation/valuation.ts";

/** An answer as plain lines for a terminal: the card's text without picture, buttons and markup. */
export function textAnswer(
  answer: LamboAnswer,
  { locale, now }: { readonly locale: string; readonly now: Date },
): string {
  const { asked, coin, currency, valuation } = answer;
  const money = (amountUsd: number) => formatMoney(amountUsd, currency, locale);
  const lambos = lambosInWords(valuation.lambos, locale);
  const dayRow = (name: RowName, { on, priceUsd, lambos }: LamboDay) =>
    row(
      name,
      say(locale, "text.day-at", {
        day: formatDay(on, locale),
        price: formatPrice(priceUsd, currency, locale),
        lambos: lambosInWords(lambos, locale),
      }),
      locale,
    );
  const traded = tradedInWords(answer, locale);
  return [
    coinLabel(coin, locale),
    ...(answer.guess === undefined ? [] : [takenForInWords(answer, locale, "plain")]),
    verdictTitle(answer, locale),
    "",
    storySentence(answer, locale, "plain"),
    verdictLine(answer, now, locale),
    storyDetails(answer, locale),
    ...(traded === undefined ? [] : [traded]),
    "",
    row(
      "text.lambos",
      say(locale, "text.lambos-at", {
        lambos,
        price: money(valuation.carPriceUsd),
        car: carName(asked.car, locale, "plain"),
      }),
      locale,
    ),
    row("text.profit", formatSignedMoney(valuation.profitUsd, currency, locale), locale),
    row("text.first-lambo-day", firstLamboInWords(valuation, locale), locale),
    dayRow("text.best-day", valuation.bestDay),
    dayRow(isBoughtLater(valuation) ? "text.peak.bought" : "text.peak", valuation.peak),
    row(
      "text.stake-for-one",
      stakeForOneInWords(valuation, currency, locale) ?? say(locale, "text.stake-for-one.none"),
      locale,
    ),
    ...originLines(answer, { locale, now }),
  ].join("\n");
}

/** Where an answer comes from and what is to be said against it: the last lines of its text. */
export function originLines(
  answer: LamboAnswer,
  { locale, now }: { readonly locale: string; readonly now: Date },
): readonly string[] {
  const { history, valuation } = answer;
  const noteRow = (note: string) => row("text.note", note, locale);
  const readAs = readAsNote(answer, locale, "plain");
  const rateNote = currencyNote(answer, locale);
  return [
    ...history.sources.map((source) =>
      row("text.prices", sourceInWords(source, history.flags, locale), locale),
    ),
    ...(readAs === undefined ? [] : [noteRow(readAs)]),
    ...boughtNotes(answer, locale, "plain").map(noteRow),
    ...(rateNote === undefined ? [] : [noteRow(rateNote)]),
    ...valuation.flags.map((flag) => noteRow(flagNote(flag, answer, locale, now))),
    "",
    say(locale, "text.footer", { day: formatDay(valuation.lastRecordedOn, locale) }),
  ];
}

/** A source of prices with the days that it provided; that of the demo market is no name. */
export function sourceInWords(
  { name, url, from, to }: HistorySource,
  flags: readonly Flag[],
  locale: string,
): string {
  if (url.startsWith("https:")) return say(locale, "text.source.link", { name, from, to, url });
  const shown = flags.includes("demo") ? say(locale, "demo.notice") : name;
  return say(locale, "text.source", { name: shown, from, to });
}

const ROW_NAMES = [
  "text.lambos",
  "text.profit",
  "text.first-lambo-day",
  "text.best-day",
  "text.peak",
  "text.peak.bought",
  "text.stake-for-one",
  "text.prices",
  "text.note",
] as const;

type RowName = (typeof ROW_NAMES)[number];

/** Columns between the longest name of a language and what there is to say. */
const GAP = 2;

/** A line of a list: what it is about, and behind it what there is to say. */
export function row(name: RowName, text: string, locale: string): string {
  const longest = Math.max(...ROW_NAMES.map((each) => columnsOf(say(locale, each))));
  const shown = say(locale, name);
  return shown + " ".repeat(longest + GAP - columnsOf(shown)) + text;
}

/** Characters that take two columns of a terminal (Unicode 16, East Asian Width W and F). */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/g;

function columnsOf(text: string): number {
  return text.length + (text.match(WIDE)?.length ?? 0);
}
