import { describe, expect, it } from "vitest";
import { loadFaces } from "../../src/pictures/fonts/faces.ts";
import { readTypeface } from "../../src/pictures/fonts/typeface.ts";

const faces = loadFaces();

type Extent = { left: number; right: number; top: number; bottom: number };

/**
 * How far a path of absolute moves and relative steps reaches; curves are taken at their ends,
 * which in a font are its extremes.
 */
function extentOf(path: string): Extent {
  const extent = {
    left: Number.POSITIVE_INFINITY,
    right: Number.NEGATIVE_INFINITY,
    top: Number.POSITIVE_INFINITY,
    bottom: Number.NEGATIVE_INFINITY,
  };
  let [x, y, startX, startY] = [0, 0, 0, 0];
  for (const [, command = "", numbers = ""] of path.matchAll(/([MmLlQqZz])([^MmLlQqZz]*)/g)) {
    const values = numbers.match(/-?[\d.]+/g)?.map(Number) ?? [];
    const [dx = 0, dy = 0] = values.slice(-2);
    if (command === "M") [x, y] = [dx, dy];
    else if (command === "z") [x, y] = [startX, startY];
    else [x, y] = [x + dx, y + dy];
    if (command.toLowerCase() === "m") [startX, startY] = [x, y];
    if (command === "M") continue;
    extent.left = Math.min(extent.left, x);
    extent.right = Math.max(extent.right, x);
    extent.top = Math.min(extent.top, y);
    extent.bottom = Math.max(extent.bottom, y);
  }
  return extent;
}

describe("a typeface", () => {
  it.each([32, 50, 116])(
    "draws letters of %i px where the layout puts them, line after line",
    (sizePx) => {
      for (const face of [faces.text, faces.display]) {
        for (const text of [
          "Dogecoin",
          "Hgjpqy",
          "1,234.56",
          "ÄÖÜßçéñ",
          "23 нояб. 2026 г.",
          "× → € ₹ %",
        ]) {
          const first = face.outline(text, 48, 318, sizePx);
          const { left, right, top, bottom } = extentOf(first);
          const { above, below } = face.inkPx(text, sizePx);
          expect(318 - top).toBeCloseTo(above, 0);
          expect(bottom - 318).toBeCloseTo(below, 0);
          // Italics lean out of their advance a little.
          expect(left).toBeGreaterThanOrEqual(48 - sizePx * 0.12);
          expect(right).toBeLessThanOrEqual(48 + face.widthPx(text, sizePx) + sizePx * 0.12);
          expect(face.outline(text, 48, 318, sizePx)).toBe(first);
        }
      }
    },
  );

  it("grows in width with its size, letter by letter", () => {
    expect(faces.text.widthPx("WW", 64)).toBeCloseTo(4 * faces.text.widthPx("W", 32), 9);
    expect(faces.text.widthPx("", 32)).toBe(0);
    expect(faces.text.outline(" ", 0, 0, 32)).toBe("");
  });

  it("knows which characters it covers", () => {
    expect(faces.text.covers("Dogecoin Ελλάδα Россия")).toBe(true);
    expect(faces.text.covers("柴犬")).toBe(false);
    expect(faces.text.covers("🏎")).toBe(false);
  });

  it("refuses a file that is not a TrueType font", () => {
    expect(() => readTypeface(new Uint8Array(64))).toThrow(
      'Expected a TrueType font with a "head" table',
    );
  });
});
