import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { REST } from "@discordjs/rest";
import type { HttpBindings } from "@hono/node-server";
import { ConstantBackoff, handleWhen, retry } from "cockatiel";
import { type APIInteractionResponse, InteractionResponseType, InteractionType } from "discord-api-types/v10";
import { Hono } from "hono";
import type { Log } from "../log.ts";
import type { RedisPart } from "../redis.ts";
import { problem } from "../web/problem.ts";
import type { Command, ReplyFile } from "./command.ts";
import type { Dispatch } from "./dispatch.ts";
import { createFirstTimes } from "./first-times.ts";
import { readInteraction } from "./interaction.ts";
import { multipartOf } from "./multipart.ts";
import { type Address, callbackOf, DeliveryError, deferralOf, type Responder, suggestionsOf } from "./responder.ts";
import { type LaterAnswers, laterAnswers } from "./rest-responder.ts";

/** What a request says of the server that took it; absent when the application is asked without one. */
export type WebEnvironment = { Bindings: Partial<HttpBindings> };

/** An interaction is a few kB; a menu of a long message some tens. */
const MOST_BODY_BYTES = 256 * 1024;

/** An older signed request is a replay, or our clock is wrong. */
const SIGNATURE_LIFE_MS = 5 * 60_000;

/** Discord may take this long to make the webhook after it read our deferral; until then it says that there is none. */
const WEBHOOK_WITHIN_MS = 3_000;
const WEBHOOK_PAUSE_MS = 150;

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
  /** Where all processes that take interactions remember which were answered; in this one's memory when absent. */
  readonly shared?: RedisPart | undefined;
  /** The wall clock in milliseconds; the system's unless told. */
  readonly nowMs?: () => number;
};

/**
 * Discord's interactions over HTTP: `POST /interactions`. What is not signed by Discord within the last five minutes gets 401, before its
 * body is parsed; a signed interaction is answered in the response when it is quick, else deferred there and answered by REST.
 */
export function httpInteractions(options: HttpInteractionsOptions): Hono<WebEnvironment> {
  const { commands, dispatch, rest, log, nowMs = Date.now } = options;
  const key = ed25519Key(options.publicKey);
  // A timestamp may lie as far ahead of our clock as behind it.
  const seen = createFirstTimes({ keepMs: 2 * SIGNATURE_LIFE_MS, nowMs, shared: options.shared });
  const app = new Hono<WebEnvironment>();

  app.post("/interactions", async (context) => {
    const signature = context.req.header("x-signature-ed25519") ?? "";
    const timestamp = context.req.header("x-signature-timestamp") ?? "";
    const isTimely = TIMESTAMP_SECONDS.test(timestamp) && Math.abs(nowMs() - Number(timestamp) * 1_000) <= SIGNATURE_LIFE_MS;
    if (!SIGNATURE.test(signature) || !isTimely) return unsigned();

    const body = await readBody(context.req.raw);
    if (body === "too-large") return problem({ status: 413, title: "The body is too large" });
    if (body === "cut-off") return problem({ status: 400, title: "The body ended early" });
    if (!verify(null, Buffer.concat([Buffer.from(timestamp), body]), key, Buffer.from(signature, "hex"))) return unsigned();

    const payload = parse(body);
    if (isPing(payload)) return json(PONG);
    const received = readInteraction(payload, commands);
    if (received === undefined) {
      log.warn({}, "Discord sent an interaction that this bot does not know");
      return problem({ status: 400, title: "Not an interaction that this bot knows" });
    }
    if (!(await seen.isFirst(received.address.interactionId))) return problem({ status: 409, title: "This interaction has been answered" });

    const { responder, first, leaveUnanswered } = httpResponder(rest, received.address, context.env?.outgoing);
    void dispatch.handle(received.call, responder).then(leaveUnanswered);
    return first;
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
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(hex, "hex").toString("base64url") }, format: "jwk" });
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
  return typeof payload === "object" && payload !== null && "type" in payload && payload.type === InteractionType.Ping;
}

type HttpResponder = {
  readonly responder: Responder;
  /** The HTTP response: the first answer. */
  readonly first: Promise<Response>;
  /** Ends the request with an error when nothing has answered it. */
  leaveUnanswered(): void;
};

/** Answers an interaction in the response to its request, and after that by REST. */
function httpResponder(rest: REST, address: Address, outgoing: HttpBindings["outgoing"] | undefined): HttpResponder {
  let respond: (response: Response) => void = () => {};
  const first = new Promise<Response>((resolve) => {
    respond = resolve;
  });
  let isAnswered = false;
  let acknowledgedAtMs = Number.NEGATIVE_INFINITY;

  const acknowledge = async (body: APIInteractionResponse, files: readonly ReplyFile[] = []) => {
    const sent = sentOver(outgoing);
    isAnswered = true;
    respond(files.length === 0 ? json(JSON.stringify(body)) : multipart(body, files));
    await sent;
    acknowledgedAtMs = performance.now();
  };

  /** Few answers need it: made when one does. */
  const onceWebhookExists = (send: (later: LaterAnswers) => Promise<void>) =>
    retry(
      handleWhen(
        (error) => error instanceof DeliveryError && error.reason === "expired" && performance.now() < acknowledgedAtMs + WEBHOOK_WITHIN_MS,
      ),
      { maxAttempts: WEBHOOK_WITHIN_MS / WEBHOOK_PAUSE_MS, backoff: new ConstantBackoff(WEBHOOK_PAUSE_MS) },
    ).execute(() => send(laterAnswers(rest, address)));

  return {
    responder: {
      reply: (reply, visibility) => acknowledge(callbackOf(reply, visibility), reply.files),
      defer: (visibility) => acknowledge(deferralOf(visibility)),
      suggest: (choices) => acknowledge(suggestionsOf(choices)),
      editReply: (reply) => onceWebhookExists((later) => later.editReply(reply)),
      deleteReply: () => onceWebhookExists((later) => later.deleteReply()),
      followUpPrivately: (reply) => onceWebhookExists((later) => later.followUpPrivately(reply)),
    },
    first,
    leaveUnanswered() {
      if (!isAnswered) respond(problem({ status: 500, title: "The interaction could not be answered" }));
    },
  };
}

/** Resolves when the response has gone out; rejects with a `DeliveryError` when the connection ends before. */
async function sentOver(outgoing: Pick<ServerResponse, "once" | "destroyed" | "writableFinished"> | undefined): Promise<void> {
  if (outgoing === undefined) return;
  if (outgoing.destroyed) throw closed();
  await new Promise<void>((resolve, reject) => {
    // Emitted after "finish" too; an error that is never seen would be made for every answer.
    const gone = () => (outgoing.writableFinished ? resolve() : reject(closed()));
    outgoing.once("finish", resolve);
    outgoing.once("close", gone);
  });
}

const closed = () => new DeliveryError("unavailable", { cause: new Error("The connection was closed before the answer") });

/** A first answer with files. */
function multipart(callback: APIInteractionResponse, files: readonly ReplyFile[]): Response {
  const { body, headers } = multipartOf(callback, files);
  return new Response(body, { headers });
}
