import { runWave } from "../support/digest-wave.ts";
import type { Figures } from "./bench.ts";
import { figure, percentile } from "./measure.ts";

const MAIN = new URL("../../../src/main.js", import.meta.url).pathname;
const FEW = 150;
const MANY = 750;
/** Leaderboards that differ, however many servers there are. */
const LEADERBOARDS = 60;
const LAMBO_EVERY_MS = 200;

/**
 * The real process posting a wave of digests to a fake Discord with its limits, while members go on
 * asking; memory by the size of the wave.
 */
export async function benchDigestWave(): Promise<Figures> {
  const wave = (servers: number) =>
    runWave({ servers, leaderboards: LEADERBOARDS, main: MAIN, lamboEveryMs: LAMBO_EVERY_MS });
  const few = await wave(FEW);
  const many = await wave(MANY);
  return {
    digestPerSecond: figure(many.digestsPerSecond),
    digest429s: few.refused + many.refused,
    digestDuplicates: few.duplicates + many.duplicates,
    digestPeakMb: figure(many.peakMb),
    digestPeakMbFewServers: figure(few.peakMb),
    lamboP99DuringWaveMs: figure(percentile(many.lamboMs, 0.99)),
  };
}
