/** A character's glyph by its code point; 0 when the font has none. */
export type CharacterMap = (codePoint: number) => number;

/**
 * Reads a font's `cmap` table (formats 4 and 12) as described in
 * https://learn.microsoft.com/typography/opentype/spec/cmap (checked 2026-11). The subtable with
 * the most characters is searched where it stands: as a map, a large font's would take megabytes.
 */
export function characterMap(cmap: DataView): CharacterMap {
  const subtables = Array.from({ length: cmap.getUint16(2) }, (_, record) =>
    cmap.getUint32(4 + 8 * record + 4),
  );
  const ofFormat = (format: number): number | undefined =>
    subtables.find((at) => cmap.getUint16(at) === format);
  const groups = ofFormat(12);
  if (groups !== undefined) return (codePoint) => idInGroups(cmap, groups, codePoint);
  const segments = ofFormat(4);
  if (segments !== undefined) return (codePoint) => idInSegments(cmap, segments, codePoint);
  throw new Error("Expected a font with a character map of format 4 or 12, received one without");
}

function idInGroups(cmap: DataView, subtable: number, codePoint: number): number {
  const groupAt = (index: number): number => subtable + 16 + 12 * index;
  const count = cmap.getUint32(subtable + 12);
  const index = firstEndingAt(codePoint, count, (at) => cmap.getUint32(groupAt(at) + 4));
  if (index === count) return 0;
  const start = cmap.getUint32(groupAt(index));
  return codePoint < start ? 0 : cmap.getUint32(groupAt(index) + 8) + codePoint - start;
}

function idInSegments(cmap: DataView, subtable: number, codePoint: number): number {
  if (codePoint >= 0xffff) return 0;
  const twiceCount = cmap.getUint16(subtable + 6);
  const endsAt = subtable + 14;
  const index = firstEndingAt(codePoint, twiceCount / 2, (at) => cmap.getUint16(endsAt + 2 * at));
  if (2 * index === twiceCount) return 0;
  const startAt = endsAt + 2 + twiceCount + 2 * index;
  const start = cmap.getUint16(startAt);
  if (codePoint < start) return 0;
  const delta = cmap.getUint16(startAt + twiceCount);
  const rangeAt = startAt + 2 * twiceCount;
  const rangeOffset = cmap.getUint16(rangeAt);
  if (rangeOffset === 0) return (codePoint + delta) & 0xffff;
  const listed = cmap.getUint16(rangeAt + rangeOffset + 2 * (codePoint - start));
  return listed === 0 ? 0 : (listed + delta) & 0xffff;
}

/** The first of `count` ascending ranges that ends at the code point or after it, else `count`. */
function firstEndingAt(codePoint: number, count: number, endOf: (index: number) => number): number {
  let [from, to] = [0, count];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (endOf(middle) < codePoint) from = middle + 1;
    else to = middle;
  }
  return from;
}
