import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { readConfig } from "./config.ts";
import { programVersion } from "./process/entry-arguments.ts";
import { readEnvironment } from "./process/environment.ts";
import { silentLog } from "./process/log.ts";
import { createToolOutput } from "./process/tool-output.ts";
import type { EngineConnection } from "./storage/engine.ts";
import { type MoveOutcome, moveStorage, rehearseMove } from "./storage/move.ts";
import { connectPostgres } from "./storage/postgres-database.ts";
import { connectSqlite, DATABASE_FILE } from "./storage/sqlite-database.ts";
import { StorageError } from "./storage/storage-error.ts";

const USAGE = `Usage: npm run -s move -- --to postgres://… [--dry-run]
       npm run -s move -- --to sqlite [--from postgres://…] [--dry-run]

Moves what must last from ${DATABASE_FILE} in DATA_DIR to an empty PostgreSQL database, or back, and compares what arrived with what
was there. Stop the bot first. Afterwards no bot starts on the old database any more; it keeps what it had. A move that was
interrupted goes on when it is run again. README.md (Data) has the steps.

  --to ADDRESS    where to: a postgres:// address, or sqlite
  --from ADDRESS  where from; the other one when left out (DATABASE_URL for PostgreSQL)
  --dry-run       only look whether it can be done, and what would be moved; the bot may run meanwhile
  --help          this text
  --version       the version

Exit codes: 0 moved and compared (or could be), 1 not moved, 2 bad usage.`;

/** Exit codes other than 0; scripts rely on them. */
const EXIT = { failed: 1, usage: 2 } as const;

/** One end of a move: PostgreSQL's address, or the folder of the file. */
type End =
  | { readonly engine: "postgres"; readonly databaseUrl: string }
  | { readonly engine: "sqlite"; readonly dataDir: string };

const environment = readEnvironment();
const { say, complain } = createToolOutput(environment["LOG_LEVEL"]);
process.exit(await run(process.argv.slice(2)));

async function run(argv: readonly string[]): Promise<number> {
  const flags = readFlags(argv);
  if (flags === undefined) return complain(USAGE, EXIT.usage);
  if (flags.help) return say(USAGE);
  if (flags.version) return say(programVersion());
  const configured = readConfig(environment);
  if (!configured.ok) return complain(configured.problems.join("\n"), EXIT.usage);
  const { dataDir, databaseUrl } = configured.config;
  // Marks contain absolute paths: a relative path would mean another file in another working
  // directory.
  const file: End = { engine: "sqlite", dataDir: resolve(dataDir) };
  const to = endOf(flags.to, file);
  const from =
    to?.engine === "postgres"
      ? endOf(flags.from ?? "sqlite", file)
      : endOf(flags.from ?? databaseUrl, file);
  if (to === undefined || from === undefined || to.engine === from.engine)
    return complain(USAGE, EXIT.usage);

  const opened: EngineConnection[] = [];
  try {
    return await between({ from, to, isDryRun: flags.isDryRun, opened });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return complain(`Nothing was moved: ${error.advice}`, EXIT.failed);
  } finally {
    for (const connection of opened) await connection.close();
  }
}

async function between(options: {
  from: End;
  to: End;
  isDryRun: boolean;
  opened: EngineConnection[];
}): Promise<number> {
  const { from, to, isDryRun, opened } = options;
  const connect = async (end: End): Promise<EngineConnection> => {
    const connected = await connectEnd(end);
    opened.push(connected);
    return connected;
  };
  if (isMissing(from))
    return complain(
      `Nothing was moved: there is no ${whereOf(from)}. Is DATA_DIR the bot's?`,
      EXIT.failed,
    );
  const source = await connect(from);
  if (!isDryRun)
    return report(await moveStorage({ source, target: await connect(to), now: new Date() }), {
      source,
      to,
    });
  // A dry run creates no file.
  const target = isMissing(to) ? undefined : await connect(to);
  const outcome = await rehearseMove({ source, target, targetWhere: whereOf(to) });
  if (!outcome.ok) return complain(`Nothing would be moved: ${outcome.message}`, EXIT.failed);
  return say(
    `This would be moved from ${source.where} to ${target?.where ?? whereOf(to)}, with the bot stopped:\n${tableOf(outcome.sums)}`,
  );
}

function report(
  outcome: MoveOutcome,
  { source, to }: { source: EngineConnection; to: End },
): number {
  if (!outcome.ok) return complain(`Nothing was moved: ${outcome.message}`, EXIT.failed);
  const next = {
    postgres: "Set DATABASE_URL to that address and start the bot.",
    sqlite: "Unset DATABASE_URL and start the bot.",
  }[to.engine];
  return say(
    `Moved everything, and compared it; the same is in both:\n${tableOf(outcome.sums)}\n${next} No bot starts on ${source.where} any more.`,
  );
}

function readFlags(
  argv: readonly string[],
): { to?: string; from?: string; isDryRun: boolean; help: boolean; version: boolean } | undefined {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        to: { type: "string" },
        from: { type: "string" },
        "dry-run": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        version: { type: "boolean", default: false },
      },
    });
    const { to, from, help, version } = values;
    return {
      ...(to !== undefined && { to }),
      ...(from !== undefined && { from }),
      isDryRun: values["dry-run"],
      help,
      version,
    };
  } catch {
    return undefined;
  }
}

/** Undefined for anything but `sqlite` or a PostgreSQL address. */
function endOf(text: string | undefined, file: End): End | undefined {
  if (text === "sqlite") return file;
  if (text === undefined || !/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text))
    return undefined;
  return { engine: "postgres", databaseUrl: text };
}

function connectEnd(end: End): Promise<EngineConnection> | EngineConnection {
  if (end.engine === "sqlite") return connectSqlite({ dataDir: end.dataDir, log: silentLog });
  return connectPostgres({
    databaseUrl: end.databaseUrl,
    log: silentLog,
    application: "lambo-move",
  });
}

function isMissing(end: End): boolean {
  return end.engine === "sqlite" && !existsSync(whereOf(end)) && !existsSync(`${whereOf(end)}-wal`);
}

function whereOf(end: End): string {
  return end.engine === "sqlite" ? join(end.dataDir, DATABASE_FILE) : "PostgreSQL";
}

function tableOf(sums: Extract<MoveOutcome, { ok: true }>["sums"]): string {
  return sums
    .map(
      ({ table, rows, checksum }) =>
        `  ${table.padEnd(20)}${String(rows).padStart(9)} rows  ${checksum}`,
    )
    .join("\n");
}
