import { describe, expect, it } from "vitest";
import { tierOf } from "../../src/messages/wording.ts";
import { PICTURE_HEIGHT, PICTURE_WIDTH } from "../../src/pictures/answer-layout.ts";
import { type PictureSubject, pictureSubject } from "../../src/pictures/answer-subject.ts";
import { CAR_LENGTH } from "../../src/pictures/art/car-body.ts";
import { type Drawing, svgOf } from "../../src/pictures/drawing.ts";
import { exampleSubject, GALLERY } from "../../src/pictures/gallery-subjects.ts";
import type { LeaderboardSubject } from "../../src/pictures/leaderboard-subject.ts";
import {
  createPictureMaker,
  type Picture,
  type PictureMaker,
} from "../../src/pictures/picture-maker.ts";
import { createRasterize, type Rasterize } from "../../src/pictures/rasterize.ts";
import { US_DOLLARS } from "../../src/valuation/currency.ts";
import { AVERAGE_LAMBO, bodyOf, type Car, LAMBO_MODELS } from "../../src/valuation/lambo-models.ts";
import { FLAGS } from "../../src/valuation/price-record.ts";
import { answerOf, prices } from "../cards/sample-answer.ts";

const URUS = LAMBO_MODELS[1] ?? AVERAGE_LAMBO;

const BOARD: LeaderboardSubject = {
  entries: [
    {
      ...{ coinId: "bitcoin", coinName: "Bitcoin", symbol: "btc", lambos: 37.2 },
      change: { unit: "lambos", lambos: 0.8 },
    },
    {
      ...{ coinId: "dogecoin", coinName: "Dogecoin", symbol: "doge", lambos: 1.91 },
      change: { unit: "money", usd: -3.21 },
    },
    { coinId: "usd-coin", coinName: "USD Coin", symbol: "usdc", lambos: 0, change: null },
  ],
  stakeUsd: 1000,
  car: AVERAGE_LAMBO,
  currency: US_DOLLARS,
  on: "2026-11-23",
  locale: "en-US",
  previousOn: null,
  isDemo: false,
};

/** A picture maker whose renderer only remembers what it was given. */
function sketching(paper: () => Promise<Uint8Array> = async () => new Uint8Array(1)) {
  const drawings: Drawing[] = [];
  const rasterize: Rasterize = (drawing) => {
    drawings.push(drawing);
    return paper();
  };
  return { drawings, rasterize };
}

async function drawingOf(subject: PictureSubject): Promise<Drawing> {
  const { drawings, rasterize } = sketching();
  await createPictureMaker({ rasterize }).answer(subject);
  const [drawing] = drawings;
  if (drawing === undefined) throw new Error("Nothing was drawn");
  return drawing;
}

const drawn = async (subject: PictureSubject): Promise<string> => svgOf(await drawingOf(subject));

/** How much of its length the car that is cut off has, and undefined where none is. */
function partDrawn({ layers }: Drawing): number | undefined {
  for (const layer of layers) {
    if (layer.kind !== "tile" || layer.rightEdge === undefined) continue;
    const [, x, scale] =
      /<use [^>]*translate\(([\d.]+) [\d.]+\) scale\(([\d.]+)\)/.exec(layer.svg) ?? [];
    return (layer.rightEdge - layer.at.x - Number(x)) / (CAR_LENGTH * Number(scale));
  }
  return undefined;
}

const carsIn = (svg: string): number => svg.match(/<use href="#(near|far)\d"/g)?.length ?? 0;

describe("what is drawn", () => {
  it("is as many cars as there are Lambos, the last one filled as far as the money goes", async () => {
    for (const lambos of [0.0001, 0.37, 1.25, 2.8, 7.5, 9.99]) {
      const subject = pictureSubject(answerOf({ prices: prices(1, 1 + 200 * lambos) }), "en-US");
      const whole = Math.floor(lambos);
      const drawing = await drawingOf(subject);
      expect(carsIn(svgOf(drawing))).toBe(whole + 1);
      // Tiles lie at thousandths of a pixel.
      expect(partDrawn(drawing)).toBeCloseTo(Math.max(0.02, lambos - whole), 5);
    }
  });

  it("is a fleet from ten, cars on their way to the moon from a hundred, and none after a loss", async () => {
    expect(carsIn(await drawn(exampleSubject({ multiple: 7_400 })))).toBeGreaterThanOrEqual(12);
    const moon = await drawn(exampleSubject({ multiple: 120_000 }));
    expect(carsIn(moon)).toBeGreaterThanOrEqual(9);
    expect(moon).toMatch(/id="(sky|space)"/);
    expect(carsIn(await drawn(exampleSubject({ multiple: 0.5 })))).toBe(0);
  });

  it("is the body of the chosen car; a price of one's own looks like the average one", async () => {
    const subject = exampleSubject({ multiple: 500 });
    const bodyIn = async (car: Car): Promise<string | undefined> =>
      /<g id="near0">.*?<\/linearGradient>\s*(<path[^>]*>\s*<path[^>]*>)/s.exec(
        await drawn({ ...subject, car }),
      )?.[1];
    const bodies = await Promise.all(
      [...LAMBO_MODELS, { ownPrice: 1 }].map(async (car) => [bodyOf(car), await bodyIn(car)]),
    );
    expect(new Set(bodies.map(([, drawing]) => drawing)).size).toBe(4);
    expect(new Map(bodies.map(([body, drawing]) => [drawing, body])).size).toBe(4);
    expect(bodies.at(-1)).toEqual(bodies[0]);
  });

  it("is a row of cars for each coin of a leaderboard, a full and cut off one where no more fit, a bicycle for none", async () => {
    const { drawings, rasterize } = sketching();
    const pictures = createPictureMaker({ rasterize });
    const rowsOf = (...lambos: number[]): LeaderboardSubject => ({
      ...BOARD,
      entries: lambos.map((count) => ({
        coinId: "x",
        coinName: "X",
        symbol: "x",
        lambos: count,
        change: null,
      })),
    });
    for (const lambos of [
      [5, 3, 2.5, 0.4],
      [0, 0],
      [900, 900],
    ])
      await pictures.leaderboard(rowsOf(...lambos));
    const cars = drawings.map((drawing) => carsIn(svgOf(drawing)));
    expect(cars).toEqual([5 + 3 + 3 + 1, 0, 3 + 3]);
  });

  it("contains only outlines, so that the machine's fonts cannot change it", async () => {
    const { drawings, rasterize } = sketching();
    const pictures = createPictureMaker({ rasterize });
    for (const { draw } of GALLERY) await draw(pictures);
    expect(drawings).toHaveLength(GALLERY.length);
    for (const drawing of drawings)
      expect(svgOf(drawing)).not.toMatch(/<text|font|NaN|undefined|Infinity|<image/);
  });

  it("breaks the line where a month has no prices", async () => {
    const linesIn = (svg: string): number =>
      svg.match(/stroke-width="4" stroke-linejoin="round"/g)?.length ?? 0;
    expect(linesIn(await drawn(exampleSubject({ multiple: 240 })))).toBe(1);
    expect(linesIn(await drawn(exampleSubject({ multiple: 240, gap: [1_200, 1_650] })))).toBe(2);
  });

  it("shows what the answer says: coin, valuation, prices, car, currency", () => {
    const answer = answerOf({ currency: { code: "EUR", perUsd: 0.8 }, car: URUS });
    expect(pictureSubject(answer, "de")).toEqual({
      coinName: "Dogecoin",
      symbol: "DOGE",
      valuation: answer.valuation,
      points: answer.history.points,
      car: URUS,
      currency: { code: "EUR", perUsd: 0.8 },
      locale: "de",
    });
  });
});

describe("the gallery", () => {
  it("shows every tier and every flag, in pictures of 1200 × 630 that are light enough to post", async () => {
    const subjects: PictureSubject[] = [];
    const pictures = createPictureMaker();
    const watched: PictureMaker = {
      answer(subject) {
        subjects.push(subject);
        return pictures.answer(subject);
      },
      hasAnswer: (subject) => pictures.hasAnswer(subject),
      wen(subject) {
        subjects.push(subject);
        return pictures.wen(subject);
      },
      comparison: (subject) => pictures.comparison(subject),
      riddle: (subject) => pictures.riddle(subject),
      leaderboard: (subject) => pictures.leaderboard(subject),
    };
    const drawings = await Promise.all(
      GALLERY.map(async ({ name, draw }) => ({ name, ...(await draw(watched)) })),
    );
    for (const { name, png, altText } of drawings) {
      const header = new DataView(png.buffer, png.byteOffset, png.byteLength);
      // https://www.w3.org/TR/png-3/#11IHDR: signature, then width and height from byte 16.
      expect(header.getUint32(0), name).toBe(0x89504e47);
      expect([header.getUint32(16), header.getUint32(20)], name).toEqual([
        PICTURE_WIDTH,
        PICTURE_HEIGHT,
      ]);
      expect(png.byteLength, name).toBeLessThanOrEqual(
        name.startsWith("leaderboard") ? 250_000 : 200_000,
      );
      expect(altText.length, name).toBeLessThanOrEqual(1024);
      expect(altText, name).toMatch(/^[^ ].{30,}[.。]$/);
      expect(altText, name).not.toMatch(/NaN|undefined|Infinity/);
    }
    expect([...new Set(subjects.map(({ valuation }) => tierOf(valuation)))].sort()).toEqual([
      "dead",
      "loss",
      "moon-10",
      "moon-100",
      "nearly",
      "part-way",
      "spare-parts",
      "steady",
      "yes",
    ]);
    expect(new Set(subjects.flatMap(({ valuation }) => valuation.flags))).toEqual(new Set(FLAGS));
    // Forty pictures take two seconds on a quiet machine, and many more beside other work.
  }, 90_000);
});

describe("the alt text", () => {
  const altText = async (subject: PictureSubject): Promise<string> => {
    const { rasterize } = sketching();
    return (await createPictureMaker({ rasterize }).answer(subject)).altText;
  };

  it("says coin, verdict, Lambos, drawing, both prices and the marked day in two sentences", async () => {
    expect(await altText(pictureSubject(answerOf(), "en-US"))).toBe(
      "Dogecoin, yes: 2 Lambos (Average Lamborghini), drawn as that many wedge-shaped classics with rear wings in a garage. " +
        "The price line turns $1,000 spent over its first four weeks (Jul 4, 2026 to Jul 31, 2026, on average at $0.0004 each) " +
        "into $401,000 over its last four weeks (Oct 4, 2026 to Oct 31, 2026, on average at $0.1604 each), " +
        "and marks the first Lambo on Aug 1, 2026.",
    );
  });

  it("says the same in the currency shown and for the car chosen", async () => {
    const answer = answerOf({ currency: { code: "EUR", perUsd: 0.8 }, car: URUS });
    expect(await altText(pictureSubject(answer, "en-US"))).toMatch(
      /^Dogecoin, yes: 2\.1 Lambos \(Urus S \(2024\)\), drawn as that many SUVs in a garage.*€1,000 .* at €0\.00032 .*€401,000/,
    );
  });

  it("begins with the demo notice, and calls a dead coin too late", async () => {
    expect(await altText(pictureSubject(answerOf({ flags: ["demo"] }), "en-US"))).toMatch(
      /^Demo market, invented prices\. Dogecoin, yes/,
    );
    expect(await altText(pictureSubject(answerOf({ lastOn: "2022-06-01" }), "en-US"))).toMatch(
      /^Dogecoin, too late, last priced Jun 1, 2022: .* tow truck .* for-sale sign/,
    );
  });

  it("tells which of the two scenes of a loss and of a moon is drawn", async () => {
    const drawings = await Promise.all(
      [0.2, 520_000].flatMap((multiple) =>
        [1, 2].map((endedDaysAgo) => altText(exampleSubject({ multiple, endedDaysAgo }))),
      ),
    );
    expect(drawings.map((text) => /drawn as (.*?)\. /.exec(text)?.[1])).toEqual([
      "a bus stop in the rain with a pigeon on the bench, and the car only on a poster",
      "an empty garage with a cat, a toy car and a bicycle",
      "wedge-shaped classics with rear wings parked on the moon, with the earth in the sky",
      "wedge-shaped classics with rear wings flying to the moon",
    ]);
  });

  it("lists a leaderboard's coins with their changes", async () => {
    const { rasterize } = sketching();
    const { altText: words } = await createPictureMaker({ rasterize }).leaderboard(BOARD);
    expect(words).toBe(
      "Leaderboard of Nov 23, 2026, Lambos (Average Lamborghini) for $1,000 spent over each coin's first four weeks: " +
        "1. Bitcoin: 37.2 Lambos (+0.8 Lambo since yesterday); 2. Dogecoin: 1.91 Lambos (-$3.21 since yesterday); 3. USD Coin: 0 Lambos.",
    );
  });
});

describe("making pictures", () => {
  const subjectOf = (stake: number): PictureSubject => pictureSubject(answerOf({ stake }), "en-US");

  it("draws identical pictures once, even when asked for at the same time", async () => {
    const { drawings, rasterize } = sketching();
    const pictures = createPictureMaker({ rasterize });
    const all = await Promise.all(
      Array.from({ length: 20 }, () => pictures.answer(subjectOf(1000))),
    );
    expect(new Set(all).size).toBe(1);
    await pictures.answer(subjectOf(1000));
    await pictures.leaderboard(BOARD);
    await pictures.leaderboard({ ...BOARD });
    expect(drawings).toHaveLength(2);
  });

  it("tells apart what looks different: stake, price of any day, currency, locale, car, name", async () => {
    const { drawings, rasterize } = sketching();
    const pictures = createPictureMaker({ rasterize });
    const subject = subjectOf(1000);
    const points = subject.points.map((point, day) =>
      day === 60 ? { ...point, priceUsd: point.priceUsd * 2 } : point,
    );
    const others: Partial<PictureSubject>[] = [
      { points },
      { currency: { code: "EUR", perUsd: 0.8 } },
      { locale: "de" },
      { car: URUS },
      { coinName: "Other" },
      { valuation: subjectOf(1001).valuation },
    ];
    for (const other of [{}, ...others]) await pictures.answer({ ...subject, ...other });
    expect(drawings).toHaveLength(1 + others.length);
  });

  it("draws what a person waits for before the leaderboards of digests", async () => {
    const order: string[] = [];
    const { rasterize } = sketching();
    const pictures = createPictureMaker({ rasterize, concurrency: 1 });
    const boards = Array.from({ length: 20 }, (_, index) =>
      pictures
        .leaderboard({ ...BOARD, stakeUsd: 1_000 + index })
        .then(() => order.push("leaderboard")),
    );
    const answer = pictures.answer(subjectOf(1000)).then(() => order.push("answer"));
    await Promise.all([...boards, answer]);
    expect(order.indexOf("answer")).toBe(1);
  });

  it("keeps finished pictures up to its limit of bytes, dropping the least recently used", async () => {
    const { drawings, rasterize } = sketching(async () => new Uint8Array(400));
    const pictures = createPictureMaker({ rasterize, cacheBytes: 1_000 });
    const ask = (stake: number): Promise<Picture> => pictures.answer(subjectOf(stake));
    await ask(1);
    await ask(2);
    await ask(1);
    await ask(3);
    expect(drawings).toHaveLength(3);
    await ask(1);
    expect(drawings).toHaveLength(3);
    await ask(2);
    expect(drawings).toHaveLength(4);
  });

  it("draws two at a time, in the order of asking, however many are wanted", async () => {
    const finish: (() => void)[] = [];
    const { drawings, rasterize } = sketching(
      () => new Promise((resolve) => finish.push(() => resolve(new Uint8Array(1)))),
    );
    const pictures = createPictureMaker({ rasterize });
    const all = Array.from({ length: 6 }, (_, index) => pictures.answer(subjectOf(index + 1)));
    for (let done = 0; done < 6; done++) {
      await new Promise(setImmediate);
      expect(drawings.length).toBe(Math.min(6, done + 2));
      finish[done]?.();
    }
    await Promise.all(all);
  });

  it("forgets a failure: the next one to ask gets a new attempt, and nobody waits forever", async () => {
    let failing = true;
    const { drawings, rasterize } = sketching(() =>
      failing ? Promise.reject(new Error("no ink")) : Promise.resolve(new Uint8Array(1)),
    );
    const pictures = createPictureMaker({ rasterize });
    const failed = await Promise.allSettled(
      Array.from({ length: 5 }, (_, index) => pictures.answer(subjectOf(index + 1))),
    );
    expect(failed.every(({ status }) => status === "rejected")).toBe(true);
    failing = false;
    await pictures.answer(subjectOf(1));
    expect(drawings).toHaveLength(6);
  });

  it("rejects what is not a drawing", async () => {
    const pictures = createPictureMaker({
      rasterize: ({ layers, ...size }) =>
        createRasterize()({
          ...size,
          layers: layers.map((layer) =>
            layer.kind === "tile" ? { ...layer, svg: layer.svg.slice(100) } : layer,
          ),
        }),
    });
    await expect(pictures.answer(subjectOf(1000))).rejects.toThrow();
  });
});
