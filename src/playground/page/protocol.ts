import type {
  APIActionRowComponent,
  APIApplicationCommandBasicOption,
  APIComponentInMessageActionRow,
  APIEmbed,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
  RESTPostAPIContextMenuApplicationCommandsJSONBody,
} from "discord-api-types/v10";
import type { MessageKey } from "../../messages/message-values.ts";

/** The author of a message in the made-up server. */
export type PageUser = { readonly id: string; readonly name: string; readonly bot?: true };

/** A file of a message, served by the playground. */
export type PageAttachment = {
  readonly id: string;
  readonly filename: string;
  readonly description?: string;
  readonly content_type: string;
  /** A picture's size, in pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly url: string;
};

/** The fields of Discord's message object that the page shows, under Discord's names. */
export type PageMessage = {
  readonly id: string;
  readonly channel_id: string;
  readonly author: PageUser;
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly APIActionRowComponent<APIComponentInMessageActionRow>[];
  readonly attachments: readonly PageAttachment[];
  /** Discord's message flags: 64 is visible to the asker only, 128 is still "thinking…". */
  readonly flags: number;
  readonly timestamp: string;
  readonly edited_timestamp: string | null;
  readonly interaction_metadata?: {
    readonly id: string;
    readonly user: PageUser;
    readonly name?: string;
    /** Discord's type of the command, for one that was chosen in the menu of a message. */
    readonly command_type?: number;
  };
  /** What the page sent with the interaction that this message replies to. */
  readonly nonce?: string;
  /** The message that this one replies to. */
  readonly message_reference?: { readonly message_id: string };
};

/** A channel of the made-up server, by Discord's channel type. */
export type PageChannel = {
  readonly id: string;
  readonly name: string;
  readonly type: number;
  readonly topic: string;
};

/** A role of the made-up server. */
export type PageRole = { readonly id: string; readonly name: string };

/** A member whom the visitor can act as. */
export type PageMember = PageUser & {
  /** Who the visitor is as this member: "Robin, a member without rights". */
  readonly title: string;
  /** Permission bits in decimal digits: they decide which commands are offered. */
  readonly permissions: string;
};

/** Which market answers come from, and whether the real one's sources respond. */
export type MarketState = {
  readonly market: "real" | "demo";
  readonly plan: string;
  /**
   * How the latest calls to the real market's sources ended, taken together; unknown until one has
   * answered or all have failed.
   */
  readonly sources: "unknown" | "answering" | "partly-answering" | "silent";
  /** The same for each source that has been asked: "CoinGecko: unreachable". */
  readonly outcomes: readonly string[];
  readonly canSwitch: boolean;
};

/** What a command, subcommand or option is called in the visitor's language, if not the same. */
type Localized = { readonly name_localized?: string };

/**
 * What is registered with Discord, in one language. Commands and options are sent by their English
 * names, and have the others beside them.
 */
export type PageCommand = (
  | RESTPostAPIChatInputApplicationCommandsJSONBody
  | RESTPostAPIContextMenuApplicationCommandsJSONBody
) &
  Localized;

/** An option of a {@link PageCommand}. */
export type PageOption = APIApplicationCommandBasicOption & Localized;

/** The name of a message of the page. */
export type PageTextKey = Extract<MessageKey, `playground.${string}`>;

/** The data embedded in the page. */
export type PageFacts = {
  /** Proves that a request comes from a page written by this process. */
  readonly token: string;
  /** Identifies this run, so that the page can tell whether it still talks to its process. */
  readonly run: string;
  readonly guildId: string;
  readonly guildName: string;
  readonly bot: PageUser;
  readonly members: readonly PageMember[];
  readonly channels: readonly PageChannel[];
  readonly roles: readonly PageRole[];
  readonly commands: readonly PageCommand[];
  /** The visitor's locale, one of Discord's. */
  readonly locale: string;
  /** The page's messages in the visitor's language, as ICU MessageFormat. */
  readonly texts: Readonly<Record<PageTextKey, string>>;
  readonly state: MarketState;
};

/** What the page receives while it is open. */
export type PageEvent =
  /** The whole state, sent on connection; another `run` means that the playground restarted. */
  | {
      readonly kind: "snapshot";
      readonly run: string;
      readonly messages: readonly PageMessage[];
      readonly state: MarketState;
    }
  /** A message that is new or has changed. */
  | { readonly kind: "message"; readonly message: PageMessage }
  | { readonly kind: "gone"; readonly id: string }
  | { readonly kind: "market"; readonly state: MarketState };
