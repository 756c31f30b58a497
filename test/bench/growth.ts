import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createDueTimes } from "../../src/digest/due.ts";
import { createDueFinder } from "../../src/digest/due-digests.ts";
import { createFinishedDates } from "../../src/digest/finished-dates.ts";
import { DISCORD_LIMITS } from "../../src/discord/limits.ts";
import { silentLog } from "../../src/process/log.ts";
import { openStorage } from "../../src/storage/storage.ts";
import { runWave } from "../support/digest-wave.ts";
import { startFakeDiscord } from "../support/fake-discord/fake-discord.ts";
import { startFakeMarket } from "../support/fake-market/fake-market.ts";
import { fillServers, serverId } from "../support/many-servers.ts";
import { openMemoryCoinIndex } from "../support/memory-coin-index.ts";
import { postgresMissing, startPostgres } from "../support/postgres.ts";
import { redisMissing, startRedis } from "../support/redis.ts";
import { cpuMsOf, startServer } from "./bench-server.ts";
import { loadCoinList } from "./coins.bench.ts";
import {
  type CoinsRow,
  type Growth,
  growthPlots,
  type ProcessesRow,
  type ServersRow,
} from "./growth-plots.ts";
import { inventedCoins } from "./invented-coins.ts";
import { figure, percentile, timed } from "./measure.ts";

/** The file with the measured growth, and the plots made of it. */
const FOLDER = new URL("../../../../docs/performance/", import.meta.url);
const JSON_FILE = new URL("growth.json", FOLDER);
const MAIN = new URL("../../../src/main.js", import.meta.url).pathname;

const SERVERS = [1_000, 10_000, 100_000];
const COINS = [1_000, 5_000, 20_000, 100_000];
const PROCESSES = [1, 2, 4];
const ROUNDS = 3;
const READS = 20_000;
const CHANGES = 200;
const WAVE_SERVERS = 600;
const LEADERBOARDS = 60;
const REST_MS = 4_000;
const AUTHOR = { userId: "2200000000000000001", at: new Date("2026-11-24T12:00:00Z") };
const NEVER_DUE = "2999-01-01T00:00:00.000Z";
/** An ordinary moment: every server's digest was due four hours before, and has been posted. */
const LOOKED_AT = "2026-11-24T12:00:00.000Z";
/** So has each of the days that a look goes back: one without a row would be found as missed. */
const DIGEST_DAYS = 7;
const NAMES_TYPED = 500;

/** `--only PART` measures one part anew, `--only plots` none. */
async function main(): Promise<void> {
  const { only } = parseArgs({ options: { only: { type: "string" } } }).values;
  await mkdir(FOLDER, { recursive: true });
  // What this program wrote itself, in the shape that it writes.
  const known: unknown = only === undefined ? {} : JSON.parse(await readFile(JSON_FILE, "utf8"));
  const growth = { ...(known as Growth), ...(await measure(only)) };
  await writeFile(JSON_FILE, `${JSON.stringify(growth, null, 2)}\n`);
  for (const [name, svg] of Object.entries(growthPlots(growth)))
    await writeFile(new URL(`${name}.svg`, FOLDER), svg);
  process.exit(0);
}

async function measure(only: string | undefined): Promise<Partial<Growth>> {
  const machine = () => ({
    processor: cpus()[0]?.model.trim() ?? "unknown",
    processors: cpus().length,
    memoryGb: figure(totalmem() / 1_073_741_824),
    node: process.version,
    measuredOn: new Date().toISOString().slice(0, 10),
    // Processes that wanted to run when this began: other programs make it slower.
    load: figure(loadavg()[0] ?? 0),
  });
  const isWanted = (part: string) => only === undefined || only === part;
  const before = machine();
  return {
    ...(isWanted("servers") && {
      servers: { machine: before, rows: await inTurn(SERVERS, growthOfServers) },
    }),
    ...(isWanted("coins") && {
      coins: { machine: machine(), rows: await inTurn(COINS, growthOfCoins) },
    }),
    ...(isWanted("processes") && {
      processes: { machine: machine(), rows: await growthOfProcesses() },
    }),
  };
}

async function inTurn<Value>(
  counts: readonly number[],
  measured: (count: number) => Promise<Value>,
): Promise<readonly Value[]> {
  const values: Value[] = [];
  for (const count of counts) values.push(await measured(count));
  return values;
}

/** The real program with the settings of so many servers in its database. */
async function growthOfServers(servers: number): Promise<ServersRow> {
  const [market, discord, dataDir] = await Promise.all([
    startFakeMarket({ coins: [], now: () => new Date() }),
    startFakeDiscord({ checkSpec: false }),
    mkdtemp(join(tmpdir(), "lambo-growth-")),
  ]);
  const now = () => AUTHOR.at;
  const open = () => openStorage({ dataDir, databaseUrl: undefined, log: silentLog, now });
  const filling = await open();
  await fillServers(filling.database, {
    servers,
    digests: { days: DIGEST_DAYS, lastOn: LOOKED_AT.slice(0, 10) },
    since: "2026-01-01T00:00:00.000Z",
  });
  await filling.close();

  const storage = await open();
  const idOf = (index: number) => serverId(Math.abs(index * 7_919) % servers);
  const reads = await timed(READS, (index) => storage.settings.read(idOf(index)));
  const changes = await timed(CHANGES, (index) =>
    storage.settings.change(idOf(index), { stake: 1_000 + Math.abs(index) }, AUTHOR),
  );
  const finder = createDueFinder({
    ...{ settings: storage.settings, presence: storage.presence, ledger: storage.ledger },
    ...{ times: createDueTimes(), finished: createFinishedDates() },
    ...{ queue: { isPending: () => false }, log: silentLog, now },
  });
  // The first look after a start also asks the ledger what has been posted.
  const look = () =>
    cpuMsFor(async () => {
      const { due, missed } = await finder.find(Date.parse(LOOKED_AT));
      if (due.length + missed.length > 0) throw new Error("A digest had not been posted");
    });
  const firstLook = await look();
  const looks = await inTurn(Array(ROUNDS).fill(0), look);
  // What starts now must not find the digests of today due and post them.
  await storage.database.write(async (transaction) => {
    await transaction.updateTable("guild_settings").set({ digest_since: NEVER_DUE }).execute();
  });
  await storage.close();

  const ready: number[] = [];
  const startCpu: number[] = [];
  let restMb = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAtMs = performance.now();
    const server = await startServer({
      ...market.environment("demo"),
      ...discord.httpEnv,
      DATA_DIR: dataDir,
    });
    ready.push(performance.now() - startedAtMs);
    startCpu.push(await cpuMsOf(server.process));
    if (round === 0) {
      await wait(REST_MS);
      const status = await readFile(`/proc/${server.process.pid}/status`, "utf8");
      restMb = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1_024;
    }
    server.process.kill("SIGTERM");
    await once(server.process, "exit");
  }
  await Promise.all([market.close(), discord.close(), rm(dataDir, { recursive: true })]);
  return {
    servers,
    readyMs: middle(ready),
    startCpuMs: middle(startCpu),
    restMb: figure(restMb),
    settingsReadUs: figure(percentile(reads, 0.5) * 1_000),
    settingsChangeMs: middle(changes),
    firstLookCpuMs: figure(firstLook),
    dueLookCpuMs: middle(looks),
  };
}

/** The real program loading a list of so many coins, and suggestions among them. */
async function growthOfCoins(coins: number): Promise<CoinsRow> {
  const loads = await inTurn(Array(ROUNDS).fill(coins), loadCoinList);
  const listed = inventedCoins(coins);
  const { index } = await openMemoryCoinIndex(listed);
  // An odd step, because the names come in a pattern of 20 beginnings.
  const step = Math.ceil(coins / NAMES_TYPED) | 1;
  const typed = listed
    .filter((_, at) => at % step === 0)
    .flatMap(({ name }) => [1, 2, 3, 5, 8].map((length) => name.slice(0, length)));
  const suggestAll = async () => {
    for (const text of typed) index.suggest(text, DISCORD_LIMITS.choices);
  };
  const suggestions = await inTurn(Array(ROUNDS).fill(0), () => cpuMsFor(suggestAll));
  return {
    coins,
    loadCpuMs: middle(loads.map(({ loadCpuMs }) => loadCpuMs)),
    stallMs: middle(loads.map(({ stallMs }) => stallMs)),
    restMb: middle(loads.map(({ restMb }) => restMb)),
    suggestCpuMs: middle(suggestions.map((cpuMs) => cpuMs / typed.length)),
  };
}

/** Waves of digests shared by several real programs on one Redis and one PostgreSQL. */
async function growthOfProcesses(): Promise<readonly ProcessesRow[]> {
  const missing = redisMissing() ?? postgresMissing();
  if (missing !== undefined) throw new Error(missing);
  return inTurn(PROCESSES, async (processes) => {
    const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    const wave = await runWave({
      servers: WAVE_SERVERS,
      leaderboards: LEADERBOARDS,
      main: MAIN,
      processes,
      environment: { ROLE: "worker", DATABASE_URL: postgres.url, REDIS_URL: redis.url },
    });
    await Promise.all([redis.remove(), postgres.remove()]);
    return {
      processes,
      postsPerSecond: figure(wave.digestsPerSecond),
      refused: wave.refused,
      duplicates: wave.duplicates,
      peakMb: figure(wave.peakMb),
    };
  });
}

/** Processor time that this process uses for a piece of work, in milliseconds. */
async function cpuMsFor(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function middle(samples: readonly number[]): number {
  return figure(percentile(samples, 0.5));
}

await main();
