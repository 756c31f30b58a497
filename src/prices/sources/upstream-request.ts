import { errorText } from "../../process/errors.ts";
import type { SourceFailure, SourceResult } from "../price-source.ts";
import { NOT_JSON, type PackedCoins, type ResponseLimits } from "./response-body.ts";
import { parseResponse } from "./response-parser.ts";

/**
 * A source's HTTP response: the parsed JSON, or a failure. `coins` is set where the body was read
 * as a `coin-list`.
 */
export type UpstreamResponse = SourceResult<{
  readonly body: unknown;
  readonly coins?: PackedCoins;
}>;

/** Reads a source's own error convention; undefined when the body is no error. */
export type FailureReader = (status: number, body: unknown) => SourceFailure | undefined;

/** One GET request. */
export type UpstreamRequest = {
  /** The source's name, for failures. */
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: ResponseLimits;
  readonly readFailure: FailureReader;
  readonly signal: AbortSignal;
};

/** What came of one request. */
export type UpstreamReply = {
  readonly response: UpstreamResponse;
  /** Absent where no response came. */
  readonly status?: number;
  /** What the source asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** True when the same request would bring a body without bounds again. */
  readonly isHopeless?: boolean;
};

const FIRST_BUFFER_BYTES = 64 * 1024;
const TOO_LATE = "no answer in time";

/** Sends one request and reads its JSON. Never rejects. */
export async function sendRequest(request: UpstreamRequest): Promise<UpstreamReply> {
  const { name, url, headers, limits, readFailure, signal } = request;
  let response: Response;
  let bytes: Uint8Array | undefined;
  try {
    response = await fetch(url, {
      headers: { accept: "application/json", "user-agent": "dude-wheres-my-lambo", ...headers },
      // A redirect would carry the key to another host.
      redirect: "error",
      signal,
    });
    bytes = await readBytes(response, limits.maxBytes, signal);
  } catch (error) {
    return { response: unreachable(name, signal.aborted ? TOO_LATE : errorText(error)) };
  }
  const retryAfterMs = retryAfter(response.headers.get("retry-after"));
  const reply = { status: response.status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  if (bytes === undefined) {
    const tooLarge = badResponse(name, `the body is over ${limits.maxBytes} bytes`);
    return { ...reply, response: tooLarge, isHopeless: true };
  }
  const body = await parseResponse(bytes, limits, signal);
  if (signal.aborted) return { ...reply, response: unreachable(name, TOO_LATE) };
  const failure =
    readFailure(response.status, body.ok ? body.body : undefined) ??
    statusFailure(response.status, name);
  if (failure !== undefined) return { ...reply, response: failure };
  return body.ok
    ? { ...reply, response: body }
    : { ...reply, response: badResponse(name, body.why), isHopeless: body.why !== NOT_JSON };
}

function unreachable(name: string, why: string): SourceFailure {
  return { ok: false, reason: "unreachable", detail: `${name}: ${why}` };
}

/** The failure for a response that is not what the source documents. */
export function badResponse(name: string, what: string): SourceFailure {
  return { ok: false, reason: "bad-answer", detail: `${name}: ${what}` };
}

function statusFailure(status: number, name: string): SourceFailure | undefined {
  if (status === 429) return { ok: false, reason: "rate-limited", detail: `${name}: HTTP 429` };
  if (status === 401 || status === 403)
    return { ok: false, reason: "not-allowed", detail: `${name}: HTTP ${status}` };
  if (status >= 500) return { ok: false, reason: "unreachable", detail: `${name}: HTTP ${status}` };
  return status >= 200 && status < 300 ? undefined : badResponse(name, `HTTP ${status}`);
}

/**
 * Seconds or an HTTP date (RFC 9110, 10.2.3) in milliseconds from now; undefined when absent or
 * unreadable.
 */
function retryAfter(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = Number(header);
  const ms =
    Number.isFinite(seconds) && header.trim() !== ""
      ? seconds * 1_000
      : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/**
 * The body, decompressed; undefined as soon as it is over `maxBytes`. The deadline ends the reading
 * by itself: `fetch` forgets to pass an abort on to a body whose request was garbage collected
 * (Node 20.20), and then waits for ever.
 */
async function readBytes(
  response: Response,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (response.body === null) return new Uint8Array();
  const reader = response.body.getReader();
  const giveUp = () => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    // One buffer that grows: a body that comes byte by byte would take a hundred times its size as
    // a list of chunks.
    let bytes = new Uint8Array(FIRST_BUFFER_BYTES);
    let byteLength = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) throw signal.reason;
      if (done) return bytes.slice(0, byteLength);
      const neededBytes = byteLength + value.byteLength;
      if (neededBytes > maxBytes) return undefined;
      if (neededBytes > bytes.byteLength) {
        const grown = new Uint8Array(
          Math.max(neededBytes, Math.min(2 * bytes.byteLength, maxBytes)),
        );
        grown.set(bytes.subarray(0, byteLength));
        bytes = grown;
      }
      bytes.set(value, byteLength);
      byteLength = neededBytes;
    }
  } finally {
    signal.removeEventListener("abort", giveUp);
    giveUp();
  }
}
