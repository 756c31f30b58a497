import type { PlacedCoverage } from "./fonts/coverage.ts";
import type { Box } from "./text-fit.ts";

/** RGB pixels as PNG stores them: every row begins with a byte for its filter, which is none. */
export type PixelRows = {
  readonly width: number;
  readonly height: number;
  readonly bytes: Buffer;
  /** Of which the bytes are the beginning, for other rows when these are no longer needed. */
  readonly memory: Buffer;
};

/**
 * A rasterized tile: RGB when opaque, otherwise RGBA with colours multiplied by alpha. An
 * opaque one of a single column is laid over the whole width of the rows.
 */
export type TilePixels = {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  readonly data: Uint8Array;
};

/** Where a tile goes, in whole pixels. */
type Place = { readonly x: number; readonly y: number };

/** Rows whose pixels are yet to be laid, in `memory` when it is large enough. */
export function pixelRows(width: number, height: number, memory?: Buffer): PixelRows {
  const length = height * bytesPerRow(width);
  const whole =
    memory !== undefined && memory.length >= length ? memory : Buffer.allocUnsafeSlow(length);
  const bytes = whole.subarray(0, length);
  for (let row = 0; row < height; row++) bytes[row * bytesPerRow(width)] = 0;
  return { width, height, bytes, memory: whole };
}

function bytesPerRow(width: number): number {
  return 1 + 3 * width;
}

/** Lays a tile over the rows, cut off at their edges and at `rightEdge`, in pixels. */
export function layTile(
  rows: PixelRows,
  tile: TilePixels,
  { x, y }: Place,
  rightEdge = rows.width,
): void {
  if (tile.channels === 3 && tile.width === 1) {
    layColumn(rows, tile, y);
    return;
  }
  const from = { x: Math.max(0, -x), y: Math.max(0, -y) };
  const right = Math.min(tile.width, rows.width - x, Math.ceil(rightEdge) - x);
  const bottom = Math.min(tile.height, rows.height - y);
  // How much of 255 of the last column is to the left of the edge.
  const lastShare = Math.round(255 * Math.min(1, rightEdge - (x + right - 1)));
  for (let row = from.y; row < bottom; row++) {
    const source = (row * tile.width + from.x) * tile.channels;
    const target = (y + row) * bytesPerRow(rows.width) + 1 + 3 * (x + from.x);
    const pixels = right - from.x;
    if (tile.channels === 3)
      rows.bytes.set(tile.data.subarray(source, source + 3 * pixels), target);
    else blendRow(rows.bytes, target, tile.data, source, pixels, lastShare);
  }
}

function layColumn(rows: PixelRows, { height, data }: TilePixels, y: number): void {
  const bottom = Math.min(height, rows.height - y);
  for (let row = Math.max(0, -y); row < bottom; row++) {
    const start = (y + row) * bytesPerRow(rows.width) + 1;
    const colour = Buffer.from(data.buffer, data.byteOffset + 3 * row, 3);
    rows.bytes.fill(colour, start, start + 3 * rows.width);
  }
}

function blendRow(
  bytes: Uint8Array,
  targetStart: number,
  data: Uint8Array,
  sourceStart: number,
  pixels: number,
  lastShare: number,
): void {
  const last = sourceStart + 4 * (pixels - 1);
  let target = targetStart;
  for (let source = sourceStart; source < last; source += 4, target += 3) {
    const alpha = data[source + 3] ?? 0;
    if (alpha === 0) continue;
    const rest = 255 - alpha;
    bytes[target] = (data[source] ?? 0) + part(bytes[target] ?? 0, rest);
    bytes[target + 1] = (data[source + 1] ?? 0) + part(bytes[target + 1] ?? 0, rest);
    bytes[target + 2] = (data[source + 2] ?? 0) + part(bytes[target + 2] ?? 0, rest);
  }
  const rest = 255 - part(data[last + 3] ?? 0, lastShare);
  for (let colour = 0; colour < 3; colour++)
    bytes[target + colour] =
      part(data[last + colour] ?? 0, lastShare) + part(bytes[target + colour] ?? 0, rest);
}

/** Fills what is covered with a CSS hex colour; its opacity is from 0 to 1. */
export function fill(
  rows: PixelRows,
  { x, y, coverage }: PlacedCoverage,
  colour: string,
  opacity = 1,
): void {
  const filling = colourOf(colour);
  const { width, shares } = coverage;
  const most = Math.round(255 * opacity);
  const left = Math.max(0, -x);
  const right = Math.min(width, rows.width - x);
  const bottom = Math.min(coverage.height, rows.height - y);
  for (let row = Math.max(0, -y); row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const share = shares[row * width + column] ?? 0;
      if (share > 0) mix(rows, x + column, y + row, filling, part(share, most));
    }
  }
}

/** Fills a rectangle within the rows with a CSS hex colour; its opacity is from 0 to 1. */
export function fillRectangle(rows: PixelRows, box: Box, colour: string, opacity: number): void {
  const filling = colourOf(colour);
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  for (let y = Math.floor(box.y); y < bottom; y++) {
    const most = 255 * opacity * (Math.min(y + 1, bottom) - Math.max(y, box.y));
    for (let x = Math.floor(box.x); x < right; x++) {
      const share = Math.min(x + 1, right) - Math.max(x, box.x);
      mix(rows, x, y, filling, Math.round(most * share));
    }
  }
}

/** Its parts are 0 to 255. */
export type Colour = { readonly red: number; readonly green: number; readonly blue: number };

/** The colour that CSS writes in hex. */
export function colourOf(hex: string): Colour {
  const rgb = Number.parseInt(hex.slice(1), 16);
  return { red: rgb >> 16, green: (rgb >> 8) & 255, blue: rgb & 255 };
}

/** Lays a colour over one pixel of the rows; its alpha is 0 to 255. */
export function mix(
  { width, bytes }: PixelRows,
  x: number,
  y: number,
  { red, green, blue }: Colour,
  alpha: number,
): void {
  const at = y * (1 + 3 * width) + 1 + 3 * x;
  const rest = 255 - alpha;
  // Divided by 255 as in `part`.
  const newRed = red * alpha + (bytes[at] ?? 0) * rest + 128;
  const newGreen = green * alpha + (bytes[at + 1] ?? 0) * rest + 128;
  const newBlue = blue * alpha + (bytes[at + 2] ?? 0) * rest + 128;
  bytes[at] = (newRed + (newRed >> 8)) >> 8;
  bytes[at + 1] = (newGreen + (newGreen >> 8)) >> 8;
  bytes[at + 2] = (newBlue + (newBlue >> 8)) >> 8;
}

/** So much of 255 of a byte, rounded; exact for all bytes. */
export function part(byte: number, share: number): number {
  const rounded = byte * share + 128;
  return (rounded + (rounded >> 8)) >> 8;
}
