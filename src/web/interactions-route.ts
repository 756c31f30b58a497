import { createPublicKey, type KeyObject, verify } from "node:crypto";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { REST } from "@discordjs/rest";
import { InteractionResponseType, InteractionType } from "discord-api-types/v10";
import { Hono } from "hono";
import type { Command } from "../discord/command.ts";
import type { Dispatch } from "../discord/dispatch.ts";
import { readInteraction } from "../discord/interaction.ts";
import type { ReplayGuard } from "../discord/replay-guard.ts";
import { createLongWaits } from "../discord/rest-responder.ts";
import type { Clock } from "../process/clock.ts";
import type { Log } from "../process/log.ts";
import { type DirectResponse, type DirectRoute, direct, sendDirect } from "./direct-response.ts";
import { createHttpResponder } from "./http-responder.ts";
import type { WebEnvironment } from "./listen.ts";
import { problemParts } from "./problem.ts";

/** An interaction is a few kB; a menu on a long message some tens of kB. */
const MAX_BODY_BYTES = 256 * 1024;

/** A signed request older than this was replayed, or our clock is wrong. */
const SIGNATURE_LIFE_MS = 5 * 60_000;

/**
 * How long a signed request may be accepted, in milliseconds: its timestamp may be as far ahead of
 * our clock as behind it.
 */
export const SIGNATURE_BELIEVED_MS = 2 * SIGNATURE_LIFE_MS;

const SIGNATURE = /^[0-9a-f]{128}$/i;
const TIMESTAMP_SECONDS = /^\d{1,12}$/;

/** Throws on bytes that are not UTF-8. */
const UTF_8 = new TextDecoder("utf-8", { fatal: true });

const PATH = "/interactions";

const PONG: DirectResponse = {
  status: 200,
  headers: { "content-type": "application/json" },
  body: [Buffer.from(JSON.stringify({ type: InteractionResponseType.Pong }))],
};

/** Options of {@link httpInteractions}. */
export type HttpInteractionsOptions = {
  /** The application's Ed25519 key: 64 hexadecimal digits. */
  readonly publicKey: string;
  readonly commands: readonly Command[];
  readonly dispatch: Pick<Dispatch, "handle">;
  /** Sends the replies after the first response; made by `createInteractionRest`. */
  readonly rest: REST;
  readonly log: Log;
  /** Knows which interactions have run; it must remember them for {@link SIGNATURE_BELIEVED_MS}. */
  readonly guard: Pick<ReplayGuard, "respondOnce">;
  /** The wall clock in milliseconds; the system's by default. */
  readonly nowMs?: () => number;
  /** The clock for deferred replies. */
  readonly clock?: Clock;
};

/** `POST /interactions`, as {@link httpInteractions} makes it. */
export type HttpInteractions = {
  readonly routes: Hono<WebEnvironment>;
  /**
   * The same without the application, for requests as Discord sends them: they take 5 % less
   * processor time (measured 2026-11).
   */
  readonly direct: DirectRoute;
};

/** A request to the route, whatever it came through. */
type Delivery = {
  readonly headers: IncomingHttpHeaders | Record<string, string>;
  readBody(): Promise<Uint8Array | "too-large" | "cut-off">;
  /** Node's response; absent when a test calls the application without a server. */
  readonly outgoing: ServerResponse | undefined;
};

/**
 * `POST /interactions`: Discord's interactions over HTTP. A request that Discord did not sign
 * within the last five minutes gets 401 before its body is parsed. A quick reply is the response; a
 * slow one is deferred in the response and sent by REST. An interaction that is delivered again
 * gets the same response.
 */
export function httpInteractions(options: HttpInteractionsOptions): HttpInteractions {
  const { commands, dispatch, rest, guard, log, nowMs = Date.now } = options;
  const key = ed25519Key(options.publicKey);
  const patience = {
    longWaits: createLongWaits(),
    ...(options.clock !== undefined && { clock: options.clock }),
  };

  async function respond({ headers, readBody, outgoing }: Delivery): Promise<DirectResponse> {
    const signature = oneOf(headers, "x-signature-ed25519");
    const timestamp = oneOf(headers, "x-signature-timestamp");
    const isTimely =
      TIMESTAMP_SECONDS.test(timestamp) &&
      Math.abs(nowMs() - Number(timestamp) * 1_000) <= SIGNATURE_LIFE_MS;
    if (!SIGNATURE.test(signature) || !isTimely) return unsigned();

    const body = await readBody();
    if (body === "too-large") return problemParts({ status: 413, title: "The body is too large" });
    if (body === "cut-off") return problemParts({ status: 400, title: "The body ended early" });
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
    if (isPing(payload)) return PONG;
    const received = readInteraction(payload, commands);
    if (received === undefined) {
      log.warn({}, "Discord sent an interaction that this bot does not know");
      return problemParts({ status: 400, title: "Not an interaction that this bot knows" });
    }

    const interaction = {
      id: received.address.interactionId,
      signedAtMs: Number(timestamp) * 1_000,
    };
    const response = await guard.respondOnce(interaction, () => {
      const { responder, first, leaveUnanswered } = createHttpResponder({
        rest,
        address: received.address,
        outgoing,
        patience,
      });
      void dispatch.handle(received.call, responder).then(leaveUnanswered);
      return first;
    });
    if (response === "repeated")
      return problemParts({ status: 409, title: "This interaction has been answered" });
    if (response === "too-old") {
      log.warn(
        {},
        "A request from before this process began was refused: it is a repetition, or this machine's clock is ahead",
      );
      return unsigned();
    }
    const { status, body: pieces, contentType } = response;
    return { status, headers: { "content-type": contentType }, body: pieces };
  }

  const routes = new Hono<WebEnvironment>();
  routes.post(PATH, async (context) => {
    const { incoming, outgoing } = context.env ?? {};
    const response = await respond({
      headers: incoming?.headers ?? context.req.header(),
      readBody: async () =>
        incoming === undefined
          ? new Uint8Array(await context.req.raw.arrayBuffer())
          : bodyOf(incoming),
      outgoing,
    });
    // Failures are counted by the Response that they are.
    return direct(response, response.status === 200 ? outgoing : undefined);
  });
  return {
    routes,
    direct(incoming, outgoing) {
      if (incoming.method !== "POST" || incoming.url !== PATH || !isSmall(incoming))
        return undefined;
      const { headers } = incoming;
      return respond({ headers, readBody: () => bodyOf(incoming), outgoing }).then((response) => {
        sendDirect(response, outgoing);
        return { route: PATH, status: response.status };
      });
    },
  };
}

/** A header that stands once in a request; empty when it is absent. */
function oneOf(headers: IncomingHttpHeaders | Record<string, string>, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value : "";
}

function unsigned(): DirectResponse {
  return problemParts({ status: 401, title: "Not signed by Discord" });
}

function ed25519Key(hex: string): KeyObject {
  return createPublicKey({
    key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(hex, "hex").toString("base64url") },
    format: "jwk",
  });
}

/** Whether a request says that its body is no larger than one of Discord's. */
function isSmall({ headers }: IncomingMessage): boolean {
  return Number(headers["content-length"]) <= MAX_BODY_BYTES;
}

/** The body's bytes; stops reading once there are too many. */
function bodyOf(incoming: IncomingMessage): Promise<Uint8Array | "too-large" | "cut-off"> {
  if (Number(incoming.headers["content-length"]) > MAX_BODY_BYTES)
    return Promise.resolve("too-large");
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    incoming.on("data", (chunk: Uint8Array) => {
      bytes += chunk.byteLength;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else resolve("too-large");
    });
    incoming.once("end", () => resolve(Buffer.concat(chunks)));
    incoming.once("close", () => resolve("cut-off"));
  });
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
