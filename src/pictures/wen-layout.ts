import { formatTimes } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import {
  distanceForm,
  moodOf,
  percentInProse,
  threeDigits,
  type WenMood,
} from "../messages/wen-wording.ts";
import {
  around,
  demoLine,
  MARK_PX,
  PICTURE_WIDTH,
  shownName,
  writtenDays,
  writtenPricesToTheLast,
} from "./answer-layout.ts";
import { carLabel } from "./car-label.ts";
import { apart } from "./collisions.ts";
import { drawnLocale } from "./drawn-locale.ts";
import type { Faces } from "./fonts/faces.ts";
import { type PlacedPrice, type PriceLine, priceLine } from "./price-line.ts";
import {
  type Box,
  drawable,
  firstFitting,
  fittingSizePx,
  inkBox,
  SMALLEST_TEXT_PX,
  shortened,
  type TextLine,
} from "./text-fit.ts";
import type { WenSubject } from "./wen-subject.ts";

/** How a text of the picture is coloured. */
export type WenInk = "ink" | "soft" | "accent" | "tape";

/** Where everything on the picture of a needed price goes, in pixels. */
export type WenLayout = {
  readonly mood: WenMood;
  readonly texts: readonly { readonly line: TextLine; readonly ink: WenInk }[];
  readonly plot: Box;
  readonly price: PriceLine;
  /** The height of the needed price; its line crosses the plot. */
  readonly neededY: number;
  readonly latest: PlacedPrice;
  /** The marked day, and the same mark before the words about it; null when no day is marked. */
  readonly marks: { readonly onLine: PlacedPrice; readonly beforeWords: PlacedPrice } | null;
  /** Where the car stands; its width is that of a wedge. */
  readonly car: { readonly right: number; readonly foot: number; readonly widthPx: number };
  /** How much of the car is filled: the latest close as a share of the needed price. */
  readonly share: number;
  /**
   * Every line of text, the car, the marks and the plot as rectangles; no two of them touch.
   */
  readonly boxes: readonly Box[];
};

const LEFT = 48;
const RIGHT = PICTURE_WIDTH - 48;
const PLOT: Box = { x: LEFT, y: 300, width: 800, height: 232 };
/** Where the words beside the two lines begin. */
const BESIDE_X = PLOT.x + PLOT.width + 36;
const HEAD_WIDTH = 690;
const CAR = { right: RIGHT, foot: 178, widthPx: 372 } as const;
/** The tallest car with the mark above its roof. */
const CAR_BOX: Box = { x: RIGHT - 400, y: 14, width: 400, height: 172 };
const DAYS_Y = 574;
const LEGEND_Y = 273;
/** From the first to the second line beside the plot, and from one pair to the next. */
const PITCH_PX = 36;
const PAIR_PITCH_PX = 88;

/** Lays out the picture of a needed price. Pure; works for any name, number, span and locale. */
export function wenLayout(asked: WenSubject, faces: Faces): WenLayout {
  const subject = { ...asked, locale: drawnLocale(asked.locale, faces) };
  const { valuation, needed, points } = subject;
  const days = { from: points[0]?.on ?? valuation.firstRecordedOn, to: valuation.lastRecordedOn };
  const price = priceLine(
    points,
    PLOT,
    { ...days, openingTo: days.from, closingFrom: days.to },
    needed.priceUsd,
  );
  const latest = { x: price.xOf(needed.latest.on), y: price.yOf(needed.latest.priceUsd) };
  const neededY = price.yOf(needed.priceUsd);
  const marked = markedDay(subject);
  const beforeWords = { x: LEFT + MARK_PX.legend, y: LEGEND_Y - 12 };
  const texts = [
    ...headTexts(subject, faces),
    legendText(subject, faces, marked === null ? LEFT : LEFT + 2 * MARK_PX.legend + 12),
    ...besideTexts(subject, faces, { neededY, latestY: latest.y }),
    ...dayTexts(days, subject, faces),
    ...(valuation.flags.includes("demo")
      ? [{ line: demoLine(faces, subject.locale), ink: "tape" as const }]
      : []),
  ];
  return {
    mood: moodOf(subject),
    texts,
    plot: PLOT,
    price,
    neededY,
    latest,
    marks: marked === null ? null : { onLine: placed(marked, price), beforeWords },
    car: CAR,
    share: Math.min(1, 1 / needed.timesLatest),
    boxes: [
      ...texts.map(({ line }) => inkBox([line])),
      CAR_BOX,
      ...(marked === null ? [] : [around(beforeWords, MARK_PX.legend)]),
      plotWithMarks(),
    ],
  };
}

function placed(
  { on, priceUsd }: { readonly on: string; readonly priceUsd: number },
  price: PriceLine,
): PlacedPrice {
  return { x: price.xOf(on), y: price.yOf(priceUsd) };
}

/** The plot with the room that the marks at its edges take. */
function plotWithMarks(): Box {
  const room = MARK_PX.line - 2;
  return {
    x: PLOT.x - room,
    y: PLOT.y - room,
    width: PLOT.width + 2 * room,
    height: PLOT.height + room + 2,
  };
}

/** The day that is marked on the line: the last one there, else the highest one. */
function markedDay({ needed, points }: WenSubject) {
  const { closest, isThere, lastThereOn } = needed;
  if (isThere || lastThereOn === null) return closest;
  return points.find(({ on }) => on === lastThereOn) ?? closest;
}

function headTexts(subject: WenSubject, faces: Faces): WenLayout["texts"] {
  const { valuation, car, currency, locale } = subject;
  const face = faces.text;
  const name = shownName({ ...subject, coinId: valuation.coinId }, face, locale);
  const nameSizePx = fittingSizePx(name, face, 46, HEAD_WIDTH);
  const headline = say(locale, "picture.wen");
  const distances = drawable(locale, face, (code) => distanceTexts(subject, code));
  const distance = firstFitting(distances, face, SMALLEST_TEXT_PX, HEAD_WIDTH);
  const distanceSizePx = fittingSizePx(distance, face, DISTANCE_PX, HEAD_WIDTH);
  const model = carLabel(car, currency, locale, face, CAR_BOX.width);
  return [
    {
      line: {
        text: shortened(name, face, nameSizePx, HEAD_WIDTH),
        face,
        sizePx: nameSizePx,
        x: LEFT,
        y: 72,
      },
      ink: "ink",
    },
    {
      line: {
        text: headline,
        face: faces.display,
        sizePx: fittingSizePx(headline, faces.display, 88, HEAD_WIDTH),
        x: LEFT,
        y: 158,
      },
      ink: "accent",
    },
    { line: { text: distance, face, sizePx: distanceSizePx, x: LEFT, y: 220 }, ink: "ink" },
    {
      line: {
        text: model,
        face,
        sizePx: SMALLEST_TEXT_PX,
        x: RIGHT - face.widthPx(model, SMALLEST_TEXT_PX),
        y: 224,
      },
      ink: "soft",
    },
  ];
}

const DISTANCE_PX = 38;

function distanceTexts(subject: WenSubject, locale: string): readonly string[] {
  const { valuation, needed } = subject;
  if (moodOf(subject) === "dead")
    return writtenDays(valuation.lastRecordedOn, locale).map((day) =>
      say(locale, "picture.wen.dead", { day }),
    );
  const times = needed.isThere ? 1 / needed.timesLatest : needed.timesLatest;
  const form = distanceForm(times);
  const values = {
    times: formatTimes(threeDigits(times), locale),
    percent: percentInProse(Math.max(0, times - 1), locale),
  };
  return needed.isThere
    ? [say(locale, `picture.wen.there.${form}`, values)]
    : [say(locale, `picture.wen.${form}`, values)];
}

function legendText(subject: WenSubject, faces: Faces, x: number): WenLayout["texts"][number] {
  const face = faces.text;
  const texts = drawable(subject.locale, face, (code) => {
    const words = legendWords(subject, code);
    const scale = say(code, "picture.log-scale");
    return [...words.map((text) => `${text} · ${scale}`), ...words];
  });
  const text = firstFitting(texts, face, SMALLEST_TEXT_PX, RIGHT - x);
  return { line: { text, face, sizePx: SMALLEST_TEXT_PX, x, y: LEGEND_Y }, ink: "soft" };
}

function legendWords({ needed }: WenSubject, locale: string): readonly string[] {
  const { closest, isThere, lastThereOn } = needed;
  if (closest === null) return [say(locale, "picture.wen.no-day")];
  if (isThere)
    return writtenDays(closest.on, locale).map((day) =>
      say(locale, "picture.wen.highest", { day }),
    );
  const share = percentInProse(closest.share, locale);
  return lastThereOn === null
    ? writtenDays(closest.on, locale).map((day) =>
        say(locale, "picture.wen.closest", { day, share }),
      )
    : writtenDays(lastThereOn, locale).map((day) => say(locale, "picture.wen.last-there", { day }));
}

/** The two prices beside the plot, each as near to its height as the other leaves room. */
function besideTexts(
  subject: WenSubject,
  faces: Faces,
  { neededY, latestY }: { readonly neededY: number; readonly latestY: number },
): WenLayout["texts"] {
  const { needed, valuation } = subject;
  const [neededMiddle = neededY, latestMiddle = latestY] = apart([neededY, latestY], {
    pitch: PAIR_PITCH_PX,
    from: PLOT.y + 26,
    to: PLOT.y + PLOT.height - 30,
  });
  const latestWord = valuation.flags.includes("no-longer-priced")
    ? say(subject.locale, "picture.wen.last")
    : say(subject.locale, "picture.wen.latest");
  return [
    ...pairAt(neededMiddle, "ink", {
      word: say(subject.locale, "picture.wen.needed"),
      priceUsd: needed.priceUsd,
    }),
    ...pairAt(latestMiddle, "soft", {
      word: latestWord,
      priceUsd: needed.latest.priceUsd,
    }),
  ];

  function pairAt(
    middle: number,
    ink: WenInk,
    { word, priceUsd }: { readonly word: string; readonly priceUsd: number },
  ): WenLayout["texts"] {
    const face = faces.text;
    const shown = drawable(subject.locale, face, (code) =>
      writtenPricesToTheLast(priceUsd, subject.currency, code),
    );
    const width = RIGHT - BESIDE_X;
    const price = firstFitting(shown, face, SMALLEST_TEXT_PX, width);
    const base = { face, sizePx: SMALLEST_TEXT_PX, x: BESIDE_X };
    const text = shortened(word, face, SMALLEST_TEXT_PX, width);
    return [
      { line: { ...base, text, y: middle - 6 }, ink },
      { line: { ...base, text: price, y: middle - 6 + PITCH_PX }, ink },
    ];
  }
}

/** The first and the last day below the plot's ends. */
function dayTexts(
  { from, to }: { readonly from: string; readonly to: string },
  { locale }: WenSubject,
  faces: Faces,
): WenLayout["texts"] {
  const face = faces.text;
  const half = PLOT.width / 2 - 14;
  const [first, last] = [from, to].map((on) =>
    firstFitting(writtenDays(on, locale), face, SMALLEST_TEXT_PX, half),
  ) as [string, string]; // Two days in, two texts out.
  const base = { face, sizePx: SMALLEST_TEXT_PX, y: DAYS_Y };
  const end = PLOT.x + PLOT.width;
  return [
    { line: { ...base, text: first, x: PLOT.x }, ink: "soft" },
    {
      line: { ...base, text: last, x: end - face.widthPx(last, SMALLEST_TEXT_PX) },
      ink: "soft",
    },
  ];
}
