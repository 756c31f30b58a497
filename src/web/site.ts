import { randomUUID } from "node:crypto";
import { type Context, Hono } from "hono";
import { matchedRoutes } from "hono/route";
import { METHOD_NAME_ALL } from "hono/router";
import type { Log } from "../process/log.ts";
import { type Metrics, uncounted } from "../process/metrics.ts";
import { connectionsWithin } from "./connections.ts";
import {
  type Answered,
  asWebResponse,
  type DirectResponse,
  type DirectRoute,
  sendDirect,
} from "./direct-response.ts";
import {
  type ListenOptions,
  listen,
  type WebApplication,
  type WebEnvironment,
  type WebServer,
} from "./listen.ts";
import { problem, problemParts } from "./problem.ts";

/** Options of {@link startSite}. */
export type SiteOptions = ListenOptions & {
  /** The applications whose routes are served. */
  readonly parts: readonly Hono<WebEnvironment>[];
  /** What a browser gets at an address without a page; when absent, a problem. */
  readonly notFoundPage?: ((context: Context<WebEnvironment>) => Response) | undefined;
  /** Asked before the parts, in this order. */
  readonly directRoutes?: readonly DirectRoute[];
  readonly log: Log;
  readonly metrics?: Pick<Metrics, "webAnswered">;
};

/**
 * Joins the parts into one application that counts requests; any other path gets a problem
 * response.
 */
export function createSite({
  parts,
  notFoundPage,
  log,
  metrics = uncounted,
}: Pick<SiteOptions, "parts" | "notFoundPage" | "log" | "metrics">): Hono<WebEnvironment> {
  // A slash at the end of a path changes nothing.
  const site = new Hono<WebEnvironment>({ strict: false });
  const routes = parts
    .flatMap((part) => part.routes)
    .filter(({ path, method }) => !path.includes("*") && method !== METHOD_NAME_ALL);
  site.use(async (context, next) => {
    const startedAtMs = performance.now();
    await next();
    // The pattern, not the path: a metric must not have a series for every coin.
    const route = matchedRoutes(context).findLast(({ path }) => !path.includes("*"));
    metrics.webAnswered({
      route: route?.path ?? "other",
      status: context.res.status,
      ms: performance.now() - startedAtMs,
    });
  });
  for (const part of parts) site.route("/", part);
  site.notFound((context) => {
    const allowed = routes.filter(({ path }) => isMatch(path, context.req.path));
    if (allowed.length === 0) {
      const isBrowser = context.req.header("accept")?.includes("text/html") === true;
      return isBrowser && notFoundPage !== undefined
        ? notFoundPage(context)
        : problem({ status: 404, title: "There is nothing here" });
    }
    return problem(
      { status: 405, title: "This is asked for in another way" },
      { allow: [...new Set(allowed.flatMap(({ method }) => methodsOf(method)))].join(", ") },
    );
  });
  site.onError((error) => asWebResponse(unexpected(error, log)));
  return site;
}

/** The methods that a route answers to: every GET without its body too. */
function methodsOf(method: string): readonly string[] {
  return method === "GET" ? ["GET", "HEAD"] : [method];
}

/** Whether a route's pattern, such as `/c/:coin`, stands for a path. */
function isMatch(pattern: string, path: string): boolean {
  const parts = path.split("/");
  const wanted = pattern.split("/");
  return (
    parts.length === wanted.length &&
    wanted.every((part, at) => (part.startsWith(":") ? parts[at] !== "" : part === parts[at]))
  );
}

/** Starts the web server, with fewer connections than configured if file descriptors are scarce. */
export async function startSite({
  parts,
  notFoundPage,
  directRoutes = [],
  log,
  metrics = uncounted,
  ...listening
}: SiteOptions): Promise<WebServer> {
  const { maxConnections = Number.POSITIVE_INFINITY } = listening;
  const heldAtMost = connectionsWithin(maxConnections);
  if (heldAtMost < maxConnections && Number.isFinite(maxConnections)) {
    log.warn(
      { heldAtMost, maxConnections },
      "Fewer connections are held open than MAX_CONNECTIONS says: file descriptors are scarce (ulimit -n)",
    );
  }
  const site = createSite({ parts, notFoundPage, log, metrics });
  const app = { ...answeringAtOnce(directRoutes, log, metrics), fetch: site.fetch };
  return listen(app, { ...listening, maxConnections: heldAtMost });
}

/** Answers and counts what the direct routes take. */
function answeringAtOnce(
  routes: readonly DirectRoute[],
  log: Log,
  metrics: Pick<Metrics, "webAnswered">,
): Pick<WebApplication, "answerAtOnce"> {
  return {
    answerAtOnce(incoming, outgoing) {
      const startedAtMs = performance.now();
      const count = (answered: Answered) =>
        metrics.webAnswered({ ...answered, ms: performance.now() - startedAtMs });
      for (const route of routes) {
        const answered = route(incoming, outgoing);
        if (answered === undefined) continue;
        if (answered instanceof Promise)
          answered.then(count, (error) => {
            const response = unexpected(error, log);
            sendDirect(response, outgoing);
            count({ route: "other", status: response.status });
          });
        else count(answered);
        return true;
      }
      return false;
    },
  };
}

/** Logs what nobody expected; the response has its incident id. */
function unexpected(error: unknown, log: Log): DirectResponse {
  const incident = randomUUID();
  log.error({ incident, err: error }, "A web request failed in a way nobody expected");
  return problemParts({ status: 500, title: "Something went wrong here", incident });
}
