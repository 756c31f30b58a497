import type { Log } from "../process/log.ts";
import type { CommandResult, Reply, Visibility } from "./reply.ts";
import { DeliveryError, type DeliveryFailure, type Responder } from "./responder.ts";

/** How far the response to an interaction has got, which decides how its reply is sent. */
export type Stage = {
  readonly responder: Responder;
  readonly visibility: Visibility;
  /** The largest file that may be attached, in bytes. */
  readonly attachmentLimitBytes: number;
  /** Whether the reply was deferred. */
  readonly isDeferred: boolean;
};

/**
 * Sends a command's reply, a refusal always privately. Files that are too large are left out, and
 * all files when Discord refuses them. Rejects with a {@link DeliveryError}.
 */
export async function deliver(
  { kind, reply }: CommandResult,
  { responder, visibility, attachmentLimitBytes, isDeferred }: Stage,
  log: Log,
): Promise<void> {
  const sendable = withoutLargeFiles(reply, attachmentLimitBytes);
  const send = (how: (reply: Reply) => Promise<void>) => sendWithFilesIfTaken(sendable, how, log);
  if (!isDeferred)
    return send((sent) => responder.reply(sent, kind === "refusal" ? "private" : visibility));
  if (kind === "reply" || visibility === "private")
    return send((sent) => responder.editReply(sent));
  // The first follow-up would replace the deferred public reply, so that reply is deleted first.
  if (visibility === "public") await responder.deleteReply();
  return send((sent) => responder.followUpPrivately(sent));
}

/** Why a responder failed; it should reject only with a {@link DeliveryError}. */
export function deliveryFailureOf(error: unknown): DeliveryFailure {
  // Anything else is a bug, which becomes an incident like a message that Discord refused.
  return error instanceof DeliveryError ? error.reason : "refused";
}

async function sendWithFilesIfTaken(
  reply: Reply,
  send: (reply: Reply) => Promise<void>,
  log: Log,
): Promise<void> {
  try {
    await send(reply);
  } catch (error) {
    if (!(reply.files?.length && deliveryFailureOf(error) === "files-refused")) throw error;
    log.warn({ err: error }, "Discord refused a picture; the answer goes out without it");
    await send(withoutFiles(reply, new Set(reply.files.map((file) => file.name))));
  }
}

function withoutLargeFiles(reply: Reply, limitBytes: number): Reply {
  const tooLarge = (reply.files ?? []).filter((file) => file.data.byteLength > limitBytes);
  return tooLarge.length === 0
    ? reply
    : withoutFiles(reply, new Set(tooLarge.map((file) => file.name)));
}

/** An embed that still refers to a file that is not sent would show a broken picture. */
function withoutFiles(reply: Reply, names: ReadonlySet<string>): Reply {
  const isLeftOut = (url: string | undefined) =>
    url?.startsWith("attachment://") && names.has(url.slice("attachment://".length));
  return {
    ...reply,
    files: (reply.files ?? []).filter((file) => !names.has(file.name)),
    ...(reply.embeds === undefined
      ? {}
      : {
          embeds: reply.embeds.map(({ image, thumbnail, ...embed }) => ({
            ...embed,
            ...(image === undefined || isLeftOut(image.url) ? {} : { image }),
            ...(thumbnail === undefined || isLeftOut(thumbnail.url) ? {} : { thumbnail }),
          })),
        }),
  };
}
