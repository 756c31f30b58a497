import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { circlesOf, readImportGraph } from "./import-graph.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const ENTRY_POINTS = ["main", "terminal", "gallery", "backup", "move"];

const graph = readImportGraph(ROOT, ["src", "commands", "locales"]);
const importsOf = (isFrom: (file: string) => boolean): string[] =>
  [...graph].flatMap(([file, imported]) =>
    isFrom(file) ? [...imported].map((other) => `${file} -> ${other}`) : [],
  );

// Which room may import from which: architecture.test.ts.
describe("imports in src, commands and locales", () => {
  it("are all read", () => {
    expect(graph.size).toBeGreaterThan(200);
    expect(importsOf(() => true).length).toBeGreaterThan(900);
  });

  it("make no circle, not even of types", () => {
    expect(circlesOf(graph)).toEqual([]);
  });

  it("are never of an entry point", () => {
    const entries = ENTRY_POINTS.map((name) => `src/${name}.ts`);
    for (const entry of entries) expect(graph.has(entry)).toBe(true);
    expect(
      importsOf(() => true).filter((line) => entries.some((entry) => line.endsWith(` ${entry}`))),
    ).toEqual([]);
  });

  it("of the valuation leave it for nothing but results", () => {
    const outside = importsOf((file) => file.startsWith("src/valuation/")).filter(
      (line) => !/-> src\/(valuation\/|result\.ts$)/.test(line),
    );
    expect(outside).toEqual([]);
  });

  it("of the pictures are none of Discord", () => {
    const pictures = importsOf((file) => file.startsWith("src/pictures/"));
    expect(pictures.length).toBeGreaterThan(20);
    expect(pictures.filter((line) => line.includes("-> src/discord/"))).toEqual([]);
  });
});
