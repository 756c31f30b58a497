import { readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import {
  AUTHOR,
  contents,
  DIRECTIONS,
  killMoves,
  type MoveUnderTest,
  moveWhileDue,
  startMoveUnderTest,
  store,
} from "./move.contract.ts";
import { createTestDatabase, postgresMissing, type TestDatabase } from "./support/postgres.ts";

const missing = postgresMissing();

describe.skipIf(missing !== undefined)(
  `npm run move${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  { timeout: 120_000 },
  () => {
    let postgres: TestDatabase;
    let test: MoveUnderTest;

    beforeAll(async () => {
      postgres = await createTestDatabase(inject("runFolder"));
    }, 60_000);
    beforeEach(async () => {
      test = await startMoveUnderTest(postgres);
    });
    afterEach(() => test.remove());
    afterAll(() => postgres.drop());

    const file = () => join(test.dataDir, "lambo.sqlite");

    async function starting(work: Promise<unknown>): Promise<string> {
      return work.then(
        () => "started",
        (error: { starting?: string }) => error.starting ?? String(error),
      );
    }

    it("takes everything to PostgreSQL and back, and no bot starts on what was left behind", async () => {
      await store(await test.onSqlite());
      const before = await contents((await test.onSqlite()).database);
      for (const rows of Object.values(before)) expect(rows.length).toBeGreaterThan(0);
      await test.closeAll();

      const there = await test.toPostgres();
      expect(there).toMatchObject({ exitCode: 0, stderr: "" });
      expect(there.stdout).toMatch(
        /^Moved everything, and compared it; [^\n]*\n( {2}\w+ +\d+ rows {2}[0-9a-f]{16}\n)+Set DATABASE_URL/s,
      );
      expect(await starting(test.onSqlite())).toContain(
        "the bot's data was moved to another database",
      );
      const moved = await test.onPostgres();
      expect(await contents(moved.database)).toEqual(before);
      // Numbered after those that came along.
      await moved.settings.change("2", { currency: "JPY" }, AUTHOR);
      expect((await moved.settings.history("2", 1))[0]).toMatchObject({
        what: "currency",
        new: "JPY",
      });
      const changed = await contents(moved.database);
      await test.closeAll();

      expect(await test.toSqlite()).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/lambo\.sqlite holds what was moved to .*out of the way/),
      });
      await rename(file(), join(test.dataDir, "old.sqlite"));
      const back = await test.toSqlite();
      expect(back).toMatchObject({ exitCode: 0, stderr: "" });
      expect(await starting(test.onPostgres())).toContain("Set or unset DATABASE_URL");
      const home = await test.onSqlite();
      expect(await contents(home.database)).toEqual(changed);
      await home.settings.change("2", { currency: "USD" }, AUTHOR);
    });

    it("only looks with --dry-run, also while the bot runs, and says how much there is", async () => {
      await store(await test.onSqlite());
      const looked = await test.move("--to", test.postgresUrl, "--dry-run");
      expect(looked).toMatchObject({ exitCode: 0, stderr: "" });
      expect(looked.stdout).toMatch(
        /^This would be moved from .*lambo\.sqlite to PostgreSQL at .*with the bot stopped:\n.*guild_settings +2 rows/s,
      );
      const fresh = await test.onPostgres();
      expect(fresh.settings.read("1").currency).toBeNull();
      await test.closeAll();
      expect((await test.onSqlite()).settings.read("1").currency).toBe("CHF");
      await test.closeAll();

      await test.emptyPostgres();
      await store(await test.onPostgres());
      await test.closeAll();
      await rm(test.dataDir, { recursive: true });
      expect(
        await test.move("--to", "sqlite", "--from", test.postgresUrl, "--dry-run"),
      ).toMatchObject({
        exitCode: 0,
        stderr: "",
      });
      expect(await readdir(test.folder)).toEqual([]);
    });

    it("refuses a target that is not empty, and changes neither", async () => {
      await store(await test.onSqlite());
      const target = await test.onPostgres();
      await target.settings.change("7", { currency: "CHF" }, AUTHOR);
      await test.closeAll();
      const { exitCode, stderr } = await test.toPostgres();
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: expect.stringMatching(
          /^Nothing was moved: PostgreSQL at .* is not empty \(guild_settings\), and nothing is overwritten\.\n$/,
        ),
      });
      expect(await test.toSqlite()).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/lambo\.sqlite is not empty/),
      });
      expect((await test.onPostgres()).settings.read("7").currency).toBe("CHF");
      expect((await test.onSqlite()).settings.read("1").currency).toBe("CHF");
    });

    it("refuses while a bot uses either database", async () => {
      const bot = await test.onSqlite();
      await store(bot);
      expect(await test.toPostgres()).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(
          /^Nothing was moved: A bot, or another move, uses .*lambo\.sqlite/,
        ),
      });
      await bot.settings.change("1", { currency: "SEK" }, AUTHOR);
      await test.closeAll();
      await test.onPostgres();
      expect(await test.toPostgres()).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/uses PostgreSQL at /),
      });
    });

    it("says plainly what is wrong, without the password", async () => {
      expect(await test.toPostgres()).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining("Is DATA_DIR the bot's?"),
      });
      await store(await test.onSqlite());
      await test.closeAll();
      const nobody = await test.move("--to", "postgres://lambo:swordfish@127.0.0.1:1/lambo");
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
        ["--to", test.postgresUrl, "--from", test.postgresUrl],
      ]) {
        expect(await test.move(...args)).toMatchObject({
          exitCode: 2,
          stdout: "",
          stderr: expect.stringContaining("npm run -s move"),
        });
      }
      await rm(file());
      await writeFile(`${file()}-wal`, "what was stored last");
      expect(await test.toPostgres()).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining("put the backup"),
      });
    });

    describe.each(DIRECTIONS)("killed by kill -9 (%s)", (direction) => {
      it("never leaves two databases that a bot starts on with data, and is finished by running it again", {
        timeout: 120_000,
      }, async () => {
        const stepsOf = (statements: number) => [
          ...[0, Math.floor(0.4 * statements)],
          ...[statements - 5, statements - 1],
        ];
        // Not begun; unfinished, which is said; finished but for the last word, which is said too.
        expect([...new Set(await killMoves(test, direction, stepsOf))]).toEqual([
          "whole, empty",
          "whole, arriving",
          "moved, arriving",
        ]);
      });
    });

    it("moves servers within the minute in which digests are due: each is posted once", async () => {
      await moveWhileDue(test, { servers: 500, due: 24 });
    });
  },
);
