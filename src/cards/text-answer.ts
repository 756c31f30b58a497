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
import type { HistorySource } from "../valuation/price-record.ts";
import type { LamboDay } from "../valuation/valuation.ts";

/** An answer as plain lines for a terminal: the card's text without picture, buttons and markup. */
export function textAnswer(
  answer: LamboAnswer,
  { locale, now }: { readonly locale: string; readonly now: Date },
): string {
  const { asked, coin, currency, valuation } = answer;
  const money = (amountUsd: number) => formatMoney(amountUsd, currency, locale);
  const lambos = lambosInWords(valuation.lambos, locale);
  const dayRow = (name: string, { on, priceUsd, lambos }: LamboDay) =>
    row(
      name,
      say(locale, "text.day-at", {
        day: formatDay(on, locale),
        price: formatPrice(priceUsd, currency, locale),
        lambos: lambosInWords(lambos, locale),
      }),
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
      say(locale, "text.lambos"),
      say(locale, "text.lambos-at", {
        lambos,
        price: money(valuation.carPriceUsd),
        car: carName(asked.car, locale, "plain"),
      }),
    ),
    row(say(locale, "text.profit"), formatSignedMoney(valuation.profitUsd, currency, locale)),
    row(say(locale, "text.first-lambo-day"), firstLamboInWords(valuation, locale)),
    dayRow(say(locale, "text.best-day"), valuation.bestDay),
    dayRow(
      isBoughtLater(valuation) ? say(locale, "text.peak.bought") : say(locale, "text.peak"),
      valuation.peak,
    ),
    row(
      say(locale, "text.stake-for-one"),
      stakeForOneInWords(valuation, currency, locale) ?? say(locale, "text.stake-for-one.none"),
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
  const noteRow = (note: string) => row(say(locale, "text.note"), note);
  const readAs = readAsNote(answer, locale, "plain");
  const rateNote = currencyNote(answer, locale);
  return [
    ...history.sources.map((source) =>
      row(say(locale, "text.prices"), sourceInWords(source, locale)),
    ),
    ...(readAs === undefined ? [] : [noteRow(readAs)]),
    ...boughtNotes(answer, locale, "plain").map(noteRow),
    ...(rateNote === undefined ? [] : [noteRow(rateNote)]),
    ...valuation.flags.map((flag) => noteRow(flagNote(flag, answer, locale, now))),
    "",
    say(locale, "text.footer", { day: formatDay(valuation.lastRecordedOn, locale) }),
  ];
}

/** A source of prices with the days that it provided. */
export function sourceInWords({ name, url, from, to }: HistorySource, locale: string): string {
  return url.startsWith("https:")
    ? say(locale, "text.source.link", { name, from, to, url })
    : say(locale, "text.source", { name, from, to });
}

const NAME_WIDTH = 17;

/** A line of a list: what it is about, and behind it what there is to say. */
export function row(name: string, text: string): string {
  return name.padEnd(NAME_WIDTH) + text;
}
