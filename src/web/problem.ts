import { asWebResponse, type DirectResponse } from "./direct-response.ts";

/** Why a request was refused, for people and programs (RFC 9457). */
export type Problem = {
  readonly status: number;
  /** A short title, the same for every occurrence. */
  readonly title: string;
  /** One sentence about this occurrence. */
  readonly detail?: string;
  /** Further members, such as `reason`, one of a closed list. */
  readonly [member: string]: string | number | readonly string[] | undefined;
};

/** A problem as a response. */
export function problem(details: Problem, headers?: Readonly<Record<string, string>>): Response {
  return asWebResponse(problemParts(details, headers));
}

/** A problem as a response that needs no application. */
export function problemParts(
  details: Problem,
  headers: Readonly<Record<string, string>> = {},
): DirectResponse {
  return {
    status: details.status,
    headers: {
      "content-type": "application/problem+json",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      ...headers,
    },
    body: [Buffer.from(JSON.stringify({ type: "about:blank", ...details }))],
  };
}
