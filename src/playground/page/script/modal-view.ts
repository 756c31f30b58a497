import type {
  APIModalInteractionResponseCallbackData,
  APITextInputComponent,
} from "discord-api-types/v10";
import { isBlank } from "./blank-text.ts";
import { el } from "./dom.ts";
import { say } from "./say.ts";

const ACTION_ROW = 1;
const TEXT_INPUT = 4;
const LABEL = 18;
const PARAGRAPH = 2;
/** The longest text that Discord takes in a modal. */
const MAX_LENGTH = 4_000;

/** A modal as the bot describes it. */
export type Modal = APIModalInteractionResponseCallbackData;

/** A filled-in modal as Discord sends it. */
export type ModalData = { readonly custom_id: string; readonly components: readonly object[] };

type Field = {
  readonly input: HTMLInputElement | HTMLTextAreaElement;
  readonly element: HTMLElement;
  readonly isRequired: boolean;
  /** The filled-in component, in the shape in which it came. */
  sent(): object;
};

/** How many modals the page has shown: their fields need unique ids. */
let modals = 0;

/**
 * Shows a modal as Discord does: it keeps the focus until it is sent or closed. `send` rejects when
 * it could not be sent; `closed` is called when the modal is gone.
 */
export function showModal(
  modal: Modal,
  send: (data: ModalData) => Promise<void>,
  closed: () => void,
): void {
  modals += 1;
  const fields = modal.components.flatMap((component, index) =>
    fieldOf(component, `modal-${modals}-${index}`),
  );
  const titleId = `modal-${modals}-title`;
  const problem = el("p", { class: "failure", role: "alert" });
  const submit = el(
    "button",
    { type: "submit", class: "button primary" },
    say("playground.submit"),
  );
  const cancel = el(
    "button",
    { type: "button", class: "button secondary", onclick: () => dialog.close() },
    say("playground.cancel"),
  );
  const form = el(
    "form",
    { novalidate: true, autocomplete: "off" },
    el("h2", { id: titleId }, modal.title),
    ...fields.map(({ element }) => element),
    problem,
    el("div", { class: "modal-buttons" }, cancel, submit),
  );
  const dialog = el("dialog", { class: "modal", "aria-labelledby": titleId }, form);

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (submit.getAttribute("aria-busy") === "true") return;
    const empty = fields.find(({ isRequired, input }) => isRequired && isBlank(input.value));
    for (const { input } of fields) input.removeAttribute("aria-invalid");
    if (empty !== undefined) {
      empty.input.setAttribute("aria-invalid", "true");
      empty.input.focus();
      problem.textContent = say("playground.field-required");
      return;
    }
    problem.textContent = "";
    submit.setAttribute("aria-busy", "true");
    const components = fields.map((field) => field.sent());
    send({ custom_id: modal.custom_id, components })
      .then(() => dialog.close())
      .catch(() => {
        // As Discord says it; what was typed stays.
        problem.textContent = say("playground.went-wrong");
      })
      .finally(() => submit.removeAttribute("aria-busy"));
  });
  // A press beside the dialog has the dialog itself as its target. It must not lose what was typed.
  const typed = () => fields.map(({ input }) => input.value).join("\n");
  const prefilled = typed();
  dialog.addEventListener("mousedown", ({ target }) => {
    if (target === dialog && typed() === prefilled) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    closed();
  });
  document.body.append(dialog);
  dialog.showModal();
  fields[0]?.input.focus();
  fields[0]?.input.select();
}

function fieldOf(component: Modal["components"][number], id: string): Field[] {
  if (component.type === LABEL && component.component.type === TEXT_INPUT) {
    const { label, description, component: text } = component;
    const drawn = drawField(text, { id, label, description });
    const sent = () => ({ type: LABEL, component: filledIn(text, drawn.input) });
    return [{ ...drawn, sent }];
  }
  if (component.type !== ACTION_ROW) return [];
  return component.components.flatMap((text, index): Field[] => {
    const label = text.label ?? "";
    const drawn = drawField(text, { id: `${id}-${index}`, label, description: undefined });
    return [
      { ...drawn, sent: () => ({ type: ACTION_ROW, components: [filledIn(text, drawn.input)] }) },
    ];
  });
}

const filledIn = ({ custom_id }: APITextInputComponent, { value }: Field["input"]) => ({
  type: TEXT_INPUT,
  custom_id,
  value,
});

function drawField(
  text: APITextInputComponent,
  about: {
    readonly id: string;
    readonly label: string;
    readonly description: string | undefined;
  },
): Omit<Field, "sent"> {
  const { id, label, description } = about;
  const isRequired = text.required !== false;
  const most = text.max_length ?? MAX_LENGTH;
  const attributes = {
    id,
    maxlength: most,
    placeholder: text.placeholder,
    autocomplete: "off",
    spellcheck: "false",
    "aria-required": String(isRequired),
    "aria-describedby": `${id}-about`,
  };
  const input =
    text.style === PARAGRAPH
      ? el("textarea", { ...attributes, rows: 4 })
      : el("input", { ...attributes, type: "text" });
  input.value = text.value ?? "";
  const count = el("span", { class: "count" });
  const showCount = () => {
    count.textContent = `${input.value.length}/${most}`;
  };
  input.addEventListener("input", showCount);
  showCount();
  const element = el(
    "div",
    { class: "modal-field" },
    el(
      "label",
      { for: id },
      label,
      isRequired ? el("span", { class: "required", "aria-hidden": "true" }, " *") : undefined,
    ),
    description === undefined ? undefined : el("p", { class: "modal-note" }, description),
    input,
    el("p", { class: "modal-note", id: `${id}-about` }, count),
  );
  return { input, element, isRequired };
}
