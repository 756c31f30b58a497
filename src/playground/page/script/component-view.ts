import type { APIButtonComponent, APIComponentInMessageActionRow } from "discord-api-types/v10";
import type { PageMessage } from "../protocol.ts";
import { el, icon } from "./dom.ts";
import { linkElement } from "./link-view.ts";
import { Menu } from "./menu-view.ts";
import type { MessageActions } from "./message-actions.ts";
import { say } from "./say.ts";

const BUTTON = 2;
const STRING_SELECT = 3;

const BUTTON_STYLES: Readonly<Record<number, string>> = {
  1: "primary",
  2: "secondary",
  3: "success",
  4: "danger",
  5: "link",
};

const OUT = "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6";

/** A button or menu below a message; `place` distinguishes it from the message's other controls. */
export function componentElement(
  component: APIComponentInMessageActionRow,
  place: string,
  message: PageMessage,
  actions: MessageActions,
): HTMLElement {
  if (component.type === BUTTON) return buttonElement(component, place, message, actions);
  if (component.type === STRING_SELECT) {
    const use = (values: readonly string[]) =>
      actions.use(message, {
        component_type: STRING_SELECT,
        custom_id: component.custom_id,
        values,
      });
    return new Menu(component, place, use).element;
  }
  return el("p", { class: "attachment" }, say("playground.discord-only"));
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
    const attributes = { class: look, "data-place": place };
    return linkElement(button.url, attributes, [words, icon(OUT)], actions.mentions);
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
