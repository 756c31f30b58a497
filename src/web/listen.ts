import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Server as TcpServer } from "node:net";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import { errorText } from "../process/errors.ts";
import { limitConnections } from "./connections.ts";

/**
 * Node's request and response, as a route's `context.env` has them; absent when a test calls the
 * application without a server.
 */
export type WebEnvironment = { Bindings: Partial<HttpBindings> };

/** A web server that listens. */
export type WebServer = {
  /** Its address, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly port: number;
  /**
   * Stops listening and ends every connection after its next response, at the latest after
   * `withinMs` (default 1,000). An idle connection is ended after `idleMs` (default 0), so that a
   * request that is already on its way still gets a response.
   */
  close(withinMs?: number, idleMs?: number): Promise<void>;
};

/** What handles web requests: a Hono application. */
export type WebApplication = {
  /** Answers a request that needs no application; false for any other, which is left as it is. */
  answerAtOnce?(incoming: IncomingMessage, outgoing: ServerResponse): boolean;
  fetch(request: Request, environment: HttpBindings): Response | Promise<Response>;
};

/** Slower requests are aborted: every request here is small. */
const HEADERS_WITHIN_MS = 5_000;
const REQUEST_WITHIN_MS = 10_000;
/** How often Node checks for slow requests; its default would add up to 30 s. */
const CHECK_EVERY_MS = 2_000;

/** How long a visitor's connection may be idle between requests. */
const IDLE_MS = 65_000;

/**
 * Longer than a load balancer keeps idle connections, or it would send a request over one that is
 * just closing: Google Cloud's keeps them 600 s (cloud.google.com/load-balancing/docs/https,
 * "Timeouts and retries", 2026-11).
 */
const PROXY_IDLE_MS = 620_000;

const SWEEP_MS = 50;

/** Options of {@link listen}. */
export type ListenOptions = {
  readonly host: string;
  /** 0 is any free port. */
  readonly port: number;
  /** How many sockets may be open at once; unlimited when absent. */
  readonly maxConnections?: number;
  /** Whether a peer is a trusted load balancer; when absent, none is. */
  readonly isProxy?: (address: string) => boolean;
  /** How long a visitor's connection may be idle between requests; 65 s by default. */
  readonly idleMs?: number;
  /** The same for a load balancer's connection; 620 s by default. */
  readonly proxyIdleMs?: number;
};

/** Makes a web application listen. Rejects when the port is taken or not allowed. */
export async function listen(app: WebApplication, options: ListenOptions): Promise<WebServer> {
  const { host, port, maxConnections = Number.POSITIVE_INFINITY, isProxy = () => false } = options;
  // The server speaks HTTP/1 only. HTTP/1.0 requests name no host.
  const answer = getRequestListener(
    (request, environment) => app.fetch(request, environment as HttpBindings),
    { hostname: host },
  );
  const server = createServer(
    {
      headersTimeout: HEADERS_WITHIN_MS,
      requestTimeout: REQUEST_WITHIN_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      keepAliveTimeout: options.idleMs ?? IDLE_MS,
    },
    (incoming, outgoing) => {
      if (app.answerAtOnce?.(incoming, outgoing) !== true) void answer(incoming, outgoing);
    },
  );
  limitConnections(server, {
    maxConnections,
    isProxy,
    proxyIdleMs: options.proxyIdleMs ?? PROXY_IDLE_MS,
  });
  let isClosing = false;
  server.prependListener("request", (_request, response) => {
    if (isClosing) response.setHeader("connection", "close");
  });
  server.listen(port, host);
  // `once` rejects with the `error` event: a taken port is one.
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error("A TCP server has a numbered port.");
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    async close(withinMs = 1_000, idleMs = 0) {
      isClosing = true;
      // An HTTP server's own `close` would end idle connections at once, even with a request on its
      // way.
      const closed = new Promise<void>(
        (resolve) => void TcpServer.prototype.close.call(server, () => resolve()),
      );
      const closesIdleAt = performance.now() + idleMs;
      if (idleMs === 0) server.closeIdleConnections();
      const sweeper = setInterval(() => {
        if (performance.now() >= closesIdleAt) server.closeIdleConnections();
      }, SWEEP_MS);
      const timer = setTimeout(() => server.closeAllConnections(), withinMs);
      await closed;
      clearInterval(sweeper);
      clearTimeout(timer);
      server.close();
    },
  };
}

/** The address for a browser on this computer: no browser can open the unspecified address. */
export function browserUrl(url: string): string {
  return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}

/**
 * Says in one or two sentences why an address cannot be listened on and what to do about it;
 * `error` is what {@link listen} rejected with, `variable` the variable that holds the port.
 */
export function portTrouble(
  error: unknown,
  {
    host,
    port,
    variable = "PORT",
  }: { readonly host: string; readonly port: number; readonly variable?: "PORT" | "METRICS_PORT" },
): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") {
    return `Port ${port} on ${host} is taken by another program. Stop that one, or choose another port: put ${variable}=${port + 1} into .env, or in front of npm start.`;
  }
  if (code === "EACCES") {
    const other = variable === "PORT" ? 3_000 : 9_464;
    return `Port ${port} is reserved for the system here. Choose one above 1023: put ${variable}=${other} into .env.`;
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `HOST=${host} is no address of this computer. Take HOST out of .env, or set one that is.`;
  return `Nothing can listen on ${host}, port ${port}: ${errorText(error)}`;
}
