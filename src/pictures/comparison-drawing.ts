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
import { type Corner, type Drawing, type Layer, line, rectangle, words } from "./drawing.ts";
import { circle, dashedLine, edged, inTenths } from "./line-drawing.ts";
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
  return {
    width: PICTURE_WIDTH,
    height: PICTURE_HEIGHT,
    layers: [
      wallTile(PALETTE),
      ...ticks.flatMap((tick) => tickLayers(tick, plot)),
      // The best coin's line lies on top.
      ...lines.map(lineLayers).reverse().flat(),
      ...lines.flatMap(({ nameMark }, index) => mark(nameMark, index)),
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

function tickLayers({ y: exactY, isOne }: Tick, plot: Box): readonly Layer[] {
  const y = inTenths(exactY);
  return isOne
    ? dashedLine(
        [
          { x: plot.x, y },
          { x: plot.x + plot.width, y },
        ],
        ONE_LAMBO,
        PALETTE.ink,
      )
    : [rectangle({ x: plot.x, y: y - 1, width: plot.width, height: 2 }, PALETTE.soft, 0.35)];
}

const ONE_LAMBO = { widthPx: 3, strokePx: 12, gapPx: 8 } as const;

function lineLayers(
  { stretches, marks, leader, isDead }: ComparedLine,
  index: number,
): readonly Layer[] {
  const colour = colourOf(index);
  const toWords = isDead ? dashedLine(leader, DEAD, colour) : [line([leader], LEADER_PX, colour)];
  return [...toWords, line(stretches, 4, colour), ...marks.flatMap((place) => mark(place, index))];
}

const LEADER_PX = 2.5;
const DEAD = { widthPx: LEADER_PX, strokePx: 3, gapPx: 7 } as const;

function namesOf({ name, lambos }: ComparedLine, index: number): readonly Layer[] {
  return [words(name, colourOf(index)), words(lambos, PALETTE.ink)];
}

function colourOf(index: number): string {
  return LINE_COLOURS[index % LINE_COLOURS.length] ?? PALETTE.ink;
}

/** A circle, a square, a triangle or a diamond, for eyes that do not tell the colours apart. */
function mark(place: PlacedPrice, index: number): readonly Layer[] {
  const corners = SHAPES[index % SHAPES.length] ?? [];
  return edged(
    corners,
    { x: inTenths(place.x), y: inTenths(place.y) },
    { fill: colourOf(index), edge: PALETTE.wallTop, edgePx: 3 },
  );
}

const R = SHAPE_PX;
const SHAPES: readonly (readonly Corner[])[] = [
  circle(R),
  [
    [1 - R, 1 - R],
    [R - 1, 1 - R],
    [R - 1, R - 1],
    [1 - R, R - 1],
  ],
  [
    [0, -R],
    [R, R - 1],
    [-R, R - 1],
  ],
  [
    [0, -R],
    [R, 0],
    [0, R],
    [-R, 0],
  ],
];
