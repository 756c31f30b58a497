import { type Attachments, fileUrl } from "./attachments.ts";
import { isJsonObject, type JsonObject, jsonObjects, numberOf } from "./json.ts";
import { MessageFlag } from "./message-rules.ts";
import type { SeenMessage } from "./seen-message.ts";
import type { World } from "./world.ts";

/** Components as Discord stores them: numbered, and menus with their defaults. */
export function storedComponents(components: readonly unknown[]): JsonObject[] {
  let lastId = 0;
  const store = (component: JsonObject): JsonObject => {
    lastId += 1;
    const isMenu = [3, 5, 6, 7, 8].includes(numberOf(component["type"]) ?? 0);
    return {
      ...component,
      id: numberOf(component["id"]) ?? lastId,
      ...(isMenu && {
        min_values: numberOf(component["min_values"]) ?? 1,
        max_values: numberOf(component["max_values"]) ?? 1,
      }),
      ...(Array.isArray(component["components"]) && {
        components: jsonObjects(component["components"]).map(store),
      }),
      ...(isJsonObject(component["accessory"]) && { accessory: store(component["accessory"]) }),
    };
  };
  return jsonObjects(components).map(store);
}

/** A message as Discord's message object. */
export function messageJson(
  message: SeenMessage,
  { world, attachments }: { world: World; attachments: Attachments },
): JsonObject {
  const resolveImage = (image: unknown) => resolvedImage(message, image);
  return {
    id: message.id,
    type: messageType(message),
    channel_id: message.channelId,
    author: world.users.get(message.authorId) ?? world.botUser,
    content: message.content,
    timestamp: new Date(message.createdAtMs).toISOString(),
    edited_timestamp: message.edits > 0 ? new Date(world.now()).toISOString() : null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: message.files.map((file) => ({
      id: file.id,
      filename: file.name,
      size: file.sizeBytes,
      ...(file.description !== undefined && { description: file.description }),
      content_type: file.contentType,
      url: fileUrl(message.channelId, file),
      proxy_url: fileUrl(message.channelId, file).replace(
        "cdn.discordapp.com",
        "media.discordapp.net",
      ),
      ...attachments.sizeOf(file),
    })),
    embeds: message.embeds.map((embed) => ({
      type: "rich",
      ...embed,
      ...(embed.fields && {
        fields: embed.fields.map((field) => ({ ...field, inline: field.inline ?? false })),
      }),
      ...(embed.image && { image: resolveImage(embed.image) }),
      ...(embed.thumbnail && { thumbnail: resolveImage(embed.thumbnail) }),
    })),
    components: storedComponents(message.components),
    pinned: false,
    flags: message.flags | (message.crossposted ? MessageFlag.Crossposted : 0),
    ...(message.nonce !== undefined && { nonce: message.nonce }),
    ...(message.interactionMetadata && {
      application_id: world.applicationId,
      webhook_id: world.applicationId,
      interaction_metadata: message.interactionMetadata,
    }),
  };
}

/** 0 is an ordinary message, 20 answers a slash command, 19 another interaction. */
function messageType({ interactionMetadata }: SeenMessage): 0 | 19 | 20 {
  if (interactionMetadata === undefined) return 0;
  return interactionMetadata["type"] === 2 ? 20 : 19;
}

/** An embed's image, its `attachment://` replaced with the address of the file. */
function resolvedImage(message: SeenMessage, image: unknown): unknown {
  if (!isJsonObject(image)) return image;
  const file = message.files.find(({ name }) => `attachment://${name}` === image["url"]);
  return {
    ...image,
    ...(file && { url: fileUrl(message.channelId, file) }),
    proxy_url: "https://media.discordapp.net/x",
    width: 0,
    height: 0,
    flags: 0,
  };
}
