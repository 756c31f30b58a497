import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { answerDrawing, labelColours } from "../../src/pictures/answer-drawing.ts";
import { answerLayout, PICTURE_WIDTH } from "../../src/pictures/answer-layout.ts";
import { PALETTES, type Scene, TAPE } from "../../src/pictures/art/palette.ts";
import { FOR_SALE } from "../../src/pictures/art/tow-truck.ts";
import type { Drawing } from "../../src/pictures/drawing.ts";
import { loadFaces } from "../../src/pictures/fonts/faces.ts";
import { exampleSubject } from "../../src/pictures/gallery-subjects.ts";
import { CHANGE_COLOURS, leaderboardDrawing } from "../../src/pictures/leaderboard-drawing.ts";
import { leaderboardLayout } from "../../src/pictures/leaderboard-layout.ts";
import type { LeaderboardSubject } from "../../src/pictures/leaderboard-subject.ts";
import { createRasterize } from "../../src/pictures/rasterize.ts";
import { inkBox, type TextLine } from "../../src/pictures/text-fit.ts";
import { US_DOLLARS } from "../../src/valuation/currency.ts";
import { AVERAGE_LAMBO } from "../../src/valuation/lambo-models.ts";

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

type Drawn = { readonly data: Uint8Array; readonly channels: number };

async function drawn(drawing: Drawing): Promise<Drawn> {
  const png = await createRasterize()(drawing);
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  return { data, channels: info.channels };
}

/** The least contrast between a text's colour and what is drawn behind it. */
function leastContrast({ data, channels }: Drawn, line: TextLine, colour: string): number {
  const box = inkBox([line]);
  let least = Number.POSITIVE_INFINITY;
  for (let y = Math.floor(box.y); y < box.y + box.height; y++) {
    for (let x = Math.floor(box.x); x < box.x + box.width; x++) {
      const at = (y * PICTURE_WIDTH + x) * channels;
      least = Math.min(
        least,
        contrast(rgbOf(colour), [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]),
      );
    }
  }
  return least;
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
      const drawing = await drawn(answerDrawing(subject, { ...layout, labels: unlettered }, faces));
      for (const label of layout.labels) {
        const colours = labelColours(label, PALETTES[scene]);
        for (const [row, line] of label.lines.entries())
          expect(
            leastContrast(drawing, line, colours[row] ?? ""),
            line.text,
          ).toBeGreaterThanOrEqual(LEAST_CONTRAST);
      }
    },
  );

  it("is 4.5 or more behind the words of a lone coin in its garage", async () => {
    const faces = loadFaces();
    const subject: LeaderboardSubject = {
      entries: [
        {
          coinId: "dogecoin",
          coinName: "Dogecoin",
          symbol: "doge",
          lambos: 12.3,
          change: { unit: "lambos", lambos: -0.3 },
        },
      ],
      stakeUsd: 1000,
      car: AVERAGE_LAMBO,
      currency: US_DOLLARS,
      on: "2026-11-23",
      locale: "en-US",
      previousOn: null,
      isDemo: false,
    };
    const layout = leaderboardLayout(subject, faces);
    const blank = (line: TextLine): TextLine => ({ ...line, text: " " });
    const rows = layout.rows.map((row) => ({
      ...row,
      name: blank(row.name),
      count: blank(row.count),
      change: null,
      arrow: null,
      caption: null,
    }));
    const drawing = await drawn(
      leaderboardDrawing(subject, { ...layout, rows, heading: layout.heading.map(blank) }),
    );
    const { accent, ink, soft } = PALETTES.leaderboard;
    const [title, model, day] = layout.heading;
    const [row] = layout.rows;
    const words = [
      ...[[title, accent] as const, [model, ink] as const, [day, soft] as const],
      ...[[row?.name, ink] as const, [row?.count, ink] as const],
      ...[[row?.change, CHANGE_COLOURS.down] as const, [row?.caption, soft] as const],
    ];
    for (const [line, colour] of words) {
      if (line === undefined || line === null) throw new Error("A line of the board is missing");
      expect(leastContrast(drawing, line, colour), line.text).toBeGreaterThanOrEqual(
        LEAST_CONTRAST,
      );
    }
  });
});
