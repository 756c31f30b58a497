import { TIER_COLOURS } from "../../cards/answer-card.ts";
import { caveatsOf, flagNote } from "../../messages/flag-note.ts";
import {
  type Days,
  formatDay,
  formatLambos,
  formatMoney,
  formatMultiple,
  formatNumberPrecise,
  formatPrice,
  formatSignedMoney,
  plainText,
} from "../../messages/format.ts";
import { verdictLine } from "../../messages/jokes.ts";
import { say } from "../../messages/say.ts";
import { stakeForOneInWords } from "../../messages/stake-for-one.ts";
import { storySentence } from "../../messages/story.ts";
import {
  boughtNotes,
  COINGECKO_LINK,
  carName,
  coinLabel,
  coinName,
  coinSymbol,
  currencyNote,
  firstLamboInWords,
  foreign,
  lambosInWords,
  readAsNote,
  recordedWindows,
  takenForInWords,
  tierOf,
  tradedInWords,
  verdictTitle,
} from "../../messages/wording.ts";
import { answerAltText } from "../../pictures/answer-alt-text.ts";
import { pictureSubject } from "../../pictures/answer-subject.ts";
import type { Coin } from "../../prices/coins/coin.ts";
import type { CoinIndex } from "../../prices/coins/coin-index.ts";
import type { LamboAnswer } from "../../questions/answer.ts";
import { pageCoin, pagePath } from "../../questions/page-address.ts";
import type { AskedPurchase } from "../../questions/purchase.ts";
import { carValue, LAMBO_MODELS } from "../../valuation/lambo-models.ts";
import type { HistorySource } from "../../valuation/price-record.ts";
import type { LamboDay } from "../../valuation/valuation.ts";
import { chartFigure } from "./chart.ts";
import { inviteLink, type PageFrame, pageDocument, pageLink, pictureFigure } from "./frame.ts";
import { type Html, html } from "./html.ts";
import { inLanguage } from "./page-language.ts";
import type { TypedQuestion } from "./page-question.ts";
import { questionForm } from "./question-form.ts";

/** What the page of an answer is made with. */
export type AnswerPageOptions = {
  readonly frame: PageFrame;
  readonly coins: Pick<CoinIndex, "known" | "exact">;
  /** The path of the picture, signed. */
  readonly picturePath: string;
  readonly typed: TypedQuestion;
  readonly now: Date;
};

const OTHER_STAKES = [100, 1_000, 10_000, 100_000] as const;

/** An answer as a page: verdict, story and figures first, then the chart and the picture. */
export function answerPage(
  answer: LamboAnswer,
  options: AnswerPageOptions,
  locale: string,
): string {
  const { frame, coins, picturePath, typed, now } = options;
  const { coin, valuation } = answer;
  const path = pagePath(answer, coins);
  const verdict = verdictTitle(answer, locale);
  const story = storySentence(answer, locale, "plain");
  const isDemo = valuation.flags.includes("demo");
  const demoNotice = say(locale, "demo.notice");
  const picture = {
    path: picturePath,
    altText: answerAltText(pictureSubject(answer, locale)),
  };
  const head = {
    title: say(locale, "page.answer.title", { coin: coinName(coin, locale, "plain"), verdict }),
    description: isDemo
      ? say(locale, "page.demo.description", { notice: demoNotice, story })
      : story,
    path,
    picture,
    colour: TIER_COLOURS[tierOf(valuation)],
    isForSearch: answer.guess === undefined,
  };
  const main = html`<article class="more tier-${tierOf(valuation)}">
<div class="lead">
<p class="coin">${coinLabel(coin, locale)}</p>
<h1>${verdict}</h1>
${isDemo && html`<p class="note demo">${demoNotice}</p>`}
${readingNotes(answer, locale).map((note) => html`<p class="note">${note}</p>`)}
<p class="story">${story}</p>
<p class="joke">${verdictLine(answer, now, locale)}</p>
</div>
${tiles(answer, locale)}
<section aria-labelledby="chart-heading"><h2 id="chart-heading">${say(locale, "page.chart.heading")}</h2>${chartFigure(answer, locale)}</section>
${pictureFigure(frame, picture)}
${shareBox(frame, path, locale)}
${computation(answer, locale)}
${remarks(answer, now, locale)}
${sources(answer, locale)}
${otherQuestions(answer, options, locale)}
${questionForm({ frame, heading: say(locale, "page.form.again"), typed: { ...typed, coin: coinInForm(coin, coins) } }, locale)}
</article>`;
  return pageDocument(frame, head, main, locale);
}

const MAX_TYPED_NAME = 60;

/** The coin's name, or what its address says where the name may mean another coin. */
function coinInForm(coin: Coin, coins: AnswerPageOptions["coins"]): string {
  const name = plainText(coin.name, MAX_TYPED_NAME);
  return coins.exact(name)?.coinId === coin.coinId ? name : pageCoin(coin, coins);
}

function readingNotes(answer: LamboAnswer, locale: string): readonly string[] {
  const notes = [
    answer.guess === undefined ? undefined : takenForInWords(answer, locale, "plain"),
    readAsNote(answer, locale, "plain"),
    ...boughtNotes(answer, locale, "plain"),
    currencyNote(answer, locale),
  ];
  return notes.filter((note) => note !== undefined);
}

/** The original's five tiles. */
function tiles({ coin, currency, valuation }: LamboAnswer, locale: string): Html {
  const tile = (name: string, value: string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const symbol = coinSymbol(coin, locale, "plain");
  return html`<dl class="tiles">
${tile(say(locale, "page.tile.lambos"), formatLambos(valuation.lambos, locale))}
${tile(say(locale, "page.tile.stake"), formatMoney(valuation.stakeUsd, currency, locale))}
${tile(say(locale, "page.tile.coins", { symbol }), formatNumberPrecise(valuation.coins, locale))}
${tile(say(locale, "page.tile.profit"), formatSignedMoney(valuation.profitUsd, currency, locale))}
${tile(say(locale, "page.tile.growth"), formatMultiple(valuation.growthFactor, locale))}
</dl>`;
}

function shareBox(frame: PageFrame, path: string, locale: string): Html {
  const copy = say(locale, "page.share.copy");
  return html`<section class="card list" aria-labelledby="share-heading">
<h2 id="share-heading">${say(locale, "page.share.heading")}</h2>
<div class="share"><div class="field"><label for="link">${say(locale, "page.share.link")}</label><input id="link" readonly value="${frame.origin}${inLanguage(path, frame.lang)}"></div><button id="copy" type="button" data-copy="${copy}" data-copied="${say(locale, "page.share.copied")}">${copy}</button></div>
<p class="quiet" id="copied" role="status"></p>
${inviteLink(frame, locale)}
</section>`;
}

function computation(answer: LamboAnswer, locale: string): Html {
  const { asked, currency, valuation } = answer;
  const windows = recordedWindows(valuation);
  const price = (priceUsd: number) => formatPrice(priceUsd, currency, locale);
  const day = ({ on, priceUsd, lambos }: LamboDay) =>
    say(locale, "text.day-at", {
      day: formatDay(on, locale),
      price: price(priceUsd),
      lambos: lambosInWords(lambos, locale),
    });
  const averaged = (priceUsd: number, days: Days) =>
    say(locale, "page.numbers.average", { price: price(priceUsd), ...spelledOut(days, locale) });
  const row = (name: string, text: string) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`;
  return html`<section class="card" aria-labelledby="numbers-heading">
<h2 id="numbers-heading">${say(locale, "page.numbers.heading")}</h2>
<dl class="facts">
${row(say(locale, "page.numbers.opening"), averaged(valuation.opening.meanUsd, windows.opening))}
${row(say(locale, "page.numbers.closing"), averaged(valuation.closing.meanUsd, windows.closing))}
${row(say(locale, "page.numbers.proceeds"), formatMoney(valuation.proceedsUsd, currency, locale))}
${row(say(locale, "page.numbers.car"), say(locale, "page.numbers.car-price", { car: carName(asked.car, locale, "plain"), price: formatMoney(valuation.carPriceUsd, currency, locale) }))}
${row(say(locale, "text.stake-for-one"), stakeForOneInWords(valuation, currency, locale) ?? say(locale, "text.stake-for-one.none"))}
${row(say(locale, "text.first-lambo-day"), firstLamboInWords(valuation, locale))}
${row(say(locale, "text.best-day"), day(valuation.bestDay))}
${row(say(locale, "text.peak"), day(valuation.peak))}
</dl>
<details><summary>${say(locale, "page.maths.heading")}</summary>
<ul class="bullets list">${[say(locale, "page.maths.coins"), say(locale, "page.maths.profit"), say(locale, "page.maths.growth"), say(locale, "page.maths.lambos")].map((line) => html`<li>${line}</li>`)}</ul></details>
</section>`;
}

/** Both days with their years. */
function spelledOut({ from, to }: Days, locale: string): Days {
  return { from: formatDay(from, locale), to: formatDay(to, locale) };
}

function remarks(answer: LamboAnswer, now: Date, locale: string): Html | false {
  const notes = [
    ...caveatsOf(answer.valuation).map((flag) => flagNote(flag, answer, locale, now)),
    tradedInWords(answer, locale),
  ].filter((note) => note !== undefined);
  return (
    notes.length > 0 &&
    html`<section class="card" aria-labelledby="notes-heading"><h2 id="notes-heading">${say(locale, "page.notes.heading")}</h2><ul class="bullets list">${notes.map((note) => html`<li>${note}</li>`)}</ul></section>`
  );
}

const MAX_SOURCE_NAME = 40;
/** Checked 2026-11-01: https://creativecommons.org/licenses/by-nc/4.0/. */
const LICENCES = [
  {
    source: "Coin Metrics",
    name: "CC BY-NC 4.0",
    url: "https://creativecommons.org/licenses/by-nc/4.0/",
  },
];

function sources({ history, valuation }: LamboAnswer, locale: string): Html {
  const isDemo = valuation.flags.includes("demo");
  return html`<section class="card sources" aria-labelledby="sources-heading">
<h2 id="sources-heading">${say(locale, "page.sources.heading")}</h2>
${!isDemo && html`<p><a href="${COINGECKO_LINK}">${say(locale, "page.sources.coingecko")}</a></p>`}
<ul>${history.sources.map((source) => sourceItem(source, locale))}</ul>
<p class="small">${say(locale, "text.footer", { day: formatDay(valuation.lastRecordedOn, locale) })}</p>
</section>`;
}

function sourceItem({ name, url, from, to }: HistorySource, locale: string): Html {
  const shown = foreign(name, MAX_SOURCE_NAME, "plain");
  const licence = LICENCES.find(({ source }) => name.startsWith(source));
  const days = say(locale, "page.sources.days", spelledOut({ from, to }, locale));
  return html`<li>${/^https:\/\//.test(url) ? html`<a href="${url}">${shown}</a>` : shown} <span class="small">${days}</span>${licence !== undefined && html` <a class="small" href="${licence.url}">${say(locale, "page.sources.licence", { licence: licence.name })}</a>`}</li>`;
}

function otherQuestions(
  answer: LamboAnswer,
  { frame, coins }: AnswerPageOptions,
  locale: string,
): Html {
  const { asked, coin, currency } = answer;
  const href = (changed: Partial<AskedPurchase>, other: Coin = coin) =>
    pageLink(frame, pagePath({ ...answer, coin: other, asked: { ...asked, ...changed } }, coins));
  const choice = (name: string, path: string, isChosen: boolean) =>
    html`<li>${isChosen ? html`<span aria-current="true">${name}</span>` : html`<a href="${path}">${name}</a>`}</li>`;
  const stakes = [...new Set([...OTHER_STAKES, asked.stake])].sort((one, other) => one - other);
  const others = [...(answer.guess?.others ?? []), ...answer.namesakes]
    .filter(({ coinId }) => coinId !== coin.coinId)
    .slice(0, MAX_OTHERS);
  const group = (heading: string, id: string, choices: readonly Html[]) =>
    choices.length > 0 &&
    html`<nav aria-labelledby="${id}"><h2 id="${id}">${heading}</h2><ul class="choices">${choices}</ul></nav>`;
  return html`${group(
    say(locale, "page.other.stakes"),
    "stakes-heading",
    stakes.map((stake) =>
      choice(
        formatMoney(stake / currency.perUsd, currency, locale),
        href({ stake }),
        stake === asked.stake,
      ),
    ),
  )}${group(
    say(locale, "page.other.cars"),
    "cars-heading",
    LAMBO_MODELS.map((car) =>
      choice(carName(car, locale, "plain"), href({ car }), carValue(car) === carValue(asked.car)),
    ),
  )}${group(
    answer.guess === undefined
      ? say(locale, "page.other.namesakes", { symbol: coinSymbol(coin, locale, "plain") })
      : say(locale, "page.other.meant"),
    "coins-heading",
    others.map((other) => choice(coinLabel(other, locale), href({}, other), false)),
  )}`;
}

const MAX_OTHERS = 8;
