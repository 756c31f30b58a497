import { createHash } from "node:crypto";

/**
 * A bucket of one route: `limit` requests in `windowMs`, for each major parameter (channel, server,
 * webhook token).
 */
export type RouteLimit = { readonly limit: number; readonly windowMs: number };

/** Whether a request may pass, with the headers and, when it may not, the 429 body. */
export type Verdict =
  | { readonly kind: "pass"; readonly headers: Record<string, string> }
  | {
      readonly kind: "limited";
      readonly global: boolean;
      readonly headers: Record<string, string>;
      readonly body: Record<string, unknown>;
    };

/** The limits that tests may change; `undefined` lifts the global one. */
export type RateLimits = {
  /**
   * Requests a second per bot, interaction endpoints apart.
   * https://discord.com/developers/docs/topics/rate-limits#global-rate-limit (2026-11)
   */
  globalPerSecond: number | undefined;
  /** By method and route template, such as `POST /channels/:channel_id/messages`. */
  readonly routes: Map<string, RouteLimit>;
};

/** Limits as seen in practice (Discord publishes none and asks to read the headers); 2026-11. */
export function defaultRateLimits(): RateLimits {
  return {
    globalPerSecond: 50,
    routes: new Map([
      ["POST /channels/:channel_id/messages", { limit: 5, windowMs: 5_000 }],
      ["PATCH /channels/:channel_id/messages/:message_id", { limit: 5, windowMs: 5_000 }],
      ["POST /webhooks/:webhook_id/:webhook_token", { limit: 5, windowMs: 2_000 }],
      [
        "PATCH /webhooks/:webhook_id/:webhook_token/messages/@original",
        { limit: 5, windowMs: 2_000 },
      ],
      [
        "PATCH /webhooks/:webhook_id/:webhook_token/messages/:message_id",
        { limit: 5, windowMs: 2_000 },
      ],
      [
        "DELETE /webhooks/:webhook_id/:webhook_token/messages/@original",
        { limit: 5, windowMs: 2_000 },
      ],
    ]),
  };
}

/**
 * Creates the judge of requests. Windows are fixed, as Discord's are; `now` is in ms and must move
 * for a limit to end.
 */
export function createRateLimiter({ limits, now }: { limits: RateLimits; now: () => number }) {
  const windows = new Map<string, { startedAtMs: number; used: number }>();
  let global = { second: Number.NaN, used: 0 };
  const seconds = (ms: number): string => (ms / 1000).toFixed(3);

  const limited = (
    waitMs: number,
    scope: string,
    isGlobal: boolean,
    headers: Record<string, string>,
  ): Verdict => ({
    kind: "limited",
    global: isGlobal,
    headers: {
      ...headers,
      // The header is whole seconds, rounded up; the body has the fraction.
      "Retry-After": String(Math.ceil(waitMs / 1000)),
      "X-RateLimit-Scope": scope,
      ...(isGlobal && { "X-RateLimit-Global": "true" }),
    },
    body: {
      message: "You are being rate limited.",
      retry_after: Number(seconds(waitMs)),
      global: isGlobal,
      code: 0,
    },
  });

  return {
    judge(route: string, major: string, countsGlobally: boolean): Verdict {
      const at = now();
      if (countsGlobally && limits.globalPerSecond !== undefined) {
        const second = Math.floor(at / 1000);
        if (global.second !== second) global = { second, used: 0 };
        global.used += 1;
        if (global.used > limits.globalPerSecond)
          return limited((second + 1) * 1000 - at, "global", true, {});
      }
      const limit = limits.routes.get(route);
      if (!limit) return { kind: "pass", headers: {} };
      const key = `${route}:${major}`;
      let window = windows.get(key);
      if (!window || at >= window.startedAtMs + limit.windowMs) {
        window = { startedAtMs: at, used: 0 };
        windows.set(key, window);
      }
      window.used += 1;
      const resetMs = window.startedAtMs + limit.windowMs;
      const headers = {
        "X-RateLimit-Limit": String(limit.limit),
        "X-RateLimit-Remaining": String(Math.max(0, limit.limit - window.used)),
        "X-RateLimit-Reset": seconds(resetMs),
        "X-RateLimit-Reset-After": seconds(resetMs - at),
        "X-RateLimit-Bucket": createHash("md5").update(route).digest("hex"),
      };
      return window.used > limit.limit
        ? limited(resetMs - at, "user", false, headers)
        : { kind: "pass", headers };
    },
  };
}
