import { PICTURE_HEIGHT, PICTURE_WIDTH } from "./answer-layout.ts";
import { wallTile } from "./art/garage-scenes.ts";
import { PALETTES } from "./art/palette.ts";
import { demoTape } from "./art/tape.ts";
import {
  type ComparedLine,
  type ComparisonLayout,
  SHAPE_PX,
  type Tick,
} from "./comparison-layout.ts";
import { type Drawing, type Layer, tile, words } from "./drawing.ts";
import { aroundPlot } from "./line-drawing.ts";
import type { PlacedPrice } from "./price-line.ts";
import type { Box } from "./text-fit.ts";

const PALETTE = PALETTES.leaderboard;

/**
 * Colours of the lines, the best coin's first, CSS hex: as far apart for eyes without red, green or
 * blue cones as four colours on a dark ground can well be. Each line has a shape of its own too.
 */
export const LINE_COLOURS = ["#f0e442", "#4f9dff", "#ff7043", "#ff8fc0"] as const;

/** The ground behind lines and words, from the picture's top to its foot, CSS hex. */
export const COMPARISON_GROUND = [PALETTE.wallTop, PALETTE.wallLow] as const;

/** The picture of a comparison. */
export function comparisonDrawing(layout: ComparisonLayout): Drawing {
  const { heading, plot, ticks, days, lines, demo } = layout;
  // The best coin's line lies on top.
  const drawn = [
    ...ticks.map((tick) => tickSvg(tick, plot)),
    ...lines.map(lineSvg).reverse(),
    ...lines.map(({ nameMark }, index) => shapeSvg(nameMark, index)),
  ];
  return {
    width: PICTURE_WIDTH,
    height: PICTURE_HEIGHT,
    layers: [
      wallTile(PALETTE),
      tile(drawn.join(""), boxOfLines(layout)),
      ...ticks.flatMap(({ text, isOne }) =>
        text === null ? [] : [words(text, isOne ? PALETTE.ink : PALETTE.soft)],
      ),
      ...lines.flatMap(namesOf),
      ...days.map((line) => words(line, PALETTE.soft)),
      ...heading.map((line, at) => words(line, at === 0 ? PALETTE.accent : PALETTE.ink)),
      ...(demo === null ? [] : [demoTape(demo)]),
    ],
  };
}

/** What lines, marks and leaders reach, in whole pixels. */
function boxOfLines({ plot, lines }: ComparisonLayout): Box {
  const drawn = aroundPlot(plot);
  const right = Math.ceil(Math.max(...lines.map(({ nameMark }) => nameMark.x)) + 2 * SHAPE_PX);
  const bottom = Math.ceil(
    Math.max(drawn.y + drawn.height, ...lines.map(({ nameMark }) => nameMark.y + 2 * SHAPE_PX)),
  );
  const top = Math.floor(
    Math.min(drawn.y, ...lines.map(({ nameMark }) => nameMark.y - 2 * SHAPE_PX)),
  );
  return { x: drawn.x, y: top, width: right - drawn.x, height: bottom - top };
}

function tickSvg({ y, isOne }: Tick, plot: Box): string {
  const stroke = isOne
    ? `stroke="${PALETTE.ink}" stroke-width="3" stroke-dasharray="12 8"`
    : `stroke="${PALETTE.soft}" stroke-opacity=".35" stroke-width="2"`;
  return `<path d="M${plot.x} ${y.toFixed(1)}H${plot.x + plot.width}" ${stroke}/>`;
}

function lineSvg({ stretches, marks, leader, isDead }: ComparedLine, index: number): string {
  const colour = colourOf(index);
  const paths = stretches
    .map((stretch) =>
      stretch.length === 1
        ? stretch.map(({ x, y }) => circle(x, y, 3, colour)).join("")
        : `<path d="${path(stretch)}" fill="none" stroke="${colour}" stroke-width="4" stroke-linejoin="round" stroke-linecap="round"/>`,
    )
    .join("");
  const dashes = isDead ? ' stroke-dasharray="3 7"' : "";
  const toWords = `<path d="${path(leader)}" fill="none" stroke="${colour}" stroke-width="2.5"${dashes}/>`;
  return `${toWords}${paths}${marks.map((mark) => shapeSvg(mark, index)).join("")}`;
}

function namesOf({ name, lambos }: ComparedLine, index: number): readonly Layer[] {
  return [words(name, colourOf(index)), words(lambos, PALETTE.ink)];
}

function colourOf(index: number): string {
  return LINE_COLOURS[index % LINE_COLOURS.length] ?? PALETTE.ink;
}

function path(places: readonly PlacedPrice[]): string {
  return `M${places.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
}

function circle(x: number, y: number, radius: number, fill: string): string {
  return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius}" fill="${fill}"/>`;
}

/** A circle, a square, a triangle or a diamond, for eyes that do not tell the colours apart. */
function shapeSvg({ x, y }: PlacedPrice, index: number): string {
  const outline = SHAPES[index % SHAPES.length] ?? "";
  return `<path d="${outline}" transform="translate(${x.toFixed(1)} ${y.toFixed(1)})" fill="${colourOf(index)}" stroke="${PALETTE.wallTop}" stroke-width="3"/>`;
}

const R = SHAPE_PX;
const SHAPES = [
  `M${-R} 0A${R} ${R} 0 1 1 ${R} 0A${R} ${R} 0 1 1 ${-R} 0Z`,
  `M${1 - R} ${1 - R}H${R - 1}V${R - 1}H${1 - R}Z`,
  `M0 ${-R}L${R} ${R - 1}H${-R}Z`,
  `M0 ${-R}L${R} 0L0 ${R}L${-R} 0Z`,
];
