import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "../../src/log.ts";
import { openStorage, type Storage } from "../../src/storage/storage.ts";
import type { Figures } from "./bench.ts";
import { figure, percentile, timed } from "./measure.ts";
import { startOutside, startWarm } from "./process.bench.ts";

const SERVERS = 10_000;
const SERVERS_PER_STATEMENT = 500;
const COINS_PER_SERVER = 5;
const READS = 20_000;
const CHANGES = 500;
const EMPTY_STARTS = 20;
const AUTHOR = { userId: "2200000000000000001", at: new Date("2026-11-24T12:00:00Z") };

/** What must last with 10,000 servers in it: reading, changing, an empty start, a full start. */
export async function benchStorage(): Promise<Figures> {
  const empty = await timed(EMPTY_STARTS, async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "lambo-bench-"));
    const storage = await open(dataDir);
    await storage.close();
    await rm(dataDir, { recursive: true });
  });

  const outside = await startOutside();
  const filling = await open(outside.dataDir);
  await fill(filling);
  await filling.close();

  const before = heapMb();
  const storage = await open(outside.dataDir);
  const after = heapMb();
  const reads = await timed(READS, (index) => storage.settings.read(guildId(Math.abs(index * 7_919) % SERVERS)));
  const changes = await timed(CHANGES, (index) =>
    storage.settings.change(
      guildId(Math.abs(index * 7_919) % SERVERS),
      { currency: "CHF", stake: index + 1_000, digestTime: "18:30" },
      AUTHOR,
    ),
  );
  const worn = heapMb();
  await storage.close();

  const started = await startWarm(outside);
  await outside.close();
  return {
    settingsReadMs: figure(percentile(reads, 0.5)),
    settingsChangeMs: figure(percentile(changes, 0.5)),
    settingsChangeP99Ms: figure(percentile(changes, 0.99)),
    migrateEmptyMs: figure(percentile(empty, 0.5)),
    settings10kMb: figure(after - before),
    settingsMbGrowth: figure(worn - after),
    restWith10kServersMb: figure(started[0]?.restMb ?? Number.NaN),
    readyWith10kServersMs: figure(
      percentile(
        started.map(({ readyMs }) => readyMs),
        0.5,
      ),
    ),
  };
}

function open(dataDir: string): Promise<Storage> {
  return openStorage({ dataDir, databaseUrl: undefined, log: silentLog, now: () => AUTHOR.at });
}

function guildId(index: number): string {
  return `11${String(index).padStart(17, "0")}`;
}

/** Fills the tables as if every server had set up everything, in one transaction: the changes themselves are measured later. */
async function fill({ database }: Storage): Promise<void> {
  await database.write(async (transaction) => {
    await transaction.updateTable("storage_revision").set({ revision: 1 }).execute();
    for (let from = 0; from < SERVERS; from += SERVERS_PER_STATEMENT) {
      const guildIds = Array.from({ length: SERVERS_PER_STATEMENT }, (_, at) => guildId(from + at));
      await transaction
        .insertInto("guild_settings")
        .values(
          guildIds.map((guild_id) => ({
            guild_id,
            currency: "EUR",
            stake: 500,
            car_key: "urus-se",
            replies: "public",
            digest_enabled: 1,
            digest_channel_id: guild_id,
            digest_time: "09:00",
            digest_zone: "Europe/Berlin",
            // Nothing is due, whenever this runs: posting is measured elsewhere.
            digest_since: "2999-01-01T00:00:00.000Z",
            revision: 1,
          })),
        )
        .execute();
      const coins = guildIds.flatMap((guild_id) =>
        Array.from({ length: COINS_PER_SERVER }, (_, position) => ({ guild_id, position, coin_id: `coin-${position}` })),
      );
      await transaction.insertInto("guild_digest_coins").values(coins).execute();
      await transaction
        .insertInto("guild_symbols")
        .values(guildIds.map((guild_id) => ({ guild_id, symbol: "UNI", coin_id: "uniswap" })))
        .execute();
      const changes = guildIds.flatMap((guild_id) =>
        ["currency", "stake", "digestTime"].map((what) => ({
          guild_id,
          user_id: AUTHOR.userId,
          changed_at: AUTHOR.at.toISOString(),
          what,
          old_value: null,
          new_value: "x",
        })),
      );
      await transaction.insertInto("config_changes").values(changes).execute();
    }
  });
}

function heapMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1_048_576;
}
