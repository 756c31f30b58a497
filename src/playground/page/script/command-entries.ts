import type { APIApplicationCommandBasicOption } from "discord-api-types/v10";
import type { PageFacts, PageMember } from "../protocol.ts";

/** Something that can be sent: a command, or one of its subcommands. */
export type Entry = {
  /** As it is typed after the slash: `lambo`, `config set`. */
  readonly name: string;
  readonly command: string;
  readonly subcommand: string | undefined;
  readonly description: string;
  readonly options: readonly APIApplicationCommandBasicOption[];
  /** Permission bits that a member needs. */
  readonly needs: bigint;
};

/** A value as Discord sends it. */
export type OptionValue = string | number | boolean;

/** A channel or role that an option may name. */
export type Named = { readonly id: string; readonly name: string; readonly type?: number };

const SUBCOMMAND = 1;
const GUILD_CONTEXT = 0;

/** Discord's option types, by what the page does with them. */
export const OPTION = {
  string: 3,
  integer: 4,
  boolean: 5,
  channel: 7,
  role: 8,
  number: 10,
} as const;

/** Everything that can be sent in a server, in the order of the list. */
export function entriesOf(commands: PageFacts["commands"]): readonly Entry[] {
  return commands
    .filter(
      ({ contexts }) => contexts == null || contexts.some((context) => context === GUILD_CONTEXT),
    )
    .flatMap((command): Entry[] => {
      const options = command.options ?? [];
      const shared = {
        command: command.name,
        needs: BigInt(command.default_member_permissions ?? 0),
      };
      const subcommands = options.filter((option) => option.type === SUBCOMMAND);
      if (subcommands.length === 0) {
        // Without subcommands every option is one that takes a value.
        const basic = options as readonly APIApplicationCommandBasicOption[];
        return [
          {
            ...shared,
            name: command.name,
            subcommand: undefined,
            description: command.description,
            options: basic,
          },
        ];
      }
      return subcommands.map((subcommand) => ({
        ...shared,
        name: `${command.name} ${subcommand.name}`,
        subcommand: subcommand.name,
        description: subcommand.description,
        options: subcommand.options ?? [],
      }));
    });
}

/** Whether Discord would offer it to this member. */
export function isOffered(entry: Entry, member: PageMember): boolean {
  return (BigInt(member.permissions) & entry.needs) === entry.needs;
}

/** The entries that a text after the slash may become: those that begin with it first. */
export function matching(entries: readonly Entry[], typed: string): readonly Entry[] {
  const text = typed.trim().toLowerCase();
  const begins = entries.filter(({ name }) => name.startsWith(text));
  const contains = entries.filter(
    ({ name, description }) =>
      !name.startsWith(text) && `${name} ${description.toLowerCase()}`.includes(text),
  );
  return [...begins, ...contains];
}

/**
 * The choices that an option has by itself; undefined when anything may be typed, or the bot
 * suggests.
 */
export function fixedChoices(
  option: APIApplicationCommandBasicOption,
  named: { readonly channels: readonly Named[]; readonly roles: readonly Named[] },
): readonly { readonly name: string; readonly value: OptionValue }[] | undefined {
  if (option.type === OPTION.boolean)
    return [true, false].map((value) => ({ name: value ? "True" : "False", value }));
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

/** What a typed text means for an option, or why Discord would not send it. */
export function meantValue(
  option: APIApplicationCommandBasicOption,
  typed: string,
  fixed: readonly { readonly name: string; readonly value: OptionValue }[] | undefined,
): { readonly value: OptionValue } | { readonly problem: string } {
  if (fixed !== undefined) {
    const wanted = typed.toLowerCase();
    const found = fixed.find(({ name }) =>
      [name.toLowerCase(), name.toLowerCase().slice(1)].includes(wanted),
    );
    return found === undefined
      ? { problem: `Choose ${option.name} from its list.` }
      : { value: found.value };
  }
  if (option.type !== OPTION.number && option.type !== OPTION.integer) return { value: typed };
  const value = Number(typed);
  if (!Number.isFinite(value) || (option.type === OPTION.integer && !Number.isInteger(value))) {
    return {
      problem: `${option.name} is a ${option.type === OPTION.integer ? "whole " : ""}number, such as 1000.`,
    };
  }
  const { min_value: least, max_value: most } = option;
  if (least !== undefined && value < least)
    return { problem: `${option.name} is at least ${least}.` };
  if (most !== undefined && value > most) return { problem: `${option.name} is at most ${most}.` };
  return { value };
}

/**
 * The options named in a text such as `coin:doge amount:1000`; what stands before the first name is
 * left over.
 */
export function typedOptions(
  text: string,
  options: Entry["options"],
): { readonly values: readonly (readonly [string, string])[]; readonly rest: string } {
  const names = options.map(({ name }) => name);
  const marks = [...text.matchAll(/(?:^|\s)([-_'\p{L}\p{N}]{1,32}):/gu)].filter(([, name = ""]) =>
    names.includes(name),
  );
  const values = marks.map((mark, at) => {
    const end = marks[at + 1]?.index ?? text.length;
    return [mark[1] ?? "", text.slice(mark.index + mark[0].length, end).trim()] as const;
  });
  return { values, rest: text.slice(0, marks[0]?.index ?? text.length).trim() };
}
