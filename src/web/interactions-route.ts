import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { REST } from "@discordjs/rest";
import type { HttpBindings } from "@hono/node-server";
import {
  type APIInteractionResponse,
  InteractionResponseType,
  InteractionType,
} from "discord-api-types/v10";
import { Hono } from "hono";
import type { Command } from "../discord/command.ts";
import type { Dispatch } from "../discord/dispatch.ts";
import { readInteraction } from "../discord/interaction.ts";
import { multipartOf } from "../discord/multipart.ts";
import type { FirstAnswer, ReplayGuard } from "../discord/replay-guard.ts";
import type { ReplyFile } from "../discord/reply.ts";
import {
  type Address,
  callbackOf,
  DeliveryError,
  deferralOf,
  type Responder,
  suggestionsOf,
} from "../discord/responder.ts";
import {
  createLongWaits,
  type LaterAnswers,
  type LaterAnswersOptions,
  laterAnswers,
} from "../discord/rest-responder.ts";
import type { Clock } from "../process/clock.ts";
import type { Log } from "../process/log.ts";
import type { WebEnvironment } from "./listen.ts";
import { problem } from "./problem.ts";

/** An interaction is a few kB; a menu of a long message some tens. */
const MOST_BODY_BYTES = 256 * 1024;

/** An older signed request is a replay, or our clock is wrong. */
const SIGNATURE_LIFE_MS = 5 * 60_000;

/**
 * For how long a signed request can be believed: its timestamp may lie as far ahead of our clock as
 * behind it.
 */
export const SIGNATURE_BELIEVED_MS = 2 * SIGNATURE_LIFE_MS;

const SIGNATURE = /^[0-9a-f]{128}$/i;
const TIMESTAMP_SECONDS = /^\d{1,12}$/;

/** Refuses what is no UTF-8. */
const UTF_8 = new TextDecoder("utf-8", { fatal: true });

const PONG = JSON.stringify({ type: InteractionResponseType.Pong });

/** Options of {@link httpInteractions}. */
export type HttpInteractionsOptions = {
  /** The application's Ed25519 key: 64 hexadecimal digits. */
  readonly publicKey: string;
  readonly commands: readonly Command[];
  readonly dispatch: Pick<Dispatch, "handle">;
  /** For answers after the first: `createInteractionRest`. */
  readonly rest: REST;
  readonly log: Log;
  /** Which interactions were answered; made for {@link SIGNATURE_BELIEVED_MS}. */
  readonly guard: Pick<ReplayGuard, "answerOnce">;
  /** The wall clock in milliseconds; the system's unless told. */
  readonly nowMs?: () => number;
  /** The clock that deferred answers wait by. */
  readonly clock?: Clock;
};

/**
 * Discord's interactions over HTTP: `POST /interactions`. What is not signed by Discord within the
 * last five minutes gets 401, before its body is parsed; a signed interaction is answered in the
 * response when it is quick, else deferred there and answered by REST. One that is delivered again
 * gets the same answer.
 */
export function httpInteractions(options: HttpInteractionsOptions): Hono<WebEnvironment> {
  const { commands, dispatch, rest, guard, log, nowMs = Date.now } = options;
  const key = ed25519Key(options.publicKey);
  const patience = {
    longWaits: createLongWaits(),
    ...(options.clock !== undefined && { clock: options.clock }),
  };
  const app = new Hono<WebEnvironment>();

  app.post("/interactions", async (context) => {
    const signature = context.req.header("x-signature-ed25519") ?? "";
    const timestamp = context.req.header("x-signature-timestamp") ?? "";
    const isTimely =
      TIMESTAMP_SECONDS.test(timestamp) &&
      Math.abs(nowMs() - Number(timestamp) * 1_000) <= SIGNATURE_LIFE_MS;
    if (!SIGNATURE.test(signature) || !isTimely) return unsigned();

    const body = await readBody(context.req.raw);
    if (body === "too-large") return problem({ status: 413, title: "The body is too large" });
    if (body === "cut-off") return problem({ status: 400, title: "The body ended early" });
    if (
      !verify(
        null,
        Buffer.concat([Buffer.from(timestamp), body]),
        key,
        Buffer.from(signature, "hex"),
      )
    )
      return unsigned();

    const payload = parse(body);
    if (isPing(payload)) return json(PONG);
    const received = readInteraction(payload, commands);
    if (received === undefined) {
      log.warn({}, "Discord sent an interaction that this bot does not know");
      return problem({ status: 400, title: "Not an interaction that this bot knows" });
    }

    const interaction = {
      id: received.address.interactionId,
      signedAtMs: Number(timestamp) * 1_000,
    };
    const answer = await guard.answerOnce(interaction, () => {
      const { responder, first, leaveUnanswered } = httpResponder({
        ...{ rest, address: received.address, outgoing: context.env?.outgoing, patience },
      });
      void dispatch.handle(received.call, responder).then(leaveUnanswered);
      return first;
    });
    if (answer === "repeated")
      return problem({ status: 409, title: "This interaction has been answered" });
    if (answer === "too-old") {
      log.warn(
        {},
        "A request from before this process began was refused: it is a repetition, or this machine's clock is ahead",
      );
      return unsigned();
    }
    return new Response(answer.body, {
      status: answer.status,
      headers: { "content-type": answer.contentType },
    });
  });
  return app;
}

function unsigned(): Response {
  return problem({ status: 401, title: "Not signed by Discord" });
}

function json(text: string): Response {
  return new Response(text, { headers: { "content-type": "application/json" } });
}

function ed25519Key(hex: string): KeyObject {
  return createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(hex, "hex").toString("base64url") },
    format: "jwk",
  });
}

/** The body's bytes; stops reading where it gets too large. */
async function readBody(request: Request): Promise<Uint8Array | "too-large" | "cut-off"> {
  const declared = request.headers.get("content-length");
  if (declared !== null && Number(declared) > MOST_BODY_BYTES) return "too-large";
  try {
    // Node reads no further than the declared length.
    if (declared !== null) return new Uint8Array(await request.arrayBuffer());
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of request.body ?? []) {
      bytes += chunk.byteLength;
      if (bytes > MOST_BODY_BYTES) return "too-large";
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch {
    return "cut-off";
  }
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(UTF_8.decode(body));
  } catch {
    return undefined;
  }
}

function isPing(payload: unknown): boolean {
  return (
    typeof payload === "object" &&
    payload !== null &&
    "type" in payload &&
    payload.type === InteractionType.Ping
  );
}

type HttpResponder = {
  readonly responder: Responder;
  /** The HTTP response: the first answer. */
  readonly first: Promise<FirstAnswer>;
  /** Ends the request with an error when nothing has answered it. */
  leaveUnanswered(): void;
};

/**
 * Answers an interaction that arrived just now in the response to its request, and after that by
 * REST.
 */
function httpResponder(options: {
  rest: REST;
  address: Address;
  outgoing: HttpBindings["outgoing"] | undefined;
  patience: LaterAnswersOptions;
}): HttpResponder {
  const { rest, address, outgoing, patience } = options;
  let respond: (answer: FirstAnswer) => void = () => {};
  const first = new Promise<FirstAnswer>((resolve) => {
    respond = resolve;
  });
  let isAnswered = false;
  let later: LaterAnswers | undefined;

  const acknowledge = async (body: APIInteractionResponse, files: readonly ReplyFile[] = []) => {
    const sent = sentOver(outgoing);
    isAnswered = true;
    respond(files.length === 0 ? jsonAnswer(body) : multipartAnswer(body, files));
    await sent;
  };

  return {
    responder: {
      reply: (reply, visibility) => acknowledge(callbackOf(reply, visibility), reply.files),
      async defer(visibility) {
        // Few answers need it: made when one does, with what is left of its token's life.
        later = laterAnswers(rest, address, patience);
        await acknowledge(deferralOf(visibility));
      },
      suggest: (choices) => acknowledge(suggestionsOf(choices)),
      editReply: (reply) => afterDeferral().editReply(reply),
      deleteReply: () => afterDeferral().deleteReply(),
      followUpPrivately: (reply) => afterDeferral().followUpPrivately(reply),
    },
    first,
    leaveUnanswered() {
      if (!isAnswered)
        respond(
          jsonAnswer(
            { type: "about:blank", status: 500, title: UNANSWERED },
            500,
            "application/problem+json",
          ),
        );
    },
  };

  function afterDeferral(): LaterAnswers {
    later ??= laterAnswers(rest, address, patience);
    return later;
  }
}

const UNANSWERED = "The interaction could not be answered";

function jsonAnswer(body: unknown, status = 200, contentType = "application/json"): FirstAnswer {
  return { status, contentType, body: Buffer.from(JSON.stringify(body)) };
}

/** A first answer with files. */
function multipartAnswer(
  callback: APIInteractionResponse,
  files: readonly ReplyFile[],
): FirstAnswer {
  const { body, headers } = multipartOf(callback, files);
  return { status: 200, contentType: headers["content-type"], body };
}

/**
 * Resolves when the response has gone out; rejects with a `DeliveryError` when the connection ends
 * before.
 */
async function sentOver(
  outgoing: Pick<ServerResponse, "once" | "destroyed" | "writableFinished"> | undefined,
): Promise<void> {
  if (outgoing === undefined) return;
  if (outgoing.destroyed) throw closed();
  await new Promise<void>((resolve, reject) => {
    // Emitted after "finish" too; an error that is never seen would be made for every answer.
    const gone = () => (outgoing.writableFinished ? resolve() : reject(closed()));
    outgoing.once("finish", resolve);
    outgoing.once("close", gone);
  });
}

const closed = () =>
  new DeliveryError("unavailable", {
    cause: new Error("The connection was closed before the answer"),
  });
