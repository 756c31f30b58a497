import type { PageOption } from "../protocol.ts";
import { type Entry, matching, shownName } from "./command-entries.ts";
import type { Choice } from "./listbox.ts";
import type { NamedValue, OptionValue } from "./option-values.ts";

/** What a row of the message box's list stands for. */
export type Row =
  | { readonly kind: "entry"; readonly entry: Entry }
  | { readonly kind: "option"; readonly option: PageOption }
  | { readonly kind: "value"; readonly name: string; readonly value: OptionValue };

/** The commands that a text after the slash may become. */
export function entryRows(entries: readonly Entry[], typed: string): readonly Choice<Row>[] {
  return matching(entries, typed).map((entry) => ({
    value: { kind: "entry", entry },
    name: `/${entry.shownName}`,
    note: entry.description,
  }));
}

/** The options whose names contain a text, in the visitor's language or English. */
export function optionRows(options: readonly PageOption[], typed: string): readonly Choice<Row>[] {
  return options
    .filter((option) => [shownName(option), option.name].some((name) => name.includes(typed)))
    .map((option) => ({
      value: { kind: "option", option },
      name: shownName(option),
      note: option.description,
    }));
}

/** The values of an option. */
export function valueRows(values: readonly NamedValue[]): readonly Choice<Row>[] {
  return values.map((each) => ({ value: { kind: "value", ...each }, name: each.name }));
}
