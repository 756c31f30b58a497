import type { Box, TextLine } from "./text-fit.ts";

/** A picture as layers, the lowest first; its size in pixels. */
export type Drawing = {
  readonly width: number;
  readonly height: number;
  readonly layers: readonly Layer[];
};

/** What a picture is made of. */
export type Layer = Tile | Words | Shape;

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
export type Words = { readonly kind: "words"; readonly line: TextLine; readonly fill: string };

/** A polygon in a CSS hex colour, its corners in pixels. */
export type Shape = {
  readonly kind: "shape";
  readonly corners: readonly Corner[];
  readonly fill: string;
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

/** A line of text as a layer. */
export function words(line: TextLine, fill: string): Words {
  return { kind: "words", line, fill };
}

/** A polygon as a layer. */
export function shape(corners: readonly Corner[], fill: string): Shape {
  return { kind: "shape", corners, fill };
}

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
      return textSvg(layer.line, layer.fill);
    case "shape":
      return `<path d="M${layer.corners.map((corner) => corner.join(" ")).join("L")}Z" fill="${layer.fill}"/>`;
  }
}

function tileSvg({ svg, at, box, rightEdge }: Tile, index: number): string {
  const { x, y } = at;
  const moved = x === 0 && y === 0 ? svg : `<g transform="translate(${x} ${y})">${svg}</g>`;
  if (rightEdge === undefined) return moved;
  const clip = `<rect x="${x + box.x}" y="${y + box.y}" width="${rightEdge - x - box.x}" height="${box.height}"/>`;
  return `<clipPath id="edge${index}">${clip}</clipPath><g clip-path="url(#edge${index})">${moved}</g>`;
}
