// A process that posts the digests that are due, from the compiled program, and can be killed at
// any moment.
//
//   node doomed-poster.mjs DATA_DIR DATABASE_URL DISCORD_API_URL DISCORD_TOKEN NOW [REDIS_URL]
//   (DATABASE_URL is empty for SQLite)
//
// NOW is the instant at which its clock starts; with REDIS_URL it shares the work with others. It
// prints "idle" when it has nothing left to do.

import { createDueTimes } from "../../dist/src/digest/due.js";
import { createEmbeddedQueue } from "../../dist/src/digest/embedded-queue.js";
import { createFinishedDates } from "../../dist/src/digest/finished-dates.js";
import { createDigestPoster } from "../../dist/src/digest/poster.js";
import { createDigestScheduler } from "../../dist/src/digest/scheduler.js";
import { createSharedQueue } from "../../dist/src/digest/shared-queue.js";
import { createBotRest } from "../../dist/src/discord/bot/bot-rest.js";
import { createChannelPosts } from "../../dist/src/discord/bot/channel-posts.js";
import { createGuildDirectory } from "../../dist/src/discord/bot/guild-directory.js";
import { silentLog as log } from "../../dist/src/process/log.js";
import { uncounted as metrics } from "../../dist/src/process/metrics.js";
import { openStorage } from "../../dist/src/storage/storage.js";

const [dataDir, databaseUrl, apiUrl, token, startIso, redisUrl] = process.argv.slice(2);
const startedMs = performance.now();
const now = () => new Date(Date.parse(startIso) + performance.now() - startedMs);

const { ledger, settings, presence } = await openStorage({
  dataDir,
  databaseUrl: databaseUrl || undefined,
  log,
  now,
});
const rest = createBotRest({ token, apiUrl });
const directory = createGuildDirectory({ rest, now, keepMs: 0 });
const posts = createChannelPosts({ rest, directory });
const writer = {
  async write({ localOn }) {
    const button = {
      type: 2,
      style: 2,
      label: "Dogecoin",
      custom_id: `digest:ask:0123456789:${localOn}:1`,
    };
    return {
      ok: true,
      digest: {
        storyCoinId: "dogecoin",
        reply: { content: "Lambos today", components: [{ type: 1, components: [button] }] },
      },
    };
  },
  async prepare() {},
};
const [times, finished] = [createDueTimes(), createFinishedDates()];
const poster = createDigestPoster({
  ledger,
  settings,
  writer,
  posts,
  directory,
  finished,
  metrics,
  log,
  now,
});
const prepare = async () => {};
const fallback = createEmbeddedQueue({ poster, prepare, log });
const timing = { lockMs: 1_000 };
const queue = redisUrl
  ? await createSharedQueue({ redisUrl, name: "test", poster, prepare, fallback, log, now, timing })
  : fallback;
const scheduler = createDigestScheduler({
  settings,
  presence,
  ledger,
  times,
  finished,
  queue,
  poster,
  metrics,
  log,
  now,
});
await scheduler.tick();
await poster.recover();
await poster.idle();
process.stdout.write("idle\n");
setInterval(() => {}, 60_000);
