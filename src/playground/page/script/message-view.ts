import type {
  APIButtonComponent,
  APIComponentInMessageActionRow,
  APIEmbed,
  APIStringSelectComponent,
} from "discord-api-types/v10";
import type { PageAttachment, PageMessage } from "../protocol.ts";
import { el, icon } from "./dom.ts";
import { createListbox } from "./listbox.ts";
import { type Mentions, markdown } from "./markdown-view.ts";
import { messageTime } from "./time-view.ts";

/** What a message's buttons, menus and links do. */
export type MessageActions = {
  readonly mentions: Mentions;
  /**
   * Presses a button or sends a menu's choice; resolves when it was acknowledged, and never
   * rejects.
   */
  use(
    message: PageMessage,
    data: {
      readonly custom_id: string;
      readonly component_type: number;
      readonly values?: readonly string[];
    },
  ): Promise<void>;
  dismiss(message: PageMessage): void;
  find(messageId: string): PageMessage | undefined;
};

const EPHEMERAL = 64;
const LOADING = 128;

const BUTTON = 2;
const STRING_SELECT = 3;

const BUTTON_STYLES: Readonly<Record<number, string>> = {
  1: "primary",
  2: "secondary",
  3: "success",
  4: "danger",
  5: "link",
};

const EYE = "M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12zm10 3a3 3 0 1 0 0-6 3 3 0 0 0 0 6z";
const DOWN = "M6 9l6 6 6-6";
const OUT = "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6";

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
 * Where the focus was in a message that is about to be drawn again; undefined when it was
 * elsewhere.
 */
export function focusWithin(element: HTMLElement): string | undefined {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || !element.contains(focused)) return undefined;
  return focused.dataset["place"] ?? "";
}

/** Puts the focus back where it was, or on the message when that place is gone. */
export function restoreFocus(element: HTMLElement, place: string): void {
  const same = [...element.querySelectorAll<HTMLElement>("[data-place]")].find(
    (control) => control.dataset["place"] === place,
  );
  (same ?? element.querySelector<HTMLElement>("article"))?.focus({ preventScroll: true });
}

/** The line above an answer: who asked, or what it answers. */
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

function embedElement(
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
    // Pictures of other hosts are not fetched: coins get their initials instead of their logo.
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
    isLinked ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text) : text,
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

function imageElement(attachment: PageAttachment, className: string): HTMLElement {
  const { url, description = "", width, height } = attachment;
  return el(
    "a",
    { class: className, href: url, target: "_blank", rel: "noopener" },
    el("img", { src: url, alt: description, title: description, width, height }),
  );
}

function attachmentElement(attachment: PageAttachment): HTMLElement {
  if (attachment.content_type.startsWith("image/"))
    return imageElement(attachment, "attachment-image");
  return el(
    "p",
    { class: "attachment" },
    el("a", { href: attachment.url, download: attachment.filename }, attachment.filename),
  );
}

function initialsOf(name: string): string {
  const [first = "?"] = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...first].slice(0, 1).join("").toUpperCase();
}

function componentElement(
  component: APIComponentInMessageActionRow,
  place: string,
  message: PageMessage,
  actions: MessageActions,
): HTMLElement {
  if (component.type === BUTTON) return buttonElement(component, place, message, actions);
  if (component.type === STRING_SELECT) return menuElement(component, place, message, actions);
  return el("p", { class: "attachment" }, "This kind of menu is only shown by Discord.");
}

function buttonElement(
  button: APIButtonComponent,
  place: string,
  message: PageMessage,
  actions: MessageActions,
): HTMLElement {
  const label = "label" in button && button.label !== undefined ? button.label : "";
  const emoji = "emoji" in button ? (button.emoji?.name ?? "") : "";
  const words = [emoji, label].filter((word) => word !== "").join(" ");
  const look = `button ${BUTTON_STYLES[button.style] ?? "secondary"}`;
  if ("url" in button) {
    return el(
      "a",
      {
        class: look,
        href: button.url,
        target: "_blank",
        rel: "noopener noreferrer",
        "data-place": place,
      },
      words,
      icon(OUT),
    );
  }
  const element = el(
    "button",
    { type: "button", class: look, "data-place": place, disabled: button.disabled === true },
    words,
  );
  element.addEventListener("click", () => {
    if (!("custom_id" in button) || element.getAttribute("aria-busy") === "true") return;
    element.setAttribute("aria-busy", "true");
    void actions
      .use(message, { component_type: BUTTON, custom_id: button.custom_id })
      .finally(() => element.removeAttribute("aria-busy"));
  });
  return element;
}

let menus = 0;

function menuElement(
  menu: APIStringSelectComponent,
  place: string,
  message: PageMessage,
  actions: MessageActions,
): HTMLElement {
  menus += 1;
  const most = menu.max_values ?? 1;
  const least = menu.min_values ?? 1;
  const label = menu.placeholder ?? "Choose";
  const preset = menu.options.filter((option) => option.default === true).map(({ value }) => value);
  let picked: readonly string[] = preset;

  const shown = el("span", { class: "menu-label" });
  const control = el(
    "button",
    {
      type: "button",
      class: "menu",
      role: "combobox",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-label": label,
      "data-place": place,
      disabled: menu.disabled === true,
    },
    shown,
    icon(DOWN),
  );
  const popup = el("div", { class: "popup menu-popup" });
  popup.hidden = true;
  const listbox = createListbox<string>(popup, `menu-${menus}`);
  show();

  function show(): void {
    const names = menu.options
      .filter(({ value }) => picked.includes(value))
      .map((option) => option.label);
    shown.textContent = names.length === 0 ? label : names.join(", ");
    shown.classList.toggle("placeholder", names.length === 0);
    control.setAttribute(
      "aria-label",
      names.length === 0 ? label : `${label}: ${names.join(", ")}`,
    );
  }

  function open(
    activeIndex = Math.max(
      0,
      menu.options.findIndex(({ value }) => picked.includes(value)),
    ),
  ): void {
    listbox.open(control, {
      title: label,
      activeIndex,
      isMultiple: most > 1,
      choices: menu.options.map(({ value, label: name, description }) => ({
        value,
        name,
        isSelected: picked.includes(value),
        ...(description !== undefined && { note: description }),
      })),
      choose,
    });
    const below = window.innerHeight - control.getBoundingClientRect().bottom;
    popup.classList.toggle("above", below < popup.offsetHeight + 16);
  }

  function choose(value: string): void {
    if (most === 1) {
      picked = [value];
      close(true);
      return;
    }
    const others = picked.filter((other) => other !== value);
    picked = others.length < picked.length ? others : [...others, value].slice(-most);
    open(menu.options.findIndex((option) => option.value === value));
  }

  function close(isDone: boolean): void {
    if (!listbox.isOpen()) return;
    listbox.close();
    const isChanged = picked.join("\n") !== preset.join("\n");
    if (!isDone || picked.length < least || !(isChanged || most === 1)) {
      picked = preset;
      show();
      return;
    }
    show();
    control.setAttribute("aria-busy", "true");
    void actions
      .use(message, { component_type: STRING_SELECT, custom_id: menu.custom_id, values: picked })
      .finally(() => {
        control.removeAttribute("aria-busy");
        // Discord, too, shows the old choice again unless the message was changed.
        picked = preset;
        show();
      });
  }

  control.addEventListener("click", () => {
    if (listbox.isOpen()) close(most > 1);
    else open();
  });
  control.addEventListener("blur", () => close(most > 1));
  control.addEventListener("keydown", (event) => {
    const { key } = event;
    if (!listbox.isOpen()) {
      if (key !== "ArrowDown" && key !== "ArrowUp") return;
      event.preventDefault();
      open();
      return;
    }
    if (key === "ArrowDown") listbox.move("next");
    else if (key === "ArrowUp") listbox.move("previous");
    else if (key === "Home") listbox.move("first");
    else if (key === "End") listbox.move("last");
    else if (key === "Enter" || key === " ") listbox.chooseActive();
    else if (key === "Escape") close(false);
    else if (key.length === 1) listbox.moveTo(key);
    else return;
    event.preventDefault();
  });
  return el("div", { class: "menu-box" }, control, popup);
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
