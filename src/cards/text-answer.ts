import type { LamboAnswer } from "../answer.ts";
import { flagNote } from "../messages/flag-note.ts";
import { formatDay, formatMoney, formatSignedMoney } from "../messages/format.ts";
import { stakeForOneInWords } from "../messages/stake-for-one.ts";
import {
  carName,
  coinLabel,
  currencyNote,
  firstLamboInWords,
  lambosInWords,
  NOT_ADVICE,
  storySentence,
  tradedInWords,
  verdictLine,
  verdictWords,
} from "../messages/wording.ts";

/**
 * The answer as plain lines for a terminal: the card's words without its picture, buttons and
 * markup.
 */
export function textAnswer(
  answer: LamboAnswer,
  { locale, now }: { readonly locale: string; readonly now: Date },
): string {
  const { asked, coin, currency, history, valuation } = answer;
  const money = (amountUsd: number) => formatMoney(amountUsd, currency, locale);
  const day = (name: string, at: { on: string; priceUsd: number; lambos: number }) =>
    row(
      name,
      `${formatDay(at.on, locale)} at ${money(at.priceUsd)} (${lambosInWords(at.lambos, locale)})`,
    );
  const traded = tradedInWords(answer, locale);
  const rateNote = currencyNote(answer);
  const stakeForOne = stakeForOneInWords(valuation, currency, locale);
  return [
    coinLabel(coin),
    `${verdictWords(valuation, locale)} · ${lambosInWords(valuation.lambos, locale)}`,
    "",
    storySentence(answer, locale, "plain"),
    verdictLine(answer),
    ...(traded === undefined ? [] : [traded]),
    "",
    row(
      "Lambos",
      `${lambosInWords(valuation.lambos, locale)} at ${money(valuation.carPriceUsd)} (${carName(asked.car, "plain")})`,
    ),
    row("Profit", formatSignedMoney(valuation.profitUsd, currency, locale)),
    row("First Lambo day", firstLamboInWords(valuation, locale)),
    day("Best day", valuation.bestDay),
    day("Peak", valuation.peak),
    row("Stake for one", stakeForOne ?? "none: the coin did not grow"),
    ...history.sources.map(({ name, url, from, to }) =>
      row("Prices", `${name}, ${from} to ${to}${url.startsWith("https:") ? `, ${url}` : ""}`),
    ),
    ...(rateNote === undefined ? [] : [row("Note", rateNote)]),
    ...valuation.flags.map((flag) => row("Note", flagNote(flag, answer, locale, now))),
    "",
    `Prices to ${formatDay(valuation.lastRecordedOn, locale)} · ${NOT_ADVICE}`,
  ].join("\n");
}

const NAME_WIDTH = 17;

function row(name: string, text: string): string {
  return name.padEnd(NAME_WIDTH) + text;
}
