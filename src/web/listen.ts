import { once } from "node:events";
import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";

/** A web application that listens. */
export type WebServer = {
  /** Its address, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly port: number;
  /** Stops listening, lets requests in flight finish for at most `withinMs`, then closes every connection. */
  close(withinMs?: number): Promise<void>;
};

/** Makes a web application listen; port 0 is any free port. Rejects when the port is taken or not allowed. */
export async function listen(app: Hono, { host, port }: { readonly host: string; readonly port: number }): Promise<WebServer> {
  const server = createServer(getRequestListener(app.fetch));
  server.listen(port, host);
  // `once` rejects with the `error` event: a taken port is one.
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("A TCP server has a numbered port.");
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    async close(withinMs = 1_000) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), withinMs);
      await closed;
      clearTimeout(timer);
    },
  };
}
