import { readFileSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Options of {@link limitConnections}. */
export type ConnectionLimits = {
  /** Sockets held open at the most. */
  readonly most: number;
  /** Whether a peer is a load balancer that we trust. */
  readonly isProxy: (address: string) => boolean;
  /** How long a load balancer's connection may be idle between requests, in milliseconds. */
  readonly proxyIdleMs: number;
};

/**
 * File descriptors kept for our own calls and files: Discord's answers, price sources, databases.
 */
const OWN_DESCRIPTORS = 256;

/**
 * How many sockets visitors may hold: `configured`, or what `descriptors` (this process's limit)
 * leaves beside our own. Without any left, neither a price nor a health check would get through.
 */
export function connectionsWithin(configured: number, descriptors = descriptorLimit()): number {
  const own = Math.min(OWN_DESCRIPTORS, Math.ceil(descriptors / 2));
  return Math.min(configured, Math.max(1, descriptors - own));
}

/**
 * How many files and sockets this process may have open; infinite where the system does not say.
 * Node raises the soft limit to the hard one before any program runs (src/node.cc, 2026-11).
 */
function descriptorLimit(): number {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

type Held = { readonly isProxy: boolean; answering: number };

/**
 * Keeps the number of a server's sockets within bounds. A new connection takes the place of the
 * one that has been idle longest, a load balancer's last of all, because it may be sending down it;
 * where none is idle, it is the new one that is closed.
 */
export function limitConnections(
  server: Server,
  { most, isProxy, proxyIdleMs }: ConnectionLimits,
): void {
  // The one that has been still for longest comes first.
  const held = new Map<Socket, Held>();

  function touch(socket: Socket): Held | undefined {
    const state = held.get(socket);
    if (state === undefined) return undefined;
    held.delete(socket);
    held.set(socket, state);
    return state;
  }

  function longestIdle(): Socket | undefined {
    let proxy: Socket | undefined;
    for (const [socket, state] of held) {
      if (state.answering > 0) continue;
      if (!state.isProxy) return socket;
      proxy ??= socket;
    }
    return proxy;
  }

  server.on("connection", (socket: Socket) => {
    if (held.size >= most) {
      const idle = longestIdle();
      if (idle === undefined) return void socket.destroy();
      // Its `close` event comes later than the next connection.
      held.delete(idle);
      idle.destroy();
    }
    held.set(socket, { isProxy: isProxy(socket.remoteAddress ?? ""), answering: 0 });
    socket.once("close", () => held.delete(socket));
  });

  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    const state = touch(socket);
    if (state === undefined) return;
    state.answering += 1;
    response.once("close", () => {
      state.answering -= 1;
      touch(socket);
    });
    // Node has set its own timeout by now: its listener came first.
    if (state.isProxy) response.once("finish", () => socket.setTimeout(proxyIdleMs));
  });
}
