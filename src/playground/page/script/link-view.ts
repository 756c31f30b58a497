import { type Attributes, el } from "./dom.ts";
import { showHint } from "./hint.ts";
import { linkTarget } from "./link-target.ts";
import type { Mentions } from "./mentions.ts";
import { say } from "./say.ts";

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
      const name =
        mentions.channels.find(({ id }) => id === channelId)?.name ?? say("playground.unknown");
      // As in Discord, a bare address is shown as what it leads to.
      const isBare = children.length === 1 && textOf(children[0]) === url;
      const named = isBare
        ? [messageId === undefined ? `#${name}` : say("playground.link.message", { channel: name })]
        : children;
      return button(attributes, named, () => mentions.visit(channelId, messageId));
    }
    case "made-up": {
      const sentence = say(target.isInvite ? "playground.link.invite" : "playground.link.other");
      return button(
        {
          class: "inline-link made-up",
          ...attributes,
          title: sentence,
          "aria-description": sentence,
        },
        children,
        () => showHint(sentence),
      );
    }
  }
}

const textOf = (child: Node | string | undefined) =>
  child instanceof Node ? child.textContent : child;

function button(
  attributes: Attributes,
  children: readonly (Node | string)[],
  onclick: () => void,
): HTMLElement {
  return el(
    "button",
    { class: "inline-link", ...attributes, type: "button", onclick },
    ...children,
  );
}
