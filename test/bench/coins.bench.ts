import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { z } from "zod";
import { startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { startFakeMarket } from "../support/fake-market/fake-market.ts";
import { seriesOf } from "../support/price-series.ts";
import type { Figures } from "./bench.ts";
import { cpuMsOf, startServer } from "./bench-server.ts";
import { inventedCoins } from "./invented-coins.ts";
import { figure, percentile, spread } from "./measure.ts";

const LOOP_WATCH = new URL("./loop-watch.js", import.meta.url).pathname;
const COINS = 20_000;
const ROUNDS = 5;
const RANK_PAGES = 4;
/** Until the last page has been taken over and cached. */
const SETTLE_MS = 1_500;

const Stalls = z.array(z.object({ endedAtMs: z.number(), cpuMs: z.number(), wallMs: z.number() }));

/** What a list of coins costs the real program. */
export type CoinListCosts = {
  /** Processor time from the list's response to the last page of ranks. */
  readonly loadCpuMs: number;
  /** The longest that the event loop stood still meanwhile, in processor time. */
  readonly stallMs: number;
  /** The same on the clock, with the time that other programs had the processor. */
  readonly stallWallMs: number;
  /** Resident memory afterwards. */
  readonly restMb: number;
};

/** The longest stall of the event loop while a list of 20,000 coins arrives, in milliseconds. */
export async function benchCoins(): Promise<Figures> {
  const costs: CoinListCosts[] = [];
  for (let round = 0; round < ROUNDS; round += 1) costs.push(await loadCoinList(COINS));
  const middle = (times: readonly number[]) => figure(percentile(times, 0.5));
  return {
    ...spread(
      "coinsLoadStallMs",
      costs.map(({ stallMs }) => stallMs),
    ),
    coinsLoadStallWallMs: middle(costs.map(({ stallWallMs }) => stallWallMs)),
  };
}

/** Lets the real program fetch a list of so many coins, and the ranks of the first thousand. */
export async function loadCoinList(count: number): Promise<CoinListCosts> {
  const series = seriesOf("2026-01-01", [1]);
  const coins = inventedCoins(count).map((coin) => ({ ...coin, series }));
  const [market, discord, dataDir] = await Promise.all([
    startFakeMarket({ coins, now: () => new Date() }),
    startFakeDiscord({ checkSpec: false }),
    mkdtemp(join(tmpdir(), "lambo-bench-")),
  ]);
  let release = () => {};
  const until = new Promise<void>((resolve) => {
    release = resolve;
  });
  market.fail("coingecko", { kind: "held", until }, { path: "/coins/list" });
  const stallsFile = join(dataDir, "stalls.json");
  const server = await startServer(
    {
      ...market.environment("demo"),
      ...discord.httpEnv,
      ...{ DATA_DIR: dataDir, LOOP_WATCH_FILE: stallsFile },
    },
    ["--import", LOOP_WATCH],
  );
  await market.arrived({ path: "/coins/list" });
  const releasedAtMs = Date.now();
  const beforeMs = await cpuMsOf(server.process);
  release();
  await market.arrived({ path: "/coins/markets" }, RANK_PAGES);
  await wait(SETTLE_MS);
  const loadCpuMs = (await cpuMsOf(server.process)) - beforeMs;
  const endedBeforeMs = Date.now();
  const status = await readFile(`/proc/${server.process.pid}/status`, "utf8");
  server.process.kill("SIGTERM");
  await once(server.process, "exit");
  const stalls = Stalls.parse(JSON.parse(await readFile(stallsFile, "utf8"))).filter(
    ({ endedAtMs }) => endedAtMs >= releasedAtMs && endedAtMs < endedBeforeMs,
  );
  await Promise.all([market.close(), discord.close(), rm(dataDir, { recursive: true })]);
  return {
    loadCpuMs,
    stallMs: Math.max(0, ...stalls.map(({ cpuMs }) => cpuMs)),
    stallWallMs: Math.max(0, ...stalls.map(({ wallMs }) => wallMs)),
    restMb: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024,
  };
}
