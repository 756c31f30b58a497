import { createClient, type RedisClientType } from "@keyv/redis";
import { ELAPSED, within } from "./clock.ts";
import type { Log } from "./log.ts";

/**
 * A connection to the Redis that processes share. Commands fail at once while it is down, and
 * within a second when it stops answering; it reconnects by itself.
 */
export type Redis = {
  readonly client: RedisClientType;
  /** Without user, password and query, for people. */
  readonly where: string;
  close(): Promise<void>;
};

/** One bot's part of a Redis, which several bots may share. */
export type RedisPart = { readonly redis: Redis; readonly name: string };

/** How long the start waits for Redis before it goes on without, in milliseconds. */
const CONNECTED_WITHIN_MS = 2_000;
/**
 * A server that does not answer a ping within this time counts as down, in milliseconds. The
 * client's own command timeout cannot tell: it ends once a command is written (@redis/client 5.12,
 * commands-queue.js).
 */
const PONG_WITHIN_MS = 500;
/**
 * Pause between two pings: a command waits for a frozen server no longer than this plus the above.
 */
const PING_EVERY_MS = 250;
/** A server that accepts a connection and then says nothing is connected to again after this. */
const GREETED_WITHIN_MS = 5_000;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Connects to Redis. Resolves even when it cannot be reached yet: everything that uses it works
 * without.
 */
export async function connectRedis({ url, log }: { url: string; log: Log }): Promise<Redis> {
  const { protocol, host, pathname } = new URL(url);
  const where = `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
  const client: RedisClientType = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: CONNECTED_WITHIN_MS,
      // Pings keep a connection in use busy, so that this ends only one that never was.
      socketTimeout: GREETED_WITHIN_MS,
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, LONGEST_PAUSE_MS),
    },
  });
  let isUp = true;
  let isClosed = false;
  function lost(why: string): void {
    if (isUp && !isClosed)
      log.warn(
        { redis: where, error: why },
        "Redis cannot be reached: going on without what processes share",
      );
    isUp = false;
  }
  client.on("error", (error: Error) => lost(error.message));
  const ready = new Promise<void>((resolve) => {
    client.on("ready", () => {
      // A connection that was being made when the client was destroyed is completed all the same
      // (@redis/client 5.12): the process must not wait for it.
      if (isClosed) return client.unref();
      if (!isUp) log.info({ redis: where }, "Redis is reached again");
      isUp = true;
      resolve();
    });
  });
  // It tries until it is closed; a failure after which it does not try again was logged above.
  const connect = () => void client.connect().catch(() => undefined);
  connect();
  await within(CONNECTED_WITHIN_MS, ready);
  const stopPinging = keepPinging(client, () => {
    lost(`no answer within ${PONG_WITHIN_MS} ms`);
    // This rejects what waits for an answer, and every command until the new connection is ready.
    client.destroy();
    connect();
  });
  return {
    client,
    where,
    async close() {
      isClosed = true;
      stopPinging();
      // Commands are answered in order.
      if (client.isReady) await isAnswering(client);
      if (client.isOpen) client.destroy();
    },
  };
}

/** Calls `onSilence` when the connection stops answering; the returned function ends that. */
function keepPinging(client: RedisClientType, onSilence: () => void): () => void {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  async function ping(): Promise<void> {
    if (client.isReady && !(await isAnswering(client)) && !isOver && client.isReady) onSilence();
    if (!isOver) timer = setTimeout(() => void ping(), PING_EVERY_MS);
  }
  void ping();
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}

/**
 * Whether the server answers in time. A connection that breaks meanwhile counts as an answer: the
 * client notices that by itself.
 */
async function isAnswering(client: RedisClientType): Promise<boolean> {
  const pong = client.ping().then(
    () => true,
    () => true,
  );
  if ((await within(PONG_WITHIN_MS, pong)) !== ELAPSED) return true;
  // After this process was blocked, its timers fire first, and then what has arrived meanwhile.
  return (
    (await Promise.race([
      pong,
      new Promise<false>((resolve) => setImmediate(() => resolve(false))),
    ])) === true
  );
}
