import { connect, createServer, type Socket } from "node:net";

/** A server on this computer, as far away as another continent. */
export type FarAway = { readonly port: number; close(): Promise<void> };

/**
 * Passes connections on to a port of this computer; every byte takes half of `roundTripMs` in each
 * direction, and connecting takes a whole one, as it does over a long line.
 */
export async function farAway(port: number, roundTripMs: number): Promise<FarAway> {
  const oneWayMs = roundTripMs / 2;
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.once("close", () => sockets.delete(socket));
    }
    // The first bytes wait for the handshake too.
    const openAtMs = performance.now() + roundTripMs;
    passOn(near, far, () => Math.max(oneWayMs, openAtMs + oneWayMs - performance.now()));
    passOn(far, near, () => oneWayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

/** Passes on what comes from a socket, in order. */
function passOn(from: Socket, to: Socket, delayMs: () => number): void {
  const queue: { readonly atMs: number; readonly work: () => void }[] = [];
  const drain = () => {
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      const leftMs = next.atMs - performance.now();
      if (leftMs > 0) return void setTimeout(drain, Math.ceil(leftMs));
      queue.shift();
      next.work();
    }
  };
  const later = (work: () => void) => {
    queue.push({ atMs: performance.now() + delayMs(), work });
    if (queue.length === 1) drain();
  };
  from.on("data", (bytes) => later(() => to.write(bytes)));
  from.on("end", () => later(() => to.end()));
}
