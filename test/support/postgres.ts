import { execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { onceARun } from "./once-a-run.ts";

/** A PostgreSQL server of the test's own. */
export type PostgresServer = {
  /** Address of its maintenance database, to connect as the superuser. */
  readonly url: string;
  start(): Promise<void>;
  /** Kills it, as a crash does: open connections break. */
  stop(): Promise<void>;
  /** Stops it and deletes its files. */
  remove(): Promise<void>;
};

/** A database of the test's own on some server. */
export type TestDatabase = {
  readonly url: string;
  /** Deletes everything in it. */
  empty(): Promise<void>;
  drop(): Promise<void>;
};

const run = promisify(execFile);
/** Where Debian and Ubuntu install the server's programs, newest last, then other systems. */
const DEBIAN_FOLDER = "/usr/lib/postgresql";
const OTHER_FOLDERS = [
  "/usr/pgsql/bin",
  "/usr/local/pgsql/bin",
  "/opt/homebrew/bin",
  "/usr/local/bin",
  "/usr/bin",
];
const STARTS_WITHIN_MS = 30_000;
const USER = "postgres";
/** Name of the server that all test files of a run share. */
const SHARED = "postgres";

/**
 * Why no PostgreSQL can be started here; undefined when one can. Tests that need one skip with this
 * text in their name.
 */
export function postgresMissing(): string | undefined {
  return givenUrl() === undefined && ownPostgresMissing() !== undefined
    ? `${ownPostgresMissing()}, or set DATABASE_TEST_URL`
    : undefined;
}

/** The same for tests that stop their server, which no other test may use then. */
export function ownPostgresMissing(): string | undefined {
  return programsFolder() === undefined
    ? "no PostgreSQL: install the package postgresql"
    : undefined;
}

/**
 * Makes an empty database on the server in `DATABASE_TEST_URL`, else on a server that all test
 * files of the run share: the first to ask starts it, the global setup stops it.
 */
export async function createTestDatabase(runFolder: string): Promise<TestDatabase> {
  const url = givenUrl() ?? (await sharedServer(runFolder));
  const name = `lambo_test_${randomBytes(8).toString("hex")}`;
  await ask(url, `CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    url: own.href,
    empty: () => ask(own.href, "DROP SCHEMA public CASCADE; CREATE SCHEMA public"),
    drop: () => ask(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Starts a server that only this test uses, on a free port of the loopback. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), "lambo-postgres-"));
  const server = await prepareServer(folder);
  await server.start();
  return server;
}

/** Stops the server that {@link createTestDatabase} started for a run, if any. */
export function stopSharedPostgres(runFolder: string): void {
  removeServer(join(runFolder, SHARED));
}

function removeServer(folder: string): void {
  if (existsSync(join(folder, "data", "postmaster.pid")))
    execFileSync(...pgCtlCall(folder, STOP), { cwd: folder, stdio: "ignore" });
  rmSync(folder, { recursive: true, force: true });
}

function givenUrl(): string | undefined {
  const url = process.env["DATABASE_TEST_URL"];
  return url === undefined || url === "" ? undefined : url;
}

async function sharedServer(runFolder: string): Promise<string> {
  return onceARun(runFolder, SHARED, {
    withinMs: STARTS_WITHIN_MS,
    async work() {
      const folder = join(runFolder, SHARED);
      mkdirSync(folder, { mode: 0o700 });
      const server = await prepareServer(folder);
      await server.start();
      return server.url;
    },
  });
}

async function prepareServer(folder: string): Promise<PostgresServer> {
  const bin = programsFolder();
  if (bin === undefined) throw new Error(postgresMissing());
  giveToServerUser(folder);
  const data = join(folder, "data");
  const [initdb, arguments_] = asServerUser(join(bin, "initdb"), [
    `--pgdata=${data}`,
    `--username=${USER}`,
    "--auth=trust",
    "--no-sync",
    "--locale=C.UTF-8",
    "--encoding=UTF8",
  ]);
  await run(initdb, arguments_, { cwd: folder });
  const port = await freePort();
  const options = [
    `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=`,
    // These tests are not about a crash of the machine.
    "-c fsync=off -c full_page_writes=off -c max_connections=200",
  ].join(" ");
  return {
    url: `postgres://${USER}@127.0.0.1:${port}/postgres`,
    async start() {
      await pgCtl(folder, [
        "start",
        "--wait",
        `--timeout=${STARTS_WITHIN_MS / 1_000}`,
        `--log=${join(folder, "log")}`,
        `--options=${options}`,
      ]);
    },
    async stop() {
      await pgCtl(folder, STOP);
    },
    async remove() {
      removeServer(folder);
    },
  };
}

const STOP = ["stop", "--mode=immediate", "--wait"];

/** Resolves when the command has ended; does not block the test's own servers. */
async function pgCtl(folder: string, args: readonly string[]): Promise<void> {
  const [exitCode] = await once(
    spawn(...pgCtlCall(folder, args), { cwd: folder, stdio: "ignore" }),
    "exit",
  );
  if (exitCode !== 0) throw new Error(`pg_ctl ${args[0]} ended with ${exitCode}`);
}

function pgCtlCall(folder: string, args: readonly string[]): [program: string, args: string[]] {
  return asServerUser(join(programsFolder() ?? "", "pg_ctl"), [
    `--pgdata=${join(folder, "data")}`,
    ...args,
  ]);
}

/** The server refuses to run as root, so root runs it as the user that its package created. */
function asServerUser(program: string, args: readonly string[]): [program: string, args: string[]] {
  if (process.getuid?.() !== 0) return [program, [...args]];
  return ["setpriv", [`--reuid=${USER}`, `--regid=${USER}`, "--clear-groups", program, ...args]];
}

function giveToServerUser(folder: string): void {
  if (process.getuid?.() !== 0) return;
  const idOf = (flag: string) => Number(execFileSync("id", [flag, USER], { encoding: "utf8" }));
  chownSync(folder, idOf("-u"), idOf("-g"));
}

function programsFolder(): string | undefined {
  const debian = existsSync(DEBIAN_FOLDER)
    ? readdirSync(DEBIAN_FOLDER)
        .sort((one, other) => Number(other) - Number(one))
        .map((version) => join(DEBIAN_FOLDER, version, "bin"))
    : [];
  return [...debian, ...OTHER_FOLDERS].find(
    (folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "pg_ctl")),
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

async function ask(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
