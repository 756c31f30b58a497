import { setTimeout as elapse } from "node:timers/promises";
import { z } from "zod";
import type { RedisPart } from "../process/redis.ts";

/** The HTTP response to an interaction, in bytes, so that it can be sent again. */
export type FirstResponse = {
  readonly status: number;
  readonly contentType: string;
  /** In pieces, so that a picture that many responses have is in memory once. */
  readonly body: readonly Uint8Array[];
};

/** The length of a response's body in bytes. */
export function bytesOf({ body }: Pick<FirstResponse, "body">): number {
  return body.reduce((sum, piece) => sum + piece.byteLength, 0);
}

/** Another process responds or defers within 1.5 s of its delivery; Discord hangs up after 3 s. */
const ASKED_WITHIN_MS = 2_400;
const ASKED_EVERY_MS = 50;
const HANDED_OVER_FOR_MS = 10_000;
/** A connection that only listens would be closed as idle. */
const PING_EVERY_MS = 2_000;

const storedResponse = z.object({
  status: z.number().int(),
  contentType: z.string(),
  base64: z.base64(),
});

/** The first responses of other processes. */
export type SharedResponses = {
  /**
   * The response to an interaction; undefined when no process provides it in time. Never rejects.
   */
  ask(id: string): Promise<FirstResponse | undefined>;
  /** Stops sharing responses with other processes. */
  stop(): void;
};

/**
 * Exchanges first responses between processes. They stay in the process that made them until
 * another asks for one: each holds a picture, and hardly any is asked for. `find` looks one up
 * here.
 */
export function createSharedResponses(
  { redis, name }: RedisPart,
  find: (id: string) => Promise<FirstResponse | undefined>,
): SharedResponses {
  const wanted = `lambo:wanted:${name}`;
  const keyOf = (id: string) => `lambo:answer:${name}:${id}`;
  // A subscribed connection can do nothing else.
  const listening = redis.client.duplicate({ pingInterval: PING_EVERY_MS });
  // The shared connection logs an outage; until it is over a repeated delivery gets no response.
  listening.on("error", () => undefined);
  const asked = new Set<string>();
  let isStopped = false;

  async function handOver(id: string): Promise<void> {
    // This process also receives its own requests.
    if (asked.has(id)) return;
    const response = await find(id);
    if (response === undefined) return;
    const { body, ...rest } = response;
    const stored = JSON.stringify({ ...rest, base64: Buffer.concat(body).toString("base64") });
    await redis.client.set(keyOf(id), stored, { PX: HANDED_OVER_FOR_MS });
  }

  async function listen(): Promise<void> {
    await listening.connect();
    await listening.subscribe(wanted, (id) => void handOver(id).catch(() => undefined));
  }
  void listen().catch(() => undefined);
  listening.on("ready", () => {
    // A connection that was stopped while connecting is completed anyway.
    if (isStopped) listening.destroy();
  });

  return {
    async ask(id) {
      const untilMs = performance.now() + ASKED_WITHIN_MS;
      asked.add(id);
      try {
        await redis.client.publish(wanted, id);
        while (performance.now() < untilMs) {
          const stored = await redis.client.get(keyOf(id));
          if (stored !== null) {
            const { base64, ...rest } = storedResponse.parse(JSON.parse(stored));
            return { ...rest, body: [Buffer.from(base64, "base64")] };
          }
          await elapse(ASKED_EVERY_MS);
        }
        return undefined;
      } catch {
        return undefined;
      } finally {
        asked.delete(id);
      }
    },
    stop() {
      isStopped = true;
      if (listening.isOpen) listening.destroy();
    },
  };
}
