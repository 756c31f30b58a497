import type { APIEmbed } from "discord-api-types/v10";
import type { PageAttachment } from "../protocol.ts";
import { imageElement } from "./attachment-view.ts";
import { el } from "./dom.ts";
import { linkElement } from "./link-view.ts";
import { markdown } from "./markdown-view.ts";
import type { Mentions } from "./mentions.ts";
import { messageTime } from "./time-view.ts";

/** An embed as Discord shows it; its pictures are among the message's attachments. */
export function embedElement(
  embed: APIEmbed,
  attachments: readonly PageAttachment[],
  mentions: Mentions,
): HTMLElement {
  const image = attachmentAt(embed.image?.url, attachments);
  const thumbnail = attachmentAt(embed.thumbnail?.url, attachments);
  const element = el(
    "div",
    { class: "embed" },
    el(
      "div",
      { class: "embed-text" },
      embed.author === undefined
        ? undefined
        : el("p", { class: "embed-author" }, embed.author.name),
      embed.title === undefined ? undefined : titleElement(embed.title, embed.url, mentions),
      embed.description === undefined
        ? undefined
        : el("div", { class: "embed-description markdown" }, markdown(embed.description, mentions)),
      fieldsElement(embed.fields ?? [], mentions),
    ),
    // Pictures from other hosts are not loaded: coins get their initials instead of their logo.
    thumbnail === undefined
      ? embed.thumbnail === undefined
        ? undefined
        : el(
            "div",
            { class: "embed-initials", "aria-hidden": "true" },
            initialsOf(embed.author?.name ?? embed.title ?? ""),
          )
      : imageElement(thumbnail, "embed-thumbnail"),
    image === undefined ? undefined : imageElement(image, "embed-image"),
    footerElement(embed),
  );
  if (embed.color !== undefined)
    element.style.setProperty("--edge", `#${embed.color.toString(16).padStart(6, "0")}`);
  return element;
}

function titleElement(title: string, url: string | undefined, mentions: Mentions): HTMLElement {
  const text = markdown(title, mentions);
  const isLinked = url !== undefined && /^https?:\/\//.test(url);
  return el(
    "div",
    { class: "embed-title markdown" },
    isLinked ? linkElement(url, {}, [text], mentions) : text,
  );
}

function fieldsElement(
  fields: NonNullable<APIEmbed["fields"]>,
  mentions: Mentions,
): HTMLElement | undefined {
  if (fields.length === 0) return undefined;
  return el(
    "dl",
    { class: "embed-fields" },
    ...fields.map(({ name, value, inline }) =>
      el(
        "div",
        { class: inline === true ? "embed-field inline" : "embed-field" },
        el("dt", { class: "markdown" }, markdown(name, mentions)),
        el("dd", { class: "markdown" }, markdown(value, mentions)),
      ),
    ),
  );
}

function footerElement({ footer, timestamp }: APIEmbed): HTMLElement | undefined {
  if (footer === undefined && timestamp === undefined) return undefined;
  const both = footer !== undefined && timestamp !== undefined;
  return el(
    "p",
    { class: "embed-footer" },
    footer?.text,
    both ? " • " : undefined,
    timestamp === undefined ? undefined : messageTime(timestamp),
  );
}

function attachmentAt(
  url: string | undefined,
  attachments: readonly PageAttachment[],
): PageAttachment | undefined {
  return attachments.find(({ filename }) => url === `attachment://${filename}`);
}

function initialsOf(name: string): string {
  const [first = "?"] = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...first].slice(0, 1).join("").toUpperCase();
}
