import { formatDay, formatPrice } from "../../messages/format.ts";
import { say } from "../../messages/say.ts";
import { coinName, lambosInWords, recordedWindows } from "../../messages/wording.ts";
import { type PriceLine, priceLine } from "../../pictures/price-line.ts";
import type { LamboAnswer } from "../../questions/answer.ts";
import type { DailyClose } from "../../valuation/price-record.ts";
import { lambosAt } from "../../valuation/valuation.ts";
import { closesShown, thinned } from "./closes-shown.ts";
import { type Html, html } from "./html.ts";
import { PAGE_LOCALE } from "./page-question.ts";

const WIDTH = 640;
const HEIGHT = 396;
/** The line lies in here; above it is room to read a day's price, below it for the days. */
const PLOT = { x: 4, y: 76, width: 632, height: 270 };
/** As many as fit beside each other under a thumb. */
const MAX_MARKS = 12;
/** Half of what a finger needs on the narrowest phone, where the drawing is half as large. */
const MARK_REACH = 24;

/**
 * The price since the purchase as a drawing whose marked days can be reached with Tab, each with
 * its price and Lambos, and the same days and more as a table.
 */
export function chartFigure(answer: LamboAnswer): Html {
  const { history, valuation } = answer;
  // What a coin cost before it was bought says nothing about the purchase.
  const points = history.points.filter(({ on }) => on >= valuation.opening.from);
  const { closes, spacing } = closesShown(points);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return html``;
  const windows = recordedWindows(valuation);
  const line = priceLine(points, PLOT, {
    from: first.on,
    to: last.on,
    openingTo: first.on,
    closingFrom: last.on,
  });
  const marks = thinned(closes, MAX_MARKS);
  return html`<figure class="chart">
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="group" aria-labelledby="chart-title" aria-describedby="chart-text">
<title id="chart-title">${say("page.chart.title", { coin: coinName(answer.coin, "plain") })}</title>
<desc id="chart-text">${chartText(answer, first, last)}</desc>
<g aria-hidden="true">
${band(line, windows.opening.from, windows.opening.to)}${band(line, windows.closing.from, windows.closing.to)}
${gridLines(answer, points, line)}
${line.stretches.map((stretch) => html`<polyline class="line" points="${stretch.map(({ x, y }) => `${digit(x)},${digit(y)}`).join(" ")}"/>`)}
${lamboLine(answer, line)}
<text class="axis" x="${PLOT.x}" y="${HEIGHT - 14}">${formatDay(first.on, PAGE_LOCALE)}</text>
<text class="axis end" x="${PLOT.x + PLOT.width}" y="${HEIGHT - 14}">${formatDay(last.on, PAGE_LOCALE)}</text>
</g>
${reading(valuesOf(answer, last), "reading newest")}
${marks.map((close) => mark(answer, close, line))}
</svg>
<figcaption>${say(`page.chart.caption.${spacing}`)}</figcaption>
<details><summary>${say("page.chart.table")}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="${say("page.chart.table")}"><table>
<thead><tr><th scope="col">${say("page.chart.day")}</th><th scope="col">${say("page.chart.price")}</th><th scope="col">${say("page.chart.lambos")}</th></tr></thead>
<tbody>${closes.map((close) => row(answer, close))}</tbody>
</table></div></details>
</figure>`;
}

function chartText(
  { currency, valuation }: LamboAnswer,
  first: DailyClose,
  last: DailyClose,
): string {
  const price = (priceUsd: number) => formatPrice(priceUsd, currency, PAGE_LOCALE);
  return say("page.chart.text", {
    first: formatDay(first.on, PAGE_LOCALE),
    firstPrice: price(first.priceUsd),
    peak: formatDay(valuation.peak.on, PAGE_LOCALE),
    peakPrice: price(valuation.peak.priceUsd),
    last: formatDay(last.on, PAGE_LOCALE),
    lastPrice: price(last.priceUsd),
  });
}

/** What a close would have been worth in Lambos. */
function lambosOn({ valuation }: LamboAnswer, { priceUsd }: DailyClose): string {
  const { opening, stakeUsd, carPriceUsd } = valuation;
  return lambosInWords(lambosAt(priceUsd, opening.meanUsd, stakeUsd, carPriceUsd), PAGE_LOCALE);
}

function valuesOf(answer: LamboAnswer, close: DailyClose) {
  return {
    day: formatDay(close.on, PAGE_LOCALE),
    price: formatPrice(close.priceUsd, answer.currency, PAGE_LOCALE),
    lambos: lambosOn(answer, close),
  };
}

/** A day that can be focused: its price is then shown above the line, and read out. */
function mark(answer: LamboAnswer, close: DailyClose, line: PriceLine): Html {
  const values = valuesOf(answer, close);
  const [x, y] = [digit(line.xOf(close.on)), digit(line.yOf(close.priceUsd))];
  return html`<g class="mark" tabindex="0" role="img" aria-label="${say("page.chart.mark", values)}"><path class="drop" d="M${x} ${y}V${PLOT.y + PLOT.height}"/><circle class="reach" cx="${x}" cy="${y}" r="${MARK_REACH}"/><circle class="dot" cx="${x}" cy="${y}" r="5"/>${reading(values, "reading")}</g>`;
}

/** A day's price above the line. */
function reading(
  values: { readonly day: string; readonly price: string; readonly lambos: string },
  kind: string,
): Html {
  return html`<g class="${kind}" aria-hidden="true"><text x="${PLOT.x}" y="24">${values.day}</text><text class="strong" x="${PLOT.x}" y="50">${say("page.chart.reading", values)}</text></g>`;
}

function row(answer: LamboAnswer, close: DailyClose): Html {
  return html`<tr><th scope="row">${formatDay(close.on, PAGE_LOCALE)}</th><td>${formatPrice(close.priceUsd, answer.currency, PAGE_LOCALE)}</td><td>${lambosOn(answer, close)}</td></tr>`;
}

/** The days of buying or of selling, at least wide enough to be seen. */
function band(line: PriceLine, from: string, to: string): Html {
  const left = line.xOf(from);
  const width = Math.max(4, line.xOf(to) - left);
  const x = Math.min(left, PLOT.x + PLOT.width - width);
  return html`<rect class="band" x="${digit(x)}" y="${PLOT.y}" width="${digit(width)}" height="${PLOT.height}"/>`;
}

/** A few prices at a glance: the highest of the line, and shares of it that are easy to read. */
function gridLines(
  { currency }: LamboAnswer,
  points: readonly DailyClose[],
  line: PriceLine,
): readonly Html[] {
  const prices = gridPrices(points, currency.perUsd, line.isLogarithmic);
  // Right below the top its label would touch the price that is read there.
  const shown = prices.filter((priceUsd) => line.yOf(priceUsd) > PLOT.y + LABEL_HEIGHT);
  return shown.map((priceUsd) => {
    const y = digit(line.yOf(priceUsd));
    return html`<path class="grid" d="M${PLOT.x} ${y}H${PLOT.x + PLOT.width}"/><text class="axis" x="${PLOT.x}" y="${y - 5}">${formatPrice(priceUsd, currency, PAGE_LOCALE)}</text>`;
  });
}

const LABEL_HEIGHT = 24;
const MAX_GRID_LINES = 4;

/** Round prices of the currency shown between the lowest and the highest, in US dollars. */
function gridPrices(
  points: readonly DailyClose[],
  perUsd: number,
  isLogarithmic: boolean,
): readonly number[] {
  const prices = points.map(({ priceUsd }) => priceUsd * perUsd);
  const lowest = prices.reduce((a, b) => Math.min(a, b));
  const highest = prices.reduce((a, b) => Math.max(a, b));
  const powers = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => Number(`1e${from + at}`));
  const round = isLogarithmic
    ? thinned(
        powers(Math.ceil(Math.log10(lowest)), Math.floor(Math.log10(highest))),
        MAX_GRID_LINES,
      )
    : evenSteps(highest);
  return round.filter((price) => price <= highest).map((price) => price / perUsd);
}

/** Up to four even steps to a price, each 1, 2 or 5 times a power of ten. */
function evenSteps(highest: number): readonly number[] {
  const power = 10 ** Math.floor(Math.log10(highest / MAX_GRID_LINES));
  const step =
    [1, 2, 5, 10].map((times) => times * power).find((size) => highest / size <= MAX_GRID_LINES) ??
    highest;
  return Array.from({ length: Math.floor(highest / step) }, (_, at) => step * (at + 1));
}

/** The price that made one Lambo, where the line ever came near it. */
function lamboLine({ valuation }: LamboAnswer, line: PriceLine): Html | false {
  const { opening, stakeUsd, carPriceUsd, peak } = valuation;
  const priceUsd = opening.meanUsd * (1 + carPriceUsd / stakeUsd);
  if (!(priceUsd <= peak.priceUsd)) return false;
  const y = digit(line.yOf(priceUsd));
  return html`<path class="lambo" d="M${PLOT.x} ${y}H${PLOT.x + PLOT.width}"/><text class="axis end strong" x="${PLOT.x + PLOT.width - 30}" y="${y - 6}">${say("page.chart.one-lambo")}</text>`;
}

function digit(px: number): number {
  return Math.round(px * 10) / 10;
}
