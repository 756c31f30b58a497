import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { digestMarker } from "../src/digest/digest-control-id.ts";
import { silentLog as log } from "../src/process/log.ts";
import { type Database, openDatabase } from "../src/storage/database.ts";
import { openStorage, type Storage } from "../src/storage/storage.ts";
import { StorageError } from "../src/storage/storage-error.ts";
import { DATA_TABLES } from "../src/storage/tables.ts";
import { type FakeDiscord, startFakeDiscord } from "./support/fake-discord/fake-discord.ts";
import { fillServers } from "./support/many-servers.ts";
import { createTestDatabase, postgresMissing, type TestDatabase } from "./support/postgres.ts";
import { doomedScript, emptyFolder, runProgram } from "./support/program.ts";

const MOVER = doomedScript("mover");
const POSTER = doomedScript("poster");
const NOW = new Date("2026-11-24T12:00:00Z");
const AUTHOR = { userId: "2200000000000000001", at: NOW };
const POSTS = "POST /channels/:channel_id/messages";
const MINUTE_MS = 60_000;

const missing = postgresMissing();

describe.skipIf(missing !== undefined)(
  `npm run move${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  { timeout: 120_000 },
  () => {
    let folder: Awaited<ReturnType<typeof emptyFolder>>;
    let postgres: TestDatabase;
    const open: { close(): Promise<unknown> }[] = [];

    beforeAll(async () => {
      postgres = await createTestDatabase(inject("runFolder"));
    }, 60_000);
    beforeEach(async () => {
      folder = await emptyFolder();
      await postgres.empty();
    });
    afterEach(async () => {
      await closeAll();
      await folder.remove();
    });
    afterAll(() => postgres.drop());

    const dataDir = () => join(folder.path, "data");
    const file = () => join(dataDir(), "lambo.sqlite");
    const move = (...args: string[]) => runProgram("move", args, { DATA_DIR: "data" }, folder.path);
    const toPostgres = () => move("--to", postgres.url);
    const toSqlite = () => move("--to", "sqlite", "--from", postgres.url);

    async function closeAll(): Promise<void> {
      for (const one of open.splice(0).reverse()) await one.close();
    }
    async function onSqlite(): Promise<Storage> {
      const storage = await openStorage({
        dataDir: dataDir(),
        databaseUrl: undefined,
        log,
        now: () => NOW,
      });
      open.push(storage);
      return storage;
    }
    async function onPostgres(): Promise<Storage> {
      const storage = await openStorage({
        dataDir: "/nonexistent",
        databaseUrl: postgres.url,
        log,
        now: () => NOW,
      });
      open.push(storage);
      return storage;
    }

    /** Everything in a database, in an order that both engines share. */
    async function contents(database: Database): Promise<Record<string, string[]>> {
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
    async function store(storage: Storage): Promise<void> {
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
        await storage.ledger.beginSending([{ claim, channelId: "5", storyCoinId: null }], NOW);
      await storage.ledger.miss(
        [{ guildId: "2", localOn: "2026-11-23", channelId: "6", dueAt: NOW.toISOString() }],
        "Nobody was there.",
        NOW,
      );
      await storage.ledger.setTrouble(
        { guildId: "2", channelId: "6", reason: "Not allowed." },
        NOW,
      );
    }

    async function starting(work: Promise<unknown>): Promise<string> {
      return work.then(
        () => "started",
        (error: { starting?: string }) => error.starting ?? String(error),
      );
    }

    it("takes everything to PostgreSQL and back, and no bot starts on what was left behind", async () => {
      await store(await onSqlite());
      const before = await contents((await onSqlite()).database);
      for (const rows of Object.values(before)) expect(rows.length).toBeGreaterThan(0);
      await closeAll();

      const there = await toPostgres();
      expect(there).toMatchObject({ exitCode: 0, stderr: "" });
      expect(there.stdout).toMatch(
        /^Moved everything, and compared it; [^\n]*\n( {2}\w+ +\d+ rows {2}[0-9a-f]{16}\n)+Set DATABASE_URL/s,
      );
      expect(await starting(onSqlite())).toContain("the bot's data was moved to another database");
      const moved = await onPostgres();
      expect(await contents(moved.database)).toEqual(before);
      // Numbered after those that came along.
      await moved.settings.change("2", { currency: "JPY" }, AUTHOR);
      expect((await moved.settings.history("2", 1))[0]).toMatchObject({
        what: "currency",
        new: "JPY",
      });
      const changed = await contents(moved.database);
      await closeAll();

      expect(await toSqlite()).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/lambo\.sqlite holds what was moved to .*out of the way/),
      });
      await rename(file(), join(dataDir(), "old.sqlite"));
      const back = await toSqlite();
      expect(back).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await starting(onPostgres())).toContain("Set or unset DATABASE_URL");
      const home = await onSqlite();
      expect(await contents(home.database)).toEqual(changed);
      await home.settings.change("2", { currency: "USD" }, AUTHOR);
    });

    it("only looks with --dry-run, also while the bot runs, and says how much there is", async () => {
      await store(await onSqlite());
      const looked = await move("--to", postgres.url, "--dry-run");
      expect(looked).toMatchObject({ exitCode: 0, stderr: "" });
      expect(looked.stdout).toMatch(
        /^This would be moved from .*lambo\.sqlite to PostgreSQL at .*with the bot stopped:\n.*guild_settings +2 rows/s,
      );
      const fresh = await onPostgres();
      expect(fresh.settings.read("1").currency).toBeNull();
      await closeAll();
      expect((await onSqlite()).settings.read("1").currency).toBe("CHF");
      await closeAll();

      await postgres.empty();
      await store(await onPostgres());
      await closeAll();
      await rm(dataDir(), { recursive: true });
      expect(await move("--to", "sqlite", "--from", postgres.url, "--dry-run")).toMatchObject({
        exitCode: 0,
        stderr: "",
      });
      expect(await readdir(folder.path)).toEqual([]);
    });

    it("refuses a target that is not empty, and changes neither", async () => {
      await store(await onSqlite());
      const target = await onPostgres();
      await target.settings.change("7", { currency: "CHF" }, AUTHOR);
      await closeAll();
      const { exitCode, stderr } = await toPostgres();
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: expect.stringMatching(
          /^Nothing was moved: PostgreSQL at .* is not empty \(guild_settings\), and nothing is overwritten\.\n$/,
        ),
      });
      expect(await toSqlite()).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/lambo\.sqlite is not empty/),
      });
      expect((await onPostgres()).settings.read("7").currency).toBe("CHF");
      expect((await onSqlite()).settings.read("1").currency).toBe("CHF");
    });

    it("refuses while a bot uses either database", async () => {
      const bot = await onSqlite();
      await store(bot);
      expect(await toPostgres()).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(
          /^Nothing was moved: A bot, or another move, uses .*lambo\.sqlite/,
        ),
      });
      await bot.settings.change("1", { currency: "SEK" }, AUTHOR);
      await closeAll();
      await onPostgres();
      expect(await toPostgres()).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/uses PostgreSQL at /),
      });
    });

    it("says plainly what is wrong, without the password", async () => {
      expect(await toPostgres()).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining("Is DATA_DIR the bot's?"),
      });
      await store(await onSqlite());
      await closeAll();
      const nobody = await move("--to", "postgres://lambo:swordfish@127.0.0.1:1/lambo");
      expect(nobody).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining("Nothing was moved: the bot's database cannot be reached"),
      });
      expect(nobody.stderr).not.toContain("swordfish");
      for (const args of [
        [],
        ["--to", "mysql://x"],
        ["--to", "sqlite"],
        ["--force"],
        ["--to", postgres.url, "--from", postgres.url],
      ]) {
        expect(await move(...args)).toMatchObject({
          exitCode: 2,
          stdout: "",
          stderr: expect.stringContaining("npm run -s move"),
        });
      }
      await rm(file());
      await writeFile(`${file()}-wal`, "what was stored last");
      expect(await toPostgres()).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining("put the backup"),
      });
    });

    describe.each(["to-postgres", "to-sqlite"] as const)("killed by kill -9 (%s)", (direction) => {
      const mover = (step: number) =>
        new Promise<string>((resolve) => {
          execFile(
            process.execPath,
            [MOVER, dataDir(), postgres.url, direction, String(step)],
            (_error, stdout) => resolve(stdout),
          );
        });
      const [source, target] =
        direction === "to-postgres" ? [onSqlite, onPostgres] : [onPostgres, onSqlite];

      async function begin(): Promise<Record<string, string[]>> {
        await rm(dataDir(), { recursive: true, force: true });
        await mkdir(dataDir());
        await postgres.empty();
        await store(await source());
        const before = await contents((await source()).database);
        await closeAll();
        return before;
      }

      /** What a bot finds that is started on it now. */
      async function found(
        start: () => Promise<Storage>,
        before: Record<string, string[]>,
      ): Promise<string> {
        try {
          const inside = await contents((await start()).database);
          if (inside["guild_settings"]?.length === 0) return "empty";
          expect(inside).toEqual(before);
          return "whole";
        } catch (error) {
          if (!(error instanceof StorageError)) throw error;
          return error.problem;
        } finally {
          await closeAll();
        }
      }

      it("never leaves two databases that a bot starts on with data, and is finished by running it again", {
        timeout: 240_000,
      }, async () => {
        await begin();
        const [, total] = /^moved in (\d+) statements/.exec(await mover(-1)) ?? [];
        const last = Number(total);
        expect(last).toBeGreaterThan(40);
        const steps = [0, 0.2, 0.4, 0.6, 0.8]
          .map((part) => Math.floor(part * last))
          .concat([8, 7, 6, 5, 4, 3, 2, 1].map((left) => last - left));
        const states: string[] = [];
        for (const step of steps) {
          const before = await begin();
          expect(await mover(step)).toBe("");
          states.push(`${await found(source, before)}, ${await found(target, before)}`);
          expect(await mover(-1)).toMatch(/^moved/);
          expect([await found(source, before), await found(target, before)]).toEqual([
            "moved",
            "whole",
          ]);
        }
        // Not begun; unfinished, which is said; finished but for the last word, which is said too.
        expect([...new Set(states)]).toEqual([
          "whole, empty",
          "whole, arriving",
          "moved, arriving",
        ]);
      });
    });

    it("moves 10,000 servers within the minute in which digests are due: each is posted once", async () => {
      const discord = await startFakeDiscord({ guilds: 0, checkSpec: false, rateLimits: false });
      open.push({ close: () => discord.close() });
      const due = new Date(Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS);
      const channels = await fillWithDue(discord, due, 60);
      const posted = () => discord.counts.byRoute.get(POSTS) ?? 0;

      const first = poster(discord, due, "");
      await discord.until("some digests are posted", () => posted() >= 20);
      first.kill("SIGKILL");
      await once(first, "exit");
      const moved = await toPostgres();
      expect(moved).toMatchObject({ exitCode: 0, stderr: "" });
      expect(moved.stdout).toMatch(/guild_settings +10060 rows/);

      // The leases of the one that was killed end within minutes.
      for (const minute of [0, 5, 10]) {
        const next = poster(discord, new Date(due.getTime() + minute * MINUTE_MS), postgres.url);
        await once(next.stdout, "data");
        next.kill("SIGTERM");
        await once(next, "exit");
      }
      const marker = digestMarker(due.toISOString().slice(0, 10));
      const counts = channels.map(
        (channel) =>
          discord
            .messagesIn(channel)
            .filter(({ components }) => JSON.stringify(components).includes(marker)).length,
      );
      expect(counts).toEqual(channels.map(() => 1));
    });

    /** 10,000 servers of which nothing is due, and some with a digest due now. */
    async function fillWithDue(discord: FakeDiscord, due: Date, count: number) {
      const filling = await openDatabase({
        dataDir: dataDir(),
        databaseUrl: undefined,
        log,
        now: () => NOW,
      });
      await fillServers(filling, { servers: 10_000, digests: { days: 2, lastOn: "2026-11-23" } });
      await filling.close();
      const storage = await onSqlite();
      const channels = [];
      for (let at = 0; at < count; at += 1) {
        const guild = discord.addGuild();
        const channel = discord.addChannel(guild, { name: "lambos" });
        channels.push(channel);
        await storage.settings.change(
          guild.id,
          {
            digestEnabled: true,
            digestChannelId: channel.id,
            digestTime: due.toISOString().slice(11, 16),
            digestZone: "UTC",
            digestCoins: ["bitcoin"],
          },
          { userId: AUTHOR.userId, at: new Date(due.getTime() - 60 * MINUTE_MS) },
        );
      }
      await storage.close();
      open.pop();
      return channels;
    }

    /**
     * The digests of the compiled program, in a process of its own whose clock starts at an
     * instant.
     */
    function poster(discord: FakeDiscord, at: Date, databaseUrl: string) {
      const { DISCORD_API_URL = "", DISCORD_TOKEN = "" } = discord.env;
      return spawn(
        process.execPath,
        [POSTER, dataDir(), databaseUrl, DISCORD_API_URL, DISCORD_TOKEN, at.toISOString()],
        {
          stdio: ["ignore", "pipe", "inherit"],
        },
      );
    }
  },
);
