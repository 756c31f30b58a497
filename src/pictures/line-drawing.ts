import type { Palette } from "./art/palette.ts";
import { type Corner, type Layer, line, rectangle, type Shape, shape } from "./drawing.ts";
import type { PlacedPrice, PriceLine } from "./price-line.ts";
import type { Box } from "./text-fit.ts";

/** How much of the line is seen before the coin was bought. */
const LEAD_OPACITY = 0.4;
const AREA_OPACITY = { top: 0.55, foot: 0.08 } as const;

/**
 * The price line over its area and the plot's foot; the part before the purchase is faint.
 */
export function priceLineLayers(
  { stretches, startX }: PriceLine,
  plot: Box,
  { accent, soft }: Palette,
): readonly Layer[] {
  const footY = plot.y + plot.height;
  const area = { topY: plot.y, footY, opacity: AREA_OPACITY };
  const lead = { toX: inTenths(startX), opacity: LEAD_OPACITY };
  return [
    rectangle({ x: plot.x, y: footY - 1, width: plot.width, height: 2 }, soft, 0.6),
    line(stretches, 4, accent, startX > plot.x ? { area, lead } : { area }),
  ];
}

/** Strokes along a line with gaps between them, all in pixels. */
export type Dashes = {
  readonly widthPx: number;
  readonly strokePx: number;
  readonly gapPx: number;
};

/** A dashed line from place to place, in a CSS hex colour. */
export function dashedLine(
  places: readonly PlacedPrice[],
  { widthPx, strokePx, gapPx }: Dashes,
  fill: string,
): readonly Shape[] {
  const dashes: Shape[] = [];
  const half = widthPx / 2;
  // How far the dash at the start of a straight part began before it.
  let begun = 0;
  for (const [index, to] of places.entries()) {
    const from = places[index - 1];
    if (from === undefined) continue;
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const [alongX, alongY] = [(to.x - from.x) / length, (to.y - from.y) / length];
    const corner = (at: number, across: number): Corner => [
      from.x + at * alongX - across * alongY,
      from.y + at * alongY + across * alongX,
    ];
    let dash = -begun;
    for (; dash < length; dash += strokePx + gapPx) {
      const [start, end] = [Math.max(0, dash), Math.min(length, dash + strokePx)];
      const corners = [corner(start, -half), corner(end, -half), corner(end, half)];
      if (start < end) dashes.push(shape([...corners, corner(start, half)], fill));
    }
    begun = length - (dash - strokePx - gapPx);
  }
  return dashes;
}

/**
 * A polygon with an edge of another colour along its outline, of which one half is outside; its
 * corners are clockwise around `place`.
 */
export function edged(
  corners: readonly Corner[],
  { x, y }: PlacedPrice,
  { fill, edge, edgePx }: { readonly fill: string; readonly edge: string; readonly edgePx: number },
): readonly Shape[] {
  const moved = corners.map(([cornerX, cornerY]): Corner => [x + cornerX, y + cornerY]);
  return [shape(widened(moved, edgePx / 2), edge), shape(widened(moved, -edgePx / 2), fill)];
}

/** A polygon whose sides are moved outwards. */
function widened(corners: readonly Corner[], px: number): readonly Corner[] {
  return corners.map((corner, index): Corner => {
    const before = outwards(corners.at(index - 1) ?? corner, corner);
    const after = outwards(corner, corners[index + 1] ?? corners[0] ?? corner);
    const reach = px / (1 + before.x * after.x + before.y * after.y);
    return [corner[0] + reach * (before.x + after.x), corner[1] + reach * (before.y + after.y)];
  });
}

/** Of length 1, at a right angle to a side. */
function outwards([fromX, fromY]: Corner, [toX, toY]: Corner): PlacedPrice {
  const length = Math.hypot(toX - fromX, toY - fromY);
  return { x: (toY - fromY) / length, y: (fromX - toX) / length };
}

/** The corners of a polygon that looks like a circle, around 0, 0. */
export function circle(radius: number): readonly Corner[] {
  return Array.from({ length: CIRCLE_CORNERS }, (_, index) => {
    const angle = (2 * Math.PI * index) / CIRCLE_CORNERS;
    return [radius * Math.sin(angle), -radius * Math.cos(angle)];
  });
}

const CIRCLE_CORNERS = 40;

/** A mark on a price line, or before the words that explain one. */
export function diamond(
  place: PlacedPrice,
  radius: number,
  { ink, wallTop }: Palette,
): readonly Layer[] {
  const corners: readonly Corner[] = [
    [0, -radius],
    [radius, 0],
    [0, radius],
    [-radius, 0],
  ];
  return edged(corners, place, { fill: ink, edge: wallTop, edgePx: 4 });
}

/** As precise as lines and marks are placed. */
export function inTenths(px: number): number {
  return Math.round(10 * px) / 10;
}
