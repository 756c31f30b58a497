// Prints a language beside English, for reading it through: each key, the English message and the
// language's own, or "(missing)".
//
//   npm run translations -- de              all messages
//   npm run translations -- de wen-line     those whose key contains "wen-line"

import { readdirSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../locales/", import.meta.url);
const languages = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .map((name) => name.replace(".json", ""));
const [language, part = ""] = process.argv.slice(2);
if (!languages.includes(language)) {
  process.stderr.write(`Name a language: ${languages.join(", ")}\n`);
  process.exit(2);
}

/** The English messages: they are an object literal of texts alone. */
function english() {
  const source = readFileSync(new URL("en.ts", FOLDER), "utf8");
  const literal = source.slice(source.indexOf("{", source.indexOf("export const EN")));
  return new Function(`return ${literal.replace(/ as const;\s*$/, "")}`)();
}

// Whoever reads it may have seen enough, such as `head`.
process.stdout.on("error", () => process.exit());
const own = JSON.parse(readFileSync(new URL(`${language}.json`, FOLDER), "utf8"));
const inEnglish = english();
for (const key of new Set([...Object.keys(inEnglish), ...Object.keys(own)])) {
  if (!key.includes(part)) continue;
  const [from, to] = [inEnglish[key], own[key]];
  process.stdout.write(
    `${key}\n  en  ${from ?? "(none)"}\n  ${language}  ${to ?? "(missing)"}\n\n`,
  );
}
