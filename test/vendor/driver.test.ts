import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const run = promisify(execFile);
const require = createRequire(import.meta.url);
const hasNodeApi10 = Number(process.versions["napi"]) >= 10;

/** What a script prints in a process of its own, with the driver as `SqliteFile`. */
async function printed(script: string): Promise<string> {
  const driver = JSON.stringify(require.resolve("sqlite3/driver.cjs"));
  const { stdout } = await run(process.execPath, [
    "--eval",
    `const SqliteFile = require(${driver}); ${script}`,
  ]);
  return stdout;
}

it("is better-sqlite3 12 where Node has no Node-API 10, else 13, and never both", async () => {
  const loaded = await printed(`
    new SqliteFile(":memory:").close();
    console.log(Object.keys(require.cache).filter((file) => file.endsWith(".node")).join());`);
  expect(loaded).toMatch(
    hasNodeApi10 ? /^[^,]*better-sqlite3-13[^,]*$/ : /^[^,]*better-sqlite3[^,]*$/,
  );
  expect(loaded.includes("better-sqlite3-13")).toBe(hasNodeApi10);
});

it("outlives its statements when they are collected while no JavaScript runs", async () => {
  const done = await printed(`
    const file = new SqliteFile(":memory:");
    file.exec("CREATE TABLE t (a TEXT)");
    let turns = 0;
    const turn = () => {
      for (let at = 0; at < 500; at += 1) file.prepare("INSERT INTO t VALUES (?)").run("x".repeat(200));
      turns += 1;
      if (turns < 40) return setImmediate(turn);
      console.log(file.prepare("SELECT count(*) AS rows FROM t").get().rows);
    };
    turn();`);
  expect(done).toBe("20000\n");
});
