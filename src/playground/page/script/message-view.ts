import type { PageMessage } from "../protocol.ts";
import { attachmentElement } from "./attachment-view.ts";
import { componentElement } from "./component-view.ts";
import { el, icon } from "./dom.ts";
import { embedElement } from "./embed-view.ts";
import { markdown } from "./markdown-view.ts";
import type { MessageActions } from "./message-actions.ts";
import { facts, say, sayWith } from "./say.ts";
import { messageTime } from "./time-view.ts";

/** Discord's flag of a message that only one member sees. */
export const EPHEMERAL = 64;
/** Discord's flag of a message that the bot is still thinking about. */
export const LOADING = 128;

const WARNING = "M12 8v5M12 16.5v.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z";
const EYE = "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zm10 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6z";

const DOTS = "M5 12h.01M12 12h.01M19 12h.01";

/** Why a message's reply never came, and what can be done about it. */
export type Failure = {
  readonly sentence: string;
  retry?(): void;
  /** Absent for a message that the others see as well. */
  dismiss?(): void;
};

/** A message as Discord shows it; `failure` takes the place of the reply. */
export function messageElement(
  message: PageMessage,
  actions: MessageActions,
  failure?: Failure,
): HTMLLIElement {
  const { author } = message;
  const isPrivate = (message.flags & EPHEMERAL) !== 0 || failure?.dismiss !== undefined;
  const isThinking = failure === undefined && (message.flags & LOADING) !== 0;
  const dismiss = failure?.dismiss ?? (() => actions.dismiss(message));
  const nameId = `author-${message.id}`;
  const body =
    failure !== undefined
      ? failureOf(failure)
      : isThinking
        ? [thinking(author.name)]
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
        author.bot === true
          ? el("img", { src: "/assets/favicon.svg", alt: "", width: 40, height: 40 })
          : el("span", { class: "initial" }, author.name.slice(0, 1)),
      ),
      el(
        "header",
        { class: "byline", id: nameId },
        el("span", { class: "author" }, author.name),
        " ",
        author.bot === true ? el("span", { class: "tag" }, say("playground.app-tag")) : undefined,
        " ",
        messageTime(message.timestamp),
      ),
      el("div", { class: "body" }, ...body),
      isPrivate ? privateNote(dismiss) : undefined,
      isPrivate || isThinking || failure !== undefined ? undefined : appsMenu(message, actions),
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

/** The line above a reply: who used what, and the message that it replies to. */
function origin(
  { interaction_metadata: asked, message_reference: reference }: PageMessage,
  { find, mentions }: MessageActions,
): HTMLElement | undefined {
  if (asked === undefined) return undefined;
  const answered = reference === undefined ? undefined : find(reference.message_id);
  const by = mentions.isVisitor(asked.user) ? ("you" as const) : ("other" as const);
  const who = el("span", { class: "who" }, mentions.nameOf(asked.user));
  const [embed] = answered?.embeds ?? [];
  const message =
    answered &&
    el(
      "button",
      {
        type: "button",
        class: "what",
        "data-place": "answered",
        onclick: () => mentions.visit(answered.channel_id, answered.id),
      },
      embed?.author?.name ?? embed?.title ?? answered.content.slice(0, 80),
    );
  const command = asked.name && el("span", { class: "used" }, usedName(asked.name, mentions));
  const words = command
    ? message
      ? sayWith("playground.used.on", { by, who, command, message })
      : sayWith("playground.used", { by, who, command })
    : message
      ? sayWith("playground.used-button.on", { by, who, message })
      : sayWith("playground.used-button", { by, who });
  return el("div", { class: "origin" }, ...words);
}

/** A command that was used, as the visitor would type it or choose it in a message's menu. */
function usedName(name: string, { entries, messageCommands }: MessageActions["mentions"]): string {
  const onMessage = messageCommands.find((command) => command.name === name);
  const typed = entries.find((entry) => entry.name === name)?.shownName ?? name;
  return onMessage?.shownName ?? `/${typed}`;
}

function thinking(name: string): HTMLElement {
  return el(
    "p",
    { class: "thinking" },
    el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")),
    say("playground.thinking", { bot: name }),
  );
}

function failureOf({ sentence, retry }: Failure): HTMLElement[] {
  const button =
    retry === undefined
      ? []
      : [
          el(
            "button",
            { type: "button", class: "button small", onclick: retry },
            say("playground.try-again"),
          ),
        ];
  return [el("p", { class: "failure" }, icon(WARNING), sentence), ...button];
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
          {
            class: "edited",
            title: new Date(message.edited_timestamp).toLocaleString(facts().locale),
          },
          say("playground.edited"),
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

/** The menu of a message, with the commands of apps on it. */
function appsMenu(
  message: PageMessage,
  { check, mentions: { messageCommands } }: MessageActions,
): HTMLElement | undefined {
  if (messageCommands.length === 0) return undefined;
  const close = () => {
    menu.open = false;
  };
  const commands = messageCommands.map(({ name, shownName }) =>
    el(
      "button",
      {
        type: "button",
        "data-place": `apps-${name}`,
        onclick: () => {
          close();
          void check(message, name);
        },
      },
      el("span", { class: "muted" }, `${say("playground.apps")} › `),
      shownName,
    ),
  );
  const menu: HTMLDetailsElement = el(
    "details",
    {
      class: "apps",
      onkeydown: (event) => {
        if (!(event instanceof KeyboardEvent) || event.key !== "Escape" || !menu.open) return;
        close();
        menu.querySelector("summary")?.focus();
      },
      onfocusout: (event) => {
        const next = event instanceof FocusEvent ? event.relatedTarget : null;
        if (next instanceof Node && !menu.contains(next)) close();
      },
    },
    el(
      "summary",
      { "aria-label": say("playground.message-menu"), "data-place": "apps" },
      icon(DOTS),
    ),
    el("div", { class: "apps-list" }, ...commands),
  );
  return menu;
}

function privateNote(dismiss: () => void): HTMLElement {
  return el(
    "footer",
    { class: "private-note" },
    icon(EYE),
    el("span", {}, `${say("playground.private")} • `),
    el(
      "button",
      { type: "button", class: "link-button", "data-place": "dismiss", onclick: dismiss },
      say("playground.dismiss"),
    ),
  );
}
