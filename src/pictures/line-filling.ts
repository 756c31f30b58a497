import { DOT_RADIUS_PX, type Line } from "./drawing.ts";
import { inTenths } from "./line-drawing.ts";
import { colourOf, mix, type PixelRows } from "./pixel-rows.ts";
import type { PlacedPrice } from "./price-line.ts";

/** The edges of a line are computed at this many places a pixel; between them they are straight. */
const SAMPLES_PER_PX = 8;

/** The first row that a line and its area leave as it is, in pixels. */
export function rowBelowLine({ stretches, widthPx, area }: Line): number {
  let lowest = Number.NEGATIVE_INFINITY;
  for (const stretch of stretches) for (const { y } of stretch) if (y > lowest) lowest = y;
  return Math.ceil(Math.max(lowest + Math.max(widthPx / 2, DOT_RADIUS_PX), area?.footY ?? 0)) + 1;
}

/**
 * Fills a line and its area, both within the rows. With librsvg a picture of a riddle takes almost
 * twice the processor time, and one of an answer a third more (measured 2026-11).
 */
export function fillLine(rows: PixelRows, line: Line): void {
  for (const stretch of line.stretches) {
    // Rounded like the coordinates in an SVG.
    const placed = stretch.map(({ x, y }) => ({ x: inTenths(x), y: inTenths(y) }));
    fillStretch(rows, placed, line);
  }
}

/** Fills an unbroken stretch, column by column: the stroke, then the area below it. */
function fillStretch(
  rows: PixelRows,
  stretch: readonly PlacedPrice[],
  { widthPx, fill, area, lead }: Line,
): void {
  const [first, last] = [stretch[0], stretch.at(-1)];
  if (first === undefined || last === undefined) return;
  const isDot = stretch.length === 1;
  const edges = strokeEdges(stretch, isDot ? DOT_RADIUS_PX : widthPx / 2);
  const areaOpacity = isDot || area === null ? NO_AREA : areaOpacities(area);
  const colour = colourOf(fill);
  // Of one column: its pixels are covered by the sums from the top down to them.
  const strokeSteps = new Float64Array(rows.height + 1);
  const areaSteps = new Float64Array(rows.height + 1);
  const columns = (edges.above.length - 1) / SAMPLES_PER_PX;
  for (let column = 0; column < columns; column++) {
    const x = edges.left + column;
    let top = rows.height;
    let bottom = 0;
    for (let part = 0; part < SAMPLES_PER_PX; part++) {
      const sample = column * SAMPLES_PER_PX + part;
      const above = edges.above[sample] ?? 0;
      const below = edges.below[sample] ?? 0;
      const nextAbove = edges.above[sample + 1] ?? 0;
      const nextBelow = edges.below[sample + 1] ?? 0;
      // Beyond the stroke's ends.
      if (above > below || nextAbove > nextBelow) continue;
      top = Math.min(top, above, nextAbove);
      bottom = Math.max(bottom, below, nextBelow);
      addBelow(strokeSteps, above, nextAbove, 1 / SAMPLES_PER_PX);
      addBelow(strokeSteps, below, nextBelow, -1 / SAMPLES_PER_PX);
      const partX = x + part / SAMPLES_PER_PX;
      const width = Math.min(last.x, partX + 1 / SAMPLES_PER_PX) - Math.max(first.x, partX);
      if (width > 0) addBelow(areaSteps, below, nextBelow, width);
    }
    const leadShare = Math.min(1, Math.max(0, lead.toX - x));
    const opacity = 255 * (1 - leadShare * (1 - lead.opacity));
    const belowSteps = Math.floor(bottom) + 2;
    let stroke = 0;
    let belowStroke = 0;
    for (let row = Math.floor(top); row < belowSteps; row++) {
      stroke += strokeSteps[row] ?? 0;
      belowStroke += areaSteps[row] ?? 0;
      strokeSteps[row] = 0;
      areaSteps[row] = 0;
      const share = stroke + belowStroke * (areaOpacity[row] ?? 0);
      mix(rows, x, row, colour, Math.round(opacity * share));
    }
    for (let row = belowSteps; row < areaOpacity.length; row++)
      mix(rows, x, row, colour, Math.round(opacity * belowStroke * (areaOpacity[row] ?? 0)));
  }
}

const NO_AREA = new Float64Array(0);

/** How opaque the area is, 0 to 1, row by row down to its foot. */
function areaOpacities({ topY, footY, opacity }: NonNullable<Line["area"]>): Float64Array {
  return Float64Array.from({ length: Math.round(footY) }, (_, row) => {
    const along = Math.min(1, Math.max(0, (row + 0.5 - topY) / (footY - topY)));
    return opacity.top + along * (opacity.foot - opacity.top);
  });
}

/** The edges of a stroke at each sample from the column `left` on, in pixels. */
type StrokeEdges = {
  readonly left: number;
  readonly above: Float32Array;
  readonly below: Float32Array;
};

/**
 * The edges of what a disc covers that is drawn along the line. The line never turns back, so above
 * and below each place the disc leaves nothing out between its highest and its lowest point.
 */
function strokeEdges(stretch: readonly PlacedPrice[], radius: number): StrokeEdges {
  const left = Math.floor((stretch[0]?.x ?? 0) - radius);
  const right = Math.ceil((stretch.at(-1)?.x ?? 0) + radius);
  const samples = (right - left) * SAMPLES_PER_PX + 1;
  const edges: StrokeEdges = {
    left,
    above: new Float32Array(samples).fill(Number.POSITIVE_INFINITY),
    below: new Float32Array(samples).fill(Number.NEGATIVE_INFINITY),
  };
  for (let at = 0; at === 0 || at < stretch.length - 1; at++) {
    const from = stretch[at];
    const to = stretch[at + 1] ?? from;
    if (from !== undefined && to !== undefined)
      widen(edges, radius, from.x - left, from.y, to.x - left, to.y);
  }
  return edges;
}

/** Moves the edges so that the way of the disc from one place to the next is between them. */
function widen(
  { above, below }: StrokeEdges,
  radius: number,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  const length = Math.hypot(toX - fromX, toY - fromY);
  const slope = toX === fromX ? 0 : (toY - fromY) / (toX - fromX);
  // From the line to the edge above it, at a right angle.
  const acrossX = length === 0 ? 0 : (radius * (toY - fromY)) / length;
  const acrossY = length === 0 ? 0 : (radius * (fromX - toX)) / length;
  const end = Math.floor((toX + radius) * SAMPLES_PER_PX);
  for (let sample = Math.ceil((fromX - radius) * SAMPLES_PER_PX); sample <= end; sample++) {
    const x = sample / SAMPLES_PER_PX;
    const top =
      x < fromX + acrossX
        ? fromY - halfChord(radius, x - fromX)
        : x > toX + acrossX
          ? toY - halfChord(radius, x - toX)
          : fromY + acrossY + (x - fromX - acrossX) * slope;
    const bottom =
      x < fromX - acrossX
        ? fromY + halfChord(radius, x - fromX)
        : x > toX - acrossX
          ? toY + halfChord(radius, x - toX)
          : fromY - acrossY + (x - fromX + acrossX) * slope;
    if (top < (above[sample] ?? 0)) above[sample] = top;
    if (bottom > (below[sample] ?? 0)) below[sample] = bottom;
  }
}

function halfChord(radius: number, distance: number): number {
  return Math.sqrt(Math.max(0, radius * radius - distance * distance));
}

/** Adds to a column's steps what is below an edge between two heights, so many pixels wide. */
function addBelow(steps: Float64Array, from: number, to: number, width: number): void {
  const high = Math.min(from, to);
  const low = Math.max(from, to);
  let row = Math.floor(high);
  // How far the edge is above the row's top on average, and how much of the row before is below it.
  let depth = 0;
  let known = 0;
  for (;;) {
    const foot = row + 1;
    const reached =
      foot >= low ? foot - (high + low) / 2 : ((foot - high) * (foot - high)) / (2 * (low - high));
    const share = reached - depth;
    steps[row] = (steps[row] ?? 0) + width * (share - known);
    if (row >= low) return;
    depth = reached;
    known = share;
    row = foot;
  }
}
