import type { PageOption } from "../protocol.ts";
import { shownName } from "./command-entries.ts";
import { count, say } from "./say.ts";

/** A value as Discord sends it. */
export type OptionValue = string | number | boolean;

/** A value under the name by which it is chosen. */
export type NamedValue = { readonly name: string; readonly value: OptionValue };

/** A channel or role that an option may name. */
export type Named = { readonly id: string; readonly name: string; readonly type?: number };

/** The server's channels and roles that options may name. */
export type NamedThings = {
  readonly channels: readonly Named[];
  readonly roles: readonly Named[];
};

/** The option types of Discord that the page treats specially. */
export const OPTION = {
  string: 3,
  integer: 4,
  boolean: 5,
  channel: 7,
  role: 8,
  number: 10,
} as const;

/**
 * The values that an option can be chosen from; undefined if anything may be typed or the bot makes
 * suggestions.
 */
export function fixedChoices(
  option: PageOption,
  named: NamedThings,
): readonly NamedValue[] | undefined {
  if (option.type === OPTION.boolean)
    return [
      { name: say("playground.true"), value: true },
      { name: say("playground.false"), value: false },
    ];
  if (option.type === OPTION.channel) {
    const types: readonly number[] = option.channel_types ?? [];
    const fitting = named.channels.filter(
      ({ type }) => types.length === 0 || (type !== undefined && types.includes(type)),
    );
    return fitting.map(({ id, name }) => ({ name: `#${name}`, value: id }));
  }
  if (option.type === OPTION.role)
    return named.roles.map(({ id, name }) => ({ name: `@${name}`, value: id }));
  return "choices" in option && option.choices !== undefined && option.choices.length > 0
    ? option.choices
    : undefined;
}

/** The value that a typed text stands for, or why Discord would not send it. */
export function parseValue(
  option: PageOption,
  typed: string,
  fixed: readonly NamedValue[] | undefined,
): { readonly value: OptionValue } | { readonly problem: string } {
  if (fixed !== undefined) {
    const wanted = typed.toLowerCase();
    const found = fixed.find(({ name, value }) =>
      [name.toLowerCase(), name.toLowerCase().slice(1), String(value)].includes(wanted),
    );
    return found === undefined
      ? { problem: say("playground.choose-from-list", { option: shownName(option) }) }
      : { value: found.value };
  }
  if (option.type !== OPTION.number && option.type !== OPTION.integer) return { value: typed };
  const value = Number(typed);
  if (!Number.isFinite(value) || (option.type === OPTION.integer && !Number.isInteger(value))) {
    return {
      problem: say(
        option.type === OPTION.integer ? "playground.whole-number" : "playground.number",
        { option: shownName(option) },
      ),
    };
  }
  const { min_value: least, max_value: most } = option;
  const within = (bound: number) => ({ option: shownName(option), bound: count(bound) });
  if (least !== undefined && value < least)
    return { problem: say("playground.at-least", within(least)) };
  if (most !== undefined && value > most)
    return { problem: say("playground.at-most", within(most)) };
  return { value };
}
