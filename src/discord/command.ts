import type {
  ApplicationCommandOptionAllowedChannelType,
  ApplicationCommandOptionType,
  ApplicationIntegrationType,
  InteractionContextType,
} from "discord-api-types/v10";
import type { Services } from "../services.ts";
import type { Answer, Suggestion, Visibility } from "./reply.ts";

/** What every interaction says about who asked, where and in which language. */
export type CallOrigin = {
  readonly interactionId: string;
  readonly applicationId: string;
  readonly userId: string;
  readonly guildId?: string;
  /**
   * Present when that server has installed the bot; a member's own installation can be used in any
   * server.
   */
  readonly isServerInstall?: true;
  readonly channelId?: string;
  /** The asker's Discord locale, such as `pt-BR`. */
  readonly locale: string;
  readonly guildLocale?: string;
  /** Permission bits of the member in the channel; absent outside servers. */
  readonly memberPermissions?: bigint;
  /** Permission bits of the bot in the channel. */
  readonly appPermissions?: bigint;
  /** The largest file that may be attached here, in bytes. */
  readonly attachmentLimitBytes: number;
};

/** The value of an option as Discord delivers it. */
export type OptionValue = string | number | boolean;

/** What Discord says of a channel that was chosen in an option. */
export type ResolvedChannel = {
  readonly guildId?: string;
  readonly name: string;
  /** Discord's channel type. */
  readonly type: number;
  /** Permission bits of the bot in it; absent where the bot is no member of the server. */
  readonly appPermissions?: bigint;
};

/** What Discord says of the channels and roles that were chosen in options, by their ids. */
export type ResolvedOptions = {
  readonly channels: ReadonlyMap<string, ResolvedChannel>;
  readonly roles: ReadonlyMap<string, { readonly name: string; readonly mentionable: boolean }>;
};

/** A slash command was sent. */
export type CommandCall<Options> = CallOrigin & {
  readonly kind: "command";
  readonly commandName: string;
  /** Present exactly when the command is declared with subcommands. */
  readonly subcommandName?: string;
  readonly options: Options;
  readonly resolved?: ResolvedOptions;
};

/** An option is being typed. */
export type AutocompleteCall = CallOrigin & {
  readonly kind: "autocomplete";
  readonly commandName: string;
  readonly subcommandName?: string;
  readonly focused: { readonly name: string; readonly text: string };
  readonly options: Readonly<Record<string, OptionValue>>;
};

/**
 * A button was pressed or a menu used. `customId` is `command:component:…`; `askerId` is who asked
 * for the message it sits on.
 */
export type ComponentCall = CallOrigin & {
  readonly kind: "component";
  readonly customId: string;
  /** True when only the asker sees the message that it sits on. */
  readonly isPrivate: boolean;
  /** What was chosen in a menu; empty for a button. */
  readonly values: readonly string[];
  readonly askerId?: string;
};

/** Anything that Discord asks of us, neutral of the transport that brought it. */
export type Call =
  | CommandCall<Readonly<Record<string, OptionValue>>>
  | AutocompleteCall
  | ComponentCall;

type OptionBase = { readonly description: string; readonly required?: true };

/** One declared option of a command. */
export type OptionDeclaration =
  | (OptionBase & {
      readonly type: ApplicationCommandOptionType.String;
      readonly choices?: readonly Suggestion[];
      readonly maxLength?: number;
      readonly autocomplete?: true;
    })
  | (OptionBase & {
      readonly type: ApplicationCommandOptionType.Number;
      readonly minValue?: number;
      readonly maxValue?: number;
    })
  | (OptionBase & { readonly type: ApplicationCommandOptionType.Boolean })
  /** Its value is the channel's id; clients offer only `channelTypes`, old ones anything. */
  | (OptionBase & {
      readonly type: ApplicationCommandOptionType.Channel;
      readonly channelTypes?: readonly ApplicationCommandOptionAllowedChannelType[];
    })
  /** Its value is the role's id. */
  | (OptionBase & { readonly type: ApplicationCommandOptionType.Role });

/** The options of one command by name; required ones first. */
export type OptionDeclarations = Readonly<Record<string, OptionDeclaration>>;

type ValueOf<Declaration extends OptionDeclaration> = Declaration["type"] extends
  | ApplicationCommandOptionType.String
  | ApplicationCommandOptionType.Channel
  | ApplicationCommandOptionType.Role
  ? string
  : Declaration["type"] extends ApplicationCommandOptionType.Number
    ? number
    : boolean;

/**
 * The option values that a handler gets, inferred from the declaration: a required option is always
 * there.
 */
export type OptionsOf<Declarations extends OptionDeclarations> = {
  readonly [Name in keyof Declarations]: Declarations[Name] extends { readonly required: true }
    ? ValueOf<Declarations[Name]>
    : ValueOf<Declarations[Name]> | undefined;
};

/** A button or menu of a command, found by the second part of its custom id. */
export type ComponentHandler = {
  /** From memory alone: it runs before anything else, and Discord waits. */
  visibility(call: ComponentCall, services: Services): Visibility;
  run(call: ComponentCall, services: Services): Promise<Answer>;
};

/** What takes a command's call: options, and the handler that gets them typed. */
type Executable<Declarations extends OptionDeclarations> = {
  readonly description: string;
  readonly options: Declarations;
  run(call: CommandCall<OptionsOf<Declarations>>, services: Services): Promise<Answer>;
};

/** The options of a call whose declaration is not known to the compiler. */
type AnyOptions = Readonly<Record<string, OptionValue>>;

/** A declared subcommand whose option types are known only to itself. */
export type Subcommand = Omit<Executable<OptionDeclarations>, "run"> & {
  run(call: CommandCall<AnyOptions>, services: Services): Promise<Answer>;
};

type CommandBase = {
  readonly name: string;
  readonly description: string;
  readonly integrationTypes: readonly ApplicationIntegrationType[];
  readonly contexts: readonly InteractionContextType[];
  /** Permission bits a member needs; absent means everybody. */
  readonly defaultMemberPermissions?: bigint;
  suggest?(call: AutocompleteCall, services: Services): Promise<readonly Suggestion[]>;
  readonly components?: Readonly<Record<string, ComponentHandler>>;
};

/** A slash command with options of its own, its suggestions, and its buttons and menus. */
export type CommandDeclaration<Declarations extends OptionDeclarations> = CommandBase &
  Executable<Declarations> & {
    /** From memory alone: it runs before anything else, and Discord waits. */
    visibility(
      call: CommandCall<OptionsOf<Declarations>>,
      services: Services,
    ): "public" | "private";
  };

/** A slash command that is only a name for its subcommands: nobody can send it bare. */
export type CommandWithSubcommands = CommandBase & {
  /** By name; each has its own options and handler. */
  readonly subcommands: Readonly<Record<string, Subcommand>>;
  /** From memory alone: it runs before anything else, and Discord waits. */
  visibility(call: CommandCall<AnyOptions>, services: Services): "public" | "private";
};

/**
 * A declared command whose option types are known only to itself: what dispatch and registration
 * read.
 */
export type Command =
  | (Omit<CommandDeclaration<OptionDeclarations>, "visibility" | "run"> & {
      readonly subcommands?: never;
      visibility(call: CommandCall<AnyOptions>, services: Services): "public" | "private";
      run(call: CommandCall<AnyOptions>, services: Services): Promise<Answer>;
    })
  | (CommandWithSubcommands & { readonly options?: never; readonly run?: never });

// Before a handler sees them, interaction.ts gives every declared option its declared kind, drops
// the others, and dispatch.ts turns away a call that lacks a required one: the options are what
// OptionsOf says. That proves the two casts below.

/**
 * Declares a command once, as data: with `options` and `run`, whose option types follow from
 * `options`, or with `subcommands`.
 */
export function defineCommand<const Declarations extends OptionDeclarations>(
  declaration: CommandDeclaration<Declarations>,
): Command;
export function defineCommand(declaration: CommandWithSubcommands): Command;
export function defineCommand(
  declaration: CommandDeclaration<OptionDeclarations> | CommandWithSubcommands,
): Command {
  return declaration as unknown as Command;
}

/**
 * Declares one subcommand; the handler's option types follow from `options`, and
 * `call.subcommandName` is its name.
 */
export function defineSubcommand<const Declarations extends OptionDeclarations>(
  declaration: Executable<Declarations>,
): Subcommand {
  return declaration as unknown as Subcommand;
}

/**
 * What a call of this command runs: the command itself, or its subcommand of that name. Undefined
 * when it has no such form.
 */
export function executableOf(
  command: Command,
  subcommandName: string | undefined,
): Subcommand | undefined {
  if (command.subcommands === undefined) return subcommandName === undefined ? command : undefined;
  if (subcommandName === undefined || !Object.hasOwn(command.subcommands, subcommandName))
    return undefined;
  return command.subcommands[subcommandName];
}
