import type {
  APIActionRowComponent,
  APIComponentInMessageActionRow,
  APIEmbed,
} from "discord-api-types/v10";

/**
 * A file that goes out with a message. `description` is its alt text: embed images drop theirs,
 * attachments keep it.
 */
export type ReplyFile = {
  readonly name: string;
  readonly data: Uint8Array;
  readonly description: string;
};

/**
 * What people see, in Discord's own JSON. Transports add `allowed_mentions: {parse: []}`: a reply
 * never mentions anybody.
 */
export type Reply = {
  readonly content?: string;
  readonly embeds?: readonly APIEmbed[];
  readonly components?: readonly APIActionRowComponent<APIComponentInMessageActionRow>[];
  readonly files?: readonly ReplyFile[];
};

/** A window with one line to type. Lengths are limited by `DISCORD_LIMITS`. */
export type Modal = {
  /** `command:modal:…`, like that of a component. */
  readonly customId: string;
  readonly title: string;
  readonly field: {
    /** By which a `ModalCall` has the text. */
    readonly name: string;
    readonly label: string;
    readonly description: string;
    /** What stands in it at first. */
    readonly value: string;
    readonly maxLength: number;
  };
};

/**
 * What a command or component returns. A refusal is always shown privately, whatever the
 * visibility.
 */
export type CommandResult =
  | { readonly kind: "reply"; readonly reply: Reply }
  | { readonly kind: "refusal"; readonly reply: Reply };

/** A call's result where it succeeded. */
export function replied(reply: Reply): CommandResult {
  return { kind: "reply", reply };
}

/** A call's result where it is refused, in one plain sentence (Discord markdown). */
export function refused(sentence: string): CommandResult {
  return { kind: "refusal", reply: { content: sentence } };
}

/**
 * Who sees the reply, fixed before any work starts because Discord fixes it when a reply is
 * deferred. `edit` (components and their modals only) replaces the message that the component sits
 * on.
 */
export type Visibility = "public" | "private" | "edit";

/** One suggestion under an option that is being typed; name and value ≤ 100 characters. */
export type Suggestion = { readonly name: string; readonly value: string };
