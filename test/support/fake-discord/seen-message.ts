import type { APIEmbed, APIMessageTopLevelComponent } from "discord-api-types/v10";
import type { JsonObject } from "./json.ts";

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

/** A message as people see it, with what made it. */
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
