import type { PageCommand, PageMember, PageOption } from "../protocol.ts";

/** A command, or one subcommand of it: what a visitor can send. */
export type Entry = {
  /** As it is typed after the slash in English, and sent: `lambo`, `config set`. */
  readonly name: string;
  /** The same in the visitor's language. */
  readonly shownName: string;
  readonly command: string;
  readonly subcommand: string | undefined;
  readonly description: string;
  readonly options: readonly PageOption[];
  /** Permission bits that a member needs. */
  readonly needs: bigint;
};

/** A command in the menu of messages: its name as it is sent, and in the visitor's language. */
export type MessageCommand = Pick<Entry, "name" | "shownName">;

const SUBCOMMAND = 1;
const GUILD_CONTEXT = 0;
/** Discord's type of a command in the menu of messages. */
const ON_MESSAGE = 3;

/** What a command, subcommand or option is called in the visitor's language. */
export function shownName(part: {
  readonly name: string;
  readonly name_localized?: string;
}): string {
  return part.name_localized ?? part.name;
}

/** Every command and subcommand that works in a server, in the order of the list. */
export function entriesOf(commands: readonly PageCommand[]): readonly Entry[] {
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
        const basic = options as readonly PageOption[];
        return [
          {
            ...shared,
            name: command.name,
            shownName: shownName(command),
            subcommand: undefined,
            description: command.description,
            options: basic,
          },
        ];
      }
      return subcommands.map((subcommand) => ({
        ...shared,
        name: `${command.name} ${subcommand.name}`,
        shownName: `${shownName(command)} ${shownName(subcommand)}`,
        subcommand: subcommand.name,
        description: subcommand.description,
        options: subcommand.options ?? [],
      }));
    });
}

/** The commands in the menu of messages that work in a server. */
export function messageCommandsOf(commands: readonly PageCommand[]): readonly MessageCommand[] {
  return commands
    .filter(isInServers)
    .flatMap((command) =>
      command.type === ON_MESSAGE ? [{ name: command.name, shownName: shownName(command) }] : [],
    );
}

const isInServers = ({ contexts }: PageCommand) =>
  contexts == null || contexts.some((context) => context === GUILD_CONTEXT);

/** Whether the bot makes suggestions while the option is typed. */
export function isSuggested(option: PageOption): boolean {
  return "autocomplete" in option && option.autocomplete === true;
}

/** Whether Discord would offer an entry to this member. */
export function isOffered(entry: Entry, member: PageMember): boolean {
  return (BigInt(member.permissions) & entry.needs) === entry.needs;
}

/**
 * The entry whose name a text begins with, followed by a space, and the rest of the text. The slash
 * may be missing or full-width, and letters may be capitals; names are known in English too.
 */
export function typedEntry(
  entries: readonly Entry[],
  text: string,
): { readonly entry: Entry; readonly rest: string } | undefined {
  const words = text.replace(/^\s*[/\uff0f]?\s*/u, "");
  for (const entry of entries) {
    for (const name of [entry.shownName, entry.name]) {
      const found = new RegExp(`^${name.replaceAll(" ", "\\s+")}\\s`, "iu").exec(words);
      if (found !== null) return { entry, rest: words.slice(found[0].length).trim() };
    }
  }
  return undefined;
}

/** The entries that match a text after the slash; entries that begin with it come first. */
export function matching(entries: readonly Entry[], typed: string): readonly Entry[] {
  const text = typed.trim().toLowerCase();
  const names = (entry: Entry) => [entry.shownName, entry.name];
  const begins = entries.filter((entry) => names(entry).some((name) => name.startsWith(text)));
  const contains = entries.filter(
    (entry) =>
      !begins.includes(entry) &&
      [...names(entry), entry.description.toLowerCase()].join(" ").includes(text),
  );
  return [...begins, ...contains];
}

/**
 * The options named in a text such as `coin:doge amount:1000`, where names may be in the visitor's
 * language too, by their English names; `rest` is the text before the first name.
 */
export function typedOptions(
  text: string,
  options: Entry["options"],
): { readonly values: readonly (readonly [string, string])[]; readonly rest: string } {
  const nameOf = (typed = "") =>
    options.find((option) => shownName(option) === typed || option.name === typed)?.name;
  const marks = [...text.matchAll(/(?:^|\s)([-_'\p{L}\p{M}\p{N}]{1,32})[:\uff1a]/gu)].filter(
    ([, typed]) => nameOf(typed) !== undefined,
  );
  const values = marks.map((mark, at) => {
    const end = marks[at + 1]?.index ?? text.length;
    return [nameOf(mark[1]) ?? "", text.slice(mark.index + mark[0].length, end).trim()] as const;
  });
  return { values, rest: text.slice(0, marks[0]?.index ?? text.length).trim() };
}
