import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { errorText } from "../process/errors.ts";
import type { Log } from "../process/log.ts";

/** Told by the trigger that the first migration makes. */
const CHANNEL = "storage_revision";
const LISTEN_AGAIN_MS = 1_000;

/** Options of {@link listenForWrites}. */
export type ListenerOptions = {
  readonly connection: pg.ClientConfig;
  /**
   * Called after every write that the server tells of, and after every time that some may have been
   * missed.
   */
  readonly wake: () => void;
  readonly log: Log;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Resolves when it is time to try again; after a second when absent. */
  readonly pause?: (signal: AbortSignal) => Promise<void>;
};

/**
 * Keeps one connection that hears of other processes' writes, for as long as the signal allows, and
 * tries again for as long as the server is away. Never rejects.
 */
export async function listenForWrites(options: ListenerOptions): Promise<void> {
  const { log, signal, pause = aSecond } = options;
  let isLossTold = false;
  // One for all tries: a listener for each would stay with the signal while the server is away.
  let stop = () => {};
  const onAbort = () => stop();
  signal.addEventListener("abort", onAbort);
  while (!signal.aborted) {
    const why = await listenUntilLost(options, {
      onListening() {
        if (isLossTold) log.info({}, "PostgreSQL is back");
        isLossTold = false;
      },
      whenStopped(ends) {
        stop = ends;
      },
    });
    if (signal.aborted) break;
    if (!isLossTold)
      log.warn(
        { error: why },
        "PostgreSQL was lost: settings are read from memory, and nothing can be saved until it is back",
      );
    isLossTold = true;
    await pause(signal);
  }
  signal.removeEventListener("abort", onAbort);
}

/** One connection from its beginning to its end; gives why it ended. Never rejects. */
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
    // Whatever was told while nobody listened.
    wake();
    return await lost;
  } catch (error) {
    return errorText(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function aSecond(signal: AbortSignal): Promise<void> {
  await wait(LISTEN_AGAIN_MS, undefined, { signal }).catch(() => undefined);
}
