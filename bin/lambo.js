#!/usr/bin/env node
// `npx` starts the terminal here. A checkout is compiled on first use; a published package is
// already compiled.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const terminal = new URL("../dist/src/terminal.js", import.meta.url);
if (!existsSync(terminal)) {
  const root = fileURLToPath(new URL("../", import.meta.url));
  const { status } = spawnSync("npm", ["run", "--silent", "build"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) {
    process.stderr.write(`The program could not be compiled: run "npm ci" in ${root} first.\n`);
    process.exit(1);
  }
}
await import(terminal.href);
