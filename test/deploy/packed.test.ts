import { execFile, spawnSync } from "node:child_process";
import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyFolder } from "../support/program.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));
const INSTALLS_WITHIN_MS = 300_000;
/** Where better-sqlite3 has what was compiled. */
const BINARY = "better-sqlite3/build/Release/better_sqlite3.node";

/** Why nothing can be installed here; undefined when it can. */
function registryMissing(): string | undefined {
  const asked = spawnSync("npm", ["view", "keyv@5.6.0", "version", "--prefer-offline"], {
    cwd: root,
    timeout: 20_000,
    encoding: "utf8",
  });
  return asked.stdout?.trim() === "5.6.0" ? undefined : "npm's registry cannot be reached";
}

const missing = registryMissing();

describe.skipIf(missing !== undefined)(
  `the packed program${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let folder: Awaited<ReturnType<typeof emptyFolder>>;
    let modules: string;

    beforeAll(async () => {
      folder = await emptyFolder();
      await run("npm", ["pack", "--ignore-scripts", "--pack-destination", folder.path], {
        cwd: root,
      });
      const [tarball = ""] = (await readdir(folder.path)).filter((name) => name.endsWith(".tgz"));
      const home = join(folder.path, "home");
      await mkdir(home);
      await writeFile(join(home, "package.json"), "{}");
      // Scripts would compile for a minute what is compiled already.
      const flags = [
        "--ignore-scripts",
        "--omit=dev",
        "--prefer-offline",
        "--no-audit",
        "--no-fund",
      ];
      await run("npm", ["install", ...flags, join("..", tarball)], { cwd: home });
      modules = join(home, "node_modules");
      await mkdir(join(modules, BINARY, ".."), { recursive: true });
      await copyFile(join(root, "node_modules", BINARY), join(modules, BINARY));
    }, INSTALLS_WITHIN_MS);
    afterAll(() => folder.remove());

    const installed = async (file: string) =>
      (await readdir(modules, { recursive: true }))
        .filter((path) => path.endsWith(`/${file}`))
        .map((path) => path.slice(0, -file.length - 1));

    it("brings better-sqlite3 alone, whatever @keyv/sqlite asks for", async () => {
      const native = (await installed("binding.gyp")).filter((path) => path.includes("sqlite"));
      const [major] = process.versions.node.split(".");
      expect(native.sort()).toEqual([
        "better-sqlite3",
        ...(Number(major) >= 22 ? ["better-sqlite3-13"] : []),
      ]);
      const standIns = (await installed("package.json")).filter((path) =>
        path.endsWith("node_modules/sqlite3"),
      );
      expect(standIns).toEqual(["dude-wheres-my-lambo/node_modules/sqlite3"]);
    });

    it("answers at the terminal by its own command", async () => {
      const { stdout } = await run(join(modules, ".bin", "lambo"), ["dogecoin", "1000", "--demo"], {
        cwd: folder.path,
      });
      expect(stdout).toMatch(/^Dogecoin · DOGE/);
    });

    it("contains the compiled program, without tests or sources", async () => {
      const files = await readdir(join(modules, "dude-wheres-my-lambo"));
      expect(files).toEqual(
        expect.arrayContaining(["bin", "dist", "vendor", "package.json", "README.md"]),
      );
      expect(
        files.filter((name) => ["src", "test", "commands", "locales", "deploy"].includes(name)),
      ).toEqual([]);
    });

    it("caches responses with it", async () => {
      const script = `import { KeyvSqlite } from "@keyv/sqlite";
      const store = new KeyvSqlite({ uri: "sqlite://kept.sqlite", busyTimeout: 50 });
      await store.set("a", "kept");
      console.log(await store.get("a"));
      await store.disconnect();`;
      const cwd = join(modules, "dude-wheres-my-lambo");
      const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", script], {
        cwd,
      });
      expect(stdout).toBe("kept\n");
    });
  },
);
