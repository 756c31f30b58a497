import type { APIEmbed, APIMessageTopLevelComponent } from "discord-api-types/v10";
import { Attachments, defaultAttachmentLimitBytes } from "./attachments.ts";
import { isJsonObject, type JsonObject, jsonObjects, numberOf, textOf } from "./json.ts";
import { messageJson } from "./message-json.ts";
import { checkMessageBody, MessageFlag } from "./message-rules.ts";
import { restErrors } from "./rest-error.ts";
import type { SeenMessage, UploadedFile } from "./seen-message.ts";
import type { World } from "./world.ts";

/** Where a message appears, and who sees it. */
export type MessagePlace = {
  readonly channelId: string;
  readonly ephemeral: boolean;
  readonly viewerId: string | undefined;
  readonly interactionMetadata: JsonObject | undefined;
};

/** A message as a request has it; `prefix` is where it stands in the body. */
export type Draft = {
  readonly body: JsonObject;
  readonly uploads: readonly UploadedFile[];
  readonly limitBytes?: number;
  readonly prefix?: string[];
};

/** All messages of a fake Discord, newest last in each channel. */
export class MessageStore {
  readonly #world: World;
  readonly #attachments: Attachments;
  readonly #byChannel = new Map<string, SeenMessage[]>();

  /** With `keepFiles` false, only names and sizes of files are kept. */
  constructor({ world, keepFiles }: { world: World; keepFiles: boolean }) {
    this.#world = world;
    this.#attachments = new Attachments({
      nextId: () => world.snowflakes.next(),
      keepBytes: keepFiles,
    });
  }

  /** Messages that others in the channel see, oldest first. */
  inChannel(channelId: string): SeenMessage[] {
    return (this.#byChannel.get(channelId) ?? []).filter(
      (message) => message.state !== "deleted" && !message.ephemeral,
    );
  }

  /** Adds "the bot is thinking". */
  think(place: MessagePlace): SeenMessage {
    return this.#add(this.#blank(place));
  }

  /** Adds a message, or throws Discord's error and adds nothing. */
  create(place: MessagePlace, draft: Draft): SeenMessage {
    const filled = this.#fill(draft, undefined);
    const nonce = draft.body["nonce"];
    return this.#add({
      ...this.#blank(place),
      ...filled,
      state: "shown",
      flags: filled.flags | (place.ephemeral ? MessageFlag.Ephemeral : 0),
      nonce: typeof nonce === "string" || typeof nonce === "number" ? nonce : undefined,
    });
  }

  /** Adds what a person wrote. */
  say(channelId: string, authorId: string, content: string): SeenMessage {
    const place = {
      channelId,
      ephemeral: false,
      viewerId: undefined,
      interactionMetadata: undefined,
    };
    return this.#add({ ...this.#blank(place), authorId, content, state: "shown", flags: 0 });
  }

  /** Edits a message, or throws Discord's error and changes nothing. */
  edit(message: SeenMessage, draft: Draft): SeenMessage {
    const filled = this.#fill(draft, message);
    Object.assign(message, filled, { state: "shown", edits: message.edits + 1 });
    return message;
  }

  delete(message: SeenMessage): void {
    message.state = "deleted";
  }

  /** The message as REST returns it. */
  toJson(message: SeenMessage): JsonObject {
    return messageJson(message, { world: this.#world, attachments: this.#attachments });
  }

  /** The content of a message after a request: what the request leaves out stays as it was. */
  #fill(draft: Draft, current: SeenMessage | undefined) {
    const { body, prefix = [] } = draft;
    const flags = numberOf(body["flags"]) ?? 0;
    const isV2 = ((flags | (current?.flags ?? 0)) & MessageFlag.ComponentsV2) !== 0;
    const files = this.#attachments.attach({
      body,
      uploads: draft.uploads,
      kept: current?.files ?? [],
      limitBytes: draft.limitBytes ?? defaultAttachmentLimitBytes,
      prefix,
    });
    checkMessageBody(body, {
      attachmentNames: new Set(files.map((file) => file.name)),
      prefix,
      isV2,
    });
    const mentions = body["allowed_mentions"];
    const next = {
      content: "content" in body ? (textOf(body["content"]) ?? "") : (current?.content ?? ""),
      // checkMessageBody has just refused every embed and component that is not one of Discord's.
      embeds:
        "embeds" in body
          ? (jsonObjects(body["embeds"]) as unknown as APIEmbed[])
          : (current?.embeds ?? []),
      components:
        "components" in body
          ? (jsonObjects(body["components"]) as unknown as APIMessageTopLevelComponent[])
          : (current?.components ?? []),
      files,
      allowedMentions: isJsonObject(mentions) ? mentions : undefined,
      flags:
        ((current?.flags ?? 0) & ~MessageFlag.Loading) |
        (flags & (MessageFlag.SuppressEmbeds | MessageFlag.ComponentsV2)),
    };
    requireContent(next);
    return next;
  }

  #add(message: SeenMessage): SeenMessage {
    const list = this.#byChannel.get(message.channelId) ?? [];
    list.push(message);
    this.#byChannel.set(message.channelId, list);
    const channel = this.#world.channels.get(message.channelId);
    if (channel && !message.ephemeral) channel.last_message_id = message.id;
    return message;
  }

  #blank(place: MessagePlace): SeenMessage {
    return {
      id: this.#world.snowflakes.next(),
      authorId: this.#world.botUser.id,
      state: "thinking",
      content: "",
      embeds: [],
      components: [],
      files: [],
      allowedMentions: undefined,
      flags: MessageFlag.Loading | (place.ephemeral ? MessageFlag.Ephemeral : 0),
      nonce: undefined,
      edits: 0,
      crossposted: false,
      createdAtMs: this.#world.now(),
      ...place,
    };
  }
}

function requireContent(
  message: Pick<SeenMessage, "content" | "embeds" | "files" | "components">,
): void {
  const isEmpty =
    message.content.trim() === "" &&
    message.embeds.length + message.files.length + message.components.length === 0;
  if (isEmpty) throw restErrors.emptyMessage();
}
