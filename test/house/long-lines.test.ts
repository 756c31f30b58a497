import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";

const CHECK = fileURLToPath(new URL("./long-lines.mjs", import.meta.url));
const LONG = "word ".repeat(25).trim();

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lambo-lines-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function check(text: string) {
  const file = join(folder, "planted.ts");
  writeFileSync(file, text);
  const { status, stderr } = spawnSync(process.execPath, [CHECK, file], { encoding: "utf8" });
  return {
    status,
    lines: [...stderr.matchAll(/planted\.ts:(\d+) has (\d+) columns/g)].map(String),
  };
}

it.each([
  ["a comment", `// ${LONG}`],
  ["a comment with an address", `// See https://example.org/page, ${LONG}`],
  ["a docstring", `/**\n * ${LONG}\n */`],
  ["a comment behind code", `const a = 1; // ${LONG}`],
  ["code", `const sum = ${Array.from({ length: 30 }, (_, at) => `a${at}`).join(" + ")};`],
  ["code with a short string", `const sum = "a" + ${"b + ".repeat(25)}"c";`],
  ["code after a string with a quote in it", `const q = "\\""; const sum = ${"b + ".repeat(25)}0;`],
  ["code after a regular expression with a quote in it", `x(/["\`]/, ${"b, ".repeat(35)}0);`],
  ["code after a template", `\`\${"}"}\`;\nconst sum = ${"b + ".repeat(25)}0;`],
  ["a division", `const half = a / 2 + ${"b + ".repeat(22)}c / 2;`],
])("%s of over 100 columns is found", (_what, text) => {
  expect(check(text)).toMatchObject({ status: 1, lines: [expect.stringContaining("has ")] });
});

it.each([
  ["a string", `const text = "${LONG}";`],
  ["the title of a test", `it("${LONG}", async () => {});`],
  ["a template with its expressions", `const text = \`${LONG} \${a.b(c, { d: "}" })} ${LONG}\`;`],
  ["a line of a template", `const text = \`\n${LONG}\n\`;`],
  ["a regular expression", `const pattern = /${LONG.replaceAll(" ", "[/]")}/;`],
  ["an address with the line to itself", `// https://example.org/${"page/".repeat(20)}`],
  ["nothing", "const a = 1;"],
])("%s may be longer", (_what, text) => {
  expect(check(text)).toEqual({ status: 0, lines: [] });
});

it("every long line is named with its number and length", () => {
  const { lines } = check(`const a = 1;\n// ${LONG}\nconst b = "${LONG}";\n  // ${LONG}\n`);
  expect(lines.map((line) => line.replace(/^.*?:/, ""))).toEqual([
    "2 has 127 columns,2,127",
    "4 has 129 columns,4,129",
  ]);
});
