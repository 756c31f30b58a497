import { createClient, type RedisClientType } from "@keyv/redis";
import type { Log } from "./log.ts";

/** A connection to the Redis that processes share; commands fail at once while it is down, and it comes back by itself. */
export type Redis = {
  readonly client: RedisClientType;
  /** Without user, password and query, for people. */
  readonly where: string;
  close(): Promise<void>;
};

/** How long the start waits for Redis before it goes on without, in milliseconds. */
const CONNECTED_WITHIN_MS = 2_000;
/** A command that takes longer fails: nobody waits for a frozen server. */
const COMMAND_TIMEOUT_MS = 500;
const LONGEST_PAUSE_MS = 2_000;

/** Connects to Redis. Resolves also when it cannot be reached yet: everything that uses it goes on without. */
export async function connectRedis({ url, log }: { url: string; log: Log }): Promise<Redis> {
  const { protocol, host, pathname } = new URL(url);
  const where = `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
  const client: RedisClientType = createClient({
    url,
    disableOfflineQueue: true,
    commandOptions: { timeout: COMMAND_TIMEOUT_MS },
    socket: { connectTimeout: CONNECTED_WITHIN_MS, reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, LONGEST_PAUSE_MS) },
  });
  let isUp = true;
  client.on("error", (error: Error) => {
    if (isUp) log.warn({ redis: where, error: error.message }, "Redis cannot be reached: going on without what processes share");
    isUp = false;
  });
  const ready = new Promise<void>((resolve) => {
    client.on("ready", () => {
      if (!isUp) log.info({ redis: where }, "Redis is reached again");
      isUp = true;
      resolve();
    });
  });
  // It goes on trying until it is closed; a failure that it does not try again after has been told as an error above.
  void client.connect().catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([ready, new Promise<void>((resolve) => (timer = setTimeout(resolve, CONNECTED_WITHIN_MS)))]);
  clearTimeout(timer);
  return {
    client,
    where,
    async close() {
      if (client.isReady) await client.close();
      else if (client.isOpen) client.destroy();
    },
  };
}
