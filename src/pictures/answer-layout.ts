import {
  CENTS_BELOW,
  type Days,
  formatDay,
  formatDayInDigits,
  formatDayOfYear,
  formatDayOfYearInDigits,
  formatLambos,
  formatLambosBriefly,
  formatMoney,
  formatMoneyBriefly,
  formatPrice,
  formatPriceInPowers,
  isYearFirst,
  plainText,
} from "../messages/format.ts";
import { ENGLISH, say } from "../messages/say.ts";
import {
  daysHeld,
  isBoughtLater,
  lambosInWords,
  recordedWindows,
  type Tier,
  tierOf,
} from "../messages/wording.ts";
import { pickByHash } from "../process/hash-fraction.ts";
import { addDays, daysBetween, later } from "../valuation/calendar.ts";
import { fromUsd, type ShownCurrency } from "../valuation/currency.ts";
import type { Valuation } from "../valuation/valuation.ts";
import type { PictureSubject } from "./answer-subject.ts";
import type { Scene } from "./art/palette.ts";
import { carLabel, lambosInShort } from "./car-label.ts";
import { drawnLocale } from "./drawn-locale.ts";
import type { Faces } from "./fonts/faces.ts";
import type { Typeface } from "./fonts/typeface.ts";
import { type PlacedPrice, type PriceLine, priceLine } from "./price-line.ts";
import {
  type Box,
  drawable,
  firstCovered,
  firstFitting,
  fittingSizePx,
  inkBox,
  SMALLEST_TEXT_PX,
  shortened,
  type TextLine,
} from "./text-fit.ts";

/** Size of every picture in pixels: what Discord shows uncropped and link previews expect. */
export const PICTURE_WIDTH = 1200;
/** See {@link PICTURE_WIDTH}. */
export const PICTURE_HEIGHT = 630;

/** One of at most six texts on the picture. */
export type Label = {
  readonly role: "title" | "verdict" | "opening" | "closing" | "legend" | "demo";
  /** One to three lines, top to bottom. */
  readonly lines: readonly TextLine[];
  /** The bounding box of its drawn glyphs. */
  readonly box: Box;
};

/** Days of buying or selling as a span of the plot, and how high their average price lies. */
export type WindowSpan = { readonly box: Box; readonly averageY: number };

/** The shape in front of the verdict, for people who cannot tell its colours apart. */
export type Badge = "check" | "cross" | "clock" | "level" | "part";

/** Where everything on an answer picture goes, in pixels. */
export type AnswerLayout = {
  readonly scene: Scene;
  readonly badgeShape: Badge;
  readonly labels: readonly Label[];
  /** Where the badge in front of the verdict is. */
  readonly badge: Box;
  readonly plot: Box;
  readonly price: PriceLine;
  /** Shaded spans of the plot: the days of buying and those of selling. */
  readonly openingWindow: WindowSpan;
  readonly closingWindow: WindowSpan;
  readonly marker: PlacedPrice;
  /** The small mark in front of the legend, the same as the one on the line that it explains. */
  readonly legendMark: PlacedPrice;
  /** Where the cars stand; below it there is only the floor and the demo tape. */
  readonly stage: Box;
  /**
   * Every line of text, the badge, the plot with its marks, and the stage as rectangles; no two of
   * them touch.
   */
  readonly boxes: readonly Box[];
};

const LEFT: Box = { x: 48, y: 40, width: 476, height: 296 };
const PLOT: Box = { x: 564, y: 86, width: 588, height: 130 };
const STAGE: Box = { x: 48, y: 352, width: 1104, height: 222 };
const BADGE_PX = 78;
/** Half the width of the diamonds on the line and before the legend. */
export const MARK_PX = { line: 13, legend: 12 } as const;
/** How far the shaded windows reach below the plot. */
export const WINDOW_FOOT_PX = 10;
const VERDICT_MIDDLE = 186;
/** Room for the verdict between the lines above and below it. */
const VERDICT_HEIGHT = 98;
/** Baseline of the first line below the plot, and from one line to the next. */
const LABEL_TOP = 257;
const LABEL_PITCH_PX = 37;
/** Room for a pair of texts below the plot, leaving a gap between them. */
const PAIR_PX = PLOT.width - 28;

/**
 * The kind of picture that an answer gets. Losses and moons have two scenes each, which take turns:
 * a coin's changes from day to day, and the same question on the same day has the same one.
 */
export function sceneOf(valuation: Valuation): Scene {
  switch (tierOf(valuation)) {
    case "dead":
      return "dead";
    case "moon-100":
      return isEvenTurn(valuation) ? "moon" : "landing";
    case "moon-10":
      return "fleet";
    case "yes":
      return "garage";
    case "loss":
      return isEvenTurn(valuation) ? "loss" : "bus-stop";
    default:
      return "part";
  }
}

function isEvenTurn({ coinId, lastRecordedOn }: Valuation): boolean {
  const day = daysBetween("1970-01-01", lastRecordedOn);
  return (day + (pickByHash(coinId, [0, 1]) ?? 0)) % 2 === 0;
}

function badgeShapeOf(tier: Tier): Badge {
  switch (tier) {
    case "dead":
      return "clock";
    case "loss":
      return "cross";
    case "steady":
      return "level";
    case "nearly":
    case "part-way":
    case "spare-parts":
      return "part";
    default:
      return "check";
  }
}

/** Lays out the answer picture. Pure; works for any name, number, span and locale. */
export function answerLayout(asked: PictureSubject, faces: Faces): AnswerLayout {
  const subject = { ...asked, locale: drawnLocale(asked.locale, faces) };
  const { valuation, points } = subject;
  const scene = sceneOf(valuation);
  const windows = recordedWindows(valuation);
  const price = priceLine(points, PLOT, {
    ...leadOf(valuation),
    from: valuation.opening.from,
    to: valuation.lastRecordedOn,
    openingTo: windows.opening.to,
    closingFrom: windows.closing.from,
  });
  const markedDay = valuation.firstLamboDay ?? valuation.peak;
  const verdict = verdictLabel(subject, scene, faces);
  const legend = legendLabel(subject, price.isLogarithmic, faces);
  const labels = [
    titleLabel(subject, faces),
    verdict,
    ...windowLabels(subject, faces, price.startX),
    legend,
    ...demoLabel(subject, faces),
  ];
  const badge = { x: LEFT.x, y: VERDICT_MIDDLE - BADGE_PX / 2, width: BADGE_PX, height: BADGE_PX };
  const legendMark = { x: PLOT.x + MARK_PX.legend, y: legend.box.y + MARK_PX.legend };
  return {
    scene,
    badgeShape: badgeShapeOf(tierOf(valuation)),
    labels,
    badge,
    plot: PLOT,
    price,
    openingWindow: windowSpan(price, windows.opening, valuation.opening.meanUsd),
    closingWindow: windowSpan(price, windows.closing, valuation.closing.meanUsd),
    marker: { x: price.xOf(markedDay.on), y: price.yOf(markedDay.priceUsd) },
    legendMark,
    stage: STAGE,
    boxes: [
      ...labels.flatMap(({ lines }) => lines.map((line) => inkBox([line]))),
      badge,
      around(legendMark, MARK_PX.legend),
      plotWithMarks(),
      STAGE,
    ],
  };
}

/** How much of the picture's span lies before a purchase that was made after the listing. */
const LEAD_PART = 1 / 3;

/** From where the line shows how the coin got to the price at which it was bought. */
function leadOf(valuation: Valuation): { readonly leadFrom?: string } {
  if (!isBoughtLater(valuation)) return {};
  const lead = Math.round(daysHeld(valuation) * LEAD_PART);
  return { leadFrom: later(addDays(valuation.opening.from, -lead), valuation.firstRecordedOn) };
}

/** The plot, including the room for markers at its edges and the feet of its windows. */
function plotWithMarks(): Box {
  const room = MARK_PX.line + 1;
  return {
    x: PLOT.x - room,
    y: PLOT.y - room,
    width: PLOT.width + 2 * room,
    height: PLOT.height + room + WINDOW_FOOT_PX,
  };
}

/** The square around a mark. */
export function around({ x, y }: PlacedPrice, radius: number): Box {
  return { x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius };
}

/**
 * The name to show for a coin: the first of name, symbol and coin id that the typeface can draw.
 */
export function shownName(
  coin: { readonly coinName: string; readonly symbol: string; readonly coinId: string },
  face: Typeface,
  locale: string,
): string {
  const candidates = [coin.coinName, coin.symbol.toUpperCase(), coin.coinId].map((text) =>
    plainText(text, MAX_NAME_LENGTH),
  );
  return firstCovered(candidates, face) ?? say(locale, "picture.unnamed");
}

const MAX_NAME_LENGTH = 80;

function titleLabel(subject: PictureSubject, faces: Faces): Label {
  const { valuation, currency, locale } = subject;
  const name = shownName({ ...subject, coinId: valuation.coinId }, faces.text, locale);
  const nameSizePx = fittingSizePx(name, faces.text, 50, LEFT.width);
  const money = drawable(locale, faces.text, (code) => {
    const [proceeds, briefly] = [formatMoney, formatMoneyBriefly].map(
      (write) => `→ ${write(valuation.proceedsUsd, currency, code)}`,
    );
    const stake = formatMoney(valuation.stakeUsd, currency, code);
    return [`${stake} ${proceeds}`, `${stake} ${briefly}`, `${proceeds}`, `${briefly}`];
  });
  const moneyText = firstFitting(money, faces.text, MONEY_PX, LEFT.width);
  return label("title", [
    {
      text: shortened(name, faces.text, nameSizePx, LEFT.width),
      face: faces.text,
      sizePx: nameSizePx,
      x: LEFT.x,
      y: 78,
    },
    { text: moneyText, face: faces.text, sizePx: MONEY_PX, x: LEFT.x, y: 123 },
  ]);
}

const MONEY_PX = 34;

function verdictLabel(subject: PictureSubject, scene: Scene, faces: Faces): Label {
  const { valuation, car, currency, locale } = subject;
  const word = say(locale, `picture.verdict.${tierOf(valuation)}`);
  const wordX = LEFT.x + BADGE_PX + 22;
  const wordWidth = LEFT.x + LEFT.width - wordX;
  const ink = faces.display.inkPx(word, 1);
  // Accents on capitals, and letters that reach below the line, must not touch the lines around.
  const wordPx = Math.min(
    fittingSizePx(word, faces.display, 116, wordWidth),
    VERDICT_HEIGHT / (ink.above + ink.below),
  );
  const texts = drawable(locale, faces.text, (code) => countTexts(valuation, scene, code));
  const leastPx = scene === "loss" || scene === "bus-stop" ? SMALLEST_TEXT_PX : COUNT_PX.least;
  const large = texts.find((candidate) => faces.text.widthPx(candidate, leastPx) <= LEFT.width);
  const text = large ?? firstFitting(texts, faces.text, SMALLEST_TEXT_PX, LEFT.width);
  const countPx = fittingSizePx(text, faces.text, COUNT_PX.wanted, LEFT.width);
  return label("verdict", [
    {
      text: word,
      face: faces.display,
      sizePx: wordPx,
      x: wordX,
      y: VERDICT_MIDDLE + ((ink.above - ink.below) / 2) * wordPx,
    },
    { text, face: faces.text, sizePx: countPx, x: LEFT.x, y: 286 },
    {
      text: carLabel(car, currency, locale, faces.text, LEFT.width),
      face: faces.text,
      sizePx: SMALLEST_TEXT_PX,
      x: LEFT.x,
      y: 330,
    },
  ]);
}

// The number of Lambos is half of the answer, so it loses words rather than size; where there are
// none, it is the words that tell something.
const COUNT_PX = { wanted: 50, least: 40 } as const;

function countTexts(valuation: Valuation, scene: Scene, locale: string): readonly string[] {
  if (scene === "dead")
    return writtenDays(valuation.lastRecordedOn, locale).map((day) =>
      say(locale, "picture.last-priced", { day }),
    );
  if (scene === "loss" || scene === "bus-stop")
    return [
      say(locale, `picture.none.${scene}`, { lambos: lambosInWords(0, locale) }),
      lambosInWords(0, locale),
    ];
  if (scene === "fleet" || scene === "moon" || scene === "landing")
    return [
      `× ${lambosInWords(valuation.lambos, locale)}`,
      `× ${formatLambos(valuation.lambos, locale)}`,
    ];
  return [lambosInWords(valuation.lambos, locale), lambosInShort(valuation.lambos, locale)];
}

function windowLabels(subject: PictureSubject, faces: Faces, openingX: number): readonly Label[] {
  const face = faces.text;
  const rows = windowRows(subject, face);
  const room = rows.map(
    ([left, right]) =>
      PAIR_PX - face.widthPx(left, SMALLEST_TEXT_PX) - face.widthPx(right, SMALLEST_TEXT_PX),
  );
  // Below the days of buying, or as close to them as the other text lets it be.
  const leftX = Math.max(PLOT.x, Math.min(openingX, PLOT.x + Math.min(...room)));
  const place = (role: "opening" | "closing", index: 0 | 1): Label =>
    label(
      role,
      rows.map((pair, row) => ({
        text: pair[index],
        face,
        sizePx: SMALLEST_TEXT_PX,
        x:
          role === "opening"
            ? leftX
            : PLOT.x + PLOT.width - face.widthPx(pair[index], SMALLEST_TEXT_PX),
        y: LABEL_TOP + LABEL_PITCH_PX * row,
      })),
    );
  return [place("opening", 0), place("closing", 1)];
}

/** What each of the two average prices is, and the first and the last day of its span. */
function windowRows(
  { valuation, currency, locale }: PictureSubject,
  face: Typeface,
): readonly Pair[] {
  const { opening, closing } = valuation;
  const { opening: bought, closing: sold } = recordedWindows(valuation);
  const pricesBy = (write: typeof writtenPrices): readonly Pair[] =>
    drawablePairs(locale, face, (code) =>
      pairsOf(write(opening.meanUsd, currency, code), write(closing.meanUsd, currency, code)),
    );
  const priced = firstThatFits(
    pricesBy(writtenPrices).map(([left, right]) => [
      say(locale, "picture.bought", { price: left }),
      say(locale, "picture.sold", { price: right }),
    ]),
    face,
  );
  // Prices too wide to stand behind the words leave them to the days.
  const fromInWords = ([left, right]: Pair): Pair =>
    priced === undefined
      ? [
          say(locale, "picture.bought-from", { day: left }),
          say(locale, "picture.sold-from", { day: right }),
        ]
      : [say(locale, "picture.from", { day: left }), say(locale, "picture.from", { day: right })];
  const [lefts, rights] = [writtenSpans(bought, locale), writtenSpans(sold, locale)];
  const spans = lefts.map((left, index): readonly [from: Pair, to: Pair] => {
    const right = rights[index] ?? left;
    return [fromInWords([left.from, right.from]), [left.to, right.to]];
  });
  const [from, to] =
    spans.find((rows) => rows.every((row) => firstThatFits([row], face) !== undefined)) ??
    spans.at(-1) ??
    [];
  return [
    priced ?? pairThatFits(pricesBy(writtenPricesToTheLast), face),
    pairThatFits(from === undefined ? [] : [from], face),
    pairThatFits(to === undefined ? [] : [to], face),
  ];
}

/**
 * The first and the last day of a span, in two lines because they have no room side by side; the
 * longest way of writing them first. Two days of one year have it once.
 */
function writtenSpans(
  { from, to }: Days,
  locale: string,
): readonly { readonly from: string; readonly to: string }[] {
  const isOneYear = from.slice(0, 4) === to.slice(0, 4);
  const inFull = { from: formatDay(from, locale), to: formatDay(to, locale) };
  const inWords = { ...inFull, from: formatDayOfYear(from, locale) };
  const inDigits = {
    from: formatDayOfYearInDigits(from, locale),
    to: formatDayInDigits(to, locale),
  };
  const brief = [inWords, inDigits, { from, to }];
  if (!isOneYear) return [inFull, ...brief];
  return isYearFirst(locale)
    ? [{ ...inFull, to: formatDayOfYear(to, locale) }, ...brief]
    : [inWords, ...brief];
}

/** A UTC day (YYYY-MM-DD) in a locale, the longest way of writing it first. */
export function writtenDays(on: string, locale: string): readonly string[] {
  return [formatDay(on, locale), formatDayInDigits(on, locale), on];
}

/** The texts below the plot's left and right ends. */
type Pair = readonly [left: string, right: string];

/** Two lists of ways to write something, longest first, side by side. */
function pairsOf(lefts: readonly string[], rights: readonly string[]): readonly Pair[] {
  return Array.from({ length: Math.max(lefts.length, rights.length) }, (_, index) => [
    lefts[index] ?? lefts.at(-1) ?? "",
    rights[index] ?? rights.at(-1) ?? "",
  ]);
}

/** {@link drawable} for pairs. */
function drawablePairs(
  locale: string,
  face: Typeface,
  pairsIn: (locale: string) => readonly Pair[],
): readonly Pair[] {
  const isDrawable = (pair: Pair): boolean => pair.every((text) => face.covers(text));
  const pairs = pairsIn(locale).filter(isDrawable);
  return pairs.length > 0 ? pairs : pairsIn(ENGLISH).filter(isDrawable);
}

/** The first pair that has room with a gap between its two texts. */
function firstThatFits(pairs: readonly Pair[], face: Typeface): Pair | undefined {
  const width = (text: string): number => face.widthPx(text, SMALLEST_TEXT_PX);
  return pairs.find(([left, right]) => width(left) + width(right) <= PAIR_PX);
}

/** {@link firstThatFits}, else the last pair, with both texts shortened alike. */
function pairThatFits(pairs: readonly Pair[], face: Typeface): Pair {
  const fitting = firstThatFits(pairs, face);
  if (fitting !== undefined) return fitting;
  const [left, right] = pairs.at(-1) ?? ["–", "–"];
  return [
    shortened(left, face, SMALLEST_TEXT_PX, PAIR_PX / 2),
    shortened(right, face, SMALLEST_TEXT_PX, PAIR_PX / 2),
  ];
}

function legendLabel(
  { valuation, locale }: PictureSubject,
  isLogarithmic: boolean,
  faces: Faces,
): Label {
  const { firstLamboDay, peak } = valuation;
  const scale = isLogarithmic ? ` · ${say(locale, "picture.log-scale")}` : "";
  const days = writtenDays((firstLamboDay ?? peak).on, locale);
  const texts =
    firstLamboDay === null
      ? days.map((day) => say(locale, "picture.peak", { day }))
      : [
          say(locale, "picture.first-lambo", { day: days[0] ?? firstLamboDay.on }),
          ...days.map((day) => say(locale, "picture.first-lambo.short", { day })),
        ];
  const x = PLOT.x + 32;
  const width = PLOT.x + PLOT.width - x;
  const text = firstFitting(
    // The scale is worth more than the month's name.
    texts.map((words) => `${words}${scale}`).concat(texts.at(-1) ?? ""),
    faces.text,
    SMALLEST_TEXT_PX,
    width,
  );
  return label("legend", [{ text, face: faces.text, sizePx: SMALLEST_TEXT_PX, x, y: 62 }]);
}

function demoLabel({ valuation, locale }: PictureSubject, faces: Faces): readonly Label[] {
  if (!valuation.flags.includes("demo")) return [];
  return [label("demo", [demoLine(faces, locale)])];
}

/** The line at the foot of every picture with invented prices. */
export function demoLine({ text: face }: Faces, locale: string): TextLine {
  const text = say(locale, "demo.notice");
  const x = (PICTURE_WIDTH - face.widthPx(text, SMALLEST_TEXT_PX)) / 2;
  return { text, face, sizePx: SMALLEST_TEXT_PX, x, y: 617 };
}

const LOTS = [
  { coins: 1e6, name: "million" },
  { coins: 1e9, name: "billion" },
  { coins: 1e12, name: "trillion" },
  { coins: 1e15, name: "quadrillion" },
  { coins: 1e18, name: "other" },
] as const;
const SOLD_BY_THE_LOT_BELOW = 0.001;
// A coin worth less than that has no price to speak of.
const LEAST_LOT_PRICE = 0.01;

/**
 * A price as it is readable on a phone, the longest way of writing it first: "$0.000000000001234"
 * is wide, and its zeros are hard to count; "$1.23 a trillion" says the same.
 */
export function writtenPrices(
  priceUsd: number,
  currency: ShownCurrency,
  locale: string,
): readonly string[] {
  const full = formatPrice(priceUsd, currency, locale);
  const price = fromUsd(priceUsd, currency);
  if (price >= CENTS_BELOW) return [full, formatMoneyBriefly(priceUsd, currency, locale)];
  if (!(price > 0 && price < SOLD_BY_THE_LOT_BELOW)) return [full];
  const lot = lotOf(price);
  return price * lot.coins < LEAST_LOT_PRICE
    ? [full, `≈ ${formatMoney(0, currency, locale)}`]
    : [
        full,
        say(locale, "picture.price-of-many", {
          price: lotPrice(priceUsd, lot, currency, locale),
          lot: lot.name,
        }),
      ];
}

/**
 * {@link writtenPrices}, and without words for where they have no room: "$1.23 / 1T". Always as
 * many, so that of two prices side by side neither is written in powers before it has to be.
 */
export function writtenPricesToTheLast(
  priceUsd: number,
  currency: ShownCurrency,
  locale: string,
): readonly string[] {
  const price = fromUsd(priceUsd, currency);
  const lot = lotOf(price);
  const isInLots = price > 0 && price < SOLD_BY_THE_LOT_BELOW && lot.coins <= MOST_IN_SHORT;
  const [full = "", inWords = full] = writtenPrices(priceUsd, currency, locale);
  const inShort = isInLots
    ? `${lotPrice(priceUsd, lot, currency, locale)} / ${formatLambosBriefly(lot.coins, locale)}`
    : inWords;
  return [full, inWords, inShort, formatPriceInPowers(priceUsd, currency, locale)];
}

// Larger numbers have no short names in most languages.
const MOST_IN_SHORT = 1e12;

type Lot = (typeof LOTS)[number];

function lotOf(price: number): Lot {
  return LOTS.find(({ coins }) => price * coins >= 1) ?? LOTS[4];
}

function lotPrice(priceUsd: number, lot: Lot, currency: ShownCurrency, locale: string): string {
  const usd = Number((fromUsd(priceUsd, currency) * lot.coins).toPrecision(3)) / currency.perUsd;
  return formatPrice(usd, currency, locale);
}

function windowSpan(price: PriceLine, { from, to }: Days, meanUsd: number): WindowSpan {
  const left = price.xOf(from);
  const width = Math.max(MIN_WINDOW_PX, price.xOf(to) - left);
  const x = Math.min(left, PLOT.x + PLOT.width - width);
  return {
    box: { x, y: PLOT.y, width, height: PLOT.height },
    averageY: price.yOf(meanUsd),
  };
}

// A record of a single day has no width.
const MIN_WINDOW_PX = 10;

function label(role: Label["role"], lines: readonly TextLine[]): Label {
  return { role, lines, box: inkBox(lines) };
}
