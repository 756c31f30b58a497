import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import * as nodeModule from "node:module";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { compiledFile, emptyFolder } from "../support/program.ts";

let folder: Awaited<ReturnType<typeof emptyFolder>>;

beforeEach(async () => {
  folder = await emptyFolder();
  write("program.cjs", 'exports.said = require("./part.cjs").said + require("node:path").sep;');
  write("part.cjs", 'exports.said = "one"');
});
afterEach(() => folder.remove());

function write(name: string, text: string): void {
  writeFileSync(join(folder.path, name), text);
}

/** What the program says in a process of its own. */
function said(...flags: readonly string[]): string {
  const loads = `import { loadProgram } from ${JSON.stringify(compiledFile("process/kept-code"))};
    process.stdout.write(loadProgram(${JSON.stringify(join(folder.path, "program.cjs"))}).said);`;
  const args = [...flags, "--input-type=module", "--eval", loads];
  return execFileSync(process.execPath, args, { encoding: "utf8" });
}

const kept = () => readdirSync(folder.path).filter((name) => /\.cjs\.\d+$/.test(name));

// Later versions of Node keep code themselves, elsewhere.
describe.skipIf("enableCompileCache" in nodeModule)("the code that V8 made of a program", () => {
  it("is kept beside the program and its parts, and used by the next process", () => {
    expect(said()).toBe("one/");
    expect(kept()).toHaveLength(2);
    // V8 tells texts apart by their length; bundled files are never rewritten under the same name.
    write("part.cjs", 'exports.said = "two"');
    expect(said()).toBe("one/");
  });

  it("is made anew where the kept one is no code", () => {
    said();
    for (const name of kept()) write(name, "no code");
    write("part.cjs", 'exports.said = "two"');
    expect(said()).toBe("two/");
    write("part.cjs", 'exports.said = "six"');
    expect(said()).toBe("two/");
  });

  it("is not used with source maps, which are read only of what Node loads", () => {
    expect(said("--enable-source-maps")).toBe("one/");
    expect(kept()).toEqual([]);
  });
});
