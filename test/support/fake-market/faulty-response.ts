import type { ServerResponse } from "node:http";
import { refusalOf } from "./coingecko.ts";
import type { Provider } from "./fake-coin.ts";
import type { Fault } from "./fault.ts";
import { type Json, ok, type ProviderResponse } from "./provider.ts";

/** Sends a response as JSON. */
export function sendJson(
  response: ServerResponse,
  content: ProviderResponse,
  headers: Readonly<Record<string, string>> = {},
): void {
  sendText(response, content.status, JSON.stringify(content.body), {
    "content-type": "application/json; charset=utf-8",
    ...headers,
  });
}

function sendText(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>>,
): void {
  response
    .writeHead(status, { ...headers, "content-length": String(Buffer.byteLength(body)) })
    .end(body);
}

const htmlHeaders = { "content-type": "text/html; charset=utf-8" };

/**
 * Sends what the fault makes of the right response; `timers` takes intervals that outlive the call.
 */
export async function sendFaulty({
  fault,
  provider,
  right,
  response,
  timers,
}: {
  readonly fault: Fault;
  readonly provider: Provider;
  readonly right: ProviderResponse;
  readonly response: ServerResponse;
  readonly timers: Set<NodeJS.Timeout>;
}): Promise<void> {
  const text = JSON.stringify(right.body);
  const half = text.slice(0, Math.ceil(text.length / 2));
  const json = { "content-type": "application/json; charset=utf-8" };
  switch (fault.kind) {
    case "hang":
      return;
    case "reset":
      response.destroy();
      return;
    case "held":
      await fault.until;
      return sendJson(response, right);
    case "far": {
      const timer = setTimeout(() => {
        timers.delete(timer);
        sendJson(response, right);
      }, fault.delayMs);
      timers.add(timer);
      return;
    }
    case "drip": {
      response.writeHead(200, json);
      // White space is legal before JSON: only a total deadline notices that nothing ever comes.
      const timer = setInterval(() => response.write(" "), fault.everyMs ?? 1000);
      timers.add(timer);
      response.once("close", () => {
        clearInterval(timer);
        timers.delete(timer);
      });
      response.write(" ");
      return;
    }
    case "cut-json":
      return sendText(response, 200, half, json);
    case "cut-connection":
      response.writeHead(200, { ...json, "content-length": String(Buffer.byteLength(text)) });
      response.write(half, () => response.destroy());
      return;
    case "wrong-types":
      return sendJson(response, { status: 200, body: withWrongTypes(right.body) });
    case "html":
      return sendText(
        response,
        200,
        "<!doctype html><html><body><h1>We'll be right back</h1></body></html>",
        htmlHeaders,
      );
    case "blocked":
      return sendText(
        response,
        403,
        "<!doctype html><html><title>Access denied | Error 1020</title></html>",
        {
          ...htmlHeaders,
          server: "cloudflare",
        },
      );
    case "answer":
      return sendText(response, fault.status, fault.body, fault.headers ?? json);
    case "server-error":
      return sendText(response, fault.status ?? 503, "upstream connect error", {
        "content-type": "text/plain",
      });
    case "service-unavailable":
      if (provider === "kraken") return sendJson(response, ok({ error: ["EService:Unavailable"] }));
      return sendJson(response, { status: 503, body: { error: "Service Unavailable" } });
    case "rate-limited": {
      const headers =
        fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
      if (provider === "kraken")
        return sendJson(response, ok({ error: ["EGeneral:Too many requests"] }), headers);
      if (provider === "coinmetrics") {
        const error = { type: "too_many_requests", message: "Too many requests." };
        return sendJson(response, { status: 429, body: { error } }, headers);
      }
      if (provider === "defillama")
        return sendText(response, 429, "Too Many Requests", {
          "content-type": "text/plain",
          ...headers,
        });
      return sendJson(response, refusalOf(fault), headers);
    }
    default:
      return sendJson(response, refusalOf(fault));
  }
}

function withWrongTypes(body: Json): Json {
  if (typeof body === "number") return "soon";
  if (typeof body === "string") return 7;
  if (body === null || typeof body === "boolean") return body;
  if (isList(body)) return body.map(withWrongTypes);
  return Object.fromEntries(Object.entries(body).map(([key, part]) => [key, withWrongTypes(part)]));
}

function isList(body: Json): body is readonly Json[] {
  return Array.isArray(body);
}
