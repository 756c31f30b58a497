import type { ServerResponse } from "node:http";
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
export function direct(
  { status, headers, body }: DirectResponse,
  outgoing: ServerResponse | undefined,
): Response {
  if (outgoing === undefined) return new Response(Buffer.concat(body), { status, headers });
  outgoing.statusCode = status;
  for (const [name, text] of Object.entries(headers)) outgoing.setHeader(name, text);
  outgoing.setHeader(
    "content-length",
    body.reduce((sum, piece) => sum + piece.byteLength, 0),
  );
  outgoing.cork();
  for (const piece of body) outgoing.write(piece);
  outgoing.end();
  return RESPONSE_ALREADY_SENT;
}
