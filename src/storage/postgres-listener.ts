import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { errorText } from "../process/errors.ts";
import type { Log } from "../process/log.ts";

/** Notified by the trigger that the first migration creates. */
const CHANNEL = "storage_revision";
const RECONNECT_AFTER_MS = 1_000;

/** Options of {@link listenForWrites}. */
export type ListenerOptions = {
  readonly connection: pg.ClientConfig;
  /** Called after every notified write, and whenever a notification may have been missed. */
  readonly wake: () => void;
  readonly log: Log;
  /** Stops the listener. */
  readonly signal: AbortSignal;
  /** Resolves when it is time to reconnect; after a second when absent. */
  readonly pause?: (signal: AbortSignal) => Promise<void>;
};

/**
 * Listens for other processes' writes until the signal aborts, and reconnects when the connection
 * is lost. Never rejects.
 */
export async function listenForWrites(options: ListenerOptions): Promise<void> {
  const { log, signal, pause = aSecond } = options;
  let isLossLogged = false;
  // One abort listener for all attempts: otherwise listeners would pile up while the server is
  // down.
  let stop = () => {};
  const onAbort = () => stop();
  signal.addEventListener("abort", onAbort);
  while (!signal.aborted) {
    const why = await listenUntilLost(options, {
      onListening() {
        if (isLossLogged) log.info({}, "PostgreSQL is back");
        isLossLogged = false;
      },
      whenStopped(ends) {
        stop = ends;
      },
    });
    if (signal.aborted) break;
    if (!isLossLogged)
      log.warn(
        { error: why },
        "PostgreSQL was lost: settings are read from memory, and nothing can be saved until it is back",
      );
    isLossLogged = true;
    await pause(signal);
  }
  signal.removeEventListener("abort", onAbort);
}

/** Listens on one connection until it ends; resolves to the reason. Never rejects. */
async function listenUntilLost(
  { connection, wake }: ListenerOptions,
  hooks: { onListening(): void; whenStopped(ends: () => void): void },
): Promise<string> {
  const client = new pg.Client(connection);
  const lost = new Promise<string>((resolve) => {
    client.on("error", (error) => resolve(error.message));
    client.on("end", () => resolve("the connection ended"));
    hooks.whenStopped(() => resolve("stopping"));
  });
  client.on("notification", wake);
  try {
    await client.connect();
    await client.query(`LISTEN ${CHANNEL}`);
    hooks.onListening();
    // For anything written before this connection listened.
    wake();
    return await lost;
  } catch (error) {
    return errorText(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function aSecond(signal: AbortSignal): Promise<void> {
  await wait(RECONNECT_AFTER_MS, undefined, { signal }).catch(() => undefined);
}
