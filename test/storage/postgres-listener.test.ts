import { getEventListeners, once } from "node:events";
import { createServer, type Server } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it } from "vitest";
import { type Log, silentLog } from "../../src/process/log.ts";
import { listenForWrites } from "../../src/storage/postgres-listener.ts";

/** Memory is first looked at by then: everything has been compiled and every pool has its size. */
const WARM_TRIES = 1_000;
/** Far less than one forgotten listener for each try. */
const GROWN_BYTES = 1_000_000;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server);
  server.close();
  await once(server, "close");
  return port;
}

/** A server that closes every connection, as one does that starts or stops. */
async function rudePort(): Promise<number> {
  const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return portOf(server);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** Bytes in use after everything unused was collected. */
function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

describe("while PostgreSQL is away", () => {
  it.each([
    ["nobody listens at its port", 10_000, closedPort],
    ["its port hangs up", 2_500, rudePort],
  ])(
    "and %s, %i tries leave nothing open and are logged once",
    { timeout: 120_000 },
    async (_what, wanted, portOfServer) => {
      const told: string[] = [];
      const log: Log = { ...silentLog, warn: (_fields, text) => told.push(text) };
      const stopping = new AbortController();
      const { signal } = stopping;
      let tries = 0;
      let mostListeners = 0;
      let warmBytes = 0;
      await listenForWrites({
        connection: {
          host: "127.0.0.1",
          port: await portOfServer(),
          user: "lambo",
          database: "lambo",
          ssl: false,
        },
        wake: () => told.push("woken"),
        log,
        signal,
        async pause() {
          tries += 1;
          mostListeners = Math.max(mostListeners, getEventListeners(signal, "abort").length);
          if (tries === WARM_TRIES) warmBytes = heapBytes();
          if (tries === wanted) stopping.abort();
        },
      });
      const grownBytes = heapBytes() - warmBytes;
      expect(tries).toBe(wanted);
      expect(mostListeners).toBe(1);
      expect(getEventListeners(signal, "abort")).toEqual([]);
      expect(grownBytes).toBeLessThan(GROWN_BYTES);
      expect(told).toEqual([
        "PostgreSQL was lost: settings are read from memory, and nothing can be saved until it is back",
      ]);
    },
  );
});
