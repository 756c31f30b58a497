import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";
import { digestMarker } from "../../src/digest/digest-control-id.ts";
import { silentLog } from "../../src/process/log.ts";
import { openStorage } from "../../src/storage/storage.ts";
import { type FakeDiscord, startFakeDiscord } from "./fake-discord/fake-discord.ts";
import { busiestSecond } from "./fake-discord/rest.ts";
import type { FakeChannel, FakeGuild } from "./fake-discord/world.ts";
import { startFakeMarket } from "./fake-market/fake-market.ts";
import { syntheticSeries } from "./price-series.ts";
import { SHIPPED_ENVIRONMENT, SHIPPED_FLAGS } from "./shipped-start.ts";

/** Options of a measured wave of digests. */
export type WaveOptions = {
  /** Servers that are due in the same minute. */
  readonly servers: number;
  /** Different leaderboards, shared evenly by the servers. */
  readonly leaderboards: number;
  /** Where the processes find Discord's REST API, given its own address; there when absent. */
  readonly reach?: (apiUrl: string) => Promise<string>;
  /** Path of the compiled `main.js`. */
  readonly main: string;
  /** Processes that share the work; more than one need `environment` to say where. */
  readonly processes?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Asks `/lambo` so often during the wave; over the gateway, so one process has to be listening.
   * Undefined: never.
   */
  readonly lamboEveryMs?: number;
};

/** The figures of a wave. */
export type Wave = {
  readonly digestsPerSecond: number;
  /** Requests that Discord refused for coming too quickly. */
  readonly refused: number;
  readonly busiestSecond: number;
  /** Servers that did not get exactly one digest. */
  readonly withoutOne: number;
  readonly duplicates: number;
  readonly lamboMs: readonly number[];
  /** The largest resident memory of any process, in MB. */
  readonly peakMb: number;
  /** What each process logged; it shows which ones posted nothing. */
  readonly seconds: number;
};

type Server = { readonly guild: FakeGuild; readonly channel: FakeChannel };

const MINUTE_MS = 60_000;
const COINS = 12;
const COINS_A_SERVER = 5;
const POSTS = "POST /channels/:channel_id/messages";
const SERVERS_PER_STATEMENT = 500;
const MEMORY_EVERY_MS = 200;

/**
 * Lets the real program post a wave of digests to a fake Discord with its rate limits, prices and
 * pictures included.
 */
export async function runWave(options: WaveOptions): Promise<Wave> {
  const { servers: count, leaderboards, processes = 1 } = options;
  const discord = await startFakeDiscord({ guilds: 0, checkSpec: false, keepRequests: false });
  const series = (seed: number) =>
    syntheticSeries({
      firstOn: "2025-01-01",
      lastOn: new Date().toISOString().slice(0, 10),
      startUsd: 1,
      dailyGrowth: 0.01,
      wobble: 0.1,
      seed,
    });
  const coins = Array.from({ length: COINS }, (_, at) => ({
    coinId: `coin-${at}`,
    symbol: `C${at}`,
    name: `Coin ${at}`,
    rank: at + 1,
    series: series(at),
  }));
  const market = await startFakeMarket({ coins, now: () => new Date() });
  const dataDir = await mkdtemp(join(tmpdir(), "lambo-wave-"));
  const apiUrl = await options.reach?.(discord.env.DISCORD_API_URL);
  const environment = {
    ...{ PATH: process.env["PATH"] ?? "", ...market.environment("analyst"), ...discord.env },
    ...(apiUrl !== undefined && { DISCORD_API_URL: apiUrl }),
    ...{ DATA_DIR: dataDir, LOG_LEVEL: "info", ...options.environment },
  };
  const children: ChildProcess[] = [];
  try {
    const due = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS - MINUTE_MS);
    const servers = Array.from({ length: count }, (): Server => {
      const guild = discord.addGuild();
      return { guild, channel: discord.addChannel(guild, { name: "lambos" }) };
    });
    await choose(servers, {
      due,
      leaderboards,
      dataDir,
      databaseUrl: options.environment?.["DATABASE_URL"],
    });

    const memory = watchMemory(children);
    for (let at = 0; at < processes; at += 1)
      children.push(startProcess(options.main, environment));
    const posted = () => discord.counts.byRoute.get(POSTS) ?? 0;
    await discord.until("the first digest is posted", () => posted() >= 1);
    const startedAt = performance.now();
    const asking =
      options.lamboEveryMs === undefined
        ? undefined
        : askMeanwhile(discord, servers, options.lamboEveryMs);
    await discord.until("every digest is posted", () => posted() >= count);
    const seconds = (performance.now() - startedAt) / 1_000;
    const lamboMs = (await asking?.stop()) ?? [];
    const peakMb = memory.stop();
    await end(children);

    const marker = digestMarker(due.toISOString().slice(0, 10));
    const digests = servers.map(
      ({ channel }) =>
        discord
          .messagesIn(channel)
          .filter(({ components }) => JSON.stringify(components).includes(marker)).length,
    );
    return {
      digestsPerSecond: (count - 1) / seconds,
      refused: discord.counts.rateLimited,
      busiestSecond: busiestSecond(discord.counts),
      withoutOne: digests.filter((number) => number !== 1).length,
      duplicates: digests.reduce((sum, number) => sum + Math.max(0, number - 1), 0),
      lamboMs,
      peakMb,
      seconds,
    };
  } finally {
    await end(children);
    await discord.close();
    await market.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Writes the servers' settings, as if chosen the day before, in few transactions. */
async function choose(
  servers: readonly Server[],
  to: { due: Date; leaderboards: number; dataDir: string; databaseUrl: string | undefined },
): Promise<void> {
  const storage = await openStorage({
    dataDir: to.dataDir,
    databaseUrl: to.databaseUrl,
    log: silentLog,
    now: () => to.due,
  });
  const chosen = servers.map(({ guild, channel }, at) => ({
    guildId: guild.id,
    channelId: channel.id,
    board: at % to.leaderboards,
  }));
  await storage.database.write(async (transaction) => {
    await transaction.updateTable("storage_revision").set({ revision: 1 }).execute();
    for (let from = 0; from < chosen.length; from += SERVERS_PER_STATEMENT) {
      const some = chosen.slice(from, from + SERVERS_PER_STATEMENT);
      await transaction
        .insertInto("guild_settings")
        .values(
          some.map(({ guildId, channelId, board }) => ({
            guild_id: guildId,
            stake: 1_000 + board,
            digest_enabled: 1,
            digest_channel_id: channelId,
            digest_time: to.due.toISOString().slice(11, 16),
            digest_zone: "UTC",
            digest_since: new Date(to.due.getTime() - MINUTE_MS).toISOString(),
            revision: 1,
          })),
        )
        .execute();
      await transaction
        .insertInto("guild_digest_coins")
        .values(
          some.flatMap(({ guildId, board }) =>
            Array.from({ length: COINS_A_SERVER }, (_, position) => ({
              guild_id: guildId,
              position,
              coin_id: `coin-${(board + position) % COINS}`,
            })),
          ),
        )
        .execute();
    }
  });
  await storage.close();
}

function startProcess(main: string, environment: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, [...SHIPPED_FLAGS, main], {
    env: { ...SHIPPED_ENVIRONMENT, ...environment },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const lines = createInterface({ input: child.stderr });
  lines.on("line", (line) => {
    if (/"level":(50|60)/.test(line)) process.stderr.write(`${line}\n`);
  });
  return child;
}

async function end(children: ChildProcess[]): Promise<void> {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGTERM");
    await once(child, "exit");
  }
}

/**
 * Members who ask, one after the other and each on another server, for the Lambos of another stake,
 * so that each picture is a new one.
 */
function askMeanwhile(
  discord: FakeDiscord,
  servers: readonly Server[],
  everyMs: number,
): { stop(): Promise<readonly number[]> } {
  const waits: Promise<number>[] = [];
  const ask = async (stake: number): Promise<number> => {
    const startedAt = performance.now();
    const { guild, channel } = servers[stake % servers.length] ?? {};
    if (guild === undefined || channel === undefined) throw new Error("nobody is there to ask");
    const asked = discord.command({
      user: discord.user(),
      guild,
      channel,
      name: "lambo",
      options: { coin: "coin-1", amount: String(stake) },
    });
    await asked.answer();
    return performance.now() - startedAt;
  };
  const timer = setInterval(() => waits.push(ask(10_000 + waits.length)), everyMs);
  return {
    async stop() {
      clearInterval(timer);
      return Promise.all(waits);
    },
  };
}

function watchMemory(children: readonly ChildProcess[]): { stop(): number } {
  let peakKb = 0;
  let isOver = false;
  void (async () => {
    while (!isOver) {
      for (const { pid } of children) {
        const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
        peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0));
      }
      await wait(MEMORY_EVERY_MS);
    }
  })();
  return {
    stop() {
      isOver = true;
      return peakKb / 1_024;
    },
  };
}
