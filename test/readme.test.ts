import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { commands } from "../commands/index.ts";
import { textAnswer } from "../src/cards/text-answer.ts";
import { readConfig, VARIABLES } from "../src/config.ts";
import { isChatCommand } from "../src/discord/command.ts";
import { createDemoSources } from "../src/prices/demo-market.ts";
import { DAYS_KEPT_AFTER_LEAVING } from "../src/storage/storage.ts";
import { AVERAGE_LAMBO, LAMBO_MODELS } from "../src/valuation/lambo-models.ts";
import { startMarketUnderTest } from "./support/market-under-test.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const read = (path: string) => readFileSync(root + path, "utf8");

const README = read("README.md");
const TERMINAL = read("docs/terminal.md");
// Lines that start with # are defaults that the container image sets in its own way.
const envExample = parseEnv(read(".env.example").replace(/^#(?=[A-Z_]+=)/gm, ""));
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read("package.json")));

/** The text under one heading of a page, up to the next heading of the same level. */
function section(page: string, heading: string): string {
  const [, after = ""] = page.split(`\n## ${heading}\n`);
  return after.split("\n## ")[0] ?? "";
}

/** The rows of the first table in a text, without its head. */
function tableRows(text: string): string[][] {
  const lines = text.split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) => line.split("|").slice(1, -1).map(plain));
}

function plain(cell: string): string {
  return cell.replaceAll("`", "").trim();
}

/** The one block of text to paste under a heading. */
function pasted(page: string, heading: string): string {
  return /```text\n([\s\S]*?)\n```/.exec(section(page, heading))?.[1] ?? "";
}

describe("the configuration table", () => {
  const rows = tableRows(read("docs/configuration.md"));

  it("names every variable that the program reads, and no other", () => {
    expect(rows.map(([name]) => name)).toEqual(VARIABLES);
    expect(Object.keys(envExample).sort()).toEqual([...VARIABLES].sort());
  });

  it("gives the defaults of .env.example", () => {
    const filledIn = Object.entries(envExample).filter(([, value]) => value !== "");
    for (const [name, value] of filledIn)
      expect(rows.find((row) => row[0] === name)?.[2], name).toBe(value);
  });

  it("is true of .env.example: copied as it is, it changes nothing", () => {
    expect(readConfig(envExample)).toEqual(readConfig({}));
  });

  it("is summed up in the README by variables that exist", () => {
    const named = tableRows(section(README, "Configuration")).map(([name]) => name);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name = "") => !VARIABLES.includes(name))).toEqual([]);
  });
});

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "CHANGELOG.md",
  "CODE_OF_CONDUCT.md",
].concat(
  ["docs", "docs/decisions"].flatMap((folder) =>
    readdirSync(root + folder).flatMap((name) =>
      name.endsWith(".md") ? [`${folder}/${name}`] : [],
    ),
  ),
);

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...page.replace(/```[\s\S]*?```/g, "").matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

describe.each(pages)("%s", (document) => {
  const text = read(document);
  const links = [...text.matchAll(/\]\((?!https?:|mailto:)([^)#]*)(?:#([^)]+))?\)/g)].map(
    ([, path = "", anchor]) => ({
      path: path === "" ? document : join(dirname(document), path),
      anchor,
    }),
  );

  it("names only npm scripts that exist", () => {
    const named = [...text.matchAll(/npm run (?:-s )?([a-z][a-z:]*)/g)].map(
      ([, name = ""]) => name,
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it("points only to files that exist", () => {
    const quoted = [
      ...text.matchAll(/`((?:src|commands|test|docs|deploy|\.github)\/[\w./-]*)`/g),
    ].map(([, path = ""]) => path);
    // Paths with "my-" in them are files that the reader is about to write.
    const wanted = [...links.map(({ path }) => path), ...quoted].filter(
      (path) => !path.includes("my-"),
    );
    expect(wanted.filter((path) => !existsSync(root + path))).toEqual([]);
  });

  it("links only to headings that exist", () => {
    const wanted = links.filter(({ anchor, path }) => anchor !== undefined && path.endsWith(".md"));
    expect(
      wanted.filter(({ anchor = "", path }) => !anchorsOf(read(path)).includes(anchor)),
    ).toEqual([]);
  });

  it("calls with `node` only what is there", () => {
    const called = [...text.matchAll(/^\s*node (\S+)/gm)].map(([, path = ""]) => path);
    expect(called.filter((path) => !existsSync(root + path))).toEqual([]);
  });
});

describe("the README", () => {
  it("is read in ten minutes: under 2,000 words", () => {
    expect(README.split(/\s+/).length).toBeLessThan(2_000);
  });

  it("leads to every page under docs/, by itself or by a page that it links", () => {
    const reached = new Set<string>(["README.md"]);
    for (const page of reached) {
      for (const [, path = ""] of read(page).matchAll(/\]\((?!https?:)([^)#]+\.md)/g))
        reached.add(join(dirname(page), path));
    }
    expect(pages.filter((page) => !reached.has(page))).toEqual([]);
  });

  it("names every command, and no other", () => {
    expect(tableRows(section(README, "Commands")).map(([name]) => name)).toEqual(
      commands.map((command) =>
        isChatCommand(command) ? `/${command.name}` : `*${command.name}*`,
      ),
    );
  });

  it("starts the container as a fresh clone can: without a .env", () => {
    expect(section(README, "Run it in a container")).toMatch(/^docker run (?!.*--env-file)/m);
  });

  it("shows nothing but commands in its blocks for a shell", () => {
    const blocks = [...README.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) =>
      block.trim().split("\n"),
    );
    expect(
      blocks.filter((line) => !/^(npm (ci|run|start|test)|docker (build|run)) ?/.test(line)),
    ).toEqual([]);
  });
});

describe("the page about the terminal", () => {
  it("shows what the terminal answers in the demo market on that day", async () => {
    const market = await startMarketUnderTest({
      coins: [],
      environment: { DEMO: "1" },
      now: "2026-11-27T12:00:00Z",
    });
    try {
      const outcome = await market.ask("dogecoin", { stake: 1_000, car: AVERAGE_LAMBO });
      if (!outcome.ok) throw new Error(outcome.refusal.reason);
      expect(TERMINAL).toContain(
        `\n${textAnswer(outcome.answer, { locale: "en-US", now: market.now() })}\n`,
      );
    } finally {
      await market.close();
    }
  });

  it("lists the cars with their keys and prices", () => {
    const rows = TERMINAL.split("\n").filter((line) => line.startsWith("| `"));
    const shown = rows.map((line) => line.split("|").slice(1, -1).map(plain).slice(0, 3));
    expect(shown).toEqual(
      LAMBO_MODELS.map(({ key, name, priceUsd }) => [
        key,
        name,
        `$${priceUsd.toLocaleString("en-US")}`,
      ]),
    );
  });

  it("counts the coins of the demo market right", async () => {
    const listed = await createDemoSources(() => new Date()).directory.list({
      priority: "interactive",
    });
    expect(listed.ok && listed.coins.length).toBe(10);
    expect(TERMINAL).toContain("ten coins");
  });
});

describe("the texts for Discord's directory", () => {
  const directory = read("docs/directory.md");

  it("fit what the portal takes", () => {
    // docs.discord.com/developers/discovery/best-practices and the application's `tags`, 2026-11.
    const lengths = { Description: 400, Summary: 200 };
    for (const [heading, most] of Object.entries(lengths)) {
      expect(pasted(directory, heading).length, heading).toBeGreaterThan(50);
      expect(pasted(directory, heading).length, heading).toBeLessThanOrEqual(most);
    }
    const tags = pasted(directory, "Tags").split("\n");
    expect(tags.length).toBe(5);
    expect(tags.filter((tag) => tag.length > 20)).toEqual([]);
  });

  it("name only commands that exist", () => {
    const texts = ["Description", "Summary", "Expanded description"]
      .map((heading) => pasted(directory, heading))
      .join("\n");
    const named = [...texts.matchAll(/(?<![\w/])\/([a-z]+)(?: ([a-z]+)\b(?=[ `]))?/g)].map(
      ([, name = ""]) => name,
    );
    expect(named).toContain("config");
    expect(named.filter((name) => !commands.some((command) => command.name === name))).toEqual([]);
  });

  it("come with a picture of 16:9", async () => {
    const { width, height, format } = await sharp(`${root}docs/directory.png`).metadata();
    expect({ width, height, format }).toEqual({ width: 1920, height: 1080, format: "png" });
  });
});

describe("the privacy policy", () => {
  const policy = read("docs/privacy.md");
  const kept = (what: string) =>
    tableRows(section(policy, "What is stored")).find(([name]) =>
      name?.startsWith(`**${what}`),
    )?.[2] ?? "";

  it("gives the times that the program keeps", () => {
    expect(kept("A server's settings")).toContain(`${DAYS_KEPT_AFTER_LEAVING} days`);
    const scheduler = read("src/digest/scheduler.ts");
    const ledger = read("src/storage/digest-ledger.ts");
    const days = /^const DAYS_KEPT = (\d+);$/m.exec(scheduler)?.[1];
    const newest = /^export const NEWEST_KEPT = (\d+);$/m.exec(ledger)?.[1];
    expect(kept("Posted digests")).toMatch(new RegExp(`^${days} days, and the ${newest} newest`));
  });

  it("has a row for every table that holds something about a server", () => {
    const told: Readonly<Record<string, string>> = {
      guild_settings: "A server's settings",
      guild_digest_coins: "A server's settings",
      guild_symbols: "A server's settings",
      config_changes: "Changes of settings",
      digest_ledger: "Posted digests",
      digest_troubles: "A paused digest",
      guild_absences: "Absence",
    };
    const tables =
      /export const GUILD_TABLES = \{([\s\S]*?)\}/.exec(read("src/storage/tables.ts"))?.[1] ?? "";
    const names = [...tables.matchAll(/^ {2}(\w+):/gm)].map(([, name = ""]) => name);
    expect(names.sort()).toEqual(Object.keys(told).sort());
    for (const name of names) expect(kept(told[name] ?? ""), name).not.toBe("");
  });

  it("names every source that learns what is asked", () => {
    const hosts = VARIABLES.filter((name) => name.endsWith("_BASE_URL")).map((name) =>
      name.replace("_BASE_URL", "").toLowerCase(),
    );
    expect(hosts.length).toBeGreaterThan(3);
    const named = policy.toLowerCase().replaceAll(" ", "");
    expect(hosts.filter((host) => !named.includes(host))).toEqual([]);
    const prices = read("docs/prices.md").toLowerCase().replaceAll(" ", "");
    expect(hosts.filter((host) => !prices.includes(host))).toEqual([]);
  });
});
