import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { loadFaces } from "../../src/pictures/fonts/faces.ts";
import { bytesIn, bytesOf } from "../../src/pictures/fonts/font-file.ts";
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
          "柴犬コイン INU",
          "도지 1,000원",
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

  it.each([
    ["Latin, Greek and Cyrillic", "Dogecoin Ελλάδα Россия İıŁż Ễ"],
    ["Japanese", "柴犬コイン、ﾄﾞｰｼﾞ「１」￥々〜・髙"],
    ["Korean", "도지코인 뷁 ㄱㅏ"],
    ["Chinese", "币安人生 马到成功 發財龍 鸡"],
  ])("has the letters of %s, upright and slanted", (_writing, text) => {
    for (const face of [faces.text, faces.display]) expect(face.covers(text)).toBe(true);
  });

  it.each([
    ["Arabic", "بيتكوين"],
    ["Hebrew", "שקל"],
    ["Devanagari", "रुपया"],
    ["Thai", "ไทย"],
    ["separate accents", "x\u0302"],
    ["separate Hangul letters", "\u1100\u1161"],
    ["emoji", "🏎"],
  ])("does not claim to cover %s, whose letters it could not join", (_writing, text) => {
    for (const face of [faces.text, faces.display]) expect(face.covers(text)).toBe(false);
  });

  it("draws a Chinese name in one face, though the Japanese one has some of its letters", () => {
    const { text: face } = faces;
    const [whole, japanese] = [face.outline("币安", 0, 0, 50), face.outline("安", 50, 0, 50)];
    expect(whole).not.toContain(japanese);
    expect(face.outline("柴安", 0, 0, 50)).toContain(japanese);
    // The Japanese sentence around it keeps the Japanese face.
    expect(face.outline("币が安い", 0, 0, 50)).toContain(face.outline("安い", 100, 0, 50));
  });

  it("leans letters that have no italic of their own, without making them wider", () => {
    const { display } = faces;
    const { left, right, top } = extentOf(display.outline("ト", 0, 0, 1000));
    expect(top).toBeLessThan(-700);
    expect(right - left).toBeGreaterThan(500);
    expect(display.widthPx("ト", 1000)).toBe(1000);
  });

  it("draws from a file on disk what it draws from memory", () => {
    const path = createRequire(import.meta.url).resolve(
      "@expo-google-fonts/m-plus-1p/700Bold/MPLUS1p_700Bold.ttf",
    );
    const [kept, reread] = [bytesOf(readFileSync(path)), bytesIn(path)].map((bytes) =>
      readTypeface(bytes),
    );
    expect(reread?.outline("日本ガー", 0, 0, 40)).toBe(kept?.outline("日本ガー", 0, 0, 40));
    expect(reread?.widthPx("ｱｲ日", 40)).toBe(80);
  });

  it("refuses a file that is not a TrueType font", () => {
    expect(() => readTypeface(bytesOf(new Uint8Array(64)))).toThrow(
      'Expected a TrueType font with a "head" table',
    );
  });
});
