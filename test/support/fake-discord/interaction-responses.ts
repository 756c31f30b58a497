import {
  type FirstResponse,
  firstResponseMs,
  type Interaction,
  type SentBody,
  tokenLifeMs,
} from "./interaction-handle.ts";
import { isJsonObject, type JsonObject, numberOf } from "./json.ts";
import { checkChoices, MessageFlag } from "./message-rules.ts";
import type { MessageStore } from "./messages.ts";
import { checkModal } from "./modal-rules.ts";
import { FormFaults, restErrors } from "./rest-error.ts";
import type { SeenMessage, UploadedFile } from "./seen-message.ts";

type Deps = {
  readonly messages: MessageStore;
  /** The clock of the 3-second and 15-minute rules, in ms. */
  readonly now: () => number;
};

/** What the bot sends back: callbacks and webhooks, for the interactions in `byToken`. */
export function createInteractionResponses(
  deps: Deps & { readonly byToken: ReadonlyMap<string, Interaction> },
) {
  const { messages, now, byToken } = deps;

  const find = (token: string): Interaction => {
    const interaction = byToken.get(token);
    if (!interaction) throw restErrors.unknownWebhook();
    if (now() - interaction.createdAtMs > tokenLifeMs) throw restErrors.invalidWebhookToken();
    // Until the first response there is no webhook to speak through.
    if (!interaction.first) throw restErrors.unknownWebhook();
    return interaction;
  };
  const messageOf = (interaction: Interaction, messageId: string): SeenMessage => {
    const message =
      messageId === "@original"
        ? interaction.original
        : [interaction.original, ...interaction.followups].find((one) => one?.id === messageId);
    if (!message || message.state === "deleted") throw restErrors.unknownMessage();
    return message;
  };

  /** POST /interactions/:id/:token/callback; answers what `with_response` shows. */
  const respond = (id: string, token: string, sent: SentBody): JsonObject => {
    const interaction = byToken.get(token);
    if (!interaction || interaction.id !== id) throw restErrors.unknownInteraction();
    if (!interaction.first && now() - interaction.createdAtMs > firstResponseMs)
      throw restErrors.unknownInteraction();
    takeCallback(deps, interaction, sent);
    const { original, first } = interaction;
    // A deferral is shown as what it defers.
    const type = first?.kind === "update" || first?.kind === "deferred-update" ? 7 : 4;
    return {
      interaction: {
        id,
        type: interaction.type,
        ...(original && { response_message_id: original.id }),
        response_message_loading: original?.state === "thinking",
        response_message_ephemeral: original?.ephemeral ?? false,
      },
      ...(original && { resource: { type, message: messages.toJson(original) } }),
    };
  };

  const followUp = (token: string, sent: SentBody): SeenMessage => {
    const interaction = find(token);
    const body = isJsonObject(sent.json) ? sent.json : {};
    const draft = draftOf(interaction, body, sent.uploads, []);
    // The first follow-up to a deferred reply fills that reply in and cannot change who sees it.
    // https://discord.com/developers/docs/interactions/receiving-and-responding#create-followup-message
    // (2026-11)
    if (interaction.original?.state === "thinking")
      return messages.edit(interaction.original, draft);
    const isEphemeral = ((numberOf(body["flags"]) ?? 0) & MessageFlag.Ephemeral) !== 0;
    const message = messages.create(place(interaction, isEphemeral), draft);
    interaction.followups.push(message);
    return message;
  };

  const editMessage = (token: string, messageId: string, sent: SentBody): SeenMessage => {
    const interaction = find(token);
    return messages.edit(
      messageOf(interaction, messageId),
      draftOf(interaction, isJsonObject(sent.json) ? sent.json : {}, sent.uploads, []),
    );
  };

  return {
    respond,
    followUp,
    editMessage,
    getMessage: (token: string, messageId: string): SeenMessage =>
      messageOf(find(token), messageId),
    deleteMessage: (token: string, messageId: string): void =>
      messages.delete(messageOf(find(token), messageId)),
  };
}

/** Takes the first response to an interaction. Throws what Discord would refuse it with. */
export function takeCallback(
  { messages, now }: Deps,
  interaction: Interaction,
  sent: SentBody,
): void {
  if (interaction.first) throw restErrors.alreadyAcknowledged();
  const faults = new FormFaults();
  const body = isJsonObject(sent.json) ? sent.json : {};
  const type = numberOf(body["type"]);
  const data = isJsonObject(body["data"]) ? body["data"] : {};
  const isEphemeral = ((numberOf(data["flags"]) ?? 0) & MessageFlag.Ephemeral) !== 0;
  const allowed: Record<number, readonly number[]> = {
    1: [1],
    2: [4, 5, 9],
    3: [4, 5, 6, 7, 9],
    4: [8],
    // Only a modal that a component opened has a message to edit.
    5: interaction.source === undefined ? [4, 5] : [4, 5, 6, 7],
  };
  if (type === undefined) faults.required(["type"]);
  else if (!allowed[interaction.type]?.includes(type)) {
    faults.add(
      ["type"],
      "BASE_TYPE_CHOICES",
      `Callback type ${type} does not fit interaction type ${interaction.type}.`,
    );
  }
  if ((type === 4 || type === 7) && !isJsonObject(body["data"])) faults.required(["data"]);
  faults.throwIfAny();
  const respond = (kind: FirstResponse["kind"]): void => {
    interaction.first = { kind, data, atMs: now() };
  };
  switch (type) {
    case 1: {
      respond("pong");
      return;
    }
    case 4:
      interaction.original = messages.create(
        place(interaction, isEphemeral),
        draftOf(interaction, data, sent.uploads, ["data"]),
      );
      {
        respond("message");
        return;
      }
    case 5:
      interaction.original = messages.think(place(interaction, isEphemeral));
      {
        respond("deferred-message");
        return;
      }
    case 6:
      interaction.original = interaction.source;
      {
        respond("deferred-update");
        return;
      }
    case 7:
      if (interaction.source)
        messages.edit(interaction.source, draftOf(interaction, data, sent.uploads, ["data"]));
      interaction.original = interaction.source;
      {
        respond("update");
        return;
      }
    case 8:
      checkChoices(body["data"]);
      {
        respond("suggestions");
        return;
      }
    default: {
      checkModal(body["data"]);
      respond("modal");
      return;
    }
  }
}

const draftOf = (
  interaction: Interaction,
  body: JsonObject,
  uploads: readonly UploadedFile[],
  prefix: string[],
) => ({
  body,
  uploads,
  limitBytes: interaction.attachmentLimitBytes,
  prefix,
});
const place = (interaction: Interaction, ephemeral: boolean) => ({
  channelId: interaction.channelId,
  ephemeral,
  viewerId: ephemeral ? interaction.user.id : undefined,
  interactionMetadata: interaction.metadata,
});
