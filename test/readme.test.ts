import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { commands } from "../commands/index.ts";
import { textAnswer } from "../src/cards/text-answer.ts";
import { readConfig, VARIABLES } from "../src/config.ts";
import { createDemoMarket } from "../src/prices/demo-market.ts";
import { AVERAGE_LAMBO, LAMBO_MODELS } from "../src/valuation/lambo-models.ts";
import { startMarketUnderTest } from "./support/market-under-test.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const read = (path: string) => readFileSync(root + path, "utf8");

const README = read("README.md");
// Lines that start with # are defaults that the container image sets in its own way.
const envExample = parseEnv(read(".env.example").replace(/^#(?=[A-Z_]+=)/gm, ""));
const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read("package.json")));

/** The text under one heading of the README, up to the next heading of the same level. */
function section(heading: string): string {
  const [, after = ""] = README.split(`\n## ${heading}\n`);
  return after.split("\n## ")[0] ?? "";
}

/** The rows of the first table under a heading, without its head. */
function tableRows(heading: string): string[][] {
  const lines = section(heading)
    .split("\n")
    .filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) => line.split("|").slice(1, -1).map(plain));
}

function plain(cell: string): string {
  return cell.replaceAll("`", "").trim();
}

describe("the configuration table", () => {
  const rows = tableRows("Configuration");

  it("names every variable that the program reads, and no other", () => {
    expect(rows.map(([name]) => name)).toEqual(VARIABLES);
    expect(Object.keys(envExample).sort()).toEqual([...VARIABLES].sort());
  });

  it("gives the defaults of .env.example", () => {
    const filledIn = Object.entries(envExample).filter(([, value]) => value !== "");
    for (const [name, value] of filledIn) expect(rows.find((row) => row[0] === name)?.[2], name).toBe(value);
  });

  it("is true of .env.example: copied as it is, it changes nothing", () => {
    expect(readConfig(envExample)).toEqual(readConfig({}));
  });
});

describe.each(["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])("%s", (document) => {
  const text = read(document);

  it("names only npm scripts that exist", () => {
    const named = [...text.matchAll(/npm run (?:-s )?([a-z][a-z:]*)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it("points only to files that exist", () => {
    const linked = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)].map(([, path = ""]) => path);
    const quoted = [...text.matchAll(/`((?:src|commands|test|docs|deploy)\/[\w./-]*)`/g)].map(([, path = ""]) => path);
    // Paths in CONTRIBUTING's walks may name the file that the reader is about to write.
    const wanted = [...linked, ...quoted].filter((path) => !path.includes("my-"));
    expect(wanted.filter((path) => !existsSync(root + path))).toEqual([]);
  });

  it("links only to headings that exist", () => {
    const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^\w\s-]/g, "")
        .replaceAll(" ", "-"),
    );
    const wanted = [...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = ""]) => anchor);
    expect(wanted.filter((anchor) => !headings.includes(anchor))).toEqual([]);
  });
});

describe("the table of commands", () => {
  it("names every command, and no other", () => {
    expect(tableRows("Commands").map(([name]) => name)).toEqual(commands.map(({ name }) => `/${name}`));
  });
});

describe("what the README shows", () => {
  it("is what the terminal answers in the demo market on that day", async () => {
    const market = await startMarketUnderTest({ coins: [], environment: { DEMO: "1" }, now: "2026-11-24T12:00:00Z" });
    try {
      const outcome = await market.ask("dogecoin", { stake: 1_000, car: AVERAGE_LAMBO });
      if (!outcome.ok) throw new Error(outcome.refusal.reason);
      expect(section("Try it at the terminal")).toContain(`\n${textAnswer(outcome.answer, { locale: "en-US", now: market.now() })}\n`);
    } finally {
      await market.close();
    }
  });

  it("lists the cars with their keys and prices", () => {
    const rows = section("Try it at the terminal")
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    const shown = rows.map((line) => line.split("|").slice(1, -1).map(plain).slice(0, 3));
    expect(shown).toEqual(LAMBO_MODELS.map(({ key, name, priceUsd }) => [key, name, `$${priceUsd.toLocaleString("en-US")}`]));
  });

  it("counts the coins of the demo market right", async () => {
    const listed = await createDemoMarket(() => new Date()).directory.list({ priority: "interactive" });
    expect(listed.ok && listed.coins.length).toBe(10);
    expect(section("Try it at the terminal")).toContain("ten coins");
  });
});
