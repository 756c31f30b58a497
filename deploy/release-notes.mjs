// node deploy/release-notes.mjs v0.2.0: prints that version's section of CHANGELOG.md. Ends with 1
// and one sentence when the tag is not package.json's version, or when the changelog has no such
// section: then nothing is released.
import { readFileSync } from "node:fs";

const [tag = ""] = process.argv.slice(2);
const version = tag.replace(/^v/, "");
const { version: declared } = JSON.parse(readFileSync("package.json", "utf8"));

/**
 * The text under the heading of a version, such as `## 0.2.0 (2026-12-01)`, up to the next heading
 * of its level.
 */
function sectionOf(changelog) {
  const [, ...sections] = changelog.split(/^## /m);
  const found = sections.find((section) => /^\[?([^\]\s]+)/.exec(section)?.[1] === version);
  return found?.slice(found.indexOf("\n")).trim();
}

function refuse(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

if (!/^v\d+\.\d+\.\d+(-[\w.]+)?$/.test(tag))
  refuse(`A tag such as v1.2.3 is wanted, not "${tag}".`);
if (version !== declared)
  refuse(`The tag is ${tag}, but package.json says ${declared}: npm version sets both.`);
const section = sectionOf(readFileSync("CHANGELOG.md", "utf8"));
if (!section)
  refuse(`CHANGELOG.md has nothing under "## ${version}": give "Unreleased" that name and a date.`);
process.stdout.write(`${section}\n`);
