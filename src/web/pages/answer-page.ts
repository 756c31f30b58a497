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
import { inviteLink, type PageFrame, pageDocument, pictureFigure } from "./frame.ts";
import { type Html, html } from "./html.ts";
import { PAGE_LOCALE, type TypedQuestion } from "./page-question.ts";
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
export function answerPage(answer: LamboAnswer, options: AnswerPageOptions): string {
  const { frame, coins, picturePath, typed, now } = options;
  const { coin, valuation } = answer;
  const path = pagePath(answer, coins);
  const verdict = verdictTitle(answer, PAGE_LOCALE);
  const story = storySentence(answer, PAGE_LOCALE, "plain");
  const isDemo = valuation.flags.includes("demo");
  const demoNotice = say("demo.notice");
  const picture = {
    path: picturePath,
    altText: answerAltText(pictureSubject(answer, PAGE_LOCALE)),
  };
  const head = {
    title: say("page.answer.title", { coin: coinName(coin, "plain"), verdict }),
    description: isDemo ? say("page.demo.description", { notice: demoNotice, story }) : story,
    path,
    picture,
    colour: TIER_COLOURS[tierOf(valuation)],
    isForSearch: answer.guess === undefined,
  };
  const main = html`<article class="more tier-${tierOf(valuation)}">
<div class="lead">
<p class="coin">${coinLabel(coin)}</p>
<h1>${verdict}</h1>
${isDemo && html`<p class="note demo">${demoNotice}</p>`}
${readingNotes(answer).map((note) => html`<p class="note">${note}</p>`)}
<p class="story">${story}</p>
<p class="joke">${verdictLine(answer, now)}</p>
</div>
${tiles(answer)}
<section aria-labelledby="chart-heading"><h2 id="chart-heading">${say("page.chart.heading")}</h2>${chartFigure(answer)}</section>
${pictureFigure(frame, picture)}
${shareBox(frame, path)}
${computation(answer)}
${remarks(answer, now)}
${sources(answer)}
${otherQuestions(answer, options)}
${questionForm({ base: frame.base, heading: say("page.form.again"), typed: { ...typed, coin: coinInForm(coin, coins) } })}
</article>`;
  return pageDocument(frame, head, main);
}

/** The coin's name, or what its address says where the name may mean another coin. */
function coinInForm(coin: Coin, coins: AnswerPageOptions["coins"]): string {
  const name = coinName(coin, "plain");
  return coins.exact(name)?.coinId === coin.coinId ? name : pageCoin(coin, coins);
}

function readingNotes(answer: LamboAnswer): readonly string[] {
  const notes = [
    answer.guess === undefined ? undefined : takenForInWords(answer, "plain"),
    readAsNote(answer, PAGE_LOCALE, "plain"),
    ...boughtNotes(answer, PAGE_LOCALE, "plain"),
    currencyNote(answer),
  ];
  return notes.filter((note) => note !== undefined);
}

/** The original's five tiles. */
function tiles({ coin, currency, valuation }: LamboAnswer): Html {
  const tile = (name: string, value: string) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const symbol = coinSymbol(coin, "plain");
  return html`<dl class="tiles">
${tile(say("page.tile.lambos"), formatLambos(valuation.lambos, PAGE_LOCALE))}
${tile(say("page.tile.stake"), formatMoney(valuation.stakeUsd, currency, PAGE_LOCALE))}
${tile(say("page.tile.coins", { symbol }), formatNumberPrecise(valuation.coins, PAGE_LOCALE))}
${tile(say("page.tile.profit"), formatSignedMoney(valuation.profitUsd, currency, PAGE_LOCALE))}
${tile(say("page.tile.growth"), formatMultiple(valuation.growthFactor, PAGE_LOCALE))}
</dl>`;
}

function shareBox(frame: PageFrame, path: string): Html {
  const copy = say("page.share.copy");
  return html`<section class="card list" aria-labelledby="share-heading">
<h2 id="share-heading">${say("page.share.heading")}</h2>
<div class="share"><div class="field"><label for="link">${say("page.share.link")}</label><input id="link" readonly value="${frame.origin}${path}"></div><button id="copy" type="button" data-copy="${copy}" data-copied="${say("page.share.copied")}">${copy}</button></div>
<p class="quiet" id="copied" role="status"></p>
${inviteLink(frame)}
</section>`;
}

function computation(answer: LamboAnswer): Html {
  const { asked, currency, valuation } = answer;
  const windows = recordedWindows(valuation);
  const price = (priceUsd: number) => formatPrice(priceUsd, currency, PAGE_LOCALE);
  const day = ({ on, priceUsd, lambos }: LamboDay) =>
    say("text.day-at", {
      day: formatDay(on, PAGE_LOCALE),
      price: price(priceUsd),
      lambos: lambosInWords(lambos, PAGE_LOCALE),
    });
  const averaged = (priceUsd: number, days: Days) =>
    say("page.numbers.average", { price: price(priceUsd), ...spelledOut(days) });
  const row = (name: string, text: string) => html`<div><dt>${name}</dt><dd>${text}</dd></div>`;
  return html`<section class="card" aria-labelledby="numbers-heading">
<h2 id="numbers-heading">${say("page.numbers.heading")}</h2>
<dl class="facts">
${row(say("page.numbers.opening"), averaged(valuation.opening.meanUsd, windows.opening))}
${row(say("page.numbers.closing"), averaged(valuation.closing.meanUsd, windows.closing))}
${row(say("page.numbers.proceeds"), formatMoney(valuation.proceedsUsd, currency, PAGE_LOCALE))}
${row(say("page.numbers.car"), say("page.numbers.car-price", { car: carName(asked.car, "plain"), price: formatMoney(valuation.carPriceUsd, currency, PAGE_LOCALE) }))}
${row(say("text.stake-for-one"), stakeForOneInWords(valuation, currency, PAGE_LOCALE) ?? say("text.stake-for-one.none"))}
${row(say("text.first-lambo-day"), firstLamboInWords(valuation, PAGE_LOCALE))}
${row(say("text.best-day"), day(valuation.bestDay))}
${row(say("text.peak"), day(valuation.peak))}
</dl>
<details><summary>${say("page.maths.heading")}</summary>
<ul class="bullets list">${[say("page.maths.coins"), say("page.maths.profit"), say("page.maths.growth"), say("page.maths.lambos")].map((line) => html`<li>${line}</li>`)}</ul></details>
</section>`;
}

/** Both days with their years. */
function spelledOut({ from, to }: Days): Days {
  return { from: formatDay(from, PAGE_LOCALE), to: formatDay(to, PAGE_LOCALE) };
}

function remarks(answer: LamboAnswer, now: Date): Html | false {
  const notes = [
    ...caveatsOf(answer.valuation).map((flag) => flagNote(flag, answer, PAGE_LOCALE, now)),
    tradedInWords(answer, PAGE_LOCALE),
  ].filter((note) => note !== undefined);
  return (
    notes.length > 0 &&
    html`<section class="card" aria-labelledby="notes-heading"><h2 id="notes-heading">${say("page.notes.heading")}</h2><ul class="bullets list">${notes.map((note) => html`<li>${note}</li>`)}</ul></section>`
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

function sources({ history, valuation }: LamboAnswer): Html {
  const isDemo = valuation.flags.includes("demo");
  return html`<section class="card sources" aria-labelledby="sources-heading">
<h2 id="sources-heading">${say("page.sources.heading")}</h2>
${!isDemo && html`<p><a href="${COINGECKO_LINK}">${say("page.sources.coingecko")}</a></p>`}
<ul>${history.sources.map(sourceItem)}</ul>
<p class="small">${say("text.footer", { day: formatDay(valuation.lastRecordedOn, PAGE_LOCALE) })}</p>
</section>`;
}

function sourceItem({ name, url, from, to }: HistorySource): Html {
  const shown = foreign(name, MAX_SOURCE_NAME, "plain");
  const licence = LICENCES.find(({ source }) => name.startsWith(source));
  const days = say("page.sources.days", spelledOut({ from, to }));
  return html`<li>${/^https:\/\//.test(url) ? html`<a href="${url}">${shown}</a>` : shown} <span class="small">${days}</span>${licence !== undefined && html` <a class="small" href="${licence.url}">${say("page.sources.licence", { licence: licence.name })}</a>`}</li>`;
}

function otherQuestions(answer: LamboAnswer, { frame, coins }: AnswerPageOptions): Html {
  const { asked, coin, currency } = answer;
  const href = (changed: Partial<AskedPurchase>, other: Coin = coin) =>
    `${frame.base}${pagePath({ ...answer, coin: other, asked: { ...asked, ...changed } }, coins)}`;
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
    say("page.other.stakes"),
    "stakes-heading",
    stakes.map((stake) =>
      choice(
        formatMoney(stake / currency.perUsd, currency, PAGE_LOCALE),
        href({ stake }),
        stake === asked.stake,
      ),
    ),
  )}${group(
    say("page.other.cars"),
    "cars-heading",
    LAMBO_MODELS.map((car) =>
      choice(carName(car, "plain"), href({ car }), carValue(car) === carValue(asked.car)),
    ),
  )}${group(
    answer.guess === undefined
      ? say("page.other.namesakes", { symbol: coinSymbol(coin, "plain") })
      : say("page.other.meant"),
    "coins-heading",
    others.map((other) => choice(coinLabel(other), href({}, other), false)),
  )}`;
}

const MAX_OTHERS = 8;
