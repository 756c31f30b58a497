import { parseArgs } from "node:util";
import { benchAnswers } from "./answers.bench.ts";
import { benchCalls } from "./calls.bench.ts";
import { benchCoins } from "./coins.bench.ts";
import { benchCold } from "./cold.bench.ts";
import { benchDigestCalls } from "./digest-calls.bench.ts";
import { benchDigestWave } from "./digest-wave.bench.ts";
import { benchGate } from "./gate.bench.ts";
import { benchHttp } from "./http.bench.ts";
import { benchLimit } from "./limit.bench.ts";
import { benchMove } from "./move.bench.ts";
import { benchPicture } from "./picture.bench.ts";
import { benchPlayground } from "./playground.bench.ts";
import { benchProcess } from "./process.bench.ts";
import { benchScale } from "./scale.bench.ts";
import { benchStorage } from "./storage.bench.ts";

/** Figures by name; the name carries the unit. */
export type Figures = Readonly<Record<string, number>>;

/**
 * Every part of the bench by the name that `--only` takes, with the limit of each figure that has
 * one.
 */
const PARTS: Readonly<Record<string, () => Promise<Figures>>> = {
  answers: benchAnswers,
  calls: benchCalls,
  coins: benchCoins,
  cold: benchCold,
  digest: async () => ({ ...(await benchDigestCalls()), ...(await benchDigestWave()) }),
  gate: benchGate,
  http: benchHttp,
  limit: benchLimit,
  move: benchMove,
  picture: benchPicture,
  playground: benchPlayground,
  process: benchProcess,
  scale: benchScale,
  storage: benchStorage,
};

/** Upper limits, except where the name says `PerSecond`: those are lower limits. */
const LIMITS: Figures = {
  answerCachedMs: 5,
  answerCachedWithPictureMs: 80,
  // 1.3 times as long for each coin as an answer about it.
  compareMs: 6.5,
  wenMs: 6.5,
  coldCallsFullPlan: 1,
  nextDayCalls: 1,
  digestCallsPerWave: 40,
  digestPerSecond: 42.7,
  digestPerSecondAt120Ms: 42.7,
  digest429s: 0,
  digestDuplicates: 0,
  lamboP99DuringWaveMs: 1_500,
  autocompleteP99Ms: 2,
  suggestTypoP99Ms: 2,
  readyMs: 2_000,
  coinsLoadStallMs: 50,
  playgroundReadyMs: 600,
  terminalCachedMs: 250,
  pageKb: 60,
  restMb: 150,
  pictureKb: 200,
  leaderboardKb: 250,
  // 17,000 coins in 60 ms.
  gateRowsPerSecond: 283_000,
  pictureMs: 60,
  comparePictureMs: 60,
  comparePictureKb: 200,
  picturesPerSecond: 30,
  httpAnswersPerSecond: 1_000,
  httpAnswersKnownPicturePerSecond: 300,
  httpAnswersFreshPicturePerSecond: 25,
  processRequestPerSecond: 3_000,
  pagePerSecond: 1_500,
  sitePageKb: 60,
  httpP99Ms: 50,
  httpFreshPictureP99Ms: 200,
  pictureLoopBlockMs: 30,
  pictureMb: 300,
  settingsReadMs: 0.2,
  settingsChangeMs: 10,
  migrateEmptyMs: 100,
  moveServersPerSecond: 2_000,
  readyWith10kServersMs: 2_000,
};

const { values } = parseArgs({ options: { json: { type: "boolean" }, only: { type: "string" } } });
const names = values.only === undefined ? Object.keys(PARTS) : [values.only];
const figures: Record<string, number> = {};
for (const name of names) {
  const part = PARTS[name];
  if (part === undefined) {
    process.stderr.write(
      `There is no part "${name}". The parts are ${Object.keys(PARTS).join(", ")}.\n`,
    );
    process.exit(2);
  }
  Object.assign(figures, await part());
}

process.stdout.write(values.json ? `${JSON.stringify(figures, null, 2)}\n` : table(figures));
process.exit(0);

function table(measured: Figures): string {
  const rows = Object.entries(measured).map(([name, figure]) => {
    const limit = LIMITS[name];
    const isFloor = name.endsWith("PerSecond");
    const kept = limit === undefined || (isFloor ? figure >= limit : figure <= limit);
    const wanted = limit === undefined ? "" : `${isFloor ? "≥" : "≤"} ${limit}`;
    return `${name.padEnd(30)}${String(figure).padStart(12)}  ${wanted.padEnd(10)}${kept ? "" : "MISSED"}`.trimEnd();
  });
  return `${rows.join("\n")}\n`;
}
