import { existsSync, readFileSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { errorText } from "./errors.ts";

/**
 * An entry point's arguments, or what it prints instead of starting: usage, version or a complaint.
 */
export type EntryArguments =
  | { readonly ok: true; readonly values: readonly string[] }
  | { readonly ok: false; readonly text: string; readonly exitCode: number };

const BAD_USAGE = 2;

/**
 * What an entry point takes: its usage, the names of its arguments, and how many may be left out.
 */
export type EntryUsage = {
  readonly usage: string;
  readonly names: readonly string[];
  /** How many of the names, from the last on, are optional. Default 0. */
  readonly optional?: number;
};

/**
 * Reads the arguments of an entry point without options of its own, only `names`. `--help` and
 * `--version` work; anything else that begins with a dash is refused with exit code 2.
 */
export function readEntryArguments(
  argv: readonly string[],
  { usage, names, optional = 0 }: EntryUsage,
): EntryArguments {
  const refused = (why: string): EntryArguments => ({
    ok: false,
    text: `${why}\n\n${usage}`,
    exitCode: BAD_USAGE,
  });
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h" }, version: { type: "boolean" } },
    });
    if (values.help) return { ok: false, text: usage, exitCode: 0 };
    if (values.version) return { ok: false, text: programVersion(), exitCode: 0 };
    const required = names.slice(0, names.length - optional);
    const missing = required.find((_, index) => (positionals[index] ?? "") === "");
    if (missing !== undefined) return refused(`${missing} is missing.`);
    const surplus = positionals[names.length];
    if (surplus !== undefined) return refused(`There is one argument too many: “${surplus}”.`);
    return { ok: true, values: positionals };
  } catch (error) {
    return refused(errorText(error));
  }
}

/**
 * {@link readEntryArguments} for the first line of an entry point: if the program should not start,
 * it says why and exits.
 */
export function entryArguments(
  ...[argv, options]: Parameters<typeof readEntryArguments>
): readonly string[] {
  const given = readEntryArguments(argv, options);
  if (given.ok) return given.values;
  writeSync((given.exitCode === 0 ? process.stdout : process.stderr).fd, `${given.text}\n`);
  process.exit(given.exitCode);
}

/** The version in `package.json`. */
export function programVersion(): string {
  // Compiled code is one folder deeper than its source.
  const candidates = ["../../package.json", "../../../package.json"].map(
    (path) => new URL(path, import.meta.url),
  );
  const file = candidates.find((url) => existsSync(url));
  if (file === undefined) throw new Error("package.json is missing beside the program");
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, "utf8"))).version;
}
