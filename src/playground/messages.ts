import { randomBytes } from "node:crypto";
import type { ReplyFile } from "../discord/reply.ts";
import { DISCORD_EPOCH_MS } from "../discord/snowflake.ts";
import type { PageAttachment, PageMessage } from "./page/protocol.ts";

/** What a message says: the part that an edit replaces. */
export type MessageBody = Pick<PageMessage, "content" | "embeds" | "components"> & {
  readonly files: readonly ReplyFile[];
};

/** The rest of a message: the part that an edit leaves alone. */
export type MessageFrame = Omit<
  PageMessage,
  keyof MessageBody | "id" | "attachments" | "timestamp" | "edited_timestamp"
>;

/** What happened to a message. */
export type MessageChange =
  | { readonly kind: "message"; readonly message: PageMessage }
  | { readonly kind: "gone"; readonly id: string };

/** The messages of the made-up server, in memory, oldest first. */
export type PlaygroundMessages = {
  add(frame: MessageFrame, body: MessageBody): PageMessage;
  /** Replaces what a message says, and its flags if given; false when the message is gone. */
  edit(messageId: string, body: MessageBody, flags?: number): boolean;
  /** False when the message was already gone. */
  remove(messageId: string): boolean;
  find(messageId: string): PageMessage | undefined;
  file(messageId: string, attachmentId: string): ReplyFile | undefined;
  all(): readonly PageMessage[];
  /** Calls `listener` for every change, until the returned function is called. */
  watch(listener: (change: MessageChange) => void): () => void;
};

/** The most messages kept: a card's picture is up to 200 kB. */
export const KEPT_MESSAGES = 100;

/** Makes an id in Discord's form, greater than every earlier one. */
export type NextId = () => string;

/** Makes ids from the clock, as Discord does. */
export function createIds(now: () => Date): NextId {
  let last = 0n;
  return () => {
    const fromClock = BigInt(now().getTime() - DISCORD_EPOCH_MS) << 22n;
    last = fromClock > last ? fromClock : last + 1n;
    return String(last);
  };
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
};

/** Keeps the messages of one process. */
export function createPlaygroundMessages({
  now,
  nextId,
}: {
  now: () => Date;
  nextId: NextId;
}): PlaygroundMessages {
  const kept = new Map<string, { message: PageMessage; files: ReadonlyMap<string, ReplyFile> }>();
  const listeners = new Set<(change: MessageChange) => void>();
  const announce = (change: MessageChange) => {
    for (const listener of listeners) listener(change);
  };

  // Every upload gets a new id, so that no browser shows the picture from before an edit.
  function upload(
    messageId: string,
    files: readonly ReplyFile[],
  ): { attachments: PageAttachment[]; byId: Map<string, ReplyFile> } {
    const byId = new Map(files.map((file) => [randomBytes(9).toString("base64url"), file]));
    const attachments = [...byId].map(([id, { name, description, data }]) => ({
      id,
      filename: name,
      description,
      content_type: CONTENT_TYPES[name.split(".").at(-1) ?? ""] ?? "application/octet-stream",
      ...pngSize(data),
      url: `/attachments/${messageId}/${id}/${encodeURIComponent(name)}`,
    }));
    return { attachments, byId };
  }

  return {
    add(frame, { files, ...body }) {
      const id = nextId();
      const { attachments, byId } = upload(id, files);
      const message: PageMessage = {
        id,
        ...frame,
        ...body,
        attachments,
        timestamp: now().toISOString(),
        edited_timestamp: null,
      };
      kept.set(id, { message, files: byId });
      for (const oldest of kept.keys()) {
        if (kept.size <= KEPT_MESSAGES) break;
        kept.delete(oldest);
        announce({ kind: "gone", id: oldest });
      }
      announce({ kind: "message", message });
      return message;
    },
    edit(messageId, { files, ...body }, flags) {
      const previous = kept.get(messageId)?.message;
      if (previous === undefined) return false;
      const { attachments, byId } = upload(messageId, files);
      const wasThinking = flags !== undefined && flags !== previous.flags;
      const message: PageMessage = {
        ...previous,
        ...body,
        attachments,
        flags: flags ?? previous.flags,
        // Discord marks edited messages, but not a deferred reply that gets its content.
        edited_timestamp: wasThinking ? null : now().toISOString(),
      };
      kept.set(messageId, { message, files: byId });
      announce({ kind: "message", message });
      return true;
    },
    remove(messageId) {
      if (!kept.delete(messageId)) return false;
      announce({ kind: "gone", id: messageId });
      return true;
    },
    find: (messageId) => kept.get(messageId)?.message,
    file: (messageId, attachmentId) => kept.get(messageId)?.files.get(attachmentId),
    all: () => [...kept.values()].map(({ message }) => message),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * The first eight bytes of every PNG file; its size stands in the chunk after them
 * (w3.org/TR/png-3, 2026-11).
 */
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

// A picture of known size does not shift the messages when it arrives.
function pngSize(data: Uint8Array): { width: number; height: number } | undefined {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length < 24 || !bytes.subarray(0, 8).equals(PNG_SIGNATURE)) return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
