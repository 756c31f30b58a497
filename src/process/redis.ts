import { createClient, type RedisClientType } from "@keyv/redis";
import { withoutCredentials } from "./addresses.ts";
import { ELAPSED, within } from "./clock.ts";
import type { Log } from "./log.ts";

/**
 * A connection to the Redis that processes share. Commands fail at once while it is down, and
 * within a second when it stops responding; it reconnects by itself.
 */
export type Redis = {
  readonly client: RedisClientType;
  /** Its address without user, password and query, for people. */
  readonly where: string;
  close(): Promise<void>;
};

/** One bot's part of a Redis that several bots may share. */
export type RedisPart = { readonly redis: Redis; readonly name: string };

/** How long the start waits for Redis before continuing without it, in milliseconds. */
const CONNECTED_WITHIN_MS = 2_000;
/**
 * A server that does not respond to a ping within this time counts as down, in milliseconds. The
 * client's own command timeout does not help: it ends once a command is written (@redis/client
 * 5.12, commands-queue.js).
 */
const PONG_WITHIN_MS = 500;
/**
 * The wait for a ping's response is cut into this many parts: while this process is blocked, at
 * most one of them passes.
 */
const PONG_WAITS = 5;
/**
 * Pause between two pings: a command waits for a frozen server no longer than this plus {@link
 * PONG_WITHIN_MS}.
 */
const PING_EVERY_MS = 250;
/**
 * How long to wait for a server that accepts a connection but stays silent before connecting again.
 */
const GREETED_WITHIN_MS = 5_000;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Connects to Redis. Resolves even when it cannot be reached yet: everything that uses it works
 * without.
 */
export async function connectRedis({ url, log }: { url: string; log: Log }): Promise<Redis> {
  const where = withoutCredentials(url);
  const client: RedisClientType = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: CONNECTED_WITHIN_MS,
      // Pings keep an established connection busy, so this ends only connections that were never
      // established.
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
      // A connection that was being made when the client was destroyed is completed anyway
      // (@redis/client 5.12): the process must not wait for it.
      if (isClosed) return client.unref();
      if (!isUp) log.info({ redis: where }, "Redis is reached again");
      isUp = true;
      resolve();
    });
  });
  // It keeps trying until it is closed; a final failure is logged above.
  const connect = () => void client.connect().catch(() => undefined);
  connect();
  await within(CONNECTED_WITHIN_MS, ready);
  const stopPinging = keepPinging(client, () => {
    lost(`no answer within ${PONG_WITHIN_MS} ms`);
    // This rejects pending commands, and every further command until the new connection is ready.
    client.destroy();
    connect();
  });
  return {
    client,
    where,
    async close() {
      isClosed = true;
      stopPinging();
      // Redis responds to commands in order, so a ping's response means that earlier commands are
      // done.
      if (client.isReady) await isAnswering(client);
      if (client.isOpen) client.destroy();
    },
  };
}

/**
 * Calls `onSilence` when the connection stops responding, until the returned function is called.
 */
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
 * Whether the server responds in time. A connection that breaks meanwhile counts as a response: the
 * client notices that by itself.
 */
async function isAnswering(client: RedisClientType): Promise<boolean> {
  const pong = client.ping().then(
    () => true,
    () => true,
  );
  for (let wait = 0; wait < PONG_WAITS; wait += 1)
    if ((await within(PONG_WITHIN_MS / PONG_WAITS, pong)) !== ELAPSED) return true;
  // After this process was blocked, its timers fire before it reads what has arrived.
  return (
    (await Promise.race([
      pong,
      new Promise<false>((resolve) => setImmediate(() => resolve(false))),
    ])) === true
  );
}
