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
  type Responder,
  suggestionsOf,
} from "../discord/responder.ts";
import type { MessageBody, MessageFrame, PlaygroundMessages } from "./messages.ts";

/** What an interaction's answers need to know about it. */
export type AnsweredInteraction = {
  /** Everything of a new answer but what it says. */
  readonly frame: MessageFrame;
  /** The message that the pressed button or used menu sits on. */
  readonly componentMessageId?: string;
};

/**
 * Answers one interaction as Discord would, by the very JSON that Discord would get: `acknowledge`
 * gets the first response, messages go into the made-up channel.
 */
export function playgroundResponder(
  messages: PlaygroundMessages,
  interaction: AnsweredInteraction,
  acknowledge: (response: APIInteractionResponse) => void,
): Responder {
  let isAcknowledged = false;
  /**
   * What `@original` is: the answer, the place kept for it, or the message that the component sits
   * on.
   */
  let originalId: string | undefined;

  const respond = (response: APIInteractionResponse, files: readonly ReplyFile[]) => {
    if (isAcknowledged) throw new DeliveryError("already-acknowledged", { cause: undefined });
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

  const post = (data: APIInteractionResponseCallbackData, files: readonly ReplyFile[]): string =>
    messages.add({ ...interaction.frame, flags: data.flags ?? 0 }, bodyOf(data, files)).id;

  const replace = (
    messageId: string | undefined,
    data: APIInteractionResponseCallbackData,
    files: readonly ReplyFile[],
  ) => {
    const before = messageId === undefined ? undefined : messages.find(messageId);
    const isThere =
      before !== undefined &&
      messages.edit(before.id, bodyOf(data, files), before.flags & ~MessageFlags.Loading);
    if (!isThere) throw new DeliveryError("expired", { cause: undefined });
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
      // The body of an edit is that of a component's update.
      const edit = callbackOf(reply, "edit");
      if (edit.type === InteractionResponseType.UpdateMessage)
        replace(originalId, edit.data ?? {}, filesOf(reply));
    },
    async deleteReply() {
      if (originalId !== undefined) messages.remove(originalId);
    },
    async followUpPrivately(reply) {
      const followUp = callbackOf(reply, "private");
      if (followUp.type === InteractionResponseType.ChannelMessageWithSource)
        post(followUp.data, filesOf(reply));
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
    // The payload's attachments carry the alt texts as Discord would keep them.
    files: files.map((file, index) => ({
      ...file,
      description: data.attachments?.[index]?.description ?? file.description,
    })),
  };
}
