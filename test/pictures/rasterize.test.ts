import { inflateSync } from "node:zlib";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { type Drawing, line, shape, svgOf, tile, words } from "../../src/pictures/drawing.ts";
import { loadFaces } from "../../src/pictures/fonts/faces.ts";
import { GALLERY } from "../../src/pictures/gallery-subjects.ts";
import { createPictureMaker } from "../../src/pictures/picture-maker.ts";
import { createRasterize } from "../../src/pictures/rasterize.ts";
import { riddleDrawing } from "../../src/pictures/riddle-drawing.ts";
import { addDays } from "../../src/valuation/calendar.ts";

async function drawingsOf(names: readonly string[]): Promise<readonly [string, Drawing][]> {
  const drawings: [string, Drawing][] = [];
  for (const { name, draw } of GALLERY.filter((picture) => names.includes(picture.name)))
    await draw(
      createPictureMaker({
        rasterize: async (drawing) => {
          drawings.push([name, drawing]);
          return new Uint8Array(1);
        },
      }),
    );
  return drawings;
}

/** The same drawing rendered by librsvg as one SVG. */
function renderedWhole(drawing: Drawing): Promise<Buffer> {
  return sharp(Buffer.from(svgOf(drawing)))
    .removeAlpha()
    .raw()
    .toBuffer();
}

const pixelsOf = (png: Uint8Array): Promise<Buffer> => sharp(png).raw().toBuffer();

/** The pixels of a PNG as it stores them, checksums checked; it must use no filter. */
function strictlyRead(png: Uint8Array, width: number): Buffer {
  const file = Buffer.from(png);
  const parts: Buffer[] = [];
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    if (file.toString("latin1", at + 4, at + 8) === "IDAT")
      parts.push(file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const rows = inflateSync(Buffer.concat(parts));
  const stride = 1 + 3 * width;
  return Buffer.concat(
    Array.from({ length: rows.length / stride }, (_, row) =>
      rows.subarray(row * stride + 1, (row + 1) * stride),
    ),
  );
}

const EMPTY = new Uint8Array(0);
const faces = loadFaces();

/** A scene of 100 × 200 with a line of text on its upper half. */
function scene(text: string, floor = "#204060"): Drawing {
  const backdrop = `<rect width="100" height="200" fill="#103050"/><rect y="150" width="100" height="50" fill="${floor}"/><circle cx="50" cy="160" r="30.5" fill="#fa0"/>`;
  return {
    width: 100,
    height: 200,
    layers: [
      tile(backdrop, { x: 0, y: 0, width: 100, height: 200 }, { isOpaque: true }),
      words({ text, face: faces.text, sizePx: 32, x: 4.3, y: 40 }, "#ffffff"),
    ],
  };
}

const RIDDLE = riddleDrawing(
  {
    points: Array.from({ length: 4_000 }, (_, at) => ({
      on: addDays("2015-12-14", at),
      priceUsd: Math.exp(at / 900 + 2 * Math.sin(at / 170) + 0.2 * Math.sin(at)),
    })),
    locale: "en-US",
    isDemo: true,
  },
  faces,
);

describe("a picture composed of tiles", () => {
  it("looks like the same drawing rendered as a whole", async () => {
    const drawings = await drawingsOf([
      ...["nearly-0.86-suv", "garage-4.2", "fleet-34", "moon-suv", "name-all-japanese"],
      ...["polish-dead", "korean", "wen-demo-german", "compare-4", "leaderboard-10-suv-demo"],
    ]);
    expect(drawings).toHaveLength(10);
    const rasterize = createRasterize();
    for (const [name, drawing] of [...drawings, ["riddle", RIDDLE] as const]) {
      const [composed, whole] = [
        await pixelsOf(await rasterize(drawing)),
        await renderedWhole(drawing),
      ];
      expect(composed.length).toBe(whole.length);
      let sum = 0;
      let largest = 0;
      let visible = 0;
      for (let at = 0; at < composed.length; at += 1) {
        const difference = Math.abs((composed[at] ?? 0) - (whole[at] ?? 0));
        sum += difference;
        largest = Math.max(largest, difference);
        if (difference > 16) visible += 1;
      }
      // Edges of letters are off by a few of 255 levels where curves are cut into other chords.
      expect(sum / whole.length, name).toBeLessThan(0.1);
      expect(largest, name).toBeLessThan(64);
      expect(visible / whole.length, name).toBeLessThan(0.000_1);
    }
  }, 30_000);

  it("is the same bytes whether its parts were kept or are new", async () => {
    const drawings = await drawingsOf(["garage-1", "garage-2", "fleet-34", "leaderboard-4"]);
    const rasterize = createRasterize();
    const first = await Promise.all(drawings.map(([, drawing]) => rasterize(drawing)));
    const again = await Promise.all(drawings.map(([, drawing]) => rasterize(drawing)));
    const anew = await Promise.all(drawings.map(([, drawing]) => createRasterize()(drawing)));
    // The runner takes seconds to compare large arrays.
    for (const [index, png] of first.entries()) {
      expect(Buffer.compare(again[index] ?? EMPTY, png)).toBe(0);
      expect(Buffer.compare(anew[index] ?? EMPTY, png)).toBe(0);
    }
  }, 30_000);

  it("has its own words above a foot that others have too", async () => {
    const rasterize = createRasterize();
    const one = strictlyRead(await rasterize(scene("One")), 100);
    const other = strictlyRead(await rasterize(scene("Two")), 100);
    const below = 3 * 100 * 64;
    expect(other.subarray(below).equals(one.subarray(below))).toBe(true);
    expect(other.equals(one)).toBe(false);
    const lawn = strictlyRead(await rasterize(scene("Two", "#208020")), 100);
    expect(lawn.subarray(0, below).equals(other.subarray(0, below))).toBe(true);
    expect([...lawn.subarray(-3)]).toEqual([0x20, 0x80, 0x20]);
  });

  it("covers what is below exactly as far as a shape or a cut tile reaches", async () => {
    const square = tile('<rect width="8" height="8" fill="#fff"/>', {
      x: 0,
      y: 0,
      width: 8,
      height: 8,
    });
    const ground = tile(
      '<rect width="20" height="20" fill="#000"/>',
      { x: 0, y: 0, width: 20, height: 20 },
      { isOpaque: true },
    );
    const png = await createRasterize()({
      width: 20,
      height: 20,
      layers: [
        ground,
        { ...square, at: { x: 2, y: 0 }, rightEdge: 5.25 },
        { ...square, at: { x: 16, y: 16 } },
        shape(
          [
            [2, 10],
            [4.5, 10],
            [4.5, 12],
            [2, 12],
          ],
          "#ffffff",
        ),
      ],
    });
    const pixels = strictlyRead(png, 20);
    const row = (y: number): number[] =>
      Array.from({ length: 20 }, (_, x) => pixels[3 * (20 * y + x)] ?? -1);
    expect(row(0).slice(0, 8)).toEqual([0, 0, 255, 255, 255, 64, 0, 0]);
    expect(row(11).slice(0, 7)).toEqual([0, 0, 255, 255, 128, 0, 0]);
    expect(row(19).slice(14)).toEqual([0, 0, 255, 255, 255, 255]);
  });

  it("draws a line, its area, its gaps and its faint part as librsvg does", async () => {
    const zigzag = Array.from({ length: 60 }, (_, at) => ({
      x: 20.2 + 1.5 * at,
      y: 60.4 - 0.7 * at + (at % 3) * (at % 7) * 3.1,
    }));
    const cliff = [
      { x: 130, y: 90 },
      { x: 130, y: 30.5 },
      { x: 150.7, y: 30.5 },
      { x: 151.2, y: 88 },
    ];
    const layers = [
      line([zigzag, [{ x: 119.6, y: 50.3 }], cliff], 4, "#ffcc00", {
        area: { topY: 10, footY: 100, opacity: { top: 0.6, foot: 0.1 } },
        lead: { toX: 62, opacity: 0.4 },
      }),
    ];
    const ground = tile('<rect width="160" height="110" fill="#103050"/>', {
      ...{ x: 0, y: 0, width: 160, height: 110 },
    });
    const drawing: Drawing = { width: 160, height: 110, layers: [ground, ...layers] };
    const [composed, whole] = [
      await pixelsOf(await createRasterize()(drawing)),
      await renderedWhole(drawing),
    ];
    const most = Math.max(...composed.map((value, at) => Math.abs(value - (whole[at] ?? 0))));
    expect(most).toBeLessThan(24);
  });

  it("draws letters whose parts lie over one another as one outline", async () => {
    // The stem and the bowl of Inter's D are two contours.
    const drawing = scene("D");
    const [composed, whole] = [
      await pixelsOf(await createRasterize()(drawing)),
      await renderedWhole(drawing),
    ];
    const most = Math.max(...composed.map((value, at) => Math.abs(value - (whole[at] ?? 0))));
    expect(most).toBeLessThan(20);
  });
});
