import { type Attributes, el } from "./dom.ts";
import { showHint } from "./hint.ts";
import { linkTarget } from "./link-target.ts";
import type { Mentions } from "./mentions.ts";

/**
 * A link of a message: a real one opens a new tab, one to a message of the made-up server goes
 * there, and one that is made up says so and leads nowhere.
 */
export function linkElement(
  url: string,
  attributes: Attributes,
  children: readonly (Node | string)[],
  mentions: Mentions,
): HTMLElement {
  const target = linkTarget(url, { guildId: mentions.guildId, applicationId: mentions.bot.id });
  switch (target.kind) {
    case "real":
      return el(
        "a",
        { ...attributes, href: url, target: "_blank", rel: "noopener noreferrer", title: url },
        ...children,
      );
    case "here": {
      const { channelId, messageId } = target;
      return button(attributes, children, () => mentions.visit(channelId, messageId));
    }
    case "made-up":
      return button(
        { ...attributes, title: target.sentence, "aria-description": target.sentence },
        children,
        () => showHint(target.sentence),
      );
  }
}

function button(
  attributes: Attributes,
  children: readonly (Node | string)[],
  onclick: () => void,
): HTMLElement {
  return el("button", { class: "link", ...attributes, type: "button", onclick }, ...children);
}
