import type { APIEmbed, APIMessageTopLevelComponent } from "discord-api-types/v10";
import { isJsonObject, type JsonObject, jsonObjects, numberOf, textOf } from "./json.ts";
import { checkMessageBody, MessageFlag } from "./message-rules.ts";
import { FormFaults, restErrors } from "./rest-error.ts";
import type { World } from "./world.ts";

/**
 * The largest file Discord takes from a bot without boosts, in bytes.
 * https://discord.com/developers/docs/reference#uploading-files (2026-11)
 */
export const defaultAttachmentLimitBytes = 10 * 1024 * 1024;

/** A file of a multipart body: `files[index]`. */
export type UploadedFile = {
  readonly index: number;
  readonly name: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
};

/**
 * A file on a message. `description` is its alt text; `bytes` is empty when the fake was told not
 * to keep files.
 */
export type SeenFile = {
  readonly id: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly bytes: Uint8Array;
};

/** A message as people see it, and what made it so. */
export type SeenMessage = {
  readonly id: string;
  readonly channelId: string;
  readonly authorId: string;
  /** `thinking` is a deferred reply that has no content yet. */
  state: "thinking" | "shown" | "deleted";
  /** True: only `viewerId` sees it. */
  ephemeral: boolean;
  viewerId: string | undefined;
  content: string;
  embeds: readonly APIEmbed[];
  components: readonly APIMessageTopLevelComponent[];
  files: readonly SeenFile[];
  /**
   * As last sent; undefined when the request had none, which lets Discord mention everybody named.
   */
  allowedMentions: JsonObject | undefined;
  flags: number;
  nonce: string | number | undefined;
  /** How often its content was replaced; filling in a deferred reply counts. */
  edits: number;
  /** Published to following channels. */
  crossposted: boolean;
  readonly createdAtMs: number;
  /** The interaction that made it, with the asker, as Discord's `interaction_metadata`. */
  readonly interactionMetadata: JsonObject | undefined;
};

/** Reads a PNG's size from its header, as Discord does for attachments. */
function pngSize(bytes: Uint8Array): { width: number; height: number } | undefined {
  if (
    bytes.length < 24 ||
    Buffer.from(bytes.subarray(0, 8)).toString("latin1") !== "\x89PNG\r\n\x1a\n"
  )
    return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

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

/** All messages of a fake Discord, newest last in each channel. */
export type MessageStore = ReturnType<typeof createMessageStore>;

/** Creates the store; with `keepFiles` false, only names and sizes of files are kept. */
export function createMessageStore({ world, keepFiles }: { world: World; keepFiles: boolean }) {
  const byId = new Map<string, SeenMessage>();
  const byChannel = new Map<string, SeenMessage[]>();
  const sizes = new Map<string, { width: number; height: number }>();

  const attach = (
    body: JsonObject,
    uploads: readonly UploadedFile[],
    kept: readonly SeenFile[],
    limitBytes: number,
    prefix: string[],
  ): SeenFile[] => {
    const faults = new FormFaults();
    if (uploads.length > 10)
      faults.add(
        [...prefix, "attachments"],
        "BASE_TYPE_MAX_LENGTH",
        "Must be 10 or fewer in length.",
      );
    if (uploads.some((file) => file.bytes.length > limitBytes)) throw restErrors.entityTooLarge();
    const listed = Array.isArray(body["attachments"])
      ? jsonObjects(body["attachments"])
      : undefined;
    // An edit that lists attachments keeps only the listed ones; an edit that lists none keeps all.
    const files: SeenFile[] = [];
    for (const file of kept) {
      const entry = listed?.find((one) => String(one["id"]) === file.id);
      if (listed && !entry) continue;
      files.push(
        entry && "description" in entry
          ? { ...file, description: textOf(entry["description"]) }
          : file,
      );
    }
    listed?.forEach((entry, index) => {
      const id = String(entry["id"]);
      if (
        !kept.some((file) => file.id === id) &&
        !uploads.some((file) => String(file.index) === id)
      ) {
        faults.add(
          [...prefix, "attachments", index, "id"],
          "ATTACHMENT_NOT_FOUND",
          `Attachment data is missing or invalid for id ${id}.`,
        );
      }
      faults.length([...prefix, "attachments", index, "description"], entry["description"], {
        max: 1024,
      });
    });
    faults.throwIfAny();
    for (const upload of uploads) {
      const entry = listed?.find((one) => String(one["id"]) === String(upload.index));
      const id = world.snowflakes.next();
      const size = pngSize(upload.bytes);
      if (size) sizes.set(id, size);
      files.push({
        id,
        // Discord rewrites names, so an embed must use the rewritten one.
        name: (textOf(entry?.["filename"]) ?? upload.name).replaceAll(/[^\w.-]/g, "_"),
        description: textOf(entry?.["description"]),
        contentType: upload.contentType,
        sizeBytes: upload.bytes.length,
        bytes: keepFiles ? upload.bytes : new Uint8Array(),
      });
    }
    return files;
  };

  const requireSomething = (
    message: Pick<SeenMessage, "content" | "embeds" | "files" | "components">,
  ): void => {
    const empty =
      message.content.trim() === "" &&
      message.embeds.length + message.files.length + message.components.length === 0;
    if (empty) throw restErrors.emptyMessage();
  };

  type Draft = {
    body: JsonObject;
    uploads: readonly UploadedFile[];
    limitBytes?: number;
    prefix?: string[];
  };

  const fill = (draft: Draft, before: SeenMessage | undefined) => {
    const { body, prefix = [] } = draft;
    const flags = numberOf(body["flags"]) ?? 0;
    const isV2 = ((flags | (before?.flags ?? 0)) & MessageFlag.ComponentsV2) !== 0;
    const files = attach(
      body,
      draft.uploads,
      before?.files ?? [],
      draft.limitBytes ?? defaultAttachmentLimitBytes,
      prefix,
    );
    checkMessageBody(body, {
      attachmentNames: new Set(files.map((file) => file.name)),
      prefix,
      isV2,
    });
    const mentions = body["allowed_mentions"];
    const next = {
      content: "content" in body ? (textOf(body["content"]) ?? "") : (before?.content ?? ""),
      // checkMessageBody has just refused every embed and component that is not one of Discord's.
      embeds:
        "embeds" in body
          ? (jsonObjects(body["embeds"]) as unknown as APIEmbed[])
          : (before?.embeds ?? []),
      components:
        "components" in body
          ? (jsonObjects(body["components"]) as unknown as APIMessageTopLevelComponent[])
          : (before?.components ?? []),
      files,
      allowedMentions: isJsonObject(mentions) ? mentions : undefined,
      flags:
        ((before?.flags ?? 0) & ~MessageFlag.Loading) |
        (flags & (MessageFlag.SuppressEmbeds | MessageFlag.ComponentsV2)),
    };
    requireSomething(next);
    return next;
  };

  const put = (message: SeenMessage): SeenMessage => {
    byId.set(message.id, message);
    const list = byChannel.get(message.channelId) ?? [];
    list.push(message);
    byChannel.set(message.channelId, list);
    const channel = world.channels.get(message.channelId);
    if (channel && !message.ephemeral) channel.last_message_id = message.id;
    return message;
  };

  const blank = (options: {
    channelId: string;
    ephemeral: boolean;
    viewerId: string | undefined;
    interactionMetadata: JsonObject | undefined;
  }): SeenMessage => ({
    id: world.snowflakes.next(),
    authorId: world.botUser.id,
    state: "thinking",
    content: "",
    embeds: [],
    components: [],
    files: [],
    allowedMentions: undefined,
    flags: MessageFlag.Loading | (options.ephemeral ? MessageFlag.Ephemeral : 0),
    nonce: undefined,
    edits: 0,
    crossposted: false,
    createdAtMs: world.now(),
    ...options,
  });

  return {
    byId,
    /** Messages that others in the channel see, oldest first. */
    inChannel: (channelId: string): SeenMessage[] =>
      (byChannel.get(channelId) ?? []).filter(
        (message) => message.state !== "deleted" && !message.ephemeral,
      ),

    /** Adds "the bot is thinking". */
    think: (options: Parameters<typeof blank>[0]): SeenMessage => put(blank(options)),

    /** Adds a message, or throws Discord's error and adds nothing. */
    create(options: Parameters<typeof blank>[0], draft: Draft): SeenMessage {
      const filled = fill(draft, undefined);
      const nonce = draft.body["nonce"];
      return put({
        ...blank(options),
        ...filled,
        state: "shown",
        flags: filled.flags | (options.ephemeral ? MessageFlag.Ephemeral : 0),
        nonce: typeof nonce === "string" || typeof nonce === "number" ? nonce : undefined,
      });
    },

    /** Adds what a person wrote. */
    say(channelId: string, authorId: string, content: string): SeenMessage {
      const place = {
        channelId,
        ephemeral: false,
        viewerId: undefined,
        interactionMetadata: undefined,
      };
      return put({ ...blank(place), authorId, content, state: "shown", flags: 0 });
    },

    /** Edits a message, or throws Discord's error and changes nothing. */
    edit(message: SeenMessage, draft: Draft): SeenMessage {
      Object.assign(message, fill(draft, message), { state: "shown", edits: message.edits + 1 });
      return message;
    },

    delete(message: SeenMessage): void {
      message.state = "deleted";
    },

    /** The message as REST answers it. */
    toJson(message: SeenMessage): JsonObject {
      const fileUrl = (file: SeenFile) =>
        `https://cdn.discordapp.com/attachments/${message.channelId}/${file.id}/${encodeURIComponent(file.name)}`;
      const resolveImage = (image: unknown) => {
        if (!isJsonObject(image)) return image;
        const name = textOf(image["url"])?.replace("attachment://", "");
        const file = message.files.find(
          (one) => `attachment://${one.name}` === image["url"] && one.name === name,
        );
        return {
          ...image,
          ...(file && { url: fileUrl(file) }),
          proxy_url: "https://media.discordapp.net/x",
          width: 0,
          height: 0,
          flags: 0,
        };
      };
      return {
        id: message.id,
        type:
          message.interactionMetadata === undefined
            ? 0
            : message.interactionMetadata["type"] === 2
              ? 20
              : 19,
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
          url: fileUrl(file),
          proxy_url: fileUrl(file).replace("cdn.discordapp.com", "media.discordapp.net"),
          ...sizes.get(file.id),
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
    },
  };
}
