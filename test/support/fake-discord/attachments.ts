import { type JsonObject, jsonObjects, textOf } from "./json.ts";
import { FormFaults, restErrors } from "./rest-error.ts";
import type { SeenFile, UploadedFile } from "./seen-message.ts";

/**
 * The largest file Discord takes from a bot without boosts, in bytes.
 * https://discord.com/developers/docs/reference#uploading-files (2026-11)
 */
export const defaultAttachmentLimitBytes = 10 * 1024 * 1024;

/** Where a file is served. */
export const fileUrl = (channelId: string, file: SeenFile): string =>
  `https://cdn.discordapp.com/attachments/${channelId}/${file.id}/${encodeURIComponent(file.name)}`;

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

/** Width and height of a picture, in px. */
export type PictureSize = { readonly width: number; readonly height: number };

/** The files of all messages. */
export class Attachments {
  readonly #nextId: () => string;
  readonly #keepBytes: boolean;
  readonly #sizes = new Map<string, PictureSize>();

  constructor(options: { nextId: () => string; keepBytes: boolean }) {
    this.#nextId = options.nextId;
    this.#keepBytes = options.keepBytes;
  }

  /** The size of a PNG that was uploaded; undefined for other files. */
  sizeOf(file: SeenFile): PictureSize | undefined {
    return this.#sizes.get(file.id);
  }

  /**
   * The files of a message after a request: those it keeps and those it uploads. Throws Discord's
   * error; `prefix` is where the message stands in the body.
   */
  attach({
    body,
    uploads,
    kept,
    limitBytes,
    prefix,
  }: {
    body: JsonObject;
    uploads: readonly UploadedFile[];
    kept: readonly SeenFile[];
    limitBytes: number;
    prefix: readonly string[];
  }): SeenFile[] {
    const listed = Array.isArray(body["attachments"])
      ? jsonObjects(body["attachments"])
      : undefined;
    checkAttachments({ listed, uploads, kept, limitBytes, prefix });
    return [...stillAttached(kept, listed), ...uploads.map((file) => this.#store(file, listed))];
  }

  #store(upload: UploadedFile, listed: readonly JsonObject[] | undefined): SeenFile {
    const entry = listed?.find(({ id }) => String(id) === String(upload.index));
    const id = this.#nextId();
    const size = pngSize(upload.bytes);
    if (size) this.#sizes.set(id, size);
    return {
      id,
      // Discord rewrites names, so an embed must use the rewritten one.
      name: (textOf(entry?.["filename"]) ?? upload.name).replaceAll(/[^\w.-]/g, "_"),
      description: textOf(entry?.["description"]),
      contentType: upload.contentType,
      sizeBytes: upload.bytes.length,
      bytes: this.#keepBytes ? upload.bytes : new Uint8Array(),
    };
  }
}

/** An edit that lists attachments keeps only the listed ones; an edit that lists none keeps all. */
function stillAttached(
  kept: readonly SeenFile[],
  listed: readonly JsonObject[] | undefined,
): SeenFile[] {
  return kept.flatMap((file) => {
    const entry = listed?.find(({ id }) => String(id) === file.id);
    if (listed && !entry) return [];
    return entry && "description" in entry
      ? [{ ...file, description: textOf(entry["description"]) }]
      : [file];
  });
}

function checkAttachments({
  listed,
  uploads,
  kept,
  limitBytes,
  prefix,
}: {
  listed: readonly JsonObject[] | undefined;
  uploads: readonly UploadedFile[];
  kept: readonly SeenFile[];
  limitBytes: number;
  prefix: readonly string[];
}): void {
  const faults = new FormFaults();
  const path = [...prefix, "attachments"];
  if (uploads.length > 10)
    faults.add(path, "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.");
  if (uploads.some((file) => file.bytes.length > limitBytes)) throw restErrors.entityTooLarge();
  listed?.forEach((entry, index) => {
    const id = String(entry["id"]);
    const exists =
      kept.some((file) => file.id === id) || uploads.some((file) => String(file.index) === id);
    if (!exists)
      faults.add(
        [...path, index, "id"],
        "ATTACHMENT_NOT_FOUND",
        `Attachment data is missing or invalid for id ${id}.`,
      );
    faults.length([...path, index, "description"], entry["description"], { max: 1024 });
  });
  faults.throwIfAny();
}
