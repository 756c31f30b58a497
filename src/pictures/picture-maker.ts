import { createHash } from "node:crypto";
import type { DailyClose } from "../valuation/price-record.ts";
import { answerAltText } from "./answer-alt-text.ts";
import { answerSvg } from "./answer-drawing.ts";
import { answerLayout } from "./answer-layout.ts";
import type { PictureSubject } from "./answer-subject.ts";
import { loadFaces } from "./fonts/faces.ts";
import { leaderboardSvg } from "./leaderboard-drawing.ts";
import {
  type LeaderboardSubject,
  leaderboardAltText,
  leaderboardLayout,
} from "./leaderboard-layout.ts";
import { createRasterize, type Rasterize } from "./rasterize.ts";

/** A finished picture and what it says in one or two sentences. */
export type Picture = {
  readonly png: Uint8Array;
  readonly altText: string;
};

/**
 * Makes pictures, those that somebody waits for first; the same subject is drawn once. Rejects when
 * drawing fails; the card then goes out without a picture.
 */
export type PictureMaker = {
  answer(subject: PictureSubject): Promise<Picture>;
  /** Up to ten coins with their Lambos as bars made of cars. */
  leaderboard(subject: LeaderboardSubject): Promise<Picture>;
};

/** How pictures are made; every option has a default. */
export type PictureMakerOptions = {
  readonly rasterize?: Rasterize;
  /**
   * Pictures drawn at the same time; the others wait. Default 2: more would only keep more pixels
   * in memory.
   */
  readonly concurrency?: number;
  /** Finished pictures kept for the next asker, in bytes of PNG. Default 16 MB. */
  readonly cacheBytes?: number;
};

/** A picture maker with its fonts read; reads files, so build it once. */
export function createPictureMaker(options: PictureMakerOptions = {}): PictureMaker {
  const faces = loadFaces();
  const render = options.rasterize ?? createRasterize();
  const inTurn = limit(options.concurrency ?? 2);
  const remember = rememberedPictures(options.cacheBytes ?? 16_000_000);
  return {
    answer: (subject) =>
      remember(contentKey(subject), () =>
        inTurn("answer", async () => ({
          png: await render(answerSvg(subject, answerLayout(subject, faces), faces)),
          altText: answerAltText(subject),
        })),
      ),
    leaderboard: (subject) =>
      remember(JSON.stringify(subject), () =>
        inTurn("leaderboard", async () => ({
          png: await render(leaderboardSvg(subject, leaderboardLayout(subject, faces))),
          altText: leaderboardAltText(subject),
        })),
      ),
  };
}

function contentKey({ points, ...rest }: PictureSubject): string {
  return createHash("sha1").update(JSON.stringify(rest)).update(pointsKey(points)).digest("base64");
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
 * Runs at most `concurrency` tasks at a time: answers in the order of asking, and leaderboards when
 * no answer waits.
 */
function limit(
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
 * Keeps pictures by content, least recently asked for dropped first; one that is being made is
 * waited for, a failure is forgotten.
 */
function rememberedPictures(
  maxBytes: number,
): (key: string, make: () => Promise<Picture>) => Promise<Picture> {
  const finished = new Map<string, Picture>();
  const beingMade = new Map<string, Promise<Picture>>();
  let bytes = 0;
  const keep = (key: string, picture: Picture): void => {
    finished.set(key, picture);
    bytes += picture.png.byteLength;
    for (const [oldest, { png }] of finished) {
      if (bytes <= maxBytes) return;
      finished.delete(oldest);
      bytes -= png.byteLength;
    }
  };
  return (key, make) => {
    const known = finished.get(key);
    if (known !== undefined) {
      finished.delete(key);
      finished.set(key, known);
      return Promise.resolve(known);
    }
    const pending = beingMade.get(key);
    if (pending !== undefined) return pending;
    const making = make()
      .then((picture) => {
        keep(key, picture);
        return picture;
      })
      .finally(() => beingMade.delete(key));
    beingMade.set(key, making);
    return making;
  };
}
