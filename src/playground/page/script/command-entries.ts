import type { APIApplicationCommandBasicOption } from "discord-api-types/v10";
import type { PageFacts, PageMember } from "../protocol.ts";

/** A command, or one subcommand of it: what a visitor can send. */
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

/** A value under the name by which it is chosen. */
export type NamedValue = { readonly name: string; readonly value: OptionValue };

/** A channel or role that an option may name. */
export type Named = { readonly id: string; readonly name: string; readonly type?: number };

/** The server's channels and roles that options may name. */
export type NamedThings = {
  readonly channels: readonly Named[];
  readonly roles: readonly Named[];
};

const SUBCOMMAND = 1;
const GUILD_CONTEXT = 0;
/** Discord's type of a command in the menu of messages. */
const ON_MESSAGE = 3;

/** The option types of Discord that the page treats specially. */
export const OPTION = {
  string: 3,
  integer: 4,
  boolean: 5,
  channel: 7,
  role: 8,
  number: 10,
} as const;

/** Every command and subcommand that works in a server, in the order of the list. */
export function entriesOf(commands: PageFacts["commands"]): readonly Entry[] {
  return commands
    .filter(isInServers)
    .filter((command) => "description" in command)
    .flatMap((command): Entry[] => {
      const options = command.options ?? [];
      const shared = {
        command: command.name,
        needs: BigInt(command.default_member_permissions ?? 0),
      };
      const subcommands = options.filter((option) => option.type === SUBCOMMAND);
      if (subcommands.length === 0) {
        // Without subcommands, every option takes a value.
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

/** The names of the commands in the menu of messages that work in a server. */
export function messageCommandsOf(commands: PageFacts["commands"]): readonly string[] {
  return commands
    .filter(isInServers)
    .flatMap((command) => (command.type === ON_MESSAGE ? [command.name] : []));
}

const isInServers = ({ contexts }: PageFacts["commands"][number]) =>
  contexts == null || contexts.some((context) => context === GUILD_CONTEXT);

/** Whether the bot makes suggestions while the option is typed. */
export function isSuggested(option: APIApplicationCommandBasicOption): boolean {
  return "autocomplete" in option && option.autocomplete === true;
}

/** Whether Discord would offer an entry to this member. */
export function isOffered(entry: Entry, member: PageMember): boolean {
  return (BigInt(member.permissions) & entry.needs) === entry.needs;
}

/**
 * The entry whose name a text begins with, followed by a space, and the rest of the text. The slash
 * may be missing or full-width, and letters may be capitals.
 */
export function typedEntry(
  entries: readonly Entry[],
  text: string,
): { readonly entry: Entry; readonly rest: string } | undefined {
  const words = text.replace(/^\s*[/\uff0f]?\s*/u, "");
  for (const entry of entries) {
    const name = new RegExp(`^${entry.name.replaceAll(" ", "\\s+")}\\s`, "iu").exec(words);
    if (name !== null) return { entry, rest: words.slice(name[0].length).trim() };
  }
  return undefined;
}

/** The entries that match a text after the slash; entries that begin with it come first. */
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
 * The values that an option can be chosen from; undefined if anything may be typed or the bot makes
 * suggestions.
 */
export function fixedChoices(
  option: APIApplicationCommandBasicOption,
  named: NamedThings,
): readonly NamedValue[] | undefined {
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

/** The value that a typed text stands for, or why Discord would not send it. */
export function parseValue(
  option: APIApplicationCommandBasicOption,
  typed: string,
  fixed: readonly NamedValue[] | undefined,
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
 * The options named in a text such as `coin:doge amount:1000`; `rest` is the text before the first
 * name.
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
