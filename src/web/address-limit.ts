import type { Context, MiddlewareHandler } from "hono";
import type { RedisPart } from "../process/redis.ts";
import { type CallWindow, createWindowLimiter, type Limit } from "../process/window-limiter.ts";
import type { Result } from "../result.ts";
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

/** Counts requests by address; `what` names what is counted, each with limits of its own. */
export function createAddressLimiter({
  clientAddress,
  shared,
  what = "limit",
  limits = API_LIMITS,
}: AddressLimitOptions & {
  readonly what?: string;
  readonly limits?: AddressLimits;
}): (context: Context<WebEnvironment>) => Promise<Limited> {
  // In memory first: a request that this process refuses is not counted on Redis.
  const counters = [undefined, ...(shared === undefined ? [] : [shared])].flatMap((where) =>
    COUNTED.map((counted) => {
      const limit: NamedLimit = { ...counted, ...limits[counted.name] };
      const name = `${what}:${limit.name}`;
      return { limit, limiter: createWindowLimiter({ ...limit, what: name, shared: where }) };
    }),
  );
  return async (context) => {
    const peer = context.env?.incoming?.socket.remoteAddress;
    const address = clientAddress({ peer, forwardedFor: context.req.header("x-forwarded-for") });
    let headers: Record<string, string> = {};
    for (const { limit, limiter } of counters) {
      const key = limit.keyOf(address);
      if (key === undefined) continue;
      const window = await limiter.count(key);
      if (!window.isWithin) return refused(limit, window);
      if (limit.name === "address") headers = headersOf(limit, window);
    }
    return { ok: true, headers };
  };
}

/**
 * Allows {@link ADDRESS_LIMIT} requests of one address, {@link SITE_LIMIT} of one IPv6 site and
 * {@link TOTAL_LIMIT} in all; responds with 429 and `Retry-After` beyond. Every response says what
 * the address has left (draft-ietf-httpapi-ratelimit-headers-10).
 */
export function limitByAddress(options: AddressLimitOptions): MiddlewareHandler<WebEnvironment> {
  const limit = createAddressLimiter(options);
  return async (context, next) => {
    const limited = await limit(context);
    if (!limited.ok)
      return problem(
        { status: 429, title: "Too many requests", detail: limited.detail },
        limited.headers,
      );
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

const secondsUntilEnd = ({ endsInMs }: CallWindow) => Math.max(1, Math.ceil(endsInMs / 1_000));
