import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog as log } from "../../src/process/log.ts";
import { openDatabase } from "../../src/storage/database.ts";
import { moveStorage } from "../../src/storage/move.ts";
import { connectPostgres } from "../../src/storage/postgres-database.ts";
import { connectSqlite } from "../../src/storage/sqlite-database.ts";
import { fillServers } from "../support/many-servers.ts";
import { ownPostgresMissing, startPostgres } from "../support/postgres.ts";
import type { Figures } from "./bench.ts";
import { figure } from "./measure.ts";

const SERVERS = 10_000;
/** Digests that a server has on record. */
const DAYS = 7;

/**
 * Moves 10,000 servers from SQLite to PostgreSQL and back, comparisons included. No figures where
 * there is no PostgreSQL.
 */
export async function benchMove(): Promise<Figures> {
  const missing = ownPostgresMissing();
  if (missing !== undefined) {
    process.stderr.write(`move: ${missing}\n`);
    return {};
  }
  const server = await startPostgres();
  const folders = await Promise.all([1, 2].map(() => mkdtemp(join(tmpdir(), "lambo-bench-"))));
  const [full = "", empty = ""] = folders;
  try {
    const filling = await openDatabase({
      dataDir: full,
      databaseUrl: undefined,
      log,
      now: () => new Date(),
    });
    await fillServers(filling, { servers: SERVERS, digests: { days: DAYS, lastOn: "2026-11-23" } });
    await filling.close();
    const there = await serversPerSecond(server.url, full, "to-postgres");
    return {
      moveServersPerSecond: figure(there),
      moveBackServersPerSecond: figure(await serversPerSecond(server.url, empty, "to-sqlite")),
    };
  } finally {
    await server.remove();
    for (const folder of folders) await rm(folder, { recursive: true });
  }
}

async function serversPerSecond(
  databaseUrl: string,
  dataDir: string,
  direction: "to-postgres" | "to-sqlite",
): Promise<number> {
  const sqlite = await connectSqlite({ dataDir, log });
  const postgres = connectPostgres({ databaseUrl, log, application: "lambo-move" });
  const [source, target] = direction === "to-postgres" ? [sqlite, postgres] : [postgres, sqlite];
  try {
    const startedAt = performance.now();
    const outcome = await moveStorage({ source, target, now: new Date() });
    if (!outcome.ok) throw new Error(outcome.message);
    return SERVERS / ((performance.now() - startedAt) / 1_000);
  } finally {
    await sqlite.close();
    await postgres.close();
  }
}
