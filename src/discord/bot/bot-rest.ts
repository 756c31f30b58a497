import { DiscordAPIError, RateLimitError, REST } from "@discordjs/rest";
import { z } from "zod";
import { type Clock, systemClock } from "../../process/clock.ts";
import { type Log, silentLog } from "../../process/log.ts";
import { requestBodyOf } from "../multipart.ts";
import type { ReplyFile } from "../reply.ts";
import { createRequestTurns, type RequestTurns, type TurnPriority } from "./rate-limiter.ts";

/** What Discord made of one request. */
export type BotAnswer =
  | { readonly kind: "ok"; readonly body: unknown }
  /**
   * Discord said no, with its JSON error code, and in words which part of the request it takes
   * exception to.
   */
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly code: number;
      readonly detail?: string;
    }
  /** Not done: a rate limit ends in `retryAfterMs`, or our own turn came too late. */
  | { readonly kind: "rate-limited"; readonly retryAfterMs: number }
  /**
   * Discord does not take the bot's token: nothing was done, and nothing can be until it is
   * renewed.
   */
  | { readonly kind: "token-refused" }
  /**
   * Discord failed, hung or could not be reached; `mayHaveArrived` false: it has certainly not seen
   * the request.
   */
  | { readonly kind: "unavailable"; readonly mayHaveArrived: boolean };

/** One request with the bot's token. */
export type BotRequest = {
  readonly method: "GET" | "POST";
  readonly route: `/${string}`;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly files?: readonly ReplyFile[];
  readonly priority: TurnPriority;
  /** Asked once its turn has come, right before it goes out: false drops it. */
  readonly mayGoOut?: (() => boolean) | undefined;
};

/** Discord's REST interface with the bot's token, for what is no answer to an interaction. */
export type BotRest = {
  /**
   * One attempt, never repeated: waits for its turn (10 s at most), then for Discord (10 s at
   * most). Never rejects.
   */
  request(request: BotRequest): Promise<BotAnswer>;
  /** The bot's own user id; undefined while Discord does not tell. */
  ownUserId(): Promise<string | undefined>;
  /**
   * What keeps Discord from taking requests, as a clause; undefined while nothing is known of it.
   */
  trouble(): string | undefined;
};

const TURN_WITHIN_MS = 10_000;
const ANSWER_WITHIN_MS = 10_000;
const TURN_CAME_TOO_LATE: BotAnswer = { kind: "rate-limited", retryAfterMs: 1_000 };

/**
 * After a token was refused, one request goes out in this time, to see whether it still is; the
 * others are answered here. 10,000 refusals in ten minutes would shut this address out
 * (discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans,
 * 2026-11).
 */
const TOKEN_TRIED_EVERY_MS = 10_000;
const HTTP_UNAUTHORIZED = 401;

/** Errors of a connection that never came to be. */
const NEVER_CONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const ownUser = z.object({ id: z.string() });

/** Speaks with the bot's token; `apiUrl` is another REST host, without the version. */
export function createBotRest(options: {
  token: string;
  apiUrl?: string | undefined;
  turns?: RequestTurns;
  answerWithinMs?: number;
  turnWithinMs?: number;
  log?: Log;
  clock?: Pick<Clock, "nowMs">;
}): BotRest {
  const {
    token,
    turns = createRequestTurns(),
    answerWithinMs = ANSWER_WITHIN_MS,
    turnWithinMs = TURN_WITHIN_MS,
  } = options;
  const { log = silentLog, clock = systemClock } = options;
  const rest = new REST({
    ...(options.apiUrl === undefined ? {} : { api: options.apiUrl.replace(/\/+$/, "") }),
    // The global limit is kept by `turns`. Its own counts windows that begin at its first request,
    // which Discord's do not.
    globalRequestsPerSecond: Number.POSITIVE_INFINITY,
    // Waiting is the caller's to decide: a bucket known to be empty is an outcome, not a pause of
    // unknown length.
    rejectOnRateLimit: () => true,
    retries: 0,
    timeout: answerWithinMs,
    // Every channel leaves a handler behind: sweep them every ten minutes, not every hour.
    handlerSweepInterval: 600_000,
  });
  let ownId: Promise<string | undefined> | undefined;
  // When the token was tried last, since it is being refused.
  let refusedAtMs: number | undefined;

  /** False while the token is known to be refused, except once in a while. */
  function isWorthTrying(): boolean {
    const nowMs = clock.nowMs();
    if (refusedAtMs === undefined) return true;
    if (nowMs - refusedAtMs < TOKEN_TRIED_EVERY_MS) return false;
    refusedAtMs = nowMs;
    return true;
  }

  /** What an answer says of the token. */
  function learn({ kind }: BotAnswer): void {
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

  async function request(one: BotRequest): Promise<BotAnswer> {
    const over = await turns.take(one.priority, turnWithinMs);
    if (over === undefined) return TURN_CAME_TOO_LATE;
    try {
      if (one.mayGoOut?.() === false) return TURN_CAME_TOO_LATE;
      if (!isWorthTrying()) return { kind: "token-refused" };
      const answer = await send(one);
      learn(answer);
      return answer;
    } finally {
      over();
    }
  }

  async function send({ method, route, query, body, files }: BotRequest): Promise<BotAnswer> {
    // The library forgets its token at a 401, and would send nothing any more.
    rest.setToken(token);
    try {
      const details = {
        signal: AbortSignal.timeout(answerWithinMs),
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
    const answer = await request({ method: "GET", route: "/users/@me", priority: "person" });
    const id = answer.kind === "ok" ? ownUser.safeParse(answer.body).data?.id : undefined;
    if (id === undefined) ownId = undefined;
    return id;
  }

  return {
    request,
    ownUserId: () => (ownId ??= askOwnId()),
    trouble: () => (refusedAtMs === undefined ? undefined : "Discord refuses DISCORD_TOKEN"),
  };
}

function failureOf(error: unknown): BotAnswer {
  if (error instanceof RateLimitError)
    return { kind: "rate-limited", retryAfterMs: Math.max(0, Math.ceil(error.retryAfter)) };
  if (error instanceof DiscordAPIError) {
    if (error.status === HTTP_UNAUTHORIZED) return { kind: "token-refused" };
    const code = Number(error.code) || 0;
    // Whatever Discord itself refuses has a code; without one it is a block page of its network.
    return code === 0
      ? { kind: "unavailable", mayHaveArrived: false }
      : { kind: "refused", status: error.status, code, detail: error.message };
  }
  return { kind: "unavailable", mayHaveArrived: !neverConnected(error) };
}

/**
 * True when there was no connection to send the request down: a host's addresses all failed, or a
 * proxy refused the way.
 */
function neverConnected(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError)
    return error.errors.length > 0 && error.errors.every(neverConnected);
  if ("syscall" in error && error.syscall === "connect") return true;
  // undici has a code of its own for it only from 7 on.
  if (error.message.startsWith("Proxy response")) return true;
  return "code" in error && NEVER_CONNECTED.has(String(error.code));
}
