import type { ChannelPosts } from "../discord/bot/channel-posts.ts";
import type { GuildDirectory } from "../discord/bot/guild-directory.ts";
import type { PermissionChange } from "../discord/bot/permission-changes.ts";
import { type Metrics, uncounted } from "../process/metrics.ts";
import type { DigestLedger } from "../storage/digest-ledger.ts";
import type { GuildPresenceStore } from "../storage/guild-presence-store.ts";
import { createDueTimes } from "./due.ts";
import { createEmbeddedQueue } from "./embedded-queue.ts";
import { createFinishedDates } from "./finished-dates.ts";
import { createPausedRetries, type PausedRetries } from "./paused-retries.ts";
import { createDigestPoster } from "./poster.ts";
import { createDigestPreview, type DigestPreview } from "./preview.ts";
import type { DigestQueue } from "./queue.ts";
import { createDigestScheduler } from "./scheduler.ts";
import { createServerDigests, type ServerDigests } from "./server-digest.ts";
import type { SharedQueueOptions } from "./shared-queue.ts";
import { createDigestWriter, type DigestWriterServices } from "./writer.ts";

/** Everything about digests, wired: what commands ask, and the work of posting. */
export type Digests = {
  readonly preview: DigestPreview;
  readonly servers: ServerDigests;
  /**
   * Call this when the bot's permissions in a server may have changed: if this process posts
   * digests, a paused one is retried.
   */
  permissionsChanged(change: PermissionChange): void;
  /** Starts posting what is due; call it at most once. */
  startPosting(): Promise<DigestPosting>;
};

/** Posting in progress. */
export type DigestPosting = {
  /** Starts no more posts and finishes those in progress, waiting at most `withinMs`. */
  stop(withinMs: number): Promise<void>;
};

/** Options of {@link createDigests}. */
export type DigestsOptions = {
  readonly services: DigestWriterServices & { readonly presence: GuildPresenceStore };
  readonly ledger: DigestLedger;
  /** How messages reach Discord; its directory must not cache. */
  readonly posts: ChannelPosts;
  readonly directory: GuildDirectory;
  /**
   * Where several processes share the posting; undefined when this one does it all. `name` is the
   * bot's, because several bots may share a Redis.
   */
  readonly shared?: { readonly redisUrl: string; readonly name: string } | undefined;
  readonly metrics?: Pick<Metrics, "digestCame">;
};

/** Wires digests; nothing happens until they are asked for or started. */
export function createDigests(options: DigestsOptions): Digests {
  const { services, ledger, posts, directory, shared, metrics = uncounted } = options;
  const { settings, presence, log, now } = services;
  const writer = createDigestWriter(services);
  const times = createDueTimes();
  const finished = createFinishedDates();
  const preview = createDigestPreview({ settings, ledger, writer, times, now });
  const servers = createServerDigests({
    ...{ settings, ledger, preview, times, posts, directory, log, now },
  });
  let pausedRetries: PausedRetries | undefined;

  return {
    preview,
    servers: {
      ...servers,
      async resume(guildId) {
        await servers.resume(guildId);
        void pausedRetries?.retryNow([guildId]);
      },
    },
    permissionsChanged: (change) => pausedRetries?.permissionsChanged(change),
    async startPosting() {
      const poster = createDigestPoster({
        ...{ ledger, settings, writer, posts, directory, finished, metrics, log, now },
      });
      const retries = createPausedRetries({ ledger, settings, poster, log, now });
      pausedRetries = retries;
      const prepare = () => writer.prepare(settings.digestGuildIds());
      const embedded = createEmbeddedQueue({ poster, prepare, log });
      const queue =
        shared === undefined
          ? embedded
          : await openSharedQueue({ ...shared, poster, prepare, fallback: embedded, log, now });
      const scheduler = createDigestScheduler({
        ...{ settings, presence, ledger, times, finished, queue, poster, metrics, log, now },
      });
      scheduler.start();
      return {
        async stop(withinMs) {
          retries.stop();
          const stopped = Promise.all([queue.stop(), poster.stop(withinMs)]);
          await scheduler.stop();
          await stopped;
        },
      };
    },
  };
}

// BullMQ takes a while to load, and only Redis needs it.
async function openSharedQueue(options: SharedQueueOptions): Promise<DigestQueue> {
  const { createSharedQueue } = await import("./shared-queue.ts");
  return createSharedQueue(options);
}
