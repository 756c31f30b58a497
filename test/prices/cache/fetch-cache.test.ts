import { mkdtemp, open as openFile, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KeyvSqlite } from "@keyv/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { cacheOf, type FetchCache, openFetchCache } from "../../../src/prices/cache/fetch-cache.ts";
import { type Log, silentLog } from "../../../src/process/log.ts";

const HOUR_MS = 3_600_000;

let dataDir: string;
let at: Date;
let warnings: string[];
const open: { close(): Promise<unknown> }[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "lambo-cache-"));
  at = new Date("2026-11-24T12:00:00Z");
  warnings = [];
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
  await rm(dataDir, { recursive: true, force: true });
});

const file = () => join(dataDir, "answers.sqlite");

async function start(folder = dataDir): Promise<FetchCache> {
  const log: Log = { ...silentLog, warn: (_fields, message) => warnings.push(message) };
  const cache = await openFetchCache({
    dataDir: folder,
    log,
    now: () => at,
    lockPatienceMs: 50,
    patienceMs: 200,
  });
  open.push(cache);
  return cache;
}

/** A second connection to the cache file, as another program would have. */
function connect(): KeyvSqlite {
  const store = new KeyvSqlite({ uri: `sqlite://${file()}` });
  store.on("error", () => undefined);
  open.push(store);
  return store;
}

describe("the fetch cache", () => {
  it("keeps values over a restart, in WAL mode, in a folder that it makes", async () => {
    dataDir = join(dataDir, "not", "there", "yet");
    const cache = await start();
    await cache.set("a", { n: 1 }, HOUR_MS);
    await cache.close();
    expect(await connect().query("PRAGMA journal_mode")).toEqual([{ journal_mode: "wal" }]);
    expect(await (await start()).get("a", z.object({ n: z.number() }))).toEqual({ n: 1 });
    expect(warnings).toEqual([]);
  });

  it("forgets an expired value, and sweeps it out of the file", async () => {
    const cache = await start();
    await cache.set("short", 1, HOUR_MS);
    await cache.set("long", 2, 3 * HOUR_MS);
    at = new Date("2026-11-24T13:00:01Z");
    expect(await cache.get("short", z.number())).toBeUndefined();
    await cache.sweep();
    const rows: unknown = await connect().query("SELECT key FROM keyv WHERE key LIKE 'lambo:%'");
    expect(rows).toEqual([{ key: "lambo:long" }]);
    expect(await cache.get("long", z.number())).toBe(2);
  });

  it("sweeps however many values have expired", async () => {
    const cache = await start();
    for (let key = 0; key < 45; key += 1) await cache.set(`${key}`, key, HOUR_MS);
    at = new Date("2026-11-24T13:00:01Z");
    await cache.sweep();
    expect(await connect().query("SELECT key FROM keyv WHERE key LIKE 'lambo:%'")).toEqual([]);
  });

  it("keeps the responses of different hosts apart", async () => {
    const cache = await start();
    await cacheOf(cache, "http://one").set("a", 1, HOUR_MS);
    expect(await cacheOf(cache, "http://two").get("a", z.number())).toBeUndefined();
    expect(await cacheOf(cache, "http://one").get("a", z.number())).toBe(1);
  });
});

describe("bad days of the cache file", () => {
  it("foreign, misshapen or cut rows are discarded, never trusted, never fatal", async () => {
    const cache = await start();
    await cache.set("shape", { other: true }, HOUR_MS);
    const store = connect();
    await store.query(
      "INSERT INTO keyv VALUES ('lambo:foreign', '{\"value\":\"what\"}'), ('lambo:cut', '{\"value\":{\"va')",
    );
    for (const key of ["shape", "foreign", "cut"])
      expect(await cache.get(key, z.object({ n: z.number() }))).toBeUndefined();
    const left: unknown = await store.query(
      "SELECT key FROM keyv WHERE key IN ('lambo:shape', 'lambo:foreign')",
    );
    expect(left).toEqual([]);
    await cache.set("shape", { n: 2 }, HOUR_MS);
    expect(await cache.get("shape", z.object({ n: z.number() }))).toEqual({ n: 2 });
  });

  it.each([
    ["no database at all", "this is not a database, but a letter to my landlord"],
    ["empty", ""],
    ["cut after its header", "SQLite format 3\0"],
  ])("a file that is %s is replaced, and the unreadable one set aside", async (_what, content) => {
    await writeFile(file(), content);
    const cache = await start();
    await cache.set("a", 1, HOUR_MS);
    expect(await cache.get("a", z.number())).toBe(1);
    expect(cache.where).toBe(file());
    expect((await readdir(dataDir)).includes("answers.sqlite.unreadable")).toBe(content !== "");
  });

  it("a file damaged in the middle is replaced", async () => {
    const first = await start();
    for (let key = 0; key < 50; key += 1) await first.set(`key ${key}`, "x".repeat(2_000), HOUR_MS);
    await first.close();
    const handle = await openFile(file(), "r+");
    await handle.write(Buffer.alloc(30_000, 0xff), 0, 30_000, 4_096);
    await handle.close();
    const cache = await start();
    await cache.set("a", 1, HOUR_MS);
    expect(await cache.get("a", z.number())).toBe(1);
    expect(warnings).toEqual([expect.stringContaining("set aside")]);
  });

  it("a file that another program has locked delays nobody for long", async () => {
    const cache = await start();
    await cache.set("before", 1, HOUR_MS);
    const other = connect();
    await other.query("BEGIN IMMEDIATE");
    await cache.set("during", 2, HOUR_MS);
    // Reading and writing go on in memory.
    expect(await cache.get("during", z.number())).toBe(2);
    expect(warnings).toEqual([expect.stringContaining("going on in memory")]);
  });

  it("a file that another program locks for a moment is written after all", async () => {
    const log: Log = { ...silentLog, warn: (_fields, message) => warnings.push(message) };
    const cache = await openFetchCache({
      dataDir,
      log,
      now: () => at,
      lockPatienceMs: 5_000,
      patienceMs: 5_000,
    });
    open.push(cache);
    const other = connect();
    await other.query("BEGIN IMMEDIATE");
    const kept = cache.set("a", 1, HOUR_MS);
    // SQLite has given up once by now.
    await new Promise((resolve) => setTimeout(resolve, 80));
    await other.query("ROLLBACK");
    await kept;
    expect(warnings).toEqual([]);
    expect(await other.query("SELECT key FROM keyv WHERE key LIKE 'lambo:%'")).toEqual([
      { key: "lambo:a" },
    ]);
  });

  it("where no file can be made, values are kept in memory", async () => {
    await writeFile(join(dataDir, "file"), "");
    const cache = await start(join(dataDir, "file", "folder"));
    await cache.set("a", 1, HOUR_MS);
    expect(await cache.get("a", z.number())).toBe(1);
    expect(cache.where).toBe("in memory only");
    expect(await readFile(join(dataDir, "file"), "utf8")).toBe("");
  });

  it("a clock that was a year ahead keeps nothing for a year", async () => {
    const cache = await start();
    at = new Date("2027-11-24T12:00:00Z");
    await cache.set("a", 1, HOUR_MS);
    at = new Date("2026-11-24T12:00:00Z");
    expect(await cache.get("a", z.number())).toBeUndefined();
  });

  it("a hundred questions wait for a locked file once, not a hundred times", async () => {
    const cache = await start();
    const other = connect();
    await other.query("BEGIN IMMEDIATE");
    const began = performance.now();
    await Promise.all(
      Array.from({ length: 100 }, (_, key) => cache.set(`key ${key}`, key, HOUR_MS)),
    );
    for (let key = 0; key < 100; key += 1)
      expect(await cache.get(`key ${key}`, z.number())).toBe(key);
    // One lock is waited for 50 ms, one patience 200 ms; a hundred of either would be 5 s and more.
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(warnings).toHaveLength(1);
  });

  it("a question goes on when a lock lasts longer than a person would wait", async () => {
    const log: Log = { ...silentLog, warn: (_fields, message) => warnings.push(message) };
    const cache = await openFetchCache({
      dataDir,
      log,
      now: () => at,
      lockPatienceMs: 1_000,
      patienceMs: 20,
    });
    open.push(cache);
    const other = connect();
    await other.query("BEGIN IMMEDIATE");
    const began = performance.now();
    await cache.set("a", 1, HOUR_MS);
    expect(await cache.get("a", z.number())).toBe(1);
    expect(performance.now() - began).toBeLessThan(900);
    await other.query("ROLLBACK");
  });

  it("a file damaged while it is open is replaced by a new one", async () => {
    const cache = await start();
    for (let key = 0; key < 50; key += 1) await cache.set(`key ${key}`, "x".repeat(2_000), HOUR_MS);
    const other = connect();
    await other.query("PRAGMA wal_checkpoint(TRUNCATE)");
    await other.close();
    open.splice(open.indexOf(other), 1);
    await writeFile(file(), Buffer.alloc(400_000, 0xff));

    expect(await cache.get("key 1", z.string())).toBeUndefined();
    await cache.set("a", 1, HOUR_MS);
    expect(await cache.get("a", z.number())).toBe(1);
    expect(cache.where).toBe(file());
    expect(await readdir(dataDir)).toContain("answers.sqlite.unreadable");
    await cache.close();
    expect(await (await start()).get("a", z.number())).toBe(1);
  });

  it("a file with another program's table is set aside", async () => {
    const store = new KeyvSqlite({ uri: `sqlite://${file()}`, table: "other" });
    await store.query("CREATE TABLE keyv (id INTEGER PRIMARY KEY, name TEXT)");
    await store.close();
    const cache = await start();
    await cache.set("a", 1, HOUR_MS);
    await cache.close();
    expect(await (await start()).get("a", z.number())).toBe(1);
  });

  it("with a full disk the newest five hundred values come from memory", async () => {
    const cache = await start();
    await cache.set("before", 0, HOUR_MS);
    // A disk that takes no page more: the file's own limit, which every connection of it shares
    // through the schema of none but this one.
    const other = connect();
    await other.query(
      "CREATE TRIGGER full BEFORE INSERT ON keyv BEGIN SELECT RAISE(FAIL, 'database or disk is full'); END",
    );
    for (let key = 0; key < 510; key += 1) await cache.set(`key ${key}`, key, HOUR_MS);
    expect(await cache.get("key 509", z.number())).toBe(509);
    expect(await cache.get("key 10", z.number())).toBe(10);
    expect(await cache.get("key 9", z.number())).toBeUndefined();
    expect(warnings).toHaveLength(1);
  });
});
