import { createServer } from "node:http";
import { connect, type Socket } from "node:net";

/** A tunnel that a client requested from a {@link FakeProxy}. */
export type Tunnel = {
  /** Host and port as the client named them. */
  readonly target: string;
  /** True once a WebSocket was requested through it. */
  isWebSocket: boolean;
};

/** A forward proxy for CONNECT; it requires credentials if it was given some. */
export type FakeProxy = {
  readonly port: number;
  readonly tunnels: readonly Tunnel[];
  /** Requests that were refused because of missing or wrong credentials. */
  readonly refused: number;
  close(): Promise<void>;
};

/**
 * Starts one; every tunnel ends at the named port of this computer, whatever its host is called.
 */
export async function startFakeProxy(credentials?: {
  user: string;
  password: string;
}): Promise<FakeProxy> {
  const tunnels: Tunnel[] = [];
  const sockets = new Set<Socket>();
  let refused = 0;
  const wanted =
    credentials &&
    `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64")}`;
  const server = createServer((_request, response) => void response.writeHead(405).end());
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("connect", (request, client, head) => {
    client.on("error", () => client.destroy());
    if (wanted !== undefined && request.headers["proxy-authorization"] !== wanted) {
      refused += 1;
      client.end(
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
      );
      return;
    }
    const target = request.url ?? "";
    const tunnel: Tunnel = { target, isWebSocket: false };
    tunnels.push(tunnel);
    const upstream = connect(Number(target.split(":").at(-1)), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.write(head);
      client.on("data", (bytes: Buffer) => {
        tunnel.isWebSocket ||= /^upgrade: websocket\r$/im.test(bytes.toString("latin1"));
      });
      client.pipe(upstream);
      upstream.pipe(client);
    });
    upstream.on("error", () => client.destroy());
    client.on("close", () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string")
    throw new Error("A TCP server has a numbered port.");
  return {
    port: address.port,
    tunnels,
    get refused() {
      return refused;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
