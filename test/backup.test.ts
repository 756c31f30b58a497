import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import SqliteFile from "sqlite3/driver.cjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentLog } from "../src/process/log.ts";
import { openStorage, type Storage } from "../src/storage/storage.ts";
import { emptyFolder, runProgram } from "./support/program.ts";

const GUILD = "1100000000000000001";
const AUTHOR = { userId: "2200000000000000001", at: new Date("2026-11-24T12:00:00Z") };

let folder: Awaited<ReturnType<typeof emptyFolder>>;
const opened: Storage[] = [];

beforeEach(async () => {
  folder = await emptyFolder();
});
afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
  await folder.remove();
});

const path = (name: string) => join(folder.path, name);
const backup = (
  args: readonly string[],
  environment: Record<string, string> = { DATA_DIR: "data" },
) => runProgram("backup", args, environment, folder.path);

async function bot(dataDir = path("data")): Promise<Storage> {
  const storage = await openStorage({
    dataDir,
    databaseUrl: undefined,
    log: silentLog,
    now: () => AUTHOR.at,
  });
  opened.push(storage);
  return storage;
}

describe("npm run backup", () => {
  it("copies everything acknowledged while the bot goes on writing; restored as the README says, it is read as it was", async () => {
    const storage = await bot();
    await storage.settings.change(
      GUILD,
      { currency: "EUR", digestCoins: ["bitcoin", "pepe"], symbols: { UNI: "uniswap" } },
      AUTHOR,
    );
    let isCopying = true;
    const copying = backup(["copy.sqlite"]).finally(() => {
      isCopying = false;
    });
    let last = 0;
    while (isCopying) {
      last += 1;
      await storage.settings.change("2", { stake: last, currency: `C${last}` }, AUTHOR);
      await nextTurn();
    }
    const { exitCode, stdout, stderr } = await copying;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(
      /^Copied data\/lambo\.sqlite to copy\.sqlite \(\d+ KB\), and checked the copy\.\n$/,
    );
    expect(await readdir(folder.path)).toEqual(["copy.sqlite", "data"]);

    const before = storage.settings.read(GUILD);
    await storage.forget(GUILD);
    for (const one of opened.splice(0)) await one.close();
    await rm(path("data"), { recursive: true });
    await mkdir(path("data"));
    await copyFile(path("copy.sqlite"), path("data/lambo.sqlite"));
    const restored = await bot();
    expect(restored.settings.read(GUILD)).toEqual(before);
    // Of a change made meanwhile there is all or nothing.
    const { stake, currency } = restored.settings.read("2");
    expect(currency).toBe(stake === null ? null : `C${stake}`);
    expect(await restored.settings.history("2", 1_000_000)).toHaveLength((stake ?? 0) * 2);
    await restored.settings.change(GUILD, { currency: "CHF" }, AUTHOR);
  });

  it("copies when the bot is not running", async () => {
    await (await bot()).settings.change(GUILD, { currency: "EUR" }, AUTHOR);
    for (const one of opened.splice(0)) await one.close();
    expect((await backup(["copy.sqlite"])).exitCode).toBe(0);
    const copy = new SqliteFile(path("copy.sqlite"), { readonly: true });
    expect(copy.prepare("SELECT currency FROM guild_settings").all()).toEqual([
      { currency: "EUR" },
    ]);
    copy.close();
  });

  it("never overwrites a file", async () => {
    await bot();
    await writeFile(path("copy.sqlite"), "precious");
    const { exitCode, stderr } = await backup(["copy.sqlite"]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr:
        "Nothing was copied: copy.sqlite exists, and is not overwritten. Choose another name.\n",
    });
    expect(await readFile(path("copy.sqlite"), "utf8")).toBe("precious");
  });

  it("says plainly what is wrong, and leaves nothing behind", async () => {
    expect(await backup(["copy.sqlite"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("no data/lambo.sqlite"),
    });
    await bot();
    const nowhere = await backup(["not/there/copy.sqlite"]);
    expect(nowhere).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("cannot be written. Is its folder there"),
    });
    for (const one of opened.splice(0)) await one.close();
    await writeFile(path("data/lambo.sqlite"), "This was a letter to my grandmother.".repeat(50));
    expect(await backup(["copy.sqlite"])).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("the bot's data is damaged"),
    });
    expect(await readdir(folder.path)).toEqual(["data"]);
  });

  it("does not take a file that lost its contents for a database", async () => {
    await mkdir(path("data"));
    await writeFile(path("data/lambo.sqlite"), "");
    await writeFile(path("data/lambo.sqlite-wal"), "what was stored last");
    expect(await backup(["copy.sqlite"])).toEqual({
      exitCode: 1,
      stdout: "",
      stderr:
        "Nothing was copied: data/lambo.sqlite is empty, data/lambo.sqlite-wal is not. Restore an earlier backup (README, Data).\n",
    });
    expect(await readdir(folder.path)).toEqual(["data"]);
  });

  it("explains itself when it is called wrongly", async () => {
    for (const args of [["a", "b"], ["--force"]]) {
      expect(await backup(args)).toMatchObject({
        exitCode: 2,
        stdout: "",
        stderr: expect.stringContaining("npm run -s backup -- FILE"),
      });
    }
  });

  it("sends the one who uses PostgreSQL to pg_dump", async () => {
    const { exitCode, stderr } = await backup(["copy.sql"], {
      DATABASE_URL: "postgres://lambo:swordfish@db/lambo",
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("pg_dump");
    expect(stderr).not.toContain("swordfish");
  });
});
