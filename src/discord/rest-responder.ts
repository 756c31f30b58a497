import { DiscordAPIError, HTTPError, RateLimitError, REST } from "@discordjs/rest";
import { DelegateBackoff, handleWhen, retry } from "cockatiel";
import {
  type APIInteractionResponse,
  MessageFlags,
  RESTJSONErrorCodes,
  Routes,
} from "discord-api-types/v10";
import { type Clock, systemClock } from "../process/clock.ts";
import { requestBodyOf } from "./multipart.ts";
import type { ReplyFile } from "./reply.ts";
import {
  type Address,
  callbackOf,
  contentOf,
  DeliveryError,
  type DeliveryFailure,
  deferralOf,
  modalOf,
  type Responder,
  replacementOf,
  suggestionsOf,
} from "./responder.ts";

/**
 * Discord drops an interaction that is not acknowledged within 3 s; slightly less, because we count
 * from its arrival here.
 */
const ACKNOWLEDGE_WITHIN_MS = 2_700;

/** How long one request to Discord may take. */
const ATTEMPT_WITHIN_MS = 30_000;

/**
 * An interaction token lives 15 minutes
 * (discord.com/developers/docs/interactions/receiving-and-responding, 2026-11): this is how long we
 * try to deliver a deferred reply.
 */
const TOKEN_USED_FOR_MS = 14 * 60_000;

/**
 * For the first minute each pause is half a second longer than the last, up to the longest; after
 * that only a long wait continues, with a pause of its own.
 */
const SHORT_WAIT_MS = 60_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;
const LONG_WAIT_PAUSE_MS = 30_000;

/**
 * The most long waits of one process, each with its picture in memory: in an outage of Discord,
 * every deferred reply would want one.
 */
const MAX_LONG_WAITS = 500;

/** How often to retry a message that every attempt may post again, or that has little time. */
const RETRIES = 3;

/** Pause before the second attempt; later pauses are longer. */
const RETRY_PAUSE_MS = 150;

/**
 * A REST client for interaction replies alone: Discord does not count them towards the bot's 50
 * requests a second, but `@discordjs/rest` would. It never waits or retries by itself, because it
 * does not know a reply's time limit. `apiUrl` is without the version.
 */
export function createInteractionRest(options: { apiUrl?: string | undefined }): REST {
  return new REST({
    ...(options.apiUrl === undefined ? {} : { api: options.apiUrl.replace(/\/+$/, "") }),
    globalRequestsPerSecond: Number.POSITIVE_INFINITY,
    rejectOnRateLimit: () => true,
    retries: 0,
    timeout: ATTEMPT_WITHIN_MS,
    // Every deferred reply leaves a handler behind under its token, so sweep them every ten minutes
    // instead of every hour.
    handlerSweepInterval: 600_000,
  });
}

/** The part of a responder that uses Discord's REST API under every transport. */
export type LaterReplies = Pick<Responder, "editReply" | "deleteReply" | "followUpPrivately">;

/** Limits how many replies wait for Discord for longer than a minute. */
export type LongWaits = {
  /** False when too many are already waiting; after true, `end` must follow. */
  begin(): boolean;
  end(): void;
};

/** Lets at most `most` replies (default 500) wait at once. */
export function createLongWaits({ most = MAX_LONG_WAITS }: { most?: number } = {}): LongWaits {
  let waiting = 0;
  return {
    begin() {
      if (waiting >= most) return false;
      waiting += 1;
      return true;
    },
    end() {
      waiting -= 1;
    },
  };
}

/** Allows no wait longer than a minute. */
const NO_LONG_WAITS: LongWaits = { begin: () => false, end() {} };

/** How long to keep trying to deliver a later reply. */
export type LaterRepliesOptions = {
  /** Limits the replies that wait for longer than a minute; when absent, none may. */
  readonly longWaits?: LongWaits;
  readonly clock?: Clock;
};

/**
 * Sends the replies after the first response, by REST; the interaction's token is the only
 * authorization that Discord needs. Call it when the interaction arrives. After an HTTP deferral
 * Discord may claim for a while that there is no such webhook
 * (github.com/discord/discord-api-docs/issues/7220, 2026-11): that is waited out like an outage,
 * for a minute, and with `longWaits` until the token expires.
 */
export function laterReplies(
  rest: REST,
  address: Pick<Address, "applicationId" | "token">,
  { longWaits = NO_LONG_WAITS, clock = systemClock }: LaterRepliesOptions = {},
): LaterReplies {
  const original = Routes.webhookMessage(address.applicationId, address.token, "@original");
  const followUps = Routes.webhook(address.applicationId, address.token);
  const patience = { untilMs: clock.nowMs() + TOKEN_USED_FOR_MS, longWaits, clock };
  return {
    async editReply(reply) {
      await deliverPatiently({ ...patience, repeatable: true }, (signal) =>
        rest.patch(original, {
          auth: false,
          signal,
          ...requestBodyOf(replacementOf(reply), reply.files),
        }),
      );
    },
    async deleteReply() {
      try {
        await deliverPatiently({ ...patience, repeatable: true }, (signal) =>
          rest.delete(original, { auth: false, signal }),
        );
      } catch (error) {
        if (
          !(
            error instanceof DeliveryError &&
            codeOf(error.cause) === RESTJSONErrorCodes.UnknownMessage
          )
        )
          throw error;
      }
    },
    async followUpPrivately(reply) {
      await deliverPatiently({ ...patience, repeatable: false }, (signal) =>
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
 * A responder that uses only REST, for an interaction that arrives over the gateway. It gives up on
 * the first response `acknowledgeWithinMs` (default 2,700) from now, and on a later reply a minute
 * after its first attempt.
 */
export function restResponder(
  rest: REST,
  address: Address,
  limits: { acknowledgeWithinMs?: number } & Pick<LaterRepliesOptions, "clock"> = {},
): Responder {
  const acknowledgeBeforeMs =
    performance.now() + (limits.acknowledgeWithinMs ?? ACKNOWLEDGE_WITHIN_MS);
  const callback = Routes.interactionCallback(address.interactionId, address.token);
  const acknowledge = async (body: APIInteractionResponse, files?: readonly ReplyFile[]) => {
    const withinMs = Math.max(0, acknowledgeBeforeMs - performance.now());
    await deliverWithin(withinMs, (signal) =>
      rest.post(callback, { auth: false, signal, ...requestBodyOf(body, files) }),
    );
  };
  return {
    reply: (reply, visibility) => acknowledge(callbackOf(reply, visibility), reply.files),
    defer: (visibility) => acknowledge(deferralOf(visibility)),
    openModal: (modal) => acknowledge(modalOf(modal)),
    suggest: (choices) => acknowledge(suggestionsOf(choices)),
    ...laterReplies(rest, address, limits),
  };
}

/**
 * Sends a first response, and retries while there is time when Discord fails or asks to wait:
 * Discord accepts one acknowledgement per interaction, so a reply that is sent twice is shown once.
 */
async function deliverWithin(
  withinMs: number,
  send: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const deadlineMs = performance.now() + withinMs;
  let mayHaveArrived = false;
  const worthAnotherTry = (error: unknown) =>
    (error instanceof RateLimitError || error instanceof HTTPError || isNetworkFailure(error)) &&
    performance.now() + pauseMs(error, 1) < deadlineMs;
  const policy = retry(handleWhen(worthAnotherTry), {
    maxAttempts: RETRIES,
    backoff: new DelegateBackoff(({ result, attempt }) =>
      pauseMs("error" in result ? result.error : undefined, attempt),
    ),
  });
  try {
    await policy.execute(async () => {
      try {
        await send(AbortSignal.timeout(Math.max(1, Math.ceil(deadlineMs - performance.now()))));
      } catch (error) {
        // An earlier attempt arrived, although its response did not.
        if (
          mayHaveArrived &&
          codeOf(error) === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged
        )
          return;
        mayHaveArrived ||= error instanceof HTTPError || isNetworkFailure(error);
        throw error;
      }
    });
  } catch (error) {
    throw new DeliveryError(failureOf(error), { cause: error });
  }
}

type Patience = {
  /** When the token expires, on `clock`. */
  readonly untilMs: number;
  readonly longWaits: LongWaits;
  readonly clock: Clock;
  /** Whether a message sent twice is shown once: edits replace, follow-ups do not. */
  readonly repeatable: boolean;
};

/**
 * Sends a later reply, and retries while the failure may be temporary. It does not use cockatiel,
 * whose pauses ignore an injected clock.
 */
async function deliverPatiently(
  patience: Patience,
  send: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const { untilMs, longWaits, clock, repeatable } = patience;
  const beganMs = clock.nowMs();
  let isLongWait = false;
  try {
    for (let attempt = 1; ; attempt += 1) {
      const error = await failureFrom(() => send(AbortSignal.timeout(ATTEMPT_WITHIN_MS)));
      if (error === undefined) return;
      const waitedMs = clock.nowMs() - beganMs;
      const pauseMs = laterPauseMs(error, attempt, waitedMs);
      if (!mayPass(error, { attempt, repeatable }) || clock.nowMs() + pauseMs >= untilMs)
        throw deliveryError(error);
      if (!isLongWait && waitedMs + pauseMs > SHORT_WAIT_MS) {
        isLongWait = longWaits.begin();
        if (!isLongWait) throw deliveryError(error);
      }
      await new Promise<void>((resolve) => void clock.after(pauseMs, resolve));
    }
  } finally {
    if (isLongWait) longWaits.end();
  }
}

async function failureFrom(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error ?? new Error("failed without saying why");
  }
}

function mayPass(
  error: unknown,
  { attempt, repeatable }: { attempt: number; repeatable: boolean },
): boolean {
  if (error instanceof RateLimitError || codeOf(error) === RESTJSONErrorCodes.UnknownWebhook)
    return true;
  // Of a message that may be shown twice, once too often is better than never.
  return (
    (error instanceof HTTPError || isNetworkFailure(error)) && (repeatable || attempt <= RETRIES)
  );
}

function laterPauseMs(error: unknown, attempt: number, waitedMs: number): number {
  const ownMs =
    waitedMs < SHORT_WAIT_MS
      ? Math.min(FIRST_PAUSE_MS * attempt, LONGEST_PAUSE_MS)
      : LONG_WAIT_PAUSE_MS;
  return Math.max(error instanceof RateLimitError ? error.retryAfter : 0, ownMs);
}

const deliveryError = (error: unknown) => new DeliveryError(failureOf(error), { cause: error });

const codeOf = (error: unknown) => (error instanceof DiscordAPIError ? error.code : undefined);

const isNetworkFailure = (error: unknown) =>
  !(
    error instanceof DiscordAPIError ||
    error instanceof HTTPError ||
    error instanceof RateLimitError
  );

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

// "Invalid Form Body" (50035) names the faulty field in the keys of its `errors` tree, under `data`
// for a callback.
function namesAttachment(rawError: object): boolean {
  const keys = (value: unknown): string[] =>
    typeof value === "object" && value !== null ? Object.keys(value) : [];
  if (!("errors" in rawError)) return false;
  const { errors } = rawError;
  const inside =
    typeof errors === "object" && errors !== null && "data" in errors ? errors.data : undefined;
  return [...keys(errors), ...keys(inside)].some(
    (key) => key === "attachments" || key.startsWith("files"),
  );
}
