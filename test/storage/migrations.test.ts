import type { Transaction } from "kysely";
import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silentLog } from "../../src/process/log.ts";
import { type Database, openDatabase } from "../../src/storage/database.ts";
import { NO_SETTINGS } from "../../src/storage/guild-settings.ts";
import { MIGRATIONS } from "../../src/storage/migrations/migrate.ts";
import type { Migration } from "../../src/storage/migrations/migration.ts";
import { StorageError } from "../../src/storage/storage-error.ts";
import { ENGINES, type EngineUnderTest } from "./storage-under-test.ts";

const tomorrow: Migration = {
  name: "what tomorrow brings",
  up: async (transaction) => {
    await transaction.schema.createTable("tomorrow").addColumn("id", "integer").execute();
  },
};

for (const { name, missing, start } of ENGINES) {
  describe.skipIf(missing !== undefined)(
    `the schema on ${name}${missing === undefined ? "" : ` (skipped: ${missing})`}`,
    () => {
      let engine: EngineUnderTest;
      const opened: Database[] = [];

      beforeEach(async () => {
        engine = await start();
      });
      afterEach(async () => {
        for (const database of opened.splice(0)) await database.close();
        await engine.close();
      });

      async function open(migrations: readonly Migration[] = MIGRATIONS): Promise<Database> {
        const database = await openDatabase({
          ...engine.place,
          log: silentLog,
          now: () => new Date("2026-11-24T12:00:00Z"),
          migrations,
        });
        opened.push(database);
        return database;
      }

      const steps = (database: Database) =>
        database.read((reading) =>
          reading.selectFrom("lambo_migrations").select(["id", "name"]).orderBy("id").execute(),
        );
      const refusal = (work: Promise<unknown>) =>
        work.then(
          () => "no refusal",
          (error: unknown) => (error instanceof StorageError ? error.problem : error),
        );

      it("is made once when several processes start at once on an empty database", async () => {
        const databases = await Promise.all(Array.from({ length: 4 }, () => open()));
        for (const database of databases) {
          expect(await steps(database)).toEqual(
            MIGRATIONS.map(({ name: step }, at) => ({ id: at + 1, name: step })),
          );
        }
      });

      it("is upgraded by the missing steps and keeps its data", async () => {
        const before = await engine.open();
        await before.settings.change("1", { currency: "EUR" }, { userId: "2", at: new Date() });
        const database = await open([...MIGRATIONS, tomorrow]);
        expect((await steps(database)).map((step) => step.name)).toEqual([
          ...MIGRATIONS.map((step) => step.name),
          tomorrow.name,
        ]);
        expect(
          await database.read((reading) =>
            reading.selectFrom("guild_settings").select("currency").execute(),
          ),
        ).toEqual([{ currency: "EUR" }]);
      });

      it("keeps which digests were posted, and takes dates without news from then on", async () => {
        const earlier = await open(MIGRATIONS.slice(0, 4));
        const row = {
          ...{ guild_id: "1", local_on: "2026-11-23", state: "sent", channel_id: "2", token: 3 },
          ...{ lease_until: null, due_at: "2026-11-23T09:00:00.000Z", message_id: "77" },
          ...{ story_coin_id: "dogecoin", may_be_posted: 1, reason: null },
          updated_at: "2026-11-23T09:00:05.000Z",
        };
        await earlier.write((transaction) =>
          // The schema as it was then, which the current type of the tables does not describe.
          (transaction as Transaction<unknown> as Transaction<{ digest_ledger: typeof row }>)
            .insertInto("digest_ledger")
            .values(row)
            .execute(),
        );
        await earlier.close();
        opened.pop();
        const { ledger } = await engine.open();
        expect(await ledger.latest("1", 5)).toMatchObject([
          { localOn: "2026-11-23", state: "sent", messageId: "77", token: 3, closesTo: null },
        ]);
        const slot = { guildId: "1", channelId: "2", dueAt: "2026-11-24T09:00:00.000Z" };
        const now = new Date("2026-11-24T09:00:00Z");
        const claims = await ledger.claim([{ ...slot, localOn: "2026-11-24" }], now);
        const ending = { kind: "quiet", closesTo: "2026-11-23" } as const;
        await ledger.end(
          claims.map((claim) => ({ claim, ending })),
          now,
        );
        expect(await ledger.latest("1", 1)).toMatchObject([{ state: "quiet" }]);
        expect(await ledger.claim([{ ...slot, localOn: "2026-11-23" }], now)).toEqual([]);
      });

      it("leaves amounts of earlier versions in the server's currency", async () => {
        const earlier = await open(MIGRATIONS.slice(0, 2));
        const row = { guild_id: "1", currency: "EUR", stake: 250, car_price: 180_000, revision: 0 };
        await earlier.write((transaction) =>
          transaction.insertInto("guild_settings").values(row).execute(),
        );
        await earlier.close();
        opened.pop();
        const { settings } = await engine.open();
        expect(settings.read("1")).toEqual({
          ...NO_SETTINGS,
          currency: "EUR",
          stake: 250,
          carPrice: 180_000,
        });
      });

      it("of a newer program is refused and left untouched", async () => {
        const newer = await open([...MIGRATIONS, tomorrow]);
        expect(await refusal(engine.open())).toBe("newer");
        expect(await steps(newer)).toHaveLength(MIGRATIONS.length + 1);
      });

      it("of another program is refused", async () => {
        await open([tomorrow]);
        expect(await refusal(engine.open())).toBe("newer");
      });

      it("stays as it was when a step fails half-way", async () => {
        await (await open()).close();
        opened.pop();
        const broken: Migration = {
          name: "broken",
          up: async (transaction, which) => {
            await tomorrow.up(transaction, which);
            await sql`insert into nowhere values (1)`.execute(transaction);
          },
        };
        expect(await refusal(open([...MIGRATIONS, broken]))).toMatchObject({
          message: expect.stringMatching(/nowhere/),
        });
        const database = await open([...MIGRATIONS, tomorrow]);
        expect(await steps(database)).toHaveLength(MIGRATIONS.length + 1);
      });
    },
  );
}
