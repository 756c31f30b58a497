import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Log } from "../process/log.ts";
import type { EngineConnection } from "./engine.ts";
import { MIGRATION_LOCK } from "./migrations/migrate.ts";
import { listenForWrites } from "./postgres-listener.ts";
import type { StorageProblem } from "./storage-error.ts";
import type { Tables } from "./tables.ts";

/** Per process: only posting digests needs many, each for milliseconds. */
const CONNECTIONS = 10;
const CONNECT_WITHIN_MS = 5_000;
const STATEMENT_WITHIN_MS = 10_000;
/** Longer than the server's own limit, so reached only when the server stops responding. */
const RESPONSE_WITHIN_MS = 12_000;
/** The transaction of a hung process must not hold up the others. */
const IDLE_TRANSACTION_MS = 10_000;
/**
 * Notifications do not pass through every proxy, and a dead connection may look alive: a tiny query
 * now and then makes up for both.
 */
const CHECK_EVERY_MS = 5_000;

/** The name by which a move recognizes the bot's connections. */
const BOT = "lambo";

/**
 * Connects to PostgreSQL on first use; `application` is the name that the server shows for the
 * connections.
 */
export function connectPostgres(options: {
  databaseUrl: string;
  log: Log;
  application?: string;
}): EngineConnection {
  const { databaseUrl, log, application = BOT } = options;
  const where = whereOf(databaseUrl);
  const connection: pg.ClientConfig = {
    connectionString: databaseUrl,
    application_name: application,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: STATEMENT_WITHIN_MS,
    query_timeout: RESPONSE_WITHIN_MS,
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_MS,
  };
  const pool = new pg.Pool({ ...connection, max: CONNECTIONS });
  const onLost = (error: Error) =>
    log.debug({ error: error.message }, "a connection to PostgreSQL was lost");
  // The pool drops idle connections by itself, and queries on busy ones fail; without a listener,
  // an error event would end the process.
  pool.on("error", onLost);
  pool.on("connect", (client) => client.on("error", onLost));

  const stopping = new AbortController();
  const listeners: Promise<void>[] = [];
  let closing: Promise<void> | undefined;
  let keeper: pg.PoolClient | undefined;
  return {
    engine: "postgres",
    where,
    database: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    problemOf,
    isRetryable: (error) =>
      TRY_AGAIN.has(codeOf(error) ?? "") || problemOf(error) === "unreachable",
    mayHaveCommitted: (error) => problemOf(error) === "unreachable",
    probe() {},
    watch(wake) {
      const check = setInterval(wake, CHECK_EVERY_MS).unref();
      stopping.signal.addEventListener("abort", () => clearInterval(check));
      listeners.push(listenForWrites({ connection, wake, log, signal: stopping.signal }));
    },
    async lockExclusively() {
      keeper = await pool.connect();
      await keeper.query("BEGIN");
      // The transaction, not the session, holds the lock, because some poolers share sessions.
      await keeper.query("SET LOCAL idle_in_transaction_session_timeout = 0");
      const { rows } = await keeper.query<{ isAlone: boolean }>(
        `SELECT pg_try_advisory_xact_lock(${MIGRATION_LOCK}) AND NOT EXISTS (SELECT FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = '${BOT}') AS "isAlone"`,
      );
      return rows[0]?.isAlone === true;
    },
    async scrub() {
      // PostgreSQL overwrites deleted rows when it vacuums, which only the tables' owner can start.
    },
    close() {
      closing ??= (async () => {
        stopping.abort();
        await Promise.all(listeners);
        // Closing the connection releases the lock.
        keeper?.release(true);
        await pool.end();
      })();
      return closing;
    },
  };
}

function whereOf(databaseUrl: string): string {
  const { hostname, port, pathname } = new URL(databaseUrl);
  return `PostgreSQL at ${hostname || "localhost"}:${port || "5432"}${pathname}`;
}

function codeOf(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** Serialization failure and deadlock: another transaction was faster. */
const TRY_AGAIN = new Set(["40001", "40P01"]);

/**
 * SQLSTATE codes and classes (postgresql.org/docs/current/errcodes-appendix.html, 2026-11); a code
 * overrides its class.
 */
const PROBLEM_BY_SQLSTATE: Readonly<Record<string, StorageProblem>> = {
  "08": "unreachable",
  "25006": "read-only",
  "28": "refused",
  "3D000": "refused",
  "42501": "refused",
  "53": "unreachable",
  "53100": "disk-full",
  "55P03": "locked",
  "57": "unreachable",
  "58": "failing",
  XX001: "damaged",
  XX002: "damaged",
};

const NETWORK_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOENT",
]);

/** Messages of `pg` errors without a code when a connection breaks (pg 8.23). */
const BROKEN_CONNECTION =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered)/;

function problemOf(error: unknown): StorageProblem | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof AggregateError)
    return error.errors.map(problemOf).find((problem) => problem !== undefined);
  const code = codeOf(error);
  if (code === undefined) return BROKEN_CONNECTION.test(error.message) ? "unreachable" : undefined;
  if (NETWORK_CODES.has(code)) return "unreachable";
  return PROBLEM_BY_SQLSTATE[code] ?? PROBLEM_BY_SQLSTATE[code.slice(0, 2)];
}
