import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { emptyFolder, type Finished, runManyTimes, runProgram } from "../support/program.ts";

const packageJson = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
const { version } = z.object({ version: z.string() }).parse(JSON.parse(packageJson));

const ENVIRONMENT = { DEMO: "1", PORT: "0" };
const HELP = ["--help", "-h"];
const REFUSED = [["--helo"], ["-x"], ["one", "two", "three"]];
const ARGUMENTS = [...HELP.map((flag) => [flag]), ["--version"], ...REFUSED];

describe.each(["main", "terminal", "gallery", "backup", "move"])("the entry point %s", (entry) => {
  let folder: Awaited<ReturnType<typeof emptyFolder>>;
  let runs: ReadonlyMap<string, Finished>;

  beforeAll(async () => {
    folder = await emptyFolder();
    const finished = await runManyTimes(entry, ARGUMENTS, ENVIRONMENT, folder.path);
    runs = new Map(finished.map((run, index) => [String(ARGUMENTS[index]), run]));
  }, 60_000);
  afterAll(() => folder.remove());

  it.each(HELP)("answers %s with its usage, and does nothing else", (flag) => {
    const { stdout, ...rest } = runs.get(flag) ?? {};
    expect(rest).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: npm (?:start|run -s).*--version.*Exit codes: 0/s);
  });

  it("answers --version with that of the package", () => {
    expect(runs.get("--version")).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
  });

  it.each(REFUSED.map((args) => [args]))("refuses %j, and does nothing", (args) => {
    const { stderr, ...rest } = runs.get(String(args)) ?? {};
    expect(rest).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("Usage: npm");
  });

  it("leaves no file behind", () => {
    expect(readdirSync(folder.path)).toEqual([]);
  });
});

it.each([
  ["main", "--helo", 2],
  ["move", "--help", 0],
])("%s %s ends its process with that exit code", async (entry, flag, exitCode) => {
  const folder = await emptyFolder();
  const finished = await runProgram(entry, [flag], ENVIRONMENT, folder.path);
  expect(finished.exitCode).toBe(exitCode);
  expect(exitCode === 0 ? finished.stdout : finished.stderr).toContain("Usage: npm");
  expect(readdirSync(folder.path)).toEqual([]);
  await folder.remove();
});
