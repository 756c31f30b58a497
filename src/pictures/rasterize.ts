import { setImmediate } from "node:timers/promises";
import { BoundedMap } from "../process/bounded-map.ts";
import type { Drawing, Layer, Shape, Tile } from "./drawing.ts";
import { coverageOf, type PlacedCoverage } from "./fonts/coverage.ts";
import { fillLine, rowBelowLine } from "./line-filling.ts";
import {
  fill,
  fillRectangle,
  layTile,
  type PixelRows,
  pixelRows,
  type TilePixels,
} from "./pixel-rows.ts";
import { type Foot, footOf, pngOf } from "./png.ts";
import { createTiles } from "./tiles.ts";

/**
 * Turns a drawing into a PNG; the event loop is held for a few milliseconds. Rejects when a tile is
 * not valid SVG.
 */
export type Rasterize = (drawing: Drawing) => Promise<Uint8Array>;

/** Bytes of kept feet: some 90 kB each. */
const MAX_FEET_BYTES = 4_000_000;
/** Feet begin at multiples of this, so that the same scene under other words has the same foot. */
const FOOT_STEP_PX = 32;
/** A lower foot is not worth keeping. */
const LEAST_FOOT_PX = 48;
/** As many pictures are drawn at once. */
const MOST_SPARE = 2;

/**
 * Composes pictures of tiles that librsvg rasterizes once, of words and of polygons. The rows below
 * the last words are the same in many pictures, and are composed and compressed once too.
 */
export function createRasterize(): Rasterize {
  const tiles = createTiles();
  const feet = new BoundedMap<string, Foot>({
    maxSize: MAX_FEET_BYTES,
    sizeOf: ({ deflated }) => deflated.byteLength,
  });
  // Rows of 2 MB that come and go with each picture are work for the garbage collector.
  const spare: Buffer[] = [];
  return async ({ width, height, layers }) => {
    const placed = layers.map((layer) => placedLayer(layer, tiles.keyOf));
    const footTop = footTopOf(placed, height);
    const key = footTop === height ? "" : footKey(placed, footTop, height);
    let foot = feet.get(key) ?? null;
    const isFootKnown = footTop === height || foot !== null;
    const laidLayers = await Promise.all(
      placed.map((layer) => laid(layer, isFootKnown ? footTop : height, tiles.pixelsOf)),
    );
    // Others get their turn between the layout of a picture and its pixels.
    await setImmediate();
    if (!isFootKnown) {
      foot = await footOf(composed(laidLayers, pixelRows(width, height - footTop), footTop));
      feet.set(key, foot);
    }
    const rows = pixelRows(width, footTop, spare.pop());
    try {
      return await pngOf(composed(laidLayers, rows, 0), foot);
    } finally {
      if (spare.length < MOST_SPARE) spare.push(rows.memory);
    }
  };
}

/** Words and polygons as pixels. */
type FilledLayer = {
  readonly kind: "filled";
  readonly covered: readonly PlacedCoverage[];
  readonly colour: string;
  readonly opacity: number;
};

/** What needs no pixels of its own: it is filled on the rows above `bottom`, and only there. */
type DirectLayer = {
  readonly kind: "direct";
  readonly bottom: number;
  readonly fill: (rows: PixelRows) => void;
};

/** A layer at its place on the picture; `top` and `bottom` are the rows that it takes. */
type PlacedLayer =
  | FilledLayer
  | DirectLayer
  | {
      readonly kind: "tile";
      readonly tile: Tile;
      readonly key: string;
      readonly top: number;
      readonly bottom: number;
    };

/** A layer with its pixels; null for a tile that is not needed. */
type LaidLayer =
  | FilledLayer
  | DirectLayer
  | { readonly kind: "tile"; readonly tile: Tile; readonly pixels: TilePixels | null };

function placedLayer(layer: Layer, keyOf: (tile: Tile) => string): PlacedLayer {
  switch (layer.kind) {
    case "tile": {
      const top = layer.at.y + layer.box.y;
      return { kind: "tile", tile: layer, key: keyOf(layer), top, bottom: top + layer.box.height };
    }
    case "words": {
      const { face, text, x, y, sizePx } = layer.line;
      const { fill: colour, opacity } = layer;
      return { kind: "filled", covered: face.pixels(text, x, y, sizePx), colour, opacity };
    }
    case "shape":
      return { kind: "filled", covered: [polygon(layer)], colour: layer.fill, opacity: 1 };
    case "line":
      return {
        kind: "direct",
        bottom: rowBelowLine(layer),
        fill: (rows) => fillLine(rows, layer),
      };
    case "rectangle": {
      const { box, fill, opacity } = layer;
      return {
        kind: "direct",
        bottom: Math.ceil(box.y + box.height),
        fill: (rows) => fillRectangle(rows, box, fill, opacity),
      };
    }
  }
}

function polygon({ corners }: Shape): PlacedCoverage {
  return coverageOf((pen) => {
    const [startX = 0, startY = 0] = corners.at(-1) ?? [];
    pen.moveTo(startX, startY);
    for (const [x, y] of corners) pen.lineTo(x, y);
  });
}

async function laid(
  layer: PlacedLayer,
  bottom: number,
  pixelsOf: (key: string, tile: Tile) => Promise<TilePixels>,
): Promise<LaidLayer> {
  if (layer.kind !== "tile") return layer;
  const { tile, key, top } = layer;
  return { kind: "tile", tile, pixels: top < bottom ? await pixelsOf(key, tile) : null };
}

/** Where the rows begin that only whole tiles reach; the picture's height when they are few. */
function footTopOf(layers: readonly PlacedLayer[], height: number): number {
  const newTo = Math.max(
    0,
    ...layers.flatMap((layer) => {
      if (layer.kind === "filled")
        return layer.covered.map(({ y, coverage }) => y + coverage.height);
      return layer.kind === "direct" || layer.tile.rightEdge !== undefined ? [layer.bottom] : [];
    }),
  );
  const top = Math.ceil(newTo / FOOT_STEP_PX) * FOOT_STEP_PX;
  return height - top < LEAST_FOOT_PX ? height : top;
}

/** The same for pictures that look the same from `top` on. */
function footKey(layers: readonly PlacedLayer[], top: number, height: number): string {
  const tiles = layers.map((layer) =>
    layer.kind === "tile" && layer.bottom > top
      ? `${layer.key} ${layer.tile.at.x} ${layer.tile.at.y} `
      : "",
  );
  return `${top} ${height} ${tiles.join("")}`;
}

/** Lays what there is of the layers from `top` on. */
function composed(layers: readonly LaidLayer[], rows: PixelRows, top: number): PixelRows {
  for (const layer of layers) {
    if (layer.kind === "filled")
      for (const { x, y, coverage } of layer.covered)
        fill(rows, { x, y: y - top, coverage }, layer.colour, layer.opacity);
    else if (layer.kind === "direct") {
      // None of them reach a foot.
      if (layer.bottom > top) layer.fill(rows);
    } else if (layer.pixels !== null) {
      const { at, box, rightEdge } = layer.tile;
      layTile(rows, layer.pixels, { x: at.x + box.x, y: at.y + box.y - top }, rightEdge);
    }
  }
  return rows;
}
