import { DiscordAPIError, RateLimitError, REST } from "@discordjs/rest";
import { z } from "zod";
import { type Clock, systemClock } from "../../process/clock.ts";
import { type Log, silentLog } from "../../process/log.ts";
import { requestBodyOf } from "../multipart.ts";
import type { ReplyFile } from "../reply.ts";
import { createRateLimiter, type RateLimiter, type RequestPriority } from "./rate-limiter.ts";

/** The outcome of one request. */
export type BotResponse =
  | { readonly kind: "ok"; readonly body: unknown }
  /**
   * Discord refused it: its JSON error code, and which part of the request it objects to, in words.
   */
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly code: number;
      readonly detail?: string;
    }
  /** Not sent or not accepted: Discord's rate limit or ours ends in `retryAfterMs`. */
  | { readonly kind: "rate-limited"; readonly retryAfterMs: number }
  /**
   * Discord does not accept the bot's token: nothing was done, and nothing will be until it is
   * replaced.
   */
  | { readonly kind: "token-refused" }
  /**
   * Discord failed, hung or could not be reached; when `mayHaveArrived` is false, it has certainly
   * not seen the request.
   */
  | { readonly kind: "unavailable"; readonly mayHaveArrived: boolean };

/** One request with the bot's token. */
export type BotRequest = {
  readonly method: "GET" | "POST";
  readonly route: `/${string}`;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly files?: readonly ReplyFile[];
  readonly priority: RequestPriority;
  /** Called right before the request is sent, however long it has waited; false drops it. */
  readonly mayGoOut?: (() => boolean) | undefined;
};

/** Discord's REST API with the bot's token, for everything but replies to interactions. */
export type BotRest = {
  /**
   * One attempt, never repeated: waits at most 10 s for the rate limiter, then at most 10 s for
   * Discord. Never rejects.
   */
  request(request: BotRequest): Promise<BotResponse>;
  /** The bot's own user id; undefined while Discord cannot be reached. */
  ownUserId(): Promise<string | undefined>;
  /** Why Discord refuses requests, as a clause; undefined while it is not known to refuse any. */
  trouble(): string | undefined;
};

const ACQUIRE_WITHIN_MS = 10_000;
const RESPONSE_WITHIN_MS = 10_000;
const NOT_SENT: BotResponse = { kind: "rate-limited", retryAfterMs: 1_000 };

/**
 * After the token was refused, one request per this interval is sent to see whether it still is;
 * the others fail here. 10,000 refusals in ten minutes would ban this address
 * (discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans,
 * 2026-11).
 */
const TOKEN_TRIED_EVERY_MS = 10_000;
const HTTP_UNAUTHORIZED = 401;

/** Error codes of a connection that was never made. */
const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const ownUser = z.object({ id: z.string() });

/** Makes a client with the bot's token; `apiUrl` is another REST host, without the version. */
export function createBotRest(options: {
  token: string;
  apiUrl?: string | undefined;
  rateLimiter?: RateLimiter;
  responseWithinMs?: number;
  acquireWithinMs?: number;
  log?: Log;
  clock?: Pick<Clock, "nowMs">;
}): BotRest {
  const {
    token,
    rateLimiter = createRateLimiter(),
    responseWithinMs = RESPONSE_WITHIN_MS,
    acquireWithinMs = ACQUIRE_WITHIN_MS,
  } = options;
  const { log = silentLog, clock = systemClock } = options;
  const rest = new REST({
    ...(options.apiUrl === undefined ? {} : { api: options.apiUrl.replace(/\/+$/, "") }),
    // `rateLimiter` keeps the global limit. The library's own limiter counts windows from its first
    // request, which does not match Discord's windows.
    globalRequestsPerSecond: Number.POSITIVE_INFINITY,
    // The caller decides whether to wait: an empty bucket is an outcome, not a pause of unknown
    // length.
    rejectOnRateLimit: () => true,
    retries: 0,
    timeout: responseWithinMs,
    // Every channel leaves a handler behind, so sweep them every ten minutes instead of every hour.
    handlerSweepInterval: 600_000,
  });
  let ownId: Promise<string | undefined> | undefined;
  // When the token was tried last; undefined while it is not known to be refused.
  let refusedAtMs: number | undefined;

  /** False while the token is known to be refused, except once in a while. */
  function isWorthTrying(): boolean {
    const nowMs = clock.nowMs();
    if (refusedAtMs === undefined) return true;
    if (nowMs - refusedAtMs < TOKEN_TRIED_EVERY_MS) return false;
    refusedAtMs = nowMs;
    return true;
  }

  /** Remembers what a response says about the token. */
  function learn({ kind }: BotResponse): void {
    if (kind === "token-refused") {
      if (refusedAtMs === undefined) {
        log.error(
          {},
          "Discord refuses DISCORD_TOKEN: digests and checks of channels wait until the bot is started with a valid one",
        );
      }
      refusedAtMs = clock.nowMs();
    } else if (refusedAtMs !== undefined && (kind === "ok" || kind === "refused")) {
      refusedAtMs = undefined;
      log.info({}, "Discord takes DISCORD_TOKEN again");
    }
  }

  async function request(wanted: BotRequest): Promise<BotResponse> {
    const release = await rateLimiter.acquire(wanted.priority, acquireWithinMs);
    if (release === undefined) return NOT_SENT;
    try {
      if (wanted.mayGoOut?.() === false) return NOT_SENT;
      if (!isWorthTrying()) return { kind: "token-refused" };
      const response = await send(wanted);
      learn(response);
      return response;
    } finally {
      release();
    }
  }

  async function send({ method, route, query, body, files }: BotRequest): Promise<BotResponse> {
    // The library drops its token after a 401, and would send nothing from then on.
    rest.setToken(token);
    try {
      const details = {
        signal: AbortSignal.timeout(responseWithinMs),
        ...(query === undefined ? {} : { query: new URLSearchParams(query) }),
        ...(body !== undefined && requestBodyOf(body, files)),
      };
      return {
        kind: "ok",
        body: await (method === "GET" ? rest.get(route, details) : rest.post(route, details)),
      };
    } catch (error) {
      return failureOf(error);
    }
  }

  async function askOwnId(): Promise<string | undefined> {
    const response = await request({ method: "GET", route: "/users/@me", priority: "person" });
    const id = response.kind === "ok" ? ownUser.safeParse(response.body).data?.id : undefined;
    if (id === undefined) ownId = undefined;
    return id;
  }

  return {
    request,
    ownUserId: () => (ownId ??= askOwnId()),
    trouble: () => (refusedAtMs === undefined ? undefined : "Discord refuses DISCORD_TOKEN"),
  };
}

function failureOf(error: unknown): BotResponse {
  if (error instanceof RateLimitError)
    return { kind: "rate-limited", retryAfterMs: Math.max(0, Math.ceil(error.retryAfter)) };
  if (error instanceof DiscordAPIError) {
    if (error.status === HTTP_UNAUTHORIZED) return { kind: "token-refused" };
    const code = Number(error.code) || 0;
    // Discord's own refusals have a code; a response without one is a block page of its network.
    return code === 0
      ? { kind: "unavailable", mayHaveArrived: false }
      : { kind: "refused", status: error.status, code, detail: error.message };
  }
  return { kind: "unavailable", mayHaveArrived: !neverConnected(error) };
}

/**
 * True when there was no connection to send the request over: all addresses of the host failed, or
 * a proxy refused.
 */
function neverConnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError)
    return error.errors.length > 0 && error.errors.every(neverConnected);
  if ("syscall" in error && error.syscall === "connect") return true;
  // undici has an error code for this only from version 7 on.
  if (error.message.startsWith("Proxy response")) return true;
  return "code" in error && NEVER_CONNECTED.has(String(error.code));
}
