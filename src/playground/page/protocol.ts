import type {
  APIActionRowComponent,
  APIComponentInMessageActionRow,
  APIEmbed,
  RESTPostAPIChatInputApplicationCommandsJSONBody,
} from "discord-api-types/v10";

/** Who writes in the made-up server. */
export type PageUser = { readonly id: string; readonly name: string; readonly bot?: true };

/** A file of a message, at an address of the playground's own. */
export type PageAttachment = {
  readonly id: string;
  readonly filename: string;
  readonly description?: string;
  readonly content_type: string;
  /** Of a picture, in pixels. */
  readonly width?: number;
  readonly height?: number;
  readonly url: string;
};

/**
 * A message as the page shows it: the fields of Discord's message object that it reads, under
 * Discord's names.
 */
export type PageMessage = {
  readonly id: string;
  readonly channel_id: string;
  readonly author: PageUser;
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly APIActionRowComponent<APIComponentInMessageActionRow>[];
  readonly attachments: readonly PageAttachment[];
  /** Discord's message flags: 64 is seen by the asker alone, 128 is still "thinking…". */
  readonly flags: number;
  readonly timestamp: string;
  readonly edited_timestamp: string | null;
  readonly interaction_metadata?: {
    readonly id: string;
    readonly user: PageUser;
    readonly name?: string;
  };
  /** The message that this one answers. */
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

/** A member whom the visitor can be. */
export type PageMember = PageUser & {
  readonly title: string;
  /** Permission bits as digits, by which commands are offered. */
  readonly permissions: string;
};

/** Where prices come from at the moment, and whether anything came from there lately. */
export type MarketState = {
  readonly market: "real" | "demo";
  readonly plan: string;
  readonly isSilent: boolean;
  readonly canSwitch: boolean;
};

/** Everything that the page knows when it opens. */
export type PageFacts = {
  /** Proves that a request comes from a page that this process wrote. */
  readonly token: string;
  readonly guildName: string;
  readonly bot: PageUser;
  readonly members: readonly PageMember[];
  readonly channels: readonly PageChannel[];
  readonly roles: readonly PageRole[];
  /** Exactly what Discord is told. */
  readonly commands: readonly RESTPostAPIChatInputApplicationCommandsJSONBody[];
  readonly state: MarketState;
};

/** What the page hears while it is open. */
export type PageEvent =
  /**
   * Everything there is, after a connection is made; another `run` means that the playground was
   * restarted.
   */
  | {
      readonly kind: "snapshot";
      readonly run: string;
      readonly messages: readonly PageMessage[];
      readonly state: MarketState;
    }
  /** A new message, or an old one that changed. */
  | { readonly kind: "message"; readonly message: PageMessage }
  | { readonly kind: "gone"; readonly id: string }
  | { readonly kind: "market"; readonly state: MarketState };
