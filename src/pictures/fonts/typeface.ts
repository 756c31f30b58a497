import { BoundedMap } from "../../process/bounded-map.ts";
import { characterMap } from "./character-map.ts";
import { coverageOf, type Pen, type PlacedCoverage } from "./coverage.ts";
import type { ReadBytes } from "./font-file.ts";

/**
 * One TrueType face: measures text and returns its outline, so that a drawing needs no font on the
 * machine that renders it.
 */
export type Typeface = {
  /**
   * Whether every character has a glyph of its own; a missing one would show as an empty square.
   */
  covers(text: string): boolean;
  /** Advance width in pixels at a size in pixels; kerning is left out, but for a space after 1. */
  widthPx(text: string, sizePx: number): number;
  /** SVG path data in pixels with the baseline starting at x, y. */
  outline(text: string, x: number, y: number, sizePx: number): string;
  /** The same outline as pixels, letter by letter. */
  pixels(text: string, x: number, y: number, sizePx: number): readonly PlacedCoverage[];
  /** How far the drawn glyphs reach above and below the baseline, in pixels, both positive. */
  inkPx(text: string, sizePx: number): { readonly above: number; readonly below: number };
};

type Point = { readonly x: number; readonly y: number; readonly onCurve: boolean };
type Contour = readonly Point[];
type Glyph = {
  readonly contours: readonly Contour[];
  readonly advance: number;
  readonly above: number;
  readonly below: number;
  /** Path data by size in pixels, relative to the glyph's origin, see {@link relativePath}. */
  readonly paths: Map<number, string>;
};

// Text that is sized to fit may have any of about ninety sizes; few are in use at a time.
const MAX_SIZES_KEPT = 24;
// Far more than a picture has; a face of twenty thousand glyphs must not fill the memory.
const MAX_GLYPHS_KEPT = 500;
// Letters of 32 px take some 500 bytes each, in ten positions within a pixel.
const MAX_PIXEL_BYTES_KEPT = 2_000_000;

const SPACES = new Set([" ", "\u00a0", "\u202f"]);
/**
 * What a space is widened by after the digit 1, in em: the digit is narrower than the others, with
 * little room to its right, so that "1 Lambo" would read as one word.
 */
const SPACE_AFTER_ONE = 0.09;

/** How a typeface is changed while it is read. */
export type TypefaceOptions = {
  /** How far letters lean to the right, as a share of their height. Default 0. */
  readonly slant?: number;
};

/**
 * Reads a TrueType font (tables `head`, `hhea`, `hmtx`, `maxp`, `cmap` 4 and 12, `loca`, `glyf`) as
 * described in https://learn.microsoft.com/typography/opentype/spec/ (checked 2026-11). Throws on
 * anything else. An outline is read when its letter is first drawn.
 */
export function readTypeface(read: ReadBytes, { slant = 0 }: TypefaceOptions = {}): Typeface {
  const tables = tablesOf(read);
  const table = (tag: string): Table => {
    const found = tables.get(tag);
    if (found === undefined)
      throw new Error(`Expected a TrueType font with a "${tag}" table, received one without`);
    return found;
  };
  const whole = (tag: string): DataView => read(table(tag).offset, table(tag).length);
  const head = whole("head");
  const unitsPerEm = head.getUint16(18);
  const longOffsets = head.getInt16(50) === 1;
  const advanceCount = whole("hhea").getUint16(34);
  const advances = whole("hmtx");
  const offsets = whole("loca");
  const outlinesAt = table("glyf").offset;
  const glyphIdOf = characterMap(whole("cmap"));
  const glyphs = new Map<string, Glyph>();
  const keptPixels = new BoundedMap<string, PlacedCoverage>({
    maxSize: MAX_PIXEL_BYTES_KEPT,
    sizeOf: ({ coverage }) => coverage.shares.byteLength,
  });

  const idOf = (character: string): number => glyphIdOf(character.codePointAt(0) ?? 0);
  const offsetOf = (glyphId: number): number =>
    longOffsets ? offsets.getUint32(4 * glyphId) : 2 * offsets.getUint16(2 * glyphId);
  const readContours = (glyphId: number): Contour[] => {
    const start = offsetOf(glyphId);
    const length = offsetOf(glyphId + 1) - start;
    return length === 0 ? [] : contoursOf(read(outlinesAt + start, length), readContours);
  };
  const glyphOf = (character: string): Glyph => {
    const known = glyphs.get(character);
    if (known !== undefined) return known;
    if (glyphs.size >= MAX_GLYPHS_KEPT) glyphs.clear();
    const glyphId = idOf(character);
    const contours = leaning(readContours(glyphId), slant);
    const ys = contours.flatMap((contour) => contour.map((point) => point.y));
    const glyph = {
      contours,
      advance: advances.getUint16(4 * Math.min(glyphId, advanceCount - 1)),
      above: Math.max(0, ...ys),
      below: Math.max(0, ...ys.map((y) => -y)),
      paths: new Map(),
    };
    glyphs.set(character, glyph);
    return glyph;
  };
  /** From the origin of a glyph to that of the next one, in font units. */
  const advanceOf = (character: string, previous: string): number =>
    glyphOf(character).advance +
    (previous === "1" && SPACES.has(character) ? SPACE_AFTER_ONE * unitsPerEm : 0);
  const pathOf = ({ contours, paths }: Glyph, sizePx: number): string => {
    const known = paths.get(sizePx);
    if (known !== undefined) return known;
    if (paths.size >= MAX_SIZES_KEPT) paths.clear();
    const path = relativePath(contours, sizePx / unitsPerEm);
    paths.set(sizePx, path);
    return path;
  };

  return {
    covers: (text) => [...text].every((character) => idOf(character) !== 0),
    widthPx(text, sizePx) {
      let [width, previous] = [0, ""];
      for (const character of text) {
        width += advanceOf(character, previous);
        previous = character;
      }
      return width * (sizePx / unitsPerEm);
    },
    outline(text, x, y, sizePx) {
      const scale = sizePx / unitsPerEm;
      let [path, previous] = ["", ""];
      let penX = x;
      for (const character of text) {
        const glyph = glyphOf(character);
        if (glyph.contours.length > 0)
          path += `M${penX.toFixed(1)} ${y.toFixed(1)}${pathOf(glyph, sizePx)}`;
        penX += advanceOf(character, previous) * scale;
        previous = character;
      }
      return path;
    },
    pixels(text, x, y, sizePx) {
      const scale = sizePx / unitsPerEm;
      const [tenthsY, placed] = [Math.round(y * 10), [] as PlacedCoverage[]];
      let [penX, previous] = [x, ""];
      for (const character of text) {
        const glyph = glyphOf(character);
        const tenthsX = Math.round(penX * 10);
        penX += advanceOf(character, previous) * scale;
        previous = character;
        if (glyph.contours.length === 0) continue;
        const [wholeX, wholeY] = [Math.floor(tenthsX / 10), Math.floor(tenthsY / 10)];
        const within = { x: tenthsX - 10 * wholeX, y: tenthsY - 10 * wholeY };
        const key = `${character} ${sizePx} ${within.x} ${within.y}`;
        // Letters recur, within a picture and between pictures.
        const { coverage, ...at } = keptPixels.getOrInsertComputed(key, () =>
          glyphPixels(glyph.contours, scale, within),
        );
        placed.push({ x: wholeX + at.x, y: wholeY + at.y, coverage });
      }
      return placed;
    },
    inkPx(text, sizePx) {
      const drawn = [...text].map(glyphOf);
      const scale = sizePx / unitsPerEm;
      return {
        above: Math.max(0, ...drawn.map(({ above }) => above)) * scale,
        below: Math.max(0, ...drawn.map(({ below }) => below)) * scale,
      };
    },
  };
}

type Table = { readonly offset: number; readonly length: number };

function tablesOf(read: ReadBytes): Map<string, Table> {
  const count = read(4, 2).getUint16(0);
  const records = read(12, 16 * count);
  const tables = new Map<string, Table>();
  for (let at = 0; at < 16 * count; at += 16) {
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((index) => records.getUint8(at + index)));
    tables.set(tag, { offset: records.getUint32(at + 8), length: records.getUint32(at + 12) });
  }
  return tables;
}

function leaning(contours: readonly Contour[], slant: number): readonly Contour[] {
  if (slant === 0) return contours;
  return contours.map((contour) =>
    contour.map(({ x, y, onCurve }) => ({ x: x + y * slant, y, onCurve })),
  );
}

function contoursOf(glyph: DataView, readContours: (glyphId: number) => Contour[]): Contour[] {
  const contourCount = glyph.getInt16(0);
  return contourCount < 0
    ? compositeContours(glyph, readContours)
    : simpleContours(glyph, contourCount);
}

/** Where a glyph's own data begins, behind its number of contours and its bounds. */
const GLYPH_HEADER_BYTES = 10;

function simpleContours(glyph: DataView, contourCount: number): Contour[] {
  const ends = GLYPH_HEADER_BYTES;
  const pointCount = contourCount === 0 ? 0 : glyph.getUint16(ends + 2 * (contourCount - 1)) + 1;
  let at = ends + 2 * contourCount;
  at += 2 + glyph.getUint16(at);
  const flags: number[] = [];
  while (flags.length < pointCount) {
    const flag = glyph.getUint8(at++);
    const repeats = (flag & 8) === 0 ? 0 : glyph.getUint8(at++);
    for (let copy = 0; copy <= repeats; copy++) flags.push(flag);
  }
  const coordinates = (shortBit: number, sameBit: number): number[] => {
    let value = 0;
    return flags.map((flag) => {
      if ((flag & shortBit) !== 0) {
        value += (flag & sameBit) !== 0 ? glyph.getUint8(at) : -glyph.getUint8(at);
        at += 1;
      } else if ((flag & sameBit) === 0) {
        value += glyph.getInt16(at);
        at += 2;
      }
      return value;
    });
  };
  const xs = coordinates(2, 16);
  const ys = coordinates(4, 32);
  const points = flags.map(
    (flag, index): Point => ({ x: xs[index] ?? 0, y: ys[index] ?? 0, onCurve: (flag & 1) !== 0 }),
  );
  const contours: Contour[] = [];
  for (let contour = 0, from = 0; contour < contourCount; contour++) {
    const to = glyph.getUint16(ends + 2 * contour) + 1;
    contours.push(points.slice(from, to));
    from = to;
  }
  return contours;
}

function compositeContours(
  glyph: DataView,
  readContours: (glyphId: number) => Contour[],
): Contour[] {
  const contours: Contour[] = [];
  let at = GLYPH_HEADER_BYTES;
  let flags: number;
  do {
    flags = glyph.getUint16(at);
    const glyphId = glyph.getUint16(at + 2);
    at += 4;
    const words = (flags & 1) !== 0;
    const dx = words ? glyph.getInt16(at) : glyph.getInt8(at);
    const dy = words ? glyph.getInt16(at + 2) : glyph.getInt8(at + 1);
    at += words ? 4 : 2;
    const f2dot14 = (): number => {
      at += 2;
      return glyph.getInt16(at - 2) / 16_384;
    };
    let [xx, xy, yx, yy] = [1, 0, 0, 1];
    if ((flags & 8) !== 0) xx = yy = f2dot14();
    else if ((flags & 64) !== 0) [xx, yy] = [f2dot14(), f2dot14()];
    else if ((flags & 128) !== 0) [xx, xy, yx, yy] = [f2dot14(), f2dot14(), f2dot14(), f2dot14()];
    for (const contour of readContours(glyphId)) {
      contours.push(
        contour.map(({ x, y, onCurve }) => ({
          x: x * xx + y * yx + dx,
          y: x * xy + y * yy + dy,
          onCurve,
        })),
      );
    }
  } while ((flags & 32) !== 0);
  return contours;
}

/**
 * A glyph as path data relative to its origin. Steps are between positions rounded to tenths, so
 * that errors do not add up.
 */
function relativePath(contours: readonly Contour[], scale: number): string {
  let path = "";
  // In tenths of a pixel; a closed contour leaves the pen where it began.
  let [penX, penY] = [0, 0];
  const step = (x: number, y: number): string => `${(x - penX) / 10} ${(y - penY) / 10}`;
  const goTo = (x: number, y: number): void => {
    [penX, penY] = [x, y];
  };
  for (const contour of contours) {
    traceInTenths(contour, scale, {
      moveTo(x, y) {
        path += `m${step(x, y)}`;
        goTo(x, y);
      },
      lineTo(x, y) {
        path += `l${step(x, y)}`;
        goTo(x, y);
      },
      curveTo(controlX, controlY, x, y) {
        path += `q${step(controlX, controlY)} ${step(x, y)}`;
        goTo(x, y);
      },
    });
    path += "z";
  }
  return path;
}

/** A glyph as pixels, with its origin so many tenths of a pixel into the one at 0, 0. */
function glyphPixels(
  contours: readonly Contour[],
  scale: number,
  within: { readonly x: number; readonly y: number },
): PlacedCoverage {
  const xOf = (tenths: number): number => (within.x + tenths) / 10;
  const yOf = (tenths: number): number => (within.y + tenths) / 10;
  return coverageOf((pen) => {
    for (const contour of contours)
      traceInTenths(contour, scale, {
        moveTo: (x, y) => pen.moveTo(xOf(x), yOf(y)),
        lineTo: (x, y) => pen.lineTo(xOf(x), yOf(y)),
        curveTo: (controlX, controlY, x, y) =>
          pen.curveTo(xOf(controlX), yOf(controlY), xOf(x), yOf(y)),
      });
  });
}

/** Leads the pen around a contour, which ends where it began, in whole tenths of a pixel. */
function traceInTenths(contour: Contour, scale: number, pen: Pen): void {
  const first = contour[0];
  const last = contour.at(-1);
  if (first === undefined || last === undefined) return;
  const xOf = ({ x }: Point): number => Math.round(x * scale * 10);
  const yOf = ({ y }: Point): number => Math.round(-y * scale * 10);
  const start = first.onCurve ? first : last.onCurve ? last : middle(first, last);
  pen.moveTo(xOf(start), yOf(start));
  let control: Point | undefined;
  const goTo = (point: Point): void => {
    if (control === undefined) pen.lineTo(xOf(point), yOf(point));
    else pen.curveTo(xOf(control), yOf(control), xOf(point), yOf(point));
  };
  for (let at = first.onCurve ? 1 : 0; at <= contour.length; at++) {
    const point = contour[at] ?? start;
    if (point.onCurve) {
      goTo(point);
      control = undefined;
    } else {
      // Two control points in a row imply an on-curve point halfway.
      if (control !== undefined) goTo(middle(control, point));
      control = point;
    }
  }
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, onCurve: true };
}
