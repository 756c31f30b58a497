import { BoundedMap } from "../process/bounded-map.ts";
import { type AddressLimiter, type Limited, tooManyRequests } from "./address-limit.ts";
import { type DirectResponse, type DirectRoute, sendDirect } from "./direct-response.ts";

/** An answer that stays the same for a while, but for the time it is given. */
export type KnownAnswer = {
  /** The path of its route, for the metrics. */
  readonly route: string;
  /** Unix time in milliseconds from which it is asked anew. */
  readonly untilMs: number;
  /** The bytes of its body. */
  readonly bytes: number;
  /** The response at a time before `untilMs`. */
  respond(now: Date): DirectResponse;
};

/** Bytes of known answers; the graph of a coin of twelve years has 35 kB. */
const MAX_KNOWN_BYTES = 8_000_000;
/** Of an address; longer ones are asked each time. */
const MAX_URL_LENGTH = 500;

/** Known answers by the address that was asked for, as it stood in the request. */
export type KnownAnswers = {
  keep(url: string, answer: KnownAnswer): void;
  /** Undefined where none is known or the known one is too old. */
  find(url: string, now: Date): KnownAnswer | undefined;
};

/** Makes a place for known answers. */
export function createKnownAnswers(): KnownAnswers {
  const known = new BoundedMap<string, KnownAnswer>({
    maxSize: MAX_KNOWN_BYTES,
    sizeOf: ({ bytes }) => bytes,
  });
  return {
    keep(url, answer) {
      if (url.length <= MAX_URL_LENGTH) known.set(url, answer);
    },
    find(url, now) {
      const answer = known.get(url);
      return answer === undefined || answer.untilMs <= now.getTime() ? undefined : answer;
    },
  };
}

/**
 * Makes what answers requests whose answer is known, with the limits that apply to all others. They
 * take 6 % less processor time than through the application (measured 2026-11).
 */
export function createRecall({
  known,
  limiter,
  now,
}: {
  readonly known: KnownAnswers;
  readonly limiter: AddressLimiter;
  now(): Date;
}): DirectRoute {
  return (incoming, outgoing) => {
    const { method, url = "", headers, socket } = incoming;
    const answer = method === "GET" ? known.find(url, now()) : undefined;
    if (answer === undefined) return undefined;
    const respond = (limited: Limited) => {
      const response = limited.ok
        ? withHeaders(limited.headers, answer.respond(now()))
        : tooManyRequests(limited);
      sendDirect(response, outgoing);
      return { route: answer.route, status: response.status };
    };
    const forwardedFor = headers["x-forwarded-for"];
    const limited = limiter({
      peer: socket.remoteAddress,
      forwardedFor: typeof forwardedFor === "string" ? forwardedFor : undefined,
    });
    return limited instanceof Promise ? limited.then(respond) : respond(limited);
  };
}

function withHeaders(first: DirectResponse["headers"], response: DirectResponse): DirectResponse {
  return { ...response, headers: { ...first, ...response.headers } };
}
