/**
 * One TrueType face: measures text and returns its outline, so that a drawing needs no font on the
 * machine that renders it.
 */
export type Typeface = {
  /**
   * Whether every character has a glyph of its own; a missing one would show as an empty square.
   */
  covers(text: string): boolean;
  /** Advance width in pixels at a size in pixels, kerning left out. */
  widthPx(text: string, sizePx: number): number;
  /** SVG path data in pixels with the baseline starting at x, y. */
  outline(text: string, x: number, y: number, sizePx: number): string;
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

/**
 * Reads a TrueType font (tables `head`, `hhea`, `hmtx`, `maxp`, `cmap` 4 and 12, `loca`, `glyf`) as
 * described in https://learn.microsoft.com/typography/opentype/spec/ (checked 2026-11). Throws on
 * anything else.
 */
export function readTypeface(file: Uint8Array): Typeface {
  const font = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const tables = tableOffsets(font);
  const at = (tag: string): number => {
    const offset = tables.get(tag);
    if (offset === undefined)
      throw new Error(`Expected a TrueType font with a "${tag}" table, received one without`);
    return offset;
  };
  const unitsPerEm = font.getUint16(at("head") + 18);
  const longOffsets = font.getInt16(at("head") + 50) === 1;
  const advanceCount = font.getUint16(at("hhea") + 34);
  const glyphIds = characterMap(font, at("cmap"));
  const glyphs = new Map<number, Glyph>();

  const glyphIdOf = (character: string): number => glyphIds.get(character.codePointAt(0) ?? 0) ?? 0;
  const glyphStart = (glyphId: number): number =>
    longOffsets
      ? font.getUint32(at("loca") + 4 * glyphId)
      : 2 * font.getUint16(at("loca") + 2 * glyphId);
  const readContours = (glyphId: number): Contour[] => {
    const start = glyphStart(glyphId);
    return start === glyphStart(glyphId + 1)
      ? []
      : contoursAt(font, at("glyf") + start, readContours);
  };
  const glyphOf = (character: string): Glyph => {
    const glyphId = glyphIdOf(character);
    const known = glyphs.get(glyphId);
    if (known !== undefined) return known;
    const contours = readContours(glyphId);
    const ys = contours.flatMap((contour) => contour.map((point) => point.y));
    const advance = font.getUint16(at("hmtx") + 4 * Math.min(glyphId, advanceCount - 1));
    const read = {
      contours,
      advance,
      above: Math.max(0, ...ys),
      below: Math.max(0, ...ys.map((y) => -y)),
      paths: new Map(),
    };
    glyphs.set(glyphId, read);
    return read;
  };
  const pathOf = ({ contours, paths }: Glyph, sizePx: number): string => {
    const known = paths.get(sizePx);
    if (known !== undefined) return known;
    if (paths.size >= MAX_SIZES_KEPT) paths.clear();
    const path = relativePath(contours, sizePx / unitsPerEm);
    paths.set(sizePx, path);
    return path;
  };

  return {
    covers: (text) => [...text].every((character) => glyphIdOf(character) !== 0),
    widthPx: (text, sizePx) =>
      [...text].reduce((sum, character) => sum + glyphOf(character).advance, 0) *
      (sizePx / unitsPerEm),
    outline(text, x, y, sizePx) {
      const scale = sizePx / unitsPerEm;
      let path = "";
      let penX = x;
      for (const character of text) {
        const glyph = glyphOf(character);
        if (glyph.contours.length > 0)
          path += `M${penX.toFixed(1)} ${y.toFixed(1)}${pathOf(glyph, sizePx)}`;
        penX += glyph.advance * scale;
      }
      return path;
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

function tableOffsets(font: DataView): Map<string, number> {
  const tables = new Map<string, number>();
  for (let record = 0; record < font.getUint16(4); record++) {
    const at = 12 + 16 * record;
    const tag = String.fromCharCode(
      font.getUint8(at),
      font.getUint8(at + 1),
      font.getUint8(at + 2),
      font.getUint8(at + 3),
    );
    tables.set(tag, font.getUint32(at + 8));
  }
  return tables;
}

function characterMap(font: DataView, cmap: number): Map<number, number> {
  const map = new Map<number, number>();
  for (let record = 0; record < font.getUint16(cmap + 2); record++) {
    const subtable = cmap + font.getUint32(cmap + 4 + 8 * record + 4);
    const format = font.getUint16(subtable);
    if (format === 4) readSegments(font, subtable, map);
    if (format === 12) readGroups(font, subtable, map);
  }
  return map;
}

function readSegments(font: DataView, subtable: number, map: Map<number, number>): void {
  const twiceSegments = font.getUint16(subtable + 6);
  for (let at = 0; at < twiceSegments; at += 2) {
    const end = font.getUint16(subtable + 14 + at);
    const start = font.getUint16(subtable + 16 + twiceSegments + at);
    const delta = font.getUint16(subtable + 16 + 2 * twiceSegments + at);
    const rangeAt = subtable + 16 + 3 * twiceSegments + at;
    const rangeOffset = font.getUint16(rangeAt);
    for (let code = start; code <= end && code !== 0xffff; code++) {
      const listed =
        rangeOffset === 0 ? code : font.getUint16(rangeAt + rangeOffset + 2 * (code - start));
      const glyphId = listed === 0 ? 0 : (listed + delta) & 0xffff;
      if (glyphId !== 0) map.set(code, glyphId);
    }
  }
}

function readGroups(font: DataView, subtable: number, map: Map<number, number>): void {
  for (let group = 0; group < font.getUint32(subtable + 12); group++) {
    const at = subtable + 16 + 12 * group;
    const start = font.getUint32(at);
    const firstGlyph = font.getUint32(at + 8);
    for (let code = start; code <= font.getUint32(at + 4); code++)
      map.set(code, firstGlyph + code - start);
  }
}

function contoursAt(
  font: DataView,
  glyph: number,
  readContours: (glyphId: number) => Contour[],
): Contour[] {
  const contourCount = font.getInt16(glyph);
  return contourCount < 0
    ? compositeContours(font, glyph + 10, readContours)
    : simpleContours(font, glyph + 10, contourCount);
}

function simpleContours(font: DataView, ends: number, contourCount: number): Contour[] {
  const pointCount = contourCount === 0 ? 0 : font.getUint16(ends + 2 * (contourCount - 1)) + 1;
  let at = ends + 2 * contourCount;
  at += 2 + font.getUint16(at);
  const flags: number[] = [];
  while (flags.length < pointCount) {
    const flag = font.getUint8(at++);
    const repeats = (flag & 8) === 0 ? 0 : font.getUint8(at++);
    for (let copy = 0; copy <= repeats; copy++) flags.push(flag);
  }
  const coordinates = (shortBit: number, sameBit: number): number[] => {
    let value = 0;
    return flags.map((flag) => {
      if ((flag & shortBit) !== 0) {
        value += (flag & sameBit) !== 0 ? font.getUint8(at) : -font.getUint8(at);
        at += 1;
      } else if ((flag & sameBit) === 0) {
        value += font.getInt16(at);
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
    const to = font.getUint16(ends + 2 * contour) + 1;
    contours.push(points.slice(from, to));
    from = to;
  }
  return contours;
}

function compositeContours(
  font: DataView,
  components: number,
  readContours: (glyphId: number) => Contour[],
): Contour[] {
  const contours: Contour[] = [];
  let at = components;
  let flags: number;
  do {
    flags = font.getUint16(at);
    const glyphId = font.getUint16(at + 2);
    at += 4;
    const words = (flags & 1) !== 0;
    const dx = words ? font.getInt16(at) : font.getInt8(at);
    const dy = words ? font.getInt16(at + 2) : font.getInt8(at + 1);
    at += words ? 4 : 2;
    const f2dot14 = (): number => {
      at += 2;
      return font.getInt16(at - 2) / 16_384;
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
  const step = ({ x, y }: { readonly x: number; readonly y: number }): string => {
    const dx = Math.round(x * scale * 10) - penX;
    const dy = Math.round(-y * scale * 10) - penY;
    return `${dx / 10} ${dy / 10}`;
  };
  const moveTo = ({ x, y }: { readonly x: number; readonly y: number }): void => {
    penX = Math.round(x * scale * 10);
    penY = Math.round(-y * scale * 10);
  };
  for (const contour of contours) {
    const first = contour[0];
    const last = contour.at(-1);
    if (first === undefined || last === undefined) continue;
    const start = first.onCurve ? first : last.onCurve ? last : middle(first, last);
    path += `m${step(start)}`;
    moveTo(start);
    let control: Point | undefined;
    const curveTo = (point: Point): void => {
      path += control === undefined ? `l${step(point)}` : `q${step(control)} ${step(point)}`;
      moveTo(point);
    };
    for (const point of [...(first.onCurve ? contour.slice(1) : contour), start]) {
      if (point.onCurve) {
        curveTo(point);
        control = undefined;
      } else {
        // Two control points in a row imply an on-curve point halfway.
        if (control !== undefined) curveTo(middle(control, point));
        control = point;
      }
    }
    path += "z";
    moveTo(start);
  }
  return path;
}

function middle(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, onCurve: true };
}
