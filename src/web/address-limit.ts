import type { MiddlewareHandler } from "hono";
import { RateLimiterRes } from "rate-limiter-flexible";
import type { WebEnvironment } from "../discord/http.ts";
import { createLimiter, type Limit } from "../limiter.ts";
import type { RedisPart } from "../redis.ts";
import type { ClientAddress } from "./client-address.ts";
import { problem } from "./problem.ts";

/** Requests of one address in a window; a page that asks with every change of a slider stays below. */
export const ADDRESS_LIMIT: Limit = { calls: 60, windowSeconds: 60 };

const POLICY = `"address";q=${ADDRESS_LIMIT.calls};w=${ADDRESS_LIMIT.windowSeconds}`;

/** Options of {@link limitByAddress}. */
export type AddressLimitOptions = {
  readonly clientAddress: ClientAddress;
  /** Counts for all processes on this part of a Redis; in this process's memory when absent. */
  readonly shared?: RedisPart | undefined;
};

/**
 * At most {@link ADDRESS_LIMIT} requests of one address; 429 with `Retry-After` beyond. Every answer says what is left
 * (draft-ietf-httpapi-ratelimit-headers-10). A limiter that fails limits nobody.
 */
export function limitByAddress({ clientAddress, shared }: AddressLimitOptions): MiddlewareHandler<WebEnvironment> {
  const limiter = createLimiter({ ...ADDRESS_LIMIT, what: "limit:address", shared });
  return async (context, next) => {
    const peer = context.env?.incoming?.socket.remoteAddress;
    const address = clientAddress({ peer, forwardedFor: context.req.header("x-forwarded-for") });
    const state = await limiter.consume(address).catch((rejection: unknown) => rejection);
    if (!(state instanceof RateLimiterRes)) return next();
    const seconds = Math.max(1, Math.ceil(state.msBeforeNext / 1_000));
    const isOver = state.consumedPoints > ADDRESS_LIMIT.calls;
    const headers = { "ratelimit-policy": POLICY, ratelimit: `"address";r=${Math.max(0, state.remainingPoints)};t=${seconds}` };
    if (isOver) {
      const detail = `One address may ask ${ADDRESS_LIMIT.calls} times in ${ADDRESS_LIMIT.windowSeconds} seconds. Ask again in ${seconds} s.`;
      return problem({ status: 429, title: "Too many requests", detail }, { ...headers, "retry-after": String(seconds) });
    }
    await next();
    for (const [name, text] of Object.entries(headers)) context.res.headers.set(name, text);
  };
}
