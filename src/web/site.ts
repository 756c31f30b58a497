import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import type { WebEnvironment } from "../discord/http.ts";
import { stackOf } from "../lifetime.ts";
import type { Log } from "../log.ts";
import { listen, type WebServer } from "./listen.ts";
import { problem } from "./problem.ts";

/** Options of {@link startSite}. */
export type SiteOptions = {
  readonly host: string;
  readonly port: number;
  /** The routes of Discord's interactions; absent where they come over the gateway. */
  readonly interactions?: Hono<WebEnvironment> | undefined;
  readonly log: Log;
};

/** The whole web application: what the mode serves, and plain problems for everything else. */
export function createSite({ interactions, log }: Omit<SiteOptions, "host" | "port">): Hono<WebEnvironment> {
  const site = new Hono<WebEnvironment>();
  if (interactions !== undefined) site.route("/", interactions);
  site.notFound(() => problem({ status: 404, title: "There is nothing here" }));
  site.onError((error) => {
    const incident = randomUUID();
    log.error({ incident, stack: stackOf(error) }, "A web request failed in a way nobody expected");
    return problem({ status: 500, title: "Something went wrong here", incident });
  });
  return site;
}

/** Makes the web application listen. */
export async function startSite({ host, port, ...options }: SiteOptions): Promise<WebServer> {
  return listen(createSite(options), { host, port });
}
