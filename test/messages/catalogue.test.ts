import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { EN } from "../../locales/en.ts";
import type { MessageKey } from "../../src/messages/message-values.ts";
import { readMessage } from "../../src/messages/speaker.ts";
import { literalsIn } from "../house/literals.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const KEYS = Object.keys(EN) as MessageKey[];

/** Every TypeScript file under a folder of the repository, by its path. */
function sourcesUnder(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(root + folder, { recursive: true, encoding: "utf8" });
  return new Map(
    names
      .filter((name) => name.endsWith(".ts"))
      .map((name) => [`${folder}/${name}`, readFileSync(`${root}${folder}/${name}`, "utf8")]),
  );
}

/** Two words or more, one of them with a capital, or a full stop behind them. */
function isSentence(literal: string): boolean {
  // Of a page or a drawing only what stands between the tags is read.
  const text = literal.replace(/<[^>]*>/g, " ").trim();
  return /[A-Za-z]{2,}[,:;]? +[a-z]{2,}/.test(text) && /[A-Z]|\.$/.test(text);
}

/** The rooms that build what people read. */
const SPEAKING = [
  ...["src/cards", "src/messages", "src/digest", "src/settings", "src/pictures", "src/questions"],
  ...["src/reading", "src/terminal", "src/web/pages", "commands"],
];
/** Of the room that talks with Discord, those that talk with people. */
const SPEAKING_FILES = ["src/discord/dispatch.ts", "src/discord/jobs.ts", "src/terminal.ts"];

/** Places and zones that people type, names of invented coins, and texts for browsers. */
const UNSAID = new Set([
  ...["src/digest/places.ts", "src/digest/zone-names.ts", "src/pictures/gallery-subjects.ts"],
  ...["src/web/pages/script.ts", "src/web/pages/style.ts"],
]);

describe("the English catalogue", () => {
  it("holds well-formed messages", () => {
    for (const key of KEYS) expect(() => readMessage(EN[key], "en"), key).not.toThrow();
  });

  it("loses no character to quoting", () => {
    for (const key of KEYS) {
      // An apostrophe quotes a brace or a pound sign, and two of them are read as one.
      expect(EN[key], key).not.toMatch(/'['{}#]/);
    }
  });

  it("holds no message that nobody says", () => {
    const source = ["src", "commands"]
      .flatMap((folder) => [...sourcesUnder(folder).values()])
      .join("\n");
    // `flag.${flag}` says every key that begins with "flag." and has one part more.
    const patterns = [...source.matchAll(/`([a-z][\w.-]*\.(?:[\w.-]|\$\{[^}`]*\})+)`/g)].map(
      ([, template = ""]) => {
        const parts = template.split(/\$\{[^}]*\}/).map((part) => part.replaceAll(".", "\\."));
        return new RegExp(`^${parts.join("[\\w-]+")}$`);
      },
    );
    const unsaid = KEYS.filter((key) => {
      // Numbered lines are said as a group.
      const said = key.replace(/\.\d+$/, "");
      return !source.includes(`"${said}"`) && !patterns.some((pattern) => pattern.test(said));
    });
    expect(unsaid).toEqual([]);
  });

  it("holds every sentence that people read: none is left in the code that answers them", () => {
    const sentences = [
      ...SPEAKING.flatMap((folder) => [...sourcesUnder(folder)]),
      ...SPEAKING_FILES.map((file) => [file, readFileSync(root + file, "utf8")] as const),
    ]
      .filter(([file]) => !UNSAID.has(file))
      .flatMap(([file, source]) =>
        literalsIn(source)
          .filter((literal) => isSentence(literal) && !NO_SENTENCES.has(literal))
          .map((literal) => `${file}: ${literal}`),
      );
    expect(sentences).toEqual([]);
  });
});

const NO_SENTENCES: ReadonlySet<string> = new Set([
  // For whoever runs the terminal with a broken installation.
  "…: English stands in for it\\n",
  // A reason as an earlier version stored it.
  "The digest's channel no longer exists.",
  // What Discord calls a permission.
  "Mention @everyone, @here, and All Roles",
]);
