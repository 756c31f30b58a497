import type { PlacedPrice } from "./price-line.ts";
import type { Box, TextLine } from "./text-fit.ts";

/** A picture as layers, the lowest first; its size in pixels. */
export type Drawing = {
  readonly width: number;
  readonly height: number;
  readonly layers: readonly Layer[];
};

/** What a picture is made of. */
export type Layer = Tile | Words | Shape | Rectangle | Line;

/** A part of a picture that others may have too: it is rasterized once and then copied. */
export type Tile = {
  readonly kind: "tile";
  /** Shapes and outlines; tiles with the same text are the same. */
  readonly svg: string;
  /** What is kept of it: whole pixels of the SVG's own coordinates. */
  readonly box: Box;
  /** Whether it leaves nothing of what is below it. */
  readonly isOpaque: boolean;
  /** Whether all of its columns are the same, so that it is enough to keep one. */
  readonly isUniform: boolean;
  /** Where the SVG's origin lies on the picture, in whole pixels. */
  readonly at: Point;
  /** Nothing to the right of this is drawn, in pixels of the picture. */
  readonly rightEdge?: number;
};

/** A line of text in a CSS hex colour. */
export type Words = {
  readonly kind: "words";
  readonly line: TextLine;
  readonly fill: string;
  /** From 0 to 1. */
  readonly opacity: number;
};

/** A polygon in a CSS hex colour, its corners in pixels. */
export type Shape = {
  readonly kind: "shape";
  readonly corners: readonly Corner[];
  readonly fill: string;
};

/** A rectangle in a CSS hex colour. */
export type Rectangle = {
  readonly kind: "rectangle";
  readonly box: Box;
  readonly fill: string;
  /** From 0 to 1. */
  readonly opacity: number;
};

/** A line that never turns back to the left, with round ends, in a CSS hex colour. */
export type Line = {
  readonly kind: "line";
  /** Its unbroken parts; one of a single place is a dot. */
  readonly stretches: readonly (readonly PlacedPrice[])[];
  readonly widthPx: number;
  readonly fill: string;
  /** What is filled from the line down to a height, more faintly towards it; null for nothing. */
  readonly area: {
    readonly topY: number;
    readonly footY: number;
    /** From 0 to 1, at these heights. */
    readonly opacity: { readonly top: number; readonly foot: number };
  } | null;
  /** How opaque it is to the left of `toX`, with its area, from 0 to 1. */
  readonly lead: { readonly toX: number; readonly opacity: number };
};

type Point = { readonly x: number; readonly y: number };

/** Where a polygon turns, in pixels. */
export type Corner = readonly [x: number, y: number];

/**
 * A part of a picture as a tile; it is at the origin, and neither opaque nor uniform, unless the
 * options say so.
 */
export function tile(svg: string, box: Box, options: Partial<Omit<Tile, "kind">> = {}): Tile {
  return {
    kind: "tile",
    svg,
    box,
    isOpaque: false,
    isUniform: false,
    at: { x: 0, y: 0 },
    ...options,
  };
}

/**
 * A tile around `place`, that is the same at all places that lie alike within their pixel: `svgAt`
 * is given how far that is into one. `reach` is how far the drawing goes in each direction.
 */
export function localTile(
  place: Point,
  reach: {
    readonly left: number;
    readonly right: number;
    readonly above: number;
    readonly below: number;
  },
  svgAt: (within: Point) => string,
): Tile {
  const at = { x: Math.floor(place.x), y: Math.floor(place.y) };
  const within = (whole: number, exact: number): number => Number((exact - whole).toFixed(4));
  const [left, above] = [Math.ceil(reach.left), Math.ceil(reach.above)];
  const box = {
    x: -left,
    y: -above,
    width: left + Math.ceil(reach.right) + 1,
    height: above + Math.ceil(reach.below) + 1,
  };
  return tile(svgAt({ x: within(at.x, place.x), y: within(at.y, place.y) }), box, { at });
}

/** A line of text as a layer; its opacity is from 0 to 1. */
export function words(line: TextLine, fill: string, opacity = 1): Words {
  return { kind: "words", line, fill, opacity };
}

/** A polygon as a layer. */
export function shape(corners: readonly Corner[], fill: string): Shape {
  return { kind: "shape", corners, fill };
}

/** A rectangle as a layer; its opacity is from 0 to 1. */
export function rectangle(box: Box, fill: string, opacity = 1): Rectangle {
  return { kind: "rectangle", box, fill, opacity };
}

/** A line as a layer, opaque everywhere and without an area unless the options say so. */
export function line(
  stretches: readonly (readonly PlacedPrice[])[],
  widthPx: number,
  fill: string,
  { area = null, lead = NO_LEAD }: Partial<Pick<Line, "area" | "lead">> = {},
): Line {
  return { kind: "line", stretches, widthPx, fill, area, lead };
}

const NO_LEAD = { toX: Number.NEGATIVE_INFINITY, opacity: 1 } as const;
/** The radius of a stretch of a single place, in pixels. */
export const DOT_RADIUS_PX = 3;

/**
 * A whole drawing as one SVG: shapes and outlines only, so that it looks the same wherever it is
 * rendered.
 */
export function svgOf({ width, height, layers }: Drawing): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
${layers.map(layerSvg).join("")}</svg>`;
}

/** A line of text as SVG: its outline, filled with a CSS colour. */
export function textSvg({ face, text, x, y, sizePx }: TextLine, fill: string): string {
  return `<path d="${face.outline(text, x, y, sizePx)}" fill="${fill}"/>`;
}

function layerSvg(layer: Layer, index: number): string {
  switch (layer.kind) {
    case "tile":
      return tileSvg(layer, index);
    case "words":
      return `<g opacity="${layer.opacity}">${textSvg(layer.line, layer.fill)}</g>`;
    case "shape":
      return `<path d="M${layer.corners.map((corner) => corner.join(" ")).join("L")}Z" fill="${layer.fill}"/>`;
    case "rectangle": {
      const { x, y, width, height } = layer.box;
      return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${layer.fill}" fill-opacity="${layer.opacity}"/>`;
    }
    case "line":
      return lineSvg(layer, index);
  }
}

function lineSvg({ stretches, widthPx, fill, area, lead }: Line, index: number): string {
  const [gradient, ends] = [`area${index}`, [`lead${index}`, `held${index}`]] as const;
  const all = stretches.map((stretch) => {
    const [first, last] = [stretch[0], stretch.at(-1)];
    if (first === undefined || last === undefined) return "";
    if (first === last)
      return `<circle cx="${first.x.toFixed(1)}" cy="${first.y.toFixed(1)}" r="${DOT_RADIUS_PX}" fill="${fill}"/>`;
    const path = stretch.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L");
    const below =
      area === null
        ? ""
        : `<path d="M${first.x.toFixed(1)} ${area.footY}L${path}L${last.x.toFixed(1)} ${area.footY}Z" fill="url(#${gradient})"/>`;
    return `${below}<path d="M${path}" fill="none" stroke="${fill}" stroke-width="${widthPx}" stroke-linejoin="round" stroke-linecap="round"/>`;
  });
  const drawing = all.join("");
  const shade =
    area === null
      ? ""
      : `<linearGradient id="${gradient}" gradientUnits="userSpaceOnUse" x1="0" y1="${area.topY}" x2="0" y2="${area.footY}"><stop offset="0" stop-color="${fill}" stop-opacity="${area.opacity.top}"/><stop offset="1" stop-color="${fill}" stop-opacity="${area.opacity.foot}"/></linearGradient>`;
  if (lead.toX === Number.NEGATIVE_INFINITY) return `${shade}${drawing}`;
  const clip = (id: string, from: number, to: number): string =>
    `<clipPath id="${id}"><path d="M${from} 0H${to}V${FAR_PX}H${from}Z"/></clipPath>`;
  return `${shade}${clip(ends[0], 0, lead.toX)}${clip(ends[1], lead.toX, FAR_PX)}<g clip-path="url(#${ends[0]})"><g opacity="${lead.opacity}">${drawing}</g></g><g clip-path="url(#${ends[1]})">${drawing}</g>`;
}

/** Beyond any picture. */
const FAR_PX = 10_000;

function tileSvg({ svg, at, box, rightEdge }: Tile, index: number): string {
  const { x, y } = at;
  const moved = x === 0 && y === 0 ? svg : `<g transform="translate(${x} ${y})">${svg}</g>`;
  if (rightEdge === undefined) return moved;
  const clip = `<rect x="${x + box.x}" y="${y + box.y}" width="${rightEdge - x - box.x}" height="${box.height}"/>`;
  return `<clipPath id="edge${index}">${clip}</clipPath><g clip-path="url(#edge${index})">${moved}</g>`;
}
