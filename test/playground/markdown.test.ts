import { describe, expect, it } from "vitest";
import { parseInline, parseMarkdown } from "../../src/playground/page/script/markdown.ts";

const text = (value: string) => ({ kind: "text", text: value });
const inline = (markup: string) => parseInline(markup);

describe("marks within a line", () => {
  it.each([
    ["**bold**", [{ kind: "bold", children: [text("bold")] }]],
    [
      "*italic* and _italic_",
      [
        { kind: "italic", children: [text("italic")] },
        text(" and "),
        { kind: "italic", children: [text("italic")] },
      ],
    ],
    ["***both***", [{ kind: "bold", children: [{ kind: "italic", children: [text("both")] }] }]],
    [
      "__under__ ~~gone~~",
      [
        { kind: "underline", children: [text("under")] },
        text(" "),
        { kind: "strike", children: [text("gone")] },
      ],
    ],
    ["||secret||", [{ kind: "spoiler", children: [text("secret")] }]],
    ["`**code**`", [{ kind: "code", text: "**code**" }]],
    ["``a`b``", [{ kind: "code", text: "a`b" }]],
    ["<t:1700000000:R>", [{ kind: "time", atMs: 1_700_000_000_000, style: "R" }]],
    ["<t:1700000000>", [{ kind: "time", atMs: 1_700_000_000_000, style: "f" }]],
    [
      "<@12> <@&34> <#56>",
      [
        { kind: "user", id: "12" },
        text(" "),
        { kind: "role", id: "34" },
        text(" "),
        { kind: "channel", id: "56" },
      ],
    ],
    ["</config set:0>", [{ kind: "command", name: "config set" }]],
    [
      "[CoinGecko](https://www.coingecko.com)",
      [{ kind: "link", url: "https://www.coingecko.com", children: [text("CoinGecko")] }],
    ],
    [
      "(https://a.example/b_(c)).",
      [
        text("("),
        {
          kind: "link",
          url: "https://a.example/b_(c)",
          children: [text("https://a.example/b_(c)")],
        },
        text(")."),
      ],
    ],
  ])("%s", (markup, parts) => {
    expect(inline(markup)).toEqual(parts);
  });

  it.each([
    "snake_case_name",
    "2 * 3 * 4",
    "a * b",
    "\\*not italic\\*".replaceAll("\\", ""),
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "**",
  ])("leaves %s as it is", (plain) => {
    const parts = inline(plain === "*not italic*" ? "\\*not italic\\*" : plain);
    expect(parts).toEqual([text(plain)]);
  });

  it("makes links of http and https only", () => {
    for (const address of [
      "javascript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "//evil.example",
    ]) {
      expect(inline(`[x](${address})`)).toEqual([text(`[x](${address})`)]);
    }
  });
});

describe("block marks", () => {
  it("reads headings, small print, quotes, lists and code", () => {
    const blocks = parseMarkdown(
      "# One\n## Two\n-# small\n> a\n> b\n- x\n- y\n  - z\n1. first\n```js\nlet a;\n```",
    );
    expect(blocks.map(({ kind }) => kind)).toEqual([
      "heading",
      "heading",
      "subtext",
      "quote",
      "list",
      "code-block",
    ]);
    expect(blocks[3]).toEqual({
      kind: "quote",
      blocks: [{ kind: "paragraph", children: [text("a\nb")] }],
    });
    expect(blocks[5]).toEqual({ kind: "code-block", text: "let a;" });
  });

  it("keeps the empty line before small print, which the cards rely on", () => {
    expect(parseMarkdown("Story.\n\n-# note")).toEqual([
      { kind: "paragraph", children: [text("Story.\n\n")] },
      { kind: "subtext", children: [text("note")] },
    ]);
  });

  it("nests an indented item in the one above it", () => {
    const [list] = parseMarkdown("- a\n  - b\n- c");
    expect(list).toMatchObject({
      kind: "list",
      start: null,
      items: [[{ kind: "paragraph" }, { kind: "list" }], [{ kind: "paragraph" }]],
    });
  });

  it("starts a numbered list at its first number", () => {
    expect(parseMarkdown("3. c\n4. d")).toMatchObject([
      { kind: "list", start: 3, items: [[{}], [{}]] },
    ]);
  });

  it("parses hostile text in little time", () => {
    for (const piece of [
      "*",
      "_",
      "**a",
      "||",
      "`",
      "[",
      "<t:",
      "> ",
      "- ",
      "```",
      "[a](http://",
      "\\",
      "* a ",
    ]) {
      const startedAt = performance.now();
      parseMarkdown(piece.repeat(Math.ceil(4_096 / piece.length)));
      expect(performance.now() - startedAt, piece).toBeLessThan(2_000);
    }
  });
});
