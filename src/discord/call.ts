/** Who called, where and in which language: the part common to every interaction. */
export type CallOrigin = {
  readonly interactionId: string;
  readonly applicationId: string;
  readonly userId: string;
  readonly guildId?: string;
  /**
   * Present when the server itself has installed the bot; a user's own installation works anywhere.
   */
  readonly isServerInstall?: true;
  readonly channelId?: string;
  /** The asker's Discord locale, such as `pt-BR`. */
  readonly locale: string;
  /** The locale that the server has chosen in Discord; `en-US` for most servers. */
  readonly guildLocale?: string;
  /** When the member joined the server, ISO 8601; absent outside servers, and for a guest. */
  readonly joinedAt?: string;
  /** Permission bits of the member in the channel; absent outside servers. */
  readonly memberPermissions?: bigint;
  /** Permission bits of the bot in the channel. */
  readonly appPermissions?: bigint;
  /** The largest file that may be attached here, in bytes. */
  readonly attachmentLimitBytes: number;
};

/** The value of an option as Discord delivers it. */
export type OptionValue = string | number | boolean;

/** What Discord sends along about a channel that was chosen in an option. */
export type ResolvedChannel = {
  readonly guildId?: string;
  readonly name: string;
  /** Discord's channel type. */
  readonly type: number;
  /** The bot's permission bits in it; absent where the bot is not a member of the server. */
  readonly appPermissions?: bigint;
};

/** The channels and roles that were chosen in options, by id, as Discord sends them along. */
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

/** What a message says, as far as a command on it reads it. */
export type TargetMessage = {
  readonly content: string;
  /** The texts of its embeds and of what it forwards, top to bottom. */
  readonly otherTexts: readonly string[];
};

/** A command was chosen in the menu of a message. */
export type MessageCommandCall = CallOrigin & {
  readonly kind: "message-command";
  readonly commandName: string;
  readonly target: TargetMessage;
};

/** An option is being typed. */
export type AutocompleteCall = CallOrigin & {
  readonly kind: "autocomplete";
  readonly commandName: string;
  readonly subcommandName?: string;
  readonly focused: {
    readonly name: string;
    readonly text: string;
    /** Present when the client sent a number, whose text another locale may read differently. */
    readonly number?: number;
  };
  readonly options: Readonly<Record<string, OptionValue>>;
};

/** What a button, a menu and a modal that one of them opened say about the message they sit on. */
type OnMessage = {
  /** `command:name:…` */
  readonly customId: string;
  /** True when only the asker sees the message. */
  readonly isPrivate: boolean;
  /** Who asked for the message. */
  readonly askerId?: string;
};

/** A button was pressed or a menu used. */
export type ComponentCall = CallOrigin &
  OnMessage & {
    readonly kind: "component";
    /** What was chosen in a menu; empty for a button. */
    readonly values: readonly string[];
  };

/** A modal was submitted. */
export type ModalCall = CallOrigin &
  OnMessage & {
    readonly kind: "modal";
    /** The texts that were typed, by the name of their field. */
    readonly fields: ReadonlyMap<string, string>;
  };

/** Any interaction, whatever transport it came over. */
export type Call =
  | CommandCall<Readonly<Record<string, OptionValue>>>
  | MessageCommandCall
  | AutocompleteCall
  | ComponentCall
  | ModalCall;
