import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { startFakeMarket } from "../support/fake-market/fake-market.ts";
import { syntheticSeries } from "../support/price-series.ts";
import { SHIPPED_ENVIRONMENT, SHIPPED_FLAGS } from "../support/shipped-start.ts";
import type { Figures } from "./bench.ts";
import { figure, percentile } from "./measure.ts";

/** From dist/bench/test/bench: the program as it is shipped, not the copy of the bench. */
const MAIN = new URL("../../../src/main.js", import.meta.url).pathname;
const TERMINAL = new URL("../../../src/terminal.js", import.meta.url).pathname;
const COINS = 17_000;
const ANSWERS = 11;
const STARTS = 3;
/** V8 collects what a start has left behind 5 to 20 s after it. */
const REST_MS = 25_000;
const FIRST_START_MS = 3_000;

/**
 * A fake Discord and a fake market with as many coins as CoinGecko lists, and an empty data folder.
 */
export type Outside = {
  readonly environment: NodeJS.ProcessEnv;
  readonly dataDir: string;
  close(): Promise<void>;
};

/** Starts what the real process needs around it. */
export async function startOutside(): Promise<Outside> {
  const series = syntheticSeries({
    firstOn: "2020-01-01",
    lastOn: new Date().toISOString().slice(0, 10),
    startUsd: 1,
  });
  const coins = Array.from({ length: COINS }, (_, at) => ({
    coinId: `coin-${at}`,
    symbol: `C${at % 10_000}`,
    name: `Coin number ${at}`,
    rank: at < 2_000 ? at + 1 : null,
    series,
  }));
  const market = await startFakeMarket({ coins, now: () => new Date() });
  const discord = await startFakeDiscord({ checkSpec: false });
  const dataDir = await mkdtemp(join(tmpdir(), "lambo-bench-"));
  return {
    environment: {
      ...process.env,
      ...market.environment("demo"),
      ...discord.env,
      DATA_DIR: dataDir,
      LOG_LEVEL: "info",
    },
    dataDir,
    async close() {
      await discord.close();
      await market.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * The real processes against a fake Discord and a fake market: the bot's start with a warm cache
 * and its memory at rest, and a cached answer at the terminal.
 */
export async function benchProcess(): Promise<Figures> {
  const outside = await startOutside();
  const started = await startWarm(outside);
  const answeredMs = await answerAtTerminal(outside);
  await outside.close();
  return {
    terminalCachedMs: figure(percentile(answeredMs, 0.5)),
    readyMs: figure(
      percentile(
        started.map(({ readyMs }) => readyMs),
        0.5,
      ),
    ),
    restMb: figure(started[0]?.restMb ?? Number.NaN),
  };
}

/**
 * Starts and ends the process several times, after a first time that fetches the list of coins and
 * keeps it.
 */
export async function startWarm({
  environment,
}: Outside): Promise<readonly { readyMs: number; restMb: number }[]> {
  await start(environment, FIRST_START_MS);
  const started: { readyMs: number; restMb: number }[] = [];
  for (let run = 0; run < STARTS; run += 1)
    started.push(await start(environment, run === 0 ? REST_MS : 0));
  return started;
}

async function start(
  environment: NodeJS.ProcessEnv,
  restMs: number,
): Promise<{ readyMs: number; restMb: number }> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...SHIPPED_FLAGS, MAIN], {
    env: { ...SHIPPED_ENVIRONMENT, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  for await (const line of createInterface({ input: child.stderr }))
    if (line.includes("ready: listening")) break;
  const readyMs = performance.now() - startedAt;
  child.stderr.resume();
  await wait(restMs);
  const status = await readFile(`/proc/${child.pid}/status`, "utf8");
  const restMb = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
  child.kill("SIGTERM");
  await once(child, "exit");
  return { readyMs, restMb };
}

/** How long a cached answer takes, in milliseconds from the start of the process to its end. */
async function answerAtTerminal({ environment }: Outside): Promise<readonly number[]> {
  const tookMs: number[] = [];
  // The first one fetches and keeps what the others need.
  for (let answer = 0; answer <= ANSWERS; answer += 1) {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [TERMINAL, "coin-7"], {
      env: environment,
      stdio: "ignore",
    });
    const [exitCode] = await once(child, "exit");
    if (exitCode !== 0) throw new Error(`the terminal ended with exit code ${exitCode}`);
    if (answer > 0) tookMs.push(performance.now() - startedAt);
  }
  return tookMs;
}
