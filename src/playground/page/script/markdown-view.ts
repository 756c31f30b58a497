import { el } from "./dom.ts";
import { linkElement } from "./link-view.ts";
import { type Block, type Inline, parseMarkdown } from "./markdown.ts";
import type { Mentions } from "./mentions.ts";
import { say } from "./say.ts";
import { timeElement } from "./time-view.ts";

/** A text in Discord's Markdown as elements. */
export function markdown(text: string, mentions: Mentions): DocumentFragment {
  const fragment = document.createDocumentFragment();
  fragment.append(...parseMarkdown(text).map((block) => blockElement(block, mentions)));
  return fragment;
}

function blockElement(block: Block, mentions: Mentions): HTMLElement {
  switch (block.kind) {
    case "paragraph":
      return el("p", {}, ...inlines(block.children, mentions));
    case "subtext":
      return el("p", { class: "subtext" }, ...inlines(block.children, mentions));
    case "heading":
      // The page has its own headings; these only look like headings.
      return el("p", { class: `heading-${block.level}` }, ...inlines(block.children, mentions));
    case "quote":
      return el("blockquote", {}, ...block.blocks.map((inner) => blockElement(inner, mentions)));
    case "code-block":
      return el("pre", {}, el("code", {}, block.text));
    case "list": {
      const items = block.items.map((item) =>
        el("li", {}, ...item.map((inner) => blockElement(inner, mentions))),
      );
      return block.start === null
        ? el("ul", {}, ...items)
        : el("ol", { start: block.start }, ...items);
    }
  }
}

const TAGS = { bold: "strong", italic: "em", underline: "u", strike: "s" } as const;

function inlines(parts: readonly Inline[], mentions: Mentions): Node[] {
  return parts.map((part) => inlineNode(part, mentions));
}

function inlineNode(part: Inline, mentions: Mentions): Node {
  switch (part.kind) {
    case "text":
      return document.createTextNode(part.text);
    case "bold":
    case "italic":
    case "underline":
    case "strike":
      return el(TAGS[part.kind], {}, ...inlines(part.children, mentions));
    case "spoiler":
      return spoiler(inlines(part.children, mentions));
    case "code":
      return el("code", {}, part.text);
    case "link":
      return linkElement(part.url, {}, inlines(part.children, mentions), mentions);
    case "time":
      return timeElement(part.atMs, part.style);
    case "command": {
      const { name } = part;
      return el(
        "button",
        { type: "button", class: "mention", onclick: () => mentions.begin(name) },
        `/${name}`,
      );
    }
    case "user": {
      const user = [...mentions.members, mentions.bot].find(({ id }) => id === part.id);
      return el(
        "span",
        { class: "mention" },
        `@${user === undefined ? say("playground.unknown") : mentions.nameOf(user)}`,
      );
    }
    case "role":
      return el(
        "span",
        { class: "mention" },
        `@${mentions.roles.find(({ id }) => id === part.id)?.name ?? say("playground.unknown")}`,
      );
    case "channel":
      return channelMention(part.id, mentions);
  }
}

function channelMention(channelId: string, { channels, visit }: Mentions): HTMLElement {
  const channel = channels.find(({ id }) => id === channelId);
  if (channel === undefined)
    return el("span", { class: "mention" }, `#${say("playground.unknown")}`);
  return el(
    "button",
    { type: "button", class: "mention", onclick: () => visit(channelId) },
    `#${channel.name}`,
  );
}

function spoiler(children: readonly Node[]): HTMLElement {
  const inside = el("span", { "aria-hidden": "true" }, ...children);
  const button = el(
    "button",
    { type: "button", class: "spoiler", "aria-label": say("playground.spoiler"), onclick: show },
    inside,
  );
  function show(): void {
    button.replaceWith(el("span", { class: "spoiler shown" }, ...inside.childNodes));
  }
  return button;
}
