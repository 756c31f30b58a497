import { createHash } from "node:crypto";
import { BoundedMap } from "../process/bounded-map.ts";
import type { DailyClose } from "../valuation/price-record.ts";
import { answerAltText } from "./answer-alt-text.ts";
import { answerDrawing } from "./answer-drawing.ts";
import { answerLayout } from "./answer-layout.ts";
import type { PictureSubject } from "./answer-subject.ts";
import { comparisonAltText } from "./comparison-alt-text.ts";
import { comparisonDrawing } from "./comparison-drawing.ts";
import { comparisonLayout } from "./comparison-layout.ts";
import type { ComparisonSubject } from "./comparison-subject.ts";
import { loadFaces } from "./fonts/faces.ts";
import { leaderboardDrawing } from "./leaderboard-drawing.ts";
import { leaderboardLayout } from "./leaderboard-layout.ts";
import { type LeaderboardSubject, leaderboardAltText } from "./leaderboard-subject.ts";
import { createRasterize, type Rasterize } from "./rasterize.ts";
import { type RiddleSubject, riddleAltText, riddleDrawing } from "./riddle-drawing.ts";
import { wenAltText } from "./wen-alt-text.ts";
import { wenDrawing } from "./wen-drawing.ts";
import { wenLayout } from "./wen-layout.ts";
import type { WenSubject } from "./wen-subject.ts";

/** A finished picture with its alt text of one or two sentences. */
export type Picture = {
  readonly png: Uint8Array;
  readonly altText: string;
};

/**
 * Draws pictures, each subject only once. Rejects when drawing fails; the card is then sent without
 * a picture.
 */
export type PictureMaker = {
  answer(subject: PictureSubject): Promise<Picture>;
  /** Whether {@link PictureMaker.answer} has the picture, or is drawing it for somebody. */
  hasAnswer(subject: PictureSubject): boolean;
  /** A price line, and the price that one coin would have to be worth. */
  wen(subject: WenSubject): Promise<Picture>;
  /** Two to four coins with their Lambos as lines on one scale. */
  comparison(subject: ComparisonSubject): Promise<Picture>;
  /** Up to ten coins with their Lambos as bars made of cars. */
  leaderboard(subject: LeaderboardSubject): Promise<Picture>;
  /** A price line without a name. */
  riddle(subject: RiddleSubject): Promise<Picture>;
};

/** How pictures are made; every option has a default. */
export type PictureMakerOptions = {
  readonly rasterize?: Rasterize;
  /** Pictures drawn at the same time; others wait. Default 2: more would only use more memory. */
  readonly concurrency?: number;
  /** How many bytes of finished PNGs are kept. Default 16 MB. */
  readonly cacheBytes?: number;
};

/** Creates a picture maker. It reads the fonts from their files, so one per process is enough. */
export function createPictureMaker(options: PictureMakerOptions = {}): PictureMaker {
  const faces = loadFaces();
  const render = options.rasterize ?? createRasterize();
  const whenFree = createDrawingLimit(options.concurrency ?? 2);
  const cached = createPictureCache(options.cacheBytes ?? 16_000_000);
  return {
    answer: (subject) =>
      cached.get(contentKey(subject), () =>
        whenFree("answer", async () => ({
          png: await render(answerDrawing(subject, answerLayout(subject, faces), faces)),
          altText: answerAltText(subject),
        })),
      ),
    hasAnswer: (subject) => cached.has(contentKey(subject)),
    wen: (subject) =>
      cached.get(`wen ${contentKey(subject)}`, () =>
        whenFree("answer", async () => ({
          png: await render(wenDrawing(subject, wenLayout(subject, faces))),
          altText: wenAltText(subject),
        })),
      ),
    comparison: (subject) =>
      cached.get(comparisonKey(subject), () =>
        whenFree("answer", async () => ({
          png: await render(comparisonDrawing(comparisonLayout(subject, faces))),
          altText: comparisonAltText(subject),
        })),
      ),
    leaderboard: (subject) =>
      cached.get(JSON.stringify(subject), () =>
        whenFree("leaderboard", async () => ({
          png: await render(leaderboardDrawing(subject, leaderboardLayout(subject, faces))),
          altText: leaderboardAltText(subject),
        })),
      ),
    riddle: ({ points, ...rest }) =>
      cached.get(`riddle ${JSON.stringify(rest)} ${pointsKey(points)}`, () =>
        whenFree("leaderboard", async () => ({
          png: await render(riddleDrawing({ points, ...rest }, faces)),
          altText: riddleAltText({ points, ...rest }),
        })),
      ),
  };
}

function contentKey({ points, ...rest }: PictureSubject): string {
  return `${JSON.stringify(rest)} ${pointsKey(points)}`;
}

function comparisonKey({ coins, ...rest }: ComparisonSubject): string {
  const keys = coins.map(({ points, ...coin }) => `${JSON.stringify(coin)} ${pointsKey(points)}`);
  return `comparison ${JSON.stringify(rest)} ${keys.join(" ")}`;
}

const pointsKeys = new WeakMap<readonly DailyClose[], string>();

function pointsKey(points: readonly DailyClose[]): string {
  const known = pointsKeys.get(points);
  if (known !== undefined) return known;
  const hash = createHash("sha1").update(points.map(({ on }) => on).join());
  const key = hash.update(Float64Array.from(points, ({ priceUsd }) => priceUsd)).digest("base64");
  pointsKeys.set(points, key);
  return key;
}

/**
 * Runs at most `concurrency` tasks at a time, first come, first served, but leaderboards wait while
 * any answer is waiting, because a person waits for an answer.
 */
function createDrawingLimit(
  concurrency: number,
): <Result>(kind: "answer" | "leaderboard", task: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const waiting: Record<"answer" | "leaderboard", (() => void)[]> = { answer: [], leaderboard: [] };
  return async (kind, task) => {
    if (running >= concurrency) await new Promise<void>((resolve) => waiting[kind].push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      const next = waiting.answer.shift() ?? waiting.leaderboard.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}

/**
 * Keeps finished pictures by content, dropping the least recently used first. A request for a
 * picture that is being drawn joins it; a failure is not kept.
 */
function createPictureCache(maxBytes: number): {
  get(key: string, make: () => Promise<Picture>): Promise<Picture>;
  has(key: string): boolean;
} {
  const finished = new BoundedMap<string, Picture>({
    maxSize: maxBytes,
    sizeOf: ({ png }) => png.byteLength,
  });
  const beingMade = new Map<string, Promise<Picture>>();
  return {
    get(key, make) {
      const kept = finished.get(key);
      if (kept !== undefined) return Promise.resolve(kept);
      const pending = beingMade.get(key);
      if (pending !== undefined) return pending;
      const making = make()
        .then((picture) => {
          finished.set(key, picture);
          return picture;
        })
        .finally(() => beingMade.delete(key));
      beingMade.set(key, making);
      return making;
    },
    has: (key) => finished.has(key) || beingMade.has(key),
  };
}
