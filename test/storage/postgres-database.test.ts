import { once } from "node:events";
import { createServer, type Server, connect as tcpConnect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Log, silentLog } from "../../src/process/log.ts";
import { NO_SETTINGS } from "../../src/storage/guild-settings.ts";
import { openStorage, type Storage } from "../../src/storage/storage.ts";
import { StorageError } from "../../src/storage/storage-error.ts";
import { ownPostgresMissing, type PostgresServer, startPostgres } from "../support/postgres.ts";

const GUILD = "1100000000000000001";
const AUTHOR = { userId: "2200000000000000001", at: new Date("2026-11-24T12:00:00Z") };

const missing = ownPostgresMissing();

describe.skipIf(missing !== undefined)(
  `PostgreSQL's bad days${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    let server: PostgresServer;
    const open: { close(): Promise<unknown> }[] = [];

    beforeAll(async () => {
      server = await startPostgres();
    });
    afterEach(async () => {
      for (const one of open.splice(0).reverse()) await one.close();
    });
    afterAll(() => server.remove());

    async function start(databaseUrl = server.url, log: Log = silentLog): Promise<Storage> {
      const storage = await openStorage({
        dataDir: "/nonexistent",
        databaseUrl,
        log,
        now: () => AUTHOR.at,
      });
      open.push(storage);
      return storage;
    }

    async function refusal(work: Promise<unknown>): Promise<StorageError> {
      const outcome = await work.then(
        () => undefined,
        (error: unknown) => error,
      );
      if (!(outcome instanceof StorageError))
        throw new Error(`expected a StorageError, got ${String(outcome)}`);
      return outcome;
    }

    it("a start without a server is refused in one sentence that holds no password", async () => {
      const error = await refusal(start("postgres://lambo:swordfish@127.0.0.1:1/lambo"));
      expect(error.starting).toBe(
        "The bot cannot start: the bot's database cannot be reached (PostgreSQL at 127.0.0.1:1/lambo). Check DATABASE_URL, and that PostgreSQL runs.",
      );
    });

    it("a start with a name that the server does not know is refused", async () => {
      const url = new URL(server.url);
      url.pathname = "/nowhere";
      expect((await refusal(start(url.href))).starting).toContain(
        "the bot's database refused the bot",
      );
    });

    it("while the server is away, changes are refused and settings can be read; afterwards everything works and nothing is missing", async () => {
      const told: string[] = [];
      const log = {
        ...silentLog,
        warn: (_: object, text: string) => told.push(text),
        info: (_: object, text: string) => told.push(text),
      };
      const storage = await start(server.url, log);
      await storage.settings.change(GUILD, { currency: "EUR" }, AUTHOR);
      await server.stop();
      const error = await refusal(
        storage.settings.change(GUILD, { currency: "CHF", stake: 5 }, AUTHOR),
      );
      expect(error.saving).toBe(
        "Nothing was saved: the bot's database cannot be reached. Please try again later.",
      );
      expect((await refusal(storage.forget(GUILD))).problem).toBe("unreachable");
      expect((await refusal(storage.settings.history(GUILD, 10))).problem).toBe("unreachable");
      expect(await storage.forgetLeft()).toEqual([]);
      expect(await storage.database.trouble()).toBe("the bot's database cannot be reached");
      expect(storage.settings.read(GUILD)).toEqual({ ...NO_SETTINGS, currency: "EUR" });

      await server.start();
      const other = await start();
      await other.settings.change(GUILD, { stake: 7 }, AUTHOR);
      await expect
        .poll(() => storage.settings.read(GUILD), { timeout: 10_000 })
        .toEqual({ ...NO_SETTINGS, currency: "EUR", stake: 7 });
      expect(await storage.database.trouble()).toBeUndefined();
      await storage.settings.change(GUILD, { currency: "JPY" }, AUTHOR);
      await expect.poll(() => other.settings.read(GUILD).currency).toBe("JPY");
      expect(told).toEqual([
        "PostgreSQL was lost: settings are read from memory, and nothing can be saved until it is back",
        "servers that the bot left could not be forgotten now: tried again after the next list",
        "PostgreSQL is back",
      ]);
      await other.forget(GUILD);
    });

    it("a restart between two changes refuses neither: the next connection is tried", async () => {
      const storage = await start();
      await storage.settings.change(GUILD, { currency: "EUR" }, AUTHOR);
      await server.stop();
      await server.start();
      await storage.settings.change(GUILD, { stake: 9 }, AUTHOR);
      expect(storage.settings.read(GUILD)).toEqual({ ...NO_SETTINGS, currency: "EUR", stake: 9 });
      await storage.forget(GUILD);
    });

    it("a connection that breaks during the commit is not reported as “nothing was saved”, and the stored value is soon read back", async () => {
      const line = await startLine(server.url);
      open.push(line);
      const storage = await start(line.url);
      line.breakAt("commit");
      const error = await refusal(storage.settings.change(GUILD, { currency: "EUR" }, AUTHOR));
      expect(error.saving).toBe(
        "Perhaps this was saved, perhaps not: the bot's database cannot be reached. Look again in a minute.",
      );
      await expect
        .poll(() => storage.settings.read(GUILD).currency, { timeout: 10_000 })
        .toBe("EUR");
      await storage.forget(GUILD);
    });

    it("a connection that breaks before the commit costs nothing: the change is made once, over a new connection", async () => {
      const line = await startLine(server.url);
      open.push(line);
      const storage = await start(line.url);
      line.breakAt('insert into "config_changes"');
      await storage.settings.change(GUILD, { currency: "EUR" }, AUTHOR);
      expect(await storage.settings.history(GUILD, 10)).toHaveLength(1);
      await storage.forget(GUILD);
    });

    it("without notifications, as behind some proxies, changes by other processes are still seen", async () => {
      const line = await startLine(server.url);
      open.push(line);
      line.swallow("LISTEN");
      const deaf = await start(line.url);
      const other = await start();
      await other.settings.change(GUILD, { currency: "EUR" }, AUTHOR);
      await expect.poll(() => deaf.settings.read(GUILD).currency, { timeout: 10_000 }).toBe("EUR");
      await other.forget(GUILD);
    });
  },
);

/** A connection to a server that breaks on demand. */
type Line = {
  readonly url: string;
  breakAt(text: string): void;
  swallow(text: string): void;
  close(): Promise<void>;
};

/**
 * Passes everything on to the server; a statement that contains a text still reaches it when the
 * line breaks, its answer does not come back.
 */
async function startLine(serverUrl: string): Promise<Line> {
  const target = new URL(serverUrl);
  let breakAt: string | undefined;
  let swallowed: string | undefined;
  const ends = new Set<() => void>();
  const line: Server = createServer((client) => {
    const upstream = tcpConnect(Number(target.port), target.hostname);
    const end = () => {
      client.destroy();
      upstream.destroy();
      ends.delete(end);
    };
    ends.add(end);
    let isMute = false;
    client.on("data", (bytes) => {
      const text = bytes.toString("latin1");
      if (swallowed !== undefined && text.includes(swallowed)) {
        // The same length, so that the protocol holds.
        upstream.write(
          Buffer.from(
            text.replace(/LISTEN \w+/, (all) => "SELECT 1".padEnd(all.length)),
            "latin1",
          ),
        );
        return;
      }
      if (breakAt !== undefined && text.includes(breakAt)) {
        breakAt = undefined;
        isMute = true;
        upstream.once("data", end);
      }
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      if (!isMute) client.write(bytes);
    });
    for (const socket of [client, upstream]) socket.on("error", end).on("close", end);
  }).listen(0, "127.0.0.1");
  await once(line, "listening");
  const address = line.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const url = new URL(serverUrl);
  url.port = String(address.port);
  return {
    url: url.href,
    breakAt(text) {
      breakAt = text;
    },
    swallow(text) {
      swallowed = text;
    },
    async close() {
      for (const end of ends) end();
      line.close();
      await once(line, "close");
    },
  };
}
