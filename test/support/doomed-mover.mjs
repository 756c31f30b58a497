// A process that moves the contents of one database to another, and kills itself with SIGKILL
// before one of its statements.
//
//   node doomed-mover.mjs DATA_DIR DATABASE_URL to-postgres|to-sqlite STEP
//
// It prints how many statements it reached, and "moved" when it finished.

import { writeSync } from "node:fs";
import pg from "pg";
import SqliteFile from "sqlite3/driver.cjs";
import { silentLog as log } from "../../dist/src/process/log.js";
import { moveStorage } from "../../dist/src/storage/move.js";
import { connectPostgres } from "../../dist/src/storage/postgres-database.js";
import { connectSqlite } from "../../dist/src/storage/sqlite-database.js";

const [dataDir, databaseUrl, direction, lastStep] = process.argv.slice(2);
let step = 0;

function mark() {
  if (step === Number(lastStep)) process.kill(process.pid, "SIGKILL");
  step += 1;
}

const { exec, prepare } = SqliteFile.prototype;
SqliteFile.prototype.exec = function counted(sql) {
  mark();
  return exec.call(this, sql);
};
SqliteFile.prototype.prepare = function counted(sql) {
  mark();
  return prepare.call(this, sql);
};
const { query } = pg.Client.prototype;
pg.Client.prototype.query = function counted(...args) {
  mark();
  return query.apply(this, args);
};

const sqlite = await connectSqlite({ dataDir, log });
const postgres = connectPostgres({ databaseUrl, log, application: "lambo-move" });
step = 0;
const [source, target] = direction === "to-postgres" ? [sqlite, postgres] : [postgres, sqlite];
const outcome = await moveStorage({ source, target, now: new Date() });
writeSync(1, outcome.ok ? `moved in ${step} statements\n` : `${outcome.message}\n`);
await sqlite.close();
await postgres.close();
