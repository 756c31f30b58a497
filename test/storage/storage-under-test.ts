import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, inject } from "vitest";
import { type Log, silentLog } from "../../src/process/log.ts";
import { openStorage, type Storage } from "../../src/storage/storage.ts";
import { createTestDatabase, postgresMissing, type TestDatabase } from "../support/postgres.ts";

/**
 * An empty database on one engine, to be opened by as many processes' worth of storage as a test
 * wants.
 */
export type EngineUnderTest = {
  /** Opens it as another process would. */
  open(options?: { log?: Log; now?: () => Date }): Promise<Storage>;
  /** What `openStorage` is told to find it. */
  readonly place: { readonly dataDir: string; readonly databaseUrl: string | undefined };
  /** Closes what was opened and deletes the database. */
  close(): Promise<void>;
};

/** Every engine that the database runs on, and why one cannot be tested here. */
export const ENGINES: readonly {
  name: "SQLite" | "PostgreSQL";
  missing: string | undefined;
  start(): Promise<EngineUnderTest>;
}[] = [
  { name: "SQLite", missing: undefined, start: startSqlite },
  { name: "PostgreSQL", missing: postgresMissing(), start: startPostgresDatabase },
];

/** A data folder of the test's own. */
export async function startSqlite(): Promise<EngineUnderTest> {
  const dataDir = await mkdtemp(join(tmpdir(), "lambo-storage-"));
  return engineAt({ dataDir, databaseUrl: undefined }, () =>
    rm(dataDir, { recursive: true, force: true }),
  );
}

let database: Promise<TestDatabase> | undefined;
afterAll(async () => (await database)?.drop());

/**
 * The test file's own database, emptied: making one anew for every test takes longer than most
 * tests.
 */
async function startPostgresDatabase(): Promise<EngineUnderTest> {
  database ??= createTestDatabase(inject("runFolder"));
  const { url, empty } = await database;
  await empty();
  return engineAt({ dataDir: "/nonexistent", databaseUrl: url }, async () => {});
}

function engineAt(place: EngineUnderTest["place"], remove: () => Promise<void>): EngineUnderTest {
  const opened: Storage[] = [];
  return {
    place,
    async open({ log = silentLog, now = () => new Date("2026-11-24T12:00:00Z") } = {}) {
      const storage = await openStorage({ ...place, log, now });
      opened.push(storage);
      return storage;
    },
    async close() {
      for (const storage of opened) await storage.close();
      await remove();
    },
  };
}
