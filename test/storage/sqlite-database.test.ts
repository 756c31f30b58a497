import { readdirSync, readFileSync, statSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, open, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import SqliteFile from "sqlite3/driver.cjs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentLog } from "../../src/process/log.ts";
import { NO_SETTINGS } from "../../src/storage/guild-settings.ts";
import { openStorage, type Storage } from "../../src/storage/storage.ts";
import { StorageError } from "../../src/storage/storage-error.ts";
import { mountSmallDisk, smallDiskMissing } from "../support/small-disk.ts";

const GUILD = "1100000000000000001";
const AUTHOR = { userId: "2200000000000000001", at: new Date("2026-11-24T12:00:00Z") };
/** Some user who is not root and owns nothing. */
const NOBODY = 65_534;

let folder: string;
const opened: Storage[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lambo-storage-"));
});
afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
  await rm(folder, { recursive: true, force: true });
});

const file = (name = "lambo.sqlite") => join(folder, name);

async function start(dataDir = folder): Promise<Storage> {
  const storage = await openStorage({
    dataDir,
    databaseUrl: undefined,
    log: silentLog,
    now: () => AUTHOR.at,
  });
  opened.push(storage);
  return storage;
}

/** Opens the file, lets `write` happen and closes it. */
async function stored(write: (storage: Storage) => Promise<unknown>): Promise<void> {
  const storage = await start();
  await write(storage);
  await storage.close();
  opened.pop();
}

/** The error that something is refused with. */
async function refusal(work: Promise<unknown>): Promise<StorageError> {
  const outcome = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(outcome instanceof StorageError))
    throw new Error(`expected a StorageError, got ${String(outcome)}`);
  return outcome;
}

describe("the data file", () => {
  it("is in WAL mode, in a folder that is created for it", async () => {
    folder = join(folder, "not", "there", "yet");
    await start();
    const other = new SqliteFile(file(), { readonly: true });
    expect(other.pragma("journal_mode", { simple: true })).toBe("wal");
    other.close();
  });

  it("no longer contains a forgotten server, in any page or in the log", async () => {
    await stored(async (storage) => {
      await storage.settings.change(GUILD, { symbols: { UNI: "a-coin-nobody-knows" } }, AUTHOR);
      await storage.forget(GUILD);
      const bytes = readdirSync(folder).map((name) => readFileSync(file(name), "latin1"));
      expect(bytes.join("")).not.toMatch(
        /a-coin-nobody-knows|1100000000000000001|2200000000000000001/,
      );
    });
  });

  it("grows by what is stored, not by how often it changes", async () => {
    const storage = await start();
    for (let n = 0; n < 100; n += 1) await storage.presence.removed(GUILD, AUTHOR.at);
    await storage.database.scrub();
    const before = statSync(file()).size;
    for (let n = 0; n < 100; n += 1) await storage.presence.removed(GUILD, AUTHOR.at);
    await storage.database.scrub();
    expect(statSync(file()).size).toBe(before);
  });
});

describe("a start with a bad data file", () => {
  it("is refused when the file is not a database, and leaves it as it is", async () => {
    await writeFile(file(), "This was a letter to my grandmother.".repeat(50));
    const error = await refusal(start());
    expect(error.problem).toBe("damaged");
    expect(error.starting).toBe(
      `The bot cannot start: the bot's data is damaged (${file()}). It is left as it is: restore a backup in its place (README, Data).`,
    );
    expect(readFileSync(file(), "utf8")).toMatch(/^This was a letter/);
  });

  it("is refused when pages in the middle are damaged", async () => {
    await stored(async (storage) => {
      for (let n = 0; n < 100; n += 1)
        await storage.settings.change(`${n}`, { digestCoins: ["bitcoin", "pepe"] }, AUTHOR);
    });
    const handle = await open(file(), "r+");
    await handle.write(Buffer.alloc(12_288, 0x5a), 0, 12_288, 8_192);
    await handle.close();
    expect((await refusal(start())).problem).toBe("damaged");
  });

  it("is refused when the file is cut short", async () => {
    await stored((storage) => storage.settings.change(GUILD, { currency: "EUR" }, AUTHOR));
    const bytes = readFileSync(file());
    await writeFile(file(), bytes.subarray(0, bytes.length / 2));
    expect((await refusal(start())).problem).toBe("damaged");
  });

  /**
   * Stores something, and leaves the folder as a kill would: the log holds what the file does not.
   */
  async function killed(): Promise<Buffer> {
    const storage = await start();
    await storage.settings.change(GUILD, { currency: "EUR" }, AUTHOR);
    const log = readFileSync(file("lambo.sqlite-wal"));
    await storage.close();
    opened.pop();
    await writeFile(file("lambo.sqlite-wal"), log);
    return log;
  }

  it.each([
    ["empty", () => writeFile(file(), ""), () => `${file()} is empty, ${file()}-wal is not`],
    ["gone", () => rm(file()), () => `no ${file()}, but ${file()}-wal`],
  ])(
    "is refused when the file is %s and its log is not, naming the backup, and touches nothing",
    async (_what, harm, where) => {
      const log = await killed();
      await harm();
      const before = readdirSync(folder);
      const error = await refusal(start());
      expect(error.problem).toBe("emptied");
      expect(error.starting).toBe(
        `The bot cannot start: the bot's data file is missing or empty where there was one (${where()}). Nothing was touched: put the ` +
          "backup that npm run backup made in its place (README, Data). To begin anew without any settings, delete what is left of it.",
      );
      expect(readFileSync(file("lambo.sqlite-wal"))).toEqual(log);
      expect(readdirSync(folder)).toEqual(before);
    },
  );

  it("is refused when the file is empty although settings were stored, until somebody deletes it", async () => {
    await stored((storage) => storage.settings.change(GUILD, { currency: "EUR" }, AUTHOR));
    await writeFile(file(), "");
    expect((await refusal(start())).starting).toContain(
      `(${file()} is empty). Nothing was touched: put the backup`,
    );
    expect(statSync(file()).size).toBe(0);
    await rm(file());
    expect((await start()).settings.read(GUILD)).toEqual(NO_SETTINGS);
  });

  it("is not refused for an empty log without a file", async () => {
    await writeFile(file("lambo.sqlite-wal"), "");
    const storage = await start();
    await storage.settings.change(GUILD, { currency: "EUR" }, AUTHOR);
    expect(storage.settings.read(GUILD).currency).toBe("EUR");
  });

  it("creates a new file completely or not at all, even when several processes start at once", async () => {
    const storages = await Promise.all([start(), start(), start()]);
    await Promise.all(
      storages.map((storage, at) => storage.settings.change(`${at}`, { stake: at + 1 }, AUTHOR)),
    );
    expect(readdirSync(folder).sort()).toEqual([
      "lambo.sqlite",
      "lambo.sqlite-shm",
      "lambo.sqlite-wal",
    ]);
    for (const at of [0, 1, 2])
      await expect.poll(() => storages[0]?.settings.read(`${at}`).stake).toBe(at + 1);
  });

  it("is refused when the file is a folder", async () => {
    await mkdir(file());
    expect((await refusal(start())).problem).toBe("unwritable-folder");
  });

  it("is refused when the file is read-only", async () => {
    await stored((storage) => storage.settings.change(GUILD, { currency: "EUR" }, AUTHOR));
    await chmod(file(), 0o444);
    await chmod(folder, 0o777);
    const error = await asOrdinaryUser(() => refusal(start()));
    expect(error.problem).toBe("read-only");
    expect(error.starting).toContain("the bot's data can only be read, not written");
  });

  it("is refused when the folder is read-only", async () => {
    await chmod(folder, 0o555);
    expect((await asOrdinaryUser(() => refusal(start()))).problem).toBe("unwritable-folder");
    await chmod(folder, 0o755);
  });
});

describe("while the bot runs", () => {
  it("a change waits for another program that is writing, and nothing else is blocked meanwhile", async () => {
    const storage = await start();
    const other = new SqliteFile(file());
    other.exec("BEGIN IMMEDIATE");
    const change = storage.settings.change(GUILD, { currency: "EUR" }, AUTHOR);
    let turns = 0;
    const changed = change.then(() => turns);
    for (; turns < 3; turns += 1) await nextTurn();
    expect(storage.settings.read(GUILD)).toEqual(NO_SETTINGS);
    other.exec("COMMIT");
    other.close();
    expect(await changed).toBe(3);
    expect(storage.settings.read(GUILD).currency).toBe("EUR");
  });

  it.each([
    ["deleted", () => rm(file())],
    ["moved away", () => rename(file(), file("elsewhere.sqlite"))],
    [
      "replaced by a backup",
      () => copyFile(file(), file("copy")).then(() => rename(file("copy"), file())),
    ],
    ["left without its log", () => rm(file("lambo.sqlite-wal"))],
  ])("refuses a change, instead of losing it, after the file was %s", async (_what, harm) => {
    const storage = await start();
    await storage.settings.change(GUILD, { currency: "EUR" }, AUTHOR);
    expect(await storage.database.trouble()).toBeUndefined();
    await harm();
    expect(await storage.database.trouble()).toBe(
      "the bot's data file was deleted or replaced while it was in use",
    );
    const error = await refusal(storage.settings.change(GUILD, { currency: "CHF" }, AUTHOR));
    expect(error.saving).toBe(
      "Nothing was saved: the bot's data file was deleted or replaced while it was in use. Please try again later.",
    );
    expect(storage.settings.read(GUILD).currency).toBe("EUR");
    expect((await refusal(storage.forget(GUILD))).problem).toBe("gone");
  });
});

const noSmallDisk = smallDiskMissing();
describe.skipIf(noSmallDisk !== undefined)(
  `a full disk${noSmallDisk === undefined ? "" : ` (skipped: ${noSmallDisk})`}`,
  () => {
    it("saves no part of a change, says so, and works again once there is room", async () => {
      const disk = mountSmallDisk(4_096);
      try {
        await (async () => {
          const storage = await start(disk.path);
          await storage.settings.change(GUILD, { currency: "EUR" }, AUTHOR);
          disk.fill();
          const symbols = Object.fromEntries(
            Array.from({ length: 4_000 }, (_, n) => [`SYMBOL${n}`, `a-coin-with-a-long-name-${n}`]),
          );
          const error = await refusal(
            storage.settings.change(GUILD, { currency: "CHF", symbols }, AUTHOR),
          );
          expect(error.saving).toBe(
            "Nothing was saved: the disk that holds the bot's data is full. Please try again later.",
          );
          expect(storage.settings.read(GUILD)).toEqual({ ...NO_SETTINGS, currency: "EUR" });
          expect(await storage.settings.history(GUILD, 10)).toHaveLength(1);

          disk.makeRoom();
          await storage.settings.change(GUILD, { currency: "JPY" }, AUTHOR);
          await storage.close();
          opened.pop();
          const later = await start(disk.path);
          expect(later.settings.read(GUILD)).toEqual({ ...NO_SETTINGS, currency: "JPY" });
          expect(
            (await later.settings.history(GUILD, 10)).map(({ old, new: now }) => [old, now]),
          ).toEqual([
            ["EUR", "JPY"],
            [null, "EUR"],
          ]);
          await later.close();
          opened.pop();
        })();
      } finally {
        for (const storage of opened.splice(0)) await storage.close();
        disk.remove();
      }
    });

    it("does not let the bot start without a database", async () => {
      const disk = mountSmallDisk(64);
      try {
        disk.fill();
        const error = await refusal(start(disk.path));
        expect(error.problem).toBe("disk-full");
        expect(error.starting).toContain("the disk that holds the bot's data is full");
      } finally {
        disk.remove();
      }
    });
  },
);

/** Root may write everything, so what is about permissions is tried as somebody else. */
async function asOrdinaryUser<T>(work: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}
