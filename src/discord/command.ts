import {
  type ApplicationCommandOptionAllowedChannelType,
  type ApplicationCommandOptionType,
  ApplicationIntegrationType,
  InteractionContextType,
} from "discord-api-types/v10";
import type { Services } from "../services.ts";
import type {
  AutocompleteCall,
  CommandCall,
  ComponentCall,
  MessageCommandCall,
  ModalCall,
  OptionValue,
} from "./call.ts";
import type { CommandResult, Modal, Suggestion, Visibility } from "./reply.ts";

/** A text that people read: one for everybody, or one for each locale. */
export type LocalizedText = string | ((locale: string) => string);

/** One of the values that an option can have. */
export type Choice = { readonly name: LocalizedText; readonly value: string };

type OptionBase = { readonly description: LocalizedText; readonly required?: true };

/** One declared option of a command. */
export type OptionDeclaration =
  | (OptionBase & {
      readonly type: ApplicationCommandOptionType.String;
      readonly choices?: readonly Choice[];
      readonly maxLength?: number;
      readonly autocomplete?: true;
      /**
       * The option was a number once: clients that still have it so send a number, which the
       * handler gets as one.
       */
      readonly orNumber?: true;
    })
  | (OptionBase & {
      readonly type: ApplicationCommandOptionType.Number;
      readonly minValue?: number;
      readonly maxValue?: number;
    })
  | (OptionBase & { readonly type: ApplicationCommandOptionType.Boolean })
  /**
   * Its value is the channel's id; clients offer only `channelTypes`, but old clients offer any.
   */
  | (OptionBase & {
      readonly type: ApplicationCommandOptionType.Channel;
      readonly channelTypes?: readonly ApplicationCommandOptionAllowedChannelType[];
    })
  /** Its value is the role's id. */
  | (OptionBase & { readonly type: ApplicationCommandOptionType.Role });

/** The options of one command by name; required ones first. */
export type OptionDeclarations = Readonly<Record<string, OptionDeclaration>>;

type ValueOf<Declaration extends OptionDeclaration> = Declaration extends {
  readonly orNumber: true;
}
  ? string | number
  : ValueOfType<Declaration["type"]>;

type ValueOfType<Type extends OptionDeclaration["type"]> = Type extends
  | ApplicationCommandOptionType.String
  | ApplicationCommandOptionType.Channel
  | ApplicationCommandOptionType.Role
  ? string
  : Type extends ApplicationCommandOptionType.Number
    ? number
    : boolean;

/**
 * The option values that a handler gets, inferred from the declaration: a required option is always
 * present.
 */
export type OptionsOf<Declarations extends OptionDeclarations> = {
  readonly [Name in keyof Declarations]: Declarations[Name] extends { readonly required: true }
    ? ValueOf<Declarations[Name]>
    : ValueOf<Declarations[Name]> | undefined;
};

/** A button or menu of a command, found by the second part of its custom id. */
export type ComponentHandler = {
  /**
   * The modal to open instead of running, from memory alone: Discord takes it only as the first
   * response. Undefined when there is none for this call.
   */
  modal?(call: ComponentCall, services: Services): Modal | undefined;
  /** Answers from memory alone: it runs before anything else, while Discord waits. */
  visibility(call: ComponentCall, services: Services): Visibility;
  run(call: ComponentCall, services: Services): Promise<CommandResult>;
};

/** What a submitted modal of a command does, found by the second part of its custom id. */
export type ModalHandler = {
  /** Answers from memory alone; `edit` only for a modal that a component opened. */
  visibility(call: ModalCall, services: Services): Visibility;
  run(call: ModalCall, services: Services): Promise<CommandResult>;
};

/** What a button or menu does with its message: the asker edits it, anybody else gets a copy. */
export function editOrCopy(call: ComponentCall | ModalCall): "edit" | "private" {
  return call.userId === call.askerId ? "edit" : "private";
}

/** The part of a command that can be called: its options, and a handler that gets them typed. */
type Executable<Declarations extends OptionDeclarations> = {
  readonly description: LocalizedText;
  readonly options: Declarations;
  run(call: CommandCall<OptionsOf<Declarations>>, services: Services): Promise<CommandResult>;
};

/** The options of a call whose declaration the compiler does not know. */
type AnyOptions = Readonly<Record<string, OptionValue>>;

/** A declared subcommand whose option types are known only to itself. */
export type Subcommand = Omit<Executable<OptionDeclarations>, "run"> & {
  run(call: CommandCall<AnyOptions>, services: Services): Promise<CommandResult>;
};

type CommandBase = CommandPlaces & {
  readonly description: LocalizedText;
  suggest?(call: AutocompleteCall, services: Services): Promise<readonly Suggestion[]>;
  readonly components?: Readonly<Record<string, ComponentHandler>>;
  readonly modals?: Readonly<Record<string, ModalHandler>>;
};

/** What every command has: its name, and where and by whom it can be used. */
type CommandPlaces = {
  readonly name: string;
  readonly integrationTypes: readonly ApplicationIntegrationType[];
  readonly contexts: readonly InteractionContextType[];
  /** Permission bits that a member needs; when absent, everybody may use it. */
  readonly defaultMemberPermissions?: bigint;
};

/** A slash command with options of its own, its suggestions, and its buttons and menus. */
export type CommandDeclaration<Declarations extends OptionDeclarations> = CommandBase &
  Executable<Declarations> & {
    /** Answers from memory alone: it runs before anything else, while Discord waits. */
    visibility(
      call: CommandCall<OptionsOf<Declarations>>,
      services: Services,
    ): "public" | "private";
  };

/** A slash command that consists of subcommands; it cannot be sent without a subcommand. */
export type CommandWithSubcommands = CommandBase & {
  /** By name; each has its own options and handler. */
  readonly subcommands: Readonly<Record<string, Subcommand>>;
  /** Answers from memory alone: it runs before anything else, while Discord waits. */
  visibility(call: CommandCall<AnyOptions>, services: Services): "public" | "private";
};

/**
 * A command in the menu of messages ("Apps"): it has a name of up to 32 characters, and no
 * description and no options.
 */
export type MessageCommand = CommandPlaces & {
  readonly target: "message";
  /** What it is called in other languages than English. */
  nameIn?(locale: string): string;
  /** Answers from memory alone: it runs before anything else, while Discord waits. */
  visibility(call: MessageCommandCall, services: Services): "public" | "private";
  run(call: MessageCommandCall, services: Services): Promise<CommandResult>;
};

/** A declared command of any kind: what dispatch and registration read. */
export type Command = ChatCommand | MessageCommand;

/** A declared slash command whose option types are known only to itself. */
export type ChatCommand = { readonly target?: never } & (
  | (Omit<CommandDeclaration<OptionDeclarations>, "visibility" | "run"> & {
      readonly subcommands?: never;
      visibility(call: CommandCall<AnyOptions>, services: Services): "public" | "private";
      run(call: CommandCall<AnyOptions>, services: Services): Promise<CommandResult>;
    })
  | (CommandWithSubcommands & { readonly options?: never; readonly run?: never })
);

/** For commands that need no server: whoever installed them can use them anywhere. */
export const EVERYWHERE = {
  integrationTypes: [
    ApplicationIntegrationType.GuildInstall,
    ApplicationIntegrationType.UserInstall,
  ],
  contexts: [
    InteractionContextType.Guild,
    InteractionContextType.BotDM,
    InteractionContextType.PrivateChannel,
  ],
} as const;

// Proof of the two casts below: before a handler runs, interaction.ts converts every declared
// option to its declared type and drops the others, and jobs.ts rejects a call without a required
// option, so the options are exactly what OptionsOf says.

/**
 * Declares a command once, as data: with `options` and `run`, whose option types follow from
 * `options`, or with `subcommands`.
 */
export function defineCommand<const Declarations extends OptionDeclarations>(
  declaration: CommandDeclaration<Declarations>,
): ChatCommand;
export function defineCommand(declaration: CommandWithSubcommands): ChatCommand;
export function defineCommand(
  declaration: CommandDeclaration<OptionDeclarations> | CommandWithSubcommands,
): ChatCommand {
  return declaration as unknown as ChatCommand;
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

/** Declares a command in the menu of messages. */
export function defineMessageCommand(declaration: MessageCommand): MessageCommand {
  return declaration;
}

/** Whether a command is a slash command. */
export function isChatCommand(command: Command): command is ChatCommand {
  return command.target === undefined;
}

/**
 * What a call of this command runs: the command itself, or its subcommand of that name. Undefined
 * when there is no such subcommand, or when one is required.
 */
export function executableOf(
  command: ChatCommand,
  subcommandName: string | undefined,
): Subcommand | undefined {
  if (command.subcommands === undefined) return subcommandName === undefined ? command : undefined;
  if (subcommandName === undefined || !Object.hasOwn(command.subcommands, subcommandName))
    return undefined;
  return command.subcommands[subcommandName];
}
