import type { MiddlewareHandler } from "hono";
import { RateLimiterRes } from "rate-limiter-flexible";
import type { RedisPart } from "../process/redis.ts";
import { createWindowLimiter, type Limit } from "../process/window-limiter.ts";
import { type ClientAddress, siteOf } from "./client-address.ts";
import type { WebEnvironment } from "./listen.ts";
import { problem } from "./problem.ts";

/** Requests of one address; enough for a page that sends one on every move of a slider. */
export const ADDRESS_LIMIT: Limit = { calls: 60, windowSeconds: 60 };

/** Requests of one IPv6 site (/48), which has 65,536 networks. */
export const SITE_LIMIT: Limit = { calls: 600, windowSeconds: 60 };

/**
 * Requests of all visitors together, so that a visitor with any number of addresses leaves room for
 * Discord (measured 2026-11: 1,500 requests a second fill two cores).
 */
const TOTAL_LIMIT: Limit = { calls: 60_000, windowSeconds: 60 };

/** The limits in counting order: a request that one refuses does not count for the next. */
const LIMITS = [
  {
    name: "address",
    who: "One address",
    ...ADDRESS_LIMIT,
    keyOf: (address: string): string | undefined => address,
  },
  { name: "site", who: "One IPv6 site (a /48)", ...SITE_LIMIT, keyOf: siteOf },
  { name: "total", who: "All visitors together", ...TOTAL_LIMIT, keyOf: () => "all" },
] as const;

type NamedLimit = (typeof LIMITS)[number];

/** Options of {@link limitByAddress}. */
export type AddressLimitOptions = {
  readonly clientAddress: ClientAddress;
  /** Counts across all processes on this part of a Redis; when absent, in this process's memory. */
  readonly shared?: RedisPart | undefined;
};

/**
 * Allows {@link ADDRESS_LIMIT} requests of one address, {@link SITE_LIMIT} of one IPv6 site and
 * {@link TOTAL_LIMIT} in all; responds with 429 and `Retry-After` beyond. Every response says what
 * the address has left (draft-ietf-httpapi-ratelimit-headers-10). A limiter that fails lets every
 * request through.
 */
export function limitByAddress({
  clientAddress,
  shared,
}: AddressLimitOptions): MiddlewareHandler<WebEnvironment> {
  // In memory first: a request that this process refuses is not counted on Redis.
  const counters = [undefined, ...(shared === undefined ? [] : [shared])].flatMap((where) =>
    LIMITS.map((limit) => ({
      limit,
      limiter: createWindowLimiter({ ...limit, what: `limit:${limit.name}`, shared: where }),
    })),
  );
  return async (context, next) => {
    const peer = context.env?.incoming?.socket.remoteAddress;
    const address = clientAddress({ peer, forwardedFor: context.req.header("x-forwarded-for") });
    let addressHeaders: Record<string, string> = {};
    for (const { limit, limiter } of counters) {
      const key = limit.keyOf(address);
      if (key === undefined) continue;
      const state = await limiter.consume(key).catch((rejection: unknown) => rejection);
      if (!(state instanceof RateLimiterRes)) continue;
      if (state.consumedPoints > limit.calls) return tooMany(limit, state);
      if (limit.name === "address") addressHeaders = headersOf(limit, state);
    }
    await next();
    for (const [name, text] of Object.entries(addressHeaders)) context.res.headers.set(name, text);
    return undefined;
  };
}

function tooMany(limit: NamedLimit, state: RateLimiterRes): Response {
  const seconds = secondsUntilReset(state);
  const detail = `${limit.who} may ask ${limit.calls} times in ${limit.windowSeconds} seconds. Ask again in ${seconds} s.`;
  return problem(
    { status: 429, title: "Too many requests", detail },
    { ...headersOf(limit, state), "retry-after": String(seconds) },
  );
}

function headersOf(
  { name, calls, windowSeconds }: NamedLimit,
  state: RateLimiterRes,
): Record<string, string> {
  return {
    "ratelimit-policy": `"${name}";q=${calls};w=${windowSeconds}`,
    ratelimit: `"${name}";r=${Math.max(0, state.remainingPoints)};t=${secondsUntilReset(state)}`,
  };
}

const secondsUntilReset = ({ msBeforeNext }: RateLimiterRes) =>
  Math.max(1, Math.ceil(msBeforeNext / 1_000));
