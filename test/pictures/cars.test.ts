import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { CAR_BODIES, wheelDiscs } from "../../src/pictures/art/car.ts";
import { CAR_LENGTH, type CarBody } from "../../src/pictures/art/car-body.ts";
import { stagedScene } from "../../src/pictures/art/garage-scenes.ts";
import { lambosAsRead } from "../../src/pictures/car-label.ts";
import { svgOf } from "../../src/pictures/drawing.ts";

const BODIES = Object.entries(CAR_BODIES);

/** How wide a phone shows a lone car, in pixels. */
const ON_A_PHONE_PX = 240;

async function pixelsOf(svg: string, width: number, height: number): Promise<Uint8Array> {
  const whole = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${svg}</svg>`;
  const { data } = await sharp(Buffer.from(whole))
    .flatten({ background: "#fff" })
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return data;
}

/** Where a body's black shape is, in rows of `widthPx` pixels, tyres on the last row. */
async function shapeOf(body: CarBody, widthPx: number): Promise<readonly boolean[]> {
  const height = Math.round(widthPx * 0.34);
  const svg = `<g transform="translate(0 ${height}) scale(${widthPx / CAR_LENGTH})"><path d="${body.outline}"/>${wheelDiscs(body)}</g>`;
  return [...(await pixelsOf(svg, widthPx, height))].map((shade) => shade < 128);
}

describe("the four cars", () => {
  it("are as long, as high and as large as they say", async () => {
    const half = CAR_LENGTH / 2;
    for (const [name, body] of BODIES) {
      const shape = await shapeOf(body, half);
      const rows = shape.length / half;
      const isBlackIn = (column: number): boolean =>
        Array.from({ length: rows }, (_, row) => shape[row * half + column]).includes(true);
      expect([isBlackIn(1), isBlackIn(half - 2)], name).toEqual([true, true]);
      expect((4 * shape.filter(Boolean).length) / body.area, name).toBeCloseTo(1, 1.7);
      const height = 2 * (rows - Math.floor(shape.indexOf(true) / half));
      expect(Math.abs(height - body.height), name).toBeLessThanOrEqual(4);
    }
  });

  it("are told apart as black shapes at the size of a phone", async () => {
    const shapes = await Promise.all(BODIES.map(([, body]) => shapeOf(body, ON_A_PHONE_PX)));
    for (const [index, one] of shapes.entries()) {
      for (const other of shapes.slice(index + 1)) {
        const either = one.filter((isBlack, at) => isBlack || other[at]).length;
        const different = one.filter((isBlack, at) => isBlack !== other[at]).length;
        expect(different / either).toBeGreaterThan(0.12);
      }
    }
  });
});

describe("the part of a car that is filled", () => {
  const stage = { x: 48, y: 352, width: 1104, height: 222 };
  const draw = (body: (typeof BODIES)[number][0], lambos: number): Promise<Uint8Array> =>
    pixelsOf(
      svgOf({
        width: 1200,
        height: 630,
        layers: stagedScene({
          scene: "part",
          // The names of the bodies are the keys of the record that they come from.
          body: body as keyof typeof CAR_BODIES,
          lambos,
          stage,
          forSale: "",
        }),
      }),
      1200,
      630,
    );

  /** The columns in which two pictures differ, left to right, but for a few pixels of edges. */
  const columnsApart = (one: Uint8Array, other: Uint8Array): readonly number[] => {
    const apart = new Map<number, number>();
    for (const [at, shade] of one.entries())
      if (Math.abs(shade - (other[at] ?? 0)) > 8)
        apart.set(at % 1200, (apart.get(at % 1200) ?? 0) + 1);
    return [...apart].flatMap(([x, pixels]) => (pixels > 8 ? [x] : [])).sort((a, b) => a - b);
  };

  it("is that of the number as it reads", () => {
    const counts = [0, 0.00000123, 0.9996, 1.004, 2.256, 9.9951, 37.24];
    expect(counts.map(lambosAsRead)).toEqual([0, 0.0000012, 0.99, 1, 2.26, 9.99, 37.2]);
    expect(lambosAsRead(1e-30)).toBe(1e-30);
    expect(lambosAsRead(3_593.37)).toBe(3_593.37);
  });

  it.each(BODIES.map(([name]) => name))(
    "is the part of its length that the words name, from the tail: %s",
    async (body) => {
      const [none, least, third, most, whole] = await Promise.all(
        [0, 0.001, 0.34, 0.97, 1].map((lambos) => draw(body, lambos)),
      );
      if (none === undefined || whole === undefined) throw new Error("Nothing was drawn");
      const car = columnsApart(none, whole);
      const [tail = 0, nose = 0] = [car[0], car.at(-1)];
      for (const [part, drawn] of [[0.34, third] as const, [0.97, most] as const]) {
        // The mark at the edge is 3 pixels wide, its arrow 20.
        const edge = tail + part * (nose - tail);
        const missing = columnsApart(drawn ?? none, whole)[0] ?? 0;
        const filled = columnsApart(drawn ?? none, none).at(-1) ?? 0;
        expect(Math.abs(missing - edge)).toBeLessThanOrEqual(12);
        expect(Math.abs(filled - edge)).toBeLessThanOrEqual(12);
      }
      expect(columnsApart(least ?? none, none).length).toBeGreaterThan(8);
    },
    20_000,
  );
});
