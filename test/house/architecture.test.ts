import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readImportGraph, roomArrows } from "./import-graph.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = readFileSync(`${root}docs/architecture.md`, "utf8");

/** The paths of the page's tree of rooms: folders end in a slash. */
function pathsInTree(page: string): string[] {
  const [, tree = ""] = /```text\n([\s\S]*?)```/.exec(page) ?? [];
  const paths: string[] = [];
  const folders: { readonly indent: number; readonly path: string }[] = [];
  for (const line of tree.split("\n")) {
    const [, spaces, name] = /^( *)([\w.-]+\/|[\w-]+\.ts) {2,}\S/.exec(line) ?? [];
    if (spaces === undefined || name === undefined) {
      const [, open] = /^([\w-]+\/)$/.exec(line) ?? [];
      if (open !== undefined) folders.splice(0, folders.length, { indent: 0, path: open });
      continue;
    }
    while (folders.some(({ indent }) => indent >= spaces.length)) folders.pop();
    const path = `${folders.at(-1)?.path ?? ""}${name}`;
    if (name.endsWith("/")) folders.push({ indent: spaces.length, path });
    paths.push(path);
  }
  return paths;
}

/** What the page's table of imports allows each room: other rooms, and files of `src/`. */
function importsInTable(page: string): ReadonlyMap<string, readonly string[]> {
  const rows = [...page.matchAll(/^\| ((?:`[\w-]+\/` ?)+)\| (.+) \|$/gm)];
  const namesIn = (cell: string) =>
    [...cell.matchAll(/`([\w.-]+)\/?`/g)].map(([, name = ""]) => name);
  return new Map(
    rows.flatMap(([, rooms = "", imports = ""]) =>
      namesIn(rooms).map((room) => [room, namesIn(imports)]),
    ),
  );
}

/** The folders under one of the repository's that hold TypeScript, each ending in a slash. */
function roomsUnder(folder: string): string[] {
  if (!existsSync(root + folder)) return [];
  const files = readdirSync(root + folder, { recursive: true, encoding: "utf8" });
  const rooms = files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${dirname(join(folder, file)).replaceAll("\\", "/")}/`);
  return [...new Set(rooms)];
}

describe("docs/architecture.md", () => {
  const tree = pathsInTree(PAGE);

  it("names every room", () => {
    const rooms = ["commands", "locales", "src"].flatMap(roomsUnder);
    expect(rooms.length).toBeGreaterThan(20);
    expect(rooms.filter((room) => room !== "src/" && !tree.includes(room))).toEqual([]);
  });

  it("names no room and no file that is not there", () => {
    const quoted = [
      ...PAGE.matchAll(/`((?:src|commands|locales|test|docs|deploy)\/[\w./-]*)`/g),
    ].map(([, path = ""]) => path);
    expect(quoted.length).toBeGreaterThan(40);
    // Paths with "my-" in them are files that the reader is about to write.
    const named = [...tree, ...quoted].filter((path) => !path.includes("my-"));
    expect(named.filter((path) => !existsSync(root + path))).toEqual([]);
  });

  it("says which rooms each room imports from", () => {
    const allowed = importsInTable(PAGE);
    const arrows = roomArrows(readImportGraph(root, ["src", "commands", "locales"]));
    const rooms = [...arrows.keys()].filter((room) => !room.endsWith(".ts"));
    expect([...allowed.keys()].sort()).toEqual(rooms.sort());
    const untold = rooms.flatMap((room) =>
      [...(arrows.get(room) ?? [])]
        .filter((other) => !["valuation", "process", "result.ts"].includes(other))
        .filter((other) => !allowed.get(room)?.includes(other))
        .map((other) => `${room} -> ${other}`),
    );
    expect(untold).toEqual([]);
  });

  it("fits on one page", () => {
    expect(PAGE.split("\n").length).toBeLessThanOrEqual(200);
  });
});
