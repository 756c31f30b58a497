import type { Palette } from "./art/palette.ts";
import { type Corner, type Layer, shape } from "./drawing.ts";
import type { PlacedPrice, PriceLine } from "./price-line.ts";
import type { Box } from "./text-fit.ts";

/** How much of the line is seen before the coin was bought. */
const LEAD_OPACITY = 0.4;

/**
 * The price line over its area, as SVG, with the gradient that the area is filled with; the part
 * before the purchase is faint.
 */
export function priceLineSvg(
  { stretches, startX }: PriceLine,
  plot: Box,
  palette: Palette,
): string {
  const foot = plot.y + plot.height;
  const lines = stretches.map((stretch) =>
    stretch.length === 1 ? dot(stretch[0], palette.accent, 3) : linePath(stretch, palette, foot),
  );
  return `<linearGradient id="area" gradientUnits="userSpaceOnUse" x1="0" y1="${plot.y}" x2="0" y2="${foot}"><stop offset="0" stop-color="${palette.accent}" stop-opacity=".55"/><stop offset="1" stop-color="${palette.accent}" stop-opacity=".08"/></linearGradient>
<path d="M${plot.x} ${foot}H${plot.x + plot.width}" stroke="${palette.soft}" stroke-opacity=".6" stroke-width="2"/>${startX > plot.x ? withFaintLead(lines.join(""), startX, plot) : lines.join("")}`;
}

function withFaintLead(lines: string, startX: number, plot: Box): string {
  const x = startX.toFixed(1);
  // The stroke reaches a little beyond the plot.
  const clip = (id: string, from: string, to: string) =>
    `<clipPath id="${id}"><path d="M${from} 0H${to}V${2 * (plot.y + plot.height)}H${from}Z"/></clipPath>`;
  const ends = [String(plot.x - 9), String(plot.x + plot.width + 9)] as const;
  return `${clip("before", ends[0], x)}${clip("held", x, ends[1])}<g clip-path="url(#before)"><g opacity="${LEAD_OPACITY}">${lines}</g></g><g clip-path="url(#held)">${lines}</g>`;
}

function linePath(stretch: readonly PlacedPrice[], palette: Palette, foot: number): string {
  const line = stretch.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
  const left = (stretch[0]?.x ?? 0).toFixed(1);
  const right = (stretch.at(-1)?.x ?? 0).toFixed(1);
  return `<path d="M${left} ${foot}L${line}L${right} ${foot}Z" fill="url(#area)"/><path d="M${line}" fill="none" stroke="${palette.accent}" stroke-width="4" stroke-linejoin="round" stroke-linecap="round"/>`;
}

function dot(placed: PlacedPrice | undefined, fill: string, radius: number): string {
  return placed === undefined
    ? ""
    : `<circle cx="${placed.x.toFixed(1)}" cy="${placed.y.toFixed(1)}" r="${radius}" fill="${fill}"/>`;
}

/** A mark on a price line, or before the words that explain one. */
export function diamond(
  place: PlacedPrice,
  radius: number,
  { ink, wallTop }: Palette,
): readonly Layer[] {
  return [
    shape(cornersAround(place, radius + HALF_STROKE_PX), wallTop),
    shape(cornersAround(place, radius - HALF_STROKE_PX), ink),
  ];
}

/** How far a stroke of 4 px reaches beyond a corner of 90 degrees, and within it. */
const HALF_STROKE_PX = 2 * Math.SQRT2;

function cornersAround({ x, y }: PlacedPrice, radius: number): readonly Corner[] {
  return [
    [x, y - radius],
    [x + radius, y],
    [x, y + radius],
    [x - radius, y],
  ];
}

/** A box of whole pixels that has room for the strokes at the edges of a plot. */
export function aroundPlot({ x, y, width, height }: Box): Box {
  return {
    x: x - STROKES_PX,
    y: y - STROKES_PX,
    width: width + 2 * STROKES_PX,
    height: height + 2 * STROKES_PX,
  };
}

const STROKES_PX = 16;
