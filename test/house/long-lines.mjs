// Prints every line of JavaScript and TypeScript that is over 100 columns and could be broken, and
// ends with 1 if there is one. What cannot be broken does not count: strings, regular expressions,
// templates with all that is in them, and an address alone in its line of a comment.
//
//   node test/house/long-lines.mjs [FILE…]    all files of the repository unless named

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const MAX_COLUMNS = 100;
const ADDRESS_ALONE = /^\s*(?:\/\/|\/?\*+)\s*\S*https?:\/\/\S+$/;
/** After these a slash begins a regular expression; after a value it divides. */
const BEFORE_REGEXP = /(?:^|[=(,:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|await|void))$/;

/** 1 for each character that belongs to a string, a template or a regular expression. */
function literalText(source) {
  const isText = new Uint8Array(source.length);
  // How deep in braces each `${` that is open began.
  const templates = [];
  let braces = 0;
  let at = 0;

  function text(end) {
    while (at < source.length && !end(source[at])) {
      if (source[at] === "\\") isText[at++] = 1;
      isText[at++] = 1;
    }
  }
  /** To the template's end, or into its next `${`. */
  function template() {
    text((char) => char === "`" || (char === "$" && source[at + 1] === "{"));
    if (source[at] === "$") {
      templates.push(braces);
      at += 1;
    }
    at += 1;
  }
  function regExp() {
    let isInClass = false;
    text((char) => {
      if (char === "[") isInClass = true;
      if (char === "]") isInClass = false;
      return char === "\n" || (char === "/" && !isInClass);
    });
    at += 1;
  }

  while (at < source.length) {
    const char = source[at];
    const two = source.slice(at, at + 2);
    if (two === "//" || two === "/*") {
      const end = source.indexOf(two === "//" ? "\n" : "*/", at + 2);
      at = end === -1 ? source.length : end + (two === "//" ? 0 : 2);
      continue;
    }
    if (templates.length > 0) isText[at] = 1;
    at += 1;
    if (char === '"' || char === "'") {
      text((next) => next === char || next === "\n");
      at += 1;
    } else if (char === "`") {
      template();
    } else if (char === "/") {
      if (BEFORE_REGEXP.test(source.slice(Math.max(0, at - 40), at - 1).trimEnd())) regExp();
    } else if (char === "{") {
      braces += 1;
    } else if (char === "}") {
      if (templates.at(-1) === braces) {
        templates.pop();
        template();
      } else {
        braces -= 1;
      }
    }
  }
  return isText;
}

function longLines(source) {
  const isText = literalText(source);
  let startsAt = 0;
  return source.split("\n").flatMap((line, index) => {
    const text = isText.subarray(startsAt, startsAt + line.length);
    startsAt += line.length + 1;
    const columns = [...line].length;
    if (columns <= MAX_COLUMNS || ADDRESS_ALONE.test(line)) return [];
    const breakable = line.length - text.reduce((sum, one) => sum + one, 0);
    return breakable > MAX_COLUMNS ? [{ number: index + 1, columns }] : [];
  });
}

const named = process.argv.slice(2);
const patterns = ["*.ts", "*.mts", "*.js", "*.mjs", "*.cjs"];
const files =
  named.length > 0
    ? named
    : execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...patterns], {
        encoding: "utf8",
      })
        .trim()
        .split("\n");
const found = files.flatMap((file) =>
  longLines(readFileSync(file, "utf8")).map(
    ({ number, columns }) => `${file}:${number} has ${columns} columns`,
  ),
);
if (found.length > 0) {
  process.stderr.write(`${found.join("\n")}\nAt most ${MAX_COLUMNS}: wrap the comment or code.\n`);
  process.exit(1);
}
