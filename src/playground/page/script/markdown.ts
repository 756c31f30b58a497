/** A part of a line. */
export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "bold" | "italic" | "underline" | "strike" | "spoiler";
      readonly children: readonly Inline[];
    }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "link"; readonly url: string; readonly children: readonly Inline[] }
  /** `style` is one of Discord's letters, `f` when none is given. */
  | { readonly kind: "time"; readonly atMs: number; readonly style: string }
  | { readonly kind: "user" | "role" | "channel"; readonly id: string }
  | { readonly kind: "command"; readonly name: string };

/** A part of a text that takes up whole lines. */
export type Block =
  | { readonly kind: "paragraph" | "subtext"; readonly children: readonly Inline[] }
  | { readonly kind: "heading"; readonly level: 1 | 2 | 3; readonly children: readonly Inline[] }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | {
      readonly kind: "list";
      readonly start: number | null;
      readonly items: readonly (readonly Block[])[];
    }
  | { readonly kind: "code-block"; readonly text: string };

const HEADING = /^(#{1,3}) +(\S.*)$/;
const SUBTEXT = /^-# +(\S.*)$/;
const QUOTE = /^> ?(?! ?>>)(.*)$/;
const ITEM = /^( *)(?:[-*]|(\d{1,9})\.) +(\S.*)$/;
const FENCE = /^```(?:[a-z0-9_+.#-]*\n)?\n*([\s\S]+?)\n*```/i;

/** Parses the Markdown that Discord shows; nothing in it can become HTML. */
export function parseMarkdown(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  let rest = text.replaceAll("\r\n", "\n");

  const endParagraph = (isLast: boolean) => {
    if (lines.length === 0) return;
    // An empty line before another block is visible only with a line break after it.
    const tail = lines.at(-1) === "" && !isLast ? "\n" : "";
    blocks.push({ kind: "paragraph", children: parseInline(lines.join("\n") + tail) });
    lines = [];
  };
  const add = (block: Block, length: number) => {
    endParagraph(false);
    blocks.push(block);
    rest = rest.slice(length).replace(/^\n/, "");
  };

  while (rest.length > 0) {
    const [line = ""] = rest.split("\n", 1);
    const fence = FENCE.exec(rest);
    if (fence) {
      add({ kind: "code-block", text: fence[1] ?? "" }, fence[0].length);
      continue;
    }
    if (rest.startsWith(">>> ")) {
      add({ kind: "quote", blocks: parseMarkdown(rest.slice(4)) }, rest.length);
      continue;
    }
    const heading = HEADING.exec(line);
    if (heading) {
      const level = heading[1]?.length;
      add(
        {
          kind: "heading",
          level: level === 1 || level === 2 ? level : 3,
          children: parseInline(heading[2] ?? ""),
        },
        line.length,
      );
      continue;
    }
    const subtext = SUBTEXT.exec(line);
    if (subtext) {
      add({ kind: "subtext", children: parseInline(subtext[1] ?? "") }, line.length);
      continue;
    }
    if (QUOTE.test(line)) {
      const quoted = leading(rest, (each) => QUOTE.test(each));
      const inner = quoted.map((each) => each.replace(QUOTE, "$1")).join("\n");
      add({ kind: "quote", blocks: parseMarkdown(inner) }, quoted.join("\n").length);
      continue;
    }
    if (ITEM.test(line)) {
      const items = leading(rest, (each) => ITEM.test(each));
      add(listOf(items), items.join("\n").length);
      continue;
    }
    // A fence later in the line begins a block there.
    const fenceAt = line.indexOf("```");
    const text = fenceAt > 0 && FENCE.test(rest.slice(fenceAt)) ? line.slice(0, fenceAt) : line;
    lines.push(text);
    rest = text === line ? rest.slice(line.length).replace(/^\n/, "") : rest.slice(fenceAt);
  }
  endParagraph(true);
  return blocks;
}

function leading(text: string, belongs: (line: string) => boolean): string[] {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => !belongs(line));
  return end === -1 ? lines : lines.slice(0, end);
}

/** Items that are indented further belong to the item above. */
function listOf(lines: readonly string[]): Block {
  const items: Block[][] = [];
  const first = ITEM.exec(lines[0] ?? "");
  const indent = first?.[1]?.length ?? 0;
  for (let at = 0; at < lines.length; ) {
    const [, , , text = ""] = ITEM.exec(lines[at] ?? "") ?? [];
    const item: Block[] = [{ kind: "paragraph", children: parseInline(text) }];
    const below = lines.slice(at + 1);
    const end = below.findIndex((line) => (ITEM.exec(line)?.[1]?.length ?? 0) <= indent);
    const nested = end === -1 ? below : below.slice(0, end);
    if (nested.length > 0) item.push(listOf(nested));
    items.push(item);
    at += 1 + nested.length;
  }
  return { kind: "list", start: first?.[2] === undefined ? null : Number(first[2]), items };
}

type Rule = readonly [RegExp, (found: RegExpExecArray) => Inline];

const wrapped =
  (kind: "bold" | "italic" | "underline" | "strike" | "spoiler") =>
  (found: RegExpExecArray): Inline => ({
    kind,
    children: parseInline(found[1] ?? ""),
  });

// Tried in order at each character that may begin a mark. The emphasis rules are those of the
// parser that Discord's clients use (github.com/ariabuckles/simple-markdown, 2026-11).
const RULES: readonly Rule[] = [
  [/^\\([^\da-zA-Z\s])/, ([, text = ""]) => ({ kind: "text", text })],
  [
    /^(`+)([\s\S]*?[^`])\1(?!`)/,
    ([, , text = ""]) => ({ kind: "code", text: text.replace(/^ (.*\S.*) $/, "$1") }),
  ],
  [
    /^<t:(-?\d{1,13})(?::([tTdDfFR]))?>/,
    ([, seconds, style = "f"]) => ({ kind: "time", atMs: Number(seconds) * 1_000, style }),
  ],
  [/^<@!?(\d{1,20})>/, ([, id = ""]) => ({ kind: "user", id })],
  [/^<@&(\d{1,20})>/, ([, id = ""]) => ({ kind: "role", id })],
  [/^<#(\d{1,20})>/, ([, id = ""]) => ({ kind: "channel", id })],
  [/^<\/([-_'\p{L}\p{N} ]{1,100}):\d{1,20}>/u, ([, name = ""]) => ({ kind: "command", name })],
  [/^<a?(:\w{2,32}:)\d{1,20}>/, ([, text = ""]) => ({ kind: "text", text })],
  [/^<(https?:\/\/[^\s<>]+)>/, ([, url = ""]) => linkTo(url, url)],
  [
    /^\[((?:\\[\s\S]|[^\]\\])+)\]\(\s*<?(https?:\/\/(?:[^\s()<>]|\([^\s()<>]*\))+)>?(?:\s+"[^"]*")?\s*\)/,
    ([, label = "", url = ""]) => linkTo(url, label),
  ],
  [
    /^https?:\/\/(?:[^\s()<>]|\([^\s()<>]*\))*(?:\([^\s()<>]*\)|[^\s()<>.,:;"'\]!?*_~|])/,
    ([url]) => linkTo(url, undefined),
  ],
  [/^\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/, wrapped("bold")],
  [/^__((?:\\[\s\S]|[^\\])+?)__(?!_)/, wrapped("underline")],
  [/^~~((?:\\[\s\S]|[^\\])+?)~~/, wrapped("strike")],
  [/^\|\|((?:\\[\s\S]|[^\\])+?)\|\|/, wrapped("spoiler")],
  [
    /^\*(?=\S)((?:\\[\s\S]|\*\*|\s+(?:\\[\s\S]|[^*\s\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/,
    wrapped("italic"),
  ],
  [/^_((?:\\[\s\S]|__|[^\\_])+?)_(?![\da-zA-Z])/, wrapped("italic")],
];

/** Parses the marks within a line. */
export function parseInline(text: string): readonly Inline[] {
  const parts: Inline[] = [];
  let plain = "";
  const endPlain = () => {
    if (plain !== "") parts.push({ kind: "text", text: plain });
    plain = "";
  };
  for (let at = 0; at < text.length; ) {
    const [inline, length] = nextInline(text.slice(at), /\w$/.test(plain));
    if (inline === undefined) {
      plain += text.slice(at, at + length);
    } else if (inline.kind === "text") {
      plain += inline.text;
    } else {
      endPlain();
      parts.push(inline);
    }
    at += length;
  }
  endPlain();
  return parts;
}

/** The mark at the start of a text, or undefined, and how many characters it takes. */
function nextInline(text: string, isWithinWord: boolean): readonly [Inline | undefined, number] {
  if (/^[\\`<[*_~|h]/.test(text)) {
    for (const [pattern, make] of RULES) {
      const found = pattern.exec(text);
      if (found !== null && !(isWithinWord && text.startsWith("h")))
        return [make(found), found[0].length];
    }
  }
  const next = text.slice(1).search(/[\\`<[*_~|h]/);
  return [undefined, next === -1 ? text.length : next + 1];
}

function linkTo(url: string, label: string | undefined): Inline {
  return {
    kind: "link",
    url,
    children: label === undefined ? [{ kind: "text", text: url }] : parseInline(label),
  };
}
