import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLog } from "../../src/process/log.ts";
import { openStorage, type Storage } from "../../src/storage/storage.ts";
import { fillServers, serverId } from "../support/many-servers.ts";
import type { Figures } from "./bench.ts";
import { figure, percentile, timed } from "./measure.ts";
import { startOutside, startWarm } from "./process.bench.ts";

const SERVERS = 10_000;
const READS = 20_000;
const CHANGES = 500;
const EMPTY_STARTS = 20;
const AUTHOR = { userId: "2200000000000000001", at: new Date("2026-11-24T12:00:00Z") };

/** The database with 10,000 servers in it: reading, changing, an empty start, a full start. */
export async function benchStorage(): Promise<Figures> {
  const empty = await timed(EMPTY_STARTS, async () => {
    const dataDir = await mkdtemp(join(tmpdir(), "lambo-bench-"));
    const storage = await open(dataDir);
    await storage.close();
    await rm(dataDir, { recursive: true });
  });

  const outside = await startOutside();
  const filling = await open(outside.dataDir);
  // Nothing is due, whenever this runs: posting is measured elsewhere.
  await fillServers(filling.database, { servers: SERVERS });
  await filling.close();

  const before = heapMb();
  const storage = await open(outside.dataDir);
  const after = heapMb();
  const reads = await timed(READS, (index) =>
    storage.settings.read(serverId(Math.abs(index * 7_919) % SERVERS)),
  );
  const changes = await timed(CHANGES, (index) =>
    storage.settings.change(
      serverId(Math.abs(index * 7_919) % SERVERS),
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

function heapMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1_048_576;
}
