import { readFileSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Options of {@link limitConnections}. */
export type ConnectionLimits = {
  /** How many sockets may be open at once. */
  readonly maxConnections: number;
  /** Whether a peer is a trusted load balancer. */
  readonly isProxy: (address: string) => boolean;
  /** How long a load balancer's connection may be idle between requests, in milliseconds. */
  readonly proxyIdleMs: number;
};

/** File descriptors kept for our own connections and files: Discord, price sources, databases. */
const OWN_DESCRIPTORS = 256;

/**
 * How many sockets visitors may hold: `configured`, or fewer if `descriptors` (this process's
 * limit) minus our own leaves fewer. Without a free descriptor, neither price calls nor health
 * checks would get through.
 */
export function connectionsWithin(configured: number, descriptors = descriptorLimit()): number {
  const own = Math.min(OWN_DESCRIPTORS, Math.ceil(descriptors / 2));
  return Math.min(configured, Math.max(1, descriptors - own));
}

/**
 * How many files and sockets this process may have open; infinite if the system does not say. Node
 * raises the soft limit to the hard one before any program runs (src/node.cc, 2026-11).
 */
function descriptorLimit(): number {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

type Connection = { readonly isProxy: boolean; requests: number };

/**
 * Limits how many sockets a server holds. A new connection replaces the one that has been idle
 * longest, a load balancer's only as a last resort, because a request may be on its way. If none is
 * idle, the new connection is closed.
 */
export function limitConnections(
  server: Server,
  { maxConnections, isProxy, proxyIdleMs }: ConnectionLimits,
): void {
  // Ordered by latest use: the longest idle comes first.
  const held = new Map<Socket, Connection>();

  /** Moves a connection to the end; undefined when it is no longer held. */
  function touch(socket: Socket): Connection | undefined {
    const state = held.get(socket);
    if (state === undefined) return undefined;
    held.delete(socket);
    held.set(socket, state);
    return state;
  }

  function longestIdle(): Socket | undefined {
    let proxy: Socket | undefined;
    for (const [socket, state] of held) {
      if (state.requests > 0) continue;
      if (!state.isProxy) return socket;
      proxy ??= socket;
    }
    return proxy;
  }

  server.on("connection", (socket: Socket) => {
    if (held.size >= maxConnections) {
      const idle = longestIdle();
      if (idle === undefined) return void socket.destroy();
      // Its `close` event comes after the next connection.
      held.delete(idle);
      idle.destroy();
    }
    held.set(socket, { isProxy: isProxy(socket.remoteAddress ?? ""), requests: 0 });
    socket.once("close", () => held.delete(socket));
  });

  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    const state = touch(socket);
    if (state === undefined) return;
    state.requests += 1;
    response.once("close", () => {
      state.requests -= 1;
      touch(socket);
    });
    // Node's own listener ran first, and has already set its timeout.
    if (state.isProxy) response.once("finish", () => socket.setTimeout(proxyIdleMs));
  });
}
