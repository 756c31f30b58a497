import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, open, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import SqliteFile from "sqlite3/driver.cjs";
import { readConfig } from "./config.ts";
import { entryArguments } from "./process/entry-arguments.ts";
import { readEnvironment } from "./process/environment.ts";
import { errorText } from "./process/errors.ts";
import { createToolOutput } from "./process/tool-output.ts";
import { DATABASE_FILE, remainsOf } from "./storage/sqlite-database.ts";

const USAGE = `Usage: npm run -s backup -- FILE

Copies what must last (${DATABASE_FILE} in DATA_DIR) to FILE, as it is at one moment, while the bot goes on running. An existing FILE is
never overwritten. README.md (Data) says how to restore it.

  --help     this text
  --version  the version

Exit codes: 0 copied and checked, 1 not copied, 2 bad usage.`;

/** Exit codes other than 0; cron jobs and scripts rely on them. */
const EXIT = { failed: 1, usage: 2 } as const;

/**
 * Copies every page in one step: a change that the bot makes between two steps would restart the
 * copy.
 */
const ALL_PAGES = 0x7fff_ffff;
/** How long the copy waits while the bot holds its file's lock, in milliseconds. */
const BUSY_TIMEOUT_MS = 10_000;

const environment = readEnvironment();
const { say, complain } = createToolOutput(environment["LOG_LEVEL"]);
process.exit(await run(process.argv.slice(2)));

async function run(argv: readonly string[]): Promise<number> {
  const [target = ""] = entryArguments(argv, { usage: USAGE, names: ["FILE"] });

  const configured = readConfig(environment);
  if (!configured.ok) return complain(configured.problems.join("\n"), EXIT.usage);
  const { dataDir, databaseUrl } = configured.config;
  if (databaseUrl !== undefined) {
    return complain(
      `What must last is in PostgreSQL, because DATABASE_URL is set: use PostgreSQL's own tool, pg_dump "$DATABASE_URL" > ${target}`,
      EXIT.usage,
    );
  }
  const source = join(dataDir, DATABASE_FILE);
  const left = remainsOf(source);
  if (left !== undefined) {
    return complain(
      `Nothing was copied: ${left}. Restore an earlier backup (README, Data).`,
      EXIT.failed,
    );
  }
  if (!existsSync(source))
    return complain(`There is nothing to copy: no ${source}. Is DATA_DIR the bot's?`, EXIT.failed);
  if (existsSync(target)) return complain(`Nothing was copied: ${existing(target)}`, EXIT.failed);
  // better-sqlite3 has no error code for this.
  if (!existsSync(dirname(target)))
    return complain(`Nothing was copied: ${unwritable(target)}`, EXIT.failed);
  try {
    const bytes = await copy(source, target);
    return say(
      `Copied ${source} to ${target} (${Math.ceil(bytes / 1_024)} KB), and checked the copy.`,
    );
  } catch (error) {
    return complain(`Nothing was copied: ${reasonOf(error, target)}`, EXIT.failed);
  }
}

/**
 * Makes the copy under a temporary name, checks it, and only then gives it its final name: there is
 * a complete copy or none.
 */
async function copy(source: string, target: string): Promise<number> {
  const unfinished = join(
    dirname(target),
    `.${basename(target)}.${randomBytes(4).toString("hex")}`,
  );
  try {
    const original = new SqliteFile(source, {
      readonly: true,
      fileMustExist: true,
      timeout: BUSY_TIMEOUT_MS,
    });
    try {
      await original.backup(unfinished, { progress: () => ALL_PAGES });
    } finally {
      original.close();
    }
    const made = new SqliteFile(unfinished);
    try {
      // A single file, without a log beside it that might be forgotten.
      made.pragma("journal_mode = DELETE");
      const check: unknown = made.pragma("quick_check(1)", { simple: true });
      if (check !== "ok") throw new Error(`the bot's data is damaged (${String(check)})`);
    } finally {
      made.close();
    }
    const handle = await open(unfinished, "r+");
    const { size } = await handle.stat();
    await handle.sync();
    await handle.close();
    // A link, because a rename would overwrite a file that appeared there meanwhile.
    await link(unfinished, target);
    return size;
  } finally {
    for (const suffix of ["", "-journal", "-wal", "-shm"])
      await rm(unfinished + suffix, { force: true });
  }
}

function reasonOf(error: unknown, target: string): string {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EEXIST") return existing(target);
  if (code === "SQLITE_FULL" || code === "ENOSPC")
    return "there is no room for the copy on that disk.";
  if (code === "SQLITE_NOTADB" || code === "SQLITE_CORRUPT")
    return "the bot's data is damaged. Keep the file, and the backups from before.";
  if (code === "SQLITE_CANTOPEN") return unwritable(target);
  return `${errorText(error)}.`;
}

function existing(target: string): string {
  return `${target} exists, and is not overwritten. Choose another name.`;
}

function unwritable(target: string): string {
  return `${target} cannot be written. Is its folder there, and may this user write to it?`;
}
