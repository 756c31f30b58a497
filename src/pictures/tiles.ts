import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { BoundedMap } from "../process/bounded-map.ts";
import type { Tile } from "./drawing.ts";
import { part, type TilePixels } from "./pixel-rows.ts";

/** Rasterized tiles, kept. */
export type Tiles = {
  /** The same for all tiles that look the same. */
  keyOf(tile: Tile): string;
  /** The pixels of a tile with this key, rasterized now or before. */
  pixelsOf(key: string, tile: Tile): Promise<TilePixels>;
};

/**
 * Bytes of kept tiles that fill the picture or a part of it: backdrops of 1.3 MB for the rows with
 * words, and of 1 MB for those below, which are needed again only for a part of a car.
 */
const MAX_OPAQUE_BYTES = 24_000_000;
/** Bytes of the others, most of them cars, of up to 0.7 MB. */
const MAX_OTHER_BYTES = 7_000_000;

type Kept = { readonly bytes: number; readonly pixels: Promise<TilePixels> };

/** Rasterizes tiles with librsvg through sharp, off the event loop. */
export function createTiles(): Tiles {
  const keptUpTo = (maxSize: number): BoundedMap<string, Kept> =>
    new BoundedMap({ maxSize, sizeOf: ({ bytes }) => bytes });
  // Cars in many places must not drop the few backdrops.
  const [opaque, others] = [keptUpTo(MAX_OPAQUE_BYTES), keptUpTo(MAX_OTHER_BYTES)];
  let sharp: Sharp | undefined;
  return {
    keyOf({ svg, box, isOpaque }) {
      const form = `${box.x} ${box.y} ${box.width} ${box.height} ${isOpaque} `;
      return createHash("sha1").update(form).update(svg).digest("base64");
    },
    pixelsOf(key, tile) {
      const kept = tile.isOpaque ? opaque : others;
      return kept.getOrInsertComputed(key, () => {
        sharp ??= loadSharp();
        const pixels = rasterized(tile, sharp);
        pixels.catch(() => kept.delete(key));
        const { width, height } = keptBox(tile);
        return { pixels, bytes: width * height * channelsOf(tile) };
      }).pixels;
    },
  };
}

function keptBox({ box, isUniform }: Tile): Tile["box"] {
  return isUniform ? { ...box, width: 1 } : box;
}

function channelsOf({ isOpaque }: Tile): 3 | 4 {
  return isOpaque ? 3 : 4;
}

type Sharp = typeof import("sharp").default;

async function rasterized(tile: Tile, sharp: Sharp): Promise<TilePixels> {
  const { x, y, width, height } = keptBox(tile);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${x} ${y} ${width} ${height}">${tile.svg}</svg>`;
  const image = sharp(Buffer.from(svg));
  const data = await (tile.isOpaque ? image.removeAlpha() : image).raw().toBuffer();
  if (!tile.isOpaque) multiplyByAlpha(data);
  return { width, height, channels: channelsOf(tile), data };
}

/** Undoes what sharp does to librsvg's colours, which are rounded a second time otherwise. */
function multiplyByAlpha(data: Uint8Array): void {
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3] ?? 0;
    if (alpha === 0 || alpha === 255) continue;
    data[at] = part(data[at] ?? 0, alpha);
    data[at + 1] = part(data[at + 1] ?? 0, alpha);
    data[at + 2] = part(data[at + 2] ?? 0, alpha);
  }
}

/**
 * Loaded with the first tile, so that starting does not wait for libvips; as CommonJS, which takes
 * half of the processor time (35 ms instead of 75, measured 2026-11).
 */
function loadSharp(): Sharp {
  const sharp: Sharp = createRequire(import.meta.url)("sharp");
  // No two tiles are the same, so libvips's cache would be 20 MB for nothing.
  sharp.cache(false);
  return sharp;
}
