import type { PlacedCoverage } from "./fonts/coverage.ts";

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
  // How much of the last column is to the left of the edge.
  const lastShare = Math.min(1, rightEdge - (x + right - 1));
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
  for (let source = sourceStart; source <= last; source += 4, target += 3) {
    const alpha = data[source + 3] ?? 0;
    if (alpha === 0) continue;
    const share = source === last ? lastShare : 1;
    const rest = 255 - share * alpha;
    bytes[target] = 0.5 + share * (data[source] ?? 0) + part(bytes[target] ?? 0, rest);
    bytes[target + 1] = 0.5 + share * (data[source + 1] ?? 0) + part(bytes[target + 1] ?? 0, rest);
    bytes[target + 2] = 0.5 + share * (data[source + 2] ?? 0) + part(bytes[target + 2] ?? 0, rest);
  }
}

/** Fills what is covered with a CSS hex colour. */
export function fill(rows: PixelRows, { x, y, coverage }: PlacedCoverage, colour: string): void {
  const rgb = Number.parseInt(colour.slice(1), 16);
  const [red, green, blue] = [rgb >> 16, (rgb >> 8) & 255, rgb & 255];
  const { bytes } = rows;
  const { width, shares } = coverage;
  const left = Math.max(0, -x);
  const right = Math.min(width, rows.width - x);
  const bottom = Math.min(coverage.height, rows.height - y);
  for (let row = Math.max(0, -y); row < bottom; row++) {
    let target = (y + row) * bytesPerRow(rows.width) + 1 + 3 * (x + left);
    for (let column = left; column < right; column++, target += 3) {
      const alpha = shares[row * width + column] ?? 0;
      if (alpha === 0) continue;
      bytes[target] = mixed(bytes[target] ?? 0, red, alpha);
      bytes[target + 1] = mixed(bytes[target + 1] ?? 0, green, alpha);
      bytes[target + 2] = mixed(bytes[target + 2] ?? 0, blue, alpha);
    }
  }
}

/** A colour over another, both and its alpha from 0 to 255. */
function mixed(below: number, above: number, alpha: number): number {
  return scaled(above * alpha + below * (255 - alpha));
}

/** So much of 255 of a byte. */
export function part(byte: number, share: number): number {
  return scaled(byte * share);
}

/** Divided by 255 and rounded, exactly for all products of two bytes. */
function scaled(product: number): number {
  const rounded = product + 128;
  return (rounded + (rounded >> 8)) >> 8;
}
