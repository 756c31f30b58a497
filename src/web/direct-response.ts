import type { IncomingMessage, ServerResponse } from "node:http";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";

/** A response whose body is in pieces, which may be parts of other responses too. */
export type DirectResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: readonly Uint8Array[];
};

/**
 * Sends a response: over Node's `outgoing` where there is one, without a Response of the web and
 * without copying the body's pieces together.
 */
export function direct(response: DirectResponse, outgoing: ServerResponse | undefined): Response {
  if (outgoing === undefined) return asWebResponse(response);
  sendDirect(response, outgoing);
  return RESPONSE_ALREADY_SENT;
}

/** The same as a Response of the web. */
export function asWebResponse({ status, headers, body }: DirectResponse): Response {
  const [first = new Uint8Array(), ...others] = body;
  return new Response(others.length === 0 ? first : Buffer.concat(body), { status, headers });
}

/** Sends a response over Node's `outgoing`. */
export function sendDirect(
  { status, headers, body }: DirectResponse,
  outgoing: ServerResponse,
): void {
  const length = body.reduce((sum, piece) => sum + piece.byteLength, 0);
  outgoing.writeHead(status, { ...headers, "content-length": length });
  const last = body.length - 1;
  if (last > 0) outgoing.cork();
  for (let at = 0; at < last; at += 1) outgoing.write(body[at]);
  outgoing.end(body[last]);
}

/** What was answered, for the metrics: the path of its route, and the status. */
export type Answered = { readonly route: string; readonly status: number };

/**
 * Answers a request over Node's own objects, without an application; undefined for a request that
 * it leaves to the application, and then nothing has happened.
 */
export type DirectRoute = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
) => Answered | Promise<Answered> | undefined;
