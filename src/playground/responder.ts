import {
  type APIInteractionResponse,
  type APIInteractionResponseCallbackData,
  ComponentType,
  InteractionResponseType,
  MessageFlags,
} from "discord-api-types/v10";
import type { Reply, ReplyFile } from "../discord/reply.ts";
import {
  callbackOf,
  DeliveryError,
  deferralOf,
  modalOf,
  type Responder,
  suggestionsOf,
} from "../discord/responder.ts";
import type { MessageBody, MessageFrame, PlaygroundMessages } from "./messages.ts";

/** What the responder needs to know about an interaction. */
export type AnsweredInteraction = {
  /** Everything about a new reply except what it says. */
  readonly frame: MessageFrame;
  /** The message whose button or menu was used. */
  readonly componentMessageId?: string;
  /** A message that is already there and becomes the reply. */
  readonly placeholderId?: string;
  /** Whether Discord would no longer accept a first response. */
  isTooLate(): boolean;
};

/**
 * Makes the responder of one interaction, which shows what Discord would, from the same JSON that
 * Discord would get: `acknowledge` receives the first response, and messages go into the made-up
 * channel.
 */
export function playgroundResponder(
  messages: PlaygroundMessages,
  interaction: AnsweredInteraction,
  acknowledge: (response: APIInteractionResponse) => void,
): Responder {
  let isAcknowledged = false;
  /** `@original`: the reply, its placeholder, or the message whose component was used. */
  let originalId: string | undefined;

  const respond = (response: APIInteractionResponse, files: readonly ReplyFile[]) => {
    if (isAcknowledged) throw new DeliveryError("already-acknowledged", { cause: undefined });
    if (interaction.isTooLate()) throw new DeliveryError("expired", { cause: undefined });
    switch (response.type) {
      case InteractionResponseType.ChannelMessageWithSource:
        originalId = post(response.data, files);
        break;
      case InteractionResponseType.DeferredChannelMessageWithSource:
        originalId = post({ flags: (response.data?.flags ?? 0) | MessageFlags.Loading }, []);
        break;
      case InteractionResponseType.UpdateMessage:
        replace(interaction.componentMessageId, response.data ?? {}, files);
        break;
      case InteractionResponseType.DeferredMessageUpdate:
        originalId = interaction.componentMessageId;
        break;
      default:
        break;
    }
    isAcknowledged = true;
    acknowledge(response);
  };

  const post = (data: APIInteractionResponseCallbackData, files: readonly ReplyFile[]): string => {
    const flags = data.flags ?? 0;
    const { placeholderId, frame } = interaction;
    if (placeholderId !== undefined && originalId === undefined) {
      if (messages.edit(placeholderId, bodyOf(data, files), flags)) return placeholderId;
    }
    return messages.add({ ...frame, flags }, bodyOf(data, files)).id;
  };

  const replace = (
    messageId: string | undefined,
    data: APIInteractionResponseCallbackData,
    files: readonly ReplyFile[],
  ) => {
    const previous = messageId === undefined ? undefined : messages.find(messageId);
    const isEdited =
      previous !== undefined &&
      messages.edit(previous.id, bodyOf(data, files), previous.flags & ~MessageFlags.Loading);
    if (!isEdited) throw new DeliveryError("expired", { cause: undefined });
  };

  const filesOf = (reply: Reply) => reply.files ?? [];

  return {
    async reply(reply, visibility) {
      respond(callbackOf(reply, visibility), filesOf(reply));
    },
    async defer(visibility) {
      respond(deferralOf(visibility), []);
    },
    async editReply(reply) {
      // An edit has the same body as the update of a component's message.
      const edit = callbackOf(reply, "edit");
      if (edit.type === InteractionResponseType.UpdateMessage)
        replace(originalId, edit.data ?? {}, filesOf(reply));
    },
    async deleteReply() {
      if (originalId !== undefined) messages.remove(originalId);
    },
    async followUpPrivately(reply) {
      // Without a first response in time, Discord knows the interaction no longer.
      if (!isAcknowledged) throw new DeliveryError("expired", { cause: undefined });
      const followUp = callbackOf(reply, "private");
      if (followUp.type === InteractionResponseType.ChannelMessageWithSource)
        post(followUp.data, filesOf(reply));
    },
    async openModal(modal) {
      respond(modalOf(modal), []);
    },
    async suggest(choices) {
      respond(suggestionsOf(choices), []);
    },
  };
}

function bodyOf(
  data: APIInteractionResponseCallbackData,
  files: readonly ReplyFile[],
): MessageBody {
  return {
    content: data.content ?? "",
    embeds: data.embeds ?? [],
    components: (data.components ?? []).filter(
      (component) => component.type === ComponentType.ActionRow,
    ),
    // The payload's attachments contain the alt texts as Discord would store them.
    files: files.map((file, index) => ({
      ...file,
      description: data.attachments?.[index]?.description ?? file.description,
    })),
  };
}
