import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, normalize, posix, sep } from "node:path";

/** Which files each file imports, all as paths from the root, such as `src/config.ts`. */
export type ImportGraph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * A file that a statement, type-only or not, a dynamic import or the address of a thread names.
 * Biome's format makes these the only spellings.
 */
const NAMES_A_FILE = [
  /^(?:import|export)\s(?:type\s)?(?:[\w$]+(?:,\s)?)?(?:\*(?:\sas\s[\w$]+)?|\{[^}]*\})?\s?(?:from\s)?"(\.[^"]+)"/gm,
  /\bimport\(\s*"(\.[^"]+)"\s*\)/g,
  /\bnew URL\(\s*"(\.[^"]+\.[jt]s)",\s*import\.meta\.url,?\s*\)/g,
];

/** Reads the imports of every TypeScript file in these folders of a project. */
export function readImportGraph(root: string, folders: readonly string[]): ImportGraph {
  const files = folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => join(folder, name).replaceAll(sep, "/")),
    );
  return importGraph(new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")])));
}

/** The same for files given by their text. What is not among them is left out. */
export function importGraph(sources: ReadonlyMap<string, string>): ImportGraph {
  return new Map(
    [...sources].map(([file, text]) => {
      const named = NAMES_A_FILE.flatMap((pattern) => [...text.matchAll(pattern)]).map(
        ([, path = ""]) => sourceOf(posix.join(posix.dirname(file), path)),
      );
      return [file, new Set(named.filter((path) => sources.has(path)))];
    }),
  );
}

/** The source of a compiled file; other paths as they are. */
function sourceOf(path: string): string {
  return normalize(path)
    .replace(/^dist\//, "")
    .replace(/\.js$/, ".ts");
}

/**
 * One circle for each knot of files that import each other, as the files on the shortest way round
 * from its first file; empty where there is none.
 */
export function circlesOf(graph: ImportGraph): readonly (readonly string[])[] {
  const seen = new Set<string>();
  const circles: string[][] = [];
  for (const start of [...graph.keys()].sort()) {
    if (seen.has(start)) continue;
    const circle = wayBack(graph, start);
    if (circle === undefined) continue;
    circles.push(circle);
    for (const file of circle) seen.add(file);
  }
  return circles;
}

/** The shortest way from a file to itself, breadth first. */
function wayBack(graph: ImportGraph, start: string): string[] | undefined {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) return pathTo(file, cameFrom);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      queue.push(next);
    }
  }
  return undefined;
}

function pathTo(file: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const before = cameFrom.get(file);
  return before === undefined ? [file] : [...pathTo(before, cameFrom), file];
}

/** The room of a file: its folder, for what lies directly in `src` the file itself. */
function roomOf(file: string): string {
  const [top = "", second = ""] = file.split("/");
  return top === "src" ? second : top;
}

/** Which rooms the files of each room import from, other than their own. */
export function roomArrows(graph: ImportGraph): ReadonlyMap<string, ReadonlySet<string>> {
  const arrows = new Map<string, Set<string>>();
  for (const [file, imported] of graph) {
    const room = roomOf(file);
    const others = arrows.get(room) ?? new Set();
    arrows.set(room, others);
    for (const other of imported) if (roomOf(other) !== room) others.add(roomOf(other));
  }
  return arrows;
}
