import { execFile } from "node:child_process";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  exampleComparison,
  exampleSubject,
  exampleWenSubject,
  GALLERY,
} from "../../src/pictures/gallery-subjects.ts";
import { createPictureMaker } from "../../src/pictures/picture-maker.ts";
import { SHIPPED_FLAGS } from "../support/shipped-start.ts";
import type { Figures } from "./bench.ts";
import { figure, percentile, timed } from "./measure.ts";

const run = promisify(execFile);

const AT_ONCE = 50;
const STARTS = 5;
const FIRST_PICTURE = fileURLToPath(new URL("first-picture.js", import.meta.url));
const PICTURE_MEMORY = fileURLToPath(new URL("picture-memory.js", import.meta.url));

/**
 * Pictures on the final drawing: size, time, throughput, what they do to the event loop, and memory
 * over 5,000 of them.
 */
export async function benchPicture(): Promise<Figures> {
  const pictures = createPictureMaker();
  const subject = exampleSubject({ multiple: 400 });
  // Another stake each time, so that no picture is made twice.
  let { stakeUsd } = subject.valuation;
  const draw = () => {
    stakeUsd += 1;
    return pictures.answer({ ...subject, valuation: { ...subject.valuation, stakeUsd } });
  };

  const largestKb = { answer: 0, comparison: 0, leaderboard: 0 };
  for (const { name, draw: drawExample } of GALLERY) {
    const kind = name.startsWith("leaderboard")
      ? "leaderboard"
      : name.startsWith("compare")
        ? "comparison"
        : "answer";
    largestKb[kind] = Math.max(
      largestKb[kind],
      (await drawExample(pictures)).png.byteLength / 1_000,
    );
  }
  const alone = await timed(60, draw);
  const comparison = exampleComparison([
    { multiple: 400, days: 5_000 },
    { multiple: 90, days: 4_000 },
    { multiple: 12, days: 3_000 },
    { multiple: 0.3, days: 2_000 },
  ]);
  const comparisons = await timed(60, (index) =>
    pictures.comparison({ ...comparison, currency: { code: "EUR", perUsd: 0.9 + index / 1_000 } }),
  );

  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, draw));
  const atOnceMs = performance.now() - startedAt;
  delays.disable();

  const [early = Number.NaN, late = Number.NaN] = await residentMb();
  const riddle = { locale: "en-US", isDemo: false };
  const riddles = await timed(60, (index) =>
    pictures.riddle({ ...riddle, points: subject.points.slice(0, 2_000 + index) }),
  );
  const wenSubject = exampleWenSubject({ multiple: 400 });
  const wens = await timed(60, (index) =>
    pictures.wen({ ...wenSubject, coinName: `Coin ${index}` }),
  );
  return {
    pictureKb: figure(largestKb.answer),
    leaderboardKb: figure(largestKb.leaderboard),
    pictureMs: figure(percentile(alone, 0.5)),
    comparePictureMs: figure(percentile(comparisons, 0.5)),
    comparePictureKb: figure(largestKb.comparison),
    wenPictureMs: figure(percentile(wens, 0.5)),
    riddlePictureMs: figure(percentile(riddles, 0.5)),
    firstPictureCpuMs: figure(percentile(await firstPicturesMs(), 0.5)),
    picturesPerSecond: figure((AT_ONCE / atOnceMs) * 1_000),
    pictureLoopBlockMs: figure(delays.max / 1e6),
    pictureMb: figure(Math.max(early, late)),
    pictureMbGrowth: figure(late - early),
  };
}

/** Processor time of the first picture after each of some starts, in milliseconds. */
async function firstPicturesMs(): Promise<number[]> {
  const samples: number[] = [];
  for (let start = 0; start < STARTS; start += 1)
    samples.push(Number((await run(process.execPath, [...SHIPPED_FLAGS, FIRST_PICTURE])).stdout));
  return samples;
}

/**
 * Resident memory in MB of a process that makes pictures, early and late: in this one, everything
 * that was measured before would count.
 */
async function residentMb(): Promise<number[]> {
  const { stdout } = await run(process.execPath, [PICTURE_MEMORY]);
  return stdout.trim().split("\n").map(Number);
}
