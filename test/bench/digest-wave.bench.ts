import { runWave, type Wave } from "../support/digest-wave.ts";
import type { Figures } from "./bench.ts";
import { type FarAway, farAway } from "./far-away.ts";
import { figure, percentile } from "./measure.ts";

const MAIN = new URL("../../../src/main.js", import.meta.url).pathname;
const FEW = 150;
const MANY = 750;
/** Leaderboards that differ, however many servers there are. */
const LEADERBOARDS = 60;
const LAMBO_EVERY_MS = 200;
/** To Discord and back, from another continent. */
const ROUND_TRIP_MS = 120;

/**
 * The real process posting a wave of digests to a fake Discord with its limits, while members go on
 * asking; memory by the size of the wave.
 */
export async function benchDigestWave(): Promise<Figures> {
  const wave = (servers: number) =>
    runWave({ servers, leaderboards: LEADERBOARDS, main: MAIN, lamboEveryMs: LAMBO_EVERY_MS });
  const few = await wave(FEW);
  const many = await wave(MANY);
  const far = await farWave();
  return {
    digestPerSecond: figure(many.digestsPerSecond),
    digestPerSecondAt120Ms: figure(far.digestsPerSecond),
    digest429s: few.refused + many.refused + far.refused,
    digestDuplicates: few.duplicates + many.duplicates + far.duplicates,
    digestPeakMb: figure(many.peakMb),
    digestPeakMbFewServers: figure(few.peakMb),
    lamboP99DuringWaveMs: figure(percentile(many.lamboMs, 0.99)),
  };
}

/** A wave whose requests take 120 ms to Discord and back. */
async function farWave(): Promise<Wave> {
  let line: FarAway | undefined;
  const wave = await runWave({
    servers: MANY,
    leaderboards: LEADERBOARDS,
    main: MAIN,
    async reach(apiUrl) {
      const url = new URL(apiUrl);
      line = await farAway(Number(url.port), ROUND_TRIP_MS);
      url.port = String(line.port);
      return url.href;
    },
  });
  await line?.close();
  return wave;
}
