import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { digestMarker } from "../src/digest/digest-control-id.ts";
import { silentLog as log } from "../src/process/log.ts";
import { type Database, openDatabase } from "../src/storage/database.ts";
import { openStorage, type Storage } from "../src/storage/storage.ts";
import { StorageError } from "../src/storage/storage-error.ts";
import { DATA_TABLES } from "../src/storage/tables.ts";
import { type FakeDiscord, startFakeDiscord } from "./support/fake-discord/fake-discord.ts";
import { fillServers } from "./support/many-servers.ts";
import type { TestDatabase } from "./support/postgres.ts";
import { doomedScript, emptyFolder, type Finished, runProgram } from "./support/program.ts";

const MOVER = doomedScript("mover");
const POSTER = doomedScript("poster");
const NOW = new Date("2026-11-24T12:00:00Z");
const POSTS = "POST /channels/:channel_id/messages";
const MINUTE_MS = 60_000;

/** Who changes settings in these tests. */
export const AUTHOR = { userId: "2200000000000000001", at: NOW };

/** Both ways a move can go. */
export const DIRECTIONS = ["to-postgres", "to-sqlite"] as const;

/** Two databases to move between: an SQLite file in a folder of its own, and one of PostgreSQL. */
export type MoveUnderTest = {
  readonly folder: string;
  readonly dataDir: string;
  readonly postgresUrl: string;
  /** Empties PostgreSQL again. */
  emptyPostgres(): Promise<void>;
  /** Runs `npm run move` in the folder. */
  move(...args: string[]): Promise<Finished>;
  toPostgres(): Promise<Finished>;
  toSqlite(): Promise<Finished>;
  /** Opens what a bot would; closed by `closeAll`. Rejects with `StorageError`. */
  onSqlite(): Promise<Storage>;
  onPostgres(): Promise<Storage>;
  /** Has something closed by `closeAll`. */
  closeLater(it: { close(): Promise<unknown> }): void;
  closeAll(): Promise<void>;
  remove(): Promise<void>;
};

/** Starts with a folder without a file, and with PostgreSQL empty. */
export async function startMoveUnderTest(postgres: TestDatabase): Promise<MoveUnderTest> {
  const folder = await emptyFolder();
  await postgres.empty();
  const dataDir = join(folder.path, "data");
  const open: { close(): Promise<unknown> }[] = [];
  const openOn = async (place: { dataDir: string; databaseUrl: string | undefined }) => {
    const storage = await openStorage({ ...place, log, now: () => NOW });
    open.push(storage);
    return storage;
  };
  const move = (...args: string[]) => runProgram("move", args, { DATA_DIR: "data" }, folder.path);
  const closeAll = async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  };
  return {
    folder: folder.path,
    dataDir,
    postgresUrl: postgres.url,
    emptyPostgres: () => postgres.empty(),
    move,
    toPostgres: () => move("--to", postgres.url),
    toSqlite: () => move("--to", "sqlite", "--from", postgres.url),
    onSqlite: () => openOn({ dataDir, databaseUrl: undefined }),
    onPostgres: () => openOn({ dataDir: "/nonexistent", databaseUrl: postgres.url }),
    closeLater: (it) => open.push(it),
    closeAll,
    async remove() {
      await closeAll();
      await folder.remove();
    },
  };
}

/** Everything in a database, in an order that both engines share. */
export async function contents(database: Database): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const table of DATA_TABLES) {
    const rows: object[] = await database.read((reading) =>
      reading.selectFrom(table).selectAll().execute(),
    );
    all[table] = rows.map((row) => JSON.stringify(Object.entries(row).sort())).sort();
  }
  return all;
}

/** Some of everything that can be stored. */
export async function store(storage: Storage): Promise<void> {
  await storage.settings.change(
    "1",
    {
      currency: "EUR",
      stake: 0.1 + 0.2,
      digestCoins: ["pepe", "bitcoin"],
      symbols: { "ŁÓ🏎️": "uniswap" },
    },
    AUTHOR,
  );
  await storage.settings.change(
    "1",
    { currency: "CHF", digestEnabled: true, digestChannelId: "5" },
    AUTHOR,
  );
  await storage.settings.change("2", { carPrice: 1e9 / 3, replies: "private" }, AUTHOR);
  await storage.presence.removed("3", NOW);
  const [claim] = await storage.ledger.claim(
    [{ guildId: "1", localOn: "2026-11-24", channelId: "5", dueAt: NOW.toISOString() }],
    NOW,
  );
  if (claim !== undefined)
    await storage.ledger.beginSending(
      [{ claim, channelId: "5", storyCoinId: null, closesTo: null }],
      NOW,
    );
  await storage.ledger.miss(
    [{ guildId: "2", localOn: "2026-11-23", channelId: "6", dueAt: NOW.toISOString() }],
    "Nobody was there.",
    NOW,
  );
  await storage.ledger.setTrouble({ guildId: "2", channelId: "6", reason: "Not allowed." }, NOW);
}

/**
 * Kills a move with SIGKILL before one of its statements, looks at what a bot would find in both
 * databases, runs the move again, and expects that to finish it. `stepsOf` chooses the statements
 * from how many a whole move has. Gives what was found in source and target after each kill.
 */
export async function killMoves(
  test: MoveUnderTest,
  direction: (typeof DIRECTIONS)[number],
  stepsOf: (statements: number) => readonly number[],
): Promise<readonly string[]> {
  const { dataDir, postgresUrl } = test;
  const mover = (step: number) =>
    new Promise<string>((resolve) => {
      const args = [MOVER, dataDir, postgresUrl, direction, String(step)];
      execFile(process.execPath, args, (_error, stdout) => resolve(stdout));
    });
  const [source, target] =
    direction === "to-postgres"
      ? [test.onSqlite, test.onPostgres]
      : [test.onPostgres, test.onSqlite];

  async function begin(): Promise<Record<string, string[]>> {
    await rm(dataDir, { recursive: true, force: true });
    await mkdir(dataDir);
    await test.emptyPostgres();
    await store(await source());
    const stored = await contents((await source()).database);
    await test.closeAll();
    return stored;
  }

  /** What a bot finds that is started on a database now. */
  async function found(
    start: () => Promise<Storage>,
    stored: Record<string, string[]>,
  ): Promise<string> {
    try {
      const inside = await contents((await start()).database);
      if (inside["guild_settings"]?.length === 0) return "empty";
      expect(inside).toEqual(stored);
      return "whole";
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return error.problem;
    } finally {
      await test.closeAll();
    }
  }

  await begin();
  const [, total] = /^moved in (\d+) statements/.exec(await mover(-1)) ?? [];
  const statements = Number(total);
  expect(statements).toBeGreaterThan(40);
  const states: string[] = [];
  for (const step of stepsOf(statements)) {
    const stored = await begin();
    expect(await mover(step)).toBe("");
    states.push(`${await found(source, stored)}, ${await found(target, stored)}`);
    expect(await mover(-1)).toMatch(/^moved/);
    expect([await found(source, stored), await found(target, stored)]).toEqual(["moved", "whole"]);
  }
  return states;
}

/**
 * Moves `servers` servers to PostgreSQL in the minute in which digests of `due` more are due, after
 * a poster was killed that had posted a third of them, and lets other posters go on there. Expects
 * each digest to be posted once.
 */
export async function moveWhileDue(
  test: MoveUnderTest,
  { servers, due }: { servers: number; due: number },
): Promise<void> {
  const discord = await startFakeDiscord({ guilds: 0, checkSpec: false, rateLimits: false });
  test.closeLater(discord);
  const dueAt = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
  const channels = await fillWithDue(test, discord, { servers, due, dueAt });
  const posted = () => discord.counts.byRoute.get(POSTS) ?? 0;

  const first = startPoster(test, discord, { at: dueAt, databaseUrl: "" });
  await discord.until("some digests are posted", () => posted() >= due / 3);
  first.kill("SIGKILL");
  await once(first, "exit");
  const moved = await test.toPostgres();
  expect(moved).toMatchObject({ exitCode: 0, stderr: "" });
  expect(moved.stdout).toMatch(new RegExp(`guild_settings +${servers + due} rows`));

  // The leases of the one that was killed end within minutes.
  for (const minute of [0, 5, 10]) {
    const at = new Date(dueAt.getTime() + minute * MINUTE_MS);
    const next = startPoster(test, discord, { at, databaseUrl: test.postgresUrl });
    await once(next.stdout, "data");
    next.kill("SIGTERM");
    await once(next, "exit");
  }
  const marker = digestMarker(dueAt.toISOString().slice(0, 10));
  const counts = channels.map(
    (channel) =>
      discord
        .messagesIn(channel)
        .filter(({ components }) => JSON.stringify(components).includes(marker)).length,
  );
  expect(counts).toEqual(channels.map(() => 1));
}

/** Servers of which nothing is due, and some with a digest due at an instant, on SQLite. */
async function fillWithDue(
  test: MoveUnderTest,
  discord: FakeDiscord,
  { servers, due, dueAt }: { servers: number; due: number; dueAt: Date },
) {
  const { dataDir } = test;
  const filling = await openDatabase({ dataDir, databaseUrl: undefined, log, now: () => NOW });
  await fillServers(filling, { servers, digests: { days: 2, lastOn: "2026-11-23" } });
  await filling.close();
  const storage = await openStorage({ dataDir, databaseUrl: undefined, log, now: () => NOW });
  const channels = [];
  for (let at = 0; at < due; at += 1) {
    const guild = discord.addGuild();
    const channel = discord.addChannel(guild, { name: "lambos" });
    channels.push(channel);
    await storage.settings.change(
      guild.id,
      {
        digestEnabled: true,
        digestChannelId: channel.id,
        digestTime: dueAt.toISOString().slice(11, 16),
        digestZone: "UTC",
        digestCoins: ["bitcoin"],
      },
      { userId: AUTHOR.userId, at: new Date(dueAt.getTime() - 60 * MINUTE_MS) },
    );
  }
  await storage.close();
  return channels;
}

/**
 * The digests of the compiled program, in a process of its own whose clock starts at an instant.
 */
function startPoster(
  { dataDir }: MoveUnderTest,
  discord: FakeDiscord,
  { at, databaseUrl }: { at: Date; databaseUrl: string },
) {
  const { DISCORD_API_URL = "", DISCORD_TOKEN = "" } = discord.env;
  return spawn(
    process.execPath,
    [POSTER, dataDir, databaseUrl, DISCORD_API_URL, DISCORD_TOKEN, at.toISOString()],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
}
