import { type Days, formatDay, formatPrice } from "../../messages/format.ts";
import { say } from "../../messages/say.ts";
import { coinName, lambosInWords, recordedWindows } from "../../messages/wording.ts";
import { needsLogarithms, type PriceLine, priceLine } from "../../pictures/price-line.ts";
import type { Box } from "../../pictures/text-fit.ts";
import type { LamboAnswer } from "../../questions/answer.ts";
import { oneLamboUsd } from "../../valuation/needed-price.ts";
import type { DailyClose } from "../../valuation/price-record.ts";
import { lambosAt } from "../../valuation/valuation.ts";
import { closesShown, thinned } from "./closes-shown.ts";
import { type Html, html } from "./html.ts";

const WIDTH = 640;
const HEIGHT = 396;
/**
 * The line lies in here; above it is room to read a day's price, below it for the days, and to the
 * right for the prices of the scale.
 */
const AREA = { x: 4, y: 76, width: 632, height: 270 };
/** Between the plot and the labels of its scale. */
const LABEL_GAP = 8;
/** A character of a label on the narrowest phone, where letters are largest beside the drawing. */
const LABEL_CHARACTER = 16;
/** Labels of the scale nearer to each other than this would touch. */
const LABEL_HEIGHT = 26;
/** As many as fit beside each other under a thumb. */
const MAX_MARKS = 12;
/** Half of what a finger needs on the narrowest phone, where the drawing is half as large. */
const MARK_REACH = 24;

/**
 * The price since the purchase as a drawing whose marked days can be reached with Tab, each with
 * its price and Lambos, and the same days and more as a table.
 */
export function chartFigure(answer: LamboAnswer, locale: string): Html {
  const { history, valuation } = answer;
  // What a coin cost before it was bought says nothing about the purchase.
  const points = history.points.filter(({ on }) => on >= valuation.opening.from);
  const { closes, spacing } = closesShown(points);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return html``;
  const windows = recordedWindows(valuation);
  const scale = scaleOf(answer, points, locale);
  const plot = plotBeside(scale);
  const line = priceLine(points, plot, {
    from: first.on,
    to: last.on,
    openingTo: first.on,
    closingFrom: last.on,
  });
  const marks = thinned(closes, MAX_MARKS);
  return html`<figure class="chart">
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="group" aria-labelledby="chart-title" aria-describedby="chart-text">
<title id="chart-title">${say(locale, "page.chart.title", { coin: coinName(answer.coin, locale, "plain") })}</title>
<desc id="chart-text">${chartText(answer, first, last, locale)}</desc>
<g aria-hidden="true">
${band(line, plot, windows.opening)}${band(line, plot, windows.closing)}
${scaleLines(scale, line, plot)}
${line.stretches.map((stretch) => html`<polyline class="line" points="${stretch.map(({ x, y }) => `${digit(x)},${digit(y)}`).join(" ")}"/>`)}
<text class="axis" x="${plot.x}" y="${HEIGHT - 14}">${formatDay(first.on, locale)}</text>
<text class="axis end" x="${plot.x + plot.width}" y="${HEIGHT - 14}">${formatDay(last.on, locale)}</text>
</g>
${reading(valuesOf(answer, last, locale), "reading newest", locale)}
${marks.map((close) => mark(answer, close, line, locale))}
</svg>
<figcaption>${say(locale, `page.chart.caption.${spacing}`)}</figcaption>
<details><summary>${say(locale, "page.chart.table")}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="${say(locale, "page.chart.table")}"><table>
<thead><tr><th scope="col">${say(locale, "page.chart.day")}</th><th scope="col">${say(locale, "page.chart.price")}</th><th scope="col">${say(locale, "page.chart.lambos")}</th></tr></thead>
<tbody>${closes.map((close) => row(answer, close, locale))}</tbody>
</table></div></details>
</figure>`;
}

function chartText(
  { currency, valuation }: LamboAnswer,
  first: DailyClose,
  last: DailyClose,
  locale: string,
): string {
  const price = (priceUsd: number) => formatPrice(priceUsd, currency, locale);
  return say(locale, "page.chart.text", {
    first: formatDay(first.on, locale),
    firstPrice: price(first.priceUsd),
    peak: formatDay(valuation.peak.on, locale),
    peakPrice: price(valuation.peak.priceUsd),
    last: formatDay(last.on, locale),
    lastPrice: price(last.priceUsd),
  });
}

/** What a close would have been worth in Lambos. */
function lambosOn({ valuation }: LamboAnswer, { priceUsd }: DailyClose, locale: string): string {
  const { opening, stakeUsd, carPriceUsd } = valuation;
  return lambosInWords(lambosAt(priceUsd, opening.meanUsd, stakeUsd, carPriceUsd), locale);
}

function valuesOf(answer: LamboAnswer, close: DailyClose, locale: string) {
  return {
    day: formatDay(close.on, locale),
    price: formatPrice(close.priceUsd, answer.currency, locale),
    lambos: lambosOn(answer, close, locale),
  };
}

/** A day that can be focused: its price is then shown above the line, and read out. */
function mark(answer: LamboAnswer, close: DailyClose, line: PriceLine, locale: string): Html {
  const values = valuesOf(answer, close, locale);
  const [x, y] = [digit(line.xOf(close.on)), digit(line.yOf(close.priceUsd))];
  return html`<g class="mark" tabindex="0" role="img" aria-label="${say(locale, "page.chart.mark", values)}"><path class="drop" d="M${x} ${y}V${AREA.y + AREA.height}"/><circle class="reach" cx="${x}" cy="${y}" r="${MARK_REACH}"/><circle class="dot" cx="${x}" cy="${y}" r="5"/>${reading(values, "reading", locale)}</g>`;
}

/** A day's price above the line. */
function reading(
  values: { readonly day: string; readonly price: string; readonly lambos: string },
  kind: string,
  locale: string,
): Html {
  return html`<g class="${kind}" aria-hidden="true"><text x="${AREA.x}" y="24">${values.day}</text><text class="strong" x="${AREA.x}" y="50">${say(locale, "page.chart.reading", values)}</text></g>`;
}

function row(answer: LamboAnswer, close: DailyClose, locale: string): Html {
  return html`<tr><th scope="row">${formatDay(close.on, locale)}</th><td>${formatPrice(close.priceUsd, answer.currency, locale)}</td><td>${lambosOn(answer, close, locale)}</td></tr>`;
}

/** The days of buying or of selling, at least wide enough to be seen. */
function band(line: PriceLine, plot: Box, { from, to }: Days): Html {
  const left = line.xOf(from);
  const width = Math.max(4, line.xOf(to) - left);
  const x = Math.min(left, plot.x + plot.width - width);
  return html`<rect class="band" x="${digit(x)}" y="${plot.y}" width="${digit(width)}" height="${plot.height}"/>`;
}

/** A price that is marked across the plot, and what stands beside it. */
type ScalePrice = {
  readonly priceUsd: number;
  readonly label: string;
  readonly isOneLambo?: boolean;
};

/**
 * A few prices at a glance, each a round one, and the price that made one Lambo, where the line
 * ever came near it.
 */
function scaleOf(
  { currency, valuation }: LamboAnswer,
  points: readonly DailyClose[],
  locale: string,
): readonly ScalePrice[] {
  const lamboUsd = oneLamboUsd(valuation.opening.meanUsd, valuation);
  const round = gridPrices(points, currency.perUsd).map((priceUsd) => ({
    priceUsd,
    label: formatPrice(priceUsd, currency, locale),
  }));
  return lamboUsd <= valuation.peak.priceUsd
    ? [
        ...round,
        { priceUsd: lamboUsd, label: say(locale, "page.chart.one-lambo"), isOneLambo: true },
      ]
    : round;
}

/** The area without the room for the labels of the scale, which stand to the right of the line. */
function plotBeside(scale: readonly ScalePrice[]): Box {
  const longest = Math.max(0, ...scale.map(({ label }) => label.length));
  return { ...AREA, width: AREA.width - LABEL_GAP - longest * LABEL_CHARACTER };
}

function scaleLines(scale: readonly ScalePrice[], line: PriceLine, plot: Box): readonly Html[] {
  const right = plot.x + plot.width;
  const oneLambo = scale.find(({ isOneLambo }) => isOneLambo);
  return scale.map((price) => {
    const y = digit(line.yOf(price.priceUsd));
    const isCovered =
      oneLambo !== undefined &&
      price !== oneLambo &&
      Math.abs(line.yOf(oneLambo.priceUsd) - y) < LABEL_HEIGHT;
    const [path, text] = price.isOneLambo ? ["lambo", "axis strong"] : ["grid", "axis"];
    return html`<path class="${path}" d="M${plot.x} ${y}H${right}"/>${
      !isCovered &&
      html`<text class="${text}" x="${right + LABEL_GAP}" y="${y}" dy=".35em">${price.label}</text>`
    }`;
  });
}

const MAX_GRID_LINES = 4;

/** Round prices of the currency shown between the lowest and the highest, in US dollars. */
function gridPrices(points: readonly DailyClose[], perUsd: number): readonly number[] {
  const prices = points.map(({ priceUsd }) => priceUsd * perUsd);
  const lowest = prices.reduce((a, b) => Math.min(a, b));
  const highest = prices.reduce((a, b) => Math.max(a, b));
  const powers = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => Number(`1e${from + at}`));
  const round = needsLogarithms(lowest, highest)
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

function digit(px: number): number {
  return Math.round(px * 10) / 10;
}
