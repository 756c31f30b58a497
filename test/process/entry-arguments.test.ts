import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { emptyFolder, runProgram } from "../support/program.ts";

const packageJson = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
const { version } = z.object({ version: z.string() }).parse(JSON.parse(packageJson));

let folder: Awaited<ReturnType<typeof emptyFolder>>;
beforeEach(async () => {
  folder = await emptyFolder();
});
afterEach(() => folder.remove());

const run = (entry: string, args: readonly string[]) =>
  runProgram(entry, args, { DEMO: "1", PORT: "0" }, folder.path);

describe.each(["main", "terminal", "gallery", "backup", "move"])(
  "the entry point %s",
  { timeout: 60_000 },
  (entry) => {
    it.each(["--help", "-h"])("answers %s with its usage, and does nothing else", async (flag) => {
      const { exitCode, stdout, stderr } = await run(entry, [flag]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toMatch(/^Usage: npm (?:start|run -s).*--version.*Exit codes: 0/s);
      expect(readdirSync(folder.path)).toEqual([]);
    });

    it("answers --version with that of the package", async () => {
      expect(await run(entry, ["--version"])).toEqual({
        exitCode: 0,
        stdout: `${version}\n`,
        stderr: "",
      });
      expect(readdirSync(folder.path)).toEqual([]);
    });

    it.each([[["--helo"]], [["-x"]], [["one", "two", "three"]]])(
      "refuses %j, and does nothing",
      async (args) => {
        const { exitCode, stdout, stderr } = await run(entry, args);
        expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
        expect(stderr).toContain("Usage: npm");
        expect(readdirSync(folder.path)).toEqual([]);
      },
    );
  },
);
