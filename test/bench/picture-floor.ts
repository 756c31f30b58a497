import sharp from "sharp";
import {
  exampleComparison,
  exampleSubject,
  exampleWenSubject,
} from "../../src/pictures/gallery-subjects.ts";
import type { LeaderboardSubject } from "../../src/pictures/leaderboard-subject.ts";
import { createPictureMaker, type PictureMaker } from "../../src/pictures/picture-maker.ts";
import { US_DOLLARS } from "../../src/valuation/currency.ts";
import { AVERAGE_LAMBO, LAMBO_MODELS } from "../../src/valuation/lambo-models.ts";
import type { Figures } from "./bench.ts";
import { figure, percentile, spread } from "./measure.ts";

const ROUNDS = 5;
/** These come first, and only warm the compilers. */
const WARMING_ROUNDS = 2;
const TURNS = 10;
/** More than each kind of picture gets, because every kind is measured against the floor. */
const FLOOR_TURNS = 30;

/** Languages of the questions that the bench asks. */
export const LOCALES = [
  "en-US",
  "de",
  "fr",
  "es-ES",
  "pt-BR",
  "it",
  "pl",
  "tr",
  "ru",
  "ja",
  "ko",
  "en-GB",
];

/** Other multiples are other scenes, from a loss to the moon. */
const MULTIPLES = [0.13, 1.4, 75, 180, 212, 501, 881, 2_090, 7_401, 13_900, 120_000, 520_000];

const FLOOR = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630"><rect width="1200" height="630" fill="#123456"/></svg>',
);

/** One coin with another stake each time, so that no picture is made twice. */
const ONE_COIN = exampleSubject({ multiple: 400 });

/** How to draw the picture of each kind with a number of its own, by the name of its figures. */
const KINDS: Readonly<
  Record<string, (pictures: PictureMaker, at: number) => () => Promise<unknown>>
> = {
  picture: (pictures, at) => {
    const valuation = { ...ONE_COIN.valuation, stakeUsd: ONE_COIN.valuation.stakeUsd + at };
    return () => pictures.answer({ ...ONE_COIN, valuation });
  },
  newCoinPicture: (pictures, at) => {
    const subject = exampleSubject(newCoin(at));
    return () => pictures.answer(subject);
  },
  wenPicture: (pictures, at) => {
    const subject = exampleWenSubject(newCoin(at));
    return () => pictures.wen(subject);
  },
  riddlePicture: (pictures, at) => {
    const { points, locale } = exampleSubject(newCoin(at));
    return () => pictures.riddle({ points, locale, isDemo: false });
  },
  comparePicture: (pictures, at) => {
    const subject = exampleComparison([newCoin(at), newCoin(at + 3), newCoin(at + 6)]);
    return () => pictures.comparison(subject);
  },
  leaderboardPicture: (pictures, at) => {
    const subject = leaderboard(at);
    return () => pictures.leaderboard(subject);
  },
};

function newCoin(at: number) {
  return {
    multiple: (MULTIPLES[at % MULTIPLES.length] ?? 1) * (1 + at / 400),
    days: 1_500 + 37 * at,
    coinName: `Coin ${at}`,
    car: LAMBO_MODELS[at % LAMBO_MODELS.length] ?? AVERAGE_LAMBO,
    locale: LOCALES[at % LOCALES.length] ?? "en-US",
  };
}

function leaderboard(at: number): LeaderboardSubject {
  const entries = Array.from({ length: 10 }, (_, rank) => ({
    ...{ coinId: `coin-${rank}`, coinName: `Coin ${at + rank}`, symbol: `C${rank}` },
    lambos: (0.4 + (at % 7)) / (1 + rank),
    change: { unit: "lambos" as const, lambos: (rank - 3) / 10 },
  }));
  const { car, locale } = newCoin(at);
  const shown = { currency: US_DOLLARS, on: "2026-11-23", previousOn: null, isDemo: false };
  return { entries, stakeUsd: 1_000, car, locale, ...shown };
}

/**
 * Pictures of each kind against an image of one rectangle at the same size, all as PNG, in turn:
 * another coin, car, scene and language each time.
 */
export async function benchPictureFloor(): Promise<Figures> {
  const pictures = createPictureMaker();
  const floor = () => sharp(FLOOR).png().toBuffer();
  const measured = Object.entries(KINDS).map(([kind, drawingOf]) => ({
    ...{ kind, ratios: [] as number[], ms: [] as number[] },
    next: (round: number) =>
      Array.from({ length: TURNS }, (_, turn) => drawingOf(pictures, round * TURNS + turn)),
  }));
  for (let round = 0; round < WARMING_ROUNDS + ROUNDS; round += 1) {
    const drawings = measured.map(({ next }) => next(round));
    const floorMs = await cpuMsOfEach(Array.from({ length: FLOOR_TURNS }, () => floor));
    for (const [index, { ratios, ms }] of measured.entries()) {
      const drawnMs = await cpuMsOfEach(drawings[index] ?? []);
      if (round < WARMING_ROUNDS) continue;
      ratios.push(drawnMs / floorMs);
      ms.push(drawnMs);
    }
  }
  return Object.fromEntries(
    measured.flatMap(({ kind, ratios, ms }) => [
      ...Object.entries(spread(`${kind}OverFloor`, ratios)),
      [`${kind}CpuMs`, figure(percentile(ms, 0.5))],
    ]),
  );
}

/** Processor time of each of some work, all threads together, in milliseconds. */
async function cpuMsOfEach(work: readonly (() => Promise<unknown>)[]): Promise<number> {
  const before = process.cpuUsage();
  for (const one of work) await one();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (1_000 * work.length);
}
