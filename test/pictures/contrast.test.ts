import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { answerSvg, labelColours } from "../../src/pictures/answer-drawing.ts";
import { answerLayout, PICTURE_WIDTH } from "../../src/pictures/answer-layout.ts";
import { PALETTES, type Scene, TAPE } from "../../src/pictures/art/palette.ts";
import { FOR_SALE } from "../../src/pictures/art/tow-truck.ts";
import { loadFaces } from "../../src/pictures/fonts/faces.ts";
import { exampleSubject } from "../../src/pictures/gallery-subjects.ts";
import { CHANGE_COLOURS } from "../../src/pictures/leaderboard-drawing.ts";
import { createRasterize } from "../../src/pictures/rasterize.ts";
import { inkBox } from "../../src/pictures/text-fit.ts";

// WCAG 2.1, success criterion 1.4.3; https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio
const LEAST_CONTRAST = 4.5;

type Rgb = readonly [red: number, green: number, blue: number];

function rgbOf(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

function luminance(colour: Rgb): number {
  const [red, green, blue] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number]; // Three channels in, three out.
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Rgb, other: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const between = (one: string, other: string): number => contrast(rgbOf(one), rgbOf(other));

describe("contrast", () => {
  it("is measured as WCAG defines it", () => {
    expect(between("#000000", "#ffffff")).toBeCloseTo(21, 6);
    expect(between("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });

  it("is 4.5 or more between every text colour and every wall that it stands on", () => {
    for (const [name, { ink, soft, accent, wallTop, wallLow }] of Object.entries(PALETTES)) {
      const texts =
        name === "leaderboard"
          ? [ink, soft, accent, ...Object.values(CHANGE_COLOURS)]
          : [ink, soft, accent];
      for (const text of texts) {
        for (const wall of [wallTop, wallLow])
          expect(between(text, wall), `${name}: ${text} on ${wall}`).toBeGreaterThanOrEqual(
            LEAST_CONTRAST,
          );
      }
    }
    expect(between(TAPE.ink, TAPE.ground)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
    expect(between(FOR_SALE.ink, FOR_SALE.ground)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
  });

  it.each<[Scene, Parameters<typeof exampleSubject>[0]]>([
    ["part", { multiple: 75, flags: ["demo"] }],
    ["garage", { multiple: 500 }],
    ["fleet", { multiple: 7_400 }],
    ["moon", { multiple: 520_000, endedDaysAgo: 2 }],
    ["landing", { multiple: 520_000 }],
    ["loss", { multiple: 0.13, endedDaysAgo: 2 }],
    ["bus-stop", { multiple: 0.13 }],
    ["dead", { multiple: 3, days: 700, endedDaysAgo: 900, flags: ["demo"] }],
  ])(
    "is 4.5 or more at every pixel behind the text of a %s picture as it is drawn",
    async (scene, example) => {
      const faces = loadFaces();
      const subject = exampleSubject(example);
      const layout = answerLayout(subject, faces);
      expect(layout.scene).toBe(scene);
      const unlettered = layout.labels.map((label) => ({
        ...label,
        lines: label.lines.map((line) => ({ ...line, text: " " })),
      }));
      const png = await createRasterize()(
        answerSvg(subject, { ...layout, labels: unlettered }, faces),
      );
      const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
      for (const label of layout.labels) {
        const colours = labelColours(label, PALETTES[scene]);
        for (const [row, line] of label.lines.entries()) {
          const text = rgbOf(colours[row] ?? "");
          const box = inkBox([line]);
          let least = Number.POSITIVE_INFINITY;
          for (let y = Math.floor(box.y); y < box.y + box.height; y++) {
            for (let x = Math.floor(box.x); x < box.x + box.width; x++) {
              const at = (y * PICTURE_WIDTH + x) * info.channels;
              least = Math.min(
                least,
                contrast(text, [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]),
              );
            }
          }
          expect(least, `"${line.text}"`).toBeGreaterThanOrEqual(LEAST_CONTRAST);
        }
      }
    },
  );
});
