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
      say("text.day-at", {
        day: formatDay(on, locale),
        price: formatPrice(priceUsd, currency, locale),
        lambos: lambosInWords(lambos, locale),
      }),
    );
  const traded = tradedInWords(answer, locale);
  return [
    coinLabel(coin),
    ...(answer.guess === undefined ? [] : [takenForInWords(answer, "plain")]),
    verdictTitle(answer, locale),
    "",
    storySentence(answer, locale, "plain"),
    verdictLine(answer, now),
    storyDetails(answer, locale),
    ...(traded === undefined ? [] : [traded]),
    "",
    row(
      say("text.lambos"),
      say("text.lambos-at", {
        lambos,
        price: money(valuation.carPriceUsd),
        car: carName(asked.car, "plain"),
      }),
    ),
    row(say("text.profit"), formatSignedMoney(valuation.profitUsd, currency, locale)),
    row(say("text.first-lambo-day"), firstLamboInWords(valuation, locale)),
    dayRow(say("text.best-day"), valuation.bestDay),
    dayRow(isBoughtLater(valuation) ? say("text.peak.bought") : say("text.peak"), valuation.peak),
    row(
      say("text.stake-for-one"),
      stakeForOneInWords(valuation, currency, locale) ?? say("text.stake-for-one.none"),
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
  const noteRow = (note: string) => row(say("text.note"), note);
  const readAs = readAsNote(answer, locale, "plain");
  const rateNote = currencyNote(answer);
  return [
    ...history.sources.map((source) => row(say("text.prices"), sourceInWords(source))),
    ...(readAs === undefined ? [] : [noteRow(readAs)]),
    ...boughtNotes(answer, locale, "plain").map(noteRow),
    ...(rateNote === undefined ? [] : [noteRow(rateNote)]),
    ...valuation.flags.map((flag) => noteRow(flagNote(flag, answer, locale, now))),
    "",
    say("text.footer", { day: formatDay(valuation.lastRecordedOn, locale) }),
  ];
}

/** A source of prices with the days that it provided. */
export function sourceInWords({ name, url, from, to }: HistorySource): string {
  return url.startsWith("https:")
    ? say("text.source.link", { name, from, to, url })
    : say("text.source", { name, from, to });
}

const NAME_WIDTH = 17;

/** A line of a list: what it is about, and behind it what there is to say. */
export function row(name: string, text: string): string {
  return name.padEnd(NAME_WIDTH) + text;
}
