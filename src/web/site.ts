import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import type { Log } from "../process/log.ts";
import { type Metrics, uncounted } from "../process/metrics.ts";
import { connectionsWithin } from "./connections.ts";
import { type ListenOptions, listen, type WebEnvironment, type WebServer } from "./listen.ts";
import { problem } from "./problem.ts";

/** Options of {@link startSite}. */
export type SiteOptions = ListenOptions & {
  /** The applications whose routes are served. */
  readonly parts: readonly Hono<WebEnvironment>[];
  readonly log: Log;
  readonly metrics?: Pick<Metrics, "webAnswered">;
};

/**
 * Joins the parts into one application that counts requests; any other path gets a problem
 * response.
 */
export function createSite({
  parts,
  log,
  metrics = uncounted,
}: Pick<SiteOptions, "parts" | "log" | "metrics">): Hono<WebEnvironment> {
  const site = new Hono<WebEnvironment>();
  const routes = new Map<string, string[]>();
  for (const { path, method } of parts.flatMap((part) => part.routes)) {
    if (!path.includes("*")) routes.set(path, [...(routes.get(path) ?? []), method]);
  }
  site.use(async (context, next) => {
    const startedAtMs = performance.now();
    await next();
    const route = routes.has(context.req.path) ? context.req.path : "other";
    metrics.webAnswered({ route, status: context.res.status, ms: performance.now() - startedAtMs });
  });
  for (const part of parts) site.route("/", part);
  site.notFound((context) => {
    const allowed = routes.get(context.req.path);
    if (allowed === undefined) return problem({ status: 404, title: "There is nothing here" });
    return problem(
      { status: 405, title: "This is asked for in another way" },
      { allow: [...new Set(allowed)].join(", ") },
    );
  });
  site.onError((error) => {
    const incident = randomUUID();
    log.error({ incident, err: error }, "A web request failed in a way nobody expected");
    return problem({ status: 500, title: "Something went wrong here", incident });
  });
  return site;
}

/** Starts the web server, with fewer connections than configured if file descriptors are scarce. */
export async function startSite({
  parts,
  log,
  metrics,
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
  const site = createSite({ parts, log, ...(metrics !== undefined && { metrics }) });
  return listen(site, { ...listening, maxConnections: heldAtMost });
}
