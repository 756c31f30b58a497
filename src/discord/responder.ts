import { randomUUID } from "node:crypto";
import { DiscordAPIError, HTTPError, RateLimitError, type RawFile, REST } from "@discordjs/rest";
import { DelegateBackoff, handleWhen, retry } from "cockatiel";
import {
  type APIInteractionResponse,
  type APIInteractionResponseCallbackData,
  InteractionResponseType,
  MessageFlags,
  RESTJSONErrorCodes,
  Routes,
} from "discord-api-types/v10";
import type { Reply, ReplyFile, Suggestion, Visibility } from "./command.ts";

/**
 * How dispatch answers one interaction, whatever transport brought it. Each method resolves when Discord has taken the message and
 * rejects with a `DeliveryError` otherwise, always within a bounded time.
 */
export type Responder = {
  /** The first answer; `edit` replaces the message that the component sits on. */
  reply(reply: Reply, visibility: Visibility): Promise<void>;
  /** Says that the answer will come later; fixes its visibility for good. */
  defer(visibility: Visibility): Promise<void>;
  /** Puts the answer where it was deferred, replacing everything there. */
  editReply(reply: Reply): Promise<void>;
  /** Removes a deferred answer; one that is already gone counts as removed. */
  deleteReply(): Promise<void>;
  /** A further message that only the asker sees. */
  followUpPrivately(reply: Reply): Promise<void>;
  /** Answers an autocomplete question. */
  suggest(choices: readonly Suggestion[]): Promise<void>;
};

/**
 * Why a message did not arrive: `expired` (Discord no longer knows the interaction), `already-acknowledged` (somebody else answered it),
 * `files-refused` (Discord took exception to an attachment), `refused` (to something else in it), `unavailable` (Discord could not be reached
 * or failed; the message may or may not have arrived).
 */
export type DeliveryFailure = "expired" | "already-acknowledged" | "files-refused" | "refused" | "unavailable";

/** A message that did not reach Discord, or may not have. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  readonly reason: DeliveryFailure;

  constructor(reason: DeliveryFailure, options: { cause: unknown }) {
    super(`Discord did not take the answer (${reason})`, options);
    this.reason = reason;
  }
}

/** Longest alt text of an attachment, in characters (discord.com/developers/docs/resources/message#attachment-object, 2026-11). */
const ALT_TEXT_CHARACTERS = 1024;

/** Discord drops an interaction that is not acknowledged within 3 s; measured from when it reached us, so somewhat less. */
const ACKNOWLEDGE_WITHIN_MS = 2_700;

/** An interaction token lives 15 minutes, but nobody waits that long for an answer that is ready. */
const DELIVER_WITHIN_MS = 30_000;

/** Retries of one message after its first attempt. */
const RETRIES = 3;

/** Pause before the second attempt; the later ones wait longer. */
const RETRY_PAUSE_MS = 150;

const NO_MENTIONS = { parse: [] };

/** A new message as Discord takes it; its files go beside it. */
export const contentOf = (reply: Reply): APIInteractionResponseCallbackData => ({
  ...(reply.content === undefined ? {} : { content: reply.content }),
  ...(reply.embeds === undefined ? {} : { embeds: [...reply.embeds] }),
  ...(reply.components === undefined ? {} : { components: [...reply.components] }),
  ...(reply.files === undefined || reply.files.length === 0 ? {} : { attachments: attachmentsOf(reply) }),
  allowed_mentions: NO_MENTIONS,
});

// What an edit leaves out stays as it was, so that a new answer would keep the old one's picture or buttons.
const replacementOf = (reply: Reply): APIInteractionResponseCallbackData => ({
  content: reply.content ?? "",
  embeds: [...(reply.embeds ?? [])],
  components: [...(reply.components ?? [])],
  attachments: attachmentsOf(reply),
  allowed_mentions: NO_MENTIONS,
});

const attachmentsOf = (reply: Reply) =>
  (reply.files ?? []).map((file, index) => ({
    id: String(index),
    filename: file.name,
    description: file.description.slice(0, ALT_TEXT_CHARACTERS),
  }));

/** The files of a reply as `@discordjs/rest` takes them; their order is that of the payload's attachments. */
export const rawFilesOf = (reply: Reply): RawFile[] => (reply.files ?? []).map((file) => ({ name: file.name, data: file.data }));

/** The JSON of a first answer: what a gateway bot posts to the callback and what an HTTP transport answers with. */
export function callbackOf(reply: Reply, visibility: Visibility): APIInteractionResponse {
  if (visibility === "edit") return { type: InteractionResponseType.UpdateMessage, data: replacementOf(reply) };
  return {
    type: InteractionResponseType.ChannelMessageWithSource,
    data: visibility === "private" ? { ...contentOf(reply), flags: MessageFlags.Ephemeral } : contentOf(reply),
  };
}

/** The JSON that defers an answer. */
export function deferralOf(visibility: Visibility): APIInteractionResponse {
  if (visibility === "edit") return { type: InteractionResponseType.DeferredMessageUpdate };
  return {
    type: InteractionResponseType.DeferredChannelMessageWithSource,
    ...(visibility === "private" ? { data: { flags: MessageFlags.Ephemeral } } : {}),
  };
}

/** The JSON that answers an autocomplete question. */
export function suggestionsOf(choices: readonly Suggestion[]): APIInteractionResponse {
  return {
    type: InteractionResponseType.ApplicationCommandAutocompleteResult,
    data: { choices: choices.map(({ name, value }) => ({ name, value })) },
  };
}

/** A first answer with files as an HTTP response: Discord's `payload_json` and one part for each file (RFC 7578). */
export function multipartOf(callback: APIInteractionResponse, files: readonly ReplyFile[]): Response {
  const boundary = `lambo-${randomUUID()}`;
  const part = (disposition: string, type: string) =>
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n`);
  const chunks: Uint8Array[] = [part('name="payload_json"', "application/json"), Buffer.from(JSON.stringify(callback))];
  files.forEach(({ name, data }, index) => {
    chunks.push(LINE_END, part(`name="files[${index}]"; filename="${quoted(name)}"`, "application/octet-stream"), data);
  });
  chunks.push(Buffer.from(`\r\n--${boundary}--\r\n`));
  return new Response(Buffer.concat(chunks), { headers: { "content-type": `multipart/form-data; boundary=${boundary}` } });
}

const LINE_END = Buffer.from("\r\n");

// As browsers do (html.spec.whatwg.org/multipage/form-control-infrastructure.html#multipart-form-data).
const quoted = (name: string) => name.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");

/**
 * A REST client for interaction answers alone: Discord does not count them against the bot's 50 requests a second, `@discordjs/rest` would.
 * It never waits or retries by itself, because an answer's time limit is not known to it. `apiUrl` is without the version.
 */
export function createInteractionRest(options: { apiUrl?: string | undefined }): REST {
  return new REST({
    ...(options.apiUrl === undefined ? {} : { api: options.apiUrl.replace(/\/+$/, "") }),
    globalRequestsPerSecond: Number.POSITIVE_INFINITY,
    rejectOnRateLimit: () => true,
    retries: 0,
    timeout: DELIVER_WITHIN_MS,
    // Every deferred answer leaves a handler behind under its token: sweep them every ten minutes, not every hour.
    handlerSweepInterval: 600_000,
  });
}

/** The part of a responder that goes through Discord's REST interface under every transport. */
export type LaterAnswers = Pick<Responder, "editReply" | "deleteReply" | "followUpPrivately">;

/** Who an interaction's answers are addressed to. */
export type Address = { readonly interactionId: string; readonly applicationId: string; readonly token: string };

/** Answers after the first one, by REST; the interaction's token is all the authorisation that Discord wants. */
export function laterAnswers(
  rest: REST,
  address: Pick<Address, "applicationId" | "token">,
  { deliverWithinMs = DELIVER_WITHIN_MS }: { deliverWithinMs?: number } = {},
): LaterAnswers {
  const original = Routes.webhookMessage(address.applicationId, address.token, "@original");
  const followUps = Routes.webhook(address.applicationId, address.token);
  return {
    async editReply(reply) {
      await deliver({ withinMs: deliverWithinMs, repeatable: true }, (signal) =>
        rest.patch(original, { auth: false, signal, body: replacementOf(reply), files: rawFilesOf(reply) }),
      );
    },
    async deleteReply() {
      try {
        await deliver({ withinMs: deliverWithinMs, repeatable: true }, (signal) => rest.delete(original, { auth: false, signal }));
      } catch (error) {
        if (!(error instanceof DeliveryError && codeOf(error.cause) === RESTJSONErrorCodes.UnknownMessage)) throw error;
      }
    },
    async followUpPrivately(reply) {
      await deliver({ withinMs: deliverWithinMs, repeatable: false }, (signal) =>
        rest.post(followUps, {
          auth: false,
          signal,
          body: { ...contentOf(reply), flags: MessageFlags.Ephemeral },
          files: rawFilesOf(reply),
        }),
      );
    },
  };
}

/**
 * A responder that answers through REST, for interactions that arrived just now over the gateway. The first answer is given up
 * `acknowledgeWithinMs` (2,700 unless told) from now, a later one `deliverWithinMs` (30,000) after it began.
 */
export function restResponder(
  rest: REST,
  address: Address,
  limits: { acknowledgeWithinMs?: number; deliverWithinMs?: number } = {},
): Responder {
  const acknowledgeBeforeMs = performance.now() + (limits.acknowledgeWithinMs ?? ACKNOWLEDGE_WITHIN_MS);
  const callback = Routes.interactionCallback(address.interactionId, address.token);
  const acknowledge = async (body: APIInteractionResponse, files: RawFile[]) => {
    const withinMs = Math.max(0, acknowledgeBeforeMs - performance.now());
    await deliver({ withinMs, repeatable: true }, (signal) => rest.post(callback, { auth: false, signal, body, files }));
  };
  return {
    reply: (reply, visibility) => acknowledge(callbackOf(reply, visibility), rawFilesOf(reply)),
    defer: (visibility) => acknowledge(deferralOf(visibility), []),
    suggest: (choices) => acknowledge(suggestionsOf(choices), []),
    ...laterAnswers(rest, address, limits),
  };
}

/**
 * Sends one message, again when Discord fails or asks to wait and there is time left. `repeatable` says that sending twice shows it once:
 * edits replace, and Discord takes one acknowledgement for an interaction.
 */
async function deliver(limits: { withinMs: number; repeatable: boolean }, send: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const deadlineMs = performance.now() + limits.withinMs;
  let mayHaveArrived = false;
  const worthAnotherTry = (error: unknown) =>
    (error instanceof RateLimitError || error instanceof HTTPError || (limits.repeatable && isNetworkFailure(error))) &&
    performance.now() + pauseMs(error, 1) < deadlineMs;
  const policy = retry(handleWhen(worthAnotherTry), {
    maxAttempts: RETRIES,
    backoff: new DelegateBackoff(({ result, attempt }) => pauseMs("error" in result ? result.error : undefined, attempt)),
  });
  try {
    await policy.execute(async () => {
      try {
        await send(AbortSignal.timeout(Math.max(1, Math.ceil(deadlineMs - performance.now()))));
      } catch (error) {
        // Our own earlier attempt was heard although its answer was not.
        if (mayHaveArrived && codeOf(error) === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged) return;
        mayHaveArrived ||= error instanceof HTTPError || isNetworkFailure(error);
        throw error;
      }
    });
  } catch (error) {
    throw new DeliveryError(failureOf(error), { cause: error });
  }
}

const codeOf = (error: unknown) => (error instanceof DiscordAPIError ? error.code : undefined);

const isNetworkFailure = (error: unknown) =>
  !(error instanceof DiscordAPIError || error instanceof HTTPError || error instanceof RateLimitError);

const pauseMs = (error: unknown, attempt: number) =>
  Math.max(error instanceof RateLimitError ? error.retryAfter : 0, RETRY_PAUSE_MS * attempt);

// discord.com/developers/docs/topics/opcodes-and-status-codes#json-json-error-codes, 2026-11.
function failureOf(error: unknown): DeliveryFailure {
  if (!(error instanceof DiscordAPIError)) return "unavailable";
  switch (error.code) {
    case RESTJSONErrorCodes.UnknownInteraction:
    case RESTJSONErrorCodes.UnknownWebhook:
    case RESTJSONErrorCodes.UnknownMessage:
    case RESTJSONErrorCodes.InvalidWebhookToken:
      return "expired";
    case RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged:
      return "already-acknowledged";
    case RESTJSONErrorCodes.RequestEntityTooLarge:
    case RESTJSONErrorCodes.InvalidFileUploaded:
      return "files-refused";
    default:
      return error.status === 413 || namesAttachment(error.rawError) ? "files-refused" : "refused";
  }
}

// "Invalid Form Body" (50035) names the faulty part by the keys of its `errors` tree, under `data` for a callback.
function namesAttachment(rawError: object): boolean {
  const keys = (value: unknown): string[] => (typeof value === "object" && value !== null ? Object.keys(value) : []);
  if (!("errors" in rawError)) return false;
  const { errors } = rawError;
  const inside = typeof errors === "object" && errors !== null && "data" in errors ? errors.data : undefined;
  return [...keys(errors), ...keys(inside)].some((key) => key === "attachments" || key.startsWith("files"));
}
