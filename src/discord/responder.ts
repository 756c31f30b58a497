import {
  type APIInteractionResponse,
  type APIInteractionResponseCallbackData,
  ComponentType,
  InteractionResponseType,
  MessageFlags,
  TextInputStyle,
} from "discord-api-types/v10";
import { DISCORD_LIMITS } from "./limits.ts";
import type { Modal, Reply, Suggestion, Visibility } from "./reply.ts";

/**
 * How dispatch responds to one interaction, whatever the transport. Each method resolves when
 * Discord has accepted the message and rejects with a `DeliveryError` otherwise, always within a
 * bounded time.
 */
export type Responder = {
  /** The first response; `edit` replaces the message that the component sits on. */
  reply(reply: Reply, visibility: Visibility): Promise<void>;
  /** Announces that the reply comes later, and fixes its visibility. */
  defer(visibility: Visibility): Promise<void>;
  /** Replaces the deferred reply, or everything in the message that the component sits on. */
  editReply(reply: Reply): Promise<void>;
  /** Deletes a deferred reply; one that is already gone counts as deleted. */
  deleteReply(): Promise<void>;
  /** Sends another message that only the user sees. */
  followUpPrivately(reply: Reply): Promise<void>;
  /** Opens a modal, as the first response. */
  openModal(modal: Modal): Promise<void>;
  /** Responds to an autocomplete interaction. */
  suggest(choices: readonly Suggestion[]): Promise<void>;
};

/**
 * Why a message did not arrive: `expired` (Discord no longer knows the interaction),
 * `already-acknowledged` (another process responded to it), `files-refused` (Discord rejected an
 * attachment), `refused` (it rejected something else), `unavailable` (Discord could not be reached
 * or failed; the message may or may not have arrived).
 */
export type DeliveryFailure =
  | "expired"
  | "already-acknowledged"
  | "files-refused"
  | "refused"
  | "unavailable";

/** A message that did not reach Discord, or may not have. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  readonly reason: DeliveryFailure;

  constructor(reason: DeliveryFailure, options: { cause: unknown }) {
    super(`Discord did not take the answer (${reason})`, options);
    this.reason = reason;
  }
}

const NO_MENTIONS = { parse: [] };

/** A new message as Discord's JSON; its files are sent beside it. */
export const contentOf = (reply: Reply): APIInteractionResponseCallbackData => ({
  ...(reply.content === undefined ? {} : { content: reply.content }),
  ...(reply.embeds === undefined ? {} : { embeds: [...reply.embeds] }),
  ...(reply.components === undefined ? {} : { components: [...reply.components] }),
  ...(reply.files === undefined || reply.files.length === 0
    ? {}
    : { attachments: attachmentsOf(reply) }),
  allowed_mentions: NO_MENTIONS,
});

/**
 * The JSON of an edit. It includes every field, because Discord keeps omitted ones: a new reply
 * would keep the old picture or buttons.
 */
export const replacementOf = (reply: Reply): APIInteractionResponseCallbackData => ({
  content: reply.content ?? "",
  embeds: [...(reply.embeds ?? [])],
  components: [...(reply.components ?? [])],
  attachments: attachmentsOf(reply),
  allowed_mentions: NO_MENTIONS,
});

const attachmentsOf = (reply: Reply) =>
  (reply.files ?? []).map((file, index) => ({
    id: String(index),
    filename: file.name,
    description: file.description.slice(0, DISCORD_LIMITS.altTextLength),
  }));

/**
 * The JSON of a first response: what a gateway bot posts to the callback and what an HTTP bot
 * responds with.
 */
export function callbackOf(reply: Reply, visibility: Visibility): APIInteractionResponse {
  if (visibility === "edit")
    return { type: InteractionResponseType.UpdateMessage, data: replacementOf(reply) };
  return {
    type: InteractionResponseType.ChannelMessageWithSource,
    data:
      visibility === "private"
        ? { ...contentOf(reply), flags: MessageFlags.Ephemeral }
        : contentOf(reply),
  };
}

/** The JSON that defers a reply. */
export function deferralOf(visibility: Visibility): APIInteractionResponse {
  if (visibility === "edit") return { type: InteractionResponseType.DeferredMessageUpdate };
  return {
    type: InteractionResponseType.DeferredChannelMessageWithSource,
    ...(visibility === "private" ? { data: { flags: MessageFlags.Ephemeral } } : {}),
  };
}

/** The JSON response to an autocomplete interaction. */
export function suggestionsOf(choices: readonly Suggestion[]): APIInteractionResponse {
  return {
    type: InteractionResponseType.ApplicationCommandAutocompleteResult,
    data: { choices: choices.map(({ name, value }) => ({ name, value })) },
  };
}

/** The JSON that opens a modal. */
export function modalOf({ customId, title, field }: Modal): APIInteractionResponse {
  return {
    type: InteractionResponseType.Modal,
    data: {
      custom_id: customId,
      title,
      components: [
        {
          type: ComponentType.Label,
          label: field.label,
          description: field.description,
          component: {
            type: ComponentType.TextInput,
            custom_id: field.name,
            style: TextInputStyle.Short,
            value: field.value,
            max_length: field.maxLength,
            required: true,
          },
        },
      ],
    },
  };
}

/** Where an interaction's replies are sent. */
export type Address = {
  readonly interactionId: string;
  readonly applicationId: string;
  readonly token: string;
};
