/** Why a request is refused, for people and programs (RFC 9457). */
export type Problem = {
  readonly status: number;
  /** Short and the same for every occurrence. */
  readonly title: string;
  /** One plain sentence about this occurrence. */
  readonly detail?: string;
  /** Further members, such as a closed `reason`. */
  readonly [member: string]: string | number | readonly string[] | undefined;
};

/** The problem as a response. */
export function problem(what: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify({ type: "about:blank", ...what }), {
    status: what.status,
    headers: {
      "content-type": "application/problem+json",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      ...headers,
    },
  });
}
