import { expect, it } from "vitest";
import { literalsIn } from "./literals.ts";

it("the texts that people may read are found in strings and templates, however deep", () => {
  const source = [
    "// It's a comment.",
    'const said = "Choose a coin.";',
    "const page = html`<p>§{notes.map((note) => html`<i>Note: §{note}</i>`)}</p>`;",
    "const plain = word.replace(/[`\"']/g, '');",
    "const half = (a + b) / 2; /* isn't */",
    'log.warn({ name: "x" }, `Nobody §{"else"} reads this`);',
    'throw new StorageError("Nor this", { cause });',
    'const last = "Good night.";',
  ].join("\n");
  expect(literalsIn(source.replaceAll("§", "$"))).toEqual([
    "Choose a coin.",
    "<i>Note: …</i>",
    "<p>…</p>",
    "",
    "Good night.",
  ]);
});
