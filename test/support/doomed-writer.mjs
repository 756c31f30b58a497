// A process that changes one server's settings again and again until it kills itself with SIGKILL,
// between two chosen steps of its conversation with the database. Every change that was
// acknowledged is a line on standard output.
//
//   node doomed-writer.mjs DATA_DIR DATABASE_URL PHASE STEP      (DATABASE_URL is empty for SQLite)
//
// PHASE is "opening" (the database, with its migrations) or "changing". Step 2n is the moment
// before its statement n, step 2n + 1 the moment after it, before its result is read.

import { writeSync } from "node:fs";
import pg from "pg";
import SqliteFile from "sqlite3/driver.cjs";
import { silentLog } from "../../dist/src/process/log.js";
import { openStorage } from "../../dist/src/storage/storage.js";

const [dataDir, databaseUrl, phase, lastStep] = process.argv.slice(2);
let step = phase === "opening" ? 0 : Number.NEGATIVE_INFINITY;

function mark() {
  if (step === Number(lastStep)) process.kill(process.pid, "SIGKILL");
  step += 1;
}

function around(run) {
  return function counted(...args) {
    mark();
    const result = run.apply(this, args);
    if (result instanceof Promise) return result.finally(mark);
    mark();
    return result;
  };
}

const { exec, prepare } = SqliteFile.prototype;
SqliteFile.prototype.exec = around(exec);
SqliteFile.prototype.prepare = function counted(sql) {
  const statement = prepare.call(this, sql);
  statement.run = around(statement.run);
  statement.all = around(statement.all);
  return statement;
};
pg.Client.prototype.query = around(pg.Client.prototype.query);

const storage = await openStorage({
  dataDir,
  databaseUrl: databaseUrl || undefined,
  log: silentLog,
  now: () => new Date(),
});
const before = storage.settings.read("1").stake ?? 0;
if (phase === "opening") process.exit(0);
step = 0;
for (let n = before + 1; ; n += 1) {
  const change = {
    stake: n,
    currency: `C${n}`,
    digestCoins: [`coin-${n}`, "bitcoin"],
    symbols: { UNI: `coin-${n}` },
  };
  await storage.settings.change("1", change, { userId: `${n}`, at: new Date(n) });
  writeSync(1, `${n}\n`);
}
