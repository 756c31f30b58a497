import { describe, expect, it } from "vitest";
import { circlesOf, importGraph, roomArrows } from "./import-graph.ts";

const graph = (files: Readonly<Record<string, string>>) =>
  importGraph(new Map(Object.entries(files)));

describe("the import graph", () => {
  it.each([
    ["values", 'import { b, c } from "./b.ts";'],
    ["values over several lines", 'import {\n  b,\n  type C,\n} from "./b.ts";'],
    ["types", 'import type { B } from "./b.ts";'],
    ["everything", 'import * as b from "./b.ts";'],
    ["side effects", 'import "./b.ts";'],
    ["what it hands on", 'export { b } from "./b.ts";'],
    ["types that it hands on", 'export type { B } from "./b.ts";'],
    ["everything that it hands on", 'export * from "./b.ts";'],
    ["when it gets there", 'const { b } = await import("./b.ts");'],
    ["in a type", 'let b: import("./b.ts").B;'],
    ["as a thread", 'new Worker(new URL("./b.js", import.meta.url));'],
    ["as a compiled thread", 'new Worker(new URL("../dist/src/b.js", import.meta.url));'],
  ])("knows a file that imports %s", (_how, text) => {
    expect(graph({ "src/a.ts": text, "src/b.ts": "" }).get("src/a.ts")).toEqual(
      new Set(["src/b.ts"]),
    );
  });

  it("knows each import of a file with many, and no package", () => {
    const text =
      'import fs from "node:fs";\nimport { b } from "./b.ts";\nimport type { C } from "./c.ts";\n';
    const files = {
      "src/x/a.ts": `${text}export const a = b;`,
      "src/x/b.ts": "",
      "src/x/c.ts": "",
    };
    expect(graph(files).get("src/x/a.ts")).toEqual(new Set(["src/x/b.ts", "src/x/c.ts"]));
  });
});

describe("circles", () => {
  it("are none where imports go one way, though several lead to the same file", () => {
    const files = {
      "a.ts": 'import "./b.ts";\nimport "./c.ts";',
      "b.ts": 'import "./c.ts";',
      "c.ts": "",
    };
    expect(circlesOf(graph(files))).toEqual([]);
  });

  it.each([
    ["of two", { "a.ts": 'import "./b.ts";', "b.ts": 'import { a } from "./a.ts";' }],
    [
      "of types",
      { "a.ts": 'import type { B } from "./b.ts";', "b.ts": 'import type { A } from "./a.ts";' },
    ],
    ["through a dynamic import", { "a.ts": 'import "./b.ts";', "b.ts": 'await import("./a.ts");' }],
    [
      "through a thread",
      { "a.ts": 'new URL("./b.js", import.meta.url)', "b.ts": 'import "./a.ts";' },
    ],
  ])("%s are found", (_what, files) => {
    expect(circlesOf(graph(files))).toEqual([["a.ts", "b.ts"]]);
  });

  it("of three are found behind a file that is not part of them, and named the shortest way", () => {
    const files = {
      "a.ts": 'import "./b.ts";',
      "b.ts": 'import "./c.ts";\nimport "./e.ts";',
      "c.ts": 'import "./d.ts";',
      "d.ts": 'import "./b.ts";',
      "e.ts": "",
    };
    expect(circlesOf(graph(files))).toEqual([["b.ts", "c.ts", "d.ts"]]);
  });

  it("of a file with itself are found", () => {
    expect(circlesOf(graph({ "a.ts": 'import type { A } from "./a.ts";' }))).toEqual([["a.ts"]]);
  });
});

it("rooms import from the rooms of the files that their files import", () => {
  const files = {
    "commands/lambo.ts": 'import "../src/cards/card.ts";\nimport "../src/answer.ts";',
    "src/cards/card.ts": 'import "./words.ts";\nimport "../valuation/value.ts";',
    "src/cards/words.ts": "",
    "src/answer.ts": "",
    "src/valuation/value.ts": "",
  };
  expect(roomArrows(graph(files))).toEqual(
    new Map([
      ["commands", new Set(["cards", "answer.ts"])],
      ["cards", new Set(["valuation"])],
      ["answer.ts", new Set()],
      ["valuation", new Set()],
    ]),
  );
});
