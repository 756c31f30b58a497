import { formatMonths } from "../messages/format.ts";
import { say } from "../messages/say.ts";
import { percentInProse } from "../messages/wen-wording.ts";
import type { DailyClose } from "../valuation/price-record.ts";
import { withDemoNotice } from "./alt-text.ts";
import { demoLine, PICTURE_HEIGHT, PICTURE_WIDTH } from "./answer-layout.ts";
import { wallTile } from "./art/garage-scenes.ts";
import { PALETTES } from "./art/palette.ts";
import { demoTape } from "./art/tape.ts";
import { type Drawing, type Layer, rectangle, words } from "./drawing.ts";
import { drawnLocale } from "./drawn-locale.ts";
import type { Faces } from "./fonts/faces.ts";
import { inTenths, priceLineLayers } from "./line-drawing.ts";
import { type PriceLine, priceLine } from "./price-line.ts";
import { type Box, SMALLEST_TEXT_PX, type TextLine } from "./text-fit.ts";

/** A price line without a name, a price or a symbol. */
export type RiddleSubject = {
  /** Ascending; at least one. */
  readonly points: readonly DailyClose[];
  readonly locale: string;
  readonly isDemo: boolean;
};

const PLOT: Box = { x: 48, y: 62, width: PICTURE_WIDTH - 96, height: 286 };
const YEARS_Y = 394;
/** Lower than an answer, so that the leaderboard above it stays in sight. */
const HEIGHT = 420;
const TAPE_PX = 48;
/** Between two years. */
const GAP_PX = 28;
const STEPS = [1, 2, 5, 10] as const;

/** The riddle's picture. */
export function riddleDrawing({ points, isDemo, ...asked }: RiddleSubject, faces: Faces): Drawing {
  const locale = drawnLocale(asked.locale, faces);
  const palette = PALETTES.fleet;
  const height = isDemo ? HEIGHT + TAPE_PX : HEIGHT;
  const [from, to] = [points[0]?.on ?? "", points.at(-1)?.on ?? ""];
  // A price beside the line makes the scale logarithmic; this one is on it anyway.
  const days = { from, to, openingTo: from, closingFrom: to };
  const price = priceLine(points, PLOT, days, points[0]?.priceUsd);
  const scale: TextLine = textLine(say(locale, "picture.log-scale"), PLOT.x, 40, faces);
  const years = yearMarks({ from, to }, price, faces);
  const ticks = years.map(({ x }) =>
    rectangle(
      { x: inTenths(x) - 1, y: PLOT.y, width: 2, height: PLOT.height + 8 },
      palette.soft,
      0.25,
    ),
  );
  const question: TextLine = { text: "?", face: faces.display, sizePx: 330, x: 490, y: 322 };
  const tape: Layer = {
    ...demoTape(demoLine(faces, locale)),
    at: { x: 0, y: height - PICTURE_HEIGHT },
  };
  return {
    width: PICTURE_WIDTH,
    height,
    layers: [
      wallTile(palette, height),
      words(question, palette.ink, 0.13),
      ...ticks,
      ...priceLineLayers(price, PLOT, palette),
      ...[scale, ...years.map(({ line: year }) => year)].map((text) => words(text, palette.soft)),
      ...(isDemo ? [tape] : []),
    ],
  };
}

/**
 * Its alt text: what the line looks like, which is what the picture says too, and neither the coin
 * nor a price.
 */
export function riddleAltText({ points, locale, isDemo }: RiddleSubject): string {
  const [first, last] = [points[0], points.at(-1)];
  const peak = points.reduce<DailyClose | undefined>(
    (highest, close) =>
      highest === undefined || close.priceUsd > highest.priceUsd ? close : highest,
    undefined,
  );
  if (first === undefined || last === undefined || peak === undefined)
    return say(locale, "riddle.title");
  const sentence = say(locale, "picture.riddle.alt", {
    from: formatMonths({ from: first.on, to: first.on }, locale),
    to: formatMonths({ from: last.on, to: last.on }, locale),
    peak: formatMonths({ from: peak.on, to: peak.on }, locale),
    share: percentInProse(last.priceUsd / peak.priceUsd, locale),
  });
  return withDemoNotice(sentence, isDemo, locale);
}

type YearMark = { readonly x: number; readonly line: TextLine };

/** The beginnings of years: as many as have room for their numbers. */
function yearMarks(
  { from, to }: { readonly from: string; readonly to: string },
  price: PriceLine,
  faces: Faces,
): readonly YearMark[] {
  const [first, last] = [Number(from.slice(0, 4)) + 1, Number(to.slice(0, 4))];
  const all = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const year = String(first + index);
    const x = price.xOf(`${year}-01-01`);
    const width = faces.text.widthPx(year, SMALLEST_TEXT_PX);
    return { x, year, width, line: textLine(year, x - width / 2, YEARS_Y, faces) };
  }).filter(({ line, width }) => line.x >= 12 && line.x + width <= PICTURE_WIDTH - 12);
  const spacing = (all[1]?.x ?? Number.POSITIVE_INFINITY) - (all[0]?.x ?? 0);
  const widest = Math.max(0, ...all.map(({ width }) => width));
  const step = STEPS.find((years) => years * spacing >= widest + GAP_PX) ?? STEPS[3];
  return all.filter(({ year }) => Number(year) % step === 0);
}

function textLine(text: string, x: number, y: number, { text: face }: Faces): TextLine {
  return { text, face, sizePx: SMALLEST_TEXT_PX, x, y };
}
