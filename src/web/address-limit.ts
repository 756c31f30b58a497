import type { Context, MiddlewareHandler } from "hono";
import type { RedisPart } from "../process/redis.ts";
import {
  type CallWindow,
  createWindowLimiter,
  type Limit,
  secondsUntilEnd,
} from "../process/window-limiter.ts";
import type { Result } from "../result.ts";
import { type ClientAddress, siteOf } from "./client-address.ts";
import { asWebResponse, type DirectResponse } from "./direct-response.ts";
import type { WebEnvironment } from "./listen.ts";
import { problemParts } from "./problem.ts";

/** Requests of one address; enough for a page that sends one on every move of a slider. */
export const ADDRESS_LIMIT: Limit = { calls: 60, windowSeconds: 60 };

/** Requests of one IPv6 site (/48), which has 65,536 networks. */
export const SITE_LIMIT: Limit = { calls: 600, windowSeconds: 60 };

/**
 * Requests of all visitors together, so that a visitor with any number of addresses leaves room for
 * Discord (measured 2026-11: 1,500 requests a second fill two cores).
 */
const TOTAL_LIMIT: Limit = { calls: 60_000, windowSeconds: 60 };

/** How often one address, one IPv6 site (/48) and all visitors together may ask. */
export type AddressLimits = Readonly<Record<"address" | "site" | "total", Limit>>;

const API_LIMITS: AddressLimits = { address: ADDRESS_LIMIT, site: SITE_LIMIT, total: TOTAL_LIMIT };

/** The limits in counting order: a request that one refuses does not count for the next. */
const COUNTED = [
  {
    name: "address",
    who: "One address",
    keyOf: (address: string): string | undefined => address,
  },
  { name: "site", who: "One IPv6 site (a /48)", keyOf: siteOf },
  { name: "total", who: "All visitors together", keyOf: () => "all" },
] as const;

type NamedLimit = (typeof COUNTED)[number] & Limit;

/** Options of {@link createAddressLimiter}. */
export type AddressLimitOptions = {
  readonly clientAddress: ClientAddress;
  /** Counts across all processes on this part of a Redis; when absent, in this process's memory. */
  readonly shared?: RedisPart | undefined;
};

/** Whether a request is within the limits, and what its response says about them. */
export type Limited = Result<
  { readonly headers: Readonly<Record<string, string>> },
  {
    readonly headers: Readonly<Record<string, string>>;
    /** The limit and when to ask again, as two sentences. */
    readonly detail: string;
    /** Seconds until the next request is allowed. */
    readonly seconds: number;
  }
>;

/** Counts a visitor's request; at once where nothing is counted on Redis. Never rejects. */
export type AddressLimiter = (visitor: Visitor) => Limited | Promise<Limited>;

/** What tells the address of the visitor who sent a request. */
export type Visitor = Parameters<ClientAddress>[0];

/** The visitor who sent a request. */
export function visitorOf(context: Context<WebEnvironment>): Visitor {
  return {
    peer: context.env?.incoming?.socket.remoteAddress,
    forwardedFor: context.req.header("x-forwarded-for"),
  };
}

/** Counts requests by address; `what` names what is counted, each with limits of its own. */
export function createAddressLimiter({
  clientAddress,
  shared,
  what = "limit",
  limits = API_LIMITS,
}: AddressLimitOptions & {
  readonly what?: string;
  readonly limits?: AddressLimits;
}): AddressLimiter {
  // In memory first: a request that this process refuses is not counted on Redis.
  const counters = [undefined, ...(shared === undefined ? [] : [shared])].flatMap((where) =>
    COUNTED.map((counted) => {
      const limit: NamedLimit = { ...counted, ...limits[counted.name] };
      const name = `${what}:${limit.name}`;
      return { limit, limiter: createWindowLimiter({ ...limit, what: name, shared: where }) };
    }),
  );
  function countFrom(
    at: number,
    address: string,
    headers: Readonly<Record<string, string>>,
  ): Limited | Promise<Limited> {
    const counter = counters[at];
    if (counter === undefined) return { ok: true, headers };
    const { limit, limiter } = counter;
    const key = limit.keyOf(address);
    if (key === undefined) return countFrom(at + 1, address, headers);
    const judge = (window: CallWindow) => {
      if (!window.isWithin) return refused(limit, window);
      const told = limit.name === "address" ? headersOf(limit, window) : headers;
      return countFrom(at + 1, address, told);
    };
    const window = limiter.count(key);
    return window instanceof Promise ? window.then(judge) : judge(window);
  }
  return (visitor) => countFrom(0, clientAddress(visitor), {});
}

/**
 * Responds with 429 and `Retry-After` to requests beyond the limits. Every response says what the
 * address has left (draft-ietf-httpapi-ratelimit-headers-10).
 */
export function limitByAddress(limiter: AddressLimiter): MiddlewareHandler<WebEnvironment> {
  return async (context, next) => {
    const limited = await limiter(visitorOf(context));
    if (!limited.ok) return asWebResponse(tooManyRequests(limited));
    const headers = Object.entries(limited.headers);
    // Node's response takes them as they are; one of the web would copy its headers for them.
    const outgoing = context.env?.outgoing;
    if (outgoing !== undefined) for (const [name, text] of headers) outgoing.setHeader(name, text);
    await next();
    if (outgoing === undefined)
      for (const [name, text] of headers) context.res.headers.set(name, text);
    return undefined;
  };
}

/** The response to a request beyond a limit. */
export function tooManyRequests({
  detail,
  headers,
}: Extract<Limited, { readonly ok: false }>): DirectResponse {
  return problemParts({ status: 429, title: "Too many requests", detail }, headers);
}

function refused(limit: NamedLimit, window: CallWindow): Limited {
  const seconds = secondsUntilEnd(window);
  return {
    ok: false,
    seconds,
    detail: `${limit.who} may ask ${limit.calls} times in ${limit.windowSeconds} seconds. Ask again in ${seconds} s.`,
    headers: { ...headersOf(limit, window), "retry-after": String(seconds) },
  };
}

function headersOf(
  { name, calls, windowSeconds }: NamedLimit,
  window: CallWindow,
): Record<string, string> {
  return {
    "ratelimit-policy": `"${name}";q=${calls};w=${windowSeconds}`,
    ratelimit: `"${name}";r=${window.callsLeft};t=${secondsUntilEnd(window)}`,
  };
}
