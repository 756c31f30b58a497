import { DiscordAPIError, HTTPError, RateLimitError, REST } from "@discordjs/rest";
import { DelegateBackoff, handleWhen, retry } from "cockatiel";
import { type APIInteractionResponse, MessageFlags, RESTJSONErrorCodes, Routes } from "discord-api-types/v10";
import type { ReplyFile } from "./command.ts";
import { requestBodyOf } from "./multipart.ts";
import {
  type Address,
  callbackOf,
  contentOf,
  DeliveryError,
  type DeliveryFailure,
  deferralOf,
  type Responder,
  replacementOf,
  suggestionsOf,
} from "./responder.ts";

/** Discord drops an interaction that is not acknowledged within 3 s; measured from when it reached us, so somewhat less. */
const ACKNOWLEDGE_WITHIN_MS = 2_700;

/** An interaction token lives 15 minutes, but nobody waits that long for an answer that is ready. */
const DELIVER_WITHIN_MS = 30_000;

/** Retries of one message after its first attempt. */
const RETRIES = 3;

/** Pause before the second attempt; the later ones wait longer. */
const RETRY_PAUSE_MS = 150;

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
        rest.patch(original, { auth: false, signal, ...requestBodyOf(replacementOf(reply), reply.files) }),
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
          ...requestBodyOf({ ...contentOf(reply), flags: MessageFlags.Ephemeral }, reply.files),
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
  const acknowledge = async (body: APIInteractionResponse, files?: readonly ReplyFile[]) => {
    const withinMs = Math.max(0, acknowledgeBeforeMs - performance.now());
    await deliver({ withinMs, repeatable: true }, (signal) => rest.post(callback, { auth: false, signal, ...requestBodyOf(body, files) }));
  };
  return {
    reply: (reply, visibility) => acknowledge(callbackOf(reply, visibility), reply.files),
    defer: (visibility) => acknowledge(deferralOf(visibility)),
    suggest: (choices) => acknowledge(suggestionsOf(choices)),
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
