import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { KeyvSqlite } from "@keyv/sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { emptyFolder } from "../support/program.ts";

type Callback = (error: (Error & { code?: string }) | null, rows?: unknown[]) => void;
type Connection = {
  configure(option: string, value: number): void;
  all(sql: string, ...rest: unknown[]): void;
  close(callback: Callback): void;
};
type Package = { Database: new (path: string, callback: Callback) => Connection };

const require = createRequire(import.meta.url);
// The package has no types: nobody but @keyv/sqlite calls it.
const { Database }: Package = require("sqlite3");

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A connection, as a promise of what its callback is told. */
async function connect(path = ":memory:"): Promise<Connection> {
  const connection = await new Promise<Connection>((resolve, reject) => {
    const made: Connection = new Database(path, (error) =>
      error === null ? resolve(made) : reject(error),
    );
  });
  open.push(() => new Promise<void>((resolve) => connection.close(() => resolve())));
  return connection;
}

function all(connection: Connection, sql: string, ...parameters: unknown[]): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    connection.all(sql, ...parameters, ((error, rows) =>
      error === null ? resolve(rows ?? []) : reject(error)) satisfies Callback);
  });
}

describe("the stand-in for sqlite3", () => {
  it("is what @keyv/sqlite gets, and everybody else", async () => {
    const fromKeyv = createRequire(require.resolve("@keyv/sqlite")).resolve("sqlite3");
    expect(fromKeyv).toBe(require.resolve("sqlite3"));
    expect(fromKeyv).toMatch(/vendor\/sqlite3\/index\.cjs$/);
  });

  it("is the only thing of that name that the lockfile installs, which names no registry", async () => {
    const lock = await readFile(new URL("../../package-lock.json", import.meta.url), "utf8");
    const { packages } = JSON.parse(lock);
    const named = Object.entries(packages).filter(([path]) => path.endsWith("/sqlite3"));
    expect(named.map(([path]) => path)).toEqual(["node_modules/sqlite3", "vendor/sqlite3"]);
    expect(lock).not.toMatch(/https?:\/\/[^"]*\.tgz/);
    // Also the binaries of machines unlike the one that wrote it.
    const systems = new Set(
      Object.entries(packages).map(([path]) => /@img\/sharp-(\w+)-\w+$/.exec(path)?.[1]),
    );
    for (const system of ["linux", "linuxmusl", "darwin", "win32"])
      expect(systems, system).toContain(system);
  });

  it("gives the rows of a statement, none of one that returns none, with parameters one by one or in a list", async () => {
    const connection = await connect();
    expect(await all(connection, "CREATE TABLE t (a TEXT, b REAL)")).toEqual([]);
    expect(await all(connection, "INSERT INTO t VALUES (?, ?)", "x", 0.1)).toEqual([]);
    expect(await all(connection, "INSERT INTO t VALUES (?, ?) RETURNING a", ["y", null])).toEqual([
      { a: "y" },
    ]);
    expect(await all(connection, "SELECT * FROM t ORDER BY a")).toEqual([
      { a: "x", b: 0.1 },
      { a: "y", b: null },
    ]);
  });

  it("answers after the call has returned, a failure too", async () => {
    const connection = await connect();
    const told: string[] = [];
    const done = new Promise<void>((resolve) => {
      connection.all("SELECT 1", () => told.push("rows"));
      connection.all("SELECT absent", (error: Error | null) => {
        told.push(String(error?.message));
        resolve();
      });
    });
    told.push("returned");
    await done;
    expect(told).toEqual(["returned", "rows", "SQLITE_ERROR: no such column: absent"]);
  });

  it("says with SQLite's primary code what is wrong, as sqlite3 did", async () => {
    const connection = await connect();
    await all(connection, "CREATE TABLE t (a PRIMARY KEY)");
    await all(connection, "INSERT INTO t VALUES (1)");
    await expect(all(connection, "INSERT INTO t VALUES (1)")).rejects.toMatchObject({
      code: "SQLITE_CONSTRAINT",
      message: "SQLITE_CONSTRAINT: UNIQUE constraint failed: t.a",
    });
    await expect(connect("/nonexistent/folder/file.sqlite")).rejects.toThrow(
      "directory does not exist",
    );
  });

  it("waits for a lock as long as it was told, and then says who is in the way", async () => {
    const folder = await emptyFolder();
    open.push(folder.remove);
    const [holder, waiter] = [
      await connect(join(folder.path, "a.sqlite")),
      await connect(join(folder.path, "a.sqlite")),
    ];
    await all(holder, "CREATE TABLE t (a)");
    await all(holder, "BEGIN IMMEDIATE");
    waiter.configure("busyTimeout", 60);
    const began = performance.now();
    await expect(all(waiter, "INSERT INTO t VALUES (1)")).rejects.toMatchObject({
      code: "SQLITE_BUSY",
    });
    const waitedMs = performance.now() - began;
    expect(waitedMs).toBeGreaterThan(40);
    // better-sqlite3's own patience is five seconds.
    expect(waitedMs).toBeLessThan(3_000);
    expect(() => waiter.configure("trace", 1)).toThrow("expected busyTimeout, received trace");
  });

  it("carries everything that Keyv asks of its store", async () => {
    const folder = await emptyFolder();
    open.push(folder.remove);
    const store = new KeyvSqlite({
      uri: `sqlite://${join(folder.path, "keyv.sqlite")}`,
      busyTimeout: 50,
    });
    await store.set("n:a", "1");
    await store.set("n:a", "2");
    await store.set("n:b", "3");
    expect(await store.get("n:a")).toBe("2");
    expect(await store.getMany(["n:a", "n:c"])).toEqual(["2", undefined]);
    expect(await store.has("n:b")).toBe(true);
    const entries: unknown[] = [];
    for await (const entry of store.iterator("n")) entries.push(entry);
    expect(entries).toEqual([
      ["n:a", "2"],
      ["n:b", "3"],
    ]);
    expect(await store.delete("n:a")).toBe(true);
    expect(await store.deleteMany(["n:a", "n:b"])).toBe(true);
    await store.clear();
    await store.disconnect();
    await expect(store.get("n:a")).rejects.toThrow("not open");
  });
});
