import type { APIApplicationCommandBasicOption } from "discord-api-types/v10";
import { type Entry, matching, type NamedValue, type OptionValue } from "./command-entries.ts";
import type { Choice } from "./listbox.ts";

/** What a row of the message box's list stands for. */
export type Row =
  | { readonly kind: "entry"; readonly entry: Entry }
  | { readonly kind: "option"; readonly option: APIApplicationCommandBasicOption }
  | { readonly kind: "value"; readonly name: string; readonly value: OptionValue };

/** The commands that a text after the slash may become. */
export function entryRows(entries: readonly Entry[], typed: string): readonly Choice<Row>[] {
  return matching(entries, typed).map((entry) => ({
    value: { kind: "entry", entry },
    name: `/${entry.name}`,
    note: entry.description,
  }));
}

/** The options whose names contain a text. */
export function optionRows(
  options: readonly APIApplicationCommandBasicOption[],
  typed: string,
): readonly Choice<Row>[] {
  return options
    .filter(({ name }) => name.includes(typed))
    .map((option) => ({
      value: { kind: "option", option },
      name: option.name,
      note: option.description,
    }));
}

/** The values of an option. */
export function valueRows(values: readonly NamedValue[]): readonly Choice<Row>[] {
  return values.map((each) => ({ value: { kind: "value", ...each }, name: each.name }));
}
