import type { PageOption } from "../protocol.ts";
import { shownName } from "./command-entries.ts";
import { CROSS, el, icon } from "./dom.ts";
import {
  fixedChoices,
  type NamedThings,
  type NamedValue,
  OPTION,
  type OptionValue,
  parseValue,
} from "./option-values.ts";
import { say } from "./say.ts";
import type { SentOption } from "./sent-interaction.ts";

/** An option of the command in the message box: its name, and the field for its value. */
export type Pill = {
  readonly option: PageOption;
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  /** The value that was chosen from the list; typing clears it. */
  chosen: NamedValue | undefined;
  /** Added together with the command: if left empty, it is not sent. */
  isUnasked: boolean;
};

/** The longest text that Discord takes for an option. */
const MAX_OPTION_LENGTH = 6_000;

/** Makes the field for an option; `remove` is called when its cross is pressed. */
export function createPill(option: PageOption, remove: () => void): Pill {
  const name = shownName(option);
  const label = say(
    option.required === true ? "playground.option.required" : "playground.option.optional",
    { option: name },
  );
  const input = comboboxInput(`option-${option.name}`, label, MAX_OPTION_LENGTH);
  if ("max_length" in option && option.max_length !== undefined)
    input.maxLength = option.max_length;
  if (option.type === OPTION.number || option.type === OPTION.integer) input.inputMode = "decimal";
  return {
    option,
    input,
    chosen: undefined,
    isUnasked: false,
    element: el(
      "span",
      { class: "pill" },
      el("label", { for: input.id }, name),
      input,
      option.required === true ? undefined : cross(name, remove),
    ),
  };
}

/** Removes an option by touch or mouse; by keyboard, Backspace in its empty field does. */
function cross(name: string, remove: () => void): HTMLElement {
  return el(
    "button",
    {
      type: "button",
      class: "drop",
      tabindex: -1,
      "aria-label": say("playground.remove", { option: name }),
      onclick: remove,
    },
    icon(CROSS),
  );
}

/** A text field that opens a list of what may be typed into it. */
export function comboboxInput(id: string, label: string, maxLength: number): HTMLInputElement {
  return el("input", {
    id,
    type: "text",
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-label": label,
    maxlength: maxLength,
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    enterkeyhint: "send",
  });
}

/** Puts a text into a pill, and makes the field as wide as the text. */
export function fillPill(pill: Pill, text: string, chosen?: NamedValue): void {
  pill.input.value = text;
  pill.chosen = chosen;
  fitWidth(pill.input);
}

/** Makes a field as wide as its text, within limits. */
export function fitWidth(field: HTMLInputElement): void {
  field.size = Math.min(40, Math.max(4, field.value.length + 1));
}

/** The value of a pill, or why Discord would not send it. */
export function pillValue(
  { option, input, chosen }: Pill,
  named: NamedThings,
): { readonly value: OptionValue } | { readonly problem: string } {
  return chosen ?? parseValue(option, input.value.trim(), fixedChoices(option, named));
}

/** The pills as Discord sends them, without those whose value it would not send. */
export function sentOptions(pills: readonly Pill[], named: NamedThings): readonly SentOption[] {
  return pills.flatMap((pill) => {
    const { type, name } = pill.option;
    const parsed = pillValue(pill, named);
    return "value" in parsed ? [{ type, name, value: parsed.value }] : [];
  });
}
