import { createClient, type RedisClientType } from "@keyv/redis";
import { ELAPSED, within } from "./clock.ts";
import type { Log } from "./log.ts";

/**
 * A connection to the Redis that processes share. Commands fail at once while it is down, and
 * within a second when it stops answering; it comes back by itself.
 */
export type Redis = {
  readonly client: RedisClientType;
  /** Without user, password and query, for people. */
  readonly where: string;
  close(): Promise<void>;
};

/** One bot's part of a Redis: several bots may share one. */
export type RedisPart = { readonly redis: Redis; readonly name: string };

/** How long the start waits for Redis before it goes on without, in milliseconds. */
const CONNECTED_WITHIN_MS = 2_000;
/**
 * A server that does not answer a ping within this time is taken for down, in milliseconds. The
 * client's own command timeout does not do that: it ends when a command is written (@redis/client
 * 5.12, commands-queue.js).
 */
const PONG_WITHIN_MS = 500;
/**
 * Pause between two pings: a command waits for a frozen server no longer than this and the time
 * above together.
 */
const PING_EVERY_MS = 250;
/** A server that takes a connection and then says nothing is tried anew after this. */
const GREETED_WITHIN_MS = 5_000;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Connects to Redis. Resolves also when it cannot be reached yet: everything that uses it goes on
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
      // A connection that was being made when the client was destroyed is made all the same
      // (@redis/client 5.12): nobody waits for it to end.
      if (isClosed) return client.unref();
      if (!isUp) log.info({ redis: where }, "Redis is reached again");
      isUp = true;
      resolve();
    });
  });
  // It goes on trying until it is closed; a failure that it does not try again after has been told
  // as an error above.
  const connect = () => void client.connect().catch(() => undefined);
  connect();
  await within(CONNECTED_WITHIN_MS, ready);
  const stopPinging = keepPinging(client, () => {
    lost(`no answer within ${PONG_WITHIN_MS} ms`);
    // What waits for an answer is rejected, and everything else at once until the new connection
    // has been greeted.
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

/** Tells of a connection that stops answering; to be ended by the returned function. */
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
 * Whether the server answers in time. A connection that breaks meanwhile is no silence: the client
 * notices by itself.
 */
async function isAnswering(client: RedisClientType): Promise<boolean> {
  const pong = client.ping().then(
    () => true,
    () => true,
  );
  if ((await within(PONG_WITHIN_MS, pong)) !== ELAPSED) return true;
  // When this process itself stood still, its timers come first and then what has arrived
  // meanwhile.
  return (
    (await Promise.race([
      pong,
      new Promise<false>((resolve) => setImmediate(() => resolve(false))),
    ])) === true
  );
}
