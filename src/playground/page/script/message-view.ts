import type { PageMessage } from "../protocol.ts";
import { attachmentElement } from "./attachment-view.ts";
import { componentElement } from "./component-view.ts";
import { el, icon } from "./dom.ts";
import { embedElement } from "./embed-view.ts";
import { markdown } from "./markdown-view.ts";
import type { MessageActions } from "./message-actions.ts";
import { messageTime } from "./time-view.ts";

const EPHEMERAL = 64;
const LOADING = 128;

const EYE = "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zm10 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6z";

/** A message as Discord shows it. */
export function messageElement(message: PageMessage, actions: MessageActions): HTMLLIElement {
  const { author } = message;
  const isPrivate = (message.flags & EPHEMERAL) !== 0;
  const isThinking = (message.flags & LOADING) !== 0;
  const nameId = `author-${message.id}`;
  const body = isThinking
    ? [
        el(
          "p",
          { class: "thinking" },
          el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")),
          `${author.name} is thinking…`,
        ),
      ]
    : contentOf(message, actions);
  return el(
    "li",
    { class: isPrivate ? "message private" : "message", id: `message-${message.id}` },
    el(
      "article",
      { "aria-labelledby": nameId, tabindex: -1, ...(isThinking && { "aria-busy": "true" }) },
      origin(message, actions),
      el(
        "div",
        { class: "avatar", "aria-hidden": "true" },
        el("img", { src: "/assets/favicon.svg", alt: "", width: 40, height: 40 }),
      ),
      el(
        "header",
        { class: "byline", id: nameId },
        el("span", { class: "author" }, author.name),
        " ",
        author.bot === true ? el("span", { class: "tag" }, "APP") : undefined,
        " ",
        messageTime(message.timestamp),
      ),
      el("div", { class: "body" }, ...body),
      isPrivate ? privateNote(message, actions) : undefined,
    ),
  );
}

/**
 * Which of a message's controls has the focus, for redrawing the message; undefined when none has.
 */
export function focusWithin(element: HTMLElement): string | undefined {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || !element.contains(focused)) return undefined;
  return focused.dataset["place"] ?? "";
}

/** Moves the focus back to the same control, or to the message when that control is gone. */
export function restoreFocus(element: HTMLElement, place: string): void {
  const same = [...element.querySelectorAll<HTMLElement>("[data-place]")].find(
    (control) => control.dataset["place"] === place,
  );
  (same ?? element.querySelector<HTMLElement>("article"))?.focus({ preventScroll: true });
}

/** The line above a reply: who asked, or which message it replies to. */
function origin(
  { interaction_metadata: asked, message_reference: reference }: PageMessage,
  { find }: MessageActions,
): HTMLElement | undefined {
  const answered = reference === undefined ? undefined : find(reference.message_id);
  if (answered !== undefined) {
    const [embed] = answered.embeds;
    return el(
      "div",
      { class: "origin" },
      el("span", { class: "who" }, answered.author.name),
      " ",
      el("span", { class: "what" }, embed?.title ?? embed?.description ?? answered.content),
    );
  }
  if (asked?.name === undefined) return undefined;
  return el(
    "div",
    { class: "origin" },
    el("span", { class: "who" }, asked.user.name),
    " used ",
    el("span", { class: "used" }, `/${asked.name}`),
  );
}

function contentOf(message: PageMessage, actions: MessageActions): (HTMLElement | undefined)[] {
  const { content, embeds, components, attachments } = message;
  const shown = new Set(embeds.flatMap(({ image, thumbnail }) => [image?.url, thumbnail?.url]));
  const others = attachments.filter(({ filename }) => !shown.has(`attachment://${filename}`));
  const edited =
    message.edited_timestamp === null
      ? undefined
      : el(
          "span",
          { class: "edited", title: new Date(message.edited_timestamp).toLocaleString() },
          "(edited)",
        );
  return [
    content === ""
      ? undefined
      : el(
          "div",
          { class: "content markdown" },
          markdown(content, actions.mentions),
          ...(edited === undefined ? [] : [edited]),
        ),
    ...others.map(attachmentElement),
    ...embeds.map((embed) => embedElement(embed, attachments, actions.mentions)),
    components.length === 0
      ? undefined
      : el(
          "div",
          { class: "components" },
          ...components.map((row, rowIndex) =>
            el(
              "div",
              { class: "action-row" },
              ...row.components.map((component, index) =>
                componentElement(component, `${rowIndex}.${index}`, message, actions),
              ),
            ),
          ),
        ),
    content === "" ? edited : undefined,
  ];
}

function privateNote(message: PageMessage, actions: MessageActions): HTMLElement {
  return el(
    "footer",
    { class: "private-note" },
    icon(EYE),
    el("span", {}, "Only you can see this • "),
    el(
      "button",
      {
        type: "button",
        class: "link-button",
        "data-place": "dismiss",
        onclick: () => actions.dismiss(message),
      },
      "Dismiss message",
    ),
  );
}
