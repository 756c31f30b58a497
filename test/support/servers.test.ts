import { Redis } from "ioredis";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { ownPostgresMissing, startPostgres } from "./postgres.ts";
import { redisMissing, startRedis } from "./redis.ts";

const noRedis = redisMissing();
describe.skipIf(noRedis !== undefined)(
  `a Redis of the test's own${noRedis === undefined ? "" : ` (skipped: ${noRedis})`}`,
  () => {
    it("drops connections when stopped and comes back empty at the same address", async () => {
      const server = await startRedis();
      const client = new Redis(server.url, { retryStrategy: null });
      try {
        const lost = new Promise((resolve) => client.once("end", resolve));
        await client.set("a", "1");
        await server.stop();
        await lost;
        await server.start();
        await client.connect();
        expect(await client.get("a")).toBeNull();
      } finally {
        client.disconnect();
        await server.remove();
      }
      await expect(
        new Redis(server.url, { retryStrategy: null, lazyConnect: true })
          .on("error", () => {})
          .connect(),
      ).rejects.toThrow();
    });
  },
);

const noPostgres = ownPostgresMissing();
describe.skipIf(noPostgres !== undefined)(
  `a PostgreSQL of the test's own${noPostgres === undefined ? "" : ` (skipped: ${noPostgres})`}`,
  () => {
    it("drops connections when stopped and comes back at the same address with what was committed", async () => {
      const server = await startPostgres();
      try {
        const client = new pg.Client({ connectionString: server.url });
        const lost = new Promise((resolve) => client.once("error", resolve));
        await client.connect();
        await client.query("CREATE TABLE kept AS SELECT 1 AS n");
        await server.stop();
        await lost;
        await server.start();
        const again = new pg.Client({ connectionString: server.url });
        await again.connect();
        expect((await again.query("SELECT n FROM kept")).rows).toEqual([{ n: 1 }]);
        await again.end();
      } finally {
        await server.remove();
      }
      await expect(new pg.Client({ connectionString: server.url }).connect()).rejects.toThrow();
    });
  },
);
