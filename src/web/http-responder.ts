import type { ServerResponse } from "node:http";
import type { REST } from "@discordjs/rest";
import type { HttpBindings } from "@hono/node-server";
import type { APIInteractionResponse } from "discord-api-types/v10";
import { multipartOf } from "../discord/multipart.ts";
import type { Reply, ReplyFile, Visibility } from "../discord/reply.ts";
import {
  type Address,
  callbackOf,
  DeliveryError,
  deferralOf,
  modalOf,
  type Responder,
  suggestionsOf,
} from "../discord/responder.ts";
import {
  type LaterReplies,
  type LaterRepliesOptions,
  laterReplies,
} from "../discord/rest-responder.ts";
import type { FirstResponse } from "../discord/shared-responses.ts";

/** The responder of one interaction that arrived over HTTP, and its first response. */
export type HttpResponder = {
  readonly responder: Responder;
  /** The first response: the HTTP response to the request. */
  readonly first: Promise<FirstResponse>;
  /** Ends the request with an error if there has been no response. */
  leaveUnanswered(): void;
};

/** Options of {@link createHttpResponder}. */
export type HttpResponderOptions = {
  readonly rest: REST;
  readonly address: Address;
  /** Node's response; absent when a test calls the application without a server. */
  readonly outgoing: HttpBindings["outgoing"] | undefined;
  readonly patience: LaterRepliesOptions;
};

/**
 * Makes the responder of an interaction that has just arrived: the first reply goes into the
 * response to its request, later ones by REST.
 */
export function createHttpResponder(options: HttpResponderOptions): HttpResponder {
  const { rest, address, outgoing, patience } = options;
  let respond: (response: FirstResponse) => void = () => {};
  const first = new Promise<FirstResponse>((resolve) => {
    respond = resolve;
  });
  let isAnswered = false;
  let later: LaterReplies | undefined;

  const respondOver = async (response: FirstResponse) => {
    const sent = sentOver(outgoing);
    isAnswered = true;
    respond(response);
    await sent;
  };
  const acknowledge = (body: APIInteractionResponse) => respondOver(jsonResponse(body));

  return {
    responder: {
      reply: (reply, visibility) => respondOver(replyResponse(reply, visibility)),
      async defer(visibility) {
        // Few interactions need it, so it is made here, with what is left of the token's life.
        later = laterReplies(rest, address, patience);
        await acknowledge(deferralOf(visibility));
      },
      openModal: (modal) => acknowledge(modalOf(modal)),
      suggest: (choices) => acknowledge(suggestionsOf(choices)),
      editReply: (reply) => afterDeferral().editReply(reply),
      deleteReply: () => afterDeferral().deleteReply(),
      followUpPrivately: (reply) => afterDeferral().followUpPrivately(reply),
    },
    first,
    leaveUnanswered() {
      if (!isAnswered)
        respond(
          jsonResponse(
            { type: "about:blank", status: 500, title: UNANSWERED },
            500,
            "application/problem+json",
          ),
        );
    },
  };

  function afterDeferral(): LaterReplies {
    later ??= laterReplies(rest, address, patience);
    return later;
  }
}

const UNANSWERED = "The interaction could not be answered";

function jsonResponse(
  body: unknown,
  status = 200,
  contentType = "application/json",
): FirstResponse {
  return { status, contentType, body: [Buffer.from(JSON.stringify(body))] };
}

/** Responses to replies that are sent again: a card that many ask for is written once. */
const knownResponses = new WeakMap<Reply, Map<Visibility, FirstResponse>>();

function replyResponse(reply: Reply, visibility: Visibility): FirstResponse {
  const known = knownResponses.get(reply);
  const response = known?.get(visibility) ?? writtenResponse(reply, visibility);
  if (known === undefined) knownResponses.set(reply, new Map([[visibility, response]]));
  else known.set(visibility, response);
  return response;
}

function writtenResponse(reply: Reply, visibility: Visibility): FirstResponse {
  const callback = callbackOf(reply, visibility);
  return reply.files === undefined || reply.files.length === 0
    ? jsonResponse(callback)
    : multipartResponse(callback, reply.files);
}

/** A first response with files, as a multipart form. */
function multipartResponse(
  callback: APIInteractionResponse,
  files: readonly ReplyFile[],
): FirstResponse {
  const { body, headers } = multipartOf(callback, files);
  return { status: 200, contentType: headers["content-type"], body };
}

/** Resolves when the response is out; rejects with `DeliveryError` if the connection ends first. */
async function sentOver(
  outgoing: Pick<ServerResponse, "once" | "destroyed" | "writableFinished"> | undefined,
): Promise<void> {
  if (outgoing === undefined) return;
  if (outgoing.destroyed) throw closed();
  await new Promise<void>((resolve, reject) => {
    // A response that has been sent is closed, too.
    outgoing.once("close", () => (outgoing.writableFinished ? resolve() : reject(closed())));
  });
}

const closed = () =>
  new DeliveryError("unavailable", {
    cause: new Error("The connection was closed before the answer"),
  });
