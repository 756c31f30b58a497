import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { EN } from "../../locales/en.ts";
import type { MessageKey } from "../../src/messages/say.ts";
import { readMessage } from "../../src/messages/speaker.ts";

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

/** The string and template literals of a source file, without those in comments. */
function literalsOf(source: string): readonly string[] {
  const code = source
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/^\s*\/\/.*$/gm, "")
    // A quote inside a regular expression opens no string.
    .replace(/(?<=[(,=:[!&|?]\s*)\/(?:[^\\/\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[gimsuy]*/g, "0");
  return [...code.matchAll(/"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)].map(
    ([, text, template]) => text ?? template ?? "",
  );
}

/** Without its log calls and thrown errors, which operators read and nobody translates. */
function withoutLogs(source: string): string {
  return source
    .replace(/\blog\??\.(?:debug|info|warn|error)\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)/g, "")
    .replace(/\bnew (?:\w*Error|RegExp)\((?:[^()`]|`[^`]*`|\([^()]*\))*\)/g, "");
}

/** Several words with a capital letter or a full stop, where a template's expressions are words. */
function isSentence(literal: string): boolean {
  const text = literal.replace(/\$\{[^}]*\}/g, "x").trim();
  return /[A-Za-z,:;] +[A-Za-z]/.test(text) && /[A-Z]|\.$/.test(text);
}

/** Lists of places and zones that people type, which no bot says. */
const NAMES_TYPED = new Set(["src/digest/places.ts", "src/digest/zone-names.ts"]);

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
    const sentences = ["src/cards", "src/messages", "src/digest", "src/settings", "commands"]
      .flatMap((folder) => [...sourcesUnder(folder)])
      .filter(([file]) => !NAMES_TYPED.has(file))
      .flatMap(([file, source]) =>
        literalsOf(withoutLogs(source))
          .filter((literal) => isSentence(literal) && !NO_SENTENCES.has(literal))
          .map((literal) => `${file}: ${literal}`),
      );
    expect(sentences).toEqual([]);
  });
});

const NO_SENTENCES: ReadonlySet<string> = new Set([
  // The name of a source, by which it is found.
  "Coin Metrics",
  // A reason as an earlier version stored it.
  "The digest's channel no longer exists.",
  // What Discord calls a permission.
  "Mention @everyone, @here, and All Roles",
]);
